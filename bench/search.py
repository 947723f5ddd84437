"""Search files for something that must not be there, in nine encodings and unpacked."""

import base64
import re
import shutil
import subprocess
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bench.canaries import MARKER, SIZE, WIDE, read_canary

DEEPEST = 3  # members within members
MOST_UNPACKED = 64 * 2**20  # bytes of one member
LOOK = 256  # bytes of a member that are unpacked to see whether it is one
GZIP, ZSTD, ZIP = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")

ENCODINGS = (
    "utf-8",
    "utf-16",
    "base64",
    "base64, one byte on",
    "base64, two bytes on",
    "hex",
    "quoted-printable",
    "percent",
    "unpacked",  # from gzip, zlib, zstd or zip: then once more in all the others
)
PGLZ = "pglz"
"""PostgreSQL's own compression puts a byte between letters; where it is off, they stand as sent."""


@dataclass(frozen=True, order=True)
class Hit:
    """What was found where, and in which encoding."""

    place: str
    encoding: str
    what: str
    file: str = ""


@dataclass(frozen=True)
class Needle:
    """Bytes that are sought; small letters also where they were made capital."""

    what: str
    plain: bytes
    is_text: bool = False

    def forms(self) -> Iterator[tuple[str, bytes, bool]]:
        """Encoding, its bytes, and whether capital letters count as small ones."""
        yield "utf-8", self.plain, self.is_text
        if self.is_text:
            for order in ("utf-16-le", "utf-16-be"):
                yield "utf-16", self.plain.decode().encode(order), True
        yield "hex", self.plain.hex().encode(), True
        yield "percent", "".join(f"%{byte:02x}" for byte in self.plain).encode(), True
        yield "quoted-printable", "".join(f"={byte:02x}" for byte in self.plain).encode(), True
        for shift, name in enumerate(ENCODINGS[2:5]):
            yield name, base64_of(self.plain, shift=shift), False


CANARY = Needle("canary", MARKER.encode(), is_text=True)
WIDE_LETTERS = Needle("canary", WIDE.encode(), is_text=True)


