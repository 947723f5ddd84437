"""What one person may have done with what is kept: seen, corrected, taken back, erased."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from tests.factories import AMINA, BRUNO, NOW, TEXTS, a_campaign
from tests.mail import mails_to
from tests.pages.filling import everything_kept
from tests.privacy.amina import letters_are, took_part, wrote
from tests.privacy.canaries import WORDS, is_guarded, traces_of_amina
from tocsin.actions.guard import DAYS, forget_due, may_mail
from tocsin.actions.models import Action
from tocsin.actions.release import Confirmed, confirm_action
from tocsin.kit.addresses import Address, read_address
from tocsin.kit.seal import days_of_keys, destroy_day_key, head_of
from tocsin.letters.models import Letter
from tocsin.letters.write import write_due
from tocsin.outbox.hold import suppress
from tocsin.outbox.models import Message
from tocsin.outbox.states import MESSAGE
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.outcomes.tally import confirmed, tally_due
from tocsin.privacy.ask import send_data_link
from tocsin.privacy.disclose import KeptConsent, disclose
from tocsin.privacy.rights import Corrected, correct_name, erase_person, withdraw_news
from tocsin.supporters.models import Consent, Supporter
from tocsin.supporters.person import Person, keep_person, open_person

pytestmark = pytest.mark.django_db


def erase(address: Address = AMINA.address) -> int:
    return erase_person(address=address, now=NOW)


def correct(action: Action, *, given: str = "Amīna", address: Address = AMINA.address) -> Corrected:
    return correct_name(action_id=action.pk, address=address, given=given, family="Y.")


def test_everything_is_disclosed_over_all_campaigns() -> None:
    written, pending = wrote(a_campaign()), took_part(a_campaign())
    wrote(a_campaign(), person=BRUNO)
    kept = {each.id: each for each in disclose(address=AMINA.address).actions}
    assert set(kept) == {written.pk, pending.pk}
    found = kept[written.pk]
    assert (found.given, found.family, found.email) == ("Amina", "Yusuf", AMINA.address.text)
    assert (found.own, found.letter) == (WORDS.own, WORDS.body)
    assert (found.state, found.day, found.country, found.language, found.mails) == (
        "written", NOW.date(), "FR", "fr", 1,
    )  # fmt: skip
    assert found.consents == tuple(
        KeptConsent(purpose, "fr", 1, TEXTS["fr"][purpose], given=True, day=NOW.date())
        for purpose in ("send", "news")
    )
    assert [(each.state, each.subject) for each in found.letters] == [
        ("ready", TEXTS["fr"]["subject"])
    ] * 2
    assert all(WORDS.own in each.text and WORDS.body in each.text for each in found.letters)
    assert (kept[pending.pk].state, kept[pending.pk].letters) == ("pending", ())


def test_looking_changes_nothing() -> None:
    wrote(a_campaign())
    before = everything_kept()
    disclose(address=AMINA.address)
    assert everything_kept() == before


def test_the_owner_is_found_however_the_address_is_written() -> None:
    took_part(a_campaign())
    assert len(disclose(address=read_address("AMINA@Mail.Example")).actions) == 1
    assert disclose(address=BRUNO.address).actions == ()


def test_what_protects_the_address_is_disclosed_as_well() -> None:
    took_part(a_campaign())
    suppress(AMINA.address.text, reason="asked", today=NOW.date())
    kept = disclose(address=AMINA.address)
    assert kept.unasked_mails_since == kept.never_written_to_since == NOW.date()


def test_what_is_destroyed_is_said_to_be_destroyed() -> None:
    action = wrote(a_campaign())
    for key in (settings.KEYS_DIR / "days").iterdir():
        key.unlink()
    (kept,) = disclose(address=AMINA.address).actions
    assert (kept.given, kept.own, kept.can_be_corrected) == (None, None, False)
    assert [each.text for each in kept.letters] == ["", ""]
    assert len(kept.consents) == 2
    assert erase() == 1
    assert not Action.objects.filter(pk=action.pk).exists()


def test_a_name_is_corrected_before_the_letter_is_written() -> None:
    action = took_part(a_campaign())
    assert correct(action) is Corrected.DONE
    assert open_person(Supporter.objects.get()) == Person(
        given="Amīna", family="Y.", address=AMINA.address
    )
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.CHANGED
    assert confirm_action(action_id=action.pk, revision=2) is Confirmed.RELEASED
    assert correct(action, given="Aminah") is Corrected.DONE
    write_due(now=NOW)
    (kept,) = disclose(address=AMINA.address).actions
    assert all("Aminah Y." in letter.text for letter in kept.letters)


def test_a_corrected_name_is_as_old_as_what_it_corrects() -> None:
    action = took_part(a_campaign())
    assert correct(action) is Corrected.DONE
    action.supporter.refresh_from_db()
    assert bytes(action.supporter.sealed).startswith(head_of(action.day))
    destroy_day_key(action.day)
    assert correct(action, given="Aminah") is Corrected.TOO_LATE
    assert action.day not in days_of_keys()


def test_of_what_was_typed_on_two_days_each_part_is_shown_as_long_as_it_is_there() -> None:
    action = took_part(a_campaign())
    keep_person(action.supporter, person=AMINA, day=action.day + timedelta(days=2))
    destroy_day_key(action.day)
    (kept,) = disclose(address=AMINA.address).actions
    assert (kept.given, kept.own) == (AMINA.given, None)


def test_a_name_under_a_written_letter_is_not_corrected() -> None:
    action = wrote(a_campaign())
    before = everything_kept()
    assert correct(action) is Corrected.TOO_LATE
    assert everything_kept() == before


def test_nobody_reaches_the_action_of_somebody_else() -> None:
    action = took_part(a_campaign())
    before = everything_kept()
    assert correct(action, address=BRUNO.address) is Corrected.GONE
    assert not withdraw_news(action_id=action.pk, address=BRUNO.address, now=NOW)
    assert not withdraw_news(action_id=uuid4(), address=AMINA.address, now=NOW)
    assert everything_kept() == before


def test_news_are_taken_back_by_one_more_answer() -> None:
    action = took_part(a_campaign())
    for _ in range(2):
        assert withdraw_news(
            action_id=action.pk, address=AMINA.address, now=NOW + timedelta(days=1)
        )
    answers = Consent.objects.filter(supporter=action.supporter, wording__purpose="news")
    assert list(answers.values_list("given", "day")) == [
        (True, NOW.date()),
        (False, NOW.date() + timedelta(days=1)),
    ]
    (kept,) = disclose(address=AMINA.address).actions
    assert kept.wants_news is False


def test_who_wanted_no_news_takes_nothing_back() -> None:
    action = took_part(a_campaign(), news=False)
    assert withdraw_news(action_id=action.pk, address=AMINA.address, now=NOW)
    assert Consent.objects.filter(wording__purpose="news").count() == 1


def test_the_search_finds_amina_where_she_is() -> None:
    wrote(a_campaign())
    send_data_link(address=AMINA.address, language="fr", now=NOW)
    assert {found.table for found in traces_of_amina()} == {
        "tocsin_action", "tocsin_datamail", "supporter", "action", "content", "record",
    }  # fmt: skip


def test_erased_is_gone_from_every_table_and_the_number_stays() -> None:
    campaigns = [a_campaign(), a_campaign()]
    wrote(campaigns[0], person=BRUNO)
    for campaign in campaigns:
        wrote(campaign)
    took_part(a_campaign())
    send_data_link(address=AMINA.address, language="fr", now=NOW)
    before = [confirmed(campaign) for campaign in campaigns]
    assert erase() == 3
    assert traces_of_amina() == []
    assert [confirmed(campaign) for campaign in campaigns] == before == [2, 1]
    assert list(Tally.objects.order_by("pk").values_list("erased", flat=True)) == [1, 1]
    assert disclose(address=AMINA.address).actions == ()
    assert len(disclose(address=BRUNO.address).actions) == 1
    found = audit()
    assert found.holds, found
    assert (found.tally, found.erased, found.confirmed) == (3, 2, 1)


@pytest.mark.parametrize("state", MESSAGE)
def test_letters_in_every_state_are_erased_and_the_audit_holds(state: str) -> None:
    wrote(a_campaign(), person=BRUNO)
    letters = letters_are(wrote(a_campaign()), state)
    erase()
    assert not Message.objects.filter(pk__in=[message.pk for message in letters]).exists()
    assert traces_of_amina() == []
    assert audit().holds, audit()


def test_who_did_not_confirm_leaves_no_number() -> None:
    campaign = a_campaign()
    took_part(campaign)
    erase()
    tally_due(now=NOW)
    assert (confirmed(campaign), Tally.objects.count()) == (0, 0)


def test_who_confirmed_a_moment_ago_is_counted_and_sends_nothing() -> None:
    campaign = a_campaign()
    action = took_part(campaign)
    confirm_action(action_id=action.pk, revision=1)
    erase()
    write_due(now=NOW)
    tally_due(now=NOW)
    assert not Letter.objects.exists()
    assert confirmed(campaign) == 1
    assert audit().holds


def test_erasing_again_changes_nothing_more() -> None:
    campaign = a_campaign()
    wrote(campaign)
    erase()
    before = everything_kept()
    assert erase() == 0
    assert everything_kept() == before


def test_who_comes_back_waits_until_the_guard_forgets_and_is_somebody_new() -> None:
    campaign = a_campaign()
    wrote(campaign)
    erase()
    assert is_guarded()
    took_part(campaign, now=NOW + timedelta(days=DAYS - 1))
    assert mails_to(AMINA.address.text) == []
    erase()
    forget_due(now=NOW + timedelta(days=2 * DAYS))
    assert not is_guarded()
    later = NOW + timedelta(days=2 * DAYS)
    wrote(campaign, now=later)
    assert len(mails_to(AMINA.address.text)) == 1
    assert confirmed(campaign) == 2
    assert audit().holds


def test_correcting_proves_the_address_and_erasing_closes_it() -> None:
    action = took_part(a_campaign())
    may_mail(AMINA.address, now=NOW)
    assert not may_mail(AMINA.address, now=NOW)
    correct(action)
    assert may_mail(AMINA.address, now=NOW)
    erase()
    assert not may_mail(AMINA.address, now=NOW)


STUMBLE = """
    CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the power fails'; END $$;
    CREATE TRIGGER stumbles BEFORE DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION stumble();
