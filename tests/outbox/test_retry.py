"""What an answer means, line by line."""

from datetime import timedelta

import pytest

from tocsin.kit.states import allowed
from tocsin.outbox.retry import BACK_OFF, CASES, STATES, Phase, Receipt, Verdict, verdict
from tocsin.outbox.states import MESSAGE

ANSWERS: list[tuple[Phase, int | None, str, str, str, str]] = [
    # sent, and only then
    ("done", 250, "2.0.0", "queued as 4F1A", "sent", "sent"),
    ("done", 250, "", "ok", "sent", "sent"),
    ("done", 251, "", "will forward", "sent", "sent"),
    ("done", 250, "2.0.0", "accepted, looks like spam", "sent", "sent"),
    # after the dot, without an answer that one can understand
    ("dot", None, "", "hung up", "in_doubt", "in_doubt"),
    ("dot", None, "", "timed out", "in_doubt", "in_doubt"),
    ("dot", 354, "", "go ahead", "in_doubt", "in_doubt"),
    ("dot", 999, "", "what a day", "in_doubt", "in_doubt"),
    # the line
    ("connect", None, "", "ConnectionRefusedError", "ready", "line_down"),
    ("connect", 421, "4.3.2", "too many connections", "ready", "line_down"),
    ("connect", 554, "5.7.1", "blocked using rbl.test", "ready", "line_down"),
    ("tls", None, "", "CERTIFICATE_VERIFY_FAILED", "ready", "line_down"),
    ("tls", 454, "4.7.0", "TLS not available", "ready", "line_down"),
    ("auth", 535, "5.7.8", "bad credentials", "ready", "line_down"),
    ("auth", None, "", "no suitable method", "ready", "line_down"),
    ("mail", 530, "5.7.0", "authentication required", "ready", "line_down"),
    ("mail", 530, "5.7.0", "must issue a STARTTLS command first", "ready", "line_down"),
    ("rcpt", 535, "", "session expired", "ready", "line_down"),
    ("mail", 454, "4.7.0", "temporary authentication failure", "ready", "line_down"),
    # the connection broke
    ("mail", None, "", "hung up", "ready", "lost"),
    ("rcpt", None, "", "timed out", "ready", "lost"),
    ("data", None, "", "hung up", "ready", "lost"),
    ("body", None, "", "connection reset", "ready", "lost"),
    # for now
    ("mail", 421, "4.4.2", "idle too long", "ready", "transient"),
    ("rcpt", 450, "4.2.0", "greylisted", "ready", "transient"),
    ("rcpt", 451, "", "try again later", "ready", "transient"),
    ("rcpt", 450, "4.1.1", "unverified recipient", "ready", "transient"),
    ("dot", 451, "4.3.0", "try later", "ready", "transient"),
    ("dot", 421, "4.3.0", "shutting down", "ready", "transient"),
    ("rcpt", 421, "4.7.0", "unusual rate of mail", "ready", "rate"),
    ("rcpt", 450, "4.7.1", "slow down", "ready", "rate"),
    ("dot", 451, "", "too many messages from you", "ready", "rate"),
    ("rcpt", 452, "4.2.2", "mailbox full", "ready", "mailbox_full"),
    ("rcpt", 552, "5.2.2", "over quota", "ready", "mailbox_full"),
    ("dot", 552, "", "mailbox is full", "ready", "mailbox_full"),
    ("rcpt", 999, "", "what a day", "ready", "unknown"),
    ("data", 250, "", "ok", "ready", "unknown"),
    ("rcpt", 354, "", "go ahead", "ready", "unknown"),
    # the recipient
    ("rcpt", 550, "5.1.1", "user unknown", "held", "mailbox_invalid"),
    ("rcpt", 550, "5.1.10", "recipient not found", "held", "mailbox_invalid"),
    ("rcpt", 550, "", "No such user here", "held", "mailbox_invalid"),
    ("rcpt", 553, "5.1.3", "bad address syntax", "held", "mailbox_invalid"),
    ("rcpt", 550, "5.1.2", "host not found", "held", "mailbox_invalid"),
    ("dot", 550, "5.1.1", "unknown after all", "held", "mailbox_invalid"),
    ("rcpt", 550, "5.5.0", "mailbox unavailable", "held", "mailbox_invalid"),
    ("rcpt", 550, "5.1.1", "relay.example said: user unknown", "held", "mailbox_invalid"),
    ("rcpt", 550, "5.2.1", "mailbox disabled", "held", "mailbox_refusing"),
    ("rcpt", 550, "", "no", "held", "mailbox_refusing"),
    (
        "rcpt",
        550,
        "5.4.1",
        "Recipient address rejected: Access denied",
        "held",
        "mailbox_refusing",
    ),
    # the letter
    ("dot", 552, "5.3.4", "message too big", "failed", "letter_fault"),
    ("mail", 552, "", "size exceeds the fixed maximum", "failed", "letter_fault"),
    ("dot", 554, "5.6.0", "conversion failed", "failed", "letter_fault"),
    # us: held, never failed
    ("rcpt", 554, "5.7.1", "blocked using rbl.test", "held", "policy"),
    ("rcpt", 550, "5.1.1", "user unknown; see our anti-spam policy", "held", "policy"),
    ("dot", 554, "5.7.1", "looks like spam", "held", "policy"),
    ("dot", 550, "5.7.26", "DMARC", "held", "policy"),
    ("dot", 550, "", "no", "held", "policy"),
    ("data", 554, "", "no valid recipients", "held", "policy"),
    ("mail", 550, "", "no", "held", "policy"),
    ("mail", 550, "5.1.1", "unknown", "held", "policy"),
    ("mail", 553, "5.1.8", "sender domain not found", "held", "policy"),
    ("rcpt", 554, "", "Relay access denied", "held", "policy"),
    ("rcpt", 500, "5.5.2", "syntax error", "held", "our_fault"),
    ("rcpt", 503, "5.5.1", "bad sequence", "held", "our_fault"),
    ("rcpt", 550, "5.5.4", "bad parameters", "held", "our_fault"),
    ("data", 555, "", "parameters not recognised", "held", "our_fault"),
    # their house
    ("dot", 554, "5.4.6", "too many hops", "held", "their_fault"),
    ("rcpt", 550, "5.3.0", "system error", "held", "their_fault"),
]


