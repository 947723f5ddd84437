"""The sealed record: made when somebody confirms, for the organisation alone, and never late."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.factories import AMINA, BRUNO, NOW, TEXTS, a_campaign, an_action, take
from tests.privacy.amina import took_part, wrote
from tests.readers.cast import CHIARA, PAPER, SAMIRA, a_list, lists, opened, signed
from tocsin.actions.models import Action
from tocsin.actions.records import catch_up, list_of, records_of
from tocsin.actions.release import Confirmed, confirm_action, refuse_action
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.sealed_for import has_readers, need_readers
from tocsin.kit.age import SECRET_MARK, OtherKey, make_identity, open_sealed
from tocsin.kit.seal import destroy_day_key
from tocsin.outbox.models import Message
from tocsin.privacy.disclose import disclose
from tocsin.privacy.rights import Corrected, correct_name, erase_person, withdraw_news
from tocsin.readers.files import NoReaders, accept_list
from tocsin.readers.signed_list import Reader, new_signer
from tocsin.supporters.models import Consent, SealedRecord, Supporter

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=20)


def confirmed_action(campaign: Campaign | None = None) -> Action:
    action = took_part(campaign or a_campaign())
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.RELEASED
    return action


def the_record() -> SealedRecord:
    return SealedRecord.objects.get()


def directory_of(campaign: Campaign) -> Path:
    return lists() / campaign.organisation.slug


def away(campaign: Campaign) -> Path:
    return lists() / f"{campaign.organisation.slug}-away"


def shut(campaign: Campaign) -> None:
    """From now on nobody can be sealed for."""
    directory_of(campaign).rename(away(campaign))


def open_again(campaign: Campaign) -> None:
    away(campaign).rename(directory_of(campaign))


def test_who_confirms_leaves_a_record_that_says_all_of_it() -> None:
    campaign = a_campaign()
    confirmed_action(campaign)
    answer = {"given": True, "day": "2026-03-10", "language": "fr", "version": 1}
    assert opened(the_record().sealed) == {
        "version": 1,
        "id": str(Supporter.objects.get().pk),
        "organisation": campaign.organisation.slug,
        "campaign": campaign.slug,
        "way": "open",
        "day": "2026-03-10",
        "given": AMINA.given,
        "family": AMINA.family,
        "email": AMINA.address.text,
        "country": "FR",
        "language": "fr",
        "consents": [
            {"purpose": "send", "words": TEXTS["fr"]["send"], **answer},
            {"purpose": "news", "words": TEXTS["fr"]["news"], **answer},
        ],
    }


@pytest.mark.parametrize("key", [CHIARA, SAMIRA, PAPER])
def test_each_reader_alone_and_the_recovery_key_open_it(key: tuple[str, str]) -> None:
    confirmed_action()
    assert opened(the_record().sealed, secret=key[0])["given"] == AMINA.given


def test_nobody_else_opens_it() -> None:
    confirmed_action()
    with pytest.raises(OtherKey):
        open_sealed(bytes(the_record().sealed), secret=make_identity()[0])


def test_the_server_holds_no_key_that_opens_a_record() -> None:
    confirmed_action()
    marks = [SECRET_MARK, *(key[0] for key in (CHIARA, SAMIRA, PAPER))]
    rows = [
        repr(row)
        for model in apps.get_app_config("tocsin").get_models()
        for row in model._default_manager.values_list()
    ]
    files = [
        path.read_bytes().decode("latin-1")
        for path in Path(settings.KEYS_DIR).rglob("*")
        if path.is_file()
    ]
    assert files
    assert [text for text in [*rows, *files] if any(mark in text for mark in marks)] == []


def test_who_did_not_confirm_leaves_no_record() -> None:
    action = took_part(a_campaign())
    assert not SealedRecord.objects.exists()
    refuse_action(action_id=action.pk)
    assert not SealedRecord.objects.exists()


def test_a_second_click_changes_nothing_of_it() -> None:
    action = confirmed_action()
    before = bytes(the_record().sealed)
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.ALREADY
    assert bytes(the_record().sealed) == before


def test_its_length_does_not_tell_a_name() -> None:
    plain = open_sealed(bytes(sealed_of("A")), secret=CHIARA[0])
    assert len(plain) == len(open_sealed(bytes(sealed_of("A" * 60)), secret=CHIARA[0]))


def sealed_of(given: str) -> bytes:
    person = type(AMINA)(given=given, family="", address=AMINA.address)
    action = an_action(a_campaign(), person=person)
    confirm_action(action_id=action.pk, revision=1)
    return bytes(SealedRecord.objects.get(supporter=action.supporter_id).sealed)


# -- Nobody to seal for -------------------------------------------------------------------------


def test_without_readers_nothing_is_taken_and_no_mail_goes() -> None:
    campaign = a_campaign()
    shut(campaign)
    assert not has_readers(campaign, day=NOW.date())
    with pytest.raises(NoReaders):
        take(campaign)
    assert not Supporter.objects.exists()
    assert not Message.objects.exists()


def test_without_readers_nothing_is_confirmed_and_nothing_is_lost() -> None:
    campaign = a_campaign()
    action = took_part(campaign)
    shut(campaign)
    with pytest.raises(NoReaders):
        confirm_action(action_id=action.pk, revision=1)
    action.refresh_from_db()
    assert action.state == "pending"
    assert not SealedRecord.objects.exists()
    open_again(campaign)
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.RELEASED
    assert opened(the_record().sealed)["given"] == AMINA.given


def forged(path: Path) -> None:
    secret, public = new_signer()
    path.write_bytes(signed(a_list(path.parent.name, signer=public), by=secret))


def one_reader_less(path: Path) -> None:
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "readers": told["readers"][:1]}))


@pytest.mark.parametrize(
    "spoil", [Path.unlink, forged, one_reader_less, lambda p: p.write_text("")]
)
def test_whatever_is_wrong_with_the_list_nothing_is_taken(spoil: Callable[[Path], object]) -> None:
    campaign = a_campaign()
    (path,) = directory_of(campaign).glob("*.json")
    path.chmod(0o600)
    spoil(path)
    with pytest.raises(NoReaders):
        take(campaign)
    assert not Supporter.objects.exists()


def test_a_list_that_expired_takes_nothing_new_and_who_wrote_before_may_confirm() -> None:
    campaign = a_campaign()
    slug = campaign.organisation.slug
    accept_list(lists(), signed(a_list(slug, number=2, until=NOW.date())))
    action = took_part(campaign)
    with pytest.raises(NoReaders, match="counted until 2026-03-10"):
        need_readers(campaign, day=NOW.date() + timedelta(days=1))
    assert confirm_action(action_id=action.pk, revision=1) is Confirmed.RELEASED


def test_another_organisation_is_not_in_the_way() -> None:
    shut(a_campaign())
    confirmed_action()
    assert SealedRecord.objects.count() == 1


# -- What changes afterwards --------------------------------------------------------------------


def withdraw(action: Action) -> None:
    assert withdraw_news(action_id=action.pk, address=AMINA.address, now=LATER)


def news(told: dict[str, object]) -> list[bool]:
    answers = told["consents"]
    assert isinstance(answers, list)
    return [each["given"] for each in answers if each["purpose"] == "news"]


def test_a_permission_that_is_taken_back_is_in_the_record() -> None:
    withdraw(confirmed_action())
    assert news(opened(the_record().sealed)) == [True, False]
    assert not the_record().later


def test_when_her_words_are_destroyed_it_is_sealed_beside_the_record() -> None:
    action = wrote(a_campaign())
    before = bytes(the_record().sealed)
    destroy_day_key(action.day)
    withdraw(action)
    record = the_record()
    assert bytes(record.sealed) == before
    later = opened(record.later)
    assert news(later) == [True, False]
    assert later["id"] == opened(record.sealed)["id"]
    assert "given" not in later
    assert "email" not in later


def test_a_permission_can_be_taken_back_while_nobody_can_be_sealed_for() -> None:
    campaign = a_campaign()
    action = wrote(campaign)
    shut(campaign)
    withdraw(action)
    assert Consent.objects.filter(given=False).count() == 1
    assert the_record().is_behind
    with pytest.raises(NoReaders):
        catch_up(campaign, day=LATER.date())
    open_again(campaign)
    assert catch_up(campaign, day=LATER.date()) == 1
    assert news(opened(the_record().later)) == [True, False]
    assert catch_up(campaign, day=LATER.date()) == 0


def test_who_has_not_confirmed_and_takes_it_back_leaves_no_record() -> None:
    withdraw(took_part(a_campaign()))
    assert not SealedRecord.objects.exists()


def test_a_corrected_name_is_the_only_one_in_the_record() -> None:
    action = confirmed_action()
    done = correct_name(action_id=action.pk, address=AMINA.address, given="Amīna", family="Y.")
    assert done is Corrected.DONE
    told = opened(the_record().sealed)
    assert (told["given"], told["family"], told["email"]) == ("Amīna", "Y.", AMINA.address.text)


def test_a_name_that_cannot_be_sealed_is_not_corrected_by_halves() -> None:
    campaign = a_campaign()
    action = confirmed_action(campaign)
    shut(campaign)
    with pytest.raises(NoReaders):
        correct_name(action_id=action.pk, address=AMINA.address, given="Amīna", family="Y.")
    (kept,) = disclose(address=AMINA.address).actions
    assert kept.given == AMINA.given


def test_erasing_a_person_takes_the_record_along() -> None:
    campaign = a_campaign()
    confirmed_action(campaign)
    wrote(campaign, person=BRUNO)
    (kept,) = disclose(address=AMINA.address).actions
    assert kept.has_record
    erase_person(address=AMINA.address, now=NOW)
    assert [opened(each.sealed)["given"] for each in SealedRecord.objects.all()] == [BRUNO.given]
    assert len(list(records_of(campaign))) == 1


def test_an_older_record_stays_sealed_to_the_older_list() -> None:
    campaign = a_campaign()
    confirmed_action(campaign)
    ana = make_identity()
    slug = campaign.organisation.slug
    readers = (Reader("Ana", ana[1]), Reader("Samira", SAMIRA[1]))
    accept_list(lists(), signed(a_list(slug, number=2, readers=readers)))
    wrote(campaign, person=BRUNO)
    old, new = SealedRecord.objects.order_by("supporter__action__pk"), a_list(slug)
    by_name = {str(opened(each.sealed, secret=SAMIRA[0])["given"]): each for each in old}
    with pytest.raises(OtherKey):
        open_sealed(bytes(by_name[AMINA.given].sealed), secret=ana[0])
    with pytest.raises(OtherKey):
        open_sealed(bytes(by_name[BRUNO.given].sealed), secret=CHIARA[0])
    assert by_name[AMINA.given].readers == new.fingerprint
    assert list_of(campaign, new.fingerprint) == signed(new)
