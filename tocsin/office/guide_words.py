"""What the guided way says of each point of the checklist, and of each button."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import DRAFT, ENDED, Campaign

POINT_WORDS: dict[str, Promise] = {
    "story": _("Each page tells a story"),
    "demands": _("Each page says what is asked for"),
    "page": _("Each page has its lead, its button, and what happens after the letter"),
    "pictures": _("Each picture is told in words, or is only decoration"),
    "witnesses": _("Each witness who is quoted permits it: a consent that holds today is entered"),
    "translated": _("Each page says in its own language all that the first page says"),
    "targets": _("Somebody gets the letters of everybody"),
    "addresses": _("Whoever is written to has a name, and an address that takes mail"),
    "letter": _("There is a letter in each language of the pages and of those who read it"),
    "rules": _("Each rule about texts decides something, and its text is there where it is needed"),
    "fields": _("No letter has a field that would stay empty for somebody who gets it"),
    "consents": _("Each way has its words of permission, in each language of the pages"),
    "ways": _("One way to take part is offered"),
    "goal": _("There is a goal"),
    "stop": _("The stop date is still to come (there need not be one)"),
    "readers": _("The organisation’s reader keys are accepted: without them the form stays closed"),
    "domain": _("The sending domain is in order: without that no mail leaves"),
    "tested": _("Somebody has seen the letters of a test run, as they are now"),
}
"""What is true of each point once it is done."""

PLACES: dict[str, str] = {
    "translated": "guide_languages",
    "targets": "guide_targets",
    "addresses": "guide_targets",
    "letter": "guide_letters",
    "rules": "guide_texts",
    "fields": "guide_letters",
    "consents": "guide_letters",
    "ways": "guide_ways",
    "goal": "guide_ways",
    "stop": "guide_ways",
}
"""On which page of the way a point is mended."""

OF_PAGES = ("story", "demands", "page", "pictures", "witnesses")
"""Those that are mended in the editor of a page."""

OF_THE_SERVER: dict[str, Promise] = {
    "readers": _("Whoever runs the server accepts them: tocsin keys accept."),
    "domain": _("Whoever runs the server finds out with tocsin doctor what is missing."),
}
"""Those that are not mended in the office."""


@dataclass(frozen=True)
class ActWords:
    """A button that changes where a campaign is, and what it does; `when` it is offered."""

    label: Promise
    what: Promise
    done: Promise
    when: tuple[str, ...]
    serious: bool = False


GOING = (Campaign.State.OPEN, Campaign.State.PAUSED)

ACTS: dict[str, ActWords] = {
    "open": ActWords(
        _("Open the campaign"),
        _(
            "Its pages become public as they are now, and people can take part. Its test runs are "
            "erased."
        ),
        _("It is open."),
        (DRAFT,),
    ),
    "pause": ActWords(
        _("Pause it"),
        _("It takes no letters for now. Those that wait can still be confirmed, and go."),
        _("It is paused."),
        (Campaign.State.OPEN,),
    ),
    "reopen": ActWords(
        _("Open it again"),
        _("It takes letters again, and the collective letter goes on."),
        _("It is open again."),
        (Campaign.State.PAUSED, *ENDED),
    ),
    "close": ActWords(
        _("Close it"),
        _(
            "It takes no letters any more, and those that are confirmed still go. In time what it "
            "knows of those who took part is destroyed; until then it can be opened again."
        ),
        _("It is closed."),
        (*GOING, Campaign.State.WON, Campaign.State.ARCHIVED),
        serious=True,
    ),
    "won": ActWords(
        _("It is won"),
        _("It is closed, and its pages say that it was won, with what was achieved."),
        _("It is closed, and won."),
        (*GOING, Campaign.State.CLOSED, Campaign.State.ARCHIVED),
        serious=True,
    ),
    "archive": ActWords(
        _("Archive it"),
        _("It is closed, and its pages stand with the earlier campaigns."),
        _("It is archived."),
        (*GOING, Campaign.State.CLOSED, Campaign.State.WON),
        serious=True,
    ),
    "discard": ActWords(
        _("Throw the draft away"),
        _(
            "It goes for good, with its pages, letters, words of permission, test runs and key: "
            "this cannot be undone. Targets stay in the directory."
        ),
        _("The draft is thrown away."),
        (DRAFT,),
        serious=True,
    ),
}
"""In the order in which they are shown."""
