"""What the outbox's tests ask for: a run of the send station."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from tests.outbox.mails import NOON, Deliver
from tests.post_office import PostOffice
from tocsin.outbox import send
from tocsin.outbox.send import send_due
from tocsin.outbox.transports.smtp import Waits

QUICK = Waits(connect=2, command=0.5, body=0.5, dot=0.8, farewell=0.3)


@pytest.fixture
def deliver(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Run the station once, with that office as our relay and little patience."""
    monkeypatch.setattr(send, "WAITS", QUICK)

    def run(office: PostOffice, **later: int) -> int:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.relay())
        return send_due(now=NOON + timedelta(**later))

    return run
