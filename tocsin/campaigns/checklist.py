"""What a campaign needs before it opens, point by point, as far as the ground knows it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tocsin.campaigns.fields import name_in
from tocsin.campaigns.filling import empty_for, texts_of
from tocsin.campaigns.models import PERMISSION, Campaign, CampaignTarget
from tocsin.campaigns.sealed_for import has_readers
from tocsin.campaigns.wording_rules import never_reached, rules_of, text_for, without_text
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.identity.check import is_at_home
from tocsin.outbox.post import as_mailbox
from tocsin.outbox.routes import SendingDomain

CLOSED = (Mailbox.State.INVALID, Mailbox.State.REFUSING)
"""Mailboxes to which no letter goes."""


@dataclass(frozen=True)
class Point:
    """One thing that is there, or is not; `lacks` names languages or targets that it is about."""

    name: str
    done: bool
    lacks: tuple[str, ...] = ()


def missing_in(points: Iterable[Point]) -> tuple[str, ...]:
    """The names of the points that keep it from opening."""
    return tuple(point.name for point in points if not point.done)


def points_of(campaign: Campaign, *, now: datetime, languages: Collection[str] = ()) -> list[Point]:
    """Every point, in the order in which a campaign is made; it changes nothing.

    `languages` are those of its pages; without them, those of its letters.
    """
    spoken = sorted(languages) or sorted(set(campaign.wordings.values_list("language", flat=True)))
    rows = list(campaign.campaign_targets.current().select_related("target"))
    letters = _without_letter(campaign, {*spoken, *(row.target.language for row in rows)})
    unasked = without_consent(campaign, campaign.ways, spoken)
    consents = [f"{way} · {language}" for way, language in unasked]
    stop_at = campaign.mailing.stop_at
    return [
        Point("targets", campaign.campaign_targets.for_anybody().exists()),
        _listed("addresses", _unreachable(rows), there=bool(rows)),
        _listed("letter", letters, there=bool(spoken)),
        _listed("rules", _broken_rules(campaign, rows, spoken), there=True),
        _listed("fields", empty_fields(campaign, rows), there=True),
        _listed("consents", consents, there=bool(spoken)),
        Point("ways", bool(campaign.ways)),
        Point("goal", campaign.goal > 0),
        Point("stop", stop_at is None or stop_at > now),
        Point("readers", has_readers(campaign, day=now.date())),
        Point("domain", may_send(campaign.organisation.mail_domain)),
        Point("tested", is_tested(campaign)),
    ]


def is_tested(campaign: Campaign) -> bool:
    """Whether somebody has seen the letters, as they are now, in their own mailbox."""
    return campaign.tested_at is not None and campaign.tested_mark == letters_mark(campaign)


def letters_mark(campaign: Campaign) -> str:
    """A short mark of all words and of everybody who is written to: another one for any change."""
    words = campaign.wordings.order_by("language", "text", "variant").values_list(
        *("language", "text", "variant", "subject", "opening", "body", "fixed", "closing"),
        "is_retired",
    )
    rules = [(rule.asks, rule.text) for rule in rules_of(campaign)]
    rows = campaign.campaign_targets.order_by("target_id")
    written_to = rows.values_list(
        *("target_id", "scope", "not_from", "target__kind", "target__seat", "target__language"),
        *("target__country", "target__holder"),
    )
    names = rows.order_by("target__names__pk").values_list(
        *("target__names__language", "target__names__name", "target__names__salutation")
    )
    addresses = rows.order_by("target__addresses__pk").values_list("target__addresses__address")
    found = [list(each) for each in (words, written_to, names, addresses)]
    areas = list(rows.exclude(target__area=None).values_list("target_id", "target__area"))
    seen = repr([*found, rules, campaign.letter_is_fixed, campaign.pool_size, *areas])
    return sha256(seen.encode()).hexdigest()[:16]


def may_send(domain: str) -> bool:
    """Whether mail leaves from that domain now: it is in order, or stays on this machine."""
    found = SendingDomain.objects.filter(name=domain.lower()).first()
    if found is None:
        return False
    return found.state == SendingDomain.State.GREEN or (found.reserved and is_at_home())


def _listed(name: str, lacks: Iterable[str], *, there: bool) -> Point:
    found = tuple(lacks)
    return Point(name, there and not found, found)


def _unreachable(rows: Iterable[CampaignTarget]) -> Iterator[str]:
    """Those whose letters could not be written, or would go nowhere."""
    for row in rows:
        address = row.target.addresses.first()
        box = as_mailbox(address.address) if address else ""
        closed = Mailbox.objects.filter(address=box, state__in=CLOSED).exists()
        if address is None or closed or not row.target.names.exists():
            yield str(row.target)


def _without_letter(campaign: Campaign, languages: Iterable[str]) -> list[str]:
    """The languages in which there is no letter for everybody."""
    written = (
        campaign.wordings.filter(text="", is_retired=False).exclude(body="").exclude(subject="")
    )
    return sorted(set(languages) - set(written.values_list("language", flat=True)))


def _broken_rules(
    campaign: Campaign, rows: Iterable[CampaignTarget], languages: Iterable[str]
) -> Iterator[str]:
    """Rules that decide nothing, and texts that are not there in a language."""
    rules = rules_of(campaign)
    yield from (str(rule) for rule in never_reached(rules))
    targets = [row.target for row in rows]
    for text, language in without_text(campaign, rules, targets, languages):
        yield f"{text}: {language}"


def empty_fields(campaign: Campaign, rows: Iterable[CampaignTarget]) -> Iterator[str]:
    """Targets with the fields that a letter to them would leave empty."""
    wordings, rules = list(campaign.wordings.all()), rules_of(campaign)
    for row in rows:
        own = text_for(row.target, rules)
        texts = [text for each in wordings if each.text == own for text in texts_of(each)]
        if not campaign.letter_is_fixed:
            # A letter that somebody changed goes to all of them.
            texts += [each.body for each in wordings if not each.text]
        for target, field in empty_for(campaign, [row.target], texts):
            yield f"{target}: {name_in(field, target.language)}"


def without_consent(
    campaign: Campaign, ways: Iterable[str], languages: Collection[str]
) -> list[tuple[str, str]]:
    """Those of the ways, with the languages, in which nobody could agree to them."""
    found = set(campaign.consents.exclude(text="").values_list("purpose", "language"))
    wanted = [(way, language) for way in ways for language in languages]
    return [each for each in wanted if (PERMISSION[each[0]], each[1]) not in found]
