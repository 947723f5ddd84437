"""Two organisations with all that the office knows of one, and every address of the office."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection

from tests.factories import (
    NOW,
    a_campaign,
    a_campaign_page,
    a_home_page,
    a_partner,
    an_action,
)
from tests.readers.cast import let_read
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.translations import Translation
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.office.new_organisation import set_up
from tocsin.organisations.begin import join
from tocsin.organisations.models import Organisation
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, SendingDomain
from tocsin.pages.models import CampaignPage, SectionPage
from tocsin.pages.preparing import begin_page
from tocsin.pages.sections import lay_out_section


@dataclass(frozen=True)
class Section:
    """One organisation, its people, and one of each thing that belongs to it."""

    organisation: Organisation
    user: User
    campaign: Campaign
    page: CampaignPage
    section: SectionPage
    rows: dict[str, models.Model]

    def keys(self, *names: str) -> list[Any]:
        """Of these of its rows."""
        return [self.rows[name].pk for name in names]

    def everything(self) -> list[Any]:
        """All of its rows as they are, to see whether anything has changed."""
        found: list[Any] = [
            list(type(row)._default_manager.filter(pk=row.pk).values())
            for row in self.rows.values()
        ]
        teams = self.organisation.teams.order_by("pk")
        found += [sorted(each.group.user_set.values_list("pk", flat=True)) for each in teams]
        return [*found, sorted(self.organisation.partner_set.values_list("pk", flat=True))]


def two_sections(*words: str) -> list[Section]:
    """An organisation for each word, which stands in every name that it has."""
    for language in ("en", "fr"):
        a_home_page(language)
    return [_a_section(word) for word in words]


def _a_section(word: str) -> Section:
    slug = f"{word}-table"
    organisation = set_up(
        slug=slug,
        name=f"Table of {word}",
        contact=f"hello@{word}.example",
        mail_domain=f"letters.{word}.example",
        lay_out=lay_out_section,
    ).organisation
    let_read(slug)
    user = join(person=f"{word}-clerk", role="publisher", organisation=organisation)
    assert user
    campaign = _a_cause(word, organisation)
    section = SectionPage.objects.get(organisation=organisation, locale__language_code="fr")
    page = a_campaign_page(campaign, below=section)
    page.title, page.slug, page.owner = f"Families of {word}", f"{word}-families", user
    page.save()
    revision = page.save_revision(user=user, log_action=True)
    revision.publish()
    copy = begin_page(campaign, language="en", title=page.title, slug=page.slug, user=user)
    rows: dict[str, models.Model] = {
        "organisation": organisation,
        "partner": a_partner(
            organisation,
            slug=f"friends-of-{word}",
            name=f"Friends of {word}",
            origins=f"https://{word}.example",
        ),
        "witness": WitnessConsent.objects.create(
            organisation=organisation, reference=f"{word}-1", given_on=NOW.date()
        ),
        "page": page,
        "copy": CampaignPage.objects.get(pk=copy),
        "section": section,
        "revision": revision,
        "ours": SendingDomain.objects.get(name=organisation.mail_domain),
        "user": user,
        "group": organisation.teams.get(role="publisher").group,
        **_of_cause(word, campaign),
        **_files(word, Collection.objects.get(name=slug)),
    }
    return Section(organisation, user, campaign, page, section, rows)


def _a_cause(word: str, organisation: Organisation) -> Campaign:
    """A campaign in which somebody took part."""
    campaign = a_campaign(organisation=organisation)
    Campaign.objects.filter(pk=campaign.pk).update(slug=f"{word}-cause")
    Mailing.objects.filter(pk=campaign.mailing_id).update(name=f"{word}-cause")
    campaign.refresh_from_db()
    confirm_action(action_id=an_action(campaign).pk, revision=1)
    write_due(now=NOW)
    return campaign


def _of_cause(word: str, campaign: Campaign) -> dict[str, models.Model]:
    letter = Letter.objects.filter(action__campaign=campaign).order_by("pk")[0]
    return {
        "campaign": campaign,
        "letter": letter,
        "target": letter.target,
        "action": Action.objects.get(campaign=campaign),
        "message": Message.objects.get(pk=letter.message_id),
        "mailing": Mailing.objects.get(pk=campaign.mailing_id),
        "schedule": CollectiveSchedule.objects.create(campaign=campaign, first_at=NOW, next_at=NOW),
        "wording": CollectiveWording.objects.create(
            campaign=campaign, language="fr", subject=word, body=f"{word}: {{voices}}", closing=word
        ),
        "translation": Translation.objects.create(
            campaign=campaign, language="en", place="collective.subject", waiting=word
        ),
    }


def _files(word: str, collection: Collection) -> dict[str, models.Model]:
    return {
        "collection": collection,
        "image": get_image_model().objects.create(
            title=f"Faces of {word}", file=a_picture(word), collection=collection
        ),
        "document": get_document_model().objects.create(
            title=f"Report of {word}",
            file=ContentFile(word.encode(), name=f"{word}.pdf"),
            collection=collection,
        ),
    }


def a_picture(word: str) -> ContentFile[bytes]:
    """A file of an image."""
    file = BytesIO()
    Picture.new("RGB", (40, 30), "navy").save(file, "PNG")
    return ContentFile(file.getvalue(), name=f"{word}.png")


# -- addresses -----------------------------------------------------------------------------------


PART = re.compile(r"<[^<>]+>|\([^()]*\)")


@dataclass(frozen=True)
class Place:
    """One address of the office as it stands in the URLconf."""

    space: str
    name: str
    route: str
    names: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """With the name of what it belongs to."""
        return f"{self.space}:{self.name}" if self.space else self.name

    def filled(self, choices: dict[str, list[Any]]) -> Iterator[str]:
        """The address with each choice for each of its parts."""
        kinds = [choices[name] for name in self.names]
        for values in itertools.product(*kinds):
            found = self.route
            for value in values:
                found = PART.sub(str(value), found, count=1)
            yield f"/{found}"


def places() -> list[Place]:
    """Every address below /office/ that has a name, Wagtail's own and ours."""
    [office] = [each for each in get_resolver().url_patterns if str(each.pattern) == "office/"]
    assert isinstance(office, URLResolver)
    return list(_below(office, "", ""))


def _below(resolver: URLResolver, before: str, space: str) -> Iterator[Place]:
    space = ":".join(part for part in (space, resolver.namespace) if part)
    before += str(resolver.pattern).lstrip("^")
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from _below(each, before, space)
        elif each.name:
            yield _place(each, before, space)


def _place(found: URLPattern, before: str, space: str) -> Place:
    route = before + str(found.pattern).lstrip("^").rstrip("$").replace("\\.", ".")
    names = (
        re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", route)
        if isinstance(found.pattern, RoutePattern)
        else ["page_id", "revision", "revision"]
    )
    return Place(space, str(found.name), route, tuple(names))
