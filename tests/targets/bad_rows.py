"""Rows of a file, each with one fault of a kind of its own, and the reason that it must get."""

HEADER = [
    *("short name", "number", "kind", "country", "seat", "language", "name", "salutation"),
    *("e-mail", "holder", "since", "checked", "postal address", "name (en)", "salutation (en)"),
]
GOOD = {
    "kind": "ministry",
    "country": "CN",
    "language": "fr",
    "name": "Le ministère",
    "salutation": "Excellence,",
    "e-mail": "desk@mfa.example",
}
LONG = "x" * 161
SIX = " ".join(f"a{number}@b.example" for number in range(6))
BOTH = {"name (en)": "The ministry", "salutation (en)": "Sir,"}

KINDS: list[tuple[str, dict[str, str], str, str]] = [
    ("no key", {"short name": ""}, "key", "missing"),
    ("a key with a space", {"short name": "a b"}, "short name", "key"),
    ("a key with an accent", {"short name": "ministère"}, "short name", "key"),
    ("a key that is too long", {"short name": "k" * 81}, "short name", "too_long"),
    ("a key that is there twice", {"short name": "twin"}, "key", "key_twice"),
    ("a number that is there twice", {"number": "N-twin"}, "number", "number_twice"),
    ("a number that is too long", {"number": "1" * 101}, "number", "too_long"),
    ("a number that is a formula", {"number": "=1+1"}, "number", "formula"),
    ("key and number of two targets", {"short name": "one", "number": "N-2"}, "key", "conflict"),
    ("an archived target", {"short name": "archived"}, "key", "archived"),
    ("a merged target", {"short name": "merged"}, "key", "merged"),
    ("no kind", {"kind": ""}, "kind", "missing"),
    ("an unknown kind", {"kind": "king"}, "kind", "kind"),
    ("no country", {"country": ""}, "country", "missing"),
    ("an unknown country", {"country": "XX"}, "country", "country"),
    ("a country in words", {"country": "Chine"}, "country", "country"),
    ("an embassy without a seat", {"kind": "embassy"}, "seat", "no_seat"),
    ("an unknown seat", {"kind": "embassy", "seat": "ZZ"}, "seat", "country"),
    ("no language", {"language": ""}, "language", "missing"),
    ("an unknown language", {"language": "klingon"}, "language", "language"),
    ("no name", {"name": ""}, "name", "no_name"),
    ("neither name nor salutation", {"name": "", "salutation": ""}, "name", "no_name"),
    ("a name that is too long", {"name": LONG}, "name", "too_long"),
    ("a name that is a formula", {"name": '=HYPERLINK("x")'}, "name", "formula"),
    ("a name of two lines", {"name": "Le\nministère"}, "name", "line_break"),
    ("a name with a NUL", {"name": "Le\0ministère"}, "name", "control"),
    ("a name that turns round", {"name": "Le \u202eministère"}, "name", "bidi"),
    ("a name that was read wrongly", {"name": "Le minist\ufffdre"}, "name", "unreadable"),
    ("a name with a tower of marks", {"name": "Z" + "\u0301" * 9}, "name", "marks"),
    ("a name that is an encoded word", {"name": "=?utf-8?q?x?="}, "name", "encoded"),
    ("no salutation", {"salutation": ""}, "salutation:fr", "no_salutation"),
    ("no salutation beside a second name", {"name (en)": "M"}, "salutation:en", "no_salutation"),
    ("a salutation that is too long", {"salutation": LONG}, "salutation", "too_long"),
    ("an address without an @", {"e-mail": "desk.mfa.example"}, "e-mail", "no_at"),
    ("an address with two dots", {"e-mail": "a..b@mfa.example"}, "e-mail", "local"),
    ("an address in Chinese", {"e-mail": "部@mfa.example"}, "e-mail", "not_ascii_local"),
    ("an address without a domain", {"e-mail": "desk@mfa"}, "e-mail", "domain"),
    ("a long address", {"e-mail": "a" * 70 + "@b.example"}, "e-mail", "address_too_long"),
    ("six addresses", {"e-mail": SIX}, "e-mail", "too_many_addresses"),
    ("a holder that is a formula", {"holder": "@SUM(A1)"}, "holder", "formula"),
    ("a day that is none", {"since": "31/02/2024"}, "since", "date"),
    ("a day in words", {"since": "May 2024"}, "since", "date"),
    ("a day that is to come", {"checked": "2999-01-01"}, "checked", "future"),
    ("a long postal address", {"postal address": "x" * 501}, "postal address", "too_long"),
    ("a postal address with a NUL", {"postal address": "1\0"}, "postal address", "control"),
]  # fmt: skip
"""What is wrong, the cells of it, in which field it is told, and the reason."""


def row(key: str, cells: dict[str, str]) -> list[str]:
    """One row as it stands in the file."""
    whole = {"short name": key, **GOOD, **cells}
    return [whole.get(heading, "") for heading in HEADER]
