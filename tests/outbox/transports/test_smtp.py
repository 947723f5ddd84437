"""Many lines to one relay: they share the mails, and each mail comes back once."""

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.habits import SILENCE, KeepSilent, pipelining, slowly
from tests.outbox.transports.lines import (
    ENVELOPE,
    HASTY,
    SHORT,
    all_finished,
    lines_to,
    over,
    say,
)
from tests.post_office import HABITS, POLITE, Habit, Moment, PostOffice, offering
from tests.wait import until
from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports import smtp
from tocsin.outbox.transports.dialogue import Dialogue
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.smtp import MAILS_A_SESSION, NOT_TRIED, Waits
from tocsin.outbox.verdicts.retry import Receipt

TAKEN = Receipt("done", 250, "2.0.0", "taken")
UTF8 = Envelope("bounce@letters.example", "rené@mfa.example", b"Subject: x\r\n\r\nx\r\n")


def letter(number: int) -> Envelope:
    return replace(ENVELOPE, recipient=f"deputy{number}@parliament.example")


def recipients(office: PostOffice) -> list[str]:
    return sorted(mail.recipient for mail in office.mails)


# -- one after the other -------------------------------------------------------------------------


def test_many_mails_share_one_connection() -> None:
    with PostOffice() as office, lines_to(office.relay()) as lines:
        receipts = [say(lines) for _ in range(30)]
    assert {receipt.phase for receipt in receipts} == {"done"}
    assert (office.connections, len(office.mails)) == (1, 30)


@pytest.mark.parametrize(
    "habit", ["closes with 421 at MAIL", "hangs up at MAIL", "keeps silent at MAIL"]
)
def test_a_relay_that_tires_of_the_connection_costs_the_next_mail_nothing(habit: str) -> None:
    office = PostOffice(habits=(POLITE, HABITS[habit], POLITE))
    with office, lines_to(office.relay(), waits=replace(SHORT, command=0.4)) as lines:
        receipts = [say(lines) for _ in range(2)]
    assert receipts == [TAKEN, TAKEN]
    assert office.connections == 2


def test_a_mail_is_begun_again_once_and_not_for_ever() -> None:
    office = PostOffice(habits=(POLITE, HABITS["closes with 421 at MAIL"]))
    with office, lines_to(office.relay()) as lines:
        assert say(lines) == TAKEN
        assert (say(lines).code, say(lines).code) == (421, 421)
    assert office.connections == 3


def test_a_refusal_is_followed_by_a_clean_start_on_the_same_line() -> None:
    for habit in (HABITS["knows nobody"], pipelining(HABITS["knows nobody"])):
        with PostOffice(habits=(habit, POLITE)) as office:
            with lines_to(office.relay()) as lines:
                say(lines)
                assert say(lines) == TAKEN
            verbs = [words.split()[0] for words in office.said if words != "DATA"]
        assert verbs == ["EHLO", "MAIL", "RCPT", "RSET", "MAIL", "RCPT", "QUIT"]
        assert office.connections == 1


def test_a_relay_that_left_while_nobody_spoke_costs_the_next_mail_nothing() -> None:
    office = PostOffice(habits=(HABITS["takes it and leaves"], POLITE))
    with office, lines_to(office.relay()) as lines:
        assert [say(lines).phase for _ in range(3)] == ["done"] * 3
    assert (office.connections, len(office.mails)) == (2, 3)


def test_a_connection_ends_before_the_relay_tires_of_it() -> None:
    with PostOffice() as office, lines_to(office.relay()) as lines:
        for number in range(MAILS_A_SESSION + 1):
            lines.hand_over(number, ENVELOPE)
        assert set(all_finished(lines, MAILS_A_SESSION + 1).values()) == {TAKEN}
    assert (office.connections, office.said.count("QUIT")) == (2, 2)


