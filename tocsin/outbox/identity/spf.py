"""SPF: which addresses may send for a domain, as its records in the DNS say (RFC 7208)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal, NoReturn, Protocol

Kind = Literal["TXT", "A", "AAAA", "MX", "PTR"]
Answer = tuple[str, ...] | None
"""The records of that name and kind, empty if there are none; None: could not be asked now."""

Result = Literal["none", "neutral", "pass", "softfail", "fail", "temperror", "permerror", "macro"]
"""The words of RFC 7208; and `macro`: it depends on a macro, which we do not follow."""

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4: of all terms that ask the DNS; a receiver gives up after them
MOST_VOID = 2  # of those, terms to which there is no answer
MOST_NAMES = 10  # hosts of one `mx`, names of one `ptr`
MOST_COUNTED = 40  # where we stop counting, or a hostile record would keep us asking

SIGNS: dict[str, Result] = {
    "": "pass",
    "+": "pass",
    "?": "neutral",
    "~": "softfail",
    "-": "fail",
}


class Resolver(Protocol):
    """Whoever asks the DNS: text as one string a record, names without their last full stop."""

    def ask(self, name: str, kind: Kind) -> Answer:
        """The records; an MX is `10 mail.example.org`, a null one `0 .`."""


@dataclass(frozen=True)
class Spf:
    """What came of it, and why in words; `names` is whether any address can be meant at all."""

    result: Result
    words: str = ""
    lookups: int = 0
    macros: bool = False
    names: bool = False


@dataclass(frozen=True)
class Mechanism:
    """One term that may fit an address: `-all`, `ip4:192.0.2.0/24`, `a:mail.example.org/24//64`."""

    result: Result
    name: str
    value: str = ""
    four: int = 32
    six: int = 128


def spf_records(texts: tuple[str, ...]) -> list[str]:
    """Those of the TXT records of a name that are SPF."""
    return [text for text in texts if re.match(r"v=spf1( |\Z)", text, re.IGNORECASE)]


def evaluate(domain: str, *, address: str | None, resolver: Resolver) -> Spf:
    """What a receiver would say of a mail from that address; without one, of no address at all.

    The latter walks through everything: it counts the look-ups, to more than a receiver would, and
    passes only if anybody may send.
    """
    walk = _Walk(resolver, _address(address) if address else None)
    try:
        result, words = walk.result_of(domain.lower(), above=()), ""
    except _Ends as end:
        result, words = end.result, end.words
    return Spf(result, words, walk.lookups, walk.macros, walk.names)


def parse(record: str) -> tuple[list[Mechanism], str]:
    """The mechanisms, and the domain of `redirect=` or nothing; ValueError names a wrong term."""
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in record.split(" ")[1:]:
        if not term:
            continue
        if modifier := re.fullmatch(r"([a-z][a-z0-9_.-]*)=([!-~]*)", term, re.IGNORECASE):
            name, value = modifier[1].lower(), modifier[2]
            if name in ("redirect", "exp"):
                if name in modifiers or not _is_domain(value):
                    raise ValueError(term)
                modifiers[name] = value
        else:
            mechanisms.append(_mechanism(term))
    return mechanisms, modifiers.get("redirect", "")


def _mechanism(term: str) -> Mechanism:
    found = re.fullmatch(r"([+?~-]?)([a-z][a-z0-9]*)(?:(:|(?=/))(.*))?", term, re.IGNORECASE)
    if not found:
        raise ValueError(term)
    result, name, rest = SIGNS[found[1]], found[2].lower(), found[4]
    match name:
        case "all" if rest is None:
            return Mechanism(result, name)
        case "ip4" | "ip6" if rest and found[3] and _is_network(rest, version=int(name[2])):
            return Mechanism(result, name, rest)
        case "include" | "exists" if rest and found[3] and _is_domain(rest):
            return Mechanism(result, name, rest)
        case "ptr" if rest is None or (found[3] and _is_domain(rest)):
            return Mechanism(result, name, rest or "")
        case "a" | "mx":
            return _with_lengths(term, result, name, rest, colon=bool(found[3]))
    raise ValueError(term)


def _with_lengths(
    term: str, result: Result, name: str, rest: str | None, *, colon: bool
) -> Mechanism:
    length = r"(0|[1-9][0-9]{0,2})"
    found = re.fullmatch(rf"(.*?)(?:/{length})?(?://{length})?", rest or "")
    assert found  # noqa: S101 - every part of it may be empty
    value, four, six = found[1], int(found[2] or 32), int(found[3] or 128)
    if four > 32 or six > 128 or not (_is_domain(value) if colon else value == ""):
        raise ValueError(term)
    return Mechanism(result, name, value, four, six)


def _is_domain(text: str) -> bool:
    """RFC 7208, 7.1: visible characters, and an end that is no number; or a macro."""
    label = r"([a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])"
    plain = re.fullmatch(rf"[!-$&-~]*\.{label}\.?", text, re.IGNORECASE)
    return bool(plain or re.fullmatch(r"[!-~]*%[!-~]+", text))


def _is_network(text: str, *, version: int) -> bool:
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        return False
    return found.version == version and bool(re.fullmatch(r"[^/]+(/(0|[1-9]\d*))?", text))


def _address(text: str) -> IPv4Address | IPv6Address:
    found = ip_address(text)
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


class _Ends(Exception):
    def __init__(self, result: Result, words: str) -> None:
        super().__init__(words)
        self.result, self.words = result, words


class _Walk:
    """One evaluation, with what was counted on the way."""

    def __init__(self, resolver: Resolver, address: IPv4Address | IPv6Address | None) -> None:
        self.lookups = self.void = 0
        self.macros = self.names = False
        self._resolver = resolver
        self._address = address

    def result_of(self, domain: str, *, above: tuple[str, ...]) -> Result:
        if domain in above:
            raise _Ends("permerror", f"{domain} refers to itself")
        records = spf_records(self._ask(domain, "TXT"))
        if not records:
            return "none"
        if len(records) > 1:
            raise _Ends("permerror", f"{domain} has {len(records)} SPF records; one is allowed")
        try:
            mechanisms, redirect = parse(records[0])
        except ValueError as wrong:
            raise _Ends("permerror", f"{domain} has a term nobody understands: {wrong}") from None
        for each in mechanisms:
            if self._fits(each, domain, (*above, domain)):
                return each.result
        if redirect:
            return self._refer("redirect", redirect, (*above, domain))
        return "neutral"

    def _fits(self, each: Mechanism, domain: str, above: tuple[str, ...]) -> bool:
        target = each.value.lower().removesuffix(".") or domain
        match each.name:
            case "all":
                return True
            case "include":
                return self._refer("include", target, above) == "pass"
        self.names = self.names or each.result == "pass"
        if each.name in ("ip4", "ip6"):
            return self._is_in(each.value)
        self._count()
        return not self._meets_macro(target) and self._is_found(each, target)

    def _is_found(self, each: Mechanism, target: str) -> bool:
        match each.name:
            case "a":
                return self._is_one_of(self._hosts(target), each)
            case "mx":
                return self._is_exchanger(target, each)
            case "exists":
                return bool(self._noticed(self._ask(target, "A"))) and self._address is not None
        return self._is_named(target)

    def _refer(self, term: str, target: str, above: tuple[str, ...]) -> Result:
        self._count()
        target = target.lower().removesuffix(".")
        if self._meets_macro(target):
            return "neutral"
        result = self.result_of(target, above=above)
        if result == "none":
            raise _Ends("permerror", f"{term} names {target}, which has no SPF record")
        return result

    def _count(self) -> None:
        self.lookups += 1
        if self.lookups > (MOST_COUNTED if self._address is None else MOST_LOOKUPS):
            raise _Ends("permerror", f"more than {self.lookups - 1} look-ups")

    def _meets_macro(self, target: str) -> bool:
        if "%" not in target:
            return False
        self.macros = self.names = True
        if self._address is not None:
            raise _Ends("macro", f"{target} is a macro, which is not followed here")
        return True

    def _is_in(self, network: str) -> bool:
        return self._address is not None and self._address in ip_network(network, strict=False)

    def _is_one_of(self, hosts: tuple[str, ...], each: Mechanism) -> bool:
        return any(
            self._is_in(f"{host}/{each.six if ':' in host else each.four}") for host in hosts
        )

    def _is_exchanger(self, domain: str, each: Mechanism) -> bool:
        found = self._noticed(self._ask(domain, "MX"))
        if len(found) > MOST_NAMES:
            raise _Ends("permerror", f"{domain} has more than {MOST_NAMES} MX")
        if self._address is None:
            return False
        kind: Kind = "A" if self._address.version == 4 else "AAAA"
        hosts = [host for host in (text.rpartition(" ")[2] for text in found) if host != "."]
        return any(self._is_one_of(self._ask(host, kind), each) for host in hosts)

    def _is_named(self, domain: str) -> bool:
        """`ptr`, which nobody should use: the address has a name in the domain, and it is true."""
        if self._address is None:
            return False
        names = self._resolver.ask(self._address.reverse_pointer, "PTR") or ()
        true = true_names(self._address, names[:MOST_NAMES], self._resolver)
        return any(f".{name}".endswith(f".{domain}") for name in true)

    def _hosts(self, name: str) -> tuple[str, ...]:
        if self._address is None:
            return self._noticed(self._ask(name, "A") or self._ask(name, "AAAA"))
        return self._noticed(self._ask(name, "A" if self._address.version == 4 else "AAAA"))

    def _noticed(self, answer: tuple[str, ...]) -> tuple[str, ...]:
        self.void += not answer
        if self.void > MOST_VOID:
            raise _Ends("permerror", f"more than {MOST_VOID} of its names do not exist")
        return answer

    def _ask(self, name: str, kind: Kind) -> tuple[str, ...]:
        answer = self._resolver.ask(name, kind)
        return self._unanswered(name, kind) if answer is None else answer

    def _unanswered(self, name: str, kind: Kind) -> NoReturn:
        raise _Ends("temperror", f"{kind} of {name} could not be asked now")


def true_names(
    address: IPv4Address | IPv6Address, names: tuple[str, ...], resolver: Resolver
) -> Iterator[str]:
    """Those of the names of an address that lead back to it."""
    kind: Kind = "A" if address.version == 4 else "AAAA"
    for name in names:
        if address in {ip_address(found) for found in resolver.ask(name, kind) or ()}:
            yield name.lower()
