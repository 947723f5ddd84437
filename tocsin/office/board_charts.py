"""Which charts the board has: their titles, their words, and the table behind each."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from tocsin.kit.countries import country_name
from tocsin.office.charts import Chart, bars, columns
from tocsin.office.spans import over_time
from tocsin.office.words import MESSAGE_WORDS, SOURCE_WORDS, WAY_NAMES, in_word
from tocsin.outcomes.board import By, Shares, Standing
from tocsin.outcomes.few import FEW, fold
from tocsin.outcomes.sources import LOST

GRAIN_WORDS: dict[str, tuple[Promise, Promise]] = {
    "day": (gettext_lazy("Confirmed, by the day on which they wrote"), gettext_lazy("Day")),
    "week": (
        gettext_lazy("Confirmed, by the week in which they wrote"),
        gettext_lazy("Week that begins on"),
    ),
    "month": (gettext_lazy("Confirmed, by the month in which they wrote"), gettext_lazy("Month")),
}


@dataclass(frozen=True)
class Shown:
    """One chart with the table behind it; `key` is the name of its place on the page."""

    key: str
    title: str
    chart: Chart
    summary: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    is_over_time: bool = False
    note: str = ""

    @property
    def lines(self) -> list[list[str]]:
        """The table as it is read."""
        return [
            [grouped(cell) if isinstance(cell, int) else cell for cell in row] for row in self.rows
        ]


def grouped(number: int) -> str:
    """As people write a large number in the reader's language."""
    return number_format(number, force_grouping=True)


def charts_of(
    found: Shares,
    whole: Standing,
    *,
    hours: Sequence[tuple[datetime, int]],
    partners: Mapping[str, str],
    first: date | None,
    today: date,
) -> list[Shown]:
    """All charts of one span; hours only where it is the present day."""
    by: Mapping[str, Mapping[str, int]] = defaultdict(dict, found.by)
    return [
        *([_by_hour(hours)] if hours else []),
        _by_day(found.days, first=first, today=today),
        _folded("country", _("Countries"), by[By.COUNTRY], named=country_of),
        _folded("language", _("Languages of the page"), by[By.LANGUAGE], named=language_of),
        _whole("way", _("Ways to take part"), by[By.WAY], named=_way),
        _whole("variant", _("Model letters"), by[By.VARIANT], named=_variant),
        _sources(found.sources, {**partners, **SOURCE_WORDS}),
        _whole(
            "letters",
            _("Letters, as they stand now"),
            whole.letters,
            named=lambda state: in_word(MESSAGE_WORDS, state),
            note=_(
                "Answers are not read here: they go to who wrote openly, and those to shielded "
                "letters to the organisation’s own mailbox."
            ),
        ),
    ]


def country_of(code: str) -> str:
    """Its name in the reader's language; a code that is none stands for itself."""
    try:
        return country_name(code, get_language() or "en")
    except KeyError:
        return code or _("not known")


def language_of(code: str) -> str:
    """Its name in the reader's language."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code or _("not known")


def _way(way: str) -> str:
    return str(WAY_NAMES.get(way, way)) or _("not known")


def _variant(number: str) -> str:
    return _("letter %(number)s") % {"number": number} if number else _("not known")


def _summary(points: Sequence[tuple[str, int]]) -> str:
    """The chart in a sentence."""
    name, most = max(points, key=lambda each: each[1], default=("", 0))
    if most <= 0:
        return ""
    return _("Most: %(name)s, %(most)s. All together: %(all)s.") % {
        "name": name,
        "most": grouped(most),
        "all": grouped(sum(number for _name, number in points)),
    }


def _by_hour(hours: Sequence[tuple[datetime, int]]) -> Shown:
    """An hour in which few came is told by no number, and by no column."""
    points = [(date_format(hour, "H:i"), number if number >= FEW else 0) for hour, number in hours]
    few = _("fewer than %(few)s") % {"few": FEW}
    return Shown(
        key="hours",
        title=_("Confirmed in each of the last 24 hours (UTC)"),
        chart=columns(points, say=grouped),
        summary=_summary(points),
        headings=(_("Hour"), _("Confirmed")),
        rows=tuple(
            (name, shown if shown or not number else few)
            for (name, shown), (_hour, number) in zip(points, hours, strict=True)
        ),
        is_over_time=True,
        note=_("An hour in which fewer than %(few)s confirmed has no column.") % {"few": FEW},
    )


def _by_day(days: Mapping[date, int], *, first: date | None, today: date) -> Shown:
    line = over_time(days, first=first, today=today)
    shape = "YEAR_MONTH_FORMAT" if line.grain == "month" else "SHORT_DATE_FORMAT"
    points = [(date_format(day, shape), number) for day, number in line.points]
    title, heading = GRAIN_WORDS[line.grain]
    return Shown(
        key="days",
        title=str(title),
        chart=columns(points, say=grouped),
        summary=_summary(points),
        headings=(str(heading), _("Confirmed")),
        rows=tuple(points),
        is_over_time=True,
    )


def _folded(
    key: str, title: str, numbers: Mapping[str, int], *, named: Callable[[str], str]
) -> Shown:
    """By country or language: few people somewhere are put together with others."""
    folded = fold(numbers)
    points = [(named(name), number) for name, number in folded.named]
    if folded.names:
        words = ngettext(
            "%(names)s other, with fewer than %(few)s",
            "%(names)s others, with fewer than %(few)s each",
            folded.names,
        )
        points.append((words % {"names": folded.names, "few": FEW}, folded.together))
    return _bars(key, title, points)


def _whole(
    key: str,
    title: str,
    numbers: Mapping[str, int],
    *,
    named: Callable[[str], str],
    note: str = "",
) -> Shown:
    found = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    points = [(named(name), number) for name, number in found if number > 0]
    return _bars(key, title, points, note=note)


def _bars(key: str, title: str, points: Sequence[tuple[str, int]], *, note: str = "") -> Shown:
    return Shown(
        key=key,
        title=title,
        chart=bars(points, say=grouped),
        summary=_summary(points),
        headings=(title, _("Number")),
        rows=tuple(points),
        note=note,
    )


def _sources(sources: Sequence[tuple[str, int, int]], names: Mapping[str, str | Promise]) -> Shown:
    points = [
        (str(names.get(source, source)), confirmed)
        for source, _taken, confirmed in sources
        if source != LOST and confirmed
    ]
    return Shown(
        key="sources",
        title=_("Where they come from"),
        chart=bars(points, say=grouped),
        summary=_summary(points),
        headings=(_("Source"), _("Forms taken"), _("Confirmed")),
        rows=tuple(
            (str(names.get(source, source)), taken, confirmed)
            for source, taken, confirmed in sources
        ),
        note=_("Only those whose link named where it stood."),
    )
