"""What is kept, why, until when, and what then happens: the one table, and its dates.

The station keeps to it (privacy/keep.py), the page about privacy quotes it, and the record of
processing activities (docs/processing.md) is printed from it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.actions.states import UNCONFIRMED_DAYS
from tocsin.outcomes.few import FEW

KEY_DAYS = 7
"""The key of a day is destroyed on the seventh day after it."""

PROMISED_DAYS = 8
"""What people are promised: one day more, for an outage, or a clock to be watched."""

HANDED_OVER_HOURS = 48
"""So long after it was handed over, counted from that hour, a mail and its author's words stay."""

CAMPAIGN_DAYS = 90
"""So many days after its end a campaign knows who took part, unless a setting says otherwise."""

NEAR = timedelta(days=1)
"""Midnight may pass between the making of a key and its being seen."""


@dataclass(frozen=True)
class Kept:
    """One kind of thing that is kept."""

    what: str
    of: str
    form: str
    why: str
    until: str
    then: str
    by: str


STATION = "the worker (`keep_to_schedule`)"

SCHEDULE = (
    Kept(
        what="Names, e-mail address, own words; where a campaign asks for it, the area",
        of="who took part",
        form="encrypted under the key of the day on which they were written",
        why="to ask for the confirmation and to write the letters; explicit consent",
        until=(
            f"{KEY_DAYS} days after that day, {PROMISED_DAYS} at the latest; in the database "
            f"{HANDED_OVER_HOURS} hours after the last letter was handed over, of a lent voice "
            "once it is confirmed"
        ),
        then="the fields are emptied; what a disk still has of them goes with the key",
        by=STATION,
    ),
    Kept(
        what="Confirmation mails and letters, with their addresses",
        of="who took part",
        form="encrypted under the key of the same day as the words",
        why="to send them, the same to the byte at each attempt; explicit consent",
        until=(
            f"{KEY_DAYS} days after that day, {PROMISED_DAYS} at the latest; in the database "
            f"{HANDED_OVER_HOURS} hours after they were handed over"
        ),
        then=(
            "what was not sent is cancelled and counted; the key is destroyed, then the content "
            "is deleted; that there was a letter, to whom and what became of it stays"
        ),
        by=STATION,
    ),
    Kept(
        what="An action that is not confirmed, with everything about it",
        of="whose address was given",
        form="as above",
        why="to wait for the confirmation; explicit consent",
        until=f"72 hours, counted in whole days: the {UNCONFIRMED_DAYS}th day after it was written",
        then="its rows are deleted; what a disk still has of them goes with the key",
        by=STATION,
    ),
    Kept(
        what=(
            "That somebody took part: campaign, day, country, language, answers to the questions "
            "of consent, a fingerprint of the address"
        ),
        of="who took part",
        form="the fingerprint is a keyed hash, its key outside the database; the rest in clear",
        why="to count each person once and to show what was permitted; legal obligation",
        until=f"{CAMPAIGN_DAYS} days after the end of the campaign (`TOCSIN_KEEP_DAYS`)",
        then=(
            "the key of the fingerprints of that campaign is destroyed, then the rows are deleted; "
            "the number stays"
        ),
        by=STATION,
    ),
    Kept(
        what=(
            "The record of who took part: names, e-mail address, country, language, day, campaign, "
            "way to take part, answers with the words that were asked"
        ),
        of="who confirmed",
        form="sealed to the organisation's own keys, the private ones never on the server",
        why="so that the organisation can show who took part and permitted what; explicit consent",
        until=f"{CAMPAIGN_DAYS} days after the end of the campaign (`TOCSIN_KEEP_DAYS`)",
        then="deleted; a copy that the organisation exported is in its own care",
        by=STATION,
    ),
    Kept(
        what="A fingerprint of the address, a day, a number",
        of="whom mail was sent to unasked",
        form="a keyed hash, its key outside the database",
        why="so that nobody can have a stranger's mailbox filled; legitimate interest",
        until="3 days after the first mail",
        then="deleted",
        by="the worker (`forget`)",
    ),
    Kept(
        what="That a link to one's own data was mailed: a fingerprint of the address",
        of="whose address was typed there",
        form="a keyed hash, its key outside the database",
        why="so that the mail is erased with the rest, when that is asked for; legal obligation",
        until="as long as the content of the mail",
        then="deleted",
        by=STATION,
    ),
    Kept(
        what="A fingerprint of the address, a reason, a day",
        of="who must not be written to",
        form="a keyed hash, its key outside the database",
        why="so that nobody is written to who does not want it; legal obligation",
        until="it is lifted",
        then="deleted",
        by="the people who run this site (`tocsin suppress --lift`)",
    ),
    Kept(
        what="A test run of a campaign: what the tester typed, and the mails to the tester",
        of="who tries it out, one of the staff",
        form="encrypted under the key of the day on which it was typed",
        why="to see the letters before anybody else gets one; legitimate interest",
        until="the campaign opens, or a day after",
        then="deleted; what a disk still has of it goes with the key of that day",
        by="the worker (`forget_rehearsals`)",
    ),
    Kept(
        what="What was done at the mail desk, and to which mails, by their random keys",
        of="who of the staff did it",
        form="in clear, with no address and no name of who took part",
        why="to undo it, and to know who did what; legitimate interest",
        until="a day; who did what to how many stays in the journal of the office",
        then="deleted",
        by="the worker (`forget_deeds`)",
    ),
    Kept(
        what="Attempts to send: hour, outcome, the answer of the mail system without names",
        of="no person",
        form="in clear",
        why="to prove that no letter is lost; legitimate interest",
        until=f"{CAMPAIGN_DAYS} days after the end of the campaign (`TOCSIN_KEEP_DAYS`)",
        then="deleted",
        by=STATION,
    ),
    Kept(
        what="Collective letters of those who lend their voice",
        of="no person: they carry the number of voices, and nothing of anybody",
        form="encrypted under the key of the day on which the letter is written",
        why="to send them; day and number stay, to prove that the number is true",
        until=f"their content {KEY_DAYS} days after that day, day and number without limit",
        then="what was not sent is cancelled; the next letter carries the number on",
        by=STATION,
    ),
    Kept(
        what=(
            "Numbers of confirmed actions a day: by country, by language, by way to take part, by "
            "model letter, each by itself; and for two days by the hour of counting"
        ),
        of="no person, but a number may be one",
        form="in clear",
        why="to see how a campaign goes; legitimate interest",
        until=(
            f"no limit; countries and languages of fewer than {FEW} people until "
            f"{CAMPAIGN_DAYS} days after the end of the campaign (`TOCSIN_KEEP_DAYS`)"
        ),
        then="those are counted without a name",
        by=STATION,
    ),
    Kept(
        what="Signatures on paper: day, place, number, and who of the staff entered them",
        of="who of the staff entered them",
        form="in clear",
        why="to show them apart, and who answers for the number; legitimate interest",
        until="as long as the number is shown",
        then="–",
        by="–",
    ),
    Kept(
        what="Exports of the office: who of the staff, when, of what, how many lines",
        of="who of the staff took them out",
        form="in clear",
        why="so that nothing leaves unseen; legitimate interest",
        until="as long as the site is run",
        then="–",
        by="–",
    ),
    Kept(
        what=(
            "Numbers of confirmed actions, the same a day by the channel that people came by, how "
            "many said on a day that they wrote by themselves, reports of what was destroyed"
        ),
        of="no person",
        form="in clear; the reports are signed",
        why="to show what a campaign achieved, and that this schedule is kept",
        until="no limit",
        then="–",
        by="–",
    ),
)


