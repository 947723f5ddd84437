"""The letters that one action becomes, in words: what is shown before is what is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.models import Action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Campaign, Wording
from tocsin.campaigns.ways import OPEN, WAYS
from tocsin.campaigns.wording_rules import rules_of, text_for
from tocsin.kit.countries import country_in_a_sentence, country_name
from tocsin.letters.filled import filled_for, used_in
from tocsin.letters.render import Parts, render_text
from tocsin.supporters.person import open_person
from tocsin.targets.models import Target, TargetName

Wordings = Mapping[tuple[str, str], Sequence[Wording]]
"""The wordings of a campaign by language and text, by variant."""


@dataclass(frozen=True)
class Draft:
    """One letter: from whom, to whom, in which language, in which words.

    `gaps` are the fields that nothing is known for: with one of them it is not sent.
    """

    sender_name: str
    target: Target
    target_name: str
    language: str
    subject: str
    text: str
    gaps: tuple[str, ...] = ()


def draft_letters(
    *,
    campaign: Campaign,
    language: str,
    country: str,
    given: str,
    family: str,
    words: Words,
    way: str = OPEN,
    variant: int = 1,
    draw: str = "",
) -> list[Draft]:
    """One letter for each target that a supporter in `country` writes to; a lent voice has none.

    The model letter goes out in the target's language where the campaign has it; a letter that the
    person edited stays in the language of the page (`language`), in which they wrote it.
    Shielded, nothing else of the person is in it than the country and the words.
    `draw` decides whom of a pool they write to.
    """
    if not WAYS[way].writes_letters:
        return []
    author = _Author(f"{given} {family}".strip(), country, words, shown=WAYS[way].shown)
    wordings, rules = wordings_of(campaign), rules_of(campaign)
    used, organisation = used_in(wordings), campaign.organisation.name
    targets = _targets(campaign, country, draw=draw, areas=words.areas)
    names, drafts = names_of(targets), []
    for target in targets:
        spoken = language if words.body else target.language
        wording = choose_wording(
            wordings,
            text=text_for(target, rules),
            languages=(spoken, language),
            variant=variant,
        )
        called = names[target.pk].get(wording.language) or next(iter(names[target.pk].values()))
        drafts.append(_draft(author, target, called, wording, organisation, used))
    return drafts


@dataclass(frozen=True)
class _Author:
    """Who writes, what, and whether they are shown."""

    name: str
    country: str
    words: Words
    shown: bool

    def signature(self, language: str) -> tuple[str, str]:
        """What stands below the letter: a name and a place."""
        if self.shown:
            return self.name, country_name(self.country, language)
        return nameless(self.country, language), ""


def _draft(
    author: _Author,
    target: Target,
    called: TargetName,
    wording: Wording,
    organisation: str,
    used: set[str],
) -> Draft:
    language = wording.language
    said = filled_for(
        target,
        name=called.name,
        campaign=wording.campaign,
        country=author.country,
        wording=wording,
        words=author.words,
        used=used,
    )
    name, place = author.signature(language)
    text = render_text(
        Parts(
            salutation=called.salutation,
            opening=said.opening,
            own=author.words.own,
            body=said.body,
            fixed=said.fixed,
            closing=said.closing,
            name=name,
            place=place,
            note=_note(organisation, language, shown=author.shown),
        )
    )
    sender = f"{name} via {organisation}"
    return Draft(sender, target, called.name, language, said.subject, text, said.gaps)


def _targets(
    campaign: Campaign, country: str, *, draw: str, areas: tuple[int, ...]
) -> list[Target]:
    rows = campaign.campaign_targets.for_country(country, draw=draw, areas=areas)
    return [row.target for row in rows]


def nameless(country: str, language: str) -> str:
    """What somebody is called who is not named, in the language of the letter."""
    with translation.override(language):
        where = country_in_a_sentence(country, language)
        return _("A supporter in %(country)s") % {"country": where}


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
        way=action.way,
        variant=action.variant,
        draw=action.lot,
    )


def known_letters(campaign: Campaign, language: str) -> tuple[Wording, ...]:
    """The variants of the letter that a page in this language has, or had, for editing.

    Those that are not offered any more are retired: somebody may have one before them.
    """
    wordings = wordings_of(campaign)
    first = choose_wording(wordings, text="", languages=(language,), variant=1)
    return tuple(wordings[first.language, first.text])


def wordings_of(campaign: Campaign) -> Wordings:
    """All wordings of a campaign, for `choose_wording`."""
    rows = campaign.wordings.order_by("language", "text", "variant")
    return {
        fitting: list(variants)
        for fitting, variants in groupby(rows, lambda row: (row.language, row.text))
    }


def choose_wording(
    wordings: Wordings, *, text: str, languages: tuple[str, ...], variant: int
) -> Wording:
    """The wording in the first language there is, of that text if it is there, else the general.

    Where the variant is missing, it is the first that is offered. One that is retired goes to
    those who have it before them: of a named text, which no page shows, that is told by the
    general one of its number. A campaign without any wording is a fault of whoever opened it:
    LookupError.
    """
    for language in (*languages, *sorted({language for language, _text in wordings})):
        general = wordings.get((language, ""), ())
        is_held = any(each.is_retired for each in general if each.variant == variant)
        for fitting in (text, ""):
            variants = wordings.get((language, fitting), ())
            offered = [each for each in variants if not each.is_retired]
            if fitting and not is_held:
                variants = offered
            if variants:
                first = next(iter(offered), variants[0])
                return next((each for each in variants if each.variant == variant), first)
    raise LookupError("the campaign has no wording")


def names_of(targets: list[Target]) -> dict[int, dict[str, TargetName]]:
    """How each target is called, by its number and the language."""
    names: dict[int, dict[str, TargetName]] = {target.pk: {} for target in targets}
    for row in TargetName.objects.filter(target__in=targets):
        names[row.target_id][row.language] = row
    return names


def _note(organisation: str, language: str, *, shown: bool) -> str:
    with translation.override(language):
        if shown:
            note = _(
                "This letter was written through %(organisation)s. "
                "An answer to this message goes to its author."
            )
        else:
            note = _(
                "This letter was written through %(organisation)s, and its author asks not to be "
                "named. An answer to this message goes to %(organisation)s."
            )
        return note % {"organisation": organisation}
