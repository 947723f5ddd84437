"""The states of actions and messages, in the words of the staff."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTION_WORDS: dict[str, Promise] = {
    "pending": _("waits for the confirmation"),
    "released": _("confirmed"),
    "written": _("confirmed, letters written"),
}

MESSAGE_WORDS: dict[str, Promise] = {
    "ready": _("waits to be sent"),
    "leased": _("about to be sent"),
    "sending": _("being handed over"),
    "sent": _("handed to the target's mail system"),
    "in_doubt": _("in doubt: sent or not sent"),
    "held": _("held for a person to look at"),
    "delivered": _("delivered"),
    "bounced": _("bounced"),
    "failed": _("refused for good"),
    "cancelled": _("cancelled"),
}
