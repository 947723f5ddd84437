"""What every page of the guided way has: whose campaign it is, the steps, who may do what."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, ClassVar, Protocol

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.checklist import Point
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.kit.addresses import Address
from tocsin.office.mail_shell import may
from tocsin.office.page import OfficePage
from tocsin.office.scope import within
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team


class PageOf(Protocol):
    """A page of a campaign, as the office needs it."""

    @property
    def pk(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def is_whole(self) -> bool: ...


class Pages(Protocol):
    """What the pages do for the office, which does not know them: tocsin/pages/preparing.py."""

    def pages_of(self, campaign: Campaign) -> Sequence[PageOf]: ...

    def languages_left(self, campaign: Campaign) -> Sequence[tuple[str, str]]: ...

    def all_points(self, campaign: Campaign, *, now: datetime) -> list[Point]: ...

    def begin_page(
        self,
        campaign: Campaign,
        *,
        language: str,
        title: str,
        slug: str = "",
        user: User | None = None,
    ) -> int: ...

    def copy_pages(
        self, model: Campaign, campaign: Campaign, *, user: User | None = None
    ) -> None: ...

    def open_now(self, campaign: Campaign, *, now: datetime, user: User | None = None) -> None: ...

    def open_later(
        self, campaign: Campaign, *, at: datetime, now: datetime, user: User | None = None
    ) -> None: ...

    def discard(self, campaign: Campaign, *, user: User | None = None) -> None: ...

    def stage_url(
        self, campaign: Campaign, *, page_id: int, tester: Address, now: datetime
    ) -> str: ...


STEPS: tuple[tuple[str, Promise], ...] = (
    ("guide", _("Overview")),
    ("guide_targets", _("Whom we write to")),
    ("guide_ways", _("Ways, goal, stop date")),
    ("guide_letters", _("Letter and permissions")),
    ("guide_languages", _("Languages")),
)
"""The pages of the way, in order; the story is written in the editor of the page."""


def may_prepare(user: Any) -> bool:
    """Whether somebody may prepare campaigns, as long as these were never open."""
    return may(user, "add", Campaign) or may(user, "change", Campaign)


def may_publish(user: Any, organisation: Organisation) -> bool:
    """Whether somebody may open and end campaigns of that organisation."""
    if not may(user, "change", Campaign):
        return False
    teams = Team.objects.filter(organisation=organisation, role=Team.Role.PUBLISHER)
    return bool(user.is_superuser or teams.filter(group__user=user).exists())


class PreparingPage(OfficePage):
    """A page for those who may prepare campaigns."""

    pages: Any = None
    translating: Any = None
    header_icon = "calendar"

    def is_allowed(self) -> bool:
        """Whether who asks is one of them."""
        return may_prepare(self.request.user)

    @property
    def user(self) -> User:
        """Who is signed in."""
        if not isinstance(self.request.user, User):
            raise PermissionDenied
        return self.request.user


class GuidePage(PreparingPage):
    """One page about one campaign."""

    place = "guide"
    template_name = "office/guide/frame.html"

    @cached_property
    def campaign(self) -> Campaign:
        """That of the address, of an organisation of theirs; Http404."""
        rows = within(self.request.user, Campaign.objects.all())
        rows = rows.select_related("organisation", "mailing")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def is_allowed(self) -> bool:
        """Only who works for the organisation, or Http404; who may save nothing may still look."""
        return super().is_allowed() and (self.may_save or self.request.method != "POST")

    @property
    def may_save(self) -> bool:
        """Whether they may: what is public already, only who may change campaigns."""
        return self.campaign.state == DRAFT or may(self.request.user, "change", Campaign)

    def get_page_title(self) -> str:
        """The campaign."""
        return str(self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Home, campaigns, this one."""
        trail = [
            *self.breadcrumbs_items,
            {"url": reverse("campaigns:index"), "label": _("Campaigns")},
        ]
        return [*trail, {"url": "", "label": str(self.campaign)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the frame shows."""
        return {
            **super().get_context_data(**kwargs),
            "campaign": self.campaign,
            "steps": list(self._steps()),
            "following": self.following(),
            "may_save": self.may_save,
            "may_publish": may_publish(self.request.user, self.campaign.organisation),
        }

    def _steps(self) -> Iterator[tuple[str, Promise, bool]]:
        for name, label in STEPS:
            yield reverse(name, args=[self.campaign.pk]), label, name == self.place

    def following(self) -> tuple[str, Promise] | None:
        """Where the next step is."""
        names = [name for name, _label in STEPS]
        after = (names.index(self.place) + 1) % len(STEPS)
        name, label = STEPS[after]
        return reverse(name, args=[self.campaign.pk]), label

    def saved(self, words: str, *, to: str = "") -> HttpResponse:
        """Say so, on the page that one comes from; what the browser kept of it is not needed."""
        messages.success(self.request, words)
        return redirect(f"{to or self.request.path}?saved")

    def refused(self, words: str) -> HttpResponse:
        """Say why nothing was done."""
        messages.warning(self.request, words)
        return redirect(self.request.path)


class StepForm(forms.Form):
    """A form of the way: says beside each field what is wrong, and what somebody else saved."""

    def __init__(self, filled: Any = None, *, campaign: Campaign, stored: dict[str, Any]) -> None:
        self.campaign = campaign
        self.others: dict[str, str] = {}
        super().__init__(filled, initial=stored)

    def compare(self, stored: dict[str, Any]) -> None:
        """Note what is saved now where it is something else than was typed here."""
        for name, value in stored.items():
            if name in self.fields and _shown(self[name].data) != _shown(self._said(name, value)):
                self.others[name] = self._in_words(name, value)

    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with what somebody else saved in it."""
        return [(field, self.others.get(field.name, "")) for field in self.visible_fields()]

    def _said(self, name: str, value: Any) -> Any:
        return self[name].field.prepare_value(value)

    def _in_words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value if value not in (None, "") else gettext("empty")))


