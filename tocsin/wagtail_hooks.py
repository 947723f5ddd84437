"""Menu entries, pages and permissions of the office."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern
from wagtail import hooks

from tocsin.office.lists import CampaignDesk
from tocsin.office.mail_urls import NOUNS, URLS, MailEntry
from tocsin.office.partners import PartnerViewSet
from tocsin.pages.snippets import snippets_for


class Desk(CampaignDesk):
    """The lists, and the partners with the code that the pages make for them."""

    items = (*CampaignDesk.items, PartnerViewSet("partners", snippets_for=snippets_for))


@hooks.register("register_admin_viewset")
def register_campaign_desk() -> CampaignDesk:
    """Letters, actions, targets, partners."""
    return Desk()


@hooks.register("register_admin_urls")
def register_mail_urls() -> list[URLPattern]:
    """The mail desk."""
    return URLS


@hooks.register("register_admin_menu_item")
def register_mail_entry() -> MailEntry:
    """The way to it."""
    return MailEntry()


@hooks.register("register_permissions")
def register_mail_permissions() -> QuerySet[Permission]:
    """What can be granted to a group of the staff."""
    nouns = (*NOUNS, "campaign", "organisation", "target")
    names = [f"{verb}_{noun}" for noun in nouns for verb in ("view", "change")]
    names += [f"{verb}_partner" for verb in ("view", "add", "change")]
    return Permission.objects.filter(content_type__app_label="tocsin", codename__in=names)