@pytest.mark.parametrize(
    "address",
    ["a@b.example>\r\nRCPT TO:<m@x.test", "a b@c.example", "", "a\x7f@b", "a\u2028@b", "é\x85@b"],
)
def test_an_address_that_could_end_its_command_is_our_bug_and_is_not_said(address: str) -> None:
    with PostOffice() as office, lines_to(office.relay()) as lines:
        with pytest.raises(ValueError, match="not an address"):
            lines.hand_over(1, Envelope("a@b.example", address, b"x"))
        with pytest.raises(ValueError, match="not an address"):
            lines.hand_over(1, Envelope(address, "a@b.example", b"x"))
        assert (lines.in_hand, office.said) == (0, [])


def test_an_address_in_another_script_needs_a_relay_that_says_so() -> None:
    with PostOffice() as office:
        receipt = over(office.relay(), UTF8)
        text = "the relay does not offer SMTPUTF8"
        assert receipt == Receipt("mail", 553, "5.6.7", text)
        assert [words.split()[0] for words in office.said] == ["EHLO", "QUIT"]
    with PostOffice(habits=[offering(b"SMTPUTF8")]) as office:
        assert over(office.relay(), UTF8).phase == "done"
        assert office.said[1] == "MAIL FROM:<bounce@letters.example> SMTPUTF8"
        assert recipients(office) == ["rené@mfa.example"]


def test_a_mail_above_the_limit_of_the_relay_is_not_offered() -> None:
    with PostOffice(habits=[offering(b"SIZE 20")]) as office:
        with lines_to(office.relay()) as lines:
            for number in range(2_000):
                lines.hand_over(number, ENVELOPE)
            lines.hand_over(2_000, replace(ENVELOPE, mail=b"x: y\r\n\r\nz\r\n"))
            found = all_finished(lines, 2_001)
        assert found.pop(2_000) == TAKEN
        assert {(each.phase, each.code, each.enhanced) for each in found.values()} == {
            ("mail", 552, "5.3.4")
        }
        assert office.said[1] == "MAIL FROM:<bounce@letters.lumiere.example> SIZE=11"


# -- many at once --------------------------------------------------------------------------------


def test_twenty_connections_share_the_mails() -> None:
    meeting = threading.Barrier(20)

    def all_are_here(moment: Moment, said: str) -> None:
        if moment == "mail" and len(office.mails) == 0 and not meeting.broken:
            meeting.wait(10)

    office = PostOffice(habits=[pipelining(POLITE)], witness=all_are_here)
    with office, lines_to(office.relay(), connections=20) as lines:
        for number in range(200):
            lines.hand_over(number, letter(number))
        assert lines.in_hand == 200
        found = all_finished(lines, 200)
        assert lines.in_hand == 0
    assert set(found.values()) == {TAKEN}
    assert office.connections == 20
    assert recipients(office) == sorted(letter(number).recipient for number in range(200))


def test_no_more_connections_are_opened_than_there_are_mails() -> None:
    with PostOffice() as office, lines_to(office.relay(), connections=20) as lines:
        assert office.connections == 0
        assert lines.open() is None
        assert lines.open() is None
        assert say(lines) == TAKEN
        assert office.connections == 1
        for number in range(3):
            lines.hand_over(number, letter(number))
        assert set(all_finished(lines, 3).values()) == {TAKEN}
        assert office.connections <= 3


def test_a_tarpit_holds_one_connection_and_the_others_go_on() -> None:
    free = threading.Event()

    def tarpit(moment: Moment, said: str) -> None:
        if moment == "rcpt" and "deputy0@" in said:
            free.wait(30)

    office = PostOffice(witness=tarpit)
    with office, lines_to(office.relay(), connections=3) as lines:
        for number in range(60):
            lines.hand_over(number, letter(number))
        others = all_finished(lines, 59)
        assert 0 not in others
        assert lines.in_hand == 1
        free.set()
        assert all_finished(lines, 1) == {0: TAKEN}
    assert set(others.values()) == {TAKEN}


