"""Origins of other people's sites, as a browser compares them: https, a name, perhaps a port."""

import re
from enum import Enum, auto
from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1")
"""Where http is enough: nothing travels."""

MOST = 20
"""So many origins of one partner: more do not fit well into a header."""

HTTP, HTTPS = "http", "https"
PORTS = {HTTP: 80, HTTPS: 443}

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{4,253}}$)({_LABEL}\.)+(?=[a-z]){_LABEL}")


class Why(Enum):
    """What is wrong with a line that should be an origin."""

    NONE = auto()
    TOO_MANY = auto()
    STAR = auto()
    NOT_HTTPS = auto()
    MORE_THAN_AN_ORIGIN = auto()
    NO_NAME = auto()
    NO_PORT = auto()


class NoOrigin(ValueError):
    """A line that is no origin: `line` as it was written, and `why`."""

    def __init__(self, why: Why, line: str = "") -> None:
        super().__init__(f"{why.name}: {line}")
        self.why, self.line = why, line


def read_origins(text: str) -> tuple[str, ...]:
    """The origins in a text, one a line, each once, as browsers write them; raises NoOrigin."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise NoOrigin(Why.NONE)
    if len(lines) > MOST:
        raise NoOrigin(Why.TOO_MANY)
    return tuple(dict.fromkeys(read_origin(line) for line in lines))


def read_origin(line: str) -> str:
    """One origin as a browser writes it; raises NoOrigin.

    A slash at the end is none of it and does no harm. Nothing that could end a directive of a
    Content-Security-Policy, or let in more than one site, passes.
    """
    if "*" in line:
        raise NoOrigin(Why.STAR, line)
    try:
        parts = urlsplit(line)
        port = parts.port
    except ValueError:  # it says so of a port that is no number, and of a broken bracket
        raise NoOrigin(Why.NO_PORT, line) from None
    if parts.scheme not in PORTS or not parts.netloc:
        raise NoOrigin(Why.NOT_HTTPS, line)
    if parts.path not in ("", "/") or "@" in parts.netloc or "?" in line or "#" in line:
        raise NoOrigin(Why.MORE_THAN_AN_ORIGIN, line)
    host = _ascii(parts.hostname or "", line)
    if parts.scheme != HTTPS and host not in LOOPBACK:
        raise NoOrigin(Why.NOT_HTTPS, line)
    if not _NAME.fullmatch(host) and host not in LOOPBACK:
        raise NoOrigin(Why.NO_NAME, line)
    if port == 0 or parts.netloc.endswith(":"):
        raise NoOrigin(Why.NO_PORT, line)
    own_port = port and port != PORTS[parts.scheme]
    return f"{parts.scheme}://{host}:{port}" if own_port else f"{parts.scheme}://{host}"


def _ascii(host: str, line: str) -> str:
    """The name as it is looked up: one in another script has a name in ASCII."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NoOrigin(Why.NO_NAME, line) from None