def judged(
    receipt: Receipt, *, attempts: int = 0, age: timedelta = timedelta(), chance: float = 0.5
) -> Verdict:
    return verdict(receipt, attempts=attempts, age=age, chance=chance)


@pytest.mark.parametrize(("phase", "code", "enhanced", "text", "state", "reason"), ANSWERS)
def test_an_answer_means(
    phase: Phase, code: int | None, enhanced: str, text: str, state: str, reason: str
) -> None:
    decided = judged(Receipt(phase, code, enhanced, text))
    assert (decided.state, decided.reason) == (state, reason)


def test_every_line_of_the_table_is_the_answer_to_something() -> None:
    receipts = [Receipt(*answer[:4]) for answer in ANSWERS]
    first = {next(case for case in CASES if case.fits(receipt)) for receipt in receipts}
    assert [case for case in CASES if case not in first] == []


def test_every_reason_leads_where_a_message_that_is_being_sent_may_go() -> None:
    assert {case.reason for case in CASES} == set(STATES)
    assert all(allowed(MESSAGE, "sending", state) for state in STATES.values())


GREYLISTED = Receipt("rcpt", 450, "4.2.0", "greylisted")


def test_the_wait_grows_to_a_day_and_stays() -> None:
    waits = [judged(GREYLISTED, attempts=attempts).delay for attempts in range(13)]
    minutes = [5, 15, 30, 60, 120, 240, 480, 720, 720, 1440, 1440, 1440, 1440]
    assert waits == [timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(("chance", "part"), [(0, 0.8), (0.5, 1), (1, 1.2)])
def test_the_wait_is_spread_by_a_fifth(chance: float, part: float) -> None:
    assert judged(GREYLISTED, chance=chance).delay == BACK_OFF[0] * part


@pytest.mark.parametrize("receipt", [GREYLISTED, Receipt("rcpt"), Receipt("rcpt", 999)])
def test_after_five_days_a_letter_waits_for_a_person(receipt: Receipt) -> None:
    day = timedelta(days=1)
    assert judged(receipt, attempts=9, age=5 * day - timedelta(seconds=1)).state == "ready"
    assert judged(receipt, attempts=9, age=5 * day).state == "held"


def test_a_line_that_is_down_never_counts_against_a_letter() -> None:
    decided = judged(Receipt("connect"), attempts=9, age=timedelta(days=99))
    assert decided == Verdict("ready", "line_down", timedelta(minutes=1), counts=False)


def test_silence_after_the_dot_is_a_doubt_at_any_age() -> None:
    assert judged(Receipt("dot"), age=timedelta(days=99)).state == "in_doubt"


def test_no_answer_leads_nowhere() -> None:
    phases: list[Phase] = ["connect", "tls", "auth", "mail", "rcpt", "data", "body", "dot"]
    for phase in phases:
        for code in [None, *range(1000)]:
            assert judged(Receipt(phase, code)).state in {"ready", "failed", "held", "in_doubt"}
            if code is not None and code // 100 == 2:
                assert judged(Receipt(phase, code)).state != "failed"
