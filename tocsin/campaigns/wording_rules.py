"""Which text of the letter a target gets: ordered rules, of which the first that fits decides."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.kit.rows import Row
from tocsin.targets.models import Target

CONDITIONS = ("kind", "country", "seat", "target_id")
"""What a rule may ask of a target: all that it asks has to be so."""


class WordingRule(Row):
    """If the target is such, it gets that text; "" is the general one, as if no rule fitted."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="wording_rules")
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(
        _("kind of target"), max_length=20, choices=Target.Kind, blank=True, default=""
    )
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    seat = models.CharField(_("seat"), max_length=2, blank=True, default="")
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="wording_rules"
    )
    text = models.CharField(_("text"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = _("wording rule")
        verbose_name_plural = _("wording rules")
        ordering = ("campaign", "position", "pk")
        constraints = (
            models.CheckConstraint(
                name="a_wording_rule_asks_something",
                condition=~models.Q(kind="", country="", seat="", target=None),
            ),
        )

    def __str__(self) -> str:
        asked = (self.kind, self.country, self.seat, str(self.target) if self.target else "")
        return f"{' '.join(filter(None, asked))} → {self.text}"

    @property
    def asks(self) -> dict[str, Any]:
        """What it asks, and nothing that it does not."""
        asked = {name: getattr(self, name) for name in CONDITIONS}
        return {name: value for name, value in asked.items() if value}

    def fits(self, target: Target) -> bool:
        """Whether all that it asks is so."""
        known = {**{name: getattr(target, name, "") for name in CONDITIONS}, "target_id": target.pk}
        return all(known[name] == value for name, value in self.asks.items())


def rules_of(campaign: Campaign) -> list[WordingRule]:
    """All of them, in order."""
    return list(campaign.wording_rules.select_related("target").order_by("position", "pk"))


def text_for(target: Target, rules: Iterable[WordingRule]) -> str:
    """The name of the text that the target gets; "" for the general one."""
    return next((rule.text for rule in rules if rule.fits(target)), "")


def never_reached(rules: Sequence[WordingRule]) -> list[WordingRule]:
    """Those before which another one always fits, or that fit nobody who could be."""
    return [
        rule
        for number, rule in enumerate(rules)
        if any(_is_before(earlier, rule) for earlier in rules[:number])
        or (rule.target and not rule.fits(rule.target))
    ]


def without_text(
    campaign: Campaign,
    rules: Sequence[WordingRule],
    targets: Collection[Target],
    languages: Iterable[str],
) -> Iterator[tuple[str, str]]:
    """Named texts with each language in which a letter may need them, and they are not there.

    Those are `languages`, in which letters are changed, and that of whoever gets the text.
    """
    written = campaign.wordings.filter(is_retired=False).exclude(text="")
    there = set(written.values_list("text", "language"))
    spoken = sorted(set(languages))
    for text in dict.fromkeys(rule.text for rule in rules if rule.text):
        getting = (each.language for each in targets if text_for(each, rules) == text)
        yield from (
            (text, language)
            for language in dict.fromkeys([*spoken, *sorted(getting)])
            if (text, language) not in there
        )


@transaction.atomic
def add_rule(campaign: Campaign, **asked: Any) -> WordingRule:
    """One more, after all others."""
    rules = _ordered(campaign)
    rule = WordingRule(campaign=campaign, position=len(rules) + 1, **asked)
    rule.save()
    return rule


@transaction.atomic
def move_rule(campaign: Campaign, pk: int, *, by: int) -> None:
    """Before (-1) or behind (1) its neighbour; at an end it stays, and one that is gone is gone."""
    rules = _ordered(campaign)
    at = next((number for number, rule in enumerate(rules) if rule.pk == pk), None)
    if at is not None and 0 <= at + by < len(rules):
        rules[at], rules[at + by] = rules[at + by], rules[at]
        _number(rules)


@transaction.atomic
def remove_rule(campaign: Campaign, pk: int) -> None:
    """That one; the others close up."""
    campaign.wording_rules.filter(pk=pk).delete()
    _number(_ordered(campaign))


def _ordered(campaign: Campaign) -> list[WordingRule]:
    """Who changes the order waits for whoever does it too."""
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    return rules_of(campaign)


def _number(rules: Iterable[WordingRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        WordingRule.objects.filter(pk=rule.pk).update(position=position)


def _is_before(earlier: WordingRule, rule: WordingRule) -> bool:
    """Whether whatever fits the rule fits the earlier one."""
    if rule.target and rule.fits(rule.target):
        return earlier.fits(rule.target)
    return earlier.asks.items() <= rule.asks.items()
