"""The demo's own readers: their keys, which a real organisation makes and keeps itself."""

import shutil
import tomllib
from datetime import date
from pathlib import Path

from tocsin.demo.home import Home
from tocsin.readers.ceremony import Made, make_keys
from tocsin.readers.files import accept_list, pin_of

EXAMPLE = Path(__file__).parent / "example" / "campaign.toml"
LABELS = ("demo reader 1", "demo reader 2")


def provide_readers(home: Home, *, today: date) -> bool:
    """Make the keys, unless they are there, and let their list count; whether they were made.

    The private ones lie beside the directory of the server's keys, never in it. Killed in between,
    the next start goes on where it ended.
    """
    is_new = not home.reader_keys.exists()
    if is_new:
        _make(home, today=today)
    (found,) = home.reader_keys.glob("*.readers.json")
    home.keys.mkdir(mode=0o700, exist_ok=True)
    # Whoever tries another list here keeps it.
    if pin_of(home.keys / "readers", found.name.partition(".")[0]) is None:
        accept_list(home.keys / "readers", found.read_bytes())
    return is_new


def _make(home: Home, *, today: date) -> Made:
    with EXAMPLE.open("rb") as file:
        slug = tomllib.load(file)["organisation"]["slug"]
    part = home.path / ".reader-keys.part"
    shutil.rmtree(part, ignore_errors=True)
    made = make_keys(part, organisation=slug, labels=LABELS, today=today, years=5)
    part.rename(home.reader_keys)
    return made
