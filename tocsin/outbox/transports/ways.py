"""The ways out: a relay, a folder for rehearsals, a provider, each named by an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.relay import LOOPBACK, SCHEMES, Relay

ANYMAIL = "anymail+"


@dataclass(frozen=True)
class Folder:
    """A directory in which each mail becomes a file: for a rehearsal, nothing leaves."""

    path: Path

    @property
    def stays_here(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True)
class Provider:
    """Our account at a provider, with the settings by which django-anymail knows it."""

    esp: str
    settings: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)

    @property
    def stays_here(self) -> bool:
        """Whether what we hand over stays on this machine, as far as we can see."""
        host = urlsplit(self.settings.get("api_url", "")).hostname
        return self.esp == "test" or host in LOOPBACK


Way = Relay | Folder | Provider


def way_from_url(url: str) -> Way:
    """Read the address of a way out; raises ValueError with a sentence that repeats no secret.

    `smtp://`, `smtp+starttls://` and `smtps://` name a relay, `folder:///var/mail/rehearsal` a
    directory, `anymail+<provider>://user:secret@host?setting=value` an account.
    """
    scheme = url.partition("://")[0].lower()
    if scheme in SCHEMES:
        return Relay.from_url(url)
    if scheme == "folder":
        return _folder(urlsplit(url))
    if scheme.startswith(ANYMAIL):
        return _provider(scheme.removeprefix(ANYMAIL).replace("-", "_"), urlsplit(url))
    known = ", ".join(f"{name}://" for name in (*SCHEMES, "folder", f"{ANYMAIL}<provider>"))
    raise ValueError(f"must begin with {known}")


def _folder(parts: SplitResult) -> Folder:
    path = Path(unquote(parts.path))
    if parts.netloc or parts.query or path == Path("/") or not path.is_absolute():
        raise ValueError("must look like folder:///absolute/path")
    return Folder(path)


def _provider(name: str, parts: SplitResult) -> Provider:
    esp = ESPS.get(name)
    if esp is None:
        known = ", ".join(sorted(name.replace("_", "-") for name in ESPS))
        raise ValueError(f"names a provider that we cannot speak to; those we can are {known}")
    host = parts.netloc.rpartition("@")[2]
    path = parts.path.strip("/")
    if esp.host == "api_url" and host:
        host, path = f"https://{host}/{path}", ""
    places = (
        (esp.user, unquote(parts.username or "")),
        (esp.secret, unquote(parts.password or "")),
        (esp.host, host),
        ("", path),
    )
    if any(bool(setting) != bool(value) for setting, value in places):
        raise ValueError(f"must look like {_example(name)}")
    given = {setting: value for setting, value in places if setting}
    for setting, value in parse_qsl(parts.query, keep_blank_values=True):
        if setting not in ("api_url", *esp.more) or not value:
            raise ValueError(f"has a setting that {name} does not have, or an empty one")
        given[setting] = value
    _refuse_clear(given.get("api_url", "https://"))
    return Provider(name, given)


def _refuse_clear(api_url: str) -> None:
    parts = urlsplit(api_url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("letters must not travel in clear: its api_url must begin with https://")


def _example(name: str) -> str:
    esp = ESPS[name]
    secret = f":{esp.secret.upper()}@" if esp.secret else ""
    host = {"": "", "api_url": "mail.example.org"}.get(esp.host, "mg.example.org")
    return f"{ANYMAIL}{name.replace('_', '-')}://{esp.user.upper()}{secret}{host}"
