"""SPF by the tables of RFC 7208: what each term means, and where a receiver gives up."""

from collections.abc import Mapping, Sequence

import pytest

from tests.outbox.identity.resolving import Book
from tocsin.outbox.identity.spf import Result, evaluate, parse, spf_records

HERE = "192.0.2.10"
HERE_6 = "2001:db8::10"
WORLD: Mapping[str, Sequence[str]] = {
    "A mail.d.test": [HERE],
    "AAAA mail.d.test": [HERE_6],
    "A d.test": ["192.0.2.99"],
    "A near.d.test": ["192.0.2.77"],
    "AAAA near.d.test": ["2001:db8::77"],
    "MX d.test": ["10 mx1.d.test", "20 mail.d.test"],
    "A mx1.d.test": ["198.51.100.1"],
    "MX null.test": ["0 ."],
    "MX many.test": [f"10 m{number}.many.test" for number in range(11)],
    "PTR 10.2.0.192.in-addr.arpa": ["mail.d.test", "liar.other.test"],
    "A liar.other.test": ["203.0.113.1"],
    "TXT pass.test": ["v=spf1 ip4:192.0.2.0/24 -all"],
    "TXT fail.test": ["v=spf1 -all"],
    "TXT soft.test": ["v=spf1 ~all"],
    "TXT neutral.test": ["v=spf1 ?all"],
    "TXT two.test": ["v=spf1 -all", "v=spf1 +all"],
    "TXT wrong.test": ["v=spf1 ip4:300.1.1.1 -all"],
    "TXT loop.test": ["v=spf1 include:loop2.test -all"],
    "TXT loop2.test": ["v=spf1 include:loop.test -all"],
    "TXT self.test": ["v=spf1 redirect=self.test"],
    "TXT chained.test": ["v=spf1 redirect=pass.test"],
    **{f"TXT c{number}.test": [f"v=spf1 include:c{number + 1}.test -all"] for number in range(12)},
    "TXT c12.test": ["v=spf1 ip4:192.0.2.10 -all"],
}


def judged(record: str, address: str = HERE, *, unheard: Sequence[str] = ()) -> Result:
    book = Book({**WORLD, "TXT d.test": [record]}, unheard)
    return evaluate("d.test", address=address, resolver=book).result


