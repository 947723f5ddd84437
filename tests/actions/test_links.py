"""Links: each opens one thing, for its time, and tells nothing by itself."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from django.utils import translation

from tests.factories import AMINA, NOW, a_campaign, an_action
from tocsin.actions.links import (
    CONFIRM_LIFETIME,
    confirm_url,
    expired_action,
    make_check_link,
    make_thanks_link,
    read_check_link,
    read_confirm_link,
    read_thanks_link,
)
from tocsin.actions.models import Action
from tocsin.kit.tokens import TokenExpired, TokenForged


@pytest.fixture
def action(db: None) -> Action:
    return an_action(a_campaign())


def confirm_token(action: Action) -> str:
    path = urlsplit(confirm_url(action, now=NOW)).path
    with translation.override("fr"):
        return str(resolve(path).kwargs["token"])


def test_the_link_in_the_mail_is_in_the_language_of_the_page(action: Action) -> None:
    assert confirm_url(action, now=NOW).startswith("http://localhost/fr/")


def test_a_confirmation_link_names_the_action_and_its_revision(action: Action) -> None:
    assert read_confirm_link(confirm_token(action), now=NOW) == (action.pk, 1)


def test_a_confirmation_link_works_for_72_hours(action: Action) -> None:
    token = confirm_token(action)
    read_confirm_link(token, now=NOW + CONFIRM_LIFETIME)
    with pytest.raises(TokenExpired) as caught:
        read_confirm_link(token, now=NOW + CONFIRM_LIFETIME + timedelta(seconds=1))
    assert expired_action(caught.value) == (action.pk, 1)


def test_a_link_opens_nothing_else(action: Action) -> None:
    with pytest.raises(TokenForged):
        read_confirm_link(make_thanks_link(action.pk, now=NOW), now=NOW)
    with pytest.raises(TokenForged):
        read_thanks_link(confirm_token(action), now=NOW)


def test_the_thanks_page_can_be_kept(action: Action) -> None:
    token = make_thanks_link(action.pk, now=NOW)
    assert read_thanks_link(token, now=NOW + timedelta(days=400)) == action.pk


def test_check_your_mail_carries_the_address_and_does_not_show_it() -> None:
    token = make_check_link(campaign_page_id=7, address=AMINA.address, now=NOW)
    assert "amina" not in token.lower()
    assert read_check_link(token, now=NOW) == (7, AMINA.address)
    with pytest.raises(TokenExpired):
        read_check_link(token, now=NOW + timedelta(hours=73))


@pytest.mark.parametrize("token", ["", "x", "é", "AAAA", "A" * 4000, "../../etc", "\x00"])
def test_a_forged_link_is_told_from_ours(token: str) -> None:
    with pytest.raises(TokenForged):
        read_check_link(token, now=NOW)
    with pytest.raises(TokenForged):
        read_confirm_link(token, now=NOW)


def test_a_check_link_cut_short_is_forged() -> None:
    token = make_check_link(campaign_page_id=7, address=AMINA.address, now=NOW)
    for length in range(0, len(token), 5):
        with pytest.raises(TokenForged):
            read_check_link(token[:length], now=NOW)
