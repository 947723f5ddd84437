"""The log of a relay, and which mails it took for certain."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.outbox import evidence
from tocsin.outbox.evidence import taken_by_relay

AT = "Nov 24 05:53:41 mail"
ONE, TWO = "one@letters.example", "two@letters.example"


def postfix(words: str, *, at: str = AT, instance: str = "postfix", pid: int = 7) -> str:
    daemon, _, said = words.partition(" ")
    return f"{at} {instance}/{daemon}[{pid}]: {said}"


def began(queue_id: str = "4F1A2B3C4D", message_id: str = ONE) -> str:
    return f"cleanup {queue_id}: message-id=<{message_id}>"


def complete(queue_id: str = "4F1A2B3C4D") -> str:
    return f"qmgr {queue_id}: from=<b@bounce.example>, size=4123, nrcpt=1 (queue active)"


def client(queue_id: str = "4F1A2B3C4D") -> str:
    return f"smtpd {queue_id}: client=act.example[198.51.100.7]"


def removed(queue_id: str = "4F1A2B3C4D") -> str:
    return f"qmgr {queue_id}: removed"


LONG = "4bXk2Z0dKzz1Qy"
HUNG_UP = "smtpd lost connection after DATA (812 bytes) from act.example[198.51.100.7]"
STORIES: dict[str, tuple[list[str], set[str]]] = {
    "a mail comes in and is complete": ([client(), began(), complete()], {ONE}),
    "it has a long queue id": ([client(LONG), began(LONG), complete(LONG)], {ONE}),
    "it is delivered and gone": ([client(), began(), complete(), removed()], {ONE}),
    "it is deferred and tried again": ([began(), complete(), complete(), complete()], {ONE}),
    "it came from the machine itself": (
        ["pickup 4F1A2B3C4D: uid=0 from=<root>", began(), complete()],
        {ONE},
    ),
    "only its beginning is there": ([client(), began()], set()),
    "only its end is there": ([complete(), removed()], set()),
    "the end stands before the beginning": ([complete(), began()], set()),
    "another one is complete": ([began(), complete("5A5A5A5A5A")], set()),
    "it hung up before the dot": ([client(), began(), HUNG_UP], set()),
    "it hung up, and its name is written after the news": (
        [client(), HUNG_UP, began(), complete()],
        set(),
    ),
    "it hung up, and the next one has the same id": (
        [client(), HUNG_UP, began(), client(), began(message_id=TWO), complete()],
        {TWO},
    ),
    "it hung up, and its id was given to another whose beginning is lost": (
        [client(), began(), HUNG_UP, complete()],
        set(),
    ),
    "it hung up after the dot": (
        [client(), began(), HUNG_UP.replace("DATA", "END-OF-MESSAGE"), complete()],
        {ONE},
    ),
    "another process hung up": ([client(), began(), "smtpd lost connection after EHLO"], set()),
    "a filter refuses it": (
        [began(), "cleanup 4F1A2B3C4D: milter-reject: END-OF-MESSAGE from x: 5.7.1", complete()],
        set(),
    ),
    "its words are refused": (
        [began(), "cleanup 4F1A2B3C4D: reject: header Subject: x", complete()],
        set(),
    ),
    "a filter throws it away": (
        [began(), "cleanup 4F1A2B3C4D: milter-discard: END-OF-MESSAGE from x", complete()],
        set(),
    ),
    "it is removed before it was complete": ([began(), removed(), complete()], set()),
    "the id is given out again": (
        [client(), began(), complete(), removed(), client(), began(message_id=TWO), complete()],
        {ONE, TWO},
    ),
    "the id is given out again after one that hung up": (
        [client(), began(), client(), began(message_id=TWO), complete()],
        {TWO},
    ),
    "the id is given out again to a mail without a name": (
        [client(), began(), "cleanup 4F1A2B3C4D: message-id=<>", complete()],
        set(),
    ),
    "the id is given out again, and the line of its name is lost": (
        [began(), client(), complete()],
        set(),
    ),
    "two at once": (
        [began("AAAAA1"), began("AAAAA2", TWO), complete("AAAAA2"), complete("AAAAA1")],
        {ONE, TWO},
    ),
    "the name is none": ([began(message_id="a b"), complete()], set()),
    "the name has brackets": ([began(message_id=f"x> <{ONE}"), complete()], set()),
    "a name says that it is complete": (
        [began(message_id=f"{ONE}>: from=<a>, size=1, nrcpt=1 (queue active)"), complete()],
        set(),
    ),
    "a stranger's name for itself repeats our lines": (
        [began(), f"smtpd NOQUEUE: reject: HELO from x: helo=<{postfix(complete())}>"],
        set(),
    ),
    "another program repeats our lines": ([began(), f"sshd: {complete()}"], set()),
    "a delivery is no arrival": (
        [began(), "smtp 4F1A2B3C4D: to=<a@mfa.example>, status=sent (250 ok)"],
        set(),
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_what_postfix_took_when(story: str) -> None:
    lines, taken = STORIES[story]
    assert taken_by_relay(postfix(line) for line in lines) == taken


AS_WRITTEN = """
smtpd[13029]: connect from localhost[127.0.0.1]
smtpd[13029]: D92F02101CC: client=localhost[127.0.0.1]
cleanup[13036]: D92F02101CC: message-id=<taken@letters.example>
qmgr[12975]: D92F02101CC: from=<a@b.example>, size=303, nrcpt=1 (queue active)
smtpd[13029]: DB841210086: client=localhost[127.0.0.1]
cleanup[13036]: DB841210086: reject: header Subject: x from localhost[127.0.0.1]; from=<a@b.example>
smtpd[13029]: DBB39210086: client=localhost[127.0.0.1]
smtpd[13043]: connect from localhost[127.0.0.1]
smtpd[13029]: lost connection after DATA (92 bytes) from localhost[127.0.0.1]
smtpd[13029]: disconnect from localhost[127.0.0.1] ehlo=1 mail=4 rcpt=4 data=2/4 rset=1
cleanup[13036]: DBB39210086: message-id=<hungup@letters.example>
smtpd[13043]: DE66A210086: client=localhost[127.0.0.1]
cleanup[13036]: DE66A210086: message-id=<after.the.dot@letters.example>
qmgr[12975]: DE66A210086: from=<a@b.example>, size=302, nrcpt=1 (queue active)
discard[13039]: D92F02101CC: to=<c@d.example>, relay=none, delay=0.04, dsn=2.0.0, status=sent (x)
qmgr[12975]: D92F02101CC: removed
smtpd[13043]: disconnect from localhost[127.0.0.1] mail=1 rcpt=1 data=1 commands=3
"""


def test_a_log_as_postfix_wrote_it_is_understood() -> None:
    lines = [f"{AT} postfix/{line}" for line in AS_WRITTEN.strip().splitlines()]
    assert taken_by_relay(lines) == {"taken@letters.example", "after.the.dot@letters.example"}


@pytest.mark.parametrize(
    "at",
    [
        "Nov  4 05:53:41 mail",
        "2026-11-24T05:53:41+00:00 mail",
        "2026-11-24T05:53:41.123456+01:00 mail.example",
        "2026-11-24T05:53:41Z 198.51.100.9",
        "<22>Nov 24 05:53:41 mail",
    ],
)
def test_the_time_may_be_written_in_many_ways(at: str) -> None:
    lines = [postfix(words, at=at) for words in (client(), began(), complete())]
    assert taken_by_relay(f"{line}\r\n" for line in lines) == {ONE}


def test_two_relays_that_write_into_one_log_are_told_apart() -> None:
    begun = postfix(began(), instance="postfix-out")
    assert taken_by_relay([begun, postfix(complete())]) == set()
    assert taken_by_relay([begun, postfix(complete(), at="Nov 24 05:53:41 other")]) == set()
    named = postfix(client(), instance="postfix-out/submission")
    done = postfix(complete(), instance="postfix-out")
    assert taken_by_relay([named, begun, done]) == {ONE}


def test_only_what_was_asked_for_is_kept() -> None:
    lines = [began("AAAAA1"), complete("AAAAA1"), began("AAAAA2", TWO), complete("AAAAA2")]
    assert taken_by_relay(map(postfix, lines), among={TWO}) == {TWO}


ARRIVED = "1tGx3K-0004Xy-2B <= b@bounce.example H=act.example [198.51.100.7] P=esmtps S=4123"
EXIM = {
    f"2026-11-24 05:53:41 {ARRIVED} id={ONE}": {ONE},
    f"2026-11-24 05:53:41.123 +0100 [99] {ARRIVED} id={ONE}": {ONE},
    f"{AT} exim[99]: 2026-11-24 05:53:41 {ARRIVED} id={ONE}": {ONE},
    f"{AT} exim4[99]: {ARRIVED} id={ONE} from <b@bounce.example> for a@mfa.example": {ONE},
    f"2026-11-24 05:53:41 1tGx3K-00000004Xyz-2Bcd <= <> R=x U=mail P=local S=1 id={ONE}": {ONE},
    f'2026-11-24 05:53:41 {ARRIVED} id={ONE} T="hello S=1 id={TWO}"': {ONE},
    f'2026-11-24 05:53:41 {ARRIVED} T="hello S=1 id={TWO}"': set(),
    f"2026-11-24 05:53:41 {ARRIVED} RT=0.1s id={ONE}": {ONE},
    f"2026-11-24 05:53:41 {ARRIVED}": set(),
    f'2026-11-24 05:53:41 1tGx3K-0004Xy-2B <= "x S=1 id={TWO}"@x.example H=y S=4': set(),
    f"2026-11-24 05:53:41 1tGx3K-0004Xy-2B <= b@x.example H=(z S=1 id={TWO}) S=4": set(),
    f"2026-11-24 05:53:41 1tGx3K-0004Xy-2B => a@mfa.example R=x S=4 id={ONE}": set(),
    f"2026-11-24 05:53:41 1tGx3K-0004Xy-2B rejected after DATA S=4 id={ONE}": set(),
    f"2026-11-24 05:53:41 H=act.example rejected <= b@x.example S=4 id={ONE}": set(),
}


@pytest.mark.parametrize("line", EXIM)
def test_what_exim_took_is_in_its_line_of_arrival(line: str) -> None:
    assert taken_by_relay([line]) == EXIM[line]


def test_a_queue_id_that_never_ends_is_forgotten_some_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST_OPEN", 3)
    ids = [f"AAAAA{number}" for number in range(5)]
    begun = [began(each, f"{each}@letters.example") for each in ids]
    ends = [complete(each) for each in ids]
    taken = taken_by_relay(map(postfix, [*begun, *ends]))
    assert taken == {f"{each}@letters.example" for each in ids[2:]}


def test_a_log_is_read_line_by_line() -> None:
    read: list[str] = []

    def lines() -> Iterator[str]:
        for number in range(3):
            for words in (began(message_id=f"{number}@x.example"), complete()):
                read.append(words)
                yield postfix(words)

    found = taken_by_relay(lines())
    assert (found, len(read)) == ({f"{number}@x.example" for number in range(3)}, 6)


def test_a_line_without_an_end_is_passed_over() -> None:
    endless = postfix(began(message_id="a" * 100_000))
    assert taken_by_relay([endless, postfix(began()), postfix(complete())]) == {ONE}


WORDS = st.sampled_from([client(), removed(), HUNG_UP, "anvil statistics: max", began(LONG)])


@given(st.lists(st.text() | WORDS.map(postfix), max_size=20))
def test_no_line_of_a_stranger_proves_anything(lines: list[str]) -> None:
    assert taken_by_relay(lines) == set()
    own = [postfix(began("FFFFF1", TWO)), *lines, postfix(complete("FFFFF1"))]
    assert taken_by_relay(own) == {TWO}
