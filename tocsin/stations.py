"""The line: every station, in the order of the flow."""

from collections.abc import Callable

from django.utils import timezone
from procrastinate.contrib.django import app

from tocsin.actions.guard import forget_due
from tocsin.actions.readers import watch_readers_due
from tocsin.campaigns.discarding import discard_due
from tocsin.campaigns.opening import open_due
from tocsin.campaigns.rehearsal import forget_rehearsals_due
from tocsin.letters.write import write_due
from tocsin.outbox.alarm import watch_due
from tocsin.outbox.deeds import forget_deeds_due
from tocsin.outbox.identity.check import check_due
from tocsin.outbox.installation import mark_due
from tocsin.outbox.park import park_due
from tocsin.outbox.react import calm_due
from tocsin.outbox.rows import begin_session
from tocsin.outbox.send import send_confirmations_due, send_letters_due
from tocsin.outbox.take_back import take_back_due
from tocsin.outcomes.tally import tally_due
from tocsin.outcomes.voices import write_collective_due
from tocsin.privacy.keep import keep_to_schedule
from tocsin.targets.importing.work import import_targets_due

Station = Callable[..., int]

LINE: dict[str, Station] = {
    "open": open_due,
    "write": write_due,
    "send_confirmations": send_confirmations_due,
    "send_letters": send_letters_due,
    "take_back": take_back_due,
    "park": park_due,
    "calm": calm_due,
    "watch": watch_due,
    "watch_readers": watch_readers_due,
    "check": check_due,
    "mark": mark_due,
    "tally": tally_due,
    "write_collective": write_collective_due,
    "import_targets": import_targets_due,
    "forget": forget_due,
    "discard": discard_due,
    "forget_deeds": forget_deeds_due,
    "forget_rehearsals": forget_rehearsals_due,
    "keep_to_schedule": keep_to_schedule,
}
"""The name by which a station is nudged, and what it does with what is due."""

EVERY_MINUTE = "* * * * *"


def run_station(name: str) -> int:
    """One run of one station, now; returns how many rows it moved.

    With a session of its own: one that broke since the last run would stay broken for ever.
    """
    begin_session()
    return LINE[name](now=timezone.now())


def _put_on_the_clock(name: str) -> None:
    """Let the worker run the station every minute, and whenever it is nudged.

    The queueing lock keeps at most one run waiting; while one is under way another may begin, since
    stations share their rows by locks.
    """

    def run(timestamp: int = 0) -> int:  # noqa: ARG001 - the clock says for which minute
        return run_station(name)

    task = app.task(name=name, queueing_lock=name)(run)
    app.periodic(cron=EVERY_MINUTE)(task)


for _name in LINE:
    _put_on_the_clock(_name)
