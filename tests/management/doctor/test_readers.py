"""The doctor at the readers: who opens the records, until when, and that nobody could here."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings

from tests.factories import an_organisation
from tests.readers.cast import CHIARA, SIGNER, a_list, lists, signed
from tocsin.management.doctor.readers import look_at_readers
from tocsin.outbox.identity.finding import Finding
from tocsin.readers.files import accept_list
from tocsin.readers.signed_list import in_groups

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def looked() -> list[Finding]:
    return look_at_readers(today=TODAY)


def test_readers_are_named_with_their_fingerprint_and_their_last_day() -> None:
    slug = an_organisation().slug
    readers, private = looked()
    assert (readers.name, readers.ok, private.ok) == (f"readers of {slug}", True, True)
    assert readers.found == (
        f"list 1, {in_groups(a_list(slug).fingerprint)}, until 2099-01-05: Chiara, Samira, recovery"
    )


def test_an_organisation_without_readers_is_told_what_to_do() -> None:
    slug = an_organisation().slug
    (lists() / slug / "pinned").unlink()
    readers, _ = looked()
    assert (readers.ok, readers.found) == (False, "no list of readers was accepted")
    assert f"tocsin keys new {slug} DIR" in readers.remedy
    assert "tocsin keys accept FILE" in readers.remedy


@pytest.mark.parametrize(("days", "ok"), [(0, True), (59, True), (-1, False)])
def test_a_list_that_ends_soon_is_said_before(days: int, ok: bool) -> None:  # noqa: FBT001
    slug = an_organisation().slug
    ends = a_list(slug, number=2, until=TODAY + timedelta(days=days))
    accept_list(lists(), signed(ends))
    readers, _ = looked()
    assert readers.ok is ok
    assert "tocsin keys" in readers.remedy


@pytest.mark.parametrize("secret", [CHIARA[0], SIGNER], ids=["of a reader", "of a signer"])
def test_a_private_key_beside_ours_is_found(settings: LazySettings, secret: str) -> None:
    an_organisation()
    path = settings.KEYS_DIR / "copied" / "by mistake.key"
    path.parent.mkdir()
    path.write_text(f"# a key\n{secret}\n")
    try:
        private = looked()[-1]
    finally:
        path.unlink()
        path.parent.rmdir()
    assert (private.ok, private.found) == (False, f"one lies in {path}")
    assert "--remove" in private.remedy
