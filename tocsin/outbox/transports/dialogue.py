"""The conversation of one SMTP connection: what they said in, what we say next out."""

import base64
import binascii
import hmac
import re
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from tocsin.outbox.transports.receipts import Ear, Garbled, receipt_of
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.verdicts.retry import Phase, Receipt

if TYPE_CHECKING:
    from tocsin.outbox.envelope import Envelope

Stage = Literal["opening", "securing", "ready", "asking", "body", "dot", "leaving", "over"]
Hearing = Callable[[int, bytes], bytes]
"""What follows from the answer to one command: the next words."""

SURPLUS = "more answers than questions"
NOT_OFFERED = 504
NOT_IN_AN_ADDRESS = frozenset(" <>")
KNOWN_LOGINS = ("PLAIN", "LOGIN", "CRAM-MD5")
# Written so that the search leaps from line end to line end.
LONE_LINE_FEED = re.compile(rb"\n(?<!\r\n)")
LEADING_DOT = re.compile(rb"\n\.")


class Dialogue:
    """A state machine without a wire: bytes in, bytes out, `stage` says what is to be done.

    securing: shake hands, then `secured()`. ready: `offer()` a mail, or `bid_farewell()`.
    body: once the body has left this machine, `say_dot()`. over: hang up. In all the others:
    `hear()`. A mail has ended when `take_receipt()` gives its receipt; `phase` is that of the
    first word without an answer, and no answer at all is told to `break_off()`.
    """

    def __init__(self, relay: Relay, *, name: str) -> None:
        """`name` is how we introduce ourselves: never the name of the machine."""
        self.stage: Stage = "opening"
        self.phase: Phase = "connect"
        self.mails = 0  # that were offered
        self.answers = 0  # that were heard to their end
        self.fault: Receipt | None = None
        """Why it is over, if no mail is to blame."""
        self._relay = relay
        self._name = checked_argument(name)
        self._ear = Ear()
        self._awaited: deque[tuple[Phase, Hearing]] = deque()
        self._unsaid: deque[tuple[Phase, bytes, Hearing]] = deque()
        self._offers: dict[str, str] = {}
        self._is_greeted = self._is_secured = False
        self._logins: list[str] = []
        self._envelope: Envelope | None = None
        self._body = b""
        self._refusal: Receipt | None = None
        self._receipt: Receipt | None = None
        self._is_recipient_taken = self._must_reset = False

    # -- what happens to the line ----------------------------------------------------------------

    def connected(self) -> None:
        """The connection stands."""
        if self._relay.security == "tls":
            self.stage, self.phase = "securing", "tls"
        else:
            self._await("connect", self._at_greeting)

    def secured(self) -> bytes:
        """Hands were shaken; of the words in clear nothing is left, as a surplus ends the line."""
        self.stage, self._is_secured = "opening", True
        if self._is_greeted:
            return self._introduce("tls")  # what was said before is worth nothing
        self._await("connect", self._at_greeting)
        return b""

    def hear(self, words: bytes) -> bytes:
        """They said this, or a part of something; what we say to it."""
        if self.stage == "over":
            return b""
        # Nothing in these bytes can answer what is only said because of them.
        due, phase, said = len(self._awaited), self.phase, b""
        try:
            for code, text in self._ear.hear(words):
                if not due:
                    return self._hear_surplus(phase, code, text)
                due -= 1
                phase = self.phase
                said += self._hear_answer(code, text)
                if self._is_over():
                    return b""
        except Garbled as error:
            self._break_off_at(self.phase if due else phase, str(error))
            return b""
        return self._hear_surplus(phase) if not due and self._ear.is_amid() else said

    def break_off(self, why: str, code: int | None = None) -> None:
        """The line is lost, or given up: whoever has a mail in hand gets its receipt now."""
        if self.stage == "over":
            return
        self.stage = "over"
        if self._envelope is not None:
            self._receipt = self._refusal or receipt_of(self.phase, code, why, about=self._envelope)
            self._envelope, self._body = None, b""
        elif self._receipt is None:
            secrets = {self._relay.user, self._relay.password} - {""}
            self.fault = receipt_of(self.phase, code, why, secrets=secrets)

    def bid_farewell(self) -> bytes:
        """Say that we go; only when ready."""
        self.stage = "leaving"
        self._await(self.phase, self._at_quit)
        return b"QUIT\r\n"

    # -- one mail --------------------------------------------------------------------------------

    def offer(self, envelope: "Envelope") -> bytes:
        """Begin with a mail; only when ready. Raises ValueError as `checked_argument` does."""
        sender, recipient = checked_argument(envelope.sender), checked_argument(envelope.recipient)
        mail = with_line_ends(envelope.mail)
        parameters = ""
        if not (sender + recipient).isascii():
            if "SMTPUTF8" not in self._offers:
                self._receipt = Receipt("mail", 553, "5.6.7", "the relay does not offer SMTPUTF8")
                return b""
            parameters = " SMTPUTF8"
        if "SIZE" in self._offers:
            most = self._offers["SIZE"]
            if re.fullmatch("[0-9]{1,20}", most) and 0 < int(most) < len(mail):
                text = f"the relay takes no mail above {int(most)} bytes"
                self._receipt = Receipt("mail", 552, "5.3.4", text)
                return b""
            parameters += f" SIZE={len(mail)}"
        self.mails += 1
        self.stage, self._envelope, self._body = "asking", envelope, dots_doubled(mail)
        self._refusal, self._is_recipient_taken = None, False
        if self._must_reset:
            self._unsaid.append(("mail", b"RSET\r\n", self._at_rset))
        self._unsaid.extend(
            (
                ("mail", f"MAIL FROM:<{sender}>{parameters}\r\n".encode(), self._at_mail),
                ("rcpt", f"RCPT TO:<{recipient}>\r\n".encode(), self._at_rcpt),
                ("data", b"DATA\r\n", self._at_data),
            )
        )
        return self._say_next()

    def say_dot(self) -> bytes:
        """The body has left: say that it is complete; only at stage body."""
        self.stage = "dot"
        self._await("dot", self._at_dot)
        return b".\r\n"

    def take_receipt(self) -> Receipt | None:
        """The receipt of the mail that has ended, once."""
        receipt, self._receipt = self._receipt, None
        return receipt

    # -- hearing ---------------------------------------------------------------------------------

    def _hear_answer(self, code: int, text: bytes) -> bytes:
        self.answers += 1
        _, follow = self._awaited.popleft()
        said = follow(code, text)
        if self._awaited:
            self.phase = self._awaited[0][0]
        return said

    def _hear_surplus(self, phase: Phase, code: int | None = None, text: bytes = b"") -> bytes:
        """Never to be taken for the answer to the next command, nor for a word under TLS.

        `phase` is that of the last answer: what was to be said after it was not said.
        """
        if self.stage == "body" and phase == "body" and code is not None and 400 <= code < 600:
            self.break_off(text.decode(errors="replace"), code)
        else:
            self._break_off_at(phase, SURPLUS)
        return b""

    def _break_off_at(self, phase: Phase, why: str) -> None:
        self.phase = phase
        self.break_off(why)

    def _is_over(self) -> bool:
        return self.stage == "over"

    def _await(self, phase: Phase, follow: Hearing) -> None:
        self._awaited.append((phase, follow))
        self.phase = self._awaited[0][0]

    def _say_next(self) -> bytes:
        """The next command; all of them at once to whoever offers PIPELINING."""
        said = b""
        while self._unsaid:
            phase, words, follow = self._unsaid.popleft()
            self._await(phase, follow)
            said += words
            if "PIPELINING" not in self._offers:
                break
        return said

    # -- opening: greeting, introduction, security, login ----------------------------------------

    def _at_greeting(self, code: int, text: bytes) -> bytes:
        if code != 220:
            return self._fault(code, text)
        self._is_greeted = True
        return self._introduce("connect")

    def _introduce(self, phase: Phase) -> bytes:
        self._offers = {}
        self._await(phase, self._at_ehlo)
        return f"EHLO {self._name}\r\n".encode()

    def _at_ehlo(self, code: int, text: bytes) -> bytes:
        if code == 421:
            return self._fault(code, text)
        if not 200 <= code < 300:
            self._await(self.phase, self._at_helo)
            return f"HELO {self._name}\r\n".encode()
        self._offers = offers_in(text)
        return self._go_on()

    def _at_helo(self, code: int, text: bytes) -> bytes:
        return self._go_on() if 200 <= code < 300 else self._fault(code, text)

    def _go_on(self) -> bytes:
        """Introduced: what else is due before the first mail."""
        if self._relay.security == "starttls" and not self._is_secured:
            self.phase = "tls"
            if "STARTTLS" not in self._offers:
                return self._fault(None, b"the relay does not offer STARTTLS")
            self._await("tls", self._at_starttls)
            return b"STARTTLS\r\n"
        if self._relay.user:
            self.phase = "auth"
            offered = self._offers.get("AUTH", "").upper().split()
            self._logins = [each for each in KNOWN_LOGINS if each in offered]
            return self._log_in(None, b"the relay offers no login that we know")
        return self._be_ready()

    def _at_starttls(self, code: int, text: bytes) -> bytes:
        if code != 220:
            return self._fault(code, text)
        self.stage = "securing"
        return b""

    def _log_in(self, code: int | None, text: bytes) -> bytes:
        """Try the next way; if none is left, code and text are the end of it."""
        user, password = self._relay.user, self._relay.password
        if not self._logins:
            return self._fault(code, text)
        match self._logins.pop(0):
            case "PLAIN":
                self._await("auth", self._at_login)
                return b"AUTH PLAIN " + _base64(f"\0{user}\0{password}") + b"\r\n"
            case "LOGIN":
                self._await("auth", self._at_login_name)
                return b"AUTH LOGIN\r\n"
            case _:
                self._await("auth", self._at_challenge)
                return b"AUTH CRAM-MD5\r\n"

    def _at_login(self, code: int, text: bytes) -> bytes:
        if code == 235:
            return self._be_ready()
        return self._log_in(code, text) if code == NOT_OFFERED else self._fault(code, text)

    def _at_login_name(self, code: int, text: bytes) -> bytes:
        if code != 334:
            return self._at_login(code, text)
        self._await("auth", self._at_login_word)
        return _base64(self._relay.user) + b"\r\n"

    def _at_login_word(self, code: int, text: bytes) -> bytes:
        if code != 334:
            return self._at_login(code, text)
        self._await("auth", self._at_login)
        return _base64(self._relay.password) + b"\r\n"

    def _at_challenge(self, code: int, text: bytes) -> bytes:
        if code != 334:
            return self._at_login(code, text)
        try:
            challenge = base64.b64decode(text)
        except binascii.Error:
            return self._fault(code, b"a challenge that is none")
        proof = hmac.new(self._relay.password.encode(), challenge, "md5").hexdigest()
        self._await("auth", self._at_login)
        return _base64(f"{self._relay.user} {proof}") + b"\r\n"

    def _be_ready(self) -> bytes:
        # Whatever goes wrong from here on is about the next mail, not about the line.
        self.stage, self.phase = "ready", "mail"
        return b""

    def _fault(self, code: int | None, text: bytes) -> bytes:
        self.break_off(text.decode(errors="replace"), code)
        return b""

    # -- answers about one mail ------------------------------------------------------------------

    def _at_rset(self, code: int, text: bytes) -> bytes:
        if code != 250:
            # About the mail before this one: nobody has judged this one yet.
            return self._fault(421 if code == 421 else None, text)
        return self._say_next()

    def _at_mail(self, code: int, text: bytes) -> bytes:
        return self._say_next() if code == 250 else self._refuse(code, text)

    def _at_rcpt(self, code: int, text: bytes) -> bytes:
        self._is_recipient_taken = 200 <= code < 300
        if self._refusal or code not in (250, 251):
            return self._refuse(code, text)
        return self._say_next()

    def _at_data(self, code: int, text: bytes) -> bytes:
        if code != 354:
            return self._refuse(code, text)
        if not self._refusal:
            self.stage = self.phase = "body"
            return self._body
        if self._is_recipient_taken:
            # They said no, and want it all the same: an empty mail must not reach anybody.
            return self._fault(None, text)
        self._await("data", self._refuse)
        return b".\r\n"

    def _at_dot(self, code: int, text: bytes) -> bytes:
        if not 200 <= code < 300:
            return self._refuse(code, text)
        self._end(receipt_of("done", code, text, about=self._envelope))
        return b""

    def _refuse(self, code: int, text: bytes) -> bytes:
        """They said no, or speak of a mail that they said no to before: the first no counts."""
        first = self._refusal is None
        if self._refusal is None:
            self._refusal = receipt_of(self.phase, code, text, about=self._envelope)
        self._unsaid.clear()
        if code == 421 or (first and not 400 <= code < 600):
            self.break_off("")
        elif not self._awaited:
            self._end(self._refusal)
        return b""

    def _end(self, receipt: Receipt) -> None:
        self._must_reset = receipt.phase != "done"
        self._receipt, self._envelope, self._body, self._refusal = receipt, None, b"", None
        self._be_ready()

    def _at_quit(self, _: int, __: bytes) -> bytes:
        self.stage = "over"
        return b""


