"""What the tests of the office ask for: Chiara's browser, an outbox; a stranger is a `Client()`."""

import pytest
from django.test import Client

from tests.office.desk import Outbox, an_outbox, chiara


@pytest.fixture
def client() -> Client:
    """Chiara's browser."""
    return chiara()


@pytest.fixture
def outbox() -> Outbox:
    """One of each thing."""
    return an_outbox()
