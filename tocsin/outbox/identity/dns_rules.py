"""What must be published for a domain that we send from, and whether what was found is that."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from tocsin.outbox.identity.dkim import SigningKey, dns_record, dns_strings
from tocsin.outbox.identity.dmarc import Policy, find_policy
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong
from tocsin.outbox.identity.spf import (
    MOST_LOOKUPS,
    Answer,
    Resolver,
    Spf,
    evaluate,
    spf_records,
    true_names,
)

ADVICE = ("relay",)
"""Findings that say something, and do not decide whether the domain may send."""

AGAIN = "Nothing to do yet: it is asked again."


@dataclass(frozen=True)
class Sender:
    """How mail of a domain of ours leaves, as far as we know.

    `addresses` are those of the relay in public, if we were told; `host` is its name, empty if it
    is on this machine. `fault` says why a key cannot be used. `relay_signs`: DKIM is its work.
    """

    domain: str
    bounce_domain: str
    keys: tuple[SigningKey, ...] = ()
    fault: str = ""
    relay_signs: bool = False
    host: str = ""
    addresses: tuple[str, ...] = ()


def look(sender: Sender, *, resolver: Resolver) -> list[Finding]:
    """All that must be published for the domain, in the order in which one would publish it."""
    return [
        spf_finding(sender, name="spf", domain=sender.domain, resolver=resolver),
        spf_finding(sender, name="spf bounce", domain=sender.bounce_domain, resolver=resolver),
        *_guesses(sender, resolver=resolver),
        *_dkim_findings(sender, resolver=resolver),
        dmarc_finding(sender, find_policy(sender.domain, resolver=resolver)),
        mx_finding(sender.domain, name="mx", resolver=resolver),
        mx_finding(sender.bounce_domain, name="mx bounce", resolver=resolver),
    ]


def colour(findings: Iterable[Finding]) -> str:
    """`green`: may send; `red`: may not; empty: cannot be told now, what was true stays true."""
    oks = [each.ok for each in findings if each.name not in ADVICE]
    if False in oks:
        return "red"
    return "" if None in oks or not oks else "green"


def zone_line(name: str, kind: str, value: str) -> str:
    """A record as it stands in a zone file; text in quotes, in pieces of the length allowed."""
    if kind == "TXT":
        escaped = [each.replace("\\", r"\\").replace('"', r"\"") for each in dns_strings(value)]
        value = " ".join(f'"{each}"' for each in escaped)
    return f"{name}. IN {kind} {value}"


# -- SPF --------------------------------------------------------------------------------------


def spf_finding(sender: Sender, *, name: str, domain: str, resolver: Resolver) -> Finding:
    """One record, understood by everybody, that lets our relay send and not the whole world."""
    shape = evaluate(domain, address=None, resolver=resolver)
    if shape.result == "temperror":
        return unknown(name, shape.words, AGAIN)
    record = " ".join(spf_records(resolver.ask(domain, "TXT") or ()))
    if fault := _fault_of_shape(shape, domain):
        verb = "Publish instead" if record else "Publish"
        line = zone_line(domain, "TXT", _spf_for(sender))
        return wrong(name, f"{fault}{f': {record}' if record else ''}", f"{verb}: {line}")
    said = f"{record} ({shape.lookups} look-ups)"
    if shape.macros:
        said += "; it has macros, which are not followed here"
    for address in sender.addresses:
        heard = evaluate(domain, address=address, resolver=resolver)
        if heard.result == "temperror":
            return unknown(name, heard.words, AGAIN)
        if heard.result not in ("pass", "macro"):
            why = f"{heard.result} for {address}, which our mail comes from"
            return wrong(name, f"{why}: {record}", _add_to(domain, address))
        said += f"; {address}: {heard.result}"
    return well(name, said)


def _fault_of_shape(shape: Spf, domain: str) -> str:
    if shape.result == "none":
        return f"{domain} has no SPF record"
    if shape.result == "permerror":
        return shape.words
    if shape.result == "pass":
        return "it lets anybody send for the domain"
    if shape.lookups > MOST_LOOKUPS:
        return f"it needs {shape.lookups} look-ups, and receivers stop at {MOST_LOOKUPS}"
    return "" if shape.names else "it lets nobody send for the domain"


def _guesses(sender: Sender, *, resolver: Resolver) -> list[Finding]:
    """Whether SPF names the host that we hand over to; it may well send from other addresses."""
    if not sender.host or sender.addresses:
        return []
    found = addresses_of(sender.host, resolver=resolver)
    if not found:
        return [unknown("relay", f"the addresses of {sender.host} could not be found")]
    domain = sender.bounce_domain
    heard = {each: evaluate(domain, address=each, resolver=resolver).result for each in found}
    said = f"SPF of {domain} says: " + ", ".join(f"{heard[each]} for {each}" for each in found)
    if "pass" in heard.values():
        return [well("relay", said)]
    return [
        unknown(
            "relay",
            f"{said}. Whether {sender.host} sends from there cannot be told from here.",
            "Say in TOCSIN_RELAY_ADDRESSES which addresses the relay sends from.",
        )
    ]


def addresses_of(host: str, *, resolver: Resolver) -> tuple[str, ...]:
    """Those of a host, which may be an address itself; empty as well if they cannot be asked."""
    try:
        return (str(ip_address(host)),)
    except ValueError:
        return (*(resolver.ask(host, "A") or ()), *(resolver.ask(host, "AAAA") or ()))


def _spf_for(sender: Sender) -> str:
    terms = [f"{_term(each)}:{each}" for each in sender.addresses]
    if not terms:
        terms = [f"a:{sender.host}" if sender.host else "ip4:<public address of your relay>"]
    return f"v=spf1 {' '.join(terms)} -all"


def _add_to(domain: str, address: str) -> str:
    return f"Put {_term(address)}:{address} into the TXT record of {domain}, before its `all`."


def _term(address: str) -> str:
    return f"ip{ip_address(address).version}"


# -- DKIM -------------------------------------------------------------------------------------


def _dkim_findings(sender: Sender, *, resolver: Resolver) -> list[Finding]:
    if sender.fault:
        return [wrong("dkim", sender.fault, "Put the key in order, or make a new one.")]
    if sender.keys and not any(key.algorithm == "rsa" for key in sender.keys):
        found = "there is no RSA key, and many receivers cannot check any other"
        remedy = f"Make one with a selector of its own: tocsin dkim {sender.domain} --selector S"
        return [wrong("dkim", found, remedy)]
    if sender.keys:
        return [dkim_finding(key, resolver.ask(dns_record(key)[0], "TXT")) for key in sender.keys]
    if sender.relay_signs:
        found = "no key of ours: the relay signs, as TOCSIN_RELAY_SIGNS says"
        return [well("dkim", found)]
    return [
        wrong(
            "dkim",
            "there is no key to sign with",
            f"Make one: tocsin dkim {sender.domain}. If your relay signs, set TOCSIN_RELAY_SIGNS=1",
        )
    ]


def dkim_finding(key: SigningKey, texts: Answer) -> Finding:
    """Whether receivers find, at the name of the key, that key and nothing in its way."""
    name, wanted = dns_record(key)
    about = f"dkim {key.selector}"
    if texts is None:
        return unknown(about, f"TXT of {name} could not be asked now", AGAIN)
    publish = f"Publish: {zone_line(name, 'TXT', wanted)}"
    if len(texts) != 1:
        found = f"{name} has {len(texts) or 'no'} records, and must have one"
        return wrong(about, found, f"{'Leave one only. ' if texts else ''}{publish}")
    tags = read_tags(texts[0])
    if tags is None:
        return wrong(about, f"{name} has a record that is not DKIM", publish)
    if fault := _fault_of_key(tags, wanted=read_tags(wanted) or {}):
        return wrong(about, f"{name}: {fault}", publish)
    if "y" in tags.get("t", "").split(":"):
        found = f"{name} has our key, but says t=y: many receivers treat our mail as not signed"
        return well(about, found, publish)
    return well(about, f"{name} has our key ({key.algorithm})")


def read_tags(text: str) -> dict[str, str] | None:
    """The tags of a record (RFC 6376, 3.2), without white space; None if it is no such list."""
    tags: dict[str, str] = {}
    for part in text.strip().removesuffix(";").split(";"):
        name, equals, value = part.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier() or name in tags:
            return None
        tags[name] = "".join(value.split())
    if "v" in tags and (next(iter(tags)), tags["v"]) != ("v", "DKIM1"):
        return None
    return tags


def _fault_of_key(tags: dict[str, str], *, wanted: dict[str, str]) -> str:
    kind, key, hashes = tags.get("k", "rsa"), tags.get("p"), tags.get("h", "sha256")
    uses = tags.get("s", "*")
    faults = {
        "there is no key in it (p=)": key is None,
        "the key is revoked (p= is empty)": key == "",
        f"it says k={kind}, and our key is {wanted['k']}": kind != wanted["k"],
        "it is another key than ours": key != wanted["p"],
        f"it allows h={hashes} only, and we sign with sha256": "sha256" not in hashes.split(":"),
        f"it is for s={uses} only, not for mail": not {"*", "email"} & set(uses.split(":")),
    }
    return next((fault for fault, is_there in faults.items() if is_there), "")


# -- DMARC ------------------------------------------------------------------------------------


def dmarc_finding(sender: Sender, policy: Policy | None) -> Finding:
    """Whether there is one policy, and whether both our signature and our SPF are in line with it.

    None: it could not be asked.
    """
    if policy is None:
        return unknown("dmarc", f"DMARC of {sender.domain} could not be asked now", AGAIN)
    line = zone_line(f"_dmarc.{sender.domain}", "TXT", "v=DMARC1; p=none")
    if policy.fault:
        return wrong("dmarc", policy.fault, f"Publish: {line}")
    ours, theirs = sender.domain, sender.bounce_domain
    by_key = f"DKIM is in line (d={ours})"
    if not sender.keys:
        strictly = "exactly" if policy.adkim == "s" else "or its organisation's domain"
        by_key = f"DKIM is in line if the relay signs with d={ours}, {strictly}"
    said = f"_dmarc.{policy.domain} says {policy.asks} for {ours}; {by_key}"
    if policy.aligns(ours, theirs):
        return well("dmarc", f"{said}; SPF is in line ({theirs})")
    if policy.aspf == "s":
        remedy = f"Take aspf=s out of the TXT record of _dmarc.{policy.domain}."
        return wrong("dmarc", f"{said}; aspf=s: SPF of {theirs} does not count", remedy)
    remedy = f"Let returned mail come to a domain below {policy.domain}."
    return wrong("dmarc", f"{said}; SPF of {theirs} is not in line", remedy)


# -- MX, reverse names, the relay -----------------------------------------------------------------


def mx_finding(domain: str, *, name: str, resolver: Resolver) -> Finding:
    """Whether mail to the domain arrives anywhere: answers, and what comes back."""
    found = resolver.ask(domain, "MX")
    publish = f"Publish: {zone_line(domain, 'MX', '10 <host that takes your mail>.')}"
    if found is None:
        return unknown(name, f"MX of {domain} could not be asked now", AGAIN)
    if not found:
        return wrong(name, f"{domain} has no MX: nothing sent there arrives", publish)
    hosts = [each.rpartition(" ")[2] for each in sorted(found, key=_preference)]
    if "." in hosts:
        return wrong(name, f"{domain} says that it takes no mail (null MX)", publish)
    answers = [resolver.ask(host, kind) for host in hosts for kind in ("A", "AAAA")]
    if not any(answers):
        ok = None if None in answers else False
        words = "could not be asked" if ok is None else "have no address"
        return Finding(name, ok, f"the MX of {domain} {words}: {', '.join(hosts)}", publish)
    return well(name, f"mail to {domain} goes to {', '.join(hosts)}")


def _preference(record: str) -> int:
    return int(record.partition(" ")[0])


def reverse_finding(address: str, *, resolver: Resolver) -> Finding:
    """Whether the address has a name that leads back to it, which many receivers insist on."""
    place = ip_address(address)
    names = resolver.ask(place.reverse_pointer, "PTR")
    if names is None:
        return unknown("reverse name", f"PTR of {address} could not be asked now", AGAIN)
    if true := sorted(true_names(place, names, resolver)):
        return well("reverse name", f"{address} is {', '.join(true)}, and back")
    line = zone_line(place.reverse_pointer, "PTR", "<name of your relay>.")
    if not names:
        return wrong("reverse name", f"{address} has no name", f"Publish: {line}")
    found = f"{address} is {', '.join(names)}, which does not lead back"
    kind = "A" if place.version == 4 else "AAAA"
    return wrong("reverse name", found, f"Publish: {zone_line(names[0], kind, address)}")
