"""The habits of difficult mail servers: how they answer, and what they do instead."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class HangUp:
    """Instead of an answer, or together with its last word: the connection is closed."""

    last_word: bytes = b""


@dataclass(frozen=True)
class Reset(HangUp):
    """As hanging up, but without the courtesy: whatever is on its way is lost."""


@dataclass(frozen=True)
class KeepSilent(HangUp):
    """Nothing, or nothing after a last word, until the other side gives up."""


@dataclass(frozen=True)
class Slowly:
    """An answer that comes late, and in pieces of so many bytes, each after a pause."""

    words: bytes
    late: float = 0.0
    piece: int = 0  # none: all in one
    pause: float = 0.0


@dataclass(frozen=True)
class InTurn:
    """One answer after the other to those who ask again on the same connection."""

    answers: tuple[bytes, ...]


Answer = bytes | HangUp | Slowly | InTurn

SILENCE = KeepSilent()
BREAKS_OFF = HangUp()
RESETS = Reset()


@dataclass(frozen=True)
class Habit:
    """What the office says at each step; what is not named is said politely.

    The steps up to the login are those of a connection, the others those of a mail.
    """

    greeting: Answer = b"220 post.test ESMTP\r\n"
    offers: tuple[bytes, ...] = (b"8BITMIME", b"SIZE 10000000")
    ehlo: Answer = b""  # empty: the offers
    helo: Answer = b"250 post.test\r\n"
    starttls: Answer = b"220 2.0.0 go ahead\r\n"
    auth: Answer = b"235 2.7.0 welcome\r\n"
    mail: Answer = b"250 2.1.0 ok\r\n"
    rcpt: Answer = b"250 2.1.5 ok\r\n"
    data: Answer = b"354 go ahead\r\n"
    body: Answer = b""  # after its first line, unasked; empty: nothing
    dot: Answer = b"250 2.0.0 taken\r\n"
    rset: Answer = b"250 2.0.0 ok\r\n"
    takes: bool = True  # whether the mail is kept although the answer is not a plain 250
    minds: bool = True  # whether DATA is refused to whoever has no recipient


POLITE = Habit()


def offering(*offers: bytes) -> Habit:
    """A polite office that offers these extensions."""
    return replace(POLITE, offers=offers)


def pipelining(habit: Habit) -> Habit:
    """The same habit in an office that takes several commands at once."""
    return replace(habit, offers=(b"PIPELINING", *habit.offers))


def slowly(*, late: float = 0.0, piece: int = 0, pause: float = 0.0) -> Habit:
    """A polite office that takes its time for every answer."""

    def slow(words: Answer) -> Slowly:
        assert isinstance(words, bytes)
        return Slowly(words, late=late, piece=piece, pause=pause)

    return Habit(
        greeting=slow(POLITE.greeting),
        ehlo=slow(b"250-post.test\r\n250-8BITMIME\r\n250 SIZE 10000000\r\n"),
        mail=slow(POLITE.mail),
        rcpt=slow(POLITE.rcpt),
        data=slow(POLITE.data),
        dot=slow(POLITE.dot),
    )


AT_THE_DOOR = {
    "hangs up at once": Habit(greeting=BREAKS_OFF),
    "resets at once": Habit(greeting=RESETS),
    "keeps silent at the door": Habit(greeting=SILENCE),
    "greets with garbage": Habit(greeting=b"\x00\xff\x00 SSH-2.0 hello\r\n"),
    "greets without an end": Habit(greeting=KeepSilent(b"220-post.test\r\n")),
    "is closed": Habit(greeting=b"554 5.3.2 no SMTP service here\r\n"),
    "is busy at the door": Habit(greeting=b"421 4.3.2 too many connections\r\n"),
    "says two things at the door": Habit(greeting=b"220 post.test\r\n250 and more\r\n"),
    "speaks no EHLO": Habit(ehlo=b"502 5.5.1 what?\r\n"),
    "speaks neither EHLO nor HELO": Habit(ehlo=b"502 what?\r\n", helo=b"502 5.5.1 what?\r\n"),
    "hangs up at EHLO": Habit(ehlo=BREAKS_OFF),
    "keeps silent at EHLO": Habit(ehlo=SILENCE),
    "closes with 421 at EHLO": Habit(ehlo=HangUp(b"421 4.3.2 shutting down\r\n")),
    "lists garbage": Habit(
        ehlo=b"250-post.test\r\n250-\r\n250-=\r\n250-\xff\xfe\r\n250-SIZE many\r\n250-SIZE=\r\n"
        b"250-AUTH=LOGIN\r\n250-pipe lining\r\n250 8bitmime  \r\n"
    ),
    "offers too little room": offering(b"SIZE 10"),
}

BEFORE_THE_BODY = {
    "defers the sender": Habit(mail=b"451 4.3.0 queue file write error\r\n"),
    "refuses the sender": Habit(mail=b"550 5.7.1 sender address rejected\r\n"),
    "wants a login late": Habit(mail=b"530 5.7.0 authentication required\r\n"),
    "closes with 421 at MAIL": Habit(mail=HangUp(b"421 4.4.2 timeout\r\n")),
    "hangs up at MAIL": Habit(mail=BREAKS_OFF),
    "keeps silent at MAIL": Habit(mail=SILENCE),
    "greylists": Habit(rcpt=b"450 4.2.0 <{to}>: greylisted, come back later\r\n"),
    "slows us down": Habit(rcpt=b"450 4.7.1 too many messages, slow down\r\n"),
    "knows nobody": Habit(rcpt=b"550 5.1.1 <{to}>: user {local} unknown\r\n"),
    "knows the first and nobody else": Habit(rcpt=InTurn((b"250 ok\r\n", b"550 5.1.1 no\r\n"))),
    "knows nobody and wants the body": Habit(rcpt=b"550 5.1.1 no {local}\r\n", minds=False),
    "defers the sender and wants the body": Habit(mail=b"451 4.3.0 later\r\n", minds=False),
    "refuses the recipient": Habit(rcpt=b"550 no\r\n"),
    "has a full mailbox": Habit(rcpt=b"452 4.2.2 mailbox full\r\n"),
    "has a full mailbox for ever": Habit(rcpt=b"552 5.2.2 over quota\r\n"),
    "lists us": Habit(rcpt=b"554 5.7.1 blocked using rbl.test\r\n"),
    "hangs up at RCPT": Habit(rcpt=BREAKS_OFF),
    "keeps silent at RCPT": Habit(rcpt=SILENCE),
    "resets at RCPT": Habit(rcpt=RESETS),
    "closes with 421 at RCPT": Habit(rcpt=HangUp(b"421 4.3.2 shutting down\r\n")),
    "misunderstands us": Habit(rcpt=b"500 5.5.2 syntax error\r\n"),
    "answers RCPT in many lines": Habit(rcpt=b"450-4.2.0 a\r\n450-4.2.0 b\r\n450 4.2.0 c\r\n"),
    "answers RCPT in no language": Habit(rcpt=b"450 4.2.0 \xff\xfe\x00\x07 \xe7\x8e\x8b\r\n"),
    "answers RCPT in many scripts": Habit(
        rcpt="550-5.1.1 用户不存在\r\n550-5.1.1 المستخدم غير موجود\r\n"
        "550-5.1.1 нет такого\r\n550 5.1.1 ユーザー不明\r\n".encode()
    ),
    "answers RCPT with a megabyte": Habit(rcpt=b"450-4.2.0 a\r\n" * 80_000 + b"450 4.2.0 z\r\n"),
    "answers RCPT with one long line": Habit(rcpt=b"450 4.2.0 " + b"a" * 1_000_000 + b"\r\n"),
    "answers RCPT without an end": Habit(rcpt=b"450-a\r\n" * 700_000),
    "answers RCPT with garbage": Habit(rcpt=b"!!\x00garbage\r\n"),
    "answers RCPT with an unknown code": Habit(rcpt=b"999 what a day\r\n"),
    "answers RCPT twice": Habit(rcpt=b"250 ok\r\n250 ok\r\n"),
    "answers RCPT a byte at a time": Habit(rcpt=Slowly(b"450 4.2.0 no\r\n", piece=1, pause=0.01)),
    "defers at DATA": Habit(data=b"451 4.3.1 no space\r\n"),
    "refuses at DATA": Habit(data=b"554 5.6.0 no valid recipients\r\n"),
    "accepts instead of asking for the body": Habit(data=b"250 2.0.0 ok\r\n"),
    "hangs up at DATA": Habit(data=BREAKS_OFF),
    "keeps silent at DATA": Habit(data=SILENCE),
    "closes with 421 at DATA": Habit(data=HangUp(b"421 4.3.2 shutting down\r\n")),
    "never resets": Habit(rcpt=b"450 4.2.0 later\r\n", rset=BREAKS_OFF),
    "refuses to reset": Habit(rcpt=b"450 4.2.0 later\r\n", rset=b"502 5.5.1 what?\r\n"),
}

BODY_AND_DOT = {
    "hangs up before the dot": Habit(data=HangUp(b"354 go ahead\r\n")),
    "asks for the body and says goodbye": Habit(data=b"354 go ahead\r\n421 4.3.0 bye\r\n"),
    "stops reading the body": Habit(body=SILENCE),
    "hangs up in the body": Habit(body=BREAKS_OFF),
    "resets in the body": Habit(body=RESETS),
    "says goodbye in the body": Habit(body=HangUp(b"421 4.3.2 shutting down\r\n")),
    "defers after the dot": Habit(dot=b"451 4.3.0 try later\r\n", takes=False),
    "closes with 421 after the dot": Habit(dot=HangUp(b"421 4.3.0 bye\r\n"), takes=False),
    "takes it for spam": Habit(dot=b"554 5.7.1 looks like spam\r\n", takes=False),
    "refuses without a reason after the dot": Habit(dot=b"550 no\r\n", takes=False),
    "finds it too big": Habit(dot=b"552 5.3.4 message too big\r\n", takes=False),
    "hangs up after the dot": Habit(dot=BREAKS_OFF, takes=False),
    "resets after the dot": Habit(dot=RESETS, takes=False),
    "takes it and hangs up": Habit(dot=BREAKS_OFF),
    "takes it and resets": Habit(dot=RESETS),
    "takes it and keeps silent": Habit(dot=SILENCE),
    "takes it and answers half": Habit(dot=KeepSilent(b"250-2.0.0 tak")),
    "takes it and answers garbage": Habit(dot=b"\xf0\x9f\x98\x80\r\n"),
    "takes it and asks for more": Habit(dot=b"354 go ahead\r\n"),
    "takes it and says so in many lines": Habit(dot=b"250-2.0.0 a\r\n250 2.0.0 b\r\n"),
    "takes it and says so in a megabyte": Habit(dot=b"250-a\r\n" * 150_000 + b"250 z\r\n"),
    "takes it and says so in Chinese": Habit(dot="250 2.0.0 已接收\r\n".encode()),
    "takes it and says so late": Habit(dot=Slowly(b"250 2.0.0 taken\r\n", late=0.5)),
    "takes it and says so twice": Habit(dot=b"250 2.0.0 taken\r\n250 2.0.0 taken\r\n"),
    "takes it and says 251": Habit(dot=b"251 2.0.0 forwarded\r\n"),
    "takes it and leaves": Habit(dot=HangUp(b"250 2.0.0 taken\r\n")),
}

LOGIN_AND_TLS = {
    "refuses the password": Habit(auth=b"535 5.7.8 bad credentials\r\n", offers=(b"AUTH PLAIN",)),
    "hangs up at the password": Habit(auth=BREAKS_OFF, offers=(b"AUTH PLAIN",)),
    "keeps silent at the password": Habit(auth=SILENCE, offers=(b"AUTH PLAIN",)),
    "asks for the password": Habit(offers=(b"AUTH PLAIN LOGIN",)),
    "offers no login": POLITE,
    "offers no TLS": POLITE,
    "refuses TLS": Habit(starttls=b"454 4.7.0 TLS not available\r\n", offers=(b"STARTTLS",)),
    "hangs up at STARTTLS": Habit(starttls=BREAKS_OFF, offers=(b"STARTTLS",)),
    "keeps silent at STARTTLS": Habit(starttls=SILENCE, offers=(b"STARTTLS",)),
    "keeps silent in the handshake": Habit(
        starttls=KeepSilent(b"220 2.0.0 go ahead\r\n"), offers=(b"STARTTLS",)
    ),
    "garbles TLS": Habit(starttls=HangUp(b"220 2.0.0 go ahead\r\n"), offers=(b"STARTTLS",)),
    "injects before TLS": Habit(
        starttls=b"220 go\r\n250-hi\r\n250 AUTH\r\n", offers=(b"STARTTLS",)
    ),
    "speaks TLS": Habit(offers=(b"STARTTLS",)),
}

HABITS = {
    "accepts": POLITE,
    "speaks a byte at a time": slowly(piece=1),
    "speaks in pieces": slowly(piece=7, pause=0.005),
    "answers late": slowly(late=0.05),
    **AT_THE_DOOR,
    **BEFORE_THE_BODY,
    **BODY_AND_DOT,
    **LOGIN_AND_TLS,
}
"""Every difficult habit by name."""
