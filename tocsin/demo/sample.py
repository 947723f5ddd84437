"""Load the example campaign: organisation, targets, wordings, a page per language."""

import tomllib
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording, plan_letters
from tocsin.campaigns.models import Campaign, CampaignTarget, Wording
from tocsin.campaigns.ways import WAYS
from tocsin.campaigns.wording_rules import add_rule
from tocsin.organisations.begin import begin_organisation
from tocsin.organisations.models import Organisation
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.post import mailbox_for
from tocsin.pages.models import CampaignPage, HomePage
from tocsin.pages.sections import lay_out_section
from tocsin.supporters.models import ConsentWording
from tocsin.targets.models import Target, TargetAddress, TargetName

EXAMPLE = Path(__file__).parent / "example"
LANGUAGES = ("fr", "en", "ug", "kk", "zh-hans", "es", "de", "tr")

Tree = dict[str, Any]
"""What a TOML file says."""


@transaction.atomic
def load_example() -> Campaign:
    """Put the example campaign into an empty database; its pages go live at once."""
    whole = read("campaign")
    texts = [read(language) for language in LANGUAGES]
    organisation = Organisation.objects.create(
        name=texts[0]["organisation_name"], **whole["organisation"]
    )
    campaign = Campaign.objects.create(
        organisation=organisation,
        slug=whole["slug"],
        goal=whole["goal"],
        first_way=whole["first_way"],
        **{f"offers_{way}": whole[f"offers_{way}"] for way in WAYS},
    )
    for position, given in enumerate(whole["targets"]):
        _load_target(campaign, given, texts, position=position)
    for text in texts:
        _load_wordings(campaign, text)
        _load_consents(campaign, text)
    _load_collective(campaign, whole["collective"], texts)
    _load_pages(campaign, texts)
    _give_teams(organisation)
    return campaign


@transaction.atomic
def renew_consents() -> int:
    """Add the words of permission, and the teams, that an example of before lacks; how many words.

    People are then asked for what is true now. What they agreed to stays as they read it, and so do
    campaigns that are not the example.
    """
    whole = read("campaign")
    organisation = whole["organisation"]["slug"]
    found = Campaign.objects.filter(slug=whole["slug"], organisation__slug=organisation)
    campaign = found.first()
    if campaign is None:
        return 0
    _give_teams(campaign.organisation)
    return sum(_load_consents(campaign, read(language)) for language in LANGUAGES)


def point_site(*, base_url: str) -> None:
    """Let the pages know under which address the public reaches them."""
    address = urlsplit(base_url)
    site = Site.objects.get(is_default_site=True)
    site.hostname = address.hostname
    site.port = address.port or (443 if address.scheme == "https" else 80)
    site.save()


def page_urls() -> dict[str, str]:
    """The whole address of the example's page in each language, or else of some campaign's."""
    is_example = Q(campaign__slug=read("campaign")["slug"])
    pages = CampaignPage.objects.live().select_related("locale").order_by("pk")
    found = {page.language: page.full_url for page in pages.exclude(is_example)}
    return {**found, **{page.language: page.full_url for page in pages.filter(is_example)}}


def read(name: str) -> Tree:
    """What one file of the example says."""
    return tomllib.loads((EXAMPLE / f"{name}.toml").read_text(encoding="utf-8"))


def _load_target(campaign: Campaign, given: Tree, texts: list[Tree], *, position: int) -> None:
    scope, address = given.pop("scope"), given.pop("address")
    is_public = given.pop("address_is_public")
    target = Target.objects.create(**given)
    TargetAddress.objects.create(target=target, address=address, is_public=is_public)
    # Who looks at the example is not kept waiting for the pace of a real ministry.
    Mailbox.objects.filter(pk=mailbox_for(address).pk).update(per_hour=3600)
    MailDomain.objects.filter(mailboxes__address=address).update(per_hour=7200, burst=20)
    CampaignTarget.objects.create(campaign=campaign, target=target, scope=scope, position=position)
    for text in texts:
        TargetName.objects.create(
            target=target, language=text["language"], **text["targets"][target.slug]
        )


