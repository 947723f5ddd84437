"""Wake a station at once, after the row that it waits for is committed."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued


def nudge(station: str, *, later: timedelta | None = None) -> None:
    """Ask for one run of the station of that name as soon as the current transaction is committed.

    Or that much `later`; a run that is asked for later is in nobody's way who asks for one now.

    A nudge is a courtesy: if it gets lost the station's own clock finds the row within a minute.
    Outside of a transaction the nudge goes out at once.
    """

    def ask() -> None:
        # Asked already, and that run has not begun: it will find this row as well.
        with suppress(AlreadyEnqueued):
            app.configure_task(
                station,
                queueing_lock=f"{station}.later" if later else station,
                schedule_in={"seconds": later.total_seconds()} if later else None,
                allow_unknown=True,
            ).defer()

    transaction.on_commit(ask, robust=True)
