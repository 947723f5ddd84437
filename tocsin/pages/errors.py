"""Pages for when it did not work: what happened, what to do, in the visitor's language."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Trouble:
    """What a page of trouble says."""

    status: int
    title: Promise
    text: Promise


BAD_REQUEST = Trouble(
    400,
    _("We could not read that"),
    _("What arrived here was not what our form sends. Go back, and send the form once more."),
)
FOREIGN = Trouble(
    403,
    _("This did not come from our page"),
    _("For your safety a form counts from our own page only. Open that page, and use its form."),
)
NOT_FOUND = Trouble(
    404,
    _("There is no such page"),
    _("Check the address for a typing error, or begin on the home page."),
)
CUT_LINK = Trouble(
    404,
    _("This link is not complete"),
    _(
        "Mail programs sometimes cut long links in two. Open the link in your mail again, or copy "
        "all of it into the address bar. If that does not help, fill in the form once more."
    ),
)
WRONG_METHOD = Trouble(
    405,
    _("This address takes nothing in that way"),
    _("Go back to the page that you came from, and use its buttons."),
)
GONE = Trouble(
    410,
    _("Nothing is kept here any more"),
    _(
        "The letter was erased, or the time to confirm it is over. If you would like to write, "
        "fill in the form once more."
    ),
)
NOTHING_KEPT = Trouble(
    410,
    _("Nothing is kept here any more"),
    _("It was erased, or never was. Nothing was changed."),
)
OLD_LINK = Trouble(
    410,
    _("This link has expired"),
    _("It worked for 24 hours. Ask for a new one on the page “Your data”; nothing was changed."),
)
CLOSED = Trouble(
    410,
    _("This campaign has ended"),
    _("It takes no more letters. Nothing was sent."),
)
TOO_LARGE = Trouble(
    413,
    _("That is too much to send"),
    _(
        "Nothing was stored. Go back: your browser may still have what you typed. Shorten the "
        "letter, then send it again."
    ),
)
NOT_A_FORM = Trouble(
    415,
    _("We could not read that"),
    _("Only a form can be sent here, without a file. Go back and use the form on our page."),
)
BROKEN = Trouble(
    500,
    _("Something broke on our side"),
    _("It is not your fault. Go back and try again in a few minutes."),
)
NO_READERS = Trouble(
    503,
    _("We cannot take letters at this moment"),
    _(
        "What you wrote must be kept so that the organisation alone can read who took part, and "
        "its keys are not in place. Nothing was stored and nothing was sent. Go back: your browser "
        "may still have what you typed. Keep a copy, and come back later."
    ),
)
NOT_YET = Trouble(
    503,
    _("We cannot take your confirmation at this moment"),
    _(
        "Nothing is lost, and nothing was sent: your letter waits here for as long as the link in "
        "our mail works. Please open that link again later."
    ),
)
UNCHANGED = Trouble(
    503,
    _("We cannot do this at this moment"),
    _("Nothing was changed. Please come back in an hour."),
)
AWAY = Trouble(
    503,
    _("Back in a few minutes"),
    _(
        "This site is being looked after. Please come back in a few minutes. If you sent a form, "
        "send it again then: nothing counts twice."
    ),
)
RETRY_SECONDS = "120"
UNREADY = Trouble(
    503,
    _("We cannot take letters at this moment"),
    _(
        "We could not have kept your letter safely, so nothing was stored and nothing was sent. "
        "Please come back in an hour."
    ),
)


def trouble_page(
    request: HttpRequest, trouble: Trouble, *, elsewhere: Sequence[object] = ()
) -> HttpResponse:
    """The page of a trouble; it needs neither the database nor a session.

    `elsewhere`: languages (show.py) in which there is what was asked for.
    """
    context = {"trouble": trouble, "elsewhere": elsewhere}
    page = render(request, "pages/trouble.html", context, status=trouble.status)
    page.headers["Cache-Control"] = "no-store"
    return page


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that Django could not read, or would not because of its size."""
    too_large = isinstance(exception, RequestDataTooBig)
    return trouble_page(request, TOO_LARGE if too_large else BAD_REQUEST)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Something that this visitor may not do."""
    return trouble_page(request, FOREIGN)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """An address that leads nowhere."""
    return trouble_page(request, NOT_FOUND)


def handler500(request: HttpRequest) -> HttpResponse:
    """Our own fault; while the database is away there is nobody's, and it comes back."""
    if not isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return trouble_page(request, BROKEN)
    page = trouble_page(request, AWAY)
    page.headers["Retry-After"] = RETRY_SECONDS
    return page
