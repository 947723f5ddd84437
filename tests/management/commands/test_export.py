"""`tocsin export`, and the whole way: keys offline, records on the server, opened offline."""

import errno
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import AMINA, BRUNO, NOW, TEXTS, a_campaign
from tests.privacy.amina import took_part, wrote
from tests.readers.cast import lists
from tocsin.actions.release import confirm_action
from tocsin.campaigns.models import Campaign
from tocsin.kit.seal import destroy_day_key, make_keys
from tocsin.privacy.rights import withdraw_news
from tocsin.readers.records_file import Broken, read_head, read_parts
from tocsin.supporters.models import SealedRecord

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys_dir(settings: LazySettings, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path / "server" / "keys"
    make_keys(settings.KEYS_DIR)
    return tmp_path / "server" / "keys"


def export(campaign: Campaign, path: Path) -> str:
    out = StringIO()
    call_command("export", str(path), "--campaign", campaign.slug, stdout=out)
    return out.getvalue()


def offline(*words: str) -> subprocess.CompletedProcess[str]:
    """The command on a machine that has no settings and no database."""
    theirs = ("TOCSIN_", "DATABASE_URL", "DJANGO_", "PG")
    return subprocess.run(
        [sys.executable, "-m", "tocsin.cli", *words],
        env={name: text for name, text in os.environ.items() if not name.startswith(theirs)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_from_the_ceremony_to_the_opened_table(tmp_path: Path, keys_dir: Path) -> None:
    campaign = a_campaign()
    slug = campaign.organisation.slug
    desk = tmp_path / "desk"
    made = offline("keys", "new", slug, str(desk), "--reader", "Chiara", "--reader", "Samira")
    assert (made.returncode, made.stderr) == (0, "")
    fingerprint = re.search(r"^  ((?:[0-9A-F]{4} ?){8})$", made.stdout, re.MULTILINE)
    assert fingerprint
    for old in (lists() / slug).iterdir():
        old.unlink()
    words = ["--fingerprint", fingerprint[1]]
    call_command("keys", "accept", str(desk / f"{slug}.readers.json"), *words, stdout=StringIO())

    action = took_part(campaign)
    confirm_action(action_id=action.pk, revision=1)
    wrote(campaign, person=BRUNO)
    destroy_day_key(NOW.date())
    withdraw_news(action_id=action.pk, address=AMINA.address, now=NOW)

    said = export(campaign, tmp_path / "records")
    assert "2 sealed records" in said
    assert (tmp_path / "records").stat().st_mode & 0o077 == 0
    for key in ("reader-1.key", "reader-2.key", "recovery.key"):
        opened = offline("open", str(tmp_path / "records"), "--key", str(desk / key))
        assert opened.returncode == 0, opened.stderr
        told = {each["given"]: each for each in map(json.loads, opened.stdout.splitlines())}
        assert set(told) == {AMINA.given, BRUNO.given}
        assert told[AMINA.given]["email"] == AMINA.address.text
        answers = [(c["words"], c["given"]) for c in told[AMINA.given]["consents"]]
        assert answers == [
            (TEXTS["fr"]["send"], True),
            (TEXTS["fr"]["news"], True),
            (TEXTS["fr"]["news"], False),
        ]
    wrong = offline("open", str(tmp_path / "records"), "--key", str(desk / "signer.key"))
    assert wrong.returncode == 1
    assert "no key of a reader" in wrong.stderr
    for path in keys_dir.rglob("*"):
        assert not path.is_file() or b"AGE-SECRET-KEY" not in path.read_bytes()


def test_an_export_names_nobody(tmp_path: Path) -> None:
    campaign = a_campaign()
    wrote(campaign)
    export(campaign, tmp_path / "records")
    content = (tmp_path / "records").read_bytes().lower()
    for word in (AMINA.given, AMINA.family, AMINA.address.text, "2026-03-10"):
        assert word.lower().encode() not in content


def test_only_the_campaign_that_was_asked_for_is_in_it(tmp_path: Path) -> None:
    campaign = a_campaign()
    wrote(campaign)
    wrote(a_campaign(organisation=campaign.organisation))
    took_part(campaign, person=BRUNO)  # has not confirmed
    export(campaign, tmp_path / "records")
    with (tmp_path / "records").open("rb") as file:
        about = read_head(file)
        parts = list(read_parts(file, about))
    assert (about.campaign, about.records, len(parts)) == (campaign.slug, 1, 1)
    assert not isinstance(parts[0], Broken)


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    campaign = a_campaign()
    (tmp_path / "records").write_text("years of work")
    with pytest.raises(CommandError, match="is there already"):
        export(campaign, tmp_path / "records")
    assert (tmp_path / "records").read_text() == "years of work"
    with pytest.raises(CommandError, match="No such file or directory"):
        export(campaign, tmp_path / "none" / "records")


def test_a_stick_without_links_takes_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign = a_campaign()
    wrote(campaign)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    # What FAT says.
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "symlink", refuse)
    (tmp_path / ".records.part").write_text("of one that was killed")
    assert "1 sealed records" in export(campaign, tmp_path / "records")
    with (tmp_path / "records").open("rb") as file:
        assert read_head(file).records == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records", "server"]


def test_an_export_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    campaign = a_campaign()
    wrote(campaign)

    def full(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if "tocsin_sealedrecord" in sql and (tmp_path / ".records.part").exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return execute(sql, *rest)

    with connection.execute_wrapper(full), pytest.raises(CommandError, match="No space left"):
        export(campaign, tmp_path / "records")
    assert [path.name for path in tmp_path.iterdir()] == ["server"]


def test_a_campaign_that_is_not_there_is_one_line_with_those_that_are(tmp_path: Path) -> None:
    campaign = a_campaign()
    with pytest.raises(CommandError, match=f"there are: {campaign.slug}"):
        call_command("export", str(tmp_path / "records"), "--campaign", "none")


def test_without_readers_what_is_sealed_is_exported_and_what_is_not_is_said(
    tmp_path: Path,
) -> None:
    campaign = a_campaign()
    action = wrote(campaign)
    (lists() / campaign.organisation.slug / "pinned").unlink()
    assert "1 sealed records" in export(campaign, tmp_path / "first")
    withdraw_news(action_id=action.pk, address=AMINA.address, now=NOW)
    assert SealedRecord.objects.get().is_behind
    with pytest.raises(CommandError, match="tocsin doctor"):
        export(campaign, tmp_path / "second")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first", "server"]