def _shown(value: Any) -> str:
    """As a browser sends it: an empty box is no."""
    if value in (None, False, ""):
        return ""
    return str(value).replace("\r\n", "\n").strip()


def mark_of(stored: dict[str, Any]) -> str:
    """A short mark of what was shown: another one when somebody else has saved since."""
    return sha256(repr(sorted(stored.items())).encode()).hexdigest()[:16]


class StepPage(GuidePage):
    """One form. What was typed over what somebody else saved meanwhile is shown beside it."""

    template_name = "office/guide/step.html"
    form_class: ClassVar[type[StepForm]]

    def stored(self) -> dict[str, Any]:
        """What stands in the form, as it is saved now."""
        raise NotImplementedError

    def keep(self, filled: dict[str, Any]) -> None:
        """Save it, in the caller's transaction."""
        raise NotImplementedError

    def check(self, form: StepForm) -> None:
        """Complain of what only the page can see, with `add_error`; nothing here."""

    def more(self, form: StepForm) -> dict[str, Any]:  # noqa: ARG002 - for those that show more
        """What else is on the page."""
        return {}

    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The form with what is saved."""
        stored = self.stored()
        form = self.form_class(campaign=self.campaign, stored=stored)
        return self.show(form=form, mark=mark_of(stored), **self.more(form))

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Save it, if it is what the person saw that they changed."""
        with transaction.atomic():
            Campaign.objects.select_for_update(of=("self",)).get(pk=self.campaign.pk)
            stored = self.stored()
            form = self.form_class(self.request.POST, campaign=self.campaign, stored=stored)
            if form.is_valid():
                self.check(form)
            if not form.is_valid():
                mark = self.request.POST.get("mark", "")
                return self._again(form, mark=mark, status=422)
            if self.request.POST.get("do") == "preview":
                mark = self.request.POST.get("mark", "")
                return self._again(form, mark=mark, **self.preview(form.cleaned_data))
            if self.request.POST.get("mark") != mark_of(stored):
                form.compare(stored)
                if form.others:
                    return self._again(form, mark=mark_of(stored), status=409)
            self.keep(form.cleaned_data)
        return self.saved(gettext("It is saved."))

    def preview(self, filled: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - for those that have one
        """What the preview shows; nothing is kept."""
        return {}

    def _again(self, form: StepForm, *, mark: str, status: int = 200, **shown: Any) -> HttpResponse:
        return self.show(status=status, form=form, mark=mark, **self.more(form), **shown)
