"""DMARC: the policy that holds for a domain, and what is in line with it (RFC 7489)."""

import re
from dataclasses import dataclass

from tocsin.outbox.identity.spf import Resolver

MOST_LABELS = 8  # of a name whose parents are asked; of longer ones the middle is left out
POLICIES = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class Policy:
    """What holds for the domain that was asked for, and at which domain it was found.

    `top` is the highest domain with a policy: the organisation's, below which names belong
    together. With a `fault`, in words, there is no policy.
    """

    domain: str = ""
    top: str = ""
    asks: str = ""
    adkim: str = "r"
    aspf: str = "r"
    fault: str = ""

    def aligns(self, ours: str, other: str) -> bool:
        """Whether SPF of the other domain counts for a From address in ours."""
        if self.aspf == "s":
            return other == ours
        return all(f".{name}".endswith(f".{self.top}") for name in (ours, other))


def find_policy(domain: str, *, resolver: Resolver) -> Policy | None:
    """The policy of the domain, or that of its organisation; None if it could not be asked.

    The organisation's domain is found by asking all parents: the highest with a policy, unless
    that says that it is a registry's (psd=y).
    """
    found: dict[str, dict[str, str]] = {}
    several = ""
    for name in _line_of(domain):
        texts = resolver.ask(f"_dmarc.{name}", "TXT")
        if texts is None:
            return None
        records = [text for text in texts if re.match(r"v\s*=\s*DMARC1\s*(;|\Z)", text)]
        if len(records) > 1:
            several = several or name
        tags = _tags(records[0]) if len(records) == 1 else {}
        if tags.get("psd") == "y":
            break
        if tags:
            found[name] = tags
        if tags.get("psd") == "n":
            break
    if several and (several == domain or not found):
        return Policy(fault=f"_dmarc.{several} has several DMARC records; none of them counts")
    if not found:
        return Policy(fault=f"neither {domain} nor a domain above it has a DMARC record")
    names = list(found)
    own = names[0] == domain
    return _policy(domain if own else names[-1], top=names[-1], own=own, tags=found)


def _policy(name: str, *, top: str, own: bool, tags: dict[str, dict[str, str]]) -> Policy:
    it = tags[name]
    if (asked := it.get("p", "").lower()) not in POLICIES:
        said = f"says p={asked}" if asked else "has no p="
        return Policy(fault=f"_dmarc.{name} {said}; it must be one of {', '.join(POLICIES)}")
    asks = f"p={asked}" if own else _for_those_below(it, asked)
    strict = {tag: "s" if it.get(tag, "").lower() == "s" else "r" for tag in ("adkim", "aspf")}
    return Policy(name, top, asks, **strict)


def _for_those_below(tags: dict[str, str], asked: str) -> str:
    return f"sp={tags['sp'].lower()}" if "sp" in tags else f"p={asked}"


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def _line_of(domain: str) -> list[str]:
    """The domain and its parents, down to two labels."""
    labels = domain.split(".")
    parents = [labels[start:] for start in range(1, len(labels) - 1)]
    return [domain, *(".".join(each) for each in parents if len(each) < MOST_LABELS)]
