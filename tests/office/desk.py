"""What the tests of the mail desk ask for: somebody of the staff, and an outbox to look at."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import a_team, an_organisation
from tests.outbox.mails import NOON
from tests.outbox.situations import a_message_that_is, an_attempt
from tests.pages.reading import Answer
from tocsin.campaigns.collective import CollectiveSchedule, CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.organisations.models import Organisation
from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.routes import Mailing, Route, SendingDomain
from tocsin.outbox.watch import Incident


def a_clerk(*permissions: str, of: Collection[Organisation] | None = None) -> Client:
    """Somebody who may enter the office, and these things beside, `of` these organisations.

    Of every one that there is, where none is said.
    """
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user(f"clerk{User.objects.count()}")
    names = ["access_admin", *permissions]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    for organisation in Organisation.objects.all() if of is None else of:
        a_team(user, organisation)
    client.force_login(user)
    return client


def chiara(language: str = "en") -> Client:
    """A campaigner with the run of the office."""
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get_or_create(username="chiara", is_superuser=True)[0])
    return client


@dataclass(frozen=True)
class Outbox:
    """One of each thing that has a page."""

    message: Message
    mailbox: Mailbox
    domain: MailDomain
    route: Route
    ours: SendingDomain
    mailing: Mailing
    incident: Incident
    schedule: CollectiveSchedule
    wording: CollectiveWording

    def pages(self) -> dict[str, str]:
        """The address of every page, and the noun whose permission it asks for."""
        return {
            "/office/mail/": "incident",
            "/office/mail/now/": "incident",
            "/office/mail/incidents/": "incident",
            "/office/mail/messages/": "message",
            f"/office/mail/messages/{self.message.pk}/": "message",
            "/office/mail/mailboxes/": "mailbox",
            f"/office/mail/mailboxes/{self.mailbox.pk}/": "mailbox",
            "/office/mail/domains/": "maildomain",
            f"/office/mail/domains/{self.domain.pk}/": "maildomain",
            "/office/mail/routes/": "route",
            f"/office/mail/routes/{self.route.pk}/": "route",
            "/office/mail/our-domains/": "sendingdomain",
            f"/office/mail/our-domains/{self.ours.pk}/": "sendingdomain",
            "/office/mail/mailings/": "mailing",
            f"/office/mail/mailings/{self.mailing.pk}/": "mailing",
            f"/office/mail/mailings/{self.mailing.pk}/recall/": "mailing",
            "/office/mail/voices/": "collectiveschedule",
            f"/office/mail/voices/{self.schedule.pk}/": "collectiveschedule",
            f"/office/mail/voices/wordings/{self.wording.pk}/": "collectivewording",
        }

    def everything(self) -> list[object]:
        """All rows as they are, to see whether anything has changed."""
        mail = (Message, Mailbox, MailDomain, Route, SendingDomain, Mailing, Incident)
        nouns = (*mail, CollectiveSchedule, CollectiveWording)
        return [list(noun.objects.order_by("pk").values()) for noun in nouns]


def an_outbox() -> Outbox:
    """A held letter to a mailbox that does not exist, and all that belongs to it."""
    mailing = Mailing.objects.create(name="families")
    message = a_message_that_is(
        "held",
        to="gone@mfa.example",
        mailing=mailing,
        reason="mailbox_invalid",
        tried=1,
        attempts=1,
    )
    words = "550 5.1.1 user gone unknown"
    an_attempt(
        message, outcome="mailbox_invalid", phase="rcpt", code=550, enhanced="5.1.1", text=words
    )
    Mailbox.objects.update(state="invalid", words=words, since=NOON)
    campaign = Campaign.objects.create(
        organisation=an_organisation(), slug="families", goal=1000, mailing=mailing
    )
    ours = SendingDomain.objects.get()
    Organisation.objects.update(mail_domain=ours.name)
    raise_incident("mailbox_invalid", about="gone@mfa.example", words=words, now=NOON)
    mailbox = Mailbox.objects.get()
    return Outbox(
        message=message,
        mailbox=mailbox,
        domain=mailbox.domain,
        route=Route.objects.create(name="letters", number=1),
        ours=ours,
        mailing=mailing,
        incident=Incident.objects.get(),
        schedule=CollectiveSchedule.objects.create(campaign=campaign, first_at=NOON, next_at=NOON),
        wording=CollectiveWording.objects.create(
            campaign=campaign,
            language="fr",
            subject="Où ?",
            body="Voix : {voices}",
            closing="Merci",
        ),
    )


def text_of(answer: Answer) -> str:
    """The page without its tags, its white space drawn together."""
    bare = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", bare)


def press(client: Client, url: str, do: str, **filled: object) -> str:
    """Press a button on the page as it is now; returns what the next page says."""
    page = client.get(url).content.decode()
    found = re.search(r'name="mark" value="([^"]*)"', page)
    assert found, "the page has no button"
    return text_of(client.post(url, {"do": do, "mark": found[1], **filled}, follow=True))


def undo_form(page: str) -> tuple[str, str]:
    """The address of the form, and where it leads back to."""
    found = re.search(
        r'action="(/office/mail/undo/\d+/)".*?name="back" value="([^"]*)"', page, re.DOTALL
    )
    assert found, "nothing can be undone"
    return found[1], found[2].replace("&amp;", "&")


def undo(client: Client, page: str) -> str:
    """Undo what the page says was done; returns what the next page says."""
    url, back = undo_form(page)
    return text_of(client.post(url, {"back": back}, follow=True))
