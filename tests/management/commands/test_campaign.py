"""`tocsin campaign`: close it, open it again, say where it is."""

from io import StringIO

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import a_campaign, a_campaign_page, a_tested_draft
from tocsin.campaigns.models import Campaign
from tocsin.kit.seal import destroy_salt, make_keys
from tocsin.privacy.memory import Ending
from tocsin.stations import run_station

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path_factory: pytest.TempPathFactory, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path_factory.mktemp("keys")
    make_keys(settings.KEYS_DIR)


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_it_closes_a_campaign_and_opens_it_again() -> None:
    slug = a_campaign().slug
    assert "is open" in told("campaign", slug)
    assert "is erased 90 days from now" in told("campaign", slug, "--close")
    assert not Campaign.objects.get().is_open
    run_station("keep_to_schedule")
    ended = Ending.objects.get().seen
    assert f"{slug} ended on {ended}, and is erased on" in told("campaign", slug)
    assert f"{slug} ended, to be erased on" in told("retention")
    assert "is open" in told("campaign", slug, "--reopen")
    assert Campaign.objects.get().is_open


def test_an_erased_campaign_is_not_opened_again() -> None:
    slug = a_campaign().slug
    Campaign.objects.update(state="closed", erased_on=timezone.now().date())
    with pytest.raises(CommandError, match="cannot be opened again"):
        told("campaign", slug, "--reopen")
    assert "stays closed" in told("campaign", slug)


def test_a_name_that_is_none_gets_the_names_that_there_are() -> None:
    slug = a_campaign().slug
    with pytest.raises(CommandError, match=slug):
        told("campaign", "another", "--close")


def test_who_adopts_a_database_without_its_salts_gets_fresh_ones() -> None:
    destroy_salt(a_campaign().salt_name)
    said = told("adopt", "--yes")
    assert "1 campaigns have a fresh salt" in said
    assert "cannot see, take back or erase" in said
    assert "fresh salt" not in told("adopt", "--yes")


def test_a_draft_says_what_it_lacks_and_opens_once_it_is_there() -> None:
    campaign = a_tested_draft()
    slug = campaign.slug
    assert f"{slug} was never open. Missing: story, demands, page." in told("campaign", slug)
    for refused, words in (
        ("--open", "Missing: story, demands, page"),
        ("--pause", "never open"),
        ("--close", "never open"),
        ("--archive", "never open"),
        ("--reopen", "never open"),
    ):
        with pytest.raises(CommandError, match=words):
            told("campaign", slug, refused)
    page = a_campaign_page(campaign)
    assert "Nothing is missing." in told("campaign", slug)
    assert f"{slug} is open." in told("campaign", slug, "--open")
    assert page.__class__.objects.live().filter(pk=page.pk).exists()
    with pytest.raises(CommandError, match="opened before"):
        told("campaign", slug, "--open")
