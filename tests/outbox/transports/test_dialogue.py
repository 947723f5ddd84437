"""The conversation of one connection, without a wire: whatever they say, we know where we are."""

import base64
import hmac
import itertools
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.outbox.transports.lines import ENVELOPE
from tocsin.outbox.transports.dialogue import Dialogue, offers_in
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.verdicts.retry import Receipt

RELAY = Relay("relay.example", 25)
ALL = b"250-relay.example\r\n250-PIPELINING\r\n250 SIZE 10000000\r\n"
FEW = b"250 relay.example\r\n"
BODY = b"Subject: x\r\n\r\n..a dot\r\n...two\r\n..\r\nend\r\n"
GROUP = b"MAIL FROM:<bounce@letters.lumiere.example> SIZE=37\r\n"
GROUP += b"RCPT TO:<amina.yusuf@mailbox.example>\r\nDATA\r\n"
YES = b"250 ok\r\n"


class Talk:
    """A dialogue, with everything that it said and what became of its mails."""

    def __init__(self, relay: Relay = RELAY) -> None:
        self.dialogue = Dialogue(relay, name="act.example")
        self.said: list[bytes] = []
        self.receipts: list[Receipt] = []
        self.mails = [ENVELOPE, replace(ENVELOPE, recipient="b@mailbox.example")]
        self.dialogue.connected()

    def hears(self, *words: bytes) -> "Talk":
        """They say this, in so many pieces; whatever is due is done at once."""
        for each in words:
            self._say(self.dialogue.hear(each))
        return self

    def _say(self, words: bytes) -> None:
        if words:
            self.said.append(words)
        if receipt := self.dialogue.take_receipt():
            self.receipts.append(receipt)
        match self.dialogue.stage:
            case "body":
                self._say(self.dialogue.say_dot())
            case "securing":
                self._say(self.dialogue.secured())
            case "ready" if self.mails:
                self._say(self.dialogue.offer(self.mails.pop(0)))

    def ends(self) -> "Talk":
        """They say nothing more."""
        self.dialogue.break_off("hung up")
        self._say(b"")
        return self


def outcomes(talk: Talk) -> list[tuple[str, int | None]]:
    return [(receipt.phase, receipt.code) for receipt in talk.receipts]


# -- what is said --------------------------------------------------------------------------------


def test_commands_are_said_in_a_row_to_whoever_offers_it() -> None:
    talk = Talk().hears(b"220 hi\r\n", ALL, YES + YES + b"354 go\r\n", b"250 2.0.0 taken\r\n")
    assert talk.said[:4] == [b"EHLO act.example\r\n", GROUP, BODY, b".\r\n"]
    assert talk.receipts == [Receipt("done", 250, "2.0.0", "taken")]


def test_commands_are_said_one_by_one_to_everybody_else() -> None:
    talk = Talk().hears(b"220 hi\r\n", FEW, YES, YES, b"354 go\r\n", b"250 2.0.0 taken\r\n")
    mail, rcpt, data = GROUP.replace(b" SIZE=37", b"").splitlines(keepends=True)
    assert talk.said[1:6] == [mail, rcpt, data, BODY, b".\r\n"]


def test_the_dot_is_said_only_when_it_is_due() -> None:
    talk = Talk()
    talk.mails = []
    talk.hears(b"220 hi\r\n", ALL)
    dialogue = talk.dialogue

    def at() -> tuple[str, str]:
        return dialogue.stage, dialogue.phase

    told = [
        (dialogue.offer(ENVELOPE), *at()),
        (dialogue.hear(YES), *at()),
        (dialogue.hear(YES + b"354 go\r\n"), *at()),
        (dialogue.say_dot(), *at()),
    ]
    assert told == [
        (GROUP, "asking", "mail"),
        (b"", "asking", "rcpt"),
        (BODY, "body", "body"),
        (b".\r\n", "dot", "dot"),
    ]


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (b"421 4.3.2 bye\r\n", 421, "bye"),
        (b"250 2.0.0 taken\r\n", None, "more answers than questions"),
        (b"42", None, "more answers than questions"),
        (b"what?\r\n", None, "an answer that is none"),
    ],
)
def test_what_is_heard_in_the_body_ends_it_without_a_dot(
    words: bytes, code: int | None, text: str
) -> None:
    talk = Talk()
    talk.mails = []
    talk.hears(b"220 hi\r\n", ALL)
    talk.dialogue.offer(ENVELOPE)
    talk.dialogue.hear(YES + YES + b"354 go\r\n")
    assert talk.dialogue.hear(words) == b""
    receipt = talk.dialogue.take_receipt()
    assert receipt
    assert (receipt.phase, receipt.code, receipt.text) == ("body", code, text)
    assert talk.dialogue.stage == "over"


