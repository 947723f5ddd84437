"""The overview of the mail desk: what waits, what stands in its way, what has happened.

It is that of the whole installation, for those who look after that.
"""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tocsin.office.mail_shell import DeskPage, may
from tocsin.office.words import (
    INCIDENT_WORDS,
    MAILBOX_WORDS,
    MESSAGE_WORDS,
    REASON_WORDS,
    ROUTE_WORDS,
    SENDING_WORDS,
    in_word,
)
from tocsin.outbox.models import Message
from tocsin.outbox.overview import ENDED, Overview, count_ended, hours_before, overview
from tocsin.outbox.watch import Incident

MOST_SHOWN = 20
"""Rows of a table, those first that most waits for; the lists have them all."""
LONGEST_NUMBER = 12  # digits of what the page says of itself


class MailDesk(DeskPage):
    """All of it; what has ended is counted here, and not with every refreshing."""

    noun = Incident
    page_title = gettext_lazy("Mail")
    template_name = "office/mail/desk.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overview, and what has ended."""
        words = dict(Message.Lane.choices)
        return {
            **super().get_context_data(**kwargs),
            **fragment(self),
            "ended_headings": [in_word(MESSAGE_WORDS, state) for state in ENDED],
            "ended": [
                (words[lane], [states[state] for state in ENDED])
                for lane, states in count_ended().items()
            ],
        }


class MailNow(DeskPage):
    """The part of it that is fetched again while the page is open."""

    noun = Incident
    template_name = "office/mail/now.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The overview alone."""
        return {**fragment(self), "now": self.now, "may_change": self.may_change, **kwargs}


def fragment(page: DeskPage) -> dict[str, Any]:
    """The overview in words, for a reader who may have seen more waiting before."""
    seen = overview(now=page.now)
    most = max(_number(page, "most"), seen.waiting)
    began = _number(page, "began") or int(page.now.timestamp())
    again = urlencode({"most": most, "began": began})
    lanes = dict(Message.Lane.choices)
    return {
        "seen": seen,
        "most": most,
        "done": most - seen.waiting,
        "rate": _rate(most - seen.waiting, began=began, now=page.now),
        "again": f"{reverse('mail_now')}?{again}",
        "look_again": f"{reverse('mail_desk')}?{again}",
        "may_close": may(page.request.user, "change", Incident),
        "incidents": [
            (each, in_word(INCIDENT_WORDS, each.kind)) for each in seen.incidents[:MOST_SHOWN]
        ],
        "lanes": [
            (lanes[each.lane], each, _ago(each.oldest_due, now=page.now)) for each in seen.lanes
        ],
        "held": [(reason, in_word(REASON_WORDS, reason), number) for reason, number in seen.held],
        "routes": [(each, in_word(ROUTE_WORDS, each.state)) for each in seen.routes],
        "domains": seen.domains[:MOST_SHOWN],
        "mailboxes": [
            (each, _("paused") if each.paused else in_word(MAILBOX_WORDS, each.state))
            for each in seen.mailboxes[:MOST_SHOWN]
        ],
        "ours": [(each, in_word(SENDING_WORDS, each.state)) for each in seen.sending_domains],
        "how_long": how_long(seen),
    }


def _number(page: DeskPage, name: str) -> int:
    """What an earlier look of this page left in its address; nonsense is nothing."""
    text = page.request.GET.get(name, "")
    sound = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if sound else 0


def _rate(done: int, *, began: int, now: datetime) -> int:
    """Messages in an hour, since the page was opened."""
    seconds = now.timestamp() - began
    return round(done / seconds * 3600) if done > 0 and seconds > 0 else 0


def _ago(hour: datetime | None, *, now: datetime) -> str:
    if hour is None:
        return ""
    hours = hours_before(hour, now=now)
    if not hours:
        return _("this hour")
    return ngettext("%(n)s hour ago", "%(n)s hours ago", hours) % {"n": hours}


def lasting(span: timedelta) -> str:
    """A length of time in words, rounded up to what matters."""
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 120:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    days = -(-hours // 24)
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def how_long(seen: Overview) -> str:
    """When the queue will be empty, as far as that can be said."""
    if not seen.waiting:
        return _("Nothing waits.")
    said = _("At least %(least)s, at most %(most)s if every answer is yes.") % {
        "least": lasting(seen.drain.at_least),
        "most": lasting(seen.drain.at_most),
    }
    if stuck := seen.drain.stuck:
        more = ngettext(
            "%(n)s message goes only when somebody acts.",
            "%(n)s messages go only when somebody acts.",
            stuck,
        )
        said = f"{said} {more % {'n': stuck}}"
    return said
