"""The day on which an entry was looked at becomes that of its addresses, and each has its own."""

from datetime import date

import pytest

from tests.outbox.test_upgrade import Version, scratch

__all__ = ["scratch"]


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_addresses_were_looked_at_when_their_entry_was(scratch: None) -> None:
    old, day = Version("0035_areas"), date(2026, 3, 10)
    for slug, checked_on in (("seen", day), ("unseen", None)):
        target = old.make("Target", slug=slug, kind="other", country="FR", checked_on=checked_on)
        for name in ("a", "b"):
            old.make("TargetAddress", target=target, address=f"{name}@{slug}.example")
    rows = Version("0036_checked_addresses").rows("TargetAddress").order_by("address")
    assert list(rows.values_list("address", "checked_on")) == [
        *(("a@seen.example", day), ("a@unseen.example", None)),
        *(("b@seen.example", day), ("b@unseen.example", None)),
    ]
    assert Version("0035_areas").rows("TargetAddress").count() == 4
