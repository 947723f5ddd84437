"""Two who write on one page: what the other saved meanwhile is said, and where it stands."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page


def tell_of_others(request: HttpRequest, page: Page) -> None:
    """After a page is saved; Wagtail asks before, where its script runs and the line holds."""
    loaded = request.POST.get("loaded_revision_created_at", "")
    newest = page.get_latest_revision()
    try:
        since = parse_datetime(loaded)
    except ValueError:
        return
    if since is None or newest is None:
        return
    others = page.revisions.filter(created_at__gt=since).exclude(pk=newest.pk)
    theirs = others.exclude(user=request.user).order_by("created_at").last()
    if theirs is None:
        return
    words = _(
        "While you wrote, %(who)s saved this page too. Yours is the newest version now; theirs is "
        "kept in the history. Look at what is different."
    )
    who = theirs.user.get_username() if theirs.user else _("somebody")
    url = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, theirs.pk, newest.pk])
    buttons = [messages.button(url, _("Compare"))]
    messages.warning(request, words % {"who": who}, buttons=buttons)
