"""The states of what the staff looks at, and the reasons for them, in their words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign

ACTION_WORDS: dict[str, Promise] = {
    "pending": _("waits for the confirmation"),
    "released": _("confirmed"),
    "written": _("confirmed, letters written"),
    "lent": _("confirmed, a voice for the collective letter"),
}

WAY_NAMES = dict(Campaign.FirstWay.choices)
"""What each way to take part is called."""

CAMPAIGN_WORDS: dict[str, Promise] = {
    **{str(state.value): state.label for state in Campaign.State},
    "erased": _("closed for good: what it knew of those who took part is destroyed"),
}
"""A closed campaign can be opened again, an erased one cannot."""

SOURCE_WORDS: dict[str, Promise] = {
    "other": _("another name in the address"),
    "lost": _("taken out of the number again, from anywhere"),
}
"""What two sources mean; a channel is called as in the address, a partner by its name."""

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

REASON_WORDS: dict[str, Promise] = {
    "sent": _("the next mail system took it"),
    "in_doubt": _("no clear answer came after the last word"),
    "route_fault": _("our relay takes no mail now"),
    "lost": _("the line broke before the mail was complete"),
    "rate": _("they find that we send too fast"),
    "mailbox_full": _("the mailbox is full"),
    "transient": _("they ask us to come back later"),
    "unknown": _("an answer that we do not understand"),
    "mailbox_invalid": _("the mailbox does not exist"),
    "mailbox_refusing": _("the mailbox takes no mail of ours"),
    "policy": _("they refuse us: reputation, authentication or content"),
    "letter_fault": _("they will never take this one: size or form"),
    "our_fault": _("our relay does not understand or allow what we ask"),
    "their_fault": _("their mail system is at fault"),
    "crashed": _("our own program failed over it"),
    "unreadable": _("it cannot be opened: is its key gone?"),
    "suppressed": _("the address must not be written to"),
    "by_hand": _("somebody of the staff held it"),
    "paused": _("its mailing is paused"),
    "sent_after_all": _("a report came meanwhile that it had gone"),
    "stopped": _("its mailing is past the stop date"),
    "recalled": _("it was recalled"),
    "expired": _("its time was over before it was sent; its words are destroyed"),
    "restored": _("it may have been sent before the database was restored"),
    "quiet": _("nothing came back"),
    "bounced": _("it came back"),
    "complained": _("whoever got it called it unwanted"),
    "not_tried": _("it was not tried"),
}

MAILBOX_WORDS: dict[str, Promise] = {
    "ok": _("takes mail"),
    "full": _("is full: tried again later"),
    "refusing": _("refuses mail: its letters are held"),
    "invalid": _("does not exist: its letters are held"),
}

SENDING_WORDS: dict[str, Promise] = {
    "unchecked": _("not checked yet: it does not send"),
    "green": _("in order"),
    "red": _("not in order: it does not send"),
}

ROUTE_WORDS: dict[str, Promise] = {
    "going": _("going"),
    "paused": _("paused"),
    "resting": _("left alone after faults"),
}

DEED_WORDS: dict[str, Promise] = {
    "hold": _("Hold"),
    "release": _("Let it go"),
    "believe": _("It was sent"),
    "cancel": _("Cancel"),
    "pause": _("Pause"),
    "resume": _("Resume"),
    "retry": _("Try it again"),
    "correct": _("Correct the address"),
    "tune": _("Pace and hours"),
    "cap": _("While the domain is new"),
    "stop": _("Stop date"),
    "doubts": _("When in doubt"),
    "recall": _("Recall a mailing"),
    "close": _("Close"),
    "undo": _("Undo"),
    "plan": _("When it goes"),
    "add": _("Another language"),
    "words": _("The words"),
    "remove": _("Remove this language"),
}
"""What was pressed at the mail desk, for the journal."""

PHASE_WORDS: dict[str, Promise] = {
    "connect": _("connecting"),
    "tls": _("securing the line"),
    "auth": _("logging in"),
    "mail": _("naming the sender"),
    "rcpt": _("naming the recipient"),
    "data": _("offering the letter"),
    "body": _("in the middle of the letter"),
    "dot": _("after the last word"),
    "done": _("taken"),
}

MISSING_WORDS: dict[str, Promise] = {
    "no wording": _("It has no wording: add one."),
    "no target": _("The campaign writes to nobody."),
    "a target without a name": _("Somebody who is written to has no name."),
    "a target without an address": _("Somebody who is written to has no address."),
}
"""What a collective letter lacks: the words of letters/collective.py."""

INCIDENT_WORDS: dict[str, Promise] = {
    "mailbox_invalid": _("A mailbox does not exist: correct its address, then its letters go."),
    "mailbox_refusing": _("A mailbox refuses mail: find another way to it, or try it again."),
    "mailbox_full": _("A mailbox stays full for days: find another way to it, or try it again."),
    "complaint": _("A mailbox calls a letter unwanted: it is paused. Ask it, or resume it."),
    "report": _("A provider reports what we cannot read: is it the right address of the webhook?"),
    "policy": _("A mail system refuses what we are: it is paused. See what it says about us."),
    "their_fault": _("A mail system says that something in its own house is broken."),
    "our_fault": _("A relay does not understand us: after three times its route is paused."),
    "unknown": _("An answer that we do not know how to read: its letter is tried again later."),
    "collective": _("A collective letter is due and cannot be written: something is missing."),
    "opening": _("A campaign did not open when it should have: something is missing."),
    "field": _("A letter waits: it has a field that nothing is known for. Complete the target."),
    "crashed": _("A message made our own code fail; it is held. The log has the place."),
    "unreadable": _("A message cannot be opened; it is held. Are the keys of its day there?"),
    "keys": _("A key is missing or cannot be used: nothing goes that way until it can."),
    "silence": _("Something has been free to go for half an hour, and nothing was taken."),
    "sending_domain": _("A sending domain is not in order, and does not send: see tocsin doctor."),
    "not_ours": _("This database belongs to another installation, or is older: it does not send."),
    "clock": _("The clock is not believed: keys live longer until it is. See tocsin retention."),
    "readers": _(
        "A list of readers fails or ends soon: without it nothing is taken (tocsin doctor)."
    ),
    "retention": _(
        "What is past its time is not destroyed: are the keys there? (tocsin retention)"
    ),
}
"""What happened, and what to do: the words of outbox/alarm.py."""


def in_word(words: dict[str, Promise], name: str) -> str:
    """The word for it; a name that nobody has given a word yet stands for itself."""
    return str(words.get(name, name))
