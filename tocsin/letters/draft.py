"""The letters that one action becomes, in words: what is shown before is what is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.models import Action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Campaign, Wording
from tocsin.kit.countries import country_name
from tocsin.letters.render import Parts, render_text
from tocsin.supporters.person import open_person
from tocsin.targets.models import Target, TargetName

Wordings = Mapping[tuple[str, str], Wording]
"""The wordings of a campaign by language and kind of target."""


@dataclass(frozen=True)
class Draft:
    """One letter: to whom, in which language, in which words."""

    target: Target
    target_name: str
    language: str
    subject: str
    text: str


def draft_letters(
    *, campaign: Campaign, language: str, country: str, given: str, family: str, words: Words
) -> list[Draft]:
    """One letter for each target that a supporter in `country` writes to.

    The model letter goes out in the target's language where the campaign has it; a letter that the
    person edited stays in the language of the page (`language`), in which they wrote it.
    """
    wordings = wordings_of(campaign)
    targets = [row.target for row in campaign.campaign_targets.for_country(country)]
    names = _names_of(targets)
    name = f"{given} {family}".strip()
    drafts = []
    for target in targets:
        spoken = language if words.body else target.language
        wording = choose_wording(wordings, kind=target.kind, languages=(spoken, language))
        called = names[target.pk].get(wording.language) or next(iter(names[target.pk].values()))
        text = render_text(
            Parts(
                salutation=called.salutation,
                opening=wording.opening,
                own=words.own,
                body=words.body or wording.body,
                closing=wording.closing,
                name=name,
                place=country_name(country, wording.language),
                note=_note(campaign, wording.language),
            )
        )
        drafts.append(Draft(target, called.name, wording.language, wording.subject, text))
    return drafts


def drafts_of(action: Action) -> list[Draft]:
    """The letters of a stored action; raises kit.seal.Unreadable if its key is destroyed."""
    person = open_person(action.supporter)
    return draft_letters(
        campaign=action.campaign,
        language=action.language,
        country=action.country,
        given=person.given,
        family=person.family,
        words=open_words(action),
    )


def model_letter(*, campaign: Campaign, language: str) -> Wording:
    """The wording that a page in this language offers for editing."""
    return choose_wording(wordings_of(campaign), kind="", languages=(language,))


def wordings_of(campaign: Campaign) -> Wordings:
    """All wordings of a campaign, for `choose_wording`."""
    return {(wording.language, wording.kind): wording for wording in campaign.wordings.all()}


def choose_wording(wordings: Wordings, *, kind: str, languages: tuple[str, ...]) -> Wording:
    """The wording in the first language there is, for that kind of target if it has its own.

    A campaign without any wording is a fault of whoever opened it: LookupError.
    """
    for language in (*languages, *sorted({language for language, _kind in wordings})):
        for fitting in (kind, ""):
            if wording := wordings.get((language, fitting)):
                return wording
    raise LookupError("the campaign has no wording")


def _names_of(targets: list[Target]) -> dict[int, dict[str, TargetName]]:
    names: dict[int, dict[str, TargetName]] = {target.pk: {} for target in targets}
    for row in TargetName.objects.filter(target__in=targets):
        names[row.target_id][row.language] = row
    return names


def _note(campaign: Campaign, language: str) -> str:
    with translation.override(language):
        return _(
            "This letter was written through %(organisation)s. "
            "An answer to this message goes to its author."
        ) % {"organisation": campaign.organisation.name}
