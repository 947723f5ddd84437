"""Menu entries, pages and permissions of the office."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from tocsin.campaigns.models import Campaign
from tocsin.office import board_urls, waiting_page
from tocsin.office.explorer import Explorer
from tocsin.office.guide_urls import NewEntry, TranslationsEntry, guide_urls
from tocsin.office.help import HELP_URLS, guide_entry, only_ours
from tocsin.office.lists import CampaignDesk
from tocsin.office.long_lists import ActionViewSet, LetterViewSet
from tocsin.office.mail_shell import may
from tocsin.office.mail_undo import register_words
from tocsin.office.mail_urls import NOUNS, URLS, MailEntry
from tocsin.office.organisations import OrganisationViewSet
from tocsin.office.page import database_now
from tocsin.office.partners import PartnerViewSet
from tocsin.office.two_editors import tell_of_others
from tocsin.office.waiting import Reader, may_wait_for
from tocsin.office.witnesses import WitnessConsentViewSet
from tocsin.organisations.teams import sees_all
from tocsin.pages import preparing, publishing, translating
from tocsin.pages.models import CampaignPage
from tocsin.pages.own import own_pages
from tocsin.pages.sections import lay_out_section
from tocsin.pages.snippets import snippets_for
from tocsin.pages.withdrawing import take_off


class Desk(CampaignDesk):
    """The lists, with what the pages make for organisations and partners."""

    items = (
        LetterViewSet("letters"),
        ActionViewSet("actions"),
        *CampaignDesk.items,
        OrganisationViewSet("organisations", lay_out=lay_out_section),
        PartnerViewSet("partners", snippets_for=snippets_for),
        WitnessConsentViewSet("witnesses", take_off=take_off),
    )


@hooks.register("register_admin_viewset")
def register_campaign_desk() -> CampaignDesk:
    """Letters, actions, targets, partners."""
    return Desk()


@hooks.register("register_admin_viewset", order=1)  # after Wagtail's, whose place it takes
def register_explorer() -> Explorer:
    """The list of pages."""
    return Explorer()


@hooks.register("register_admin_urls")
def register_mail_urls() -> list[URLPattern]:
    """The mail desk."""
    return URLS


@hooks.register("register_admin_urls")
def register_waiting_urls() -> list[URLPattern]:
    """What waits for whoever looks."""
    return waiting_page.URLS


@hooks.register("register_admin_menu_item")
def register_waiting_entry() -> waiting_page.WaitingEntry:
    """The way to it."""
    return waiting_page.WaitingEntry()


@hooks.register("construct_homepage_panels")
def show_what_waits(request: HttpRequest, panels: list[Any]) -> None:
    """The first thing that somebody sees who comes to the office."""
    if may_wait_for(request.user):
        panels.insert(0, waiting_page.WaitingPanel(Reader(request.user, database_now())))


@hooks.register("register_log_actions")
def register_desk_words(actions: LogActionRegistry) -> None:
    """What the journal says of the mail desk."""
    register_words(actions)


@hooks.register("register_admin_urls")
def register_guide_urls() -> list[URLPattern]:
    """The guided way from an idea to an open campaign."""
    return guide_urls(preparing, translating)


@hooks.register("register_admin_urls")
def register_editors_guide() -> list[URLPattern]:
    """The guide for editors."""
    return HELP_URLS


hooks.register("register_help_menu_item", guide_entry)
hooks.register("construct_help_menu", only_ours)


@hooks.register("register_page_header_buttons")
def register_way_back(page: Page, user: User, **_more: Any) -> Iterator[Button]:
    """From the editor of a campaign's page back to its overview."""
    if isinstance(page, CampaignPage) and may(user, "change", Campaign):
        url = reverse("guide", args=[page.campaign_id])
        yield Button(_("Back to the campaign"), url, icon_name="calendar", priority=5)
        languages = reverse("guide_languages", args=[page.campaign_id])
        yield Button(_("Translations"), languages, icon_name="globe", priority=6)


hooks.register("before_publish_page", publishing.ask_before_publishing)
hooks.register("before_bulk_action", publishing.ask_before_publishing_many)
hooks.register("before_copy_page", publishing.refuse_copy_elsewhere)
hooks.register("before_edit_page", publishing.before_editing)


@hooks.register("construct_page_action_menu")
def offer_what_is_translated(
    items: list[Any], _request: HttpRequest, context: dict[str, Any]
) -> None:
    """No button to publish what is not translated."""
    publishing.hide_publish(items, context)


@hooks.register("register_admin_menu_item")
def register_new_entry() -> NewEntry:
    """Where it begins."""
    return NewEntry()


@hooks.register("register_admin_menu_item")
def register_translations_entry() -> TranslationsEntry:
    """How far each language is."""
    return TranslationsEntry()


@hooks.register("register_admin_menu_item")
def register_mail_entry() -> MailEntry:
    """The way to it."""
    return MailEntry()


@hooks.register("register_admin_urls")
def register_board_urls() -> list[URLPattern]:
    """The board."""
    return board_urls.URLS


@hooks.register("register_admin_menu_item")
def register_board_entry() -> board_urls.BoardEntry:
    """The way to it."""
    return board_urls.BoardEntry()


@hooks.register("register_admin_menu_item")
def register_export_entry() -> board_urls.ExportEntry:
    """The way to the exports."""
    return board_urls.ExportEntry()


@hooks.register("register_permissions")
def register_mail_permissions() -> QuerySet[Permission]:
    """What can be granted to a group of the staff."""
    nouns = (*NOUNS, "campaign", "organisation", "target")
    names = [f"{verb}_{noun}" for noun in nouns for verb in ("view", "change")]
    names += [
        f"{verb}_{noun}"
        for verb in ("view", "add", "change")
        for noun in ("partner", "witnessconsent")
    ]
    names.append("add_target")
    names += [f"{verb}_{noun}" for noun in ("export", "papercount") for verb in ("view", "add")]
    return Permission.objects.filter(content_type__app_label="tocsin", codename__in=names)


@hooks.register("construct_page_chooser_queryset")
def choose_own_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Whose pages can be chosen, and opened (office/door.py)."""
    return own_pages(pages, request.user)


@hooks.register("construct_explorer_page_queryset")
def explore_own_pages(_parent: Page, pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Whose pages are listed."""
    return own_pages(pages, request.user)


class OwnPagesSummary(PagesSummaryItem):
    """On the home of the office: how many pages there are. Wagtail's own counts everybody's."""

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The same, with those that are listed."""
        pages = own_pages(Page.objects.filter(depth__gt=1), self.request.user)
        return {**super().get_context_data(parent_context), "total_pages": pages.count()}


@hooks.register("construct_homepage_summary_items", order=1)  # Wagtail's is there
def count_own_pages(request: HttpRequest, items: list[Any]) -> None:
    """The first number on the home of the office."""
    items[:] = [each for each in items if not isinstance(each, PagesSummaryItem)]
    items.append(OwnPagesSummary(request))


@hooks.register("construct_reports_menu")
def hide_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    """Reports are about everybody's pages: they are for those who run the server."""
    if not sees_all(request.user):
        items.clear()


@hooks.register("after_edit_page")
def register_two_editors(request: HttpRequest, page: Page) -> None:
    """Two who write on one page."""
    tell_of_others(request, page)
