"""Campaigns, with whom they write to in which words."""

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.lot import drawn
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED, WAYS
from tocsin.kit.rows import Row
from tocsin.kit.seal import make_salt
from tocsin.organisations.models import Organisation
from tocsin.outbox.routes import Mailing
from tocsin.supporters.models import ConsentWording
from tocsin.targets.areas import AreaTable
from tocsin.targets.models import Target

DRAFT = "draft"
"""The state of a campaign that was never open: nobody sees its pages, and it takes nothing."""

ENDED = ("closed", "won", "archived")
"""The states of a campaign that takes nothing any more, and is erased in its time."""

PERMISSION = {
    OPEN: ConsentWording.Purpose.SEND,
    SHIELDED: ConsentWording.Purpose.SEND_SHIELDED,
    LENT: ConsentWording.Purpose.SEND_LENT,
}
"""What a person permits who takes part in that way."""


def fresh_salt() -> bytes:
    """Sixteen random bytes, as campaigns had them in a column once; migrations name it."""
    return secrets.token_bytes(16)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Questions about campaigns."""

    def open_at(self, when: datetime | Now) -> "CampaignQuerySet":
        """Those in which people can take part: open, and what they write may still leave."""
        return self.going_at(when).filter(state=Campaign.State.OPEN)

    def going_at(self, when: datetime | Now) -> "CampaignQuerySet":
        """Those and the paused ones: what was written for them may be confirmed, and leave."""
        return self.exclude(state__in=(DRAFT, *ENDED)).exclude(mailing__stop_at__lte=when)


class Campaign(Row):
    """One cause, a time, and those who are written to; its pages, one per language, share it.

    As a draft it is prepared, and opened once all that it needs is there (checklist.py), at
    `opens_at` if that is said. `tested_mark` is the mark of the letters that somebody of the staff
    has seen in a test run, at `tested_at`. A template is there to be copied.

    While it is paused it takes no new letters; those who have one waiting may confirm it.

    Where `letter_is_fixed`, people add a sentence of their own and change nothing else.

    It offers some of the ways to take part (campaigns/ways.py), `first_way` before the others.
    `salt_name` names the file of the salt by which those who took part are recognised. Since
    `erased_on` it is destroyed, with all that was kept of them, and the campaign stays closed.
    """

    class State(models.TextChoices):
        DRAFT = DRAFT, _("in preparation")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        CLOSED = "closed", _("closed")
        WON = "won", _("won")
        ARCHIVED = "archived", _("archived")

    class FirstWay(models.TextChoices):
        OPEN = OPEN, _("openly")
        SHIELDED = SHIELDED, _("shielded")
        LENT = LENT, _("lent voice")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name=_("organisation")
    )
    slug = models.SlugField(_("short name"), unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.OPEN)
    goal = models.PositiveIntegerField(_("goal"), help_text=_("How many confirmed actions."))
    offers_open = models.BooleanField(_("openly"), default=True)
    offers_shielded = models.BooleanField(_("shielded"), default=False)
    offers_lent = models.BooleanField(_("lent voice"), default=False)
    first_way = models.CharField(
        _("first way"), max_length=20, choices=FirstWay, default=FirstWay.OPEN
    )
    pool_size = models.PositiveSmallIntegerField(
        _("how many of the pool"),
        default=0,
        help_text=_("To how many of those drawn by lot each supporter writes; 0: to all of them."),
    )
    letter_is_fixed = models.BooleanField(_("the letter stays as it is"), default=False)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    tested_at = models.DateTimeField(_("letters seen at"), null=True, editable=False)
    tested_mark = models.CharField(max_length=16, blank=True, default="", editable=False)
    is_template = models.BooleanField(_("template"), default=False)
    consents = models.ManyToManyField(ConsentWording, verbose_name=_("consent wordings"))
    salt_name = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    erased_on = models.DateField(_("erased on"), null=True, editable=False)
    mailing = models.OneToOneField(Mailing, on_delete=models.PROTECT, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ("slug",)
        constraints = (
            models.CheckConstraint(
                name="the_first_way_is_offered",
                condition=models.Q(first_way=OPEN, offers_open=True)
                | models.Q(first_way=SHIELDED, offers_shielded=True)
                | models.Q(first_way=LENT, offers_lent=True),
            ),
            models.CheckConstraint(
                name="an_erased_campaign_stays_closed",
                condition=models.Q(erased_on__isnull=True) | models.Q(state__in=ENDED),
            ),
            models.CheckConstraint(
                name="only_a_draft_waits_to_open",
                condition=models.Q(opens_at__isnull=True) | models.Q(state=DRAFT),
            ),
        )

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **options: Any) -> None:
        """Every campaign has a mailing, by which its mail is paused and stopped, and a salt."""
        if self._state.adding:
            make_salt(self.salt_name)
        with transaction.atomic():
            # Given one that went back with an earlier try, it gets another.
            if self._state.adding and not Mailing.objects.filter(pk=self.mailing_id).exists():
                self.mailing = Mailing.objects.create(name=self.slug)
            super().save(*args, **options)

    @property
    def is_open(self) -> bool:
        """Whether people can take part, by the clock of the database: all machines share it."""
        return self.state == self.State.OPEN and self.is_going

    @property
    def is_going(self) -> bool:
        """Whether it is open or paused: what people wrote may still be confirmed, and leave."""
        is_idle = self.state in (DRAFT, *ENDED)
        return not is_idle and Campaign.objects.going_at(Now()).filter(pk=self.pk).exists()

    @property
    def standing(self) -> str:
        """Where it is, for those who read its page: its state; closed, once its mail is stopped."""
        is_idle = self.state in (DRAFT, *ENDED)
        return self.state if is_idle or self.is_going else self.State.CLOSED

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways to take part that are offered, the first of them first."""
        offered = (way for way in WAYS if getattr(self, f"offers_{way}"))
        return tuple(sorted(offered, key=lambda way: way != self.first_way))


