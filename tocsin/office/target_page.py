"""One target: add it, change it, say that it is right, take it out of the directory."""

from functools import cached_property
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from tocsin.campaigns.archive import (
    InUse,
    StillWrittenTo,
    archive_target,
    delete_target,
    take_back_target,
)
from tocsin.campaigns.models import Campaign
from tocsin.office.directory import own_name
from tocsin.office.directory_shell import DirectoryPage, mailboxes_of
from tocsin.office.mail_row import Fact
from tocsin.office.mail_shell import Button, Said, may, moved_on, refused
from tocsin.office.scope import within
from tocsin.office.target_form import TargetForm, WholeTarget
from tocsin.office.words import MAILBOX_WORDS, in_word
from tocsin.targets.entries import check_entry
from tocsin.targets.models import Target


class AddTarget(DirectoryPage):
    """A new one."""

    needs = ("add",)
    place = "targets:add"
    page_title = gettext_lazy("Add a target")
    template_name = "office/targets/target.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The empty form."""
        form = WholeTarget(target=Target(), today=self.now.date())
        return {**super().get_context_data(**kwargs), "form": form, "may_save": True}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Keep it, checked today: somebody has just written it down."""
        form = WholeTarget(
            self.request.POST, target=Target(checked_on=self.now.date()), today=self.now.date()
        )
        if not form.is_valid():
            return self.show(status=422, form=form)
        try:
            with transaction.atomic():
                target = form.save()
                log(target, "wagtail.create", user=self.request.user)
        except IntegrityError:
            # Somebody took the name, or the number, between our look and our word.
            form.post.add_error(None, moved_on().text)
            return self.show(status=409, form=form)
        messages.success(self.request, _("The target is added."))
        return redirect("targets:edit", target.pk)


OWN = (*TargetForm.Meta.fields, "area_id", "checked_on", "archived_on", "merged_into_id")


def seen(target: Target) -> str:
    """A fingerprint of the whole entry: another one means that somebody changed it meanwhile."""
    names = target.names.values_list("language", "name", "salutation")
    addresses = target.addresses.values_list("address", "is_public")
    own = [str(getattr(target, name)) for name in OWN]
    return sha256(repr((own, list(names), list(addresses))).encode()).hexdigest()[:16]


class TargetPage(DirectoryPage):
    """One that is there. Who may only look sees the same, without buttons."""

    template_name = "office/targets/target.html"

    @cached_property
    def target(self) -> Target:
        """The target of this page."""
        found = Target.objects.filter(pk=self.kwargs["pk"]).select_related("merged_into").first()
        if found is None:
            raise Http404
        return found

    def is_allowed(self) -> bool:
        """To look, whoever may look; to press a button, whoever may change."""
        return may(self.request.user, "change" if self.request.method == "POST" else "view", Target)

    def get_page_title(self) -> str:
        """What it is called."""
        return own_name(self.target)

    def here(self) -> list[dict[str, Any]]:
        """The target."""
        return [{"url": "", "label": self.target.slug}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form, the state of its addresses, its buttons."""
        target = self.target
        return {
            **super().get_context_data(**kwargs),
            "target": target,
            "form": WholeTarget(target=target, today=self.now.date()),
            "facts": [fact for fact in self._facts() if fact[1]],
            "boxes": self._boxes(),
            "buttons": self._buttons(),
            "may_save": self.may_change,
            "mark": seen(target),
        }

    def _facts(self) -> list[Fact]:
        target = self.target
        campaigns = self._own(Campaign.objects.filter(campaign_targets__target=target))
        return [
            (_("Last checked"), _day(target.checked_on) or _("never")),
            (_("Archived on"), _day(target.archived_on)),
            (_("Merged into"), target.merged_into.slug if target.merged_into else ""),
            (_("Campaigns"), ", ".join(campaigns)),
        ]

    def _own(self, campaigns: QuerySet[Campaign]) -> list[str]:
        """Their short names, as far as they are campaigns of who looks."""
        return list(within(self.request.user, campaigns).values_list("slug", flat=True))

    def _boxes(self) -> list[tuple[str, str, str, str, str]]:
        """Each address, how it stands with its mailbox, since when, where more is told; checked."""
        rows = list(self.target.addresses.all())
        boxes = mailboxes_of([row.address for row in rows])
        told = []
        for row in rows:
            box = boxes.get(row.address)
            state = in_word(MAILBOX_WORDS, box.state) if box else _("never written to")
            url = reverse("mail_mailbox", args=[box.pk]) if box else ""
            since = _day(box.since) if box else ""
            told.append((row.address, state, since, url, _day(row.checked_on) or _("never")))
        return told

    def _buttons(self) -> tuple[Button, ...]:
        if self.target.merged_into:
            return ()
        if self.target.archived_on:
            return (Button("back", _("Take it back from the archive")), _DELETE)
        return (
            Button("checked", _("I looked at it today: all is right")),
            Button("archive", _("Archive it: nobody writes to it any more"), serious=True),
            _DELETE,
        )

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Save the form, or do what a button says."""
        acts = {
            "save": self._save,
            "checked": self._checked,
            "address": self._address,
            "archive": self._archive,
            "back": self._back,
            "delete": self._delete,
        }
        act = acts.get(self.request.POST.get("do", ""))
        return act() if act else refused()

    def _save(self) -> HttpResponse:
        with transaction.atomic():
            locked = Target.objects.select_for_update().get(pk=self.target.pk)
            mark = seen(locked)
            form = WholeTarget(self.request.POST, target=locked, today=self.now.date())
            if not form.is_valid():
                return self.show(status=422, form=form, mark=self.request.POST.get("mark", ""))
            if self.request.POST.get("mark") != mark:
                words = _(
                    "Somebody changed it meanwhile. Below is what you typed: save it again to put "
                    "it in the place of theirs, or open the page anew to see theirs."
                )
                messages.warning(self.request, words)
                return self.show(status=409, form=form, mark=mark)
            form.save()
            log(locked, "wagtail.edit", user=self.request.user)
        return self.answer(Said(_("The target is saved.")))

    def _checked(self) -> HttpResponse:
        check_entry(self.target, today=self.now.date())
        return self.answer(Said(_("You will be reminded of it in six months.")))

    def _address(self) -> HttpResponse:
        """One address was looked at, and is right."""
        rows = self.target.addresses.filter(address=self.request.POST.get("which", ""))
        if not rows.update(checked_on=self.now.date()):
            return self.answer(moved_on())
        return self.answer(Said(_("You will be reminded of it in six months.")))

    def _archive(self) -> HttpResponse:
        try:
            archive_target(self.target, today=self.now.date())
        except StillWrittenTo as refusal:
            words = _("Campaigns write to it: %(names)s. Take it out of them first.")
            names = self._own(Campaign.objects.filter(slug__in=refusal.slugs))
            if len(names) < len(refusal.slugs):
                names.append(_("some of other organisations"))
            return self.answer(Said(words % {"names": ", ".join(names)}, done=False))
        log(self.target, "wagtail.edit", user=self.request.user, data={"archived": True})
        return self.answer(Said(_("It is archived. What was written to it stays.")))

    def _back(self) -> HttpResponse:
        if not take_back_target(self.target):
            return refused()
        log(self.target, "wagtail.edit", user=self.request.user, data={"archived": False})
        return self.answer(Said(_("It is in the directory again.")))

    def _delete(self) -> HttpResponse:
        log(self.target, "wagtail.delete", user=self.request.user, deleted=True)
        try:
            delete_target(self.target)
        except InUse:
            words = _("A campaign or a letter refers to it: it can be archived, and not deleted.")
            return self.answer(Said(words, done=False))
        return self.answer(Said(_("It is deleted.")), to=reverse("targets:index"))


_DELETE = Button("delete", gettext_lazy("Delete it: it was never meant to be"), serious=True)


def _day(day: Any) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
