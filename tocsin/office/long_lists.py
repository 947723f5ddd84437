"""Actions and letters: lists that may have millions of rows, filtered, and quick all the same."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from wagtail.admin.paginator import WagtailPaginator

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.kit.countries import country_choices
from tocsin.letters.models import Letter
from tocsin.office.lists import PlainList, ReadOnlyViewSet, column, in_words
from tocsin.office.mail_shell import MOST_LISTED
from tocsin.office.scope import within
from tocsin.office.words import ACTION_WORDS, MESSAGE_WORDS, WAY_NAMES


class LongPages(WagtailPaginator):
    """Pages of what may be very much: counts no further than it lists."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most MOST_LISTED."""
        return int(self.object_list.order_by()[:MOST_LISTED].count())

    @cached_property
    def items_count_label(self) -> str:
        """How many, or that there are more: the filter finds those."""
        if self.count < MOST_LISTED:
            return ngettext("%(n)s row", "%(n)s rows", self.count) % {"n": self.count}
        return _("the newest %(n)s rows; say which, to see others") % {"n": self.count}


class RowFilter(forms.Form):
    """Which rows; the campaigns are those of one's own organisations."""

    def __init__(
        self,
        *args: Any,
        user: AbstractBaseUser | AnonymousUser,
        states: dict[str, Promise],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        countries = country_choices(get_language() or "en")
        self.fields |= {
            "campaign": forms.ModelChoiceField(
                label=_("Campaign"),
                required=False,
                queryset=within(user, Campaign.objects.all()),
                empty_label=_("any"),
            ),
            "state": _choice(_("State"), list(states.items())),
            "country": _choice(_("Country"), countries),
            "since": _day(_("From the day")),
            "until": _day(_("To the day")),
        }


def _choice(label: str, choices: Iterable[tuple[str, str | Promise]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", _("any")), *choices])


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class LongList(PlainList):
    """A list with a filter above it; `paths` lead from a row to what the filter asks for."""

    paginator_class = LongPages
    states: dict[str, Promise]
    paths: dict[str, str]
    unread: tuple[str, ...] = ()
    true_of_a_state: dict[str, Any] = {}
    """True of every row, and said where a state is asked for: each has an index with just that."""

    @cached_property
    def asked(self) -> RowFilter:
        """What was asked for."""
        return RowFilter(self.request.GET, user=self.request.user, states=self.states)

    def get_base_queryset(self) -> models.QuerySet[Any]:
        """The rows that fit; none if the filter makes no sense."""
        found = within(self.request.user, super().get_base_queryset()).defer(*self.unread)
        if not self.asked.is_valid():
            return found.none()
        wanted = {
            self.paths[name]: value
            for name, value in self.asked.cleaned_data.items()
            if value not in (None, "")
        }
        also = self.true_of_a_state if self.asked.cleaned_data["state"] else {}
        return found.filter(**wanted, **also)

    def get_context_data(self, *args: Any, **more: Any) -> dict[str, Any]:
        """With the filter."""
        return {**super().get_context_data(*args, **more), "asked": self.asked}


class ActionList(LongList):
    """Actions, newest day first."""

    related = ("campaign",)
    default_ordering = ("-day", "-id")
    states = ACTION_WORDS
    unread = ("sealed_words", "blind")
    paths = {
        "campaign": "campaign",
        "state": "state",
        "country": "country",
        "since": "day__gte",
        "until": "day__lte",
    }


class LetterList(LongList):
    """Letters with the state of their message, newest day first."""

    related = ("target", "message", "action__campaign")
    default_ordering = ("-action__day", "-action_id")
    states = MESSAGE_WORDS
    unread = ("action__sealed_words", "action__blind")
    true_of_a_state = {"message__lane": "letter", "message__mailbox__isnull": False}
    paths = {
        "campaign": "action__campaign",
        "state": "message__state",
        "country": "action__country",
        "since": "action__day__gte",
        "until": "action__day__lte",
    }


class LongViewSet(ReadOnlyViewSet):
    """Looked at only, with the filter above."""

    index_template_name = "office/long_list.html"


class ActionViewSet(LongViewSet):
    """Who took part, without saying who."""

    model = Action
    icon = "tick"
    index_view_class = ActionList
    form_fields = ["state"]
    list_display = [
        column("campaign", gettext_lazy("campaign"), "campaign"),
        column("day", gettext_lazy("day"), "day"),
        column("country", gettext_lazy("country"), "country"),
        column("language", gettext_lazy("language"), "language"),
        column("way", gettext_lazy("way to take part"), in_words(WAY_NAMES, "way")),
        column("state", gettext_lazy("state"), in_words(ACTION_WORDS, "state")),
    ]


class LetterViewSet(LongViewSet):
    """What was written to whom, and where it is now."""

    model = Letter
    icon = "doc-full"
    index_view_class = LetterList
    form_fields = ["language"]
    list_display = [
        column("campaign", gettext_lazy("campaign"), "action.campaign"),
        column("target", gettext_lazy("target"), "target"),
        column("language", gettext_lazy("language"), "language"),
        column("state", gettext_lazy("state"), in_words(MESSAGE_WORDS, "message.state")),
        column("attempts", gettext_lazy("attempts"), "message.attempts"),
    ]
