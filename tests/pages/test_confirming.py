"""The link in the mail: a click on a button, and nothing less, sends a letter."""

from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from tests.factories import AMINA, an_action
from tests.pages.filling import FORM, everything_kept
from tests.pages.reading import Sheet
from tocsin.actions.guard import DAYS, MAILS
from tocsin.actions.links import CONFIRM_LIFETIME, confirm_url, make_thanks_link
from tocsin.actions.models import Action, Confirmation
from tocsin.actions.release import confirm_action
from tocsin.actions.take import renew_confirmation
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.kit.tokens import make_token
from tocsin.letters.write import write_due
from tocsin.pages.models import CampaignPage

BASE = "http://localhost"


@pytest.fixture
def action(french: CampaignPage) -> Action:
    """Amina wrote from France, and has the mail before her."""
    return an_action(french.campaign, now=timezone.now())


def link(action: Action, *, now: datetime | None = None, step: str = "confirm") -> str:
    """The address in her mail, or that of the other button behind it."""
    url = confirm_url(action, now=now or timezone.now()).removeprefix(BASE)
    return url.replace("/confirm/", f"/{step}/")


def press(url: str, **fields: object) -> HttpResponse:
    """Press a button on the page."""
    body = "&".join(f"{name}={value}" for name, value in fields.items())
    answer = Client().post(url, body, content_type=FORM)
    assert isinstance(answer, HttpResponse)
    return answer


def state_of(action: Action) -> str:
    """Where the action is now."""
    return Action.objects.get(pk=action.pk).state


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_link_changes_nothing(action: Action, method: str) -> None:
    before = everything_kept()
    for _ in range(3):
        answer = getattr(Client(), method)(link(action))
        assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
        assert not answer.cookies
    assert everything_kept() == before


def test_the_page_shows_the_letters_and_to_whom(action: Action) -> None:
    text = Sheet(Client().get(link(action))).text()
    for words in ("ministry", "embassy FR", "Where are they?", "Où sont-ils ?", "Amina Yusuf"):
        assert words in text


def test_the_button_releases_the_letter_and_thanks(action: Action) -> None:
    answer = press(link(action), revision=1)
    assert answer.status_code == 303
    assert state_of(action) == "released"
    thanks = Sheet(Client().get(answer["Location"]))
    assert "ministry" in thanks.text()
    assert "We go on asking." in thanks.text()


def test_pressing_twice_changes_nothing_more(action: Action) -> None:
    press(link(action), revision=1)
    before = everything_kept()
    answer = press(link(action), revision=1)
    assert (answer.status_code, everything_kept()) == (303, before)
    assert Client().get(link(action)).status_code == 303


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 400, "²", "1 ; DROP"])
def test_a_strange_revision_falls_back_on_the_one_of_the_link(
    action: Action, revision: str
) -> None:
    assert press(link(action), revision=revision).status_code == 303


def test_a_newer_letter_is_shown_before_it_can_be_confirmed(
    french: CampaignPage, action: Action
) -> None:
    old = link(action)
    newer = Words(body="Autre lettre, écrite depuis.")
    with pytest.raises(Action.DoesNotExist):  # the factory looks for a new row, and there is none
        an_action(french.campaign, words=newer, now=timezone.now())
    answer = press(old, revision=1)
    sheet = Sheet(answer)
    assert (answer.status_code, state_of(action)) == (409, "pending")
    assert "Autre lettre, écrite depuis." in sheet.text()
    assert press(old, revision=sheet.hidden("revision")).status_code == 303
    assert state_of(action) == "released"


def test_the_old_link_tells_that_the_letter_is_newer(french: CampaignPage, action: Action) -> None:
    old = link(action)
    Action.objects.update(revision=2)
    sheet = Sheet(Client().get(old))
    assert 'role="status"' in sheet.source
    assert sheet.hidden("revision") == "2"


def test_it_was_not_me_erases_everything(action: Action) -> None:
    answer = press(link(action, step="refuse"))
    assert (answer.status_code, answer["Location"]) == (303, "/fr/letter/erased/")
    assert not Action.objects.exists()
    assert not Confirmation.objects.exists()
    assert press(link(action, step="refuse")).status_code == 303
    assert Client().get(link(action)).status_code == 410
    assert press(link(action), revision=1).status_code == 410


def test_what_was_confirmed_is_not_erased_by_an_old_mail(action: Action) -> None:
    press(link(action), revision=1)
    answer = press(link(action, step="refuse"))
    assert (answer.status_code, state_of(action)) == (409, "released")
    assert "hello@table.example" in Sheet(answer).text()


def test_erasing_takes_a_post(action: Action) -> None:
    for method in ("get", "head"):
        answer = getattr(Client(), method)(link(action, step="refuse"))
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert state_of(action) == "pending"


# -- Links that do not work ---------------------------------------------------------------------