def test_when_no_connection_opens_the_mails_get_the_fault() -> None:
    office = PostOffice(habits=[HABITS["is closed"]])
    with office, lines_to(office.relay(), connections=4) as lines:
        for number in range(9):
            lines.hand_over(number, letter(number))
        found = all_finished(lines, 9)
        fault = lines.open()
    assert fault == Receipt("connect", 554, "5.3.2", "no SMTP service here")
    assert set(found.values()) == {fault}


def test_mails_go_over_the_living_when_another_connection_does_not_open() -> None:
    with PostOffice() as office, lines_to(office.relay(), connections=5) as lines:
        assert lines.open() is None
        office.habits = [replace(POLITE, greeting=HABITS["is busy at the door"].greeting)]
        for number in range(30):
            lines.hand_over(number, letter(number))
        assert set(all_finished(lines, 30).values()) == {TAKEN}
    assert 2 <= office.connections <= 5, "asked again and again"


def test_a_mail_that_two_tired_connections_refuse_comes_back() -> None:
    meeting = threading.Barrier(2)

    def both_are_here(moment: Moment, said: str) -> None:
        if moment == "data":
            meeting.wait(20)

    office = PostOffice(witness=both_are_here)
    with office, lines_to(office.relay(), connections=2) as lines:
        for number in range(2):
            lines.hand_over(number, letter(number))
        all_finished(lines, 2)
        office.habits = [replace(HABITS["closes with 421 at MAIL"], greeting=b"421 enough\r\n")]
        assert say(lines) == Receipt("mail", 421, "4.4.2", "timeout")
    assert office.connections == 3


def test_a_line_that_is_open_answers_at_once_and_a_dead_one_with_its_fault() -> None:
    with PostOffice() as office:
        relay = office.relay()
        with lines_to(relay) as lines:
            assert lines.open() is None
    with lines_to(relay) as lines:
        fault = lines.open()
        assert fault
        assert (fault.phase, fault.code) == ("connect", None)
    office = PostOffice(habits=[HABITS["keeps silent at the door"]])
    with office, lines_to(office.relay(), waits=HASTY) as lines:
        assert lines.open() == Receipt("connect", text="TimeoutError: timed out")


def test_nothing_finished_is_an_empty_list_after_the_wait() -> None:
    with PostOffice() as office, lines_to(office.relay()) as lines:
        assert lines.finished(wait=0.01) == []
        assert lines.in_hand == 0


# -- giving up -----------------------------------------------------------------------------------


def phases_after_giving_up(habit: Habit, moment: Moment, *, after: float) -> list[Receipt]:
    """What four mails get over two connections, when we give up at that moment of the first two."""
    seen: list[str] = []
    office = PostOffice(
        habits=[habit], witness=lambda each, said: seen.append(said) if each == moment else None
    )
    with office, lines_to(office.relay(), connections=2) as lines:
        for number in range(4):
            lines.hand_over(number, letter(number))
        until(lambda: len(seen) >= 2)
        ended = dict(lines.give_up(after=after))
        assert lines.in_hand == 0
        lines.hand_over(9, letter(9))
        assert all_finished(lines, 1) == {9: NOT_TRIED}
    assert sorted(ended) == [0, 1, 2, 3]
    return [ended[number] for number in range(4)]


def test_who_gives_up_before_the_dot_has_certainly_not_sent() -> None:
    receipts = phases_after_giving_up(Habit(rcpt=SILENCE), "rcpt", after=0)
    begun = Receipt("rcpt", text="given up")
    assert receipts == [begun, begun, NOT_TRIED, NOT_TRIED]


def test_who_gives_up_after_the_dot_is_in_doubt() -> None:
    receipts = phases_after_giving_up(Habit(dot=SILENCE), "dot", after=0.1)
    begun = Receipt("dot", text="given up")
    assert receipts == [begun, begun, NOT_TRIED, NOT_TRIED]


def test_who_gives_up_slowly_waits_for_what_is_under_way() -> None:
    receipts = phases_after_giving_up(slowly(late=0.1), "mail", after=20)
    assert receipts == [TAKEN, TAKEN, NOT_TRIED, NOT_TRIED]