"""


@pytest.mark.parametrize(
    "table",
    ["tocsin_letter", "tocsin_message", "tocsin_consent", "tocsin_action", "tocsin_supporter"],
)
def test_an_erasure_that_is_cut_off_has_erased_nothing(table: str) -> None:
    wrote(a_campaign())
    before = everything_kept()
    with connection.cursor() as cursor:
        cursor.execute(STUMBLE.format(table=table))
    with pytest.raises(DatabaseError, match="the power fails"):
        erase()
    assert everything_kept() == before


@pytest.mark.django_db(transaction=True)
def test_two_erasures_at_once_count_her_once() -> None:
    campaign = a_campaign()
    wrote(campaign)

    def once(_number: int) -> int:
        try:
            return erase()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(once, range(6))) == 1
    assert Tally.objects.values_list("confirmed", "erased").get() == (1, 1)
    assert traces_of_amina() == []
    assert audit().holds


@pytest.mark.django_db(transaction=True)
def test_erasing_while_the_letters_are_written_and_counted_leaves_all_or_nothing() -> None:
    campaign = a_campaign()
    action = took_part(campaign)
    confirm_action(action_id=action.pk, revision=1)

    def alone(act: Callable[[], int]) -> None:
        try:
            act()
        finally:
            connection.close()

    acts = [lambda: write_due(now=NOW), lambda: tally_due(now=NOW), erase]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(alone, acts))
    tally_due(now=NOW)
    assert confirmed(campaign) == 1
    assert traces_of_amina() == []
    assert not Letter.objects.exists()
    assert audit().holds
