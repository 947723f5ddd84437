"""Shielded letters: what the target gets holds nothing of who wrote it, nor of when."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from pytest_django import Settings

from tests.eml import name_in, parse, text_of
from tests.factories import a_campaign, an_action
from tests.names import REAL_NAMES
from tests.post_office import PostOffice
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.ways import OPEN, SHIELDED
from tocsin.kit.addresses import read_address
from tocsin.letters.draft import drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.claim import claim
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.hold import hold_messages, release_messages
from tocsin.outbox.post import read_envelope
from tocsin.outbox.ready import Parcel, Wrapper
from tocsin.outbox.routes import SendingDomain
from tocsin.outbox.send import send_letters_due
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
"""The beginning of four hours in which everybody visits."""
MANY = 500
REAL = "letters.lumiere.org"
"""A domain that may exist: from others mail leaves at once, on this machine alone."""


def a_shielding_campaign() -> Campaign:
    campaign = a_campaign(ways=(OPEN, SHIELDED))
    campaign.organisation.mail_domain = REAL
    campaign.organisation.save()
    return campaign


def takes_part(
    campaign: Campaign,
    number: int = 0,
    *,
    country: str = "SN",
    words: Words | None = None,
    now: datetime = MORNING,
) -> Action:
    """Somebody with a name of the world, a mailbox of their own, at that minute."""
    _, given, family = REAL_NAMES[number % len(REAL_NAMES)]
    action = an_action(
        campaign,
        person=Person(given, family, read_address(f"person{number}@mail{number % 7}.example")),
        words=words,
        language=("fr", "en")[number % 2],
        country=country,
        now=now,
        way=SHIELDED,
    )
    confirm_action(action_id=action.pk, revision=1)
    return action


def bytes_of(letter: Letter) -> bytes:
    return read_envelope(letter.message).mail


def without_what_names_the_letter(letter: Letter, mail: bytes) -> bytes:
    """Its alias and its Message-ID, both drawn at random, and the hour that was drawn for it."""
    mail = mail.replace(letter.code.encode(), b"<alias>")
    mail = mail.replace(letter.message.message_id.encode(), b"<id>")
    return re.sub(rb"Date: [^\r]+", b"Date: <hour>", mail)


def test_the_target_reads_a_supporter_in_a_country_and_nothing_else() -> None:
    campaign = a_shielding_campaign()
    action = takes_part(campaign, country="NL", words=Words(own="They are missed."))
    (draft,) = drafts_of(action)
    write_due(now=MORNING)
    letter = Letter.objects.get()
    mail = parse(bytes_of(letter))
    assert name_in(mail, "From") == "A supporter in the Netherlands via The Letter Table"
    assert mail["From"].addresses[0].addr_spec == f"supporter.{letter.code}@{REAL}"
    assert mail["Reply-To"] is None
    assert text_of(mail) == draft.text
    assert draft.sender_name == "A supporter in the Netherlands via The Letter Table"
    assert draft.text.endswith(
        "They are missed.\n\n"
        "I ask you where the people are who are detained.\n\n1. Tell the families.\n\n"
        "Yours respectfully,\n\n"
        "A supporter in the Netherlands\n\n"
        "This letter was written through The Letter Table, and its author asks not to be named. "
        "An answer to this message goes to The Letter Table.\n"
    )


def test_an_embassy_reads_it_in_its_own_language() -> None:
    embassy = drafts_of(takes_part(a_shielding_campaign(), country="FR"))[1]
    assert embassy.sender_name == "Un soutien (France) via The Letter Table"
    assert "\n\nUn soutien (France)\n\n" in embassy.text


def test_letters_of_other_countries_and_other_words_differ_in_these_alone() -> None:
    campaign = a_shielding_campaign()
    own = [f"Sentence {number:03} of one's own." for number in range(100)]
    for number, sentence in enumerate(own):
        country = ("SN", "GA", "ML", "TD")[number % 4]
        takes_part(campaign, number, country=country, words=Words(own=sentence))
    while write_due(now=MORNING):
        pass
    places = {"SN": b"Senegal", "GA": b"Gabon", "ML": b"Mali", "TD": b"Chad"}
    left = set()
    for letter in Letter.objects.select_related("message", "action"):
        mail = without_what_names_the_letter(letter, bytes_of(letter))
        mail = mail.replace(places[letter.action.country], b"<country>")
        left.add(re.sub(rb"Sentence \d{3} of one's own\.", b"<words>", mail))
    assert len(left) == 1


def test_an_open_letter_would_be_seen_by_that_comparison() -> None:
    campaign = a_shielding_campaign()
    takes_part(campaign)
    confirm_action(action_id=an_action(campaign, country="SN", now=MORNING).pk, revision=1)
    write_due(now=MORNING)
    letters = Letter.objects.select_related("message")
    assert len({without_what_names_the_letter(each, bytes_of(each)) for each in letters}) == 2


def test_nobody_waits_for_the_hour_where_mail_goes_nowhere() -> None:
    campaign = a_shielding_campaign()
    campaign.organisation.mail_domain = "letters.table.example"
    campaign.organisation.save()
    takes_part(campaign)
    write_due(now=MORNING)
    assert Letter.objects.get().message.due_at == MORNING


def test_who_holds_a_letter_and_lets_it_go_does_not_send_it_before_its_hour() -> None:
    takes_part(a_shielding_campaign())
    write_due(now=MORNING)
    message = Letter.objects.get().message
    due = message.due_at
    assert hold_messages([message.pk]) == release_messages([message.pk], now=MORNING) == 1
    message.refresh_from_db()
    assert (message.state, message.due_at) == ("ready", due)


def test_five_hundred_letters_are_the_same_to_the_byte_and_their_order_tells_nothing() -> None:
    campaign = a_shielding_campaign()
    visits: dict[str, int] = {}
    for number in range(MANY):
        now = MORNING + timedelta(seconds=number * 28)
        action = takes_part(campaign, number, now=now)
        assert write_due(now=now) == 1
        visits[action.letters.get().message.message_id] = number
    letters = list(Letter.objects.select_related("message"))
    codes = {letter.code for letter in letters}
    assert len({without_what_names_the_letter(each, bytes_of(each)) for each in letters}) == 1
    assert len({len(bytes_of(letter)) for letter in letters}) == 1
    assert len(codes) == MANY

    left = as_they_leave()
    hours = [parsedate_to_datetime(str(mail["Date"])) for mail in left]
    assert set(hours) == {MORNING + timedelta(hours=4 + each) for each in range(3)}
    order = [visits[str(mail["Message-ID"]).strip("<>")] for mail in left]
    assert sorted(order) == list(range(MANY))
    # By chance a rank correlation of 500 has a standard deviation of 0.045.
    assert abs(rank_correlation(order)) < 0.35
    assert abs(rank_correlation(order[:100])) < 0.75, "nor among those of the first hour"
    aliases = [mail["From"].addresses[0].username for mail in left]
    by_alias = [number for _, number in sorted(zip(aliases, order, strict=True))]
    assert abs(rank_correlation(by_alias)) < 0.35


def as_they_leave() -> list[EmailMessage]:
    """What is handed over, in the order in which the outbox takes it in hand."""
    SendingDomain.objects.update(state="green")
    MailDomain.objects.update(per_hour=3_600_000, burst=10_000, connections=1000)
    Mailbox.objects.update(per_hour=3_600_000)
    wrapper, found = Wrapper(), []
    assert claim(route="letters", most=9, owner=1, now=MORNING + timedelta(hours=3.99)) == []
    for hour in (4, 5, 6):
        now = MORNING + timedelta(hours=hour)
        while leases := claim(route="letters", most=9, owner=1, now=now):
            parcels = [wrapper.wrap(lease, now=now) for lease in leases]
            found += [parse(each.envelope.mail) for each in parcels if isinstance(each, Parcel)]
            now += timedelta(seconds=1)
    return found


def test_a_shielded_letter_is_sent_once_its_hour_has_come_and_bears_that_hour(
    settings: Settings,
) -> None:
    takes_part(a_shielding_campaign())
    write_due(now=MORNING)
    due = Letter.objects.get().message.due_at
    SendingDomain.objects.update(state="green")
    with PostOffice() as office:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.relay())
        assert send_letters_due(now=due - timedelta(minutes=1)) == 0
        assert send_letters_due(now=due) == 1
    [arrived] = office.mails
    assert parsedate_to_datetime(str(parse(arrived.mail)["Date"])) == due


def rank_correlation(order: list[int]) -> float:
    """Spearman's, of places with what stands there: 1 as they came, -1 the other way round."""
    ranks = {number: rank for rank, number in enumerate(sorted(order))}
    many = len(order)
    squares = sum((place - ranks[number]) ** 2 for place, number in enumerate(order))
    return float(1 - 6 * squares / (many * (many**2 - 1)))


def test_the_measure_would_see_an_order_that_tells_something() -> None:
    assert rank_correlation(list(range(100))) == 1
    assert rank_correlation(list(range(99, -1, -1))) == -1
