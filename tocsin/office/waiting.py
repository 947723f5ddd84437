"""Everything that the engine or a rule of safety leaves to a person, in the order of the code.

Each source below asks some queries, however many rows there are, and tells of what the reader may
see alone. A new thing that only a person can decide belongs here.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db.models import Count, F, Min, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.rehearsal import seen_in_each
from tocsin.kit.clock import to_the_hour
from tocsin.office.mail_boxes import TAKES, state_of, waiting_for
from tocsin.office.mail_incidents import where_mended
from tocsin.office.mail_shell import may
from tocsin.office.scope import within
from tocsin.office.waiting_words import (
    BOX_TODO,
    CAN_WAIT,
    ELSE_TODO,
    HELD_TODO,
    INCIDENT_URGENCY,
    STOPS,
    WAITS,
)
from tocsin.office.words import INCIDENT_WORDS, REASON_WORDS, SENDING_WORDS, in_word
from tocsin.organisations.models import Organisation
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import OF_THE_ADDRESS
from tocsin.outbox.lanes import lanes_of
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.overview import OF_MAILINGS
from tocsin.outbox.queue import Queue, count_queue
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.rows import rows
from tocsin.outbox.watch import Incident
from tocsin.targets.importing.models import TargetImport
from tocsin.targets.models import Target

MOST = 20
"""Of one kind so many are shown; the lists have them all."""
PATIENCE = timedelta(minutes=15)
"""An import that is not through by then is stuck."""
OF_CAMPAIGNS = ("opening", "collective", "field")
"""Incidents that are about a campaign, by its short name; *readers* are about an organisation."""


@dataclass(frozen=True)
class Waits:
    """One thing: what happened, the server's own words, how much hangs on it, what to do where.

    `number` is how many messages wait, `covers` are the incidents that tell of the same.
    """

    urgency: int
    what: str
    todo: str
    about: str = ""
    theirs: str = ""
    number: int = 0
    since: datetime | None = None
    url: str = ""
    label: str = ""
    incident: int | None = None
    covers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Reader:
    """For whom it is looked, and when."""

    user: AbstractUser | AnonymousUser
    now: datetime

    def sees(self, noun: type[Any]) -> bool:
        """Whether they may look at such rows."""
        return may(self.user, "view", noun)

    @cached_property
    def queue(self) -> Queue:
        """What is ready, counted once."""
        return count_queue(now=self.now)


def all_that_waits(reader: Reader) -> list[Waits]:
    """All of it, the most urgent first."""
    found = [each for source in SOURCES for each in source(reader)]
    covered = {each for item in found for each in item.covers}
    found += happened(reader, covered=covered)
    return sorted(found, key=lambda each: each.urgency)


def may_wait_for(user: AbstractUser | AnonymousUser) -> bool:
    """Whether anything could wait for somebody."""
    nouns = (Incident, Message, Mailbox, MailDomain, Route, SendingDomain, Mailing, Campaign)
    return any(may(user, "view", noun) for noun in nouns) or _may_import(user)


def _may_import(user: AbstractUser | AnonymousUser) -> bool:
    return all(may(user, verb, Target) for verb in ("add", "change"))


def of_campaigns(reader: Reader) -> Iterator[Waits]:
    """Openings and collective letters that failed, lists of readers that do."""
    if not reader.sees(Campaign):
        return
    own = within(reader.user, Campaign.objects.all())
    theirs = Q(kind__in=OF_CAMPAIGNS, about__in=own.values("slug"))
    organisations = within(reader.user, Organisation.objects.all())
    theirs |= Q(kind="readers", about__in=organisations.values("slug"))
    found = list(Incident.objects.filter(theirs, closed=False)[:MOST])
    slugs = [each.about for each in found if each.kind in OF_CAMPAIGNS]
    keys = dict(own.filter(slug__in=slugs).values_list("slug", "pk"))
    for each in found:
        # An organisation may be called like a campaign.
        key = keys.get(each.about) if each.kind in OF_CAMPAIGNS else None
        url = reverse("guide", args=[key]) if key else ""
        yield _of_incident(reader, each, url=url, label=_("Open the guide"))


def test_runs(reader: Reader) -> Iterator[Waits]:
    """Letters of a test run that nobody has said to have seen."""
    if not (may(reader.user, "add", Campaign) or may(reader.user, "change", Campaign)):
        return
    drafts = within(reader.user, Campaign.objects.filter(state=DRAFT))
    runs = seen_in_each(drafts).select_related("campaign")
    for run in [each for each in runs if each.mark != each.campaign.tested_mark][:MOST]:
        yield Waits(
            CAN_WAIT,
            _("The letters of a test run have come."),
            _("Look at them in your mailbox, and say in the guide that you have seen them."),
            about=run.campaign.slug,
            since=run.made_at,
            url=reverse("guide", args=[run.campaign_id]),
            label=_("Open the guide"),
        )


def set_aside(reader: Reader) -> Iterator[Waits]:
    """What is held, by reason, and doubts that nothing resolves."""
    if not reader.sees(Message):
        return
    own = within(reader.user, Message.objects.all())
    asks = Q(doubts__gt=0) | Q(mailing__doubts=Mailing.Doubts.ASK)
    left_out = Q(reason__in=("paused", "recalled"))
    if reader.sees(Mailbox):  # which tells of them itself, until it takes mail again
        left_out |= Q(reason__in=OF_THE_ADDRESS) & ~Q(mailbox__state=Mailbox.State.OK)
    aside = {
        "held": own.filter(state="held").exclude(left_out),
        "in_doubt": own.filter(asks, state="in_doubt"),
    }
    for state, messages in aside.items():
        sums = messages.order_by().values("reason").annotate(n=Count("pk"), since=Min("due_at"))
        for each in sorted(sums, key=lambda each: -each["n"]):
            reason = each["reason"]
            asked = {"state": state, "reason": reason}
            yield Waits(
                WAITS,
                in_word(REASON_WORDS, reason),
                str(HELD_TODO.get(reason, ELSE_TODO)),
                theirs=_words_of_one(messages.filter(reason=reason)),
                number=each["n"],
                since=to_the_hour(each["since"]),
                url=f"{reverse('mail_messages')}?{urlencode(asked)}",
                label=_("Look at them"),
            )


def _words_of_one(messages: QuerySet[Message]) -> str:
    """What the other side said last of one of them."""
    said = Attempt.objects.filter(message__in=messages.order_by("pk")[:1].values("pk"))
    last = said.order_by("-number").first()
    if last is None:
        return ""
    return " ".join(filter(None, (str(last.code or ""), last.enhanced, last.text)))


def mailboxes(reader: Reader) -> Iterator[Waits]:
    """Those that take nothing now, those first that need somebody."""
    if not reader.sees(Mailbox):
        return
    closed = Mailbox.objects.filter(~TAKES)
    boxes = list(closed.order_by("state", "address")[:MOST])
    waiting = waiting_for([box.pk for box in boxes])
    kinds = ("mailbox_invalid", "mailbox_refusing", "mailbox_full", "complaint")
    for box in boxes:
        yield Waits(
            WAITS if waiting.get(box.pk) else CAN_WAIT,
            state_of(box),
            str(BOX_TODO[box.state]),
            about=box.address,
            theirs=box.words,
            number=waiting.get(box.pk, 0),
            since=box.since,
            url=reverse("mail_mailbox", args=[box.pk]),
            label=_("Open the mailbox"),
            covers=tuple((kind, box.address) for kind in kinds),
        )
    if len(boxes) == MOST and (more := closed.count() - MOST):
        yield Waits(
            CAN_WAIT,
            _("More mailboxes take nothing now: %(n)s.") % {"n": more},
            _("Look through them; many can be tried again at once."),
            url=f"{reverse('mail_mailboxes')}?state=trouble",
            label=_("Look at them"),
        )


def domains(reader: Reader) -> Iterator[Waits]:
    """Those that are paused, left alone for a while, or written to more slowly."""
    if not reader.sees(MailDomain):
        return
    rests = Q(paused_until__gt=reader.now)
    found = MailDomain.objects.filter(Q(paused=True) | rests | Q(slow__gt=1))
    waiting = reader.queue.by_domain()
    for each in found.order_by("-paused", F("paused_until").desc(nulls_last=True), "name")[:MOST]:
        is_resting = bool(each.paused_until and each.paused_until > reader.now)
        what, todo = _domain_words(each, is_resting=is_resting)
        yield Waits(
            WAITS if each.paused or is_resting else CAN_WAIT,
            what,
            todo,
            about=each.name,
            theirs=each.words,
            number=waiting.get(each.pk, 0),
            since=each.refused_at if is_resting else each.slowed_at,
            url=reverse("mail_domain", args=[each.pk]),
            label=_("Open the mail domain"),
            covers=(("policy", each.name),),
        )


def _domain_words(domain: MailDomain, *, is_resting: bool) -> tuple[str, str]:
    if domain.paused:
        return _("A mail domain is paused."), _("Resume it when it may be written to.")
    if is_resting:
        what = _("A mail domain is left alone for a while.")
        return what, _("It goes on by itself. If they refuse what we are, mend that first.")
    what = _("A mail domain is written to more slowly: they found us too fast.")
    return what, _("It becomes faster by itself. If this happens often, lower its pace.")


def routes(reader: Reader) -> Iterator[Waits]:
    """Those that are paused, or rest after faults."""
    if not reader.sees(Route):
        return
    for each in Route.objects.filter(Q(paused=True) | Q(open_until__gt=reader.now)):
        lanes = lanes_of(each.name)
        yield Waits(
            STOPS if each.paused else WAITS,
            _("A route is paused.") if each.paused else _("A route rests after faults."),
            _("Read the words, mend it with who runs the server, then resume it.")
            if each.paused
            else _("It tries again by itself. If it goes on, see tocsin doctor."),
            about=_(each.name),
            theirs=each.words,
            number=sum(p.number for lane in lanes for p in reader.queue.of_lane(lane)),
            since=each.taken_at,
            url=reverse("mail_route", args=[each.pk]),
            label=_("Open the route"),
            covers=(("our_fault", each.name), ("silence", each.name)),
        )


def our_domains(reader: Reader) -> Iterator[Waits]:
    """Those whose DNS is not in order, and those whose limit of today is used up."""
    if not reader.sees(SendingDomain):
        return
    own = within(reader.user, SendingDomain.objects.filter(reserved=False))
    amiss = list(own.exclude(state="green").order_by("name")[:MOST])
    ready = Message.objects.filter(state="ready", sending_domain__in=amiss).order_by()
    waiting = dict(ready.values_list("sending_domain").annotate(Count("pk"))) if amiss else {}
    for each in amiss:
        wrong = [f for f in each.findings if isinstance(f, dict) and f.get("ok") is False]
        first = wrong[0] if wrong else {}
        yield Waits(
            STOPS,
            in_word(SENDING_WORDS, each.state),
            str(first.get("remedy", "")) or _("See what tocsin doctor says of it."),
            about=each.name,
            theirs=": ".join(str(first[name]) for name in ("name", "found") if name in first),
            number=waiting.get(each.pk, 0),
            since=each.checked_at,
            url=reverse("mail_ours", args=[each.pk]),
            label=_("Open the domain"),
            covers=(("sending_domain", each.name),),
        )
    for each in own.filter(day=reader.now.date(), sent__gte=F("daily_cap"))[:MOST]:
        yield Waits(
            CAN_WAIT,
            _("A domain of ours has sent all that it may today."),
            _("It goes on tomorrow; the limit can be raised."),
            about=each.name,
            url=reverse("mail_ours", args=[each.pk]),
            label=_("Open the domain"),
        )


def mailings(reader: Reader) -> Iterator[Waits]:
    """Those that are paused, with what waits in them."""
    if not reader.sees(Mailing):
        return
    paused = list(within(reader.user, Mailing.objects.filter(paused=True)).order_by("name", "pk"))
    ids = [each.pk for each in paused]
    waiting = dict(rows(OF_MAILINGS, mailings=ids)) if ids else {}
    for each in sorted(paused, key=lambda each: -waiting.get(each.pk, 0))[:MOST]:
        yield Waits(
            WAITS if waiting.get(each.pk) else CAN_WAIT,
            _("A mailing is paused."),
            _("Resume it when its letters may go."),
            about=str(each),
            number=waiting.get(each.pk, 0),
            url=reverse("mail_mailing", args=[each.pk]),
            label=_("Open the mailing"),
        )


def imports(reader: Reader) -> Iterator[Waits]:
    """Lists of targets that wait for their next step, or are stuck."""
    if not _may_import(reader.user):
        return
    state = TargetImport.State
    going = Q(state__in=(state.CHECKING, state.RUNNING))
    stuck = going & Q(began_at__lt=reader.now - PATIENCE)
    found = TargetImport.objects.defer("content").filter(~going | stuck).exclude(state=state.DONE)
    for each in found[:MOST]:
        is_stuck = each.state in (state.CHECKING, state.RUNNING)
        yield Waits(
            WAITS if is_stuck else CAN_WAIT,
            _("An import of targets is stuck.")
            if is_stuck
            else _("An import of targets waits for its next step."),
            _("Is tocsin work running? The log says where it fails.")
            if is_stuck
            else str(each.get_state_display()),
            about=each.name,
            since=each.began_at,
            url=reverse("targets:import_one", args=[each.pk]),
            label=_("Open the import"),
        )


SOURCES: Sequence[Callable[[Reader], Iterator[Waits]]] = (
    *(of_campaigns, test_runs, set_aside, mailboxes, domains),
    *(routes, our_domains, mailings, imports),
)
"""In the order in which a campaign, its letters and its mail go through the code."""


def happened(reader: Reader, *, covered: set[tuple[str, str]]) -> Iterator[Waits]:
    """Open incidents of which nothing above tells."""
    if not reader.sees(Incident):
        return
    every = Incident.objects.filter(closed=False)
    if reader.sees(Campaign):
        every = every.exclude(kind__in=(*OF_CAMPAIGNS, "readers"))
    found = [each for each in every if (each.kind, each.about) not in covered]
    for each in found[:MOST]:
        yield _of_incident(
            reader, each, url=where_mended(each.kind, each.about), label=_("Where it is mended")
        )
    if (more := len(found) - MOST) > 0:
        yield Waits(
            CAN_WAIT,
            _("More has happened: %(n)s.") % {"n": more},
            _("Look through it; many can be closed at once."),
            url=reverse("mail_incidents"),
            label=_("Look at them"),
        )


def _of_incident(reader: Reader, incident: Incident, *, url: str, label: str) -> Waits:
    """The words of an incident say what to do."""
    return Waits(
        INCIDENT_URGENCY.get(incident.kind, WAITS),
        in_word(INCIDENT_WORDS, incident.kind),
        "",
        about=incident.about,
        theirs=incident.words,
        since=incident.first_at,
        url=url,
        label=label if url else "",
        incident=incident.pk if may(reader.user, "change", Incident) else None,
    )
