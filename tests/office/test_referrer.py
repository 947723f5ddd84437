"""The office knows its own forms; the public pages give nothing away."""

import pytest
from django.test import Client


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
def test_only_the_office_may_know_where_a_form_came_from(
    client: Client, path: str, policy: str
) -> None:
    assert client.get(path)["Referrer-Policy"] == policy
