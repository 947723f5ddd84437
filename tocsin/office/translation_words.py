"""What the screens of translations say: parts, states, and why something is not used."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.translation_rules import Broken
from tocsin.kit.po_files import MOST_BYTES, MOST_ENTRIES
from tocsin.kit.po_files import Why as FileWhy
from tocsin.office.translating import Fault, Why

PARTS: dict[str, Promise] = {
    "page": _("page"),
    "letter": _("letter"),
    "permission": _("permissions"),
    "collective": _("collective letter"),
    "target": _("salutations"),
}
"""The texts of a campaign, in the order in which they are shown."""

MAILS: Promise = _("mails")
"""The mails to those who take part are ours, and translated with the software."""

FAULTS: dict[Fault, Promise] = {
    Why.UNKNOWN: _("There is no such text any more. Take a fresh file."),
    Why.CHANGED: _("The original changed since the file was made. Take a fresh file."),
    Why.UNSURE: _("It is marked as unsure. Take away the mark once it is right."),
    Why.TOO_LONG: _("It is too long."),
    Why.SIGN: _("There is a sign in it that no page and no mail can carry."),
    Why.DIRECTORY: _("Names and salutations are changed by those who keep the directory."),
    Why.HALF: _("It waits: the rest of this letter, or of this name, is not translated yet."),
    Broken.MERGED: _("What stands in { } or [ ] must stay exactly as it is in the original."),
    Broken.TAG: _("There is a tag in < > that the original does not have."),
    Broken.LINK: _("A link of the original is missing, or there is one too many."),
    Broken.OPEN: _("A sign < or > is left over, or a tag is not closed."),
}
"""Why one translation is not used."""

FILES: dict[FileWhy, Promise] = {
    FileWhy.EMPTY: _("The file is empty."),
    FileWhy.TOO_LARGE: _("The file is larger than %(most)s megabytes."),
    FileWhy.NOT_UTF8: _("The file is not in UTF-8. Save it again in that encoding."),
    FileWhy.NOT_PO: _("This is no PO file, or it is damaged."),
    FileWhy.TOO_MANY: _("The file has more than %(entries)s entries."),
}
"""Why a file is not used at all."""


def file_words(why: FileWhy) -> str:
    """Why the file is not used, with the limits."""
    limits = {"most": MOST_BYTES // 1_000_000, "entries": MOST_ENTRIES}
    return str(FILES[why]) % limits