def test_a_refusal_is_taken_back_together_with_the_next_mail() -> None:
    talk = Talk().hears(b"220 hi\r\n", ALL, YES, b"550 5.1.1 no\r\n", b"503 no\r\n")
    assert outcomes(talk) == [("rcpt", 550)]
    assert talk.said[-1].startswith(b"RSET\r\nMAIL FROM:")
    talk.hears(YES + YES + YES + b"354 go\r\n", YES)
    assert outcomes(talk) == [("rcpt", 550), ("done", 250)]


@pytest.mark.parametrize("answer", [b"250 2.0.0 taken\r\n", b"554 5.5.1 nobody there\r\n"])
def test_who_refuses_and_wants_the_body_gets_a_lone_dot(answer: bytes) -> None:
    talk = Talk().hears(b"220 hi\r\n", ALL, YES + b"550 5.1.1 no\r\n354 go\r\n")
    assert talk.said[-1] == b".\r\n"
    assert outcomes(talk) == []
    assert outcomes(talk.hears(answer)) == [("rcpt", 550)]
    assert talk.said[-1].startswith(b"RSET\r\n")


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        (b"451 4.3.0 no\r\n250 ok\r\n354 go\r\n", ("mail", 451)),
        (b"250 ok\r\n999 what\r\n354 go\r\n", ("rcpt", 999)),
        (b"250 ok\r\n421 bye\r\n354 go\r\n", ("rcpt", 421)),
        (b"451 no\r\n421 bye\r\n", ("mail", 451)),
        (b"250 ok\r\n550 no\r\n354 go\r\n250 and more\r\n", ("rcpt", 550)),
    ],
)
def test_no_dot_is_said_where_it_could_send_an_empty_mail(
    words: bytes, outcome: tuple[str, int]
) -> None:
    talk = Talk().hears(b"220 hi\r\n", ALL, words)
    assert outcomes(talk) == [outcome]
    assert talk.said[-1] == GROUP
    assert talk.dialogue.stage == "over"


def test_an_answer_too_many_is_no_answer_to_the_next_command() -> None:
    talk = Talk().hears(b"220 hi\r\n", FEW, YES + YES)
    assert outcomes(talk) == [("mail", None)]
    assert talk.dialogue.stage == "over"
    assert not any(b"RCPT" in words for words in talk.said)


def test_a_mail_that_was_taken_stays_so_whatever_follows() -> None:
    start = (b"220 hi\r\n", ALL, YES + YES + b"354 go\r\n")
    for rest in (b"421 bye\r\n", b"25", b"what?\r\n"):
        talk = Talk().hears(*start, YES + rest)
        assert outcomes(talk) == [("done", 250)]
        assert talk.dialogue.stage == "over"


def test_a_farewell_in_an_idle_moment_is_no_fault_of_a_mail() -> None:
    talk = Talk()
    talk.mails = []
    talk.hears(b"220 hi\r\n", ALL, b"421 4.4.2 idle too long\r\n")
    assert (talk.dialogue.stage, talk.receipts) == ("over", [])


def test_a_reset_that_fails_says_nothing_about_the_next_mail() -> None:
    for answer, code in [(b"502 what?\r\n", None), (b"421 bye\r\n", 421)]:
        talk = Talk().hears(b"220 hi\r\n", ALL, YES, b"550 no\r\n", b"503 no\r\n", answer)
        assert outcomes(talk) == [("rcpt", 550), ("mail", code)]
        assert talk.dialogue.stage == "over"


# -- extensions and login ------------------------------------------------------------------------


