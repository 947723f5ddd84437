"""Menu entries, pages and permissions of the office."""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern
from wagtail import hooks

from tocsin.office.lists import CampaignDesk
from tocsin.office.mail_urls import NOUNS, URLS, MailEntry


@hooks.register("register_admin_viewset")
def register_campaign_desk() -> CampaignDesk:
    """Letters, actions, targets."""
    return CampaignDesk()


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
    nouns = (*NOUNS, "campaign", "organisation")
    names = [f"{verb}_{noun}" for noun in nouns for verb in ("view", "change")]
    return Permission.objects.filter(content_type__app_label="tocsin", codename__in=names)
