"""The letters that somebody sends off themselves: the words, and how each can be sent."""

from dataclasses import dataclass, replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign, CampaignTarget
from tocsin.campaigns.wording_rules import rules_of, text_for
from tocsin.kit.countries import country_name
from tocsin.letters.draft import choose_wording, nameless, names_of, wordings_of
from tocsin.letters.filled import Filled, filled_for, used_in
from tocsin.letters.mailto import mail_link
from tocsin.letters.reach import NOBODYS, REFUSING, states_of
from tocsin.letters.render import Parts, render_text
from tocsin.outbox.destinations import Mailbox
from tocsin.targets.models import Target, TargetAddress, TargetName

NOWHERE = "–"
"""No country, as no target's seat is written: who has not said where they live."""


@dataclass(frozen=True)
class OwnLetter:
    """One letter; `sheet` is its text on paper, where the name is written by hand.

    `mailto` is "" where no address may be shown, or none exists any more.
    `has_gaps`: whether something in it is still to be filled in by hand, beside the name.
    `is_whole`: whether the link carries the letter, or a few lines that stand for it.
    `refuses`: whether the mailbox that it leads to refuses our mail.
    """

    target: Target
    target_name: str
    language: str
    subject: str
    text: str
    sheet: str
    mailto: str
    is_whole: bool
    has_gaps: bool
    refuses: bool


def own_letters(
    *,
    campaign: Campaign,
    language: str,
    country: str,
    words: Words,
    address: str,
    named: bool,
    variant: int = 1,
) -> list[OwnLetter]:
    """A letter to each target of somebody in `country` ("" where that is not known).

    It is in the language of the page (`language`), so that people read what they send; where it is
    to be `named`, a mark stands in place of the name, which is typed elsewhere and never here.
    `address` is that of the page, for the few lines that stand for a letter which is too long.
    """
    wordings, rules = wordings_of(campaign), rules_of(campaign)
    rows = campaign.campaign_targets.for_country(country or NOWHERE, areas=words.areas)
    rows = rows.prefetch_related("target__addresses", "target__names")
    called = names_of([row.target for row in rows])
    public = [each for row in rows for each in _public(row)]
    states = states_of([each.address for each in public]) if named else {}
    letters, used = [], used_in(wordings)
    for row in rows:
        names = called[row.target.pk]
        if not names:
            continue
        wording = choose_wording(
            wordings,
            text=text_for(row.target, rules),
            languages=(language,),
            variant=variant,
        )
        name = names.get(wording.language) or next(iter(names.values()))
        said = filled_for(
            row.target,
            name=name.name,
            campaign=campaign,
            country=country,
            wording=wording,
            words=words,
            used=used,
        )
        parts = _parts(name, said, words, country=country, named=named)
        known = [(each.address, states[each.address]) for each in _public(row) if states]
        letter = _letter(parts, said, to=_best(known), address=address, named=named)
        letters.append(OwnLetter(target=row.target, target_name=name.name, **letter))
    return letters


def _letter(
    parts: Parts, said: Filled, *, to: tuple[str, str], address: str, named: bool
) -> dict[str, Any]:
    """All of an own letter but to whom it goes; `to` is an address and the state of it."""
    full, short = render_text(parts), _short(parts, said, address=address)
    link = mail_link(address=to[0], subject=said.subject, texts=(full, *short))
    return {
        "language": said.language,
        "subject": said.subject,
        "text": full,
        "sheet": render_text(replace(parts, name="", place="")) if named else full,
        "mailto": link.url if to[0] else "",
        "is_whole": link.carries == 0,
        "has_gaps": bool(said.gaps),
        "refuses": to[1] in REFUSING,
    }


def _public(row: CampaignTarget) -> list[TargetAddress]:
    return [each for each in row.target.addresses.all() if each.is_public]


def _best(known: list[tuple[str, str]]) -> tuple[str, str]:
    """The first address that takes mail, else one that refuses ours; "" where there is neither."""
    there = [each for each in known if each[1] not in (Mailbox.State.INVALID, NOBODYS)]
    there.sort(key=lambda each: each[1] in REFUSING)
    return there[0] if there else ("", "")


def _parts(name: TargetName, said: Filled, words: Words, *, country: str, named: bool) -> Parts:
    spoken = said.language
    if named:
        with translation.override(spoken):
            signed, place = _("[Your name]"), country_name(country, spoken) if country else ""
    else:
        signed, place = nameless(country, spoken) if country else "", ""
    return Parts(
        salutation=name.salutation,
        opening=said.opening,
        own=words.own,
        body=said.body,
        fixed=said.fixed,
        closing=said.closing,
        name=signed,
        place=place,
        note="",
    )


def _short(parts: Parts, said: Filled, *, address: str) -> list[str]:
    """What may stand for a letter that is too long, the better first: nothing of the person."""
    with translation.override(said.language):
        told = _("I write to you about this: %(subject)s. What I ask of you stands here: %(url)s")
    told %= {"subject": said.subject, "url": address}
    few = replace(parts, opening="", own="", body=told, fixed="")
    return [render_text(few), render_text(replace(few, closing=""))]
