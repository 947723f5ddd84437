"""The commands: each says what it did, refuses in one line, and can be given twice."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import a_campaign
from tocsin.campaigns.models import Campaign
from tocsin.demo.sample import LANGUAGES
from tocsin.organisations.models import Organisation
from tocsin.pages.models import CampaignPage
from tocsin.supporters.models import ConsentWording
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db


def told(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_example_has_a_live_page_per_language_that_share_a_campaign() -> None:
    urls = json.loads(told("sample").splitlines()[-1])
    assert list(urls) == list(LANGUAGES)
    assert all(url.startswith("http://localhost/") for url in urls.values())
    pages = CampaignPage.objects.order_by("pk")
    assert [page.language for page in pages] == list(LANGUAGES)
    assert {page.campaign for page in pages} == {Campaign.objects.get()}
    assert len({page.translation_key for page in pages}) == 1
    assert all(page.live for page in pages)


def test_the_example_writes_to_the_ministry_and_to_six_embassies() -> None:
    told("sample")
    assert sorted(Target.objects.values_list("kind", "seat")) == [
        *(("embassy", seat) for seat in ("BE", "CA", "CH", "FR", "GB", "US")),
        ("ministry", ""),
    ]
    campaign = Campaign.objects.get()
    for country, kinds in {"CA": ["ministry", "embassy"], "SN": ["ministry"]}.items():
        rows = campaign.campaign_targets.for_country(country)
        assert [row.target.kind for row in rows] == kinds


def test_the_example_can_write_to_nobody_in_the_real_world() -> None:
    told("sample")
    domains = {a.address.rpartition(".")[2] for a in TargetAddress.objects.all()}
    assert domains == {"example"}


def test_the_example_is_loaded_once() -> None:
    told("sample")
    with pytest.raises(CommandError, match="--if-empty"):
        told("sample")
    told("sample", "--if-empty")
    assert Campaign.objects.count() == 1


def test_an_older_example_asks_for_what_is_true_now() -> None:
    told("sample")
    kept = sorted(ConsentWording.objects.values_list("purpose", "language", "version", "text"))
    for wording in ConsentWording.objects.filter(version=2):
        ConsentWording.objects.filter(pk=wording.pk).update(version=1, text="as it was once")
    told("sample", "--if-empty")
    campaign = Campaign.objects.get()
    now = campaign.consents.exclude(text="as it was once")
    assert sorted(now.values_list("purpose", "language", "version", "text")) == kept
    older = 3 * len(LANGUAGES)
    assert campaign.consents.filter(text="as it was once").count() == older
    told("sample", "--if-empty")
    assert ConsentWording.objects.count() == len(kept) + older


def test_words_of_permission_that_somebody_took_off_the_example_stay_off() -> None:
    told("sample")
    campaign = Campaign.objects.get()
    campaign.consents.remove(*campaign.consents.filter(purpose="news"))
    told("sample", "--if-empty")
    assert not campaign.consents.filter(purpose="news").exists()


def test_a_campaign_of_somebody_else_is_asked_with_its_own_words() -> None:
    told("sample")
    Organisation.objects.update(slug="another")
    ConsentWording.objects.update(text="our own", version=1)
    told("sample", "--if-empty")
    assert set(ConsentWording.objects.values_list("text", "version")) == {("our own", 1)}


def test_a_database_with_a_campaign_is_left_alone() -> None:
    a_campaign()
    told("sample", "--if-empty")
    assert Campaign.objects.count() == 1
    assert not CampaignPage.objects.exists()


def test_pages_follow_the_site_to_its_new_address(settings: LazySettings) -> None:
    told("sample")
    settings.BASE_URL = "http://127.0.0.1:8123"
    urls = json.loads(told("sample", "--if-empty").splitlines()[-1])
    assert urls["fr"].startswith("http://127.0.0.1:8123/fr/")


def test_somebody_is_let_into_the_office_with_the_password_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(CommandError, match="TOCSIN_OFFICE_PASSWORD"):
        told("sample", "--if-empty", "--office-user", "chiara")
    monkeypatch.setitem(os.environ, "TOCSIN_OFFICE_PASSWORD", "one long password")
    for _ in range(2):
        told("sample", "--if-empty", "--office-user", "chiara")
    assert User.objects.get().check_password("one long password")


def test_keys_are_made_once_and_said(settings: LazySettings, tmp_path: Path) -> None:
    settings.KEYS_DIR = tmp_path / "keys"
    assert f"made {tmp_path}/keys/index.key" in told("keys")
    assert told("keys") == f"all keys are in {tmp_path}/keys\n"


def test_keys_that_cannot_be_written_are_one_line(settings: LazySettings) -> None:
    settings.KEYS_DIR = Path("/proc/nowhere/keys")
    with pytest.raises(CommandError, match="Cannot write to /proc/nowhere/keys"):
        told("keys")


def test_a_database_of_a_newer_version_is_refused_in_one_line() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('tocsin', '0999_from_the_future', now())"
        )
    with pytest.raises(CommandError, match=r"newer version of Tocsin .it has 0999_from_the_future"):
        told("migrate")
