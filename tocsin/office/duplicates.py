"""Targets that may be one and the same: pairs, and one page that shows two beside each other."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from tocsin.letters.merge import NotTwo, merge_targets, pairs_alike
from tocsin.office.directory import own_name
from tocsin.office.directory_shell import DirectoryPage
from tocsin.office.mail_shell import PAGE, LongList, Said, moved_on, refused
from tocsin.office.target_page import seen
from tocsin.targets.models import Target
from tocsin.targets.pairs import DifferentTargets, tell_apart


class Duplicates(DirectoryPage):
    """Pairs with an address in common, or a name, country and seat."""

    needs = ("change",)
    place = "targets:duplicates"
    page_title = gettext_lazy("Duplicates")
    template_name = "office/targets/duplicates.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of pairs."""
        page = Paginator(list(pairs_alike()), PAGE).get_page(self.request.GET.get("p"))
        numbers = {number for one, other, _said, _by in page for number in (one, other)}
        targets = Target.objects.prefetch_related("names").in_bulk(numbers)
        pairs = [
            (reverse("targets:merge", args=[one, other]), targets[one], targets[other], said, by)
            for one, other, said, by in page
        ]
        apart = DifferentTargets.objects.select_related("one", "other")
        return {
            **super().get_context_data(**kwargs),
            "page": page,
            "pairs": pairs,
            "apart": LongList(apart, PAGE).get_page(self.request.GET.get("apart")),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Let a pair that somebody told apart be shown again."""
        pk = self.request.POST.get("again", "")
        gone, _each = DifferentTargets.objects.filter(pk=pk if pk.isdecimal() else 0).delete()
        if not gone:
            return self.answer(moved_on())
        return self.answer(Said(_("They are shown again where they look alike.")))


class MergePage(DirectoryPage):
    """Two targets, and which of them is kept."""

    needs = ("change",)
    place = "targets:duplicates"
    page_title = gettext_lazy("Are they one?")
    template_name = "office/targets/merge.html"

    @cached_property
    def both(self) -> list[Target]:
        """The two, as the address names them."""
        numbers = [self.kwargs["one"], self.kwargs["other"]]
        rows = Target.objects.filter(archived_on=None).prefetch_related("names", "addresses")
        found = rows.annotate(
            letter_number=Count("letters", distinct=True),
        ).in_bulk(numbers)
        if len(found) != 2:
            raise Http404
        return [found[number] for number in numbers]

    def here(self) -> list[dict[str, Any]]:
        """The pair."""
        return [{"url": "", "label": " + ".join(each.slug for each in self.both)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is known of each, fact by fact."""
        both = self.both
        facts = [(label, *(show(each) for each in both)) for label, show in FACTS]
        marks = "-".join(seen(each) for each in both)
        return {**super().get_context_data(**kwargs), "both": both, "facts": facts, "mark": marks}

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Keep the one, and archive the other, if both are as they were seen."""
        one, other = self.both
        if self.request.POST.get("do") == "apart":
            tell_apart(one, other)
            log(one, "wagtail.edit", user=self.request.user, data={"not": other.slug})
            said = Said(_("They are two, and not shown as duplicates any more."))
            return self.answer(said, to=reverse("targets:duplicates"))
        kept = {str(each.pk): each for each in self.both}.get(self.request.POST.get("keep", ""))
        if kept is None:
            return refused()
        if self.request.POST.get("mark") != f"{seen(one)}-{seen(other)}":
            return self.answer(moved_on())
        gone = other if kept == one else one
        try:
            merge_targets(kept=kept, gone=gone, today=self.now.date())
        except NotTwo:
            return self.answer(moved_on(), to=reverse("targets:duplicates"))
        log(kept, "wagtail.edit", user=self.request.user, data={"merged": gone.slug})
        said = Said(_("They are one now. The other one is archived, and leads to it."))
        return self.answer(said, to=reverse("targets:edit", args=[kept.pk]))


def _names(target: Target) -> str:
    return " · ".join(f"{row.name} ({row.language})" for row in target.names.all())


def _campaigns(target: Target) -> str:
    """How many: which they are is the business of their organisations."""
    return str(target.campaign_targets.count())


FACTS: tuple[tuple[Any, Any], ...] = (
    (gettext_lazy("Name"), own_name),
    (gettext_lazy("All names"), _names),
    (gettext_lazy("Kind"), lambda each: each.get_kind_display()),
    (gettext_lazy("Country"), lambda each: each.country),
    (gettext_lazy("Seat"), lambda each: each.seat),
    (gettext_lazy("Area"), lambda each: each.area or ""),
    (gettext_lazy("Language"), lambda each: each.language),
    (gettext_lazy("Person in the post"), lambda each: each.holder),
    (gettext_lazy("Addresses"), lambda each: ", ".join(str(row) for row in each.addresses.all())),
    (gettext_lazy("Number elsewhere"), lambda each: each.external_id),
    (gettext_lazy("Postal address"), lambda each: each.postal_address),
    (gettext_lazy("Last checked"), lambda each: each.checked_on or ""),
    (gettext_lazy("Campaigns"), _campaigns),
    (gettext_lazy("Letters"), lambda each: each.letter_number),
)
"""What is shown of both, side by side."""
