"""Asking a real name server on loopback: what it says, and what it means that it says nothing."""

import socket
from collections.abc import Iterator

import pytest

from tests.name_server import Mood, NameServer
from tocsin.outbox.identity import dns_ask
from tocsin.outbox.identity.dns_ask import Nameserver
from tocsin.outbox.identity.spf import Answer, Kind

LONG = "v=spf1 " + "ip4:192.0.2.1 " * 60 + "-all"
ZONE = {
    ("ngo.test", "TXT"): ["v=spf1 -all", "two\twords", '“quoted” \\ "text"', LONG],
    ("ngo.test", "MX"): ["10 mx.ngo.test.", "20 mx2.ngo.test."],
    ("null.test", "MX"): ["0 ."],
    ("mx.ngo.test", "A"): ["192.0.2.25", "192.0.2.26"],
    ("mx.ngo.test", "AAAA"): ["2001:db8::25"],
    ("alias.test", "CNAME"): ["mx.ngo.test."],
    ("10.2.0.192.in-addr.arpa", "PTR"): ["mx.ngo.test."],
    ("empty.test", "TXT"): [""],
    ("bell.test", "TXT"): ["\x1b[31mred\x07"],
}


@pytest.fixture
def server() -> Iterator[NameServer]:
    """The zone above."""
    with NameServer(ZONE) as running:
        yield running


ANSWERS: list[tuple[str, Kind, set[str]]] = [
    ("ngo.test", "TXT", {"v=spf1 -all", "two�words", '“quoted” \\ "text"', LONG}),
    ("NGO.test.", "MX", {"10 mx.ngo.test", "20 mx2.ngo.test"}),
    ("null.test", "MX", {"0 ."}),
    ("mx.ngo.test", "A", {"192.0.2.25", "192.0.2.26"}),
    ("mx.ngo.test", "AAAA", {"2001:db8::25"}),
    ("alias.test", "A", {"192.0.2.25", "192.0.2.26"}),
    ("10.2.0.192.in-addr.arpa", "PTR", {"mx.ngo.test"}),
    ("empty.test", "TXT", {""}),
    ("bell.test", "TXT", {"�[31mred�"}),
    # there is the name, and nothing of that kind; there is no such name; there can be none
    ("ngo.test", "A", set()),
    ("alias.test", "TXT", set()),
    ("nothing.test", "TXT", set()),
    ("a..b", "TXT", set()),
    (f"{'x' * 64}.test", "TXT", set()),
    (".".join(["x" * 60] * 5), "A", set()),
]


@pytest.mark.parametrize(("name", "kind", "expected"), ANSWERS)
def test_an_answer_is_text_as_the_rules_read_it(
    server: NameServer, name: str, kind: Kind, expected: set[str]
) -> None:
    answer = Nameserver(server.place).ask(name, kind)
    assert answer is not None
    assert (set(answer), len(answer)) == (expected, len(expected))


MOODS: list[tuple[Mood, Answer]] = [
    ("fails", None),
    ("refuses", None),
    ("keeps silent", None),
    ("cuts off", ("192.0.2.25", "192.0.2.26")),
]


@pytest.mark.parametrize(("mood", "expected"), MOODS)
def test_a_name_server_that_does_not_tell_is_no_answer(mood: Mood, expected: Answer) -> None:
    with NameServer(ZONE, moods={"mx.ngo.test": mood}) as server:
        answer = Nameserver(server.place, patience=0.3).ask("mx.ngo.test", "A")
        assert (answer and tuple(sorted(answer))) == expected
        assert {way for _, _, way in server.asked} == (
            {"udp", "tcp"} if mood == "cuts off" else {"udp"}
        )


def test_nobody_there_is_no_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        place = ("127.0.0.1", int(taken.getsockname()[1]))
    assert Nameserver(place, patience=0.3).ask("ngo.test", "TXT") is None


def test_what_was_heard_is_not_asked_again(server: NameServer) -> None:
    asker = Nameserver(server.place)
    for name in ("null.test", "NULL.test", "null.test."):
        assert asker.ask(name, "MX") == ("0 .",)
    assert asker.ask("null.test", "A") == ()
    assert server.asked == [("null.test", "MX", "udp"), ("null.test", "A", "udp")]


def test_a_new_asker_asks_anew(server: NameServer) -> None:
    for _ in range(2):
        assert Nameserver(server.place).ask("null.test", "MX") == ("0 .",)
    assert server.asked == [("null.test", "MX", "udp")] * 2


def test_who_is_silent_for_long_is_not_asked_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns_ask, "PATIENCE_IN_ALL", 0.01)
    names = ("a.test", "b.test", "c.test", "d.test")
    with NameServer(ZONE, moods=dict.fromkeys(names, "keeps silent")) as server:
        asker = Nameserver(server.place, patience=0.15)
        assert [asker.ask(name, "TXT") for name in names] == [None] * 4
        assert {name for name, _, _ in server.asked} == {"a.test"}
