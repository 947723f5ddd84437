"""Days that pass while a worker runs, and clocks that say something else."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from tests.factories import NOW, a_campaign, an_action
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.kit.seal import HEAD, head_of
from tocsin.letters.write import write_due
from tocsin.outbox.models import MessageContent
from tocsin.outbox.watch import Incident
from tocsin.outcomes.tally import tally_due
from tocsin.privacy.keep import keep
from tocsin.privacy.lived import Reading
from tocsin.supporters.models import Supporter

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Days:
    """A machine with a clock: `at` is the true time, the clock is `off` by something."""

    def __init__(self, at: datetime = NOW, *, boot: str = "one") -> None:
        self.at, self.off, self.boot = at, timedelta(), boot
        self._booted = at - HOUR

    def reading(self) -> Reading:
        """What its clocks and its counter say now."""
        clock = self.at + self.off
        return Reading(clock, clock, self.boot, (self.at - self._booted).total_seconds())

    def keep(self) -> int:
        """One run of the station."""
        return keep(self.reading())

    def live(self, span: timedelta, *, step: timedelta = HOUR) -> int:
        """Let time pass, with a run of the station after each step."""
        end, moved = self.at + span, 0
        while self.at < end:
            self.at = min(self.at + step, end)
            moved += self.keep()
        return moved

    def restart(self, *, after: timedelta) -> None:
        """The machine is off for that long."""
        self.at += after
        self.boot, self._booted = f"{self.boot}+", self.at


def keys() -> list[str]:
    """The days whose keys are there."""
    return sorted(path.stem for path in (settings.KEYS_DIR / "days").iterdir())


def emptied(day: datetime) -> set[str]:
    """Which kinds of rows there are of which something that was sealed on that day is gone."""
    gone = set()
    if Action.objects.filter(day=day.date(), sealed_words=b"").exists():
        gone.add("words")
    if Supporter.objects.filter(action__day=day.date(), sealed=b"").exists():
        gone.add("person")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM tocsin_letter AS letter JOIN tocsin_action AS action "
            "ON action.id = letter.action_id LEFT JOIN tocsin_messagecontent AS content "
            "ON content.message_id = letter.message_id "
            "WHERE content.message_id IS NULL AND action.day = %s",
            [day.date()],
        )
        if cursor.fetchone()[0]:
            gone.add("letters")
    return gone


def sealed_on(day: datetime) -> int:
    """How many rows still have something that was sealed on that day, readable or not."""
    head = head_of(day.date())
    fields = [
        *Supporter.objects.values_list("sealed", flat=True),
        *Action.objects.values_list("sealed_words", flat=True),
        *MessageContent.objects.values_list("sealed", flat=True),
    ]
    return sum(bytes(field)[:HEAD] == head for field in fields)


DUE = NOW.replace(hour=0, minute=0, second=0) + timedelta(days=7)
"""Not before this moment is the key of the day destroyed …"""
PROMISED = NOW + timedelta(days=8)
"""… and not after this one."""


def written(campaign: Campaign | None = None) -> Action:
    """Amina's letters wait in the outbox."""
    action = an_action(campaign or a_campaign())
    confirm_action(action_id=action.pk, revision=1)
    write_due(now=NOW)
    tally_due(now=NOW)
    return action


def lived_until(end: datetime, *, step: timedelta = 6 * HOUR) -> Days:
    """A worker runs from the day of the stories until then."""
    days = Days()
    days.keep()
    days.live(end - days.at, step=step)
    return days


def open_incidents() -> set[str]:
    return set(Incident.objects.filter(closed=False).values_list("kind", flat=True))


def forget_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE tocsin_daykey, tocsin_retentionreport, tocsin_livedclock, tocsin_letter, "
            "tocsin_action, tocsin_supporter, tocsin_message, tocsin_tally, tocsin_campaign, "
            "tocsin_mailguard, tocsin_incident CASCADE"
        )
    (settings.KEYS_DIR / "believed.time").unlink(missing_ok=True)
