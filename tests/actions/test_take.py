"""Somebody takes part: what is kept, what is sent, and that nobody learns who did before."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db import connection
from django.db.models import BinaryField
from django.test.utils import CaptureQueriesContext

from tests.factories import AMINA, BRUNO, NOW, a_campaign, a_consent, an_action
from tests.mail import mail_to
from tocsin.actions.guard import forget_due
from tocsin.actions.models import Action, MailGuard
from tocsin.actions.take import NotOpen, renew_confirmation, renew_confirmation_of, take_action
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import read_address
from tocsin.kit.seal import KeyMissing
from tocsin.outbox.models import Message
from tocsin.supporters.models import Consent, Supporter
from tocsin.supporters.person import Person, open_person

pytestmark = pytest.mark.django_db

WORDS = Words(own="Ma sœur attend.", body="")


def take(campaign: Campaign, person: Person = AMINA, words: Words = WORDS) -> None:
    consents = {a_consent(campaign, "send"): True, a_consent(campaign, "news"): False}
    take_action(
        campaign=campaign,
        person=person,
        words=words,
        language="fr",
        country="FR",
        consents=consents,
        now=NOW,
    )


def test_taking_part_leaves_an_action_that_waits_and_a_mail() -> None:
    campaign = a_campaign()
    take(campaign)
    action = Action.objects.get()
    assert (action.campaign, action.state, action.language, action.country) == (
        campaign,
        "pending",
        "fr",
        "FR",
    )
    assert action.day == NOW.date()
    assert open_person(action.supporter) == AMINA
    assert open_words(action) == WORDS
    message = Message.objects.get()
    assert (message.lane, message.state) == ("confirm", "ready")
    assert action.confirmations.get().message == message
    assert mail_to(AMINA)["To"] == "amina@mail.example"


def test_what_was_permitted_is_kept_in_its_exact_words() -> None:
    campaign = a_campaign()
    take(campaign)
    kept = {
        (consent.wording.text, consent.wording.version, consent.wording.language, consent.given)
        for consent in Consent.objects.all()
    }
    assert kept == {
        ("J’accepte que ma lettre soit envoyée en mon nom.", 1, "fr", True),
        ("Voulez-vous recevoir des nouvelles ?", 1, "fr", False),
    }


def test_nothing_personal_is_in_clear_in_the_database() -> None:
    take(a_campaign(), person=Person("Zulfiya", "Karimova", read_address("zk@mail.example")))
    secrets = ("zulfiya", "karimova", "zk@mail", "sœur attend")
    rows = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            columns = [
                f.column
                for f in model._meta.local_concrete_fields
                if not isinstance(f, BinaryField)
            ]
            names = ", ".join(f'"{column}"::text' for column in columns)
            cursor.execute(f'SELECT {names} FROM "{model._meta.db_table}"')  # noqa: S608
            rows += [str(row).lower() for row in cursor.fetchall()]
            for field in set(model._meta.local_concrete_fields) - set(columns):
                if isinstance(field, BinaryField):
                    cursor.execute(f'SELECT "{field.column}" FROM "{model._meta.db_table}"')  # noqa: S608
                    rows += [
                        bytes(b or b"").decode("latin-1").lower() for (b,) in cursor.fetchall()
                    ]
    assert [row for row in rows if any(secret in row for secret in secrets)] == []


def test_no_row_tells_the_minute_of_a_visit() -> None:
    take(a_campaign())
    assert Message.objects.get().due_at == NOW.replace(minute=0, second=0)


def test_the_same_address_written_otherwise_is_the_same_person() -> None:
    campaign = a_campaign()
    take(campaign)
    take(campaign, person=Person("A.", "Y.", read_address("AMINA@Mail.Example")))
    assert Action.objects.count() == Supporter.objects.count() == 1


def test_a_second_submission_replaces_the_first_and_grows_the_revision() -> None:
    campaign = a_campaign()
    take(campaign)
    take(campaign, words=Words(own="Mon frère aussi.", body=""))
    action = Action.objects.get()
    assert open_words(action).own == "Mon frère aussi."
    assert action.revision == 2
    assert Consent.objects.count() == 2, "what somebody else may have answered does not stay"


def test_two_campaigns_never_share_a_row_about_a_person() -> None:
    first, second = a_campaign(), a_campaign()
    take(first)
    take(second)
    blinds = {bytes(action.blind) for action in Action.objects.all()}
    assert len(blinds) == Supporter.objects.count() == 2


def test_after_the_confirmation_nothing_changes_and_only_the_owner_is_told() -> None:
    campaign = a_campaign()
    action = an_action(campaign, words=WORDS)
    Action.objects.update(state="written")
    Message.objects.all().delete()
    take(campaign, words=Words(own="Mallory was here", body="Rubbish"))
    action.refresh_from_db()
    assert open_words(action) == WORDS
    assert (action.state, action.revision) == ("written", 1)
    assert "déjà en route" in mail_to(AMINA)["Subject"]


def test_who_wrote_long_ago_is_told_the_same_although_nothing_of_it_can_be_read(
    settings: LazySettings,
) -> None:
    campaign = a_campaign()
    an_action(campaign, now=NOW.replace(day=2))
    Action.objects.update(state="written")
    Message.objects.all().delete()
    (settings.KEYS_DIR / "days" / "2026-03-02.key").unlink()
    take(campaign)
    assert "déjà en route" in mail_to(AMINA)["Subject"]


def test_an_address_gets_two_mails_and_then_no_more_over_all_campaigns() -> None:
    for _ in range(4):
        take(a_campaign())
    assert Message.objects.count() == 2
    assert Action.objects.count() == 4


def test_after_three_days_an_address_may_be_written_to_again() -> None:
    for _ in range(3):
        an_action(a_campaign())
    an_action(a_campaign(), now=NOW + timedelta(days=4))
    assert Message.objects.count() == 3


def test_the_guard_forgets_an_address_after_three_days() -> None:
    an_action(a_campaign())
    assert forget_due(now=NOW + timedelta(days=2)) == 0
    assert forget_due(now=NOW + timedelta(days=3)) == 1
    assert not MailGuard.objects.exists()


def test_an_address_that_had_its_mails_costs_as_much_work_as_any() -> None:
    an_action(a_campaign(), person=BRUNO)  # whoever is the first of all makes our domain's row
    campaign = a_campaign()
    with CaptureQueriesContext(connection) as first:
        take(campaign)
    an_action(a_campaign())
    campaign = a_campaign()
    with CaptureQueriesContext(connection) as blocked:
        take(campaign)
    assert Message.objects.count() == 3
    assert abs(len(first) - len(blocked)) <= 1


def test_one_address_never_uses_up_the_mails_of_another() -> None:
    for _ in range(3):
        take(a_campaign())
    take(a_campaign(), person=BRUNO)
    assert mail_to(BRUNO)["To"] == "bruno@mail.example"


def test_a_closed_campaign_takes_nothing() -> None:
    campaign = a_campaign()
    campaign.state = "closed"
    with pytest.raises(NotOpen):
        take(campaign)
    assert not Supporter.objects.exists()


def test_without_keys_nothing_is_taken_and_nothing_is_left(
    settings: LazySettings, tmp_path: Path
) -> None:
    campaign = a_campaign()
    settings.KEYS_DIR = tmp_path / "none"
    with pytest.raises(KeyMissing):
        take(campaign)
    assert not Supporter.objects.exists()
    assert not Message.objects.exists()


def test_a_renewed_confirmation_is_a_second_mail_for_the_same_action() -> None:
    campaign = a_campaign()
    action = an_action(campaign)
    renew_confirmation(campaign=campaign, address=AMINA.address, language="fr", now=NOW)
    assert action.confirmations.count() == 2
    renew_confirmation_of(action_id=action.pk, now=NOW)
    assert action.confirmations.count() == 2, "two mails are enough"


def test_a_stranger_who_asks_for_a_renewal_moves_nothing() -> None:
    renew_confirmation(campaign=a_campaign(), address=AMINA.address, language="fr", now=NOW)
    assert not Message.objects.exists()
    assert not Action.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_person_ten_times_at_once_is_one_action() -> None:
    campaign = a_campaign()

    def once(number: int) -> None:
        try:
            take(campaign, words=Words(own=f"{number}", body=""))
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(once, range(10)))
    action = Action.objects.get()
    assert action.revision == 10
    assert Supporter.objects.count() == 1
    assert Message.objects.count() == 2
