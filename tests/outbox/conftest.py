"""What the outbox's tests ask for: a run of the send station."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.outbox.mails import NOON, Deliver
from tests.post_office import PostOffice
from tocsin.outbox.send import send_due


@pytest.fixture
def deliver(settings: Settings) -> Deliver:
    """Run the station once, with that office as our relay."""

    def run(office: PostOffice, **later: int) -> int:
        settings.RELAY = office.relay()
        return send_due(now=NOON + timedelta(**later))

    return run
