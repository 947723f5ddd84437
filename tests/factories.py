"""One factory per noun, and the cast of the stories."""

import itertools
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, User
from wagtail.models import Locale, Page, Site

from tests.readers.cast import let_read
from tocsin.actions.models import Action
from tocsin.actions.take import take_action
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import letters_mark
from tocsin.campaigns.models import DRAFT, PERMISSION, Campaign, CampaignTarget, Wording
from tocsin.campaigns.ways import OPEN, WAYS
from tocsin.campaigns.wording_rules import add_rule
from tocsin.kit.addresses import read_address
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import Team
from tocsin.outbox.post import sending_domain_for
from tocsin.pages.models import CampaignPage, HomePage, SectionPage
from tocsin.supporters.models import ConsentWording
from tocsin.supporters.person import Person
from tocsin.targets.areas import Area, AreaTable, Postcode
from tocsin.targets.models import Target, TargetAddress, TargetName

NOW = datetime(2026, 3, 10, 9, 41, 27, tzinfo=UTC)
"""The moment at which most stories happen."""

AMINA = Person(given="Amina", family="Yusuf", address=read_address("amina@mail.example"))
BRUNO = Person(given="Bruno", family="Keller", address=read_address("bruno@mail.example"))
MALLORY = Person(given="Mallory", family="", address=read_address("mallory@mail.example"))

HOME = UUID("5b1c0b6e-0f0e-4d5e-9a53-2f7a3f0c1a00")
"""The home pages of all languages are translations of one another."""

_numbers = itertools.count(1)

TEXTS = {
    "fr": {
        "subject": "Où sont-ils ?",
        "body": "Je vous demande où sont les personnes détenues.\n\n1. Dites-le aux familles.",
        "closing": "Je vous prie d’agréer l’expression de ma haute considération.",
        "copy": "Voici la copie de ma lettre au ministère.",
        "send": "J’accepte que ma lettre soit envoyée en mon nom.",
        "send_shielded": "J’accepte que ma lettre soit envoyée sans mon nom.",
        "send_lent": "J’accepte que ma voix soit comptée.",
        "news": "Voulez-vous recevoir des nouvelles ?",
        "salutation": "Excellence,",
    },
    "en": {
        "subject": "Where are they?",
        "body": "I ask you where the people are who are detained.\n\n1. Tell the families.",
        "closing": "Yours respectfully,",
        "copy": "This is a copy of my letter to the ministry.",
        "send": "I agree that my letter is sent in my name.",
        "send_shielded": "I agree that my letter is sent without my name.",
        "send_lent": "I agree that my voice is counted.",
        "news": "Do you want to receive news?",
        "salutation": "Your Excellency,",
    },
}


def an_organisation() -> Organisation:
    """The Letter Table, which campaigns, with readers for its records."""
    organisation = Organisation.objects.create(
        slug=f"table-{next(_numbers)}",
        name="The Letter Table",
        mail_domain="letters.table.example",
        contact="hello@table.example",
    )
    let_read(organisation.slug)
    return organisation


def a_team(user: User, organisation: Organisation, *, role: str = "editor") -> Team:
    """Somebody works for the organisation; what they may do, they may by themselves."""
    group, _new = Group.objects.get_or_create(name=f"{organisation.slug}: {role}")
    team, _new = Team.objects.get_or_create(
        organisation=organisation, role=role, defaults={"group": group}
    )
    user.groups.add(team.group)
    return team


def a_partner(
    organisation: Organisation, *, origins: str = "https://friends.example", **more: Any
) -> Partner:
    """The Friends of the Families, on whose site the organisation's campaigns may stand."""
    given = {"slug": f"friends-{next(_numbers)}", "name": "Friends of the Families", **more}
    return Partner.objects.create(organisation=organisation, origins=origins, **given)


def a_target(*, kind: str = "ministry", seat: str = "", language: str = "en") -> Target:
    """A decision maker with an address, named in French and in English."""
    slug = f"{kind}-{seat.lower() or 'home'}-{next(_numbers)}"
    target = Target.objects.create(slug=slug, kind=kind, country="CN", seat=seat, language=language)
    TargetAddress.objects.create(target=target, address=f"{slug}@state.example")
    for spoken, texts in TEXTS.items():
        TargetName.objects.create(
            target=target,
            language=spoken,
            name=f"{kind} {seat}".strip(),
            salutation=texts["salutation"],
        )
    return target


def an_area(code: str = "7501", *, postcodes: tuple[str, ...] = ("75001",)) -> Area:
    """An area of the constituencies of France, with these postcodes in it."""
    table, _new = AreaTable.objects.get_or_create(
        slug="fr-constituencies", defaults={"name": "French constituencies", "country": "FR"}
    )
    area = Area.objects.create(table=table, code=code, name=f"Paris {code}")
    Postcode.objects.bulk_create(Postcode(area=area, code=postcode) for postcode in postcodes)
    return area