def test_a_listing_is_read_with_its_garbage() -> None:
    listing = b"relay.example SIZE 5\n\n=\n\xff\nsize 77\n 8bitmime\n"
    listing += b"AUTH PLAIN\nAUTH=LOGIN PLAIN\nX Y Z"
    assert offers_in(listing) == {
        "SIZE": "77",
        "8BITMIME": "",
        "AUTH": "PLAIN LOGIN PLAIN",
        "X": "Y Z",
    }


@pytest.mark.parametrize("limit", [b"", b" 0", b" many", b" -5", b" 37", b" " + b"9" * 400])
def test_a_limit_that_is_none_stops_no_mail(limit: bytes) -> None:
    talk = Talk().hears(b"220 hi\r\n", b"250-hi\r\n250 SIZE" + limit + b"\r\n")
    assert talk.said[-1].startswith(b"MAIL")


def login(offer: bytes, *answers: bytes) -> tuple[list[bytes], Dialogue]:
    relay = replace(RELAY, user="daniel", password="gehëim")
    talk = Talk(relay).hears(b"220 hi\r\n", b"250-hi\r\n250 " + offer + b"\r\n", *answers)
    return talk.said[1:], talk.dialogue


def b64(words: str) -> bytes:
    return base64.b64encode(words.encode()) + b"\r\n"


