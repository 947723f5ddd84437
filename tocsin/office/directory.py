"""The directory: every target, found by what it is, and by what somebody should look at."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tocsin.kit.countries import country_name
from tocsin.office.directory_shell import DirectoryPage, mailboxes_of
from tocsin.office.mail_shell import PAGE, LongList
from tocsin.office.words import MAILBOX_WORDS, in_word
from tocsin.outbox.destinations import Mailbox
from tocsin.targets.models import Target, TargetAddress

ANY = ("", _("any"))
NEVER = "never"
REMINDED = 6
"""Months after which the list asks to look at an entry again."""
MONTH = timedelta(days=30.4)
NO_ADDRESS, NO_NAME = "no_address", "no_name"


class DirectoryFilter(forms.Form):
    """What to look for."""

    q = forms.CharField(label=_("Name, address or number"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Target.Kind.choices])
    country = forms.ChoiceField(label=_("Country"), required=False)
    seat = forms.ChoiceField(label=_("Seat"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    state = forms.ChoiceField(
        label=_("State of the address"),
        required=False,
        choices=[
            ANY,
            *Mailbox.State.choices,
            (NO_ADDRESS, _("no address")),
            (NO_NAME, _("no name")),
        ],
    )
    unchecked = forms.ChoiceField(
        label=_("Not looked at"),
        required=False,
        choices=[
            ANY,
            ("3", _("for three months")),
            (str(REMINDED), _("for six months")),
            ("12", _("for a year")),
            (NEVER, _("ever")),
        ],
    )
    archived = forms.ChoiceField(
        label=_("Archived"),
        required=False,
        choices=[("", _("no")), ("yes", _("yes")), ("all", _("both"))],
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        language = get_language() or "en"
        there = Target.objects.order_by().values_list("country", "seat", "language").distinct()
        for number, name in enumerate(("country", "seat", "language")):
            codes = {row[number] for row in there} - {""}
            # A language is shown by its code, as the other fields of the office have it.
            called = {
                code: code if name == "language" else _called(code, language) for code in codes
            }
            choices = sorted(called.items(), key=lambda choice: choice[1])
            field: Any = self.fields[name]
            field.choices = [ANY, *choices]


def _called(code: str, language: str) -> str:
    try:
        return country_name(code, language)
    except KeyError:
        return code


def found(form: DirectoryFilter, *, today: date) -> models.QuerySet[Target]:
    """The targets that fit; none if the filter makes no sense."""
    if not form.is_valid():
        return Target.objects.none()
    asked = form.cleaned_data
    rows = Target.objects.order_by("slug")
    if asked["archived"] != "all":
        rows = rows.filter(archived_on__isnull=asked["archived"] != "yes")
    for name in ("kind", "country", "seat", "language"):
        if asked[name]:
            rows = rows.filter(**{name: asked[name]})
    if asked["q"]:
        rows = rows.filter(_says(asked["q"]))
    if asked["state"]:
        rows = rows.filter(_in_state(asked["state"]))
    if asked["unchecked"] == NEVER:
        rows = rows.never_checked()
    elif asked["unchecked"]:
        rows = rows.not_checked_since(months_ago(int(asked["unchecked"]), today=today))
    return rows


def months_ago(number: int, *, today: date) -> date:
    """So many months before today, to a day or two."""
    return today - number * MONTH


def _says(words: str) -> models.Q:
    """Those whose entry has these words; looked for apart, so that no row is found twice."""
    by_name = Target.objects.filter(names__name__icontains=words)
    by_address = Target.objects.filter(addresses__address__icontains=words)
    plain = ("slug", "external_id", "holder")
    own = [models.Q(**{f"{name}__icontains": words}) for name in plain]
    apart = models.Q(pk__in=by_name.values("pk")) | models.Q(pk__in=by_address.values("pk"))
    return own[0] | own[1] | own[2] | apart


def _in_state(state: str) -> models.Q:
    """Those with an address whose mailbox is so; what was never written to takes mail."""
    if state == NO_ADDRESS:
        return models.Q(addresses=None)
    if state == NO_NAME:
        return models.Q(names=None)
    addresses = TargetAddress.objects.alias(low=Lower("address"))
    is_ok = state == Mailbox.State.OK
    boxes = Mailbox.objects.exclude(state=state) if is_ok else Mailbox.objects.filter(state=state)
    lows = boxes.values_list(Lower("address"))
    those = addresses.exclude(low__in=lows) if is_ok else addresses.filter(low__in=lows)
    return models.Q(pk__in=those.values("target"))


class Directory(DirectoryPage):
    """The list, with a filter, and what somebody should look at."""

    page_title = _("Targets")
    template_name = "office/targets/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of what was found."""
        form = DirectoryFilter(self.request.GET)
        today = self.now.date()
        rows = found(form, today=today).prefetch_related("names", "addresses")
        page = LongList(rows, PAGE).get_page(self.request.GET.get("p"))
        asked = self.request.GET.copy()
        asked.pop("p", None)
        old = Target.objects.current().not_checked_since(months_ago(REMINDED, today=today))
        return {
            **super().get_context_data(**kwargs),
            "filter": form,
            "page": page,
            "asked": asked.urlencode(),
            "lines": lines_of(list(page)),
            "unchecked": old.count(),
            "unchecked_url": f"{reverse('targets:index')}?unchecked={REMINDED}",
        }


def lines_of(targets: list[Target]) -> list[dict[str, Any]]:
    """What is shown of each, with the state of its first address, to which letters go."""
    first = {each.pk: next(iter(each.addresses.all()), None) for each in targets}
    boxes = mailboxes_of([row.address for row in first.values() if row])
    language = get_language() or "en"
    return [
        {
            "target": each,
            "name": own_name(each),
            "kind": each.get_kind_display(),
            "where": " · ".join(
                _called(code, language) for code in (each.country, each.seat) if code
            ),
            "address": row.address if (row := first[each.pk]) else "",
            "state": in_word(MAILBOX_WORDS, boxes[row.address].state)
            if row and row.address in boxes
            else "",
            "checked": date_format(day, "SHORT_DATE_FORMAT") if (day := _checked(each)) else "",
        }
        for each in targets
    ]


def _checked(target: Target) -> date | None:
    """Since when somebody should look again: the day of what was checked longest ago."""
    days = [target.checked_on, *(row.checked_on for row in target.addresses.all())]
    return None if None in days else min(day for day in days if day)


def own_name(target: Target) -> str:
    """What the target is called in the reader's language, or in any."""
    names = {name.language: name.name for name in target.names.all()}
    return names.get(get_language() or "") or next(iter(names.values()), target.slug)
