"""The search of the canary run finds a word in every encoding, wherever it begins."""

import base64
import bz2
import gzip
import quopri
import shutil
import subprocess
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest

from bench.canaries import WIDE, canary
from bench.search import CANARY, WIDE_LETTERS, ZSTD, Needle, search, search_bytes

WORD = canary(12_345, "g")
NAME = f"{WIDE}{WORD}"


def zipped(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("letter.txt", content)
    return packed.getvalue()


SPELLED = {
    "utf-8": WORD.encode(),
    "utf-8 in capitals": WORD.upper().encode(),
    "utf-16": WORD.encode("utf-16-le"),
    "utf-16 the other way": WORD.encode("utf-16-be"),
    "base64": base64.b64encode(WORD.encode() + b".."),
    "base64, one byte on": base64.b64encode(b"." + WORD.encode() + b".."),
    "base64, two bytes on": base64.b64encode(b".." + WORD.encode() + b".."),
    "hex": WORD.encode().hex().encode(),
    "hex in capitals": WORD.encode().hex().upper().encode(),
    "percent": "".join(f"%{byte:02X}" for byte in WORD.encode()).encode(),
    "percent of a name": quote(NAME).encode(),
    "quoted-printable": "".join(f"={byte:02X}" for byte in WORD.encode()).encode(),
    "quoted-printable of a name": quopri.encodestring(NAME.encode()),
    "unpacked, utf-8": gzip.compress(WORD.encode()),
    "unpacked, utf-8 of zlib": zlib.compress(WORD.encode(), 9),
    "unpacked, utf-8 of zip": zipped(WORD.encode()),
    "unpacked, base64": gzip.compress(zlib.compress(base64.b64encode(WORD.encode()))),
}


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_canary_is_found_in_every_encoding_and_named(spelling: str) -> None:
    found = list(
        search_bytes(b"\0..." + SPELLED[spelling] + b"...\0", needles=(CANARY, WIDE_LETTERS))
    )
    encodings = {encoding for encoding, _ in found}
    wanted = spelling.partition(" of ")[0].partition(" in ")[0].removesuffix(" the other way")
    if spelling == "unpacked, utf-8 of zip":
        found = list(search_bytes(SPELLED[spelling], needles=(CANARY,)))
        encodings = {encoding for encoding, _ in found}
    assert wanted in encodings
    assert "canary (given name)" in {what for _, what in found}


def test_what_is_packed_with_zstd_is_found_or_an_error() -> None:
    program = shutil.which("zstd")
    if program is None:
        with pytest.raises(AssertionError, match="zstd"):
            list(search_bytes(ZSTD, needles=(CANARY,)))
        return
    packed = subprocess.run([program, "-c"], input=WORD.encode(), capture_output=True, check=True)
    found = list(search_bytes(b".." + packed.stdout, needles=(CANARY,)))
    assert ("unpacked, utf-8", "canary (given name)") in found


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_word_into_which_postgresql_puts_a_byte_when_it_packs_is_found(cut: int) -> None:
    packed = WORD[:cut].encode() + b"\x00" + WORD[cut:].encode()
    assert [encoding for encoding, _ in search_bytes(packed, needles=(CANARY,))] == ["pglz"]


def test_bytes_of_a_key_are_found_as_they_are_and_spelled_out() -> None:
    key = bytes(range(100, 132))
    needle = Needle("key", key[:16])
    for shift in range(3):
        spelled = key + key.hex().encode() + base64.b64encode(b"." * shift + key)
        assert len(list(search_bytes(spelled, needles=(needle,)))) == 3


def test_what_is_not_there_is_not_found() -> None:
    noise = bz2.compress(bytes(range(256)) * 400) + WORD[:5].encode()
    assert list(search_bytes(noise, needles=(CANARY, WIDE_LETTERS))) == []


def test_a_file_s_name_counts_and_a_place_that_is_not_there_is_empty(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.txt").write_bytes(b"")
    found = search({"here": [tmp_path], "nowhere": [tmp_path / "no"]})
    assert [(hit.place, hit.what) for hit in found] == [
        ("here", "canary (given name) in a file's name")
    ]
