"""A provider's HTTP interface: one mail a request, and what its answers mean."""

import re
import socket
import ssl
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailUnsupportedFeature
from django.core.exceptions import ImproperlyConfigured

from tocsin.outbox.envelope import Envelope
from tocsin.outbox.transports.connection import Waits
from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.receipts import READ_ANSWER, named_in, redact, text_in
from tocsin.outbox.transports.request import DISPENSABLE, message_for
from tocsin.outbox.transports.sending import tell_when_sending
from tocsin.outbox.transports.smtp import WAITS
from tocsin.outbox.transports.threads import ThreadedLines
from tocsin.outbox.transports.ways import Provider
from tocsin.outbox.verdicts.retry import Phase, Receipt

LONGEST_SILENCE = 60.0  # seconds for an answer; nobody takes that long who still answers
MOST_DOUBTS = 3
"""In a row; then nothing more is said to that provider in this run, or all our mail is in doubt."""

ANSWERS: dict[str, tuple[Phase, int | None, str]] = {
    "3..|401|402|403|404|405|407": ("auth", 535, ""),
    "420|429": ("rcpt", 450, "4.7.1"),
    "413": ("dot", 552, "5.3.4"),
    # Taken or not taken: a failure of their own, a key seen before, an answer that cannot be read.
    "2..|408|409|425|5..": ("dot", None, ""),
    "4..": ("dot", 554, "5.6.0"),
}
"""What the number of an answer means, in the words of SMTP; the first line that fits decides."""

ABOUT_US = (
    r"\b(from|sender|signature|domain|account|credit\w*|billing|plan|subscription|approval"
    r"|token|api.?key|not verified|unverified|metadata|header)\b"
)
ABOUT_THE_RECIPIENT = (
    r"\b(to|recipients?)\b.{0,40}\b(invalid|not (a )?valid|malformed|illegal)"
    r"|\b(invalid|malformed|illegal|not (a )?valid)\b.{0,40}\b(to|recipients?)\b"
)
REFUSED: tuple[tuple[str, tuple[Phase, int, str]], ...] = (
    (ABOUT_US, ("dot", 503, "5.5.1")),
    (ABOUT_THE_RECIPIENT, ("rcpt", 550, "5.1.1")),
)
"""What a refused request was about: our account and what we asked for, or the recipient."""

STATUSES: dict[str, Receipt] = {
    "sent": Receipt("done", 250),
    "queued": Receipt("done", 250),
    "invalid": Receipt("rcpt", 550, "5.1.1", "the provider calls the address invalid"),
    "rejected": Receipt("rcpt", 550, "5.7.1", "suppressed by the provider"),
    "failed": Receipt("dot", 451, "4.3.0", "the provider could not send it"),
}
"""What became of the one recipient, in anymail's words; whatever else it says leaves a doubt."""


class ProviderLines(ThreadedLines):
    """Lines to a provider, a session each."""

    def __init__(self, provider: Provider, *, connections: int, waits: Waits = WAITS) -> None:
        doubts = Doubts()
        super().__init__(
            lambda: ProviderLine(provider, doubts=doubts, waits=waits), connections=connections
        )


class Doubts:
    """How often in a row the provider left us in doubt, on whichever line."""

    def __init__(self) -> None:
        self.in_a_row = 0

    def note(self, receipt: Receipt) -> None:
        """Count a doubt; a clear answer ends the row, a line that is down says nothing."""
        if receipt.phase == "dot" and receipt.code is None:
            self.in_a_row += 1
        elif receipt.code is not None:
            self.in_a_row = 0


