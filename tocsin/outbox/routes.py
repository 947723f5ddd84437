"""How mail leaves: by which route, from which domain of ours, for which mailing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row


class Route(Row):
    """What is known of a relay or provider; how it is reached stands in the settings.

    `connections` are those of all workers on all machines together, of which one worker takes
    `share` at most. After faults of the route itself it is left alone until `open_until`.
    """

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    number = models.PositiveSmallIntegerField(unique=True, help_text=_("Names its locks."))
    connections = models.PositiveSmallIntegerField(_("connections"), default=20)
    share = models.PositiveSmallIntegerField(_("of these, for one worker"), default=10)
    faults = models.PositiveSmallIntegerField(_("faults in a row"), default=0)
    misunderstandings = models.PositiveSmallIntegerField(
        _("answers that say the fault is ours, in a row"), default=0
    )
    open_until = models.DateTimeField(_("left alone until"), null=True)
    paused = models.BooleanField(_("paused by hand"), default=False)
    words = models.CharField(_("their words"), max_length=500, blank=True)
    taken_at = models.DateTimeField(_("last took something at"), null=True)
    waiting_since = models.DateTimeField(_("something has been due since"), null=True)

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ("number",)
        constraints = (
            models.CheckConstraint(
                name="a_route_has_connections", condition=models.Q(connections__gt=0, share__gt=0)
            ),
        )

    def __str__(self) -> str:
        return self.name


class SendingDomain(Row):
    """A domain of ours that letters come from: may it send, and how much while it is new.

    `findings` is what the last look at its DNS found, a list of {name, ok, found, remedy}.
    A `reserved` name (.example, .test) exists nowhere: it may send on this machine only.
    """

    class State(models.TextChoices):
        UNCHECKED = "unchecked", _("not checked yet")
        GREEN = "green", _("in order")
        RED = "red", _("not in order")

    name = models.CharField(_("name"), max_length=255, unique=True)
    bounce_domain = models.CharField(_("domain of returned mail"), max_length=255)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.UNCHECKED)
    reserved = models.BooleanField(_("exists nowhere"), default=False)
    checked_at = models.DateTimeField(_("checked at"), null=True)
    findings = models.JSONField(_("findings"), default=list)
    daily_cap = models.PositiveIntegerField(
        _("at most a day"), null=True, blank=True, help_text=_("While the domain is new.")
    )
    day = models.DateField(null=True)
    sent = models.PositiveIntegerField(_("sent on that day"), default=0)

    class Meta:
        verbose_name = _("sending domain")
        verbose_name_plural = _("sending domains")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Mailing(Row):
    """What is sent for one purpose, and can be paused, stopped and recalled as a whole."""

    class Doubts(models.TextChoices):
        RESEND = "resend", _("send once more, with the same bytes")
        ASK = "ask", _("ask a person")

    name = models.CharField(_("name"), max_length=120, blank=True)
    paused = models.BooleanField(_("paused"), default=False)
    stop_at = models.DateTimeField(
        _("stop date"), null=True, blank=True, help_text=_("After it nothing is sent.")
    )
    doubts = models.CharField(
        _("when in doubt"), max_length=10, choices=Doubts, default=Doubts.RESEND
    )

    class Meta:
        verbose_name = _("mailing")
        verbose_name_plural = _("mailings")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name or str(self.pk)
