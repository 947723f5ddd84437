"""A PO file there and back, and files that are none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.kit.po_files import (
    MOST_BYTES,
    MOST_ENTRIES,
    Entry,
    FileRefused,
    PoFile,
    Why,
    read_file,
    write_file,
)

NOW = datetime(2026, 3, 10, 9, 41, tzinfo=UTC)
HEAD = 'msgid ""\nmsgstr ""\n"Project-Id-Version: families 1\\n"\n"Language: ug\\n"\n\n'


def test_what_is_written_is_read_again() -> None:
    entries = (
        Entry("page.title", "Où sont-ils ?", 'قەيەردە؟ "ھە"'),
        Entry("page.lead", "One\n\ntwo\\n", "", comment="page: lead"),
        Entry("page.call", "Write", "Schreib", unsure=True, before="Wrote"),
        Entry("page.result", "Write", "Écris"),
    )
    data = write_file(PoFile("families", "zh-hans", entries), now=NOW)
    text = data.decode()
    assert '#| msgid "Wrote"' in text
    assert "#. page: lead" in text
    read = read_file(data.replace(b"\n", b"\r\n"))
    assert (read.of, read.language) == ("families", "zh-hans")
    found = [(each.place, each.original, each.translation, each.unsure) for each in read.entries]
    assert found == [(each.place, each.original, each.translation, each.unsure) for each in entries]


def test_a_percentage_is_no_placeholder() -> None:
    entries = (Entry("page.lead", "50 % des familles, 100 % sure", ""),)
    assert b"python-format" not in write_file(PoFile("families", "kk", entries), now=NOW)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.EMPTY),
        (b" \n", Why.EMPTY),
        (b"x" * (MOST_BYTES + 1), Why.TOO_LARGE),
        ('msgid "é"\nmsgstr "è"\n'.encode("latin-1"), Why.NOT_UTF8),
        ('msgid "é"\nmsgstr "è"\n'.encode("utf-16"), Why.NOT_UTF8),
        (b"name;address\nMinistry;m@state.example\n", Why.NOT_PO),
        (b"PK\x03\x04 zip", Why.NOT_PO),
        (b"%PDF-1.7", Why.NOT_PO),
        (HEAD.encode(), Why.NOT_PO),
        (HEAD.encode() + b'msgctxt "a"\n', Why.NOT_PO),
        (HEAD.encode() + b'msgid "a\nmsgstr "b\n', Why.NOT_PO),
        (HEAD.encode() + b'msgid "a"\nmsgstr[9] "b"\n', None),
        (
            HEAD.encode()
            + b"".join(b'msgid "%d"\nmsgstr ""\n' % n for n in range(MOST_ENTRIES + 1)),
            Why.TOO_MANY,
        ),
    ],
)
def test_what_is_no_po_file_is_refused_as_such(data: bytes, why: Why | None) -> None:
    if why is None:
        read_file(data)
        return
    with pytest.raises(FileRefused) as refused:
        read_file(data)
    assert refused.value.why == why


LINES = st.sampled_from(
    [
        *('msgid "a"', 'msgstr "b"', 'msgctxt "c"', 'msgid_plural "d"', 'msgstr[1] "e"', "msgstr["),
        *("#, fuzzy", "#~ msgid", '"more"', "msgid", "#| msgid", '"Language: xx_YY_ZZ\\n"', ""),
        *('"Plural-Forms: nplurals=x\\n"', '"Content-Type: text/plain; charset=none\\n"', "\x00"),
        '"POT-Creation-Date: never\\n"',
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=14))
def test_whatever_stands_in_it_it_is_read_or_refused(lines: list[str]) -> None:
    for head in ("", HEAD[:-1]):
        try:
            read_file((head + "\n".join(lines)).encode())
        except FileRefused:
            continue
