"""DMARC: which policy holds for a domain, and whether the two names of a mail are in line."""

from collections.abc import Sequence

import pytest

from tests.outbox.identity.resolving import Book
from tocsin.outbox.identity.dmarc import Policy, find_policy

OURS = "letters.ngo.test"


def policy(records: dict[str, Sequence[str]], *, domain: str = OURS) -> Policy | None:
    zone = {f"TXT _dmarc.{name}": texts for name, texts in records.items()}
    return find_policy(domain, resolver=Book(zone))


FOUND: list[tuple[dict[str, Sequence[str]], Policy]] = [
    ({OURS: ["v=DMARC1; p=none"]}, Policy(OURS, OURS, "p=none")),
    ({OURS: ["v=DMARC1;p=Reject;"]}, Policy(OURS, OURS, "p=reject")),
    ({OURS: ["v = DMARC1 ; p = quarantine"]}, Policy(OURS, OURS, "p=quarantine")),
    (
        {OURS: ["v=DMARC1; p=none; adkim=s; aspf=s"]},
        Policy(OURS, OURS, "p=none", "s", "s"),
    ),
    (
        {OURS: ["v=DMARC1; p=none; adkim=r; aspf=x"]},
        Policy(OURS, OURS, "p=none", "r", "r"),
    ),
    # what the organisation says counts where the domain itself says nothing
    ({"ngo.test": ["v=DMARC1; p=reject"]}, Policy("ngo.test", "ngo.test", "p=reject")),
    (
        {"ngo.test": ["v=DMARC1; p=reject; sp=none; aspf=s"]},
        Policy("ngo.test", "ngo.test", "sp=none", "r", "s"),
    ),
    (
        {OURS: ["v=DMARC1; p=none"], "ngo.test": ["v=DMARC1; p=reject; aspf=s"]},
        Policy(OURS, "ngo.test", "p=none"),
    ),
    # what is no record of DMARC is not there
    (
        {OURS: ["v=spf1 -all", "v=DMARC2; p=none"], "ngo.test": ["v=DMARC1; p=none"]},
        Policy("ngo.test", "ngo.test", "p=none"),
    ),
    ({OURS: ["hello", "v=DMARC1; p=none"]}, Policy(OURS, OURS, "p=none")),
    (
        {OURS: ["v=DMARC1; p=none"], "ngo.test": ["v=DMARC1; p=none"] * 2},
        Policy(OURS, OURS, "p=none"),
    ),
    # a registry's policy is not the organisation's
    (
        {OURS: ["v=DMARC1; p=none"], "ngo.test": ["v=DMARC1; p=reject; psd=y"]},
        Policy(OURS, OURS, "p=none"),
    ),
    (
        {OURS: ["v=DMARC1; p=none; psd=n"], "ngo.test": ["v=DMARC1; p=reject"]},
        Policy(OURS, OURS, "p=none"),
    ),
]


@pytest.mark.parametrize(("records", "expected"), FOUND)
def test_the_policy_that_holds_is_found(
    records: dict[str, Sequence[str]], expected: Policy
) -> None:
    assert policy(records) == expected


FAULTS: list[tuple[dict[str, Sequence[str]], str]] = [
    ({}, "neither letters.ngo.test nor a domain above it has a DMARC record"),
    ({OURS: ["v=DMARC1"]}, "_dmarc.letters.ngo.test has no p="),
    ({OURS: ["v=DMARC1; rua=mailto:x@ngo.test"]}, "_dmarc.letters.ngo.test has no p="),
    ({OURS: ["v=DMARC1; p=all"]}, "_dmarc.letters.ngo.test says p=all"),
    ({OURS: ["v=DMARC1; p=none"] * 2}, "_dmarc.letters.ngo.test has several DMARC records"),
    ({"ngo.test": ["v=DMARC1; p=none"] * 2}, "_dmarc.ngo.test has several DMARC records"),
    ({"ngo.test": ["v=DMARC1; p=none; psd=y"]}, "neither letters.ngo.test nor a domain above"),
    (
        {OURS: ["v=DMARC1; p=none"] * 2, "ngo.test": ["v=DMARC1; p=none"]},
        "_dmarc.letters.ngo.test has several",
    ),
    ({"test": ["v=DMARC1; p=none"]}, "neither letters.ngo.test nor a domain above"),
]


@pytest.mark.parametrize(("records", "fault"), FAULTS)
def test_no_policy_or_two_is_a_fault(records: dict[str, Sequence[str]], fault: str) -> None:
    found = policy(records)
    assert found is not None
    assert found.fault.startswith(fault)


@pytest.mark.parametrize("unheard", [OURS, "ngo.test"])
def test_a_policy_that_could_not_be_asked_is_not_known(unheard: str) -> None:
    zone = {f"TXT _dmarc.{OURS}": ["v=DMARC1; p=none"]}
    assert find_policy(OURS, resolver=Book(zone, [f"_dmarc.{unheard}"])) is None


def test_a_long_name_does_not_make_us_ask_for_ever() -> None:
    book = Book({})
    find_policy(".".join("abcdefghijklmnop") + ".ngo.test", resolver=book)
    assert len(book.asked) == 7
    assert book.asked[-1] == "TXT _dmarc.ngo.test"


ALIGNED = [
    # where the policy was found, aspf, domain of returned mail, whether SPF counts
    (OURS, "r", OURS, True),
    (OURS, "r", f"bounce.{OURS}", True),
    (OURS, "s", OURS, True),
    (OURS, "s", f"bounce.{OURS}", False),
    (OURS, "r", "bounce.ngo.test", False),
    ("ngo.test", "r", "bounce.ngo.test", True),
    ("ngo.test", "s", "bounce.ngo.test", False),
    ("ngo.test", "r", "bounce.otherngo.test", False),
]


@pytest.mark.parametrize(("top", "aspf", "other", "expected"), ALIGNED)
def test_names_below_the_same_organisation_are_in_line(
    top: str,
    aspf: str,
    other: str,
    *,
    expected: bool,
) -> None:
    assert Policy(top, top, "p=none", aspf=aspf).aligns(OURS, other) is expected
