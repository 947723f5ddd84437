"""The ways out: each address names one, and what is wrong or unsafe is said in a sentence."""

from pathlib import Path

import pytest

from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.ways import Folder, Provider, Way, way_from_url

WAYS: dict[str, tuple[Way, bool]] = {
    "smtp://localhost:2525": (Relay("localhost", 2525), True),
    "smtp+starttls://us:p%40ss@relay.example:587": (
        Relay("relay.example", 587, "starttls", "us", "p@ss"),
        False,
    ),
    "SMTPS://relay.example": (Relay("relay.example", 465, "tls"), False),
    "folder:///var/mail/a%20rehearsal": (Folder(Path("/var/mail/a rehearsal")), True),
    "anymail+postmark://:to-ken@": (Provider("postmark", {"server_token": "to-ken"}), False),
    "anymail+brevo://:a%2Fb%3Ac@": (Provider("brevo", {"api_key": "a/b:c"}), False),
    "anymail+mailgun://:key@mg.example.org?webhook_signing_key=w": (
        Provider(
            "mailgun",
            {"api_key": "key", "sender_domain": "mg.example.org", "webhook_signing_key": "w"},
        ),
        False,
    ),
    "anymail+mailjet://one:two@": (
        Provider("mailjet", {"api_key": "one", "secret_key": "two"}),
        False,
    ),
    "anymail+scaleway://project:key@?region=fr-par": (
        Provider("scaleway", {"project_id": "project", "secret_key": "key", "region": "fr-par"}),
        False,
    ),
    "anymail+unisender-go://:key@go1.example/en/api/v1": (
        Provider("unisender_go", {"api_key": "key", "api_url": "https://go1.example/en/api/v1"}),
        False,
    ),
    "anymail+postmark://:to-ken@?api_url=http://127.0.0.1:8025/": (
        Provider("postmark", {"server_token": "to-ken", "api_url": "http://127.0.0.1:8025/"}),
        True,
    ),
    "anymail+test://": (Provider("test"), True),
}


@pytest.mark.parametrize("url", WAYS)
def test_an_address_names_a_way(url: str) -> None:
    way, stays_here = WAYS[url]
    assert (way_from_url(url), way_from_url(url).stays_here) == (way, stays_here)


WRONG = {
    "": "must begin with smtp://",
    "http://relay.example": "must begin with smtp://",
    "smtp://relay.example": "must not travel in clear",
    "folder://mail/rehearsal": "must look like folder:///absolute/path",
    "folder:///": "must look like folder:///absolute/path",
    "folder:mail": "must begin with",
    "anymail+pigeon://:s3cr3t@": "we can are brevo, mailersend, mailgun, .*, unisender-go",
    "anymail+amazon-ses://:s3cr3t@": "cannot speak to",
    "anymail+://:s3cr3t@": "cannot speak to",
    "anymail+postmark://s3cr3t@": "must look like anymail.postmark://:SERVER_TOKEN@",
    "anymail+postmark://us:s3cr3t@": "must look like anymail.postmark://:SERVER_TOKEN@",
    "anymail+postmark://:s3cr3t@mail.example": "must look like",
    "anymail+postmark://:s3cr3t@/email": "must look like",
    "anymail+postmark://": "must look like",
    "anymail+mailgun://:s3cr3t@": "must look like anymail.mailgun://:API_KEY@mg.example.org",
    "anymail+mailjet://:s3cr3t@": "must look like anymail.mailjet://API_KEY:SECRET_KEY@",
    "anymail+postmark://:s3cr3t@?tag=s3cr3t": "a setting that postmark does not have",
    "anymail+postmark://:s3cr3t@?message_stream=": "or an empty one",
    "anymail+brevo://:s3cr3t@?api_url=http://api.example/": "must begin with https://",
    "anymail+brevo://:s3cr3t@?api_url=ftp://127.0.0.1/": "must begin with https://",
}


@pytest.mark.parametrize("url", WRONG)
def test_what_is_wrong_is_said_without_the_secret(url: str) -> None:
    with pytest.raises(ValueError, match=WRONG[url]) as refused:
        way_from_url(url)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("esp", ESPS)
def test_no_secret_is_in_what_is_printed(esp: str) -> None:
    row = ESPS[esp]
    settings = dict.fromkeys(filter(None, (row.user, row.secret, row.host, *row.more)), "s3cr3t")
    assert repr(Provider(esp, settings)) == f"Provider(esp='{esp}')"
    assert "s3cr3t" not in f"{Provider(esp, settings)}"