def born_on(day: date, *, looked: date, seen: date) -> date:
    """The day from which a key counts that names `day` and was not there yet on `looked`.

    A key that was made since, and names a day well before, was named by a clock that went back:
    what is sealed with it is as new as the day on which it is seen.
    """
    return seen if day < looked - NEAR else day


def destroyed_on(born: date, *, seen: date, today: date) -> date:
    """The day from which a key is to be destroyed that counts from `born`."""
    return _start(born, seen=seen, today=today) + timedelta(days=KEY_DAYS)


def erased_on(born: date, *, seen: date, today: date) -> date:
    """The day from which is to be erased what was not confirmed of what the key sealed."""
    return _start(born, seen=seen, today=today) + timedelta(days=UNCONFIRMED_DAYS)


def campaign_erased_on(seen: date, *, keep_days: int) -> date:
    """The day from which a campaign is to be erased whose end was first seen on `seen`."""
    return seen + timedelta(days=keep_days)


def _start(born: date, *, seen: date, today: date) -> date:
    """A day that is still to come was named by a clock that went ahead."""
    return seen if born > today else born


RECEIVERS = """\
**Who receives data.** Those who are written to, in the countries where they sit, see name, \
country, e-mail address and words of a letter written openly; of a shielded one, country and \
words; of a lent voice, a number. Who stands for an area learns that the author lives there, and \
the list of letters tells it; the postcode by which it was found is kept nowhere. The mail systems \
on the way carry it. The organisation can open the sealed record of who took part. Nobody else. Of \
a letter that people send themselves we get nothing. A letter may reveal a political opinion \
(Article 9)."""

SECURITY = """\
**Security.** Encryption under keys of days outside the database and its backups, destroyed on \
schedule; fingerprints instead of addresses; no address of a device, no cookie, no time of a visit \
finer than the hour. See the threat model."""


def record() -> str:
    """The record of processing activities (GDPR, Article 30), in Markdown."""
    lines = [
        "# Record of processing activities",
        "",
        "Printed by `tocsin retention --record` from `tocsin/privacy/schedule.py`; do not edit.",
        "Add who you are: name and contact of the controller, and of the data protection officer.",
        "",
        "**Purpose.** People write letters to those who can end an injustice; we send them.",
        "",
        RECEIVERS,
        "",
        SECURITY,
        "",
        "| What is kept | Of whom | In which form | Why | Until | Then | By |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [f"| {' | '.join(vars(kept).values())} |" for kept in SCHEDULE]
    return "\n".join(lines) + "\n"