CASES: list[tuple[str, Result]] = [
    ("v=spf1", "neutral"),
    ("v=spf1 all", "pass"),
    ("v=spf1 +all", "pass"),
    ("V=SPF1 -ALL", "fail"),
    ("v=spf1 ~all", "softfail"),
    ("v=spf1 ?all", "neutral"),
    ("v=spf1   -all  ", "fail"),
    ("v=spf1 -all ip4:192.0.2.10", "fail"),
    # addresses
    ("v=spf1 ip4:192.0.2.10 -all", "pass"),
    ("v=spf1 ip4:192.0.2.0/24 -all", "pass"),
    ("v=spf1 ip4:192.0.2.11/31 -all", "pass"),
    ("v=spf1 ip4:192.0.2.11 -all", "fail"),
    ("v=spf1 ip4:0.0.0.0/0 -all", "pass"),
    ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
    ("v=spf1 ~ip4:192.0.2.10 -all", "softfail"),
    ("v=spf1 -ip4:192.0.2.10 +all", "fail"),
    # a and mx
    ("v=spf1 a -all", "fail"),
    ("v=spf1 a/24 -all", "pass"),
    ("v=spf1 a:mail.d.test -all", "pass"),
    ("v=spf1 a:mail.d.test. -all", "pass"),
    ("v=spf1 A:MAIL.D.TEST -all", "pass"),
    ("v=spf1 a:near.d.test/26 -all", "fail"),
    ("v=spf1 a:near.d.test/24 -all", "pass"),
    ("v=spf1 a:near.d.test/24//64 -all", "pass"),
    ("v=spf1 a:near.d.test//64 -all", "fail"),
    ("v=spf1 a:near.d.test/0 -all", "pass"),
    ("v=spf1 mx -all", "pass"),
    ("v=spf1 mx:d.test -all", "pass"),
    ("v=spf1 mx/30 -all", "pass"),
    ("v=spf1 mx:null.test -all", "fail"),
    ("v=spf1 mx:nothing.test -all", "fail"),
    ("v=spf1 mx:many.test -all", "permerror"),
    # include
    ("v=spf1 include:pass.test -all", "pass"),
    ("v=spf1 ?include:pass.test -all", "neutral"),
    ("v=spf1 include:fail.test ~all", "softfail"),
    ("v=spf1 include:soft.test -all", "fail"),
    ("v=spf1 include:neutral.test -all", "fail"),
    ("v=spf1 include:none.test -all", "permerror"),
    ("v=spf1 include:two.test -all", "permerror"),
    ("v=spf1 include:wrong.test -all", "permerror"),
    ("v=spf1 include:chained.test -all", "pass"),
    # redirect
    ("v=spf1 redirect=pass.test", "pass"),
    ("v=spf1 redirect=soft.test", "softfail"),
    ("v=spf1 ip4:192.0.2.10 redirect=fail.test", "pass"),
    ("v=spf1 redirect=pass.test -all", "fail"),
    ("v=spf1 redirect=none.test", "permerror"),
    # exists and ptr
    ("v=spf1 exists:mail.d.test -all", "pass"),
    ("v=spf1 exists:nothing.test -all", "fail"),
    ("v=spf1 ptr -all", "pass"),
    ("v=spf1 ptr:d.test -all", "pass"),
    ("v=spf1 ptr:other.test -all", "fail"),
    ("v=spf1 ptr:l.d.test -all", "fail"),
    # what is not known is let pass if it is a modifier, and is an error if it is a mechanism
    ("v=spf1 unknown=x:y exp=why.d.test ip4:192.0.2.10 -all", "pass"),
    ("v=spf1 ip5:1.2.3.4 ip4:192.0.2.10 -all", "permerror"),
    # macros
    ("v=spf1 exists:%{i}._spf.d.test -all", "macro"),
    ("v=spf1 include:%{d2}.test -all", "macro"),
    ("v=spf1 redirect=%{d}.test", "macro"),
    ("v=spf1 ip4:192.0.2.10 exists:%{i}._spf.d.test -all", "pass"),
    # loops, and too many look-ups
    ("v=spf1 include:loop.test -all", "permerror"),
    ("v=spf1 include:self.test -all", "permerror"),
    ("v=spf1 include:d.test -all", "permerror"),
    ("v=spf1 include:c4.test -all", "pass"),
    ("v=spf1 include:c2.test -all", "permerror"),
    ("v=spf1 a:no1.test a:no2.test ip4:192.0.2.10 -all", "pass"),
    ("v=spf1 a:no1.test a:no2.test a:no3.test ip4:192.0.2.10 -all", "permerror"),
]


@pytest.mark.parametrize(("record", "expected"), CASES)
def test_a_record_means_what_the_rfc_says(record: str, expected: Result) -> None:
    assert judged(record) == expected


SIX: list[tuple[str, Result]] = [
    ("v=spf1 ip6:2001:db8::/32 -all", "pass"),
    ("v=spf1 ip6:2001:db8::10 -all", "pass"),
    ("v=spf1 ip4:192.0.2.0/24 -all", "fail"),
    ("v=spf1 a:mail.d.test -all", "pass"),
    ("v=spf1 a:near.d.test/0 -all", "fail"),
    ("v=spf1 a:near.d.test//64 -all", "pass"),
    ("v=spf1 mx -all", "pass"),
]


@pytest.mark.parametrize(("record", "expected"), SIX)
def test_a_long_address_is_looked_for_among_long_ones(record: str, expected: Result) -> None:
    assert judged(record, HERE_6) == expected


def test_a_short_address_written_long_is_the_same() -> None:
    assert judged("v=spf1 ip4:192.0.2.10 -all", "::ffff:192.0.2.10") == "pass"


