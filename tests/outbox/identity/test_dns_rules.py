"""What a sending domain must publish: what is found, and what to do about it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.outbox.identity.resolving import Book
from tests.outbox.identity.sending import BACK, OURS, RELAY, SPF, findings, oks, zone_of
from tocsin.outbox.identity.dkim import SigningKey, dns_record, load_keys, make_signing_key
from tocsin.outbox.identity.dns_rules import (
    Sender,
    colour,
    dkim_finding,
    read_tags,
    reverse_finding,
    zone_line,
)
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    """A signing key of ours."""
    directory: Path = tmp_path_factory.mktemp("dkim")
    make_signing_key(directory, domain=OURS, selector="t1")
    return load_keys(directory, domain=OURS)[0]


@pytest.fixture
def sender(key: SigningKey) -> Sender:
    """A domain of ours with its key; of the relay nothing is known."""
    return Sender(OURS, BACK, (key,))


ALL_WELL = dict.fromkeys(("spf", "spf bounce", "dkim t1", "dmarc", "mx", "mx bounce"), True)


def test_a_domain_in_order_is_green(sender: Sender, key: SigningKey) -> None:
    found = findings(sender, zone_of(key))
    assert oks(found) == ALL_WELL
    assert colour(found.values()) == "green"
    assert {each.remedy for each in found.values()} == {""}
    assert found["mx bounce"].found == f"mail to {BACK} goes to mx.ngo.test, far.ngo.test"
    assert found["dmarc"].found == (
        f"_dmarc.{OURS} says p=none for {OURS}; DKIM is in line (d={OURS}); SPF is in line ({BACK})"
    )


def test_a_domain_that_publishes_nothing_is_told_everything(
    sender: Sender, key: SigningKey
) -> None:
    found = findings(replace(sender, addresses=(RELAY,)), {})
    assert oks(found) == dict.fromkeys(ALL_WELL, False)
    name, text = dns_record(key)
    assert {each.name: each.remedy for each in found.values()} == {
        "spf": f'Publish: {OURS}. IN TXT "v=spf1 ip4:{RELAY} -all"',
        "spf bounce": f'Publish: {BACK}. IN TXT "v=spf1 ip4:{RELAY} -all"',
        "dkim t1": f'Publish: {name}. IN TXT "{text[:255]}" "{text[255:]}"',
        "dmarc": f'Publish: _dmarc.{OURS}. IN TXT "v=DMARC1; p=none"',
        "mx": f"Publish: {OURS}. IN MX 10 <host that takes your mail>.",
        "mx bounce": f"Publish: {BACK}. IN MX 10 <host that takes your mail>.",
    }


SPF_CASES: list[tuple[str, Sequence[str], bool | None, str]] = [
    ("two records", [SPF, SPF], False, "has 2 SPF records; one is allowed"),
    ("anybody", ["v=spf1 +all"], False, "it lets anybody send"),
    ("anybody, short", ["v=spf1 mx all"], False, "it lets anybody send"),
    ("anybody, elsewhere", ["v=spf1 include:open.test -all"], False, "it lets anybody send"),
    ("anybody, redirected", ["v=spf1 redirect=open.test"], False, "it lets anybody send"),
    ("nobody", ["v=spf1 -all"], False, "it lets nobody send"),
    ("a wrong term", ["v=spf1 ipv4:192.0.2.10 -all"], False, "nobody understands: ipv4:"),
    ("a circle", [f"v=spf1 include:{OURS} -all"], False, "refers to itself"),
    ("nothing behind", ["v=spf1 include:none.test -all"], False, "which has no SPF record"),
    ("ten look-ups", ["v=spf1 " + "a:mx.ngo.test " * 10 + "-all"], True, "(10 look-ups)"),
    ("eleven", ["v=spf1 " + "a:mx.ngo.test " * 11 + "-all"], False, "it needs 11 look-ups"),
    ("soft", ["v=spf1 ip4:192.0.2.10 ~all"], True, "(0 look-ups)"),
    ("an include", ["v=spf1 include:far.test -all"], None, "TXT of far.test could not be asked"),
    ("a macro", ["v=spf1 exists:%{i}.x.test -all"], True, "has macros, which are not followed"),
    ("macro, then all", ["v=spf1 exists:%{i}.x.test +all"], False, "it lets anybody send"),
]


@pytest.mark.parametrize(("records", "ok", "found"), [case[1:] for case in SPF_CASES])
def test_spf_must_be_one_record_that_says_something(
    sender: Sender, records: Sequence[str], found: str, *, ok: bool | None
) -> None:
    zone = {**zone_of(TXT_OURS=records), "TXT open.test": ["v=spf1 +all"]}
    told = findings(sender, zone, "far.test")["spf"]
    assert (told.ok, found in told.found) == (ok, True), told
    assert bool(told.remedy) == (ok is not True)


NAMED: list[tuple[str, str, bool | None]] = [
    ("v=spf1 ip4:192.0.2.10 -all", "pass", True),
    ("v=spf1 ip4:192.0.2.11 -all", "fail", False),
    ("v=spf1 ip4:192.0.2.11 ~all", "softfail", False),
    ("v=spf1 ip4:192.0.2.11 ?all", "neutral", False),
    ("v=spf1 ip4:192.0.2.11", "neutral", False),
    ("v=spf1 exists:%{i}.x.test -all", "macro", True),
]


@pytest.mark.parametrize(("record", "result", "ok"), NAMED)
def test_spf_must_name_the_addresses_that_we_send_from(
    sender: Sender, key: SigningKey, record: str, result: str, *, ok: bool
) -> None:
    found = findings(replace(sender, addresses=(RELAY,)), zone_of(key, TXT_BACK=[record]))
    told = found["spf bounce"]
    assert (told.ok, result in told.found, RELAY in told.found) == (ok, True, True)
    assert colour(found.values()) == ("green" if ok else "red")
    assert told.remedy == (
        "" if ok else f"Put ip4:{RELAY} into the TXT record of {BACK}, before its `all`."
    )


def test_every_address_must_be_named(sender: Sender) -> None:
    both = replace(sender, addresses=(RELAY, "2001:db8::1"))
    told = findings(both, zone_of())["spf"]
    assert told == wrong(
        "spf",
        f"fail for 2001:db8::1, which our mail comes from: {SPF}",
        f"Put ip6:2001:db8::1 into the TXT record of {OURS}, before its `all`.",
    )


GUESSES: list[tuple[Sequence[str], bool | None]] = [([RELAY], True), (["203.0.113.9"], None)]


@pytest.mark.parametrize(("addresses", "ok"), GUESSES)
def test_the_address_of_the_relay_alone_is_no_proof(
    sender: Sender, key: SigningKey, addresses: Sequence[str], *, ok: bool | None
) -> None:
    zone = {**zone_of(key), "A relay.far.test": addresses}
    found = findings(replace(sender, host="relay.far.test"), zone)
    assert found["relay"].ok is ok
    assert colour(found.values()) == "green"
    assert ("TOCSIN_RELAY_ADDRESSES" in found["relay"].remedy) is (ok is None)


DKIM_CASES: list[tuple[str, bool, str]] = [
    ("{}", True, "has our key (rsa)"),
    ("p={p}", True, "has our key"),
    ("v=DKIM1;p={p};", True, "has our key"),
    ("v=DKIM1; k=rsa; n=a note; p={p}", True, "has our key"),
    ("v=DKIM1; h=sha1:sha256; s=email; p={p}", True, "has our key"),
    ("v=DKIM1; t=s; p={p}", True, "has our key (rsa)"),
    ("v=DKIM1; t=y; p={p}", True, "says t=y"),
    ("v=DKIM1; t=y:s; p={p}", True, "says t=y"),
    ("v=DKIM1; p=", False, "revoked"),
    ("v=DKIM1; k=rsa", False, "no key in it"),
    ("v=DKIM1; k=ed25519; p={p}", False, "it says k=ed25519, and our key is rsa"),
    ("v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", False, "another key than ours"),
    ("v=DKIM1; h=sha1; p={p}", False, "allows h=sha1 only"),
    ("v=DKIM1; s=tlsrpt; p={p}", False, "for s=tlsrpt only"),
    ("v=DKIM2; p={p}", False, "not DKIM"),
    ("p={p}; v=DKIM1", False, "not DKIM"),
    ("p={p}; p={p}", False, "not DKIM"),
    ("google-site-verification", False, "not DKIM"),
    ("", False, "not DKIM"),
]


@pytest.mark.parametrize(("record", "ok", "found"), DKIM_CASES)
def test_the_key_that_is_published_must_be_ours(
    key: SigningKey, record: str, found: str, *, ok: bool
) -> None:
    name, wanted = dns_record(key)
    text = wanted if record == "{}" else record.format(p=wanted.partition("p=")[2])
    told = dkim_finding(key, (text,))
    assert (told.ok, found in told.found) == (ok, True), told
    if not ok or "t=y" in record:
        assert told.remedy == f"Publish: {zone_line(name, 'TXT', wanted)}"


def test_a_key_in_pieces_with_white_space_is_the_same_key(key: SigningKey) -> None:
    _, wanted = dns_record(key)
    middle = len(wanted) // 2
    assert dkim_finding(key, (f"{wanted[:middle]} {wanted[middle:]}",)).ok is True


def test_two_records_for_one_key_are_a_fault(key: SigningKey) -> None:
    _, wanted = dns_record(key)
    told = dkim_finding(key, (wanted, wanted))
    assert (told.ok, told.remedy.startswith("Leave one only. Publish: ")) == (False, True)


def test_a_key_that_could_not_be_asked_is_no_fault(key: SigningKey) -> None:
    assert dkim_finding(key, None).ok is None


def test_each_of_our_keys_must_be_published(key: SigningKey, tmp_path: Path) -> None:
    make_signing_key(tmp_path, domain=OURS, selector="t1-ed", algorithm="ed25519")
    short = load_keys(tmp_path, domain=OURS)[0]
    both = Sender(OURS, BACK, (key, short))
    assert oks(findings(both, zone_of(key))) == {**ALL_WELL, "dkim t1-ed": False}
    assert oks(findings(both, zone_of(key, short))) == {**ALL_WELL, "dkim t1-ed": True}


def test_an_ed25519_key_alone_is_not_enough(tmp_path: Path) -> None:
    make_signing_key(tmp_path, domain=OURS, selector="e", algorithm="ed25519")
    keys = load_keys(tmp_path, domain=OURS)
    told = findings(Sender(OURS, BACK, keys), zone_of(*keys))["dkim"]
    assert (told.ok, "there is no RSA key" in told.found) == (False, True)


def test_without_a_key_it_is_said_how_to_make_one() -> None:
    told = findings(Sender(OURS, BACK), zone_of())["dkim"]
    assert (told.ok, f"tocsin dkim {OURS}" in told.remedy) == (False, True)


def test_the_relay_may_sign_if_we_were_told_so() -> None:
    found = findings(Sender(OURS, BACK, relay_signs=True), zone_of())
    assert found["dkim"] == well(
        "dkim", "no key of ours: the relay signs, as TOCSIN_RELAY_SIGNS says"
    )
    assert f"DKIM is in line if the relay signs with d={OURS}" in found["dmarc"].found


def test_a_key_that_cannot_be_used_is_a_fault() -> None:
    told = findings(Sender(OURS, BACK, fault="x.pem is no key.", relay_signs=True), zone_of())
    assert (told["dkim"].ok, told["dkim"].found) == (False, "x.pem is no key.")


DMARC_CASES: list[tuple[Sequence[str], bool, str, str]] = [
    (["v=DMARC1; p=reject"], True, "p=reject", ""),
    (["v=DMARC1; p=reject; adkim=s"], True, "DKIM is in line", ""),
    (["v=DMARC1; p=none; aspf=s"], False, "does not count", "Take aspf=s out"),
    ([], False, "has a DMARC record", f'_dmarc.{OURS}. IN TXT "v=DMARC1; p=none"'),
    (["v=DMARC1; p=none"] * 2, False, "several", f"_dmarc.{OURS}. IN TXT"),
    (["v=DMARC1; adkim=s"], False, "has no p=", f"_dmarc.{OURS}. IN TXT"),
]


@pytest.mark.parametrize(("records", "ok", "found", "remedy"), DMARC_CASES)
def test_dmarc_must_be_one_policy_that_we_are_in_line_with(
    sender: Sender, records: Sequence[str], found: str, remedy: str, *, ok: bool
) -> None:
    told = findings(sender, zone_of(TXT_DMARC=records))["dmarc"]
    assert (told.ok, found in told.found, remedy in told.remedy) == (ok, True, True), told


def test_returned_mail_must_come_to_a_domain_of_the_same_organisation(sender: Sender) -> None:
    away = replace(sender, bounce_domain="bounces.far.test")
    told = findings(away, zone_of())["dmarc"]
    assert (told.ok, "SPF of bounces.far.test is not in line" in told.found) == (False, True)


MX_CASES: list[tuple[Sequence[str], bool, str]] = [
    (["10 mx.ngo.test"], True, "goes to mx.ngo.test"),
    (["20 gone.ngo.test", "10 mx.ngo.test"], True, "goes to mx.ngo.test, gone.ngo.test"),
    ([], False, "has no MX"),
    (["0 ."], False, "takes no mail (null MX)"),
    (["0 .", "10 mx.ngo.test"], False, "takes no mail (null MX)"),
    (["10 gone.ngo.test"], False, "have no address: gone.ngo.test"),
]


@pytest.mark.parametrize(("records", "ok", "found"), MX_CASES)
def test_answers_must_arrive_somewhere(
    sender: Sender, records: Sequence[str], found: str, *, ok: bool
) -> None:
    told = findings(sender, zone_of(MX_OURS=records))["mx"]
    assert (told.ok, found in told.found) == (ok, True), told


UNHEARD = [
    (OURS, {"spf", "mx"}),
    (BACK, {"spf bounce", "mx bounce"}),
    (f"t1._domainkey.{OURS}", {"dkim t1"}),
    (f"_dmarc.{OURS}", {"dmarc"}),
    ("_dmarc.ngo.test", {"dmarc"}),
    ("mx.ngo.test", {"mx"}),
]


@pytest.mark.parametrize(("name", "touched"), UNHEARD)
def test_what_could_not_be_asked_is_never_red(
    sender: Sender, key: SigningKey, name: str, touched: set[str]
) -> None:
    found = findings(sender, zone_of(key), name)
    assert touched <= {about for about, each in found.items() if each.ok is None}
    assert False not in oks(found).values()
    assert colour(found.values()) == ""


COLOURS: list[tuple[list[Finding], str]] = [
    ([well("a", "")], "green"),
    ([well("a", ""), unknown("b", "")], ""),
    ([well("a", ""), unknown("b", ""), wrong("c", "")], "red"),
    ([well("a", ""), unknown("relay", "")], "green"),
    ([well("a", ""), wrong("relay", "")], "green"),
    ([], ""),
    ([well("relay", "")], ""),
]


@pytest.mark.parametrize(("found", "expected"), COLOURS)
def test_a_domain_is_green_only_if_everything_is_known_to_be_well(
    found: list[Finding], expected: str
) -> None:
    assert colour(found) == expected


REVERSE: list[tuple[str, dict[str, Sequence[str]], bool, str]] = [
    (
        "192.0.2.10",
        {"PTR 10.2.0.192.in-addr.arpa": ["relay.ngo.test"], "A relay.ngo.test": ["192.0.2.10"]},
        True,
        "",
    ),
    (
        "2001:db8::1",
        {
            f"PTR 1.{'0.' * 23}8.b.d.0.1.0.0.2.ip6.arpa": ["six.ngo.test"],
            "AAAA six.ngo.test": ["2001:0db8:0:0::1"],
        },
        True,
        "",
    ),
    (
        "192.0.2.10",
        {"PTR 10.2.0.192.in-addr.arpa": ["relay.ngo.test"], "A relay.ngo.test": ["192.0.2.11"]},
        False,
        "Publish: relay.ngo.test. IN A 192.0.2.10",
    ),
    (
        "192.0.2.10",
        {},
        False,
        "Publish: 10.2.0.192.in-addr.arpa. IN PTR <name of your relay>.",
    ),
]


@pytest.mark.parametrize(("address", "zone", "ok", "remedy"), REVERSE)
def test_an_address_must_have_a_name_that_leads_back(
    address: str, zone: dict[str, Sequence[str]], remedy: str, *, ok: bool
) -> None:
    told = reverse_finding(address, resolver=Book(zone))
    assert (told.ok, told.remedy) == (ok, remedy)


def test_a_reverse_name_that_could_not_be_asked_is_no_fault() -> None:
    book = Book({}, ["10.2.0.192.in-addr.arpa"])
    assert reverse_finding("192.0.2.10", resolver=book).ok is None


def test_text_in_a_zone_file_is_quoted_and_cut() -> None:
    assert zone_line("a.test", "TXT", 'say "a\\b"') == r'a.test. IN TXT "say \"a\\b\""'
    long = zone_line("a.test", "TXT", "x" * 300)
    assert long == f'a.test. IN TXT "{"x" * 255}" "{"x" * 45}"'


def test_tags_are_read_without_their_white_space() -> None:
    assert read_tags(" v=DKIM1 ; p = ab c;") == {"v": "DKIM1", "p": "abc"}
