"""Where an action and a letter are, in words for the person whose they are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WAITS = _("It waits here, and has not been sent.")

ACTION_WORDS: dict[str, Promise] = {
    "pending": _("You have not confirmed it: nothing is sent."),
    "released": _("You confirmed it; its letters are about to be written."),
    "written": _("You confirmed it, and its letters are written."),
    "lent": _("You confirmed it, and your voice counts in the collective letter."),
}
"""A sentence per state of actions/states.py."""

LETTER_WORDS: dict[str, Promise] = {
    "ready": WAITS,
    "leased": WAITS,
    "held": WAITS,
    "sending": _("It is being handed over at this moment."),
    "in_doubt": _("It was perhaps handed over: the line broke after the last word."),
    "sent": _("It was handed over to the mail system of its recipient."),
    "delivered": _("It has arrived."),
    "bounced": _("It was handed over, and came back."),
    "failed": _("The other side refused it."),
    "cancelled": _("It is not sent any more."),
}
"""A sentence per state of outbox/states.py."""
