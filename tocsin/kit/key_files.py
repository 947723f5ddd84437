"""Key files: written whole and once, and read again only when they are no longer the same."""

import os
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOST_KEPT = 64
"""How many keys stay in memory: the days that can still be read, and some to spare."""

SETTLED = 2_000_000_000
"""Nanoseconds. A file changed more recently may change again without its times telling."""


@dataclass(frozen=True)
class _Kept:
    stamp: tuple[int, ...]
    content: bytes


_kept: dict[Path, _Kept] = {}


def read_key_file(path: Path) -> bytes:
    """The content of the file as it is now; raises OSError if it is not there or not readable.

    What was read is kept in memory, and used while a look at the file says that it is still the
    same one. A file that is gone is forgotten: at once when it is asked for, and at the latest
    when the next new key is read, so that a destroyed key does not live on in here.
    """
    try:
        stamp = _stamp(path.stat())
    except OSError:
        _kept.pop(path, None)
        raise
    kept = _kept.get(path)
    if kept is not None and kept.stamp == stamp:
        return kept.content
    _kept.pop(path, None)
    return _read_anew(path)


def write_key_file(path: Path, content: bytes) -> bool:
    """Write a file (0400) that no reader sees half-written and that replaces none.

    The first of several writers wins: says whether it was this one.
    """
    part = _part(path, content)
    try:
        with suppress(FileExistsError):
            os.link(part, path)
            _sync(path.parent)
            return True
        return False
    finally:
        part.unlink()


def replace_key_file(path: Path, content: bytes) -> None:
    """Write a file (0400) in place of the one that is there, if any; readers see one or the other.

    The last of several writers wins. Written by root it belongs to the owner of its directory.
    """
    _part(path, content).replace(path)
    _kept.pop(path, None)
    _sync(path.parent)


def make_key_directory(path: Path) -> None:
    """A private directory, if it is not there; what root makes belongs to the owner of its parent.

    Otherwise the server, which is another user, could not read what `sudo` put there.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(path)


def remove_key_file(path: Path) -> bool:
    """Take the file away for good, also from the next power cut; False if it was not there.

    Its bytes are not written over: no disk of today would do that in the same place.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        was_there = False
    else:
        was_there = True
    _kept.pop(path, None)
    # In either case: whoever took it away before may have been killed just then.
    _sync(path.parent)
    return was_there


def _part(path: Path, content: bytes) -> Path:
    """The whole file, under another name beside its own."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o400)
        _give(Path(name))
    except OSError:
        Path(name).unlink()
        raise
    return Path(name)


def _give(path: Path) -> None:
    """To the owner of the directory that it lies in, where root alone can do that."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        # The link itself, should the server's user have put one there: it leads where root may go.
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _sync(directory: Path) -> None:
    """Without it a power cut could take the new file, and leave what was sealed with it.

    Or give back a file that was taken away.
    """
    opened = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _read_anew(path: Path) -> bytes:
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        content = file.read()
    # The machine's own clock, as it is compared with the times that the machine gave the file.
    if time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > SETTLED:
        _keep(path, _Kept(_stamp(state), content))
    return content


def _keep(path: Path, kept: _Kept) -> None:
    _kept[path] = kept
    for other in list(_kept):
        if not other.exists():
            _kept.pop(other, None)
    for oldest in list(_kept)[:-MOST_KEPT]:
        _kept.pop(oldest, None)


def _stamp(state: os.stat_result) -> tuple[int, ...]:
    """What differs as soon as it is another file, or its content or its mode was changed."""
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
