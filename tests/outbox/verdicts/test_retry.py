"""What an answer means, line by line: whom it is about, where the message goes, when it is due."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.outbox.verdicts.replies import Reply, receipt_of, replies
from tocsin.kit.states import allowed
from tocsin.outbox.states import MESSAGE
from tocsin.outbox.verdicts.answers import CASES, REASONS, Phase, Receipt, Scope, reason_of
from tocsin.outbox.verdicts.retry import BACK_OFF, Verdict, verdict

REPLIES = replies()
PHASES: tuple[Phase, ...] = get_args(Phase)
CODES = [None, *range(1000)]
DAY = timedelta(days=1)


def judged(
    receipt: Receipt, *, attempts: int = 0, age: timedelta = timedelta(), chance: float = 0.5
) -> Verdict:
    return verdict(receipt, attempts=attempts, age=age, chance=chance)


def told(reply: Reply) -> str:
    return f"{reply.who}: {reply.receipt.code} {reply.receipt.text}"


@pytest.mark.parametrize("reply", REPLIES, ids=told)
def test_an_answer_means_one_thing(reply: Reply) -> None:
    reason = REASONS[reply.reason]
    decided = judged(reply.receipt)
    assert (decided.reason, decided.state, decided.scope) == (
        reply.reason,
        reason.state,
        reason.scope,
    )


def test_the_table_speaks_as_servers_do_in_many_languages() -> None:
    languages = {found[1] for reply in REPLIES if (found := re.search(r"\((\w\w)\)$", reply.who))}
    assert len(REPLIES) >= 250
    assert languages >= {"fr", "de", "es", "zh", "ru", "tr", "ar", "pt", "it"}
    assert len({(reply.receipt, reply.who) for reply in REPLIES}) == len(REPLIES)


def test_every_line_of_the_table_is_the_answer_to_something() -> None:
    first = [next(case for case in CASES if case.fits(reply.receipt)) for reply in REPLIES]
    assert [case for case in CASES if case not in first] == []


def test_every_reason_is_a_sentence_for_somebody_and_about_somebody() -> None:
    assert {case.reason for case in CASES} == set(REASONS)
    assert all(len(reason.meaning.split()) >= 4 for reason in REASONS.values())
    assert {reason.scope for reason in REASONS.values()} == set(get_args(Scope))
    assert {reply.reason for reply in REPLIES} == set(REASONS)


def test_every_reason_leads_where_a_message_that_is_being_sent_may_go() -> None:
    assert all(allowed(MESSAGE, "sending", reason.state) for reason in REASONS.values())


def test_the_names_that_were_taken_out_still_count() -> None:
    kept = Receipt("rcpt", 550, "", "…", heard="no such user")
    assert judged(kept).reason == "mailbox_invalid"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("no mailbox here (#5.1.1)", "mailbox_invalid"),
        ("denied (#5.7.1)", "policy"),
        ("we run version 5.1.1", "mailbox_refusing"),
        ("host 5.1.1.9 (5.1.1.9) is down", "mailbox_refusing"),
        ("later, perhaps (#4.2.2)", "mailbox_refusing"),
    ],
)
def test_an_enhanced_code_may_stand_behind_the_words(words: str, reason: str) -> None:
    assert reason_of(Receipt("rcpt", 550, "", words)) == reason


# What must hold whatever they say


@pytest.mark.parametrize("phase", PHASES)
def test_there_is_a_reason_for_every_code(phase: Phase) -> None:
    for code in CODES:
        decided = judged(Receipt(phase, code))
        assert decided.reason in REASONS
        assert (decided.state == "sent") == (
            phase == "done" or (phase == "dot" and code in range(200, 300))
        )
        if phase == "dot" and code not in range(400, 600):
            assert decided.state in {"sent", "in_doubt"}


@pytest.mark.parametrize("code", range(200, 300))
def test_what_was_taken_is_sent_whatever_they_add(code: int) -> None:
    words = "spam, mailbox full, user unknown, try again in 5 minutes"
    assert judged(Receipt("done", code, "", words), age=99 * DAY) == Verdict("sent", "sent")


anything = st.builds(
    Receipt,
    phase=st.sampled_from(PHASES),
    code=st.sampled_from(CODES),
    enhanced=st.sampled_from(["", *{reply.receipt.enhanced for reply in REPLIES}]),
    text=st.sampled_from([reply.receipt.text for reply in REPLIES]) | st.text(max_size=200),
)


@given(anything, st.integers(0, 20), st.floats(0, 1))
def test_no_answer_leads_nowhere(receipt: Receipt, attempts: int, chance: float) -> None:
    decided = judged(receipt, attempts=attempts, chance=chance)
    assert allowed(MESSAGE, "sending", decided.state)
    waits = decided.state in {"ready", "in_doubt"}
    assert (decided.delay > timedelta()) == waits
    assert decided.counts == (decided.reason != "route_fault")


@given(anything)
def test_a_letter_fails_only_by_a_clear_no_for_ever(receipt: Receipt) -> None:
    decided = judged(receipt)
    if decided.state == "failed":
        assert receipt.code in range(500, 600)
    if receipt.code in range(400, 500) and receipt.phase != "done":
        assert decided.state == "ready"


@given(anything)
def test_what_comes_before_the_recipient_is_never_about_a_mailbox(receipt: Receipt) -> None:
    if receipt.phase in {"connect", "tls", "auth", "mail"}:
        assert judged(receipt).scope != "address"


REFUSED = [reply for reply in REPLIES if reply.reason == "mailbox_invalid"]
SUSPICIONS = [
    "blocked using rbl.example",
    "see our anti-spam policy",
    "your reputation is poor",
    "expéditeur indésirable",
    "Absender auf Sperrliste",
    "remitente en lista negra",
    "отправитель заблокирован",
    "发件人在黑名单中",
    "gönderen engellendi",
    "المرسل محظور",
    "mittente in lista nera",
]


@pytest.mark.parametrize("suspicion", SUSPICIONS)
def test_what_may_be_about_us_never_blames_the_mailbox(suspicion: str) -> None:
    for reply in REFUSED:
        receipt = replace(reply.receipt, text=f"{reply.receipt.text}; {suspicion}")
        assert (told(reply), judged(receipt).reason) == (told(reply), "policy")


def test_a_relay_that_quotes_another_server_is_not_to_blame_for_it() -> None:
    said = Receipt("rcpt", 550, "5.1.1", "host mx.example said: 554 Relay access denied")
    assert judged(said).scope == "address"


# When it is due

GREYLISTED = receipt_of("rcpt", "450 4.2.0 greylisted")
FULL = receipt_of("rcpt", "452 4.2.2 mailbox full")


def test_the_wait_grows_to_a_day_and_stays() -> None:
    waits = [judged(GREYLISTED, attempts=attempts).delay for attempts in range(13)]
    minutes = [5, 15, 30, 60, 120, 240, 480, 720, 720, 1440, 1440, 1440, 1440]
    assert waits == [timedelta(minutes=each) for each in minutes]


def test_a_full_mailbox_is_left_alone_for_longer() -> None:
    waits = [judged(FULL, attempts=attempts).delay for attempts in range(5)]
    assert waits == [timedelta(hours=each) for each in (6, 12, 24, 24, 24)]


@pytest.mark.parametrize(("chance", "part"), [(0, 0.8), (0.5, 1), (1, 1.2)])
def test_the_wait_is_spread_by_a_fifth(chance: float, part: float) -> None:
    assert judged(GREYLISTED, chance=chance).delay == BACK_OFF[0] * part


@pytest.mark.parametrize(
    ("receipt", "days"),
    [(GREYLISTED, 5), (Receipt("rcpt"), 5), (Receipt("rcpt", 999), 5), (FULL, 10)],
)
def test_after_enough_days_a_letter_waits_for_a_person(receipt: Receipt, days: int) -> None:
    last = judged(receipt, attempts=9, age=days * DAY - timedelta(seconds=1))
    assert last.state == "ready"
    assert judged(receipt, attempts=9, age=days * DAY) == Verdict(
        "held", last.reason, scope=last.scope
    )


def test_a_fault_of_the_route_never_counts_against_a_letter() -> None:
    decided = judged(Receipt("connect"), attempts=9, age=99 * DAY)
    minute = timedelta(minutes=1)
    assert decided == Verdict("ready", "route_fault", minute, counts=False, scope="route")


def test_silence_after_the_dot_is_a_doubt_at_any_age() -> None:
    assert judged(Receipt("dot"), age=99 * DAY).state == "in_doubt"


def test_a_longer_wait_that_they_ask_for_wins() -> None:
    asked = receipt_of("rcpt", "450 4.2.0 greylisted for 3600 seconds")
    waits = [judged(asked, attempts=attempts).delay for attempts in (0, 2, 4)]
    assert waits == [timedelta(hours=1), timedelta(hours=1), timedelta(hours=2)]
    busy = receipt_of("connect", "421 try again in 10 minutes")
    assert judged(busy).delay == timedelta(minutes=10)


def test_who_refuses_for_ever_has_no_wait_to_ask_for() -> None:
    refused = receipt_of("rcpt", "550 5.7.1 blocked for 2 hours, try again in 2 hours")
    assert judged(refused) == Verdict("held", "policy", scope="domain")
