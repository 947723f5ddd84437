"""Where our mail goes first: the relay, as named in the settings."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urlsplit

Security = Literal["none", "starttls", "tls"]
SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
"""What the scheme of the address says: how the line is secured, which port if none is named."""


LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""Where a line that is not secured ends on this machine."""


@dataclass(frozen=True)
class Relay:
    """An SMTP server that takes our mail; without a user we do not log in."""

    host: str
    port: int
    security: Security = "none"
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def stays_here(self) -> bool:
        """Whether what we hand over stays on this machine, as far as we can see."""
        return self.host in LOOPBACK

    @classmethod
    def from_url(cls, url: str) -> "Relay":
        """Read `smtp://[user:password@]host[:port]`; raises ValueError with a sentence."""
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES:
            raise ValueError(f"must begin with {', '.join(f'{s}://' for s in SCHEMES)}")
        if not parts.hostname or parts.path.strip("/") or parts.query:
            raise ValueError("must look like smtp+starttls://user:password@relay.example.org:587")
        security, port = SCHEMES[parts.scheme]
        if security == "none" and parts.hostname not in LOOPBACK:
            raise ValueError("letters must not travel in clear: use smtps:// or smtp+starttls://")
        return cls(
            host=parts.hostname,
            port=parts.port or port,
            security=security,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )
