"""The messages of the outbox: found by what they are, never by who wrote."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tocsin.office.mail_shell import PAGE, DeskPage, LongList, Said, found_words, may, refused
from tocsin.office.message_acts import (
    BULK,
    BUTTONS,
    Seen,
    act,
    act_on_all,
    acts,
    button_of,
    fit_for,
    mark_of,
    seen,
)
from tocsin.office.scope import within
from tocsin.office.words import MESSAGE_WORDS, PHASE_WORDS, REASON_WORDS, in_word
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.models import Attempt, Message
from tocsin.outbox.routes import Mailing

ANY = ("", _("any"))
TO_LOOK_AT = "look"
"""The filter that the list begins with: what waits for a person."""
LOOKED_AT = ("held", "in_doubt")
MOST_BOXES = 1000  # that one word may mean


class MessageFilter(forms.Form):
    """What to look for; a mailbox is a public address of a target."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[(TO_LOOK_AT, _("waits for a person")), ANY, *MESSAGE_WORDS.items()],
    )
    lane = forms.ChoiceField(label=_("Lane"), required=False, choices=[ANY, *Message.Lane.choices])
    reason = forms.ChoiceField(label=_("Why"), required=False, choices=[ANY, *REASON_WORDS.items()])
    mailing = forms.ModelChoiceField(
        label=_("Mailing"), required=False, queryset=Mailing.objects.none(), empty_label=_("any")
    )
    mailbox = forms.CharField(label=_("Mailbox"), required=False, max_length=254)

    def __init__(self, asked: Any, *, user: AbstractUser | AnonymousUser) -> None:
        super().__init__(asked)
        self.user = user
        mailing: Any = self.fields["mailing"]
        mailing.queryset = within(user, Mailing.objects.all())


def filtered(form: MessageFilter) -> models.QuerySet[Message]:
    """The messages that fit; none if the filter makes no sense."""
    if not form.is_valid():
        return Message.objects.none()
    asked = form.cleaned_data
    found = within(form.user, Message.objects.all())
    if asked["state"] == TO_LOOK_AT:
        found = found.filter(state__in=LOOKED_AT)
    elif asked["state"]:
        found = found.filter(state=asked["state"])
    for name in ("lane", "reason", "mailing"):
        if asked[name]:
            found = found.filter(**{name: asked[name]})
    if asked["mailbox"]:
        boxes = Mailbox.objects.filter(address__icontains=asked["mailbox"])
        # Fetched first: knowing which, the database finds their messages much faster.
        found = found.filter(mailbox__in=list(boxes.values_list("pk", flat=True)[:MOST_BOXES]))
    # Sorting a million by time takes long, and by the key of the table nothing.
    few = asked["state"] in _FEW or asked["mailbox"]
    return found.order_by("-due_at", "pk") if few else found.order_by("pk")


_FEW = (TO_LOOK_AT, *LOOKED_AT, "leased", "sending")


class MessageList(DeskPage):
    """The list, with a filter, and buttons for many at a time."""

    noun = Message
    place = "mail_messages"
    page_title = _("Messages")
    template_name = "office/mail/messages.html"

    def filter(self) -> MessageFilter:
        """What was asked for; at first, what waits for a person."""
        asked = self.request.GET if "state" in self.request.GET else {"state": TO_LOOK_AT}
        return MessageFilter(asked, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """One page of what was found."""
        form = self.filter()
        found = filtered(form).select_related("mailbox", "mailing")
        page = LongList(found, PAGE).get_page(self.request.GET.get("p"))
        asked = self.request.GET.copy()
        for name in ("p", "done"):
            asked.pop(name, None)
        return {
            **super().get_context_data(**kwargs),
            "filter": form,
            "page": page,
            "found": found_words(page.paginator.count),
            "asked": asked.urlencode(),
            "bulk": BULK,
            "lines": [
                {
                    "message": message,
                    "seen": seen(message),
                    "url": reverse("mail_message", args=[message.pk]),
                    "state": in_word(MESSAGE_WORDS, message.state),
                    "reason": in_word(REASON_WORDS, message.reason),
                }
                for message in page
            ],
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do something with the selected, or with all that the filter finds."""
        do = self.request.POST.get("do", "")
        if do not in {button.do for button in BULK}:
            return refused()
        everything = self.request.POST.get("which") == "found"
        looked = [Seen.read(text) for text in self.request.POST.getlist("seen")]
        chosen = [each for each in looked if each is not None]
        if not everything and not chosen:
            return self.answer(Said(str(_("Nothing was selected.")), done=False))
        button = button_of(do)
        if button and button.final and not self.is_sure():
            found = fit_for(do, filtered(self.filter())).count() if everything else len(chosen)
            return self.ask(f"{about(found)} {button.final}", label=button.label)
        if everything:
            return self.answer(act_on_all(do, filtered(self.filter()), now=self.now), do=do)
        own = within(self.request.user, Message.objects.all())
        with transaction.atomic():
            return self.answer(act(do, chosen, among=own, now=self.now), do=do)


def about(number: int) -> str:
    """Of how many it is asked."""
    words = ngettext("It is about %(n)s message.", "It is about %(n)s messages.", number)
    return words % {"n": number_format(number, force_grouping=True)}


class MessageDetail(DeskPage):
    """One message, with all that the other side has said about it."""

    noun = Message
    place = "mail_messages"
    page_title = _("Message")
    template_name = "office/mail/message.html"

    def here(self) -> list[dict[str, Any]]:
        """The message itself."""
        return [{"url": "", "label": str(self.kwargs["pk"])[:8]}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Its facts, its attempts, its buttons."""
        named = ("mailbox", "mailing", "sending_domain", "domain")
        own = within(self.request.user, Message.objects.select_related(*named))
        message = own.filter(pk=self.kwargs["pk"]).first()
        if message is None:
            raise Http404
        return {
            **super().get_context_data(**kwargs),
            "message": message,
            "opens_mailbox": may(self.request.user, "view", Mailbox),
            "opens_mailing": may(self.request.user, "view", Mailing),
            "state": in_word(MESSAGE_WORDS, message.state),
            "reason": in_word(REASON_WORDS, message.reason),
            "attempts": [_told(attempt) for attempt in message.tries.order_by("number")],
            "buttons": BUTTONS.get(message.state, ()),
            "mark": mark_of(message),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Do something with it, if it is still as it was seen."""
        do = self.request.POST.get("do", "")
        if do not in acts():
            return refused()
        looked = Seen(self.kwargs["pk"], self.request.POST.get("mark", ""))
        own = within(self.request.user, Message.objects.all())
        button = button_of(do)
        if button and button.final and not self.is_sure():
            if not own.filter(pk=looked.pk).exists():
                raise Http404
            return self.ask(str(button.final), label=button.label)
        with transaction.atomic():
            return self.answer(act(do, [looked], among=own, now=self.now), do=do)


def _told(attempt: Attempt) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "phase": in_word(PHASE_WORDS, attempt.phase),
        "outcome": in_word(REASON_WORDS, attempt.outcome),
    }
