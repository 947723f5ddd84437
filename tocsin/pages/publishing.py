"""What the editor of pages says of texts that are not translated, and what it does not offer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin import messages
from wagtail.models import Page

from tocsin.pages.models import CampaignPage
from tocsin.pages.translating import note_pages
from tocsin.pages.untranslated import texts_of_page


def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Of a page that is not translated, what was typed is kept as a draft, and that is said."""
    if not (words := _lacking(page)):
        return None
    kept = _("It is saved as a draft, and not published.")
    messages.warning(request, f"{words} {kept}", buttons=[_the_way(page)])
    return redirect("wagtailadmin_pages:edit", page.pk)


def ask_before_publishing_many(
    request: HttpRequest, kind: str, pages: list[Page], _act: Any
) -> HttpResponse | None:
    """Of many none is published as long as one of them is not translated."""
    if kind != "publish" or request.method != "POST":
        return None
    chosen = [page for page in pages if isinstance(page, Page)]
    if request.POST.get("include_descendants"):
        below = [page.get_descendants().not_live() for page in chosen]
        chosen += [page for found in below for page in found]
    lacking = [page for page in chosen if _lacking(page)]
    for page in lacking:
        words = f"{page.get_admin_display_title()}: {_lacking(page)}"
        messages.warning(request, words, buttons=[_the_way(page)])
    if not lacking:
        return None
    messages.warning(request, _("Nothing was published."))
    return redirect("wagtailadmin_explore", lacking[0].get_parent().pk)


def refuse_copy_elsewhere(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copy keeps its language: under the pages of another one it would be no translation."""
    found = page.specific
    there = Page.objects.filter(pk=_number(request.POST.get("new_parent_page"))).first()
    if not isinstance(found, CampaignPage) or there is None or there.locale_id == page.locale_id:
        return None
    words = _("A page in another language is made as a translation, on the step Languages.")
    messages.warning(request, words)
    return redirect("guide_languages", found.campaign_id)


def before_editing(request: HttpRequest, page: Page) -> None:
    """Before it changes, note what says what; who opens it is told how far it is translated."""
    found = page.specific
    if not isinstance(found, CampaignPage):
        return
    if request.method == "POST":
        note_pages(found.campaign)
    elif words := _lacking(found):
        messages.warning(request, words, buttons=[_the_way(found)])


def hide_publish(items: list[Any], context: dict[str, Any]) -> None:
    """A page that is not translated is not offered for publishing."""
    page = context.get("page")
    if page is not None and _lacking(page):
        items[:] = [item for item in items if item.name != "action-publish"]


def _lacking(page: Page) -> str:
    """How many texts of its newest version are not translated; "" for none, and other pages."""
    found = page if isinstance(page, CampaignPage) else page.specific
    if not isinstance(found, CampaignPage):
        return ""
    newest = found if found is page else found.get_latest_revision_as_object()
    texts = texts_of_page(newest)
    if not texts.missing:
        return ""
    return ngettext(
        "%(number)s of %(all)s texts is not translated yet.",
        "%(number)s of %(all)s texts are not translated yet.",
        texts.missing,
    ) % {"number": texts.missing, "all": len(texts.texts)}


def _the_way(page: Page) -> Any:
    found = page.specific
    url = reverse("guide_translation", args=[found.campaign_id, found.language])
    return messages.button(url, _("Translate"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