@pytest.mark.parametrize("step", ["confirm", "refuse", "thanks", "check-mail"])
def test_forged_cut_and_foreign_links_open_nothing(action: Action, step: str) -> None:
    good = link(action).split("/")[-2]
    other_purposes = [
        make_thanks_link(action.pk, now=timezone.now()) if step != "thanks" else good,
        make_token(purpose="form", subject=f"{action.pk}.1", now=timezone.now()),
    ]
    foreign = [good] if step not in {"confirm", "refuse"} else []
    before = everything_kept()
    for token in [
        good[:-1],
        good[:40],
        good[1:],
        "x",
        "%00",
        "é",
        "a" * 3000,
        *other_purposes,
        *foreign,
    ]:
        for answer in (
            press(f"/fr/letter/{step}/{token}/"),
            Client().get(f"/fr/letter/{step}/{token}/"),
        ):
            assert answer.status_code in {404, 405}, token
            assert Sheet(answer).language == "fr"
    assert everything_kept() == before


def test_a_cut_link_says_what_to_do(action: Action) -> None:
    text = Sheet(Client().get(link(action)[:-9] + "/")).text()
    assert "Les messageries coupent parfois les longs liens" in text


def expired(action: Action) -> str:
    """A link from the day before the day before yesterday."""
    return link(action, now=timezone.now() - CONFIRM_LIFETIME - timedelta(minutes=6))


def test_an_expired_link_confirms_nothing_and_offers_a_new_one(action: Action) -> None:
    for answer in (Client().get(expired(action)), press(expired(action), revision=1)):
        assert answer.status_code == 410
        assert "Recevoir un nouveau lien" in Sheet(answer).text()
    assert state_of(action) == "pending"


def test_the_new_link_is_sent_at_most_once_more_and_the_answer_never_tells(
    action: Action,
) -> None:
    url = expired(action)
    answers = [press(url, step="renew") for _ in range(3)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(303, f"{url}?again=1")] * 3
    assert Confirmation.objects.count() == 2
    assert Client().get(answers[0]["Location"]).status_code == 410
    gone = expired(action)
    press(link(action, step="refuse"))
    assert press(gone, step="renew").status_code == 303


def test_it_was_not_me_works_behind_an_expired_link_too(action: Action) -> None:
    assert press(expired(action).replace("/confirm/", "/refuse/")).status_code == 303
    assert not Action.objects.exists()


def test_a_closed_campaign_confirms_nothing(action: Action) -> None:
    Campaign.objects.update(state="closed")
    assert press(link(action), revision=1).status_code == 410
    assert Client().get(link(action)).status_code == 410
    assert state_of(action) == "pending"


def test_a_foreign_page_cannot_press_the_button(action: Action) -> None:
    for step in ("confirm", "refuse"):
        answer = Client().post(
            link(action, step=step), "", content_type=FORM, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert state_of(action) == "pending"


def test_a_link_works_in_whatever_language_it_is_opened(action: Action) -> None:
    answer = Client().get(link(action).replace("/fr/", "/en/"))
    assert (answer.status_code, Sheet(answer).language) == (200, "en")


def test_when_its_key_is_destroyed_nothing_is_left_to_confirm(action: Action) -> None:
    for key in (settings.KEYS_DIR / "days").iterdir():
        key.unlink()
    before = everything_kept()
    assert Client().get(link(action)).status_code == 410
    assert press(link(action), revision=1).status_code == 410
    assert press(expired(action), step="renew").status_code == 303
    assert everything_kept() == before


def test_the_numbers_that_pages_tell_are_those_that_hold() -> None:
    assert timedelta(hours=72) == CONFIRM_LIFETIME
    assert (MAILS, DAYS) == (2, 3)


# -- Thanks -------------------------------------------------------------------------------------


def test_nobody_is_thanked_before_the_button(action: Action) -> None:
    token = make_thanks_link(action.pk, now=timezone.now())
    assert Client().get(f"/fr/letter/thanks/{token}/").status_code == 410


def test_thanks_never_claims_delivery_and_shares_nothing_personal(
    french: CampaignPage, action: Action
) -> None:
    sheet = Sheet(Client().get(press(link(action), revision=1)["Location"]))
    shared = [a.get("href", "") for a in sheet.all("a") if a.get("rel") == "noopener noreferrer"]
    assert len(shared) == 6
    for address in shared:
        assert str(action.pk) not in address
        assert AMINA.given.lower() not in address.lower()
    with translation.override("fr"):
        assert "délivré" not in sheet.text()
    assert f"{BASE}{french.url}" in sheet.text()


def test_the_thanks_page_names_those_who_were_written_to_whatever_changes_later(
    action: Action,
) -> None:
    confirm_action(action_id=action.pk, revision=action.revision)
    write_due(now=timezone.now())
    action.campaign.campaign_targets.filter(target__kind="embassy").delete()
    page = Client().get(f"/fr/letter/thanks/{make_thanks_link(action.pk, now=timezone.now())}/")
    assert "embassy FR" in page.content.decode()


def test_asking_for_the_mail_again_costs_the_same_when_none_is_sent(action: Action) -> None:
    asked = []
    for _ in range(MAILS + 1):
        with CaptureQueriesContext(connection) as queries:
            renew_confirmation(
                campaign=action.campaign,
                address=AMINA.address,
                language="fr",
                now=timezone.now(),
            )
        asked.append(len(queries))
    assert Confirmation.objects.count() == MAILS
    assert max(asked) - min(asked) <= 1