def test_a_login_is_said_in_the_way_that_is_offered() -> None:
    said, dialogue = login(b"AUTH LOGIN PLAIN", b"235 welcome\r\n")
    assert said[0] == b"AUTH PLAIN " + b64("\0daniel\0gehëim")
    assert dialogue.mails == 1
    asked = (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n", b"235 welcome\r\n")
    said, dialogue = login(b"AUTH=LOGIN", *asked)
    assert said[:3] == [b"AUTH LOGIN\r\n", b64("daniel"), b64("gehëim")]
    assert dialogue.mails == 1
    challenge = b"334 " + b64("<1896.6971@relay.example>")
    said, dialogue = login(b"AUTH CRAM-MD5", challenge, b"235 welcome\r\n")
    proof = hmac.new("gehëim".encode(), b"<1896.6971@relay.example>", "md5").hexdigest()
    assert said[:2] == [b"AUTH CRAM-MD5\r\n", b64(f"daniel {proof}")]
    assert dialogue.mails == 1


def test_a_way_to_log_in_that_is_not_known_after_all_gives_way_to_the_next() -> None:
    said, dialogue = login(b"AUTH PLAIN LOGIN", b"504 5.5.4 no\r\n", b"535 5.7.8 no daniel\r\n")
    assert [words.split()[1] for words in said] == [b"PLAIN", b"LOGIN"]
    assert dialogue.fault == Receipt("auth", 535, "5.7.8", "no …")


@pytest.mark.parametrize(
    ("offer", "answers"),
    [
        (b"AUTH GSSAPI", []),
        (b"SIZE 7", []),
        (b"AUTH PLAIN", [b"334 \r\n"]),
        (b"AUTH LOGIN", [b"334 a\r\n", b"421 bye\r\n"]),
        (b"AUTH CRAM-MD5", [b"334 a\r\n"]),
        (b"AUTH CRAM-MD5", [b"334 \xff\r\n", b"535 no\r\n"]),
    ],
)
def test_a_login_that_fails_is_a_fault_of_the_line(offer: bytes, answers: list[bytes]) -> None:
    _, dialogue = login(offer, *answers)
    assert dialogue.fault
    assert (dialogue.stage, dialogue.fault.phase, dialogue.mails) == ("over", "auth", 0)


def asks_for_tls() -> Dialogue:
    dialogue = Dialogue(replace(RELAY, security="starttls"), name="act.example")
    dialogue.connected()
    dialogue.hear(b"220 hi\r\n")
    assert dialogue.hear(b"250-hi\r\n250-PIPELINING\r\n250 STARTTLS\r\n") == b"STARTTLS\r\n"
    return dialogue


@pytest.mark.parametrize("answers", [[FEW], [b"502 what?\r\n", YES]])
def test_what_was_offered_in_clear_is_forgotten(answers: list[bytes]) -> None:
    dialogue = asks_for_tls()
    dialogue.hear(b"220 go\r\n")
    assert dialogue.stage == "securing"
    assert dialogue.secured() == b"EHLO act.example\r\n"
    for words in answers:
        dialogue.hear(words)
    assert dialogue.offer(ENVELOPE).count(b"\r\n") == 1


@pytest.mark.parametrize("injected", [b"250 ok\r\n", b"25", b"\r\n", b"\x16\x03"])
def test_what_is_injected_before_the_handshake_ends_the_line(injected: bytes) -> None:
    together, apart = asks_for_tls(), asks_for_tls()
    together.hear(b"220 go\r\n" + injected)
    apart.hear(b"220 go\r\n")
    apart.hear(injected)
    for dialogue in (together, apart):
        assert dialogue.fault
        assert (dialogue.stage, dialogue.fault.phase) == ("over", "tls")


# -- whatever they say ---------------------------------------------------------------------------

SOME_ANSWERS = [
    *(b"220 hi\r\n", b"250 ok\r\n", b"250 2.0.0 taken\r\n", b"354 go\r\n", b"251 ok\r\n"),
    *(b"421 4.3.2 bye\r\n", b"450 4.2.0 later\r\n", b"550 5.1.1 no\r\n", b"503 5.5.1 who?\r\n"),
    *(
        b"250-a\r\n250 b\r\n",
        ALL,
        FEW,
        "550 用户不存在\r\n".encode(),
        b"235 ok\r\n",
        b"334 abcd\r\n",
    ),
    *(b"999 what\r\n", b"!!\r\n", b"25", b"\r\n", b"250-\r\n", b"\xff\xfe\x00", b"250\n"),
]
PLAUSIBLE = st.sampled_from(SOME_ANSWERS[:-6])
SECURITIES = st.sampled_from(
    [RELAY, replace(RELAY, security="starttls"), replace(RELAY, user="u", password="p")]
)


def cut(words: bytes, places: Iterable[int]) -> list[bytes]:
    ends = [0, *sorted({place % (len(words) + 1) for place in places}), len(words)]
    return [words[start:end] for start, end in itertools.pairwise(ends)]


@settings(max_examples=300, deadline=None)
@given(
    relay=SECURITIES,
    turns=st.lists(st.lists(PLAUSIBLE, min_size=3, max_size=3), max_size=12),
    listing=st.sampled_from([ALL, FEW]),
    places=st.lists(st.integers(0, 300), max_size=8),
)
def test_it_does_not_matter_where_their_bytes_are_cut(
    relay: Relay, turns: list[list[bytes]], listing: bytes, places: list[int]
) -> None:
    whole, pieces = Talk(relay), Talk(relay)
    for turn in [[b"220 hi\r\n"], [listing], *turns]:
        # As many answers as there are questions: what is said unasked depends on its moment.
        answers = turn[: len(whole.dialogue._awaited)]
        for answer in answers:
            whole.hears(answer)
            pieces.hears(*cut(answer, places))
    assert (pieces.said, pieces.receipts) == (whole.said, whole.receipts)
    assert pieces.dialogue.stage == whole.dialogue.stage


@settings(max_examples=500, deadline=None)
@given(
    relay=SECURITIES,
    start=st.sampled_from([(), (b"220 hi\r\n",), (b"220 hi\r\n", ALL), (b"220 hi\r\n", FEW)]),
    words=st.lists(st.one_of(st.sampled_from(SOME_ANSWERS), st.binary(max_size=40)), max_size=25),
)
def test_nothing_they_say_raises_or_makes_a_mail_taken_that_was_not(
    relay: Relay, start: tuple[bytes, ...], words: list[bytes]
) -> None:
    talk = Talk(relay).hears(*start)
    for each in words:
        is_dot, before = talk.dialogue.stage == "dot", len(talk.receipts)
        talk.hears(each)
        for receipt in talk.receipts[before:]:
            if receipt.phase == "done":
                assert is_dot
                assert receipt.code in range(200, 300)
    dots = talk.said.count(b".\r\n")
    begun = talk.dialogue.mails
    talk.ends()
    assert len(talk.receipts) == begun, "each mail that was begun has one receipt"
    assert sum(receipt.phase == "done" for receipt in talk.receipts) <= dots