def checked_argument(word: str) -> str:
    """A word that cannot end its command early; one that could is a bug of ours: ValueError."""
    if not word or not word.isprintable() or not NOT_IN_AN_ADDRESS.isdisjoint(word):
        raise ValueError("not an address for an envelope")
    return word


def with_line_ends(mail: bytes) -> bytes:
    """The mail with CRLF at the end of each line, the last one included."""
    if mail.count(b"\n") != mail.count(b"\r") or LONE_LINE_FEED.search(mail):
        mail = re.sub(rb"\r\n|\r|\n", b"\r\n", mail)
    return mail if mail.endswith(b"\r\n") else mail + b"\r\n"


def dots_doubled(mail: bytes) -> bytes:
    """The mail as it travels: a dot that begins a line is doubled."""
    doubled = mail.replace(b"\n.", b"\n..") if LEADING_DOT.search(mail) else mail
    return b"." + doubled if doubled.startswith(b".") else doubled


def offers_in(text: bytes) -> dict[str, str]:
    """The extensions of an answer to EHLO, and what stands behind them; garbage is passed over."""
    offers: dict[str, str] = {}
    for line in text.decode(errors="replace").split("\n")[1:]:
        if found := re.match(r"\s*([A-Za-z0-9][A-Za-z0-9-]*)(?:[ =]+(.*))?\s*$", line):
            name, value = found[1].upper(), (found[2] or "").strip()
            # Some list their logins twice: "AUTH=…" is for clients older than the standard.
            offers[name] = f"{offers.get(name, '')} {value}".strip() if name == "AUTH" else value
    return offers


def _base64(words: str) -> bytes:
    return base64.b64encode(words.encode())
