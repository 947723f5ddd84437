"""From a released action to letters in the outbox."""

from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import transaction

from tests.eml import name_in, text_of
from tests.factories import NOW, a_campaign, an_action
from tests.mail import mail_of
from tests.names import REAL_NAMES
from tocsin.actions.models import Action
from tocsin.actions.release import confirm_action
from tocsin.actions.words import Words
from tocsin.kit.addresses import read_address
from tocsin.kit.seal import HEAD, KeyMissing, head_of
from tocsin.letters.draft import drafts_of
from tocsin.letters.models import Letter
from tocsin.letters.write import _next, write_due
from tocsin.outbox.models import Message, MessageContent
from tocsin.supporters.person import Person

pytestmark = pytest.mark.django_db


def released(**given: object) -> Action:
    action = an_action(a_campaign(), **given)
    confirm_action(action_id=action.pk, revision=1)
    return action


def test_an_action_that_nobody_confirmed_is_never_written() -> None:
    an_action(a_campaign())
    assert write_due(now=NOW) == 0
    assert not Letter.objects.exists()


def test_a_released_action_becomes_one_letter_per_target_and_no_more() -> None:
    action = released()
    assert write_due(now=NOW) == 1
    assert write_due(now=NOW) == 0
    action.refresh_from_db()
    assert action.state == "written"
    kinds = sorted(Letter.objects.values_list("target__kind", flat=True))
    assert kinds == ["embassy", "ministry"]
    assert Message.objects.filter(lane="letter", state="ready").count() == 2


def test_the_letter_says_what_was_shown_and_who_wrote_it() -> None:
    action = released(words=Words(own="Ma sœur attend.", body=""))
    shown = {draft.target: draft for draft in drafts_of(action)}
    write_due(now=NOW)
    for letter in Letter.objects.select_related("target", "message"):
        mail = mail_of(letter.message)
        draft = shown[letter.target]
        name, alias = parseaddr(mail["From"])
        assert text_of(mail) == draft.text
        assert mail["Subject"] == draft.subject
        assert mail["Content-Language"] == letter.language == draft.language
        assert name == "Amina Yusuf via The Letter Table"
        assert alias == f"amina.yusuf.{letter.code}@letters.table.example"
        assert mail["Reply-To"] == "Amina Yusuf <amina@mail.example>"
        assert parseaddr(mail["To"])[1] == letter.target.addresses.get().address
        assert mail.get_content_type() == "text/plain"


def test_no_two_letters_share_an_alias() -> None:
    for number in range(20):
        person = Person("Amina", "Yusuf", read_address(f"amina{number}@mail.example"))
        released(person=person)
    while write_due(now=NOW):
        pass  # a turn on a busy machine may not be long enough for all
    codes = list(Letter.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes)) == 40


def test_letters_to_a_target_without_address_wait_until_it_has_one() -> None:
    action = released()
    embassy = action.campaign.campaign_targets.get(target__kind="embassy").target
    embassy.addresses.all().delete()
    assert write_due(now=NOW) == 0
    assert not Letter.objects.exists(), "all of them or none: half an action is nothing"
    embassy.addresses.create(address="embassy@state.example")
    assert write_due(now=NOW) == 1
    assert Letter.objects.count() == 2


def test_words_that_cannot_be_read_any_more_stop_nobody_else(
    settings: LazySettings, caplog: pytest.LogCaptureFixture
) -> None:
    lost = an_action(a_campaign(), now=NOW.replace(day=1))
    confirm_action(action_id=lost.pk, revision=1)
    (settings.KEYS_DIR / "days" / "2026-03-01.key").unlink()
    released(person=Person("Bruno", "", read_address("bruno@mail.example")))
    assert write_due(now=NOW) == 1
    lost.refresh_from_db()
    assert lost.state == "released"
    assert "cannot be written" in caplog.text


def test_every_name_of_the_world_arrives_unharmed() -> None:
    campaign = a_campaign()
    people = {
        f"p{number}@mail.example": Person(given, family, read_address(f"p{number}@mail.example"))
        for number, (_, given, family) in enumerate(REAL_NAMES)
    }
    for person in people.values():
        action = an_action(campaign, person=person, country="SN")
        confirm_action(action_id=action.pk, revision=1)
    while write_due(now=NOW):
        pass
    arrived = 0
    for letter in Letter.objects.select_related("message"):
        mail = mail_of(letter.message)
        person = people[mail["Reply-To"].addresses[0].addr_spec]
        assert f"\n\n{person.name}\n" in text_of(mail)
        assert name_in(mail, "Reply-To") == person.name
        assert name_in(mail, "From") == f"{person.name} via The Letter Table"
        arrived += 1
    assert arrived == len(REAL_NAMES) >= 300


def test_a_letter_that_cannot_be_built_leaves_nothing_half_written_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = released()
    embassy = broken.campaign.campaign_targets.get(target__kind="embassy").target
    embassy.addresses.update(address="not an address")
    healthy = [
        released(person=Person("Bruno", "", read_address(f"bruno{number}@mail.example")))
        for number in range(4)
    ]
    assert write_due(now=NOW) == len(healthy)
    broken.refresh_from_db()
    assert broken.state == "released"
    assert not broken.letters.exists()
    assert "cannot be written" in caplog.text
    embassy.addresses.update(address="embassy@state.example")
    assert write_due(now=NOW) == 1


def test_each_run_begins_elsewhere_and_passes_nobody_over() -> None:
    actions = sorted((released() for _ in range(3)), key=lambda action: action.pk)
    with transaction.atomic():
        for number, action in enumerate(actions):
            passed_over: list[UUID] = []
            for each in (*actions[number:], *actions[:number]):
                assert _next(passed_over, begin=action.pk) == each
                passed_over.append(each.pk)
            assert _next(passed_over, begin=action.pk) is None


def test_while_the_keys_are_away_the_line_waits(settings: LazySettings, tmp_path: Path) -> None:
    action = released()
    keys, settings.KEYS_DIR = settings.KEYS_DIR, tmp_path / "away"
    with pytest.raises(KeyMissing):
        write_due(now=NOW)
    settings.KEYS_DIR = keys
    assert write_due(now=NOW) == 1
    assert action.letters.count() == 2


def test_a_letter_written_days_later_goes_with_the_day_on_which_the_person_wrote() -> None:
    released()
    assert write_due(now=NOW + timedelta(days=2)) == 1
    heads = {bytes(each.sealed)[:HEAD] for each in MessageContent.objects.all()}
    assert heads == {head_of(NOW.date())}