def test_a_refusal_stays_one_although_we_give_up_after_it() -> None:
    nobody = replace(pipelining(HABITS["knows nobody"]), data=SILENCE, minds=False)
    receipts = phases_after_giving_up(nobody, "data", after=0)
    assert [receipt.code for receipt in receipts] == [550, 550, None, None]


def test_closing_leaves_a_receipt_for_what_was_in_hand() -> None:
    with PostOffice(habits=[Habit(mail=SILENCE)]) as office:
        with lines_to(office.relay()) as lines:
            lines.hand_over(1, ENVELOPE)
            lines.hand_over(2, ENVELOPE)
            until(lambda: any("MAIL" in words for words in office.said))
        found = all_finished(lines, 2)
    assert found == {1: Receipt("mail", text="given up"), 2: NOT_TRIED}


def test_a_relay_that_hears_no_farewell_is_left_all_the_same() -> None:
    deaf = Habit(dot=KeepSilent(b"250 2.0.0 taken\r\n"))
    with PostOffice(habits=[deaf]) as office:
        assert over(office.relay(), waits=HASTY) == TAKEN


# -- what nobody foresaw -------------------------------------------------------------------------


def test_an_error_of_our_own_ends_one_mail_and_names_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    offer = Dialogue.offer

    def stumble(dialogue: Dialogue, envelope: Envelope) -> bytes:
        if "deputy1@" in envelope.recipient:
            raise LookupError(envelope.recipient)
        return offer(dialogue, envelope)

    monkeypatch.setattr(Dialogue, "offer", stumble)
    caplog.set_level(logging.DEBUG)
    with PostOffice() as office, lines_to(office.relay(), connections=2) as lines:
        for number in range(20):
            lines.hand_over(number, letter(number))
        found = all_finished(lines, 20)
    assert found.pop(1) == Receipt("mail", text="LookupError")
    assert set(found.values()) == {TAKEN}
    assert "LookupError" in caplog.text
    assert "deputy" not in caplog.text


ODD = sorted(
    name
    for name, habit in HABITS.items()
    if "silent" not in name and "half" not in name and "reading" not in name
)


@settings(max_examples=25, deadline=None)
@given(
    names=st.lists(st.sampled_from(ODD), min_size=1, max_size=40),
    offer=st.sampled_from([pipelining, replace]),
    connections=st.integers(1, 6),
)
def test_every_mail_comes_back_once_whatever_the_habits(
    names: list[str], offer: Callable[[Habit], Habit], connections: int
) -> None:
    habits = [offer(HABITS[name]) for name in names]
    with PostOffice(habits=[*habits, POLITE]) as office:
        waits = Waits(connect=5, command=2, body=5, dot=2, farewell=0.5)
        with lines_to(office.relay(), connections=connections, waits=waits) as lines:
            for number in range(60):
                lines.hand_over(number, letter(number))
            found = all_finished(lines, 60)
            assert lines.give_up(after=0) == []
    taken = recipients(office)
    assert len(taken) == len(set(taken)), "a mail was sent twice"
    for number, receipt in found.items():
        is_taken = letter(number).recipient in taken
        if receipt.phase == "done":
            assert is_taken
        elif receipt.phase != "dot":
            assert not is_taken


def test_the_loop_of_the_library_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "loops", asyncio)
    habits = [POLITE, HABITS["knows nobody"], HABITS["hangs up before the dot"], POLITE]
    with PostOffice(habits=habits) as office, lines_to(office.relay()) as lines:
        found = [say(lines) for _ in range(4)]
    assert [receipt.phase for receipt in found] == ["done", "rcpt", "body", "done"]


def test_a_host_without_a_name_is_a_fault_and_not_an_error() -> None:
    with lines_to(Relay("a" * 70 + ".example", 25)) as lines:
        fault = lines.open()
    assert fault
    assert fault.phase == "connect"
