"""Whatever bytes come, in a list or in an export: a refusal in words, never anything else."""

from contextlib import suppress
from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.readers.cast import CHIARA, a_list, signed
from tests.readers.files import a_record, exported, sealed
from tocsin.kit.age import Damaged, NotAKey, OtherKey, open_sealed
from tocsin.readers.key_text import read_secret
from tocsin.readers.record import NotARecord, unpack
from tocsin.readers.records_file import NotRecords, Part, read_head, read_parts
from tocsin.readers.signed_list import ListRefused, read_list

LIST = signed(a_list())
KNOWN = [a_record(1), a_record(2)]
EXPORT = exported(sealed(each, later=each) for each in KNOWN)


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """The bytes with a few places overwritten, cut out or doubled."""
    content = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = min(len(content), start + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["overwrite", "cut", "double"])):
            case "overwrite":
                content[start:end] = draw(st.binary(min_size=end - start, max_size=end - start))
            case "cut":
                del content[start:end]
            case _:
                content[start:start] = content[start:end]
    return bytes(content)


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), spoilt(LIST)))
def test_a_spoilt_list_is_refused_or_says_the_same_as_before(content: bytes) -> None:
    with suppress(ListRefused):
        assert read_list(content) == a_list()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=300), spoilt(EXPORT)))
def test_a_spoilt_export_gives_what_was_sealed_or_says_what_is_missing(content: bytes) -> None:
    file = BytesIO(content)
    try:
        parts = list(read_parts(file, read_head(file)))
    except NotRecords:
        return
    opened = 0
    for part in parts:
        if isinstance(part, Part):
            with suppress(Damaged, OtherKey, NotARecord):
                assert unpack(open_sealed(part.sealed, secret=CHIARA[0])) in KNOWN
                opened += 1
    assert opened == len(parts) == 2 * len(KNOWN) or opened < len(parts) or content == EXPORT


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: b.decode("latin-1"))))
def test_no_text_is_taken_for_a_key_that_is_none(text: str) -> None:
    with suppress(NotAKey):
        read_secret(text)
        raise AssertionError(text)
