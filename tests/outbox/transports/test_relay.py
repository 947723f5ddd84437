"""The relay, as it is named in the settings."""

import pytest

from tocsin.outbox.transports.relay import Relay


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://127.0.0.1:2525", Relay("127.0.0.1", 2525)),
        ("smtp://localhost", Relay("localhost", 25)),
        ("smtp://[::1]:26", Relay("::1", 26)),
        ("smtps://relay.example", Relay("relay.example", 465, "tls")),
        ("smtp+starttls://relay.example", Relay("relay.example", 587, "starttls")),
        (
            "smtp+starttls://me%40here:p%3Ass@relay.example:2587/",
            Relay("relay.example", 2587, "starttls", "me@here", "p:ss"),
        ),
    ],
)
def test_a_relay_is_read_from_its_address(url: str, relay: Relay) -> None:
    assert Relay.from_url(url) == relay


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("", "must begin with smtp://"),
        ("relay.example:25", "must begin with smtp://"),
        ("http://relay.example", "must begin with smtp://"),
        ("smtps://", "must look like"),
        ("smtps://relay.example/path", "must look like"),
        ("smtps://relay.example?tls=no", "must look like"),
        ("smtp://relay.example", "must not travel in clear"),
        ("smtp://us:secret@relay.example", "must not travel in clear"),
        ("smtps://relay.example:99999", "Port out of range"),
    ],
)
def test_a_relay_that_is_unsafe_or_unreadable_is_refused(url: str, remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        Relay.from_url(url)


def test_a_relay_never_shows_its_password() -> None:
    assert "secret" not in repr(Relay.from_url("smtps://us:secret@relay.example"))
