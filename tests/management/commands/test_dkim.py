"""`tocsin dkim`: a key that is made once, and the record to publish of it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.outbox.identity.receiver import Receiver
from tests.outbox.mails import NOON
from tocsin.outbox.identity.dkim import dns_record, load_keys, sign
from tocsin.outbox.identity.dns_rules import zone_line

OURS = "letters.ngo.test"


@pytest.fixture(autouse=True)
def directory(settings: Settings, tmp_path: Path) -> Path:
    """An empty directory of keys."""
    settings.KEYS_DIR = tmp_path / "keys"
    return tmp_path / "keys" / "dkim"


def told(*words: str) -> list[str]:
    out = StringIO()
    call_command("dkim", *words, stdout=out)
    return [line for line in out.getvalue().splitlines() if line]


def records(directory: Path) -> list[str]:
    """What must be published, in the order of the keys."""
    named = (dns_record(key) for key in load_keys(directory, domain=OURS))
    return [zone_line(name, "TXT", text) for name, text in named]


def test_a_key_is_made_and_its_record_is_said(directory: Path) -> None:
    said = told(OURS)
    keys = load_keys(directory, domain=OURS)
    assert [(key.domain, key.selector, key.algorithm) for key in keys] == [(OURS, "tocsin", "rsa")]
    assert said[0] == f"made {directory}/{OURS}/tocsin.rsa.pem"
    assert said[2:] == [*records(directory), f"Then: tocsin doctor {OURS}"]
    assert said[2].startswith(f'tocsin._domainkey.{OURS}. IN TXT "v=DKIM1; k=rsa; p=')
    mail = f"From: a@{OURS}\r\n\r\nx\r\n".encode()
    assert Receiver(keys).accepts(sign(mail, keys=keys, date=NOON))


def test_given_again_it_changes_nothing_and_says_the_same(directory: Path) -> None:
    first = told(OURS)
    before = (directory / OURS / "tocsin.rsa.pem").read_bytes()
    again = told(OURS)
    assert (directory / OURS / "tocsin.rsa.pem").read_bytes() == before
    assert again[0].endswith("tocsin.rsa.pem is there already. Choose another selector.")
    assert again[1:] == first[1:]


def test_a_second_key_may_lie_beside_it_under_its_own_name(directory: Path) -> None:
    said = told(OURS, "--selector", "t2026", "--ed25519")
    assert sorted(path.name for path in (directory / OURS).iterdir()) == [
        "t2026-ed.ed25519.pem",
        "t2026.rsa.pem",
    ]
    assert said[3:5] == records(directory)
    assert len(said[3:5]) == 2


def test_what_cannot_be_a_domain_is_refused_in_one_line(directory: Path) -> None:
    with pytest.raises(CommandError, match="cannot be the domain"):
        told("../etc")
    assert not directory.exists()


def test_a_directory_that_cannot_be_written_is_one_line(settings: Settings) -> None:
    settings.KEYS_DIR = Path("/proc/nowhere")
    with pytest.raises(CommandError, match="Cannot write to /proc/nowhere"):
        told(OURS)
