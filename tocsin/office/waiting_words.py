"""What to do with what waits for a person, in a sentence each."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

URGENCY: tuple[Promise, ...] = (
    _("Nothing goes, or nothing is kept to, until this is done"),
    _("Mail or people wait for this"),
    _("When there is time"),
)
"""How much hangs on it, the most first."""
STOPS, WAITS, CAN_WAIT = range(3)

HELD_TODO: dict[str, Promise] = {
    "policy": _("See what they say of us: SPF, DKIM, a blocklist, the text. Then let them go."),
    "their_fault": _("Their house is broken: let them go later, or find another way to them."),
    "our_fault": _("Our relay refuses what we ask: once that is mended, let them go."),
    "route_fault": _("Five times it met a fault where others went: look at its attempts."),
    "crashed": _("Our own program failed over it; the log has the place. Then let it go."),
    "unreadable": _("Are the keys of its day there? Who runs the server can tell."),
    "suppressed": _("The address must not be written to: cancel it, or see tocsin suppress."),
    "by_hand": _("Somebody of the staff set it aside: let it go, or cancel it."),
    "restored": _("Let go what certainly had not gone before; what may have gone, cancel."),
    "sent_after_all": _("It had gone after all: cancel it."),
    "in_doubt": _(
        "Ask the relay’s log (tocsin evidence); then say that it was sent, or send it once more."
    ),
    **dict.fromkeys(
        ("mailbox_invalid", "mailbox_refusing", "mailbox_full"),
        _("Who looks after the mail desk corrects the address, or tries it again."),
    ),
}
"""By the reason for which it is held."""
ELSE_TODO = _("Look at one of them; then let them go again, or cancel them.")

BOX_TODO: dict[str, Promise] = {
    "invalid": _("Correct the address: its letters go there."),
    "refusing": _("Find another way to it and correct the address, or try it again."),
    "full": _("It is tried again by itself. If it stays full for days, find another way to it."),
    "ok": _("It was paused: resume it when it may be written to."),
}
"""By the state of a mailbox."""

INCIDENT_URGENCY: dict[str, int] = {
    **dict.fromkeys(("keys", "silence", "sending_domain", "not_ours"), STOPS),
    **dict.fromkeys(("readers", "clock", "retention"), STOPS),
    **dict.fromkeys(("their_fault", "unknown", "report"), CAN_WAIT),
}
"""How much hangs on an incident; on most, some mail."""
