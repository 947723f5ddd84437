"""Imports beside their limits: `python -m bench.imports`, `--quick` with twenty times fewer rows.

Ten thousand targets of which 300 are bad, and 40,000 postcodes: checked, then imported, each by the
station that the worker runs. A ratio above 1 is too slow.
"""

import argparse
import csv
import io
import os
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bench.ground import Ground

TARGETS, BAD, POSTCODES, AREAS = 10_000, 300, 40_000, 577
FEWER = 20
MOST_SECONDS = {
    "targets, checked": 15.0,
    "targets, imported": 30.0,
    "postcodes, checked": 20.0,
    "postcodes, imported": 30.0,
}
"""On two quiet cores."""


def a_file(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> bytes:
    """As a French spreadsheet saves it."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";")
    lines.writerow(header)
    lines.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def targets(number: int, bad: int) -> bytes:
    """So many members of parliament, of whom so many have an address that is none."""
    every = number // bad
    header = ("short name", "kind", "country", "language", "name", "salutation", "address")
    return a_file(
        header,
        (
            (
                *(f"mp-{each}", "parliament", "FR", "fr", f"Member {each}", "Madame, Monsieur,"),
                f"mp{each}@parliament.example" if each % every or each // every >= bad else "none",
            )
            for each in range(number)
        ),
    )


def postcodes(number: int) -> bytes:
    """So many, in areas that they share."""
    rows = ((f"{each:05}", f"{each % AREAS}", f"Area {each % AREAS}") for each in range(number))
    return a_file(("postcode", "area", "name"), rows)


def run(*, fewer: int) -> bool:
    """Print the table; whether all of it is within its limits and every row was told."""
    import django

    django.setup()
    from tocsin.targets.areas import AreaTable
    from tocsin.targets.importing.models import TargetImport
    from tocsin.targets.importing.work import begin_import, go_on, import_targets_due

    state = TargetImport.State

    def measure(what: str, content: bytes, mapping: list[str], **into: Any) -> dict[str, int]:
        now = datetime.now(UTC)
        of = begin_import(name=what, content=content, now=now, **into)
        of.mapping, of.good_only = mapping, True
        for word, step in (("checked", state.CHECKING), ("imported", state.RUNNING)):
            go_on(of, state=step)
            began = time.perf_counter()
            import_targets_due(now=now)
            taken[f"{what}, {word}"] = time.perf_counter() - began
        of.refresh_from_db()
        return of.counts() if of.state == state.DONE else {}

    taken: dict[str, float] = {}
    number, bad = TARGETS // fewer, BAD // fewer
    columns = ["key", "kind", "country", "language", "name", "salutation", "address"]
    of_targets = measure("targets", targets(number, bad), columns)
    table = AreaTable.objects.create(slug="areas", name="Areas", country="FR")
    fields = ["postcode", "area", "area_name"]
    of_areas = measure("postcodes", postcodes(POSTCODES // fewer), fields, into=table)
    print(f"{'':24}{'seconds':>10}{'limit':>10}{'ratio':>10}")
    for name, seconds in taken.items():
        most = MOST_SECONDS[name]
        print(f"{name:24}{seconds:>10.2f}{most:>10.1f}{seconds / most:>10.2f}")
    is_told = of_targets.get("bad") == bad and of_targets.get("new") == number - bad
    is_whole = of_areas.get("new") == POSTCODES // fewer
    print("every row was told." if is_told and is_whole else "ROWS ARE MISSING.")
    return is_told and is_whole and all(taken[name] <= most for name, most in MOST_SECONDS.items())


def main() -> int:
    """0 if everything is within its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEWER} times fewer rows")
    asked = parser.parse_args()
    with Ground() as ground:
        os.environ.update(ground.environment())
        return 0 if run(fewer=FEWER if asked.quick else 1) else 1


if __name__ == "__main__":
    sys.exit(main())
