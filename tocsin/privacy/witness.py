"""Where the believed time is kept: a row for each run of a machine, and a file beside the keys."""

import os
import tempfile
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.conf import settings

from tocsin.kit.seal import days_of_keys
from tocsin.outbox.rows import rows
from tocsin.privacy.lived import Lived, Reading, begin, go_on
from tocsin.privacy.memory import LivedClock

FILE = "believed.time"
FILE_EVERY = timedelta(hours=1)
FORGOTTEN = timedelta(days=30)
"""Of a machine that did not look for so long nothing is known any more."""

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_THIS_PROCESS = uuid4().hex


class TimeUnknown(Exception):
    """The file beside the keys cannot be read; the text says so."""


def look(now: datetime) -> Reading:
    """What the clocks and the counter say."""
    [[database]] = rows("SELECT clock_timestamp()")
    boot, uptime = _counter()
    return Reading(machine=now, database=database, boot=boot, uptime=uptime)


def believe(reading: Reading) -> tuple[Lived, datetime]:
    """Go on with the time that is believed, and keep it; also what was believed before.

    The caller sees to it that it is alone. Raises TimeUnknown, and seal.KeyMissing.
    """
    kept = {row.boot: row for row in LivedClock.objects.all()}
    known = [row.at for row in kept.values()] + _from_file()
    # Where no time was kept before, only the oldest key tells how much may be destroyed at most.
    newest = max(known) if known else _oldest_key(reading.wall)
    row = kept.get(reading.boot)
    if row is None:
        lived = begin(reading, newest=newest)
    else:
        before = Lived(row.boot, row.at, row.uptime, row.gap, row.since)
        lived = go_on(before, reading, newest=newest)
    _keep(lived)
    return lived, newest


def believed(reading: Reading) -> Lived | None:
    """What was believed when it was last kept, to look at; None if nothing was."""
    row = LivedClock.objects.order_by("at").last()
    if row is None:
        return None
    return Lived(reading.boot, row.at, reading.uptime, None, reading.uptime)


def trust(reading: Reading) -> None:
    """A person says that the clock is right: it is believed from here on, whatever was before."""
    LivedClock.objects.all().delete()
    _write(reading.wall)  # before it is read again: it may be what cannot be read
    _keep(Lived(reading.boot, reading.wall, reading.uptime, None, reading.uptime))


def _keep(lived: Lived) -> None:
    LivedClock.objects.update_or_create(boot=lived.boot, defaults=vars(lived))
    LivedClock.objects.filter(at__lt=lived.at - FORGOTTEN).exclude(boot=lived.boot).delete()
    noted = _from_file()
    if not noted or lived.at - noted[0] >= FILE_EVERY:
        _write(lived.at)


def _oldest_key(wall: datetime) -> datetime:
    days = [datetime(day.year, day.month, day.day, tzinfo=UTC) for day in days_of_keys()]
    return min([*days, wall])


def _counter() -> tuple[str, float]:
    """Which run of the machine this is, and its seconds, those that it slept included."""
    with suppress(OSError):
        boot = BOOT_ID.read_text(encoding="ascii").strip()
        return boot, time.clock_gettime(time.CLOCK_BOOTTIME)
    return _THIS_PROCESS, time.monotonic()


def _path() -> Path:
    return Path(settings.KEYS_DIR) / FILE


def _from_file() -> list[datetime]:
    try:
        noted = datetime.fromisoformat(_path().read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise TimeUnknown(
            f"cannot read {_path()}, the time that is believed: look at the clock, then run "
            "`tocsin retention --trust-clock`"
        ) from None
    return [noted if noted.tzinfo else noted.replace(tzinfo=UTC)]


def _write(at: datetime) -> None:
    """Put the time in place as a whole."""
    path = _path()
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(at.isoformat())
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