@pytest.mark.parametrize(
    "term",
    [
        "all:x.test", "ip4", "ip4:", "ip4:1.2.3", "ip4:1.2.3.4/33", "ip4:1.2.3.4/024", "ip4/24",
        "ip4:2001:db8::1", "ip6:1.2.3.4", "ip6:2001:db8::/129", "ip4:1.2.3.4/255.0.0.0", "include",
        "include:", "include:x", "include:x.1", "exists", "a:", "a:x", "a/33", "a//129", "a/024",
        "mx:/24", "ptr:", "redirect=", "redirect=x", "exp=x", "+-all", "all\t-all", "ëxists:a.test",
        "?", "a=b=c d",
    ],
)  # fmt: skip
def test_a_term_that_is_none_spoils_the_record(term: str) -> None:
    assert judged(f"v=spf1 ip4:{HERE} {term} -all") == "permerror"


def test_a_modifier_may_be_given_once() -> None:
    assert judged("v=spf1 redirect=pass.test redirect=pass.test") == "permerror"
    with pytest.raises(ValueError, match=r"exp=a\.test"):
        parse("v=spf1 exp=a.test exp=a.test")


def test_only_records_of_this_version_are_spf() -> None:
    texts = ("v=spf1 -all", "v=spf10 -all", "v=spf1", " v=spf1 -all", "spf2.0/pra", "V=spf1 a")
    assert spf_records(texts) == ["v=spf1 -all", "v=spf1", "V=spf1 a"]


def test_a_domain_without_a_record_says_nothing() -> None:
    assert evaluate("none.test", address=HERE, resolver=Book(WORLD)).result == "none"


@pytest.mark.parametrize(
    ("record", "unheard"),
    [
        ("v=spf1 -all", "d.test"),
        ("v=spf1 include:pass.test -all", "pass.test"),
        ("v=spf1 a:mail.d.test -all", "mail.d.test"),
        ("v=spf1 mx -all", "mx1.d.test"),
        ("v=spf1 exists:far.test -all", "far.test"),
    ],
)
def test_what_could_not_be_asked_is_no_verdict(record: str, unheard: str) -> None:
    assert judged(record, unheard=[unheard]) == "temperror"


def test_what_stands_behind_a_match_is_not_asked() -> None:
    book = Book({"TXT d.test": ["v=spf1 ip4:192.0.2.10 include:far.test -all"]}, ["far.test"])
    assert evaluate("d.test", address=HERE, resolver=book).result == "pass"
    assert book.asked == ["TXT d.test"]


def test_a_domain_that_takes_no_mail_has_no_exchanger_to_ask_about() -> None:
    book = Book({**WORLD, "TXT d.test": ["v=spf1 mx:null.test -all"]})
    assert evaluate("d.test", address=HERE, resolver=book).result == "fail"
    assert book.asked == ["TXT d.test", "MX null.test"]


def test_without_an_address_everything_is_counted() -> None:
    record = "v=spf1 a mx ptr exists:mail.d.test include:pass.test include:c9.test -all"
    found = evaluate("d.test", address=None, resolver=Book({**WORLD, "TXT d.test": [record]}))
    assert (found.result, found.lookups, found.names) == ("fail", 9, True)


def test_the_count_goes_beyond_what_a_receiver_stands() -> None:
    found = evaluate("c0.test", address=None, resolver=Book(WORLD))
    assert (found.result, found.lookups) == ("fail", 12)
    assert evaluate("c0.test", address=HERE, resolver=Book(WORLD)).words == "more than 10 look-ups"


def test_a_record_that_branches_for_ever_is_left_in_the_end() -> None:
    bushes = {
        f"TXT b{number}.test": ["v=spf1 " + f"include:b{number + 1}.test " * 9 + "-all"]
        for number in range(20)
    }
    book = Book(bushes)
    assert evaluate("b0.test", address=None, resolver=book).result == "permerror"
    assert len(book.asked) < 50


@pytest.mark.parametrize(
    ("record", "names"),
    [
        ("v=spf1 -all", False),
        ("v=spf1 include:fail.test -all", False),
        ("v=spf1 -ip4:192.0.2.10 -all", False),
        ("v=spf1 include:pass.test -all", True),
        ("v=spf1 redirect=pass.test", True),
        ("v=spf1 exists:%{i}.d.test -all", True),
    ],
)
def test_it_is_seen_whether_anybody_is_meant_at_all(record: str, *, names: bool) -> None:
    book = Book({**WORLD, "TXT d.test": [record]})
    assert evaluate("d.test", address=None, resolver=book).names is names