class CampaignTargetQuerySet(models.QuerySet["CampaignTarget"]):
    """Questions about whom a campaign writes to."""

    def current(self) -> "CampaignTargetQuerySet":
        """Those that may be written to: what is archived may not."""
        return self.filter(target__archived_on=None)

    def for_country(
        self, country: str, *, draw: str = "", areas: Collection[int] = ()
    ) -> "CampaignTargetQuerySet":
        """Those of one campaign who get the letter of a supporter in `country`, in order.

        `draw` is the supporter's lot, by which some of the pool are chosen; without one, all are.
        `areas` are those in which they live, by number; none where that is not known.
        """
        scope = CampaignTarget.Scope
        open_to = self.current().exclude(not_from__contains=[country])
        wanted = models.Q(scope=scope.EVERYONE)
        at_home = models.Q(scope=scope.COUNTRY, target__seat=country)
        at_home |= models.Q(scope=scope.AREA, target__area__in=areas)
        near = CampaignTarget.objects.current().exclude(not_from__contains=[country])
        near = near.filter(at_home, campaign=models.OuterRef("campaign"))
        elsewhere = models.Q(~models.Exists(near), scope=scope.ELSEWHERE)
        pool = models.Q(scope=scope.POOL)
        if draw:
            pool &= models.Q(pk__in=_by_lot(open_to, draw))
        rows = open_to.filter(wanted | at_home | elsewhere | pool)
        return rows.select_related("target").order_by("position", "pk")

    def has_pool(self) -> bool:
        """Whether lots are drawn."""
        return self.current().filter(scope=CampaignTarget.Scope.POOL).exists()

    def for_anybody(self) -> "CampaignTargetQuerySet":
        """Those who see to it that nobody is without: everybody writes to one of them, or nearer.

        An embassy is for those who live where it sits, a member of parliament for those of an
        area; and what leaves a country out is not for anybody.
        """
        scope = CampaignTarget.Scope
        return self.current().filter(not_from=[]).exclude(scope__in=(scope.COUNTRY, scope.AREA))

    def area_tables(self) -> list[AreaTable]:
        """The tables by whose areas it is decided who gets a letter; none: nobody is asked."""
        rows = self.current().filter(scope=CampaignTarget.Scope.AREA, target__area__isnull=False)
        return list(AreaTable.objects.filter(pk__in=rows.order_by().values("target__area__table")))


def _by_lot(rows: CampaignTargetQuerySet, draw: str) -> list[int]:
    """Which of the rows that are in the pool, by their numbers."""
    pool = rows.filter(scope=CampaignTarget.Scope.POOL).order_by()
    sizes = dict(pool.values_list("pk", "campaign__pool_size"))
    return drawn(draw, sizes, number=next(iter(sizes.values()), 0))


class CampaignTarget(Row):
    """A target of a campaign, and whose letters it gets; none from the countries of `not_from`."""

    class Scope(models.TextChoices):
        EVERYONE = "everyone", _("letters from everybody")
        COUNTRY = "country", _("letters from supporters in the country where it sits")
        AREA = "area", _("letters from supporters in the area for which it stands")
        ELSEWHERE = "elsewhere", _("letters from supporters for whom none of these is near")
        POOL = "pool", _("one of many: each supporter writes to some of them, drawn by lot")

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="campaign_targets"
    )
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="campaign_targets")
    scope = models.CharField(_("scope"), max_length=20, choices=Scope, default=Scope.EVERYONE)
    not_from = ArrayField(
        models.CharField(max_length=2), verbose_name=_("not from"), default=list, blank=True
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CampaignTargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target of a campaign")
        verbose_name_plural = _("targets of campaigns")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint("campaign", "target", name="a_campaign_has_a_target_once"),
        )

    def __str__(self) -> str:
        return f"{self.campaign}: {self.target}"


class Wording(Row):
    """The letter in one language: the general text (""), or one that a rule gives to some targets.

    Where there are several, `variant` tells them apart: letters that say the same in other words
    are read, where a thousand equal ones are filed. The same number is the same letter in every
    language. One that is retired is offered to nobody any more, and stays for its letters.

    `fixed` stands behind the body, whatever somebody makes of that.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(_("language"), max_length=12)
    text = models.CharField(_("text"), max_length=60, blank=True, default="")
    variant = models.PositiveSmallIntegerField(_("variant"), default=1)
    subject = models.CharField(_("subject"), max_length=200)
    opening = models.TextField(_("opening"), blank=True)
    body = models.TextField(_("body"))
    fixed = models.TextField(_("part that nobody changes"), blank=True, default="")
    closing = models.TextField(_("closing"))
    is_retired = models.BooleanField(_("not offered any more"), default=False)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ("campaign", "language", "text", "variant")
        constraints = (
            models.UniqueConstraint(
                *("campaign", "language", "text", "variant"), name="a_variant_is_there_once"
            ),
        )

    def __str__(self) -> str:
        return self.subject
