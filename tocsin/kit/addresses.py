"""E-mail addresses: read as people paste them, folded for look-up, made for one letter."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email


class AddressReason(StrEnum):
    """Why an address cannot be; the faces say it in words."""

    EMPTY = "empty"
    NO_AT = "no_at"
    LOCAL = "local"
    NOT_ASCII_LOCAL = "not_ascii_local"
    DOMAIN = "domain"
    TOO_LONG = "too_long"


class AddressRefused(ValueError):
    """No mail can go there; says why, never the text itself."""

    def __init__(self, reason: AddressReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Address:
    """One mailbox: `local` as typed, `domain` in ASCII (IDNA) and lower case."""

    local: str
    domain: str

    @property
    def text(self) -> str:
        """The address as it goes into mail."""
        return f"{self.local}@{self.domain}"


# RFC 5321, 4.5.3.1: octets before the sign, and in the whole address.
MOST_LOCAL = 64
MOST_ADDRESS = 254

# What an input method for Chinese, Japanese or Korean writes instead of ASCII.
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3002: ".", 0xFF61: "."}
# What comes along when an address is copied out of a page, a mail program or a sentence.
_AROUND = re.compile(
    r"^(?:mailto:|[\s<\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff])+", re.IGNORECASE
)
_BEHIND = re.compile(r"[\s>,;.\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$")


def read_address(text: str) -> Address:
    """The address in what was typed or pasted, without looking anything up.

    Dropped around it: spaces and invisible characters, `mailto:`, angle brackets, a comma,
    semicolon or full stop behind. Full-width letters become ordinary ones. The reserved domains
    `.example` and `.test` are accepted: the sample campaign lives there.
    """
    if len(text) > 4 * MOST_ADDRESS:
        raise AddressRefused(AddressReason.TOO_LONG)
    text = _BEHIND.sub("", _AROUND.sub("", text.translate(_WIDE)))
    if not text:
        raise AddressRefused(AddressReason.EMPTY)
    local, at, domain = text.rpartition("@")
    if not at:
        raise AddressRefused(AddressReason.NO_AT)
    if not local.isascii():
        raise AddressRefused(AddressReason.NOT_ASCII_LOCAL)
    if len(local) > MOST_LOCAL or len(text) > MOST_ADDRESS:
        raise AddressRefused(AddressReason.TOO_LONG)
    if "=?" in local:  # legal, but a mail header would take it for an encoded word (RFC 2047)
        raise AddressRefused(AddressReason.LOCAL)
    _read(local, "letters.example", otherwise=AddressReason.LOCAL)
    return _read(local, domain, otherwise=AddressReason.DOMAIN)


def _read(local: str, domain: str, *, otherwise: AddressReason) -> Address:
    try:
        # `test_environment` opens `.test`; the library's list is shared and stays untouched.
        found = validate_email(
            f"{local}@{domain}",
            allow_smtputf8=False,
            check_deliverability=False,
            test_environment=True,
        )
    except EmailNotValidError:
        raise AddressRefused(otherwise) from None
    if "." not in found.ascii_domain:  # "anna@test", which the test environment lets through
        raise AddressRefused(otherwise)
    # Not the library's local part: it lower-cases some, and this one stays as typed.
    return Address(local=local, domain=found.ascii_domain.lower())


@dataclass(frozen=True)
class Provider:
    """How one provider reads a local part, by its own documentation."""

    home: str
    ignores_tag: bool = True
    ignores_dots: bool = False


# Only what is documented: two people taken for one is worse than one taken for two.
PROVIDERS = {
    "gmail.com": Provider(home="gmail.com", ignores_dots=True),
    "googlemail.com": Provider(home="gmail.com", ignores_dots=True),
    "outlook.com": Provider(home="outlook.com"),
    "hotmail.com": Provider(home="hotmail.com"),
    "live.com": Provider(home="live.com"),
    "icloud.com": Provider(home="icloud.com"),
    "me.com": Provider(home="icloud.com"),
    "mac.com": Provider(home="icloud.com"),
    "proton.me": Provider(home="proton.me"),
    "protonmail.com": Provider(home="protonmail.com"),
    "fastmail.com": Provider(home="fastmail.com"),
}


def canonical(address: Address) -> str:
    """One text per mailbox, for the blind index only: never a place to send to."""
    local, domain = address.local.lower(), address.domain
    if provider := PROVIDERS.get(domain):
        domain = provider.home
        local = local.partition("+")[0] or local
        if provider.ignores_dots:
            local = local.replace(".", "") or local
    return f"{local}@{domain}"


# Latin letters that Unicode does not take apart.
_LATIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
    | {"ŋ": "ng", "ə": "a", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ŧ": "t", "ɛ": "e", "ɔ": "o"}
)
# Names under which a mail server itself is spoken to, or that look official (RFC 2142).
RESERVED = frozenset(
    [
        "abuse",
        "admin",
        "administrator",
        "bounce",
        "bounces",
        "contact",
        "daemon",
        "donotreply",
        "ftp",
        "hostmaster",
        "info",
        "mailerdaemon",
        "marketing",
        "news",
        "nobody",
        "noc",
        "noreply",
        "postmaster",
        "root",
        "sales",
        "security",
        "support",
        "usenet",
        "uucp",
        "webmaster",
        "www",
    ]
)
NAMELESS = "supporter"


def alias_local(given: str, family: str, code: str) -> str:
    """The local part of a letter's own address: `anna.berg.48210377`, `supporter.48210377`.

    `code` is lower-case letters and digits. A name that would look like the server speaking
    (`postmaster.48210377`) becomes nameless, as does one without a Latin letter.
    """
    if not re.fullmatch(r"[a-z0-9]{1,32}", code):
        raise ValueError("the code of an alias is 1 to 32 lower-case letters and digits")
    name = ".".join(filter(None, (_readable(given), _readable(family))))
    name = name[: MOST_LOCAL - 1 - len(code)].strip(".")
    if not re.search("[a-z]", name) or name.replace(".", "") in RESERVED:
        name = NAMELESS
    return f"{name}.{code}"


def _readable(name: str) -> str:
    """The name in a-z and 0-9, a dot between its words; what is not Latin is left out."""
    plain = unicodedata.normalize("NFKD", name.casefold()).translate(_LATIN).casefold()
    words = re.split(r"[\s.\-\u2010-\u2015]+", plain)
    letters = ("".join(c for c in word if c.isascii() and c.isalnum()) for word in words)
    return ".".join(filter(None, letters))