def a_campaign(
    *, organisation: Organisation | None = None, ways: tuple[str, ...] = (OPEN,)
) -> Campaign:
    """An open campaign: a ministry written to in English, an embassy in France in French.

    It offers `ways`, the first of them first.
    """
    campaign = Campaign.objects.create(
        organisation=organisation or an_organisation(),
        slug=f"campaign-{next(_numbers)}",
        goal=1000,
        first_way=ways[0],
        **{f"offers_{way}": way in ways for way in WAYS},
    )
    CampaignTarget.objects.create(campaign=campaign, target=a_target(), position=0)
    CampaignTarget.objects.create(
        campaign=campaign,
        target=a_target(kind="embassy", seat="FR", language="fr"),
        scope=CampaignTarget.Scope.COUNTRY,
        position=1,
    )
    add_rule(campaign, kind="embassy", text="embassy")
    for language, texts in TEXTS.items():
        words = {name: texts[name] for name in ("subject", "body", "closing")}
        Wording.objects.create(campaign=campaign, language=language, text="", **words)
        Wording.objects.create(
            campaign=campaign, language=language, text="embassy", opening=texts["copy"], **words
        )
        for purpose in ("send", "send_shielded", "send_lent", "news"):
            campaign.consents.create(
                slug=campaign.slug,
                purpose=purpose,
                language=language,
                version=1,
                text=texts[purpose],
            )
    return campaign


def a_draft(
    *, organisation: Organisation | None = None, ways: tuple[str, ...] = (OPEN,)
) -> Campaign:
    """The same before it was ever open, with all that it needs but a page and a test run."""
    campaign = a_campaign(organisation=organisation, ways=ways)
    Campaign.objects.filter(pk=campaign.pk).update(state=DRAFT)
    campaign.state = DRAFT
    sending_domain_for(campaign.organisation.mail_domain)
    return campaign


def a_tested_draft(*, ways: tuple[str, ...] = (OPEN,)) -> Campaign:
    """The same, and somebody has seen its letters."""
    campaign = a_draft(ways=ways)
    campaign.tested_at, campaign.tested_mark = NOW, letters_mark(campaign)
    campaign.save()
    return campaign


def a_campaign_page(
    campaign: Campaign | None = None, *, language: str = "fr", below: Page | None = None
) -> CampaignPage:
    """A live page of the campaign in one language, under the home page of that language."""
    page = CampaignPage(
        campaign=campaign or a_campaign(),
        locale=_locale(language),
        title=f"Families wait ({language})",
        slug=f"families-{next(_numbers)}",
        seo_title="Families wait",
        search_description="Families wait for news.",
        lead="Up to a million people are held. Their families have no news.",
        call="Write now",
        story=[("section", {"heading": "Who they are", "text": "<p>People, with families.</p>"})],
        facts=[
            (
                "fact",
                {
                    "text": "A committee asked.",
                    "source_name": "The committee",
                    "source_date": NOW.date(),
                    "source_url": "https://source.example/report",
                },
            )
        ],
        demands=[("demand", f"Demand {number}") for number in range(1, 5)],
        after_heading="What happens next",
        after_text="We go on asking.",
    )
    (below or a_home_page(language)).add_child(instance=page)
    return page


def a_section(organisation: Organisation, *, language: str = "fr") -> SectionPage:
    """The live page of the organisation in one language."""
    page = SectionPage(
        organisation=organisation,
        title=organisation.name,
        slug=organisation.slug,
        locale=_locale(language),
    )
    if first := SectionPage.objects.filter(organisation=organisation).first():
        page.translation_key = first.translation_key
    a_home_page(language).add_child(instance=page)
    return page


def a_home_page(language: str) -> HomePage:
    """The home page of a language, made once."""
    found: HomePage | None = HomePage.objects.filter(locale__language_code=language).first()
    if found:
        return found
    root = Page.get_first_root_node()
    home = HomePage(
        title=f"Home {language}",
        slug=f"home-{language}",
        locale=_locale(language),
        translation_key=HOME,
    )
    root.add_child(instance=home)
    site = Site.objects.get(is_default_site=True)
    if not HomePage.objects.filter(pk=site.root_page_id).exists():
        site.root_page = home
        site.save()
    return home


def _locale(language: str) -> Locale:
    return Locale.objects.get_or_create(language_code=language)[0]


def a_second_letter(campaign: Campaign) -> None:
    """The same in other words, in both languages."""
    for language, subject in (("en", "A second subject"), ("fr", "Un second objet")):
        campaign.wordings.create(
            language=language,
            variant=2,
            subject=subject,
            opening="",
            body=f"{subject}, in other words.",
            closing="Goodbye,",
        )


def a_consent(campaign: Campaign, purpose: str, language: str = "fr") -> ConsentWording:
    """The wording of a purpose in a language."""
    return campaign.consents.get(purpose=purpose, language=language)


def take(
    campaign: Campaign,
    *,
    person: Person = AMINA,
    words: Words | None = None,
    language: str = "fr",
    country: str = "FR",
    now: datetime = NOW,
    way: str = OPEN,
    variant: int = 1,
) -> None:
    """Somebody sends the form off; Amina, in French, from France."""
    take_action(
        campaign=campaign,
        person=person,
        words=words or Words(),
        language=language,
        country=country,
        consents={a_consent(campaign, PERMISSION.get(way, PERMISSION[OPEN]), language): True},
        now=now,
        way=way,
        variant=variant,
    )


def an_action(campaign: Campaign, **sent: Any) -> Action:
    """Somebody takes part, as `take` says, and has not confirmed yet."""
    before = set(Action.objects.values_list("pk", flat=True))
    take(campaign, **sent)
    return Action.objects.exclude(pk__in=before).get()
