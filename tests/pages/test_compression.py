"""Pages travel compressed, and those of the office as they are."""

import gzip

import pytest
from django.test import Client

READS = {"accept-encoding": "gzip"}


@pytest.mark.django_db
def test_a_public_page_is_compressed_for_whoever_can_read_that() -> None:
    plain = Client().get("/fr/privacy/")
    small = Client().get("/fr/privacy/", headers=READS)
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    assert "Accept-Encoding" in small["Vary"]


@pytest.mark.django_db
def test_trouble_is_compressed_too() -> None:
    answer = Client().get("/fr/nothing/", headers=READS)
    assert (answer.status_code, answer["Content-Encoding"]) == (404, "gzip")


@pytest.mark.django_db
def test_the_office_which_has_a_cookie_is_not() -> None:
    assert "Content-Encoding" not in Client().get("/office/login/", headers=READS)
