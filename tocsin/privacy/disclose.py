"""What is kept about one person, opened for that person alone."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from email.policy import default
from uuid import UUID

from tocsin.actions.guard import noted_mails
from tocsin.actions.models import Action
from tocsin.actions.words import open_words
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address
from tocsin.kit.seal import Unreadable
from tocsin.letters.models import Letter
from tocsin.outbox.destinations import Suppression
from tocsin.outbox.models import Message, MessageContent
from tocsin.outbox.post import read_envelope
from tocsin.outbox.ready import suppression_blind
from tocsin.privacy.find import actions_of
from tocsin.supporters.models import ConsentWording, SealedRecord
from tocsin.supporters.person import open_person
from tocsin.targets.areas import names_of_areas


@dataclass(frozen=True)
class KeptConsent:
    """An answer, with the exact words that it was given to."""

    purpose: str
    language: str
    version: int
    words: str
    given: bool
    day: date


@dataclass(frozen=True)
class KeptLetter:
    """A letter, where it is, and its words; they are empty once they are deleted."""

    target_name: str
    language: str
    state: str
    subject: str
    text: str


@dataclass(frozen=True)
class KeptAction:
    """One time that somebody took part with the address.

    What was typed is None once it is deleted, or the key of that day destroyed; `letter` is empty
    for the model letter. `mails` counts the mails to the person that are kept with it, `has_record`
    says that the organisation has a record of it, sealed: it cannot be opened here, nor shown.
    """

    id: UUID
    campaign: str
    organisation: str
    state: str
    way: str
    day: date
    language: str
    country: str
    areas: tuple[str, ...]
    given: str | None
    family: str | None
    email: str | None
    own: str | None
    letter: str | None
    consents: tuple[KeptConsent, ...]
    letters: tuple[KeptLetter, ...]
    mails: int
    has_record: bool

    @property
    def wants_news(self) -> bool | None:
        """The newest answer about news; None if it was never asked."""
        answers = [c.given for c in self.consents if c.purpose == ConsentWording.Purpose.NEWS]
        return answers[-1] if answers else None

    @property
    def can_be_corrected(self) -> bool:
        """Whether a name can still be changed: there is one, and no letter bears it yet."""
        return (
            WAYS[self.way].shown
            and self.state not in ("written", "lent")
            and self.given is not None
        )


@dataclass(frozen=True)
class Kept:
    """All that is kept; of the last two, which protect the address itself, nothing but hashes.

    `unasked_mails_since`: the guard counts mails to the address since that day.
    `never_written_to_since`: the staff has shut the address out of all our mail.
    """

    actions: tuple[KeptAction, ...]
    unasked_mails_since: date | None
    never_written_to_since: date | None


def disclose(*, address: Address) -> Kept:
    """Everything that is kept about the owner of the address; it changes nothing."""
    shut_out = Suppression.objects.filter(blind=suppression_blind(address.text)).first()
    return Kept(
        actions=tuple(_opened(action) for action in actions_of(address)),
        unasked_mails_since=noted_mails(address),
        never_written_to_since=shut_out.since if shut_out else None,
    )


def _opened(action: Action) -> KeptAction:
    person = words = None
    with suppress(Unreadable):
        person = open_person(action.supporter)
    with suppress(Unreadable):
        words = open_words(action)
    consents = action.supporter.consents.select_related("wording")
    letters = action.letters.select_related("target", "message__content").order_by("pk")
    return KeptAction(
        id=action.pk,
        campaign=action.campaign.slug,
        organisation=action.campaign.organisation.name,
        state=action.state,
        way=action.way,
        day=action.day,
        language=action.language,
        country=action.country,
        areas=tuple(names_of_areas(words.areas)) if words else (),
        given=person.given if person else None,
        family=person.family if person else None,
        email=person.address.text if person else None,
        own=words.own if words else None,
        letter=words.body if words else None,
        consents=tuple(
            KeptConsent(
                purpose=consent.wording.purpose,
                language=consent.wording.language,
                version=consent.wording.version,
                words=consent.wording.text,
                given=consent.given,
                day=consent.day,
            )
            for consent in consents
        ),
        letters=tuple(_read(letter) for letter in letters),
        mails=action.confirmations.count(),
        has_record=SealedRecord.objects.filter(supporter_id=action.supporter_id).exists(),
    )


def _read(letter: Letter) -> KeptLetter:
    names = {name.language: name.name for name in letter.target.names.all()}
    subject, text = _words_of(letter.message)
    return KeptLetter(
        target_name=names.get(letter.language) or next(iter(names.values()), letter.target.slug),
        language=letter.language,
        state=letter.message.state,
        subject=subject,
        text=text,
    )


def _words_of(message: Message) -> tuple[str, str]:
    try:
        mail = message_from_bytes(read_envelope(message).mail, policy=default)
    except (Unreadable, MessageContent.DoesNotExist):
        return "", ""
    body = mail.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    return str(mail["Subject"]), text.replace("\r\n", "\n")