def base64_of(plain: bytes, *, shift: int) -> bytes:
    """The letters that stand for these bytes wherever they come `shift` bytes after the third."""
    encoded = base64.b64encode(b"\0" * shift + plain)
    first, last = -(-8 * shift // 6), 8 * (shift + len(plain)) // 6
    return encoded[first:last]


def search(
    places: Mapping[str, Sequence[Path]], *, needles: Sequence[Needle] = (CANARY, WIDE_LETTERS)
) -> Counter[Hit]:
    """Every file below these places, deleted rows and free space of a page included."""
    found: Counter[Hit] = Counter()
    for place, roots in places.items():
        for path in (each for root in roots for each in files_below(root)):
            # A file may go while we look: whatever writes there goes on.
            try:
                data = path.read_bytes()
            except FileNotFoundError:
                continue
            for encoding, what in search_bytes(data, needles=needles):
                found[Hit(place, encoding, what, path.name)] += 1
            for encoding, what in search_bytes(path.name.encode(), needles=needles):
                found[Hit(place, encoding, f"{what} in a file's name")] += 1
    return found


def files_below(root: Path) -> Iterator[Path]:
    """Every file there, links not followed; none if the place is not there."""
    paths = [root] if root.is_file() else root.rglob("*")
    return (path for path in paths if path.is_file() and not path.is_symlink())


def search_bytes(
    data: bytes, *, needles: Sequence[Needle], depth: int = 0
) -> Iterator[tuple[str, str]]:
    """Encoding and what was found, for every time that it stands there."""
    small = data.lower()
    for needle in needles:
        for encoding, form, is_any_case in needle.forms():
            place = small if is_any_case else data
            for at in _positions(place, form.lower() if is_any_case else form):
                yield encoding, _named(needle, encoding, data, at)
        if needle.is_text:
            yield from ((PGLZ, needle.what) for _ in range(_interrupted(small, needle.plain)))
    if depth < DEEPEST:
        for member in unpacked(data):
            for encoding, what in search_bytes(member, needles=needles, depth=depth + 1):
                name = encoding.removeprefix("unpacked, ")
                yield f"unpacked, {name}", what


def _positions(data: bytes, form: bytes) -> Iterator[int]:
    at = data.find(form)
    while at >= 0:
        yield at
        at = data.find(form, at + 1)


def _named(needle: Needle, encoding: str, data: bytes, at: int) -> str:
    """Which field a canary belongs to, where that can still be read."""
    if needle is not CANARY:
        return needle.what
    text = ""
    if encoding == "utf-8":
        text = data[at : at + SIZE].decode("latin-1")
    elif encoding == "utf-16":
        text = data[at : at + 2 * SIZE].replace(b"\0", b"").decode("latin-1")
    elif encoding == "hex":
        text = _from_hex(data[at : at + 2 * SIZE])
    elif encoding in ("percent", "quoted-printable"):
        text = _from_hex(re.sub(rb"[%=]", b"", data[at : at + 3 * SIZE]))
    elif encoding.startswith("base64"):
        shift = ENCODINGS.index(encoding) - 2
        text = _from_base64(data, at - -(-8 * shift // 6))[shift:]
    found = read_canary(text)
    return f"{needle.what} ({found.field})" if found else needle.what


def _from_hex(digits: bytes) -> str:
    try:
        return bytes.fromhex(digits.decode("ascii")).decode("latin-1")
    except ValueError:
        return ""


def _from_base64(data: bytes, start: int) -> str:
    letters = data[max(0, start) : max(0, start) + 20].translate(bytes.maketrans(b"-_", b"+/"))
    try:
        return base64.b64decode(letters[: len(letters) // 4 * 4]).decode("latin-1")
    except ValueError:
        return ""


def _interrupted(small: bytes, word: bytes) -> int:
    """How often a word stands there with one foreign byte in it, as pglz would leave it."""
    half = len(word) // 2
    found = 0
    for cut in range(1, len(word)):
        # The half that is whole is looked for, and then the rest beside it.
        head, tail = word[:cut], word[cut:]
        if cut >= half:
            found += sum(
                small.startswith(tail, at + cut + 1) and not small.startswith(tail, at + cut)
                for at in _positions(small, head)
            )
        else:
            found += sum(small[at - 1 - cut : at - 1] == head for at in _positions(small, tail))
    return found


def unpacked(data: bytes) -> Iterator[bytes]:
    """What can be unpacked of it, wherever it begins; not readable zstd is an error."""
    view = memoryview(data)
    for magic, bits in ((GZIP, 31), *((magic, 15) for magic in ZLIB)):
        for at in _positions(data, magic):
            if member := _inflate(view[at:], bits):
                yield member
    for at in _positions(data, ZSTD):
        if member := _unzstd(view[at:]):
            yield member
    if data.startswith(ZIP):
        yield from _unzip(data)


def _inflate(packed: memoryview, bits: int) -> bytes:
    # Whatever begins like a member by chance ends soon, with an error.
    for size, most in ((4096, LOOK), (len(packed), MOST_UNPACKED)):
        machine = zlib.decompressobj(bits)
        try:
            member = machine.decompress(packed[:size], most)
        except zlib.error:
            return b""
        if not member:
            return b""
    return member


def _unzstd(packed: memoryview) -> bytes:
    program = shutil.which("zstd")
    if program is None:
        raise AssertionError("there is something packed with zstd: install the program of it")
    command = [program, "-d", "-c", "-q"]
    return subprocess.run(command, input=packed, capture_output=True, check=False).stdout


def _unzip(data: bytes) -> Iterator[bytes]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        for name in archive.namelist():
            yield archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return


def table(found: Counter[Hit]) -> str:
    """The hits by place, encoding and field, one a line."""
    together: Counter[tuple[str, str, str]] = Counter()
    for hit, times in found.items():
        together[hit.place, hit.encoding, hit.what] += times
    lines = [
        f"  {place:<22} {encoding:<32} {what:<28} {times:>8,}"
        for (place, encoding, what), times in sorted(together.items())
    ]
    return "\n".join(lines) or "  nothing"
