"""The office knows its own forms; the public pages give nothing away."""

import pytest
from django.conf import settings
from django.test import Client

from tocsin.kit.headers import say


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/office/login/", "same-origin"),
        ("/office/", "same-origin"),
        ("/fr/privacy/", "no-referrer"),
        ("/fr/nothing/", "no-referrer"),
        ("/officers/", "no-referrer"),
    ],
)
def test_only_the_office_may_know_where_a_form_came_from(path: str, policy: str) -> None:
    assert Client().get(path)["Referrer-Policy"] == policy


@pytest.mark.django_db
def test_the_office_asks_nobody_outside_and_is_framed_by_nobody_else() -> None:
    policy = Client().get("/office/login/")["Content-Security-Policy"]
    assert policy == say(settings.OFFICE_CSP)
    words = {source for each in settings.OFFICE_CSP.values() for source in each}
    assert words == {"'none'", "'self'", "'unsafe-inline'", "blob:", "data:"}
    assert settings.OFFICE_CSP["frame-ancestors"] == ["'self'"]


@pytest.mark.django_db
def test_a_form_of_the_office_from_elsewhere_is_refused_under_its_policy() -> None:
    answer = Client(enforce_csrf_checks=True).post("/office/login/", {"username": "chiara"})
    assert answer.status_code == 403
    assert answer["Content-Security-Policy"] == say(settings.OFFICE_CSP)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Permissions-Policy"]
