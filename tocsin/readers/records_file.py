"""The file of an export: sealed records, one a line, counted, with an end that shows it is whole.

```
tocsin-records 1
{"organisation": …, "campaign": …}
records 0000000002
list 0 {…}                        the signed list of readers that those with a 0 are sealed for
record 1 0 <base64 of an age file>
later 1 0 <base64 of an age file>     answers that were changed when the first could not be opened
record 2 0 <base64 of an age file>
end 2
```

A line that is damaged takes no other with it. Plain: lines in, lines out; nothing is opened here.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from tocsin.readers.signed_list import MOST_BYTES, ListRefused, ReaderList, read_list

FIRST_LINE = b"tocsin-records 1\n"
MOST_LINE = 4 * MOST_BYTES
"""Bytes; a longer line is not one of ours, and would not be read into memory."""

_PART = re.compile(rb"(record|later) (\d{1,10}) (\d{1,6}) ([A-Za-z0-9+/=]+)\n")
_LIST = re.compile(rb"list (\d{1,6}) (.+)\n")
_NO_LIST = b"null"
_COUNT = re.compile(rb"records (\d{10})\n")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_END = re.compile(rb"end (\d{1,10})\n")


class NotRecords(Exception):
    """It is not a file of records."""


@dataclass(frozen=True)
class Sealed:
    """A record as it is exported; `later` is empty, or sealed answers that were given since."""

    record: bytes
    readers: str
    later: bytes = b""
    later_readers: str = ""


@dataclass(frozen=True)
class About:
    """What stands at the head of the file."""

    organisation: str
    campaign: str
    records: int


@dataclass(frozen=True)
class Part:
    """One line that can be opened; `readers` is None where the file does not say who they are."""

    number: int
    is_later: bool
    sealed: bytes
    readers: ReaderList | None


@dataclass(frozen=True)
class Broken:
    """A line, or the file, that is not whole; says where and what.

    `hides` says that the answers of the record before it may have stood there.
    """

    where: str
    what: str
    hides: bool = False


def write_records(
    file: IO[bytes],
    *,
    organisation: str,
    campaign: str,
    records: Iterable[Sealed],
    find_list: Callable[[str], bytes | None],
) -> int:
    """Write all of them, one after the other, into a file that can be sought; how many.

    `find_list` gives the signed list of a fingerprint, None if it is not there any more.
    """
    lists = _Lists(find_list)
    head = json.dumps({"organisation": organisation, "campaign": campaign}).encode()
    file.write(FIRST_LINE + head + b"\n")
    counted_at = file.tell()
    file.write(_count(0))
    number = 0
    for number, each in enumerate(records, start=1):
        file.write(lists.introduce(each.readers))
        file.write(_line(b"record", number, lists.index(each.readers), each.record))
        if each.later:
            file.write(lists.introduce(each.later_readers))
            file.write(_line(b"later", number, lists.index(each.later_readers), each.later))
    file.write(b"end %d\n" % number)
    file.seek(counted_at)
    file.write(_count(number))
    return number


def read_head(file: IO[bytes]) -> About:
    """What the file says of itself; raises NotRecords."""
    if file.readline(len(FIRST_LINE) + 1) != FIRST_LINE:
        raise NotRecords("this is no file of records, as `tocsin export` writes them")
    head, count = file.readline(MOST_LINE), _COUNT.fullmatch(file.readline(32))
    try:
        told = json.loads(head)
        names = [str(told["organisation"]), str(told["campaign"])]
    except (ValueError, LookupError, TypeError, RecursionError):
        names = []
    # They are printed: nothing else than a short name may stand there.
    if count is None or not names or not all(_NAME.fullmatch(name) for name in names):
        raise NotRecords("the head of the file is damaged: export it once more")
    return About(names[0], names[1], records=int(count[1]))


def read_parts(file: IO[bytes], about: About) -> Iterator[Part | Broken]:
    """Every line behind the head, and what is wrong with any; a few lines in memory at a time."""
    lists: dict[int, ReaderList] = {}
    last = unread = 0
    for line_number, line in _lines(file):
        where = f"line {line_number}"
        if found := _PART.fullmatch(line):
            number, is_later = int(found[2]), found[1] == b"later"
            first = last if is_later else last + 1
            if not first <= number <= first + unread:
                yield Broken(where, f"record {number} stands where record {first} should")
            last, unread = max(last, number), 0
            yield _part(found, lists, where=where)
        elif found := _LIST.fullmatch(line):
            if readers := _list(found[2]):
                lists[int(found[1])] = readers
            elif found[2] != _NO_LIST:
                yield Broken(where, "damaged", hides=True)
        elif found := _END.fullmatch(line):
            yield from _at_the_end(file, about, told=int(found[1]), last=last + unread)
            return
        else:
            unread += 1
            yield Broken(where, "damaged", hides=not line.startswith(b"record "))
    what = f"cut off: the end is missing, after {last} of {about.records} records"
    yield Broken("end", what, hides=True)


def _part(found: re.Match[bytes], lists: dict[int, ReaderList], *, where: str) -> Part | Broken:
    number, is_later = int(found[2]), found[1] == b"later"
    try:
        sealed = base64.b64decode(found[4], validate=True)
    except binascii.Error:
        return Broken(where, f"record {number} is damaged", hides=is_later)
    return Part(number, is_later, sealed, lists.get(int(found[3])))


def _at_the_end(file: IO[bytes], about: About, *, told: int, last: int) -> Iterator[Broken]:
    if told != about.records or last < told:
        yield Broken("end", f"there are {last} of {about.records} records")
    if file.read(1):
        yield Broken("end", "there is something behind the end")


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    number = 3
    while line := file.readline(MOST_LINE):
        number += 1
        yield number, line
        while line and not line.endswith(b"\n"):
            line = file.readline(MOST_LINE)


def _list(told: bytes) -> ReaderList | None:
    try:
        return read_list(told)
    except ListRefused:
        return None


def _line(kind: bytes, number: int, index: int, sealed: bytes) -> bytes:
    return b"%s %d %d %s\n" % (kind, number, index, base64.b64encode(sealed))


def _count(number: int) -> bytes:
    return b"records %010d\n" % number


class _Lists:
    """The lists of readers of one export: each stands in the file once, before it is needed."""

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self._find = find
        self._indexes: dict[str, int] = {}

    def index(self, fingerprint: str) -> int:
        """Its number in the file."""
        return self._indexes[fingerprint]

    def introduce(self, fingerprint: str) -> bytes:
        """The line that brings the list, the first time that it is needed."""
        if fingerprint in self._indexes:
            return b""
        index = self._indexes[fingerprint] = len(self._indexes)
        content = self._find(fingerprint)
        told = json.loads(content) if content else None
        return b"list %d %s\n" % (index, json.dumps(told).encode())
