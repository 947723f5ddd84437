"""What the staff fills in at the mail desk: addresses, pace, hours, limits."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.kit.addresses import AddressRefused, read_address
from tocsin.office.mail_row import RowForm
from tocsin.outbox.routes import Mailing
from tocsin.outbox.tune import MOST_AN_HOUR, MOST_CONNECTIONS, database_knows_zone


def a_number(label: Any, *, most: int, required: bool = True, **more: Any) -> forms.IntegerField:
    """A whole number from one to the most."""
    return forms.IntegerField(label=label, min_value=1, max_value=most, required=required, **more)


class AddressForm(RowForm):
    """The right address of a mailbox."""

    legend = gettext_lazy("Correct the address")
    button = gettext_lazy("Correct it, and let its letters go")

    right = forms.CharField(
        label=gettext_lazy("Right address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Its letters go there at once: this cannot be undone."),
    )

    def clean_right(self) -> str:
        """An address that mail can go to, and another than it was."""
        try:
            right = read_address(self.cleaned_data["right"]).text
        except AddressRefused:
            raise ValidationError(_("This is not an address that mail could go to.")) from None
        if right.lower() == self.row.address.lower():
            raise ValidationError(_("This is the address that it has."))
        return right


class MailboxPaceForm(RowForm):
    """How many an hour, and between which hours of which place."""

    legend = gettext_lazy("Pace and hours")
    button = gettext_lazy("Save pace and hours")
    fields_of_row = ("per_hour", "opens", "closes", "time_zone", "workdays")

    per_hour = a_number(
        gettext_lazy("Letters an hour"),
        most=MOST_AN_HOUR,
        help_text=gettext_lazy("At most; what is more waits, and goes later."),
    )
    opens = forms.TimeField(
        label=gettext_lazy("Not before"),
        required=False,
        help_text=gettext_lazy("In the time zone below, for example 08:00. Empty: at any hour."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    closes = forms.TimeField(
        label=gettext_lazy("Not after"),
        required=False,
        help_text=gettext_lazy("For example 18:00. Fill in both, or none."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("For example Asia/Shanghai, Europe/Paris, UTC."),
    )
    workdays = forms.BooleanField(
        label=gettext_lazy("Monday to Friday only"),
        required=False,
        help_text=gettext_lazy("What is written at the weekend waits until Monday."),
    )

    def clean_time_zone(self) -> str:
        """One that both we and the database know."""
        name: str = self.cleaned_data["time_zone"]
        if name not in available_timezones() or not database_knows_zone(name):
            raise ValidationError(_("No time zone has this name. Write it like Europe/Paris."))
        return name

    def clean(self) -> dict[str, Any]:
        """Both hours or none, and time between them."""
        filled: dict[str, Any] = self.cleaned_data
        opens, closes = filled.get("opens"), filled.get("closes")
        if self.errors:
            return filled
        if (opens is None) != (closes is None):
            missing = "closes" if closes is None else "opens"
            self.add_error(missing, _("Fill in both times, or none."))
        elif opens is not None and opens == closes:
            self.add_error("closes", _("With the same time twice it would never be open."))
        return filled


class DomainPaceForm(RowForm):
    """How much a mail system takes."""

    legend = gettext_lazy("Pace")
    button = gettext_lazy("Save the pace")
    fields_of_row = ("per_hour", "burst", "connections")

    per_hour = a_number(
        gettext_lazy("Mails an hour"),
        most=MOST_AN_HOUR,
        help_text=gettext_lazy("At most, to all its mailboxes together."),
    )
    burst = a_number(
        gettext_lazy("Mails at one go"),
        most=1000,
        help_text=gettext_lazy("So many may go quickly, one after another, after a quiet time."),
    )
    connections = a_number(
        gettext_lazy("Mails in hand at once"),
        most=MOST_CONNECTIONS,
        help_text=gettext_lazy("Small systems bear one or two at the same time."),
    )


class RouteForm(RowForm):
    """How many connections a relay bears."""

    legend = gettext_lazy("Connections")
    button = gettext_lazy("Save the connections")
    fields_of_row = ("connections", "share")

    connections = a_number(
        gettext_lazy("Of all workers together"),
        most=MOST_CONNECTIONS,
        help_text=gettext_lazy("How many connections the relay bears at the same time."),
    )
    share = a_number(
        gettext_lazy("Of one worker"),
        most=MOST_CONNECTIONS,
        help_text=gettext_lazy("How many connections one takes at most, so that others have some."),
    )

    def clean(self) -> dict[str, Any]:
        """One worker takes no more than all may."""
        filled: dict[str, Any] = self.cleaned_data
        if not self.errors and filled["share"] > filled["connections"]:
            self.add_error("share", _("One worker cannot take more than all together."))
        return filled


class CapForm(RowForm):
    """How much a new domain of ours may send in a day."""

    legend = gettext_lazy("While the domain is new")
    button = gettext_lazy("Save the limit")
    fields_of_row = ("daily_cap",)

    daily_cap = a_number(
        gettext_lazy("Mails a day"),
        most=10_000_000,
        required=False,
        help_text=gettext_lazy("Empty: as many as there are. Confirmations always go."),
    )


class StopForm(RowForm):
    """When a mailing ends."""

    legend = gettext_lazy("Stop date")
    button = gettext_lazy("Save the stop date")
    fields_of_row = ("stop_at",)

    stop_at = forms.DateTimeField(
        label=gettext_lazy("After it nothing is sent (UTC)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("What waits then is cancelled, for good. Empty: it has no end."),
    )


class DoubtsForm(RowForm):
    """What happens in doubt."""

    legend = gettext_lazy("When in doubt")
    button = gettext_lazy("Save what happens in doubt")
    fields_of_row = ("doubts",)

    doubts = forms.ChoiceField(
        label=gettext_lazy("A letter of which nobody knows whether it was sent"),
        help_text=gettext_lazy("It happens when the line breaks in the middle of a letter."),
        choices=Mailing.Doubts.choices,
        widget=forms.RadioSelect,
    )
