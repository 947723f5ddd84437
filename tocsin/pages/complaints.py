"""Why something typed cannot be taken, in words that say what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.kit.addresses import AddressReason
from tocsin.kit.gate import Reason, Refused

DAMAGED = _(
    "There is an invisible or damaged sign in it, shown here as �. Delete that sign; "
    "if a letter is missing then, type it again."
)

TEXT: dict[Reason, Promise] = {
    Reason.TOO_LONG: _("This is too long. Shorten it to %(most)d characters or fewer."),
    Reason.SEPARATOR: _("This must be on one line. Delete the line break, shown here as �."),
    Reason.BIDI: _(
        "An invisible sign in it changes the direction of the text; it is shown here as �. "
        "Delete it."
    ),
    Reason.TOO_MANY_MARKS: _("Too many marks stand on one letter. Delete it and type it again."),
    Reason.ENCODED_WORD: _("Mail cannot carry the signs “=?” together. Delete one of them."),
    Reason.LINK: _("A web address cannot stand here. Delete it."),
    Reason.ADDRESS: _("Write a name, without the sign @: the e-mail address has its own field."),
    Reason.FORMULA: _("Begin with a letter: delete the sign before it."),
    Reason.NO_LETTER: _("Write the name with at least one letter."),
}
"""A sentence per reason of the gate; for all others it is DAMAGED."""

ADDRESS: dict[AddressReason, Promise] = {
    AddressReason.EMPTY: _("Enter your e-mail address: the link to confirm is sent there."),
    AddressReason.NO_AT: _("Enter an e-mail address with the sign @, like name@example.org."),
    AddressReason.NOT_ASCII_LOCAL: _(
        "Many mail systems refuse the letters before the @. Check them, or use another address."
    ),
    AddressReason.LOCAL: _("Check the part before the @: there is something that cannot be right."),
    AddressReason.DOMAIN: _("Check the part after the @: it should look like example.org."),
    AddressReason.TOO_LONG: _("This is too long for an e-mail address. Enter one address only."),
}


def complain(refused: Refused, *, empty: Promise, most: int) -> str:
    """The sentence for what the gate refused; `empty` is the field's own for nothing at all."""
    if refused.reason == Reason.EMPTY:
        return str(empty)
    sentence = TEXT.get(refused.reason, DAMAGED)
    return str(sentence) % {"most": most} if refused.reason == Reason.TOO_LONG else str(sentence)
