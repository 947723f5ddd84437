"""A database whose salts stood in a column becomes one whose salts are files."""

import uuid

import pytest
from django.conf import settings

from tests.outbox.test_upgrade import Version, scratch
from tocsin.kit.seal import make_keys, read_salt

BEFORE, AFTER = "0011_ways_permitted", "0012_ending"

__all__ = ["scratch"]

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["tocsin"])


def a_campaign_of_old(old: Version, slug: str, salt: bytes) -> None:
    organisation = old.make("Organisation", slug=slug, name=slug, mail_domain="letters.a.example")
    mailing = old.make("Mailing", name=slug)
    old.make("Campaign", organisation=organisation, slug=slug, goal=10, salt=salt, mailing=mailing)


def test_who_was_known_stays_known_and_the_column_is_gone(scratch: None) -> None:
    make_keys(settings.KEYS_DIR)
    old = Version(BEFORE)
    salts = {f"c{number}": uuid.uuid4().bytes for number in range(2)}
    for slug, salt in salts.items():
        a_campaign_of_old(old, slug, salt)
    new = Version(AFTER)
    found = {each.slug: read_salt(each.salt_name) for each in new.rows("Campaign")}
    assert found == salts
    assert not new.ask(
        "SELECT 1 FROM information_schema.columns "
        "WHERE table_name = 'tocsin_campaign' AND column_name = 'salt'"
    )
    back = Version(BEFORE)
    assert {each.slug: bytes(each.salt) for each in back.rows("Campaign")} == salts
