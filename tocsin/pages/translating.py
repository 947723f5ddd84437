"""The pages of a campaign in other languages: copied as drafts, their texts read and kept."""

from collections.abc import Mapping

from django.contrib.auth.models import User
from django.db import transaction

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.translations import known_of, mark_copied, note_texts
from tocsin.pages.models import CampaignPage
from tocsin.pages.page_texts import OF_EVERY_PAGE, say_in, texts_beside
from tocsin.pages.untranslated import PageTexts, original_of, said_in, texts_of_page


def languages_of(campaign: Campaign) -> list[str]:
    """The languages that it has a page in, that of the original first."""
    pages = CampaignPage.objects.filter(campaign=campaign).order_by("pk")
    return list(dict.fromkeys(pages.values_list("locale__language_code", flat=True)))


def page_texts(campaign: Campaign, *, language: str) -> PageTexts | None:
    """Those of its page in that language, newest version; None where it has no page."""
    page = _page(campaign, language)
    return texts_of_page(page.get_latest_revision_as_object()) if page else None


def keep_page_texts(
    campaign: Campaign, *, language: str, said: Mapping[str, str], user: User | None
) -> None:
    """Let the page say this, as a draft: what is public of it stays as it is."""
    page = _page(campaign, language)
    if page is None:
        raise LookupError(language)
    newest = page.get_latest_revision_as_object()
    if original := original_of(newest):
        known = said_in(known_of(campaign, language))
        texts, _gone = texts_beside(newest, original, known=known)
        say_in(newest, original, said, known=known)
        newest.save_revision(user=user, clean=False, log_action=True)
        copied = [text for text in texts if not (text.current or said.get(text.place))]
        mark_copied(campaign, language=language, texts=copied)


def fill_copy(page: CampaignPage, *, user: User | None) -> None:
    """Let a new page have all that its original has, as a draft, marked as not translated."""
    original = original_of(page)
    if original is None:
        return
    for name in OF_EVERY_PAGE:
        setattr(page, name, getattr(original, name))
    say_in(page, original, {}, known={})
    page.save()
    page.save_revision(user=user, clean=False)
    texts, _gone = texts_beside(page, original, known={})
    mark_copied(page.campaign, language=page.language, texts=texts)


@transaction.atomic
def note_pages(campaign: Campaign) -> None:
    """Before a page changes: note what says what now, in every language."""
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    for page in CampaignPage.objects.filter(campaign=campaign).order_by("pk"):
        found = texts_of_page(page.get_latest_revision_as_object())
        note_texts(campaign, language=page.language, texts=found.texts, known=found.known)


def publish_as_it_is(campaign: Campaign, *, language: str, user: User | None) -> None:
    """Publish the newest version of that page, whatever is not translated in it."""
    page = _page(campaign, language)
    if page is None:
        raise LookupError(language)
    revision = page.get_latest_revision() or page.save_revision(user=user)
    page.publish_anyway(revision, user=user)


def _page(campaign: Campaign, language: str) -> CampaignPage | None:
    pages = CampaignPage.objects.filter(campaign=campaign, locale__language_code=language)
    found: CampaignPage | None = pages.order_by("pk").first()
    return found