class ProviderLine:
    """One session with a provider. `phase` is "dot" from the first byte of a request on."""

    def __init__(self, provider: Provider, *, doubts: Doubts, waits: Waits = WAITS) -> None:
        self.phase: Phase = "connect"
        self._provider = provider
        self._doubts = doubts
        self._waits = waits
        self._without: set[str] = set()
        self._backend: Any = None

    def open(self) -> Receipt | None:
        """Make ready to ask, and see whether somebody is there."""
        return self._made_ready() or self._unreachable()

    def hand_over(self, envelope: Envelope) -> Receipt:
        """Ask for one mail to be sent."""
        if fault := self._made_ready():
            return fault
        if self._doubts.in_a_row >= MOST_DOUBTS:
            return Receipt("connect", None, "", "no clear answers: nothing more is asked for now")
        self.phase = "connect"
        receipt = self._asked(envelope)
        self._doubts.note(receipt)
        return receipt

    def drop(self) -> None:
        """Hang up."""
        if self._backend:
            self._backend.close()
        self._backend = None

    def _made_ready(self) -> Receipt | None:
        if self._backend:
            return None
        self.phase = "connect"
        silence = min(self._waits.dot, LONGEST_SILENCE)
        try:
            backend = import_module(f"anymail.backends.{self._provider.esp}").EmailBackend(
                **self._provider.settings,
                timeout=(self._waits.connect, silence),
                ignore_recipient_status=True,
            )
            backend.open()
        except ImproperlyConfigured:
            return Receipt("auth", None, "", "the account is not complete in the settings")
        if session := getattr(backend, "session", None):
            tell_when_sending(session, self._note_sending)
        self._backend = backend
        return None

    def _unreachable(self) -> Receipt | None:
        """That nobody is there, noticed before any mail has a part in it."""
        parts = urlsplit(getattr(self._backend, "api_url", ""))
        if not parts.hostname:
            return None
        port = parts.port or {"http": 80}.get(parts.scheme, 443)
        try:
            socket.create_connection((parts.hostname, port), self._waits.connect).close()
        except OSError as error:
            return Receipt("connect", None, "", type(error).__name__)
        return None

    def _note_sending(self) -> None:
        self.phase = "dot"

    def _asked(self, envelope: Envelope) -> Receipt:
        esp = ESPS[self._provider.esp]
        if esp.once == "header":
            self._backend.session.headers["Idempotency-Key"] = envelope.ref.partition(".")[0]
        while True:
            message = message_for(envelope, esp=esp, without=self._without)
            try:
                self._backend.send_messages([message])
            except AnymailUnsupportedFeature as error:
                # Said before anything is sent: ask again without, if we can.
                feature = str(error.args[0]).rpartition(" does not support ")[2]
                if feature not in DISPENSABLE or feature in self._without:
                    return _unfit(error, envelope)
                self._without.add(feature)
            except AnymailAPIError as error:
                return self._answered(error, envelope)
            except AnymailError as error:
                return _unfit(error, envelope)
            else:
                return _accepted(message, envelope)

    def _answered(self, error: AnymailAPIError, envelope: Envelope) -> Receipt:
        response = getattr(error, "response", None)
        if response is None:
            causes = list(_causes(error))
            words = ", ".join(dict.fromkeys(type(each).__name__ for each in causes))
            if "TooManyRedirects" in words:
                return Receipt("auth", 535, "", "the provider sends us elsewhere")
            if self.phase == "connect" and any(isinstance(each, ssl.SSLError) for each in causes):
                return Receipt("tls", None, "", words)
            return Receipt(self.phase, None, "", words)
        return _judged(response, envelope)


def _judged(response: Any, envelope: Envelope) -> Receipt:
    status = str(response.status_code)
    words = _words(response)
    phase, code, enhanced = next(
        meaning for pattern, meaning in ANSWERS.items() if re.fullmatch(pattern, status)
    )
    if enhanced == "5.6.0":
        phase, code, enhanced = next(
            (meaning for pattern, meaning in REFUSED if re.search(pattern, words, re.IGNORECASE)),
            (phase, code, enhanced),
        )
    heard = f"HTTP {status} {words}"
    if code == 450:
        heard = f"rate: {heard} retry after {response.headers.get('Retry-After', '')}"
    return Receipt(
        phase,
        code,
        enhanced,
        redact(heard, names=named_in(envelope), said=text_in(envelope)),
        heard=heard,
    )


def _accepted(message: Any, envelope: Envelope) -> Receipt:
    """They answered: what became of the one recipient."""
    status = message.anymail_status
    response = status.esp_response
    told = {address.lower(): each.status for address, each in status.recipients.items()}
    said = told.get(envelope.recipient.lower(), "unknown")
    if said not in STATUSES and getattr(response, "status_code", 0) >= 400:
        return _judged(response, envelope)
    receipt = STATUSES.get(
        said, Receipt("dot", None, "", "the answer does not say what became of it")
    )
    if receipt.code != 250:
        return receipt
    # What stands behind the sign is a domain; the whole would be taken for an address.
    name = str(status.message_id).strip("<>").partition("@")[0]
    return Receipt("done", 250, "", redact(f"taken as {name}", names=named_in(envelope)))


def _unfit(error: AnymailError, envelope: Envelope) -> Receipt:
    """The mail cannot be said in the words of this provider; nothing was sent."""
    words = f"{type(error).__name__}: {error.args[0] if error.args else ''}"
    return Receipt(
        "dot",
        554,
        "5.6.0",
        redact(words, names=named_in(envelope), said=text_in(envelope)),
        heard="",
    )


def _words(response: Any) -> str:
    """What an answer says, without the marks of its notation."""
    text = str(response.text)[:READ_ANSWER]
    try:
        found = " ".join(_strings(response.json()))
    except (ValueError, RecursionError):
        found = re.sub(r"<[^>]*>", " ", text)
    return " ".join(found.split())[:READ_ANSWER]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str):
        yield value


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and those it came from, as far as they go."""
    seen: list[BaseException] = []
    waiting: list[Any] = [error]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, BaseException) and each not in seen:
            seen.append(each)
            waiting += [each.__cause__, getattr(each, "reason", None), *each.args]
            yield each