def _load_wordings(campaign: Campaign, text: Tree) -> None:
    model = next(given["body"] for given in text["wordings"] if not given["kind"])
    for given in text["wordings"]:
        kind = given["kind"]
        words = {name: given[name] for name in given if name != "kind"}
        Wording.objects.create(
            campaign=campaign,
            language=text["language"],
            text=kind,
            **{**words, "body": given["body"] or model},
        )
        if kind and not campaign.wording_rules.filter(kind=kind).exists():
            add_rule(campaign, kind=kind, text=kind)
    for number, given in enumerate(text["variants"], start=2):
        Wording.objects.create(
            campaign=campaign, language=text["language"], variant=number, **given
        )


def _load_consents(campaign: Campaign, text: Tree) -> int:
    """Those that are not there in this version; how many."""
    number = 0
    for purpose, given in text["consents"].items():
        wording, is_new = ConsentWording.objects.get_or_create(
            slug=campaign.slug,
            purpose=purpose,
            language=text["language"],
            version=given["version"],
            defaults={"text": given["text"]},
        )
        if is_new:
            campaign.consents.add(wording)
        number += is_new
    return number


def _load_collective(campaign: Campaign, rhythm: Tree, texts: list[Tree]) -> None:
    for text in texts:
        CollectiveWording.objects.create(
            campaign=campaign, language=text["language"], **text["collective"]
        )
    now = timezone.now()
    plan_letters(
        CollectiveSchedule(campaign=campaign),
        first_at=now,
        every=timedelta(minutes=rhythm["every_minutes"]),
        at_least=rhythm["at_least"],
        now=now,
    )


def _load_pages(campaign: Campaign, texts: list[Tree]) -> None:
    """One tree per language under the root; the first language's home is the site's."""
    root = Page.get_first_root_node()
    # Wagtail's own welcome page makes room.
    Page.objects.child_of(root).exclude(pk__in=HomePage.objects.values("pk")).delete()
    root = Page.get_first_root_node()
    first: HomePage | None = None
    shared: CampaignPage | None = None
    for text in texts:
        locale, _new = Locale.objects.get_or_create(language_code=text["language"])
        home = HomePage(
            title=text["organisation_name"], slug=text["language"], locale=locale, live=True
        )
        if first:
            home.translation_key = first.translation_key
        root.add_child(instance=home)
        first = first or home
        page = _campaign_page(campaign, text, locale)
        if shared:
            page.translation_key = shared.translation_key
        home.add_child(instance=page)
        page.save_revision().publish()
        shared = shared or page
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": first}
    )


def _give_teams(organisation: Organisation) -> None:
    """So that somebody may work for it who does not run the server: `--person` of a command."""
    begin_organisation(slug=organisation.slug, name="", contact="", mail_domain="")
    lay_out_section(organisation, pages=False)


def _campaign_page(campaign: Campaign, text: Tree, locale: Locale) -> CampaignPage:
    given = text["page"]
    return CampaignPage(
        campaign=campaign,
        locale=locale,
        live=False,
        title=given["title"],
        slug=given["slug"],
        seo_title=given["seo_title"],
        search_description=given["search_description"],
        lead=given["lead"],
        call=given["call"],
        story=_story(given),
        facts=[("fact", dict(fact)) for fact in given["facts"]],
        demands=[("demand", demand["text"]) for demand in given["demands"]],
        after_heading=given["after"]["heading"],
        after_text=given["after"]["text"],
    )


def _story(given: Tree) -> list[tuple[str, Tree]]:
    """The parts, what is known and since when before the last; and then the call to write."""
    *parts, last = [
        ("section", {**part, "text": _paragraphs(part["text"])}) for part in given["story"]
    ]
    return [*parts, ("timeline", given["timeline"]), last, ("call", given["call_again"])]


def _paragraphs(text: str) -> RichText:
    parts = (" ".join(part.split()) for part in text.strip().split("\n\n"))
    return RichText("".join(f"<p>{escape(part)}</p>" for part in parts))
