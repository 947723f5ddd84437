"""Let days pass on a stage: `python -m bench.pass_days DAYS` runs the stations that forget."""

import sys
from datetime import timedelta

import django


def main(days: int) -> None:
    """The worker's own stations, by a clock that goes on as it does when nobody waits for it."""
    django.setup()
    # Models, and what uses them, only after Django is set up.
    from django.utils import timezone

    from tests.privacy.days import Days, keys
    from tocsin.actions.guard import forget_due

    passing = Days(timezone.now())
    passing.keep()
    for _ in range(days):
        passing.live(timedelta(days=1), step=timedelta(hours=6))
        forget_due(now=passing.at)
    print(f"{days} days passed; keys of days that are left: {keys()}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
