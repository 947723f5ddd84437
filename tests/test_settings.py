"""Settings: what is unsafe or missing refuses to start, and says what to do."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tocsin import settings
from tocsin.outbox.transports.relay import Relay
from tocsin.outbox.transports.ways import Folder, Provider


@pytest.mark.parametrize(
    "url",
    [
        "https://act.example.org",
        "https://act.example.org/",
        "http://127.0.0.1:8000",
        "http://localhost",
        "http://abcdefghijklmnop.onion",
    ],
)
def test_an_address_that_is_safe_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TOCSIN_BASE_URL", url)
    assert settings.read_base_url() == url.rstrip("/")


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("http://act.example.org", "must be https"),
        ("act.example.org", "must look like"),
        ("https://act.example.org/letters", "must look like"),
        ("ftp://act.example.org", "must look like"),
        ("https://", "must look like"),
        ("", "must look like"),
    ],
)
def test_an_address_that_is_not_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, url: str, remedy: str
) -> None:
    monkeypatch.setenv("TOCSIN_BASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=remedy):
        settings.read_base_url()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_BASE_URL", raising=False)
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_BASE_URL is not set"):
        settings.read_base_url()


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("smtps://us:p%40ss@relay.example.org\n")
    monkeypatch.setenv("TOCSIN_MAIL_URL_FILE", str(tmp_path / "mail"))
    relay = settings.read_ways()["letters"]
    assert isinstance(relay, Relay)
    assert (relay.host, relay.port, relay.security) == ("relay.example.org", 465, "tls")
    assert (relay.user, relay.password) == ("us", "p@ss")
    assert "p@ss" not in repr(relay)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_MAIL_URL_FILE", "/nowhere/mail")
    with pytest.raises(ImproperlyConfigured, match="/nowhere/mail: No such file"):
        settings.read_ways()


def test_a_number_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_WORKERS", "many")
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_WORKERS must be a whole number"):
        settings.read_number("TOCSIN_WORKERS", 1)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://tocsin@/tocsin?host=/run/dir",
            {"NAME": "tocsin", "USER": "tocsin", "HOST": "/run/dir", "PORT": "", "PASSWORD": ""},
        ),
        (
            "postgresql://us:p%40ss@db.example.org:6543/letters?sslmode=verify-full",
            {
                "NAME": "letters",
                "USER": "us",
                "PASSWORD": "p@ss",
                "HOST": "db.example.org",
                "PORT": "6543",
            },
        ),
    ],
)
def test_a_database_is_named_in_libpq_s_words(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    read = settings.read_database()
    assert {name: read[name] for name in expected} == expected


def test_further_words_for_the_database_reach_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.org/x?sslmode=verify-full")
    assert settings.read_database()["OPTIONS"] == {
        "application_name": "tocsin",
        "sslmode": "verify-full",
    }


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://db.example.org", "nonsense"])
def test_another_database_refuses_to_start(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        settings.read_database()


def test_a_secret_key_comes_from_the_directory_of_keys(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("TOCSIN_SECRET_KEY", raising=False)
    monkeypatch.setattr(settings, "KEYS_DIR", tmp_path)
    assert settings.read_secret_key() == ""
    (tmp_path / "django.key").write_text("made by tocsin keys")
    assert settings.read_secret_key() == "made by tocsin keys"


def test_cookies_are_the_office_s_alone() -> None:
    assert settings.SESSION_COOKIE_PATH == settings.CSRF_COOKIE_PATH == "/office/"
    assert settings.SESSION_COOKIE_SAMESITE == "Strict"


def test_there_is_no_debugging_to_be_left_on() -> None:
    assert settings.DEBUG is False


@pytest.mark.parametrize("secret", ["", "hooks:a-secret-of-webhooks", "hooks:with:colons-in-it"])
def test_a_secret_of_the_webhooks_has_a_name_and_a_password(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("TOCSIN_WEBHOOK_SECRET", secret)
    assert settings.read_webhook_secret() == secret


@pytest.mark.parametrize("secret", ["hooks", ":a-secret-of-the-webhooks", "hooks:short", ":"])
def test_a_secret_of_the_webhooks_that_is_none_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("TOCSIN_WEBHOOK_SECRET", secret)
    with pytest.raises(ImproperlyConfigured, match="must look like name:password") as refused:
        settings.read_webhook_secret()
    assert secret not in str(refused.value) or secret == ":"


def test_each_route_may_have_a_way_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_MAIL_URL", "anymail+postmark://:to-ken@")
    monkeypatch.setenv("TOCSIN_CONFIRM_URL", "folder:///var/mail/rehearsal")
    assert settings.read_ways() == {
        "letters": Provider("postmark", {"server_token": "to-ken"}),
        "confirmations": Folder(Path("/var/mail/rehearsal")),
    }


def test_a_way_that_is_none_is_named_by_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_MAIL_URL", "anymail+pigeon://:to-ken@")
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_MAIL_URL: names a provider") as refused:
        settings.read_ways()
    assert "to-ken" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", None),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("[::1]:5353", ("::1", 5353)),
        ("::1", ("::1", 53)),
    ],
)
def test_a_name_server_is_an_address_with_or_without_a_port(
    monkeypatch: pytest.MonkeyPatch, text: str, place: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("TOCSIN_NAMESERVER", text)
    assert settings.read_nameserver() == place


@pytest.mark.parametrize("text", ["dns.example.org", "127.0.0.1:no", "127.0.0.1:99999", "5353"])
def test_what_is_no_address_is_no_name_server(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("TOCSIN_NAMESERVER", text)
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_NAMESERVER must look like"):
        settings.read_nameserver()


def test_the_addresses_of_the_relay_are_parted_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_RELAY_ADDRESSES", raising=False)
    assert settings.read_relay_addresses() == ()
    monkeypatch.setenv("TOCSIN_RELAY_ADDRESSES", " 192.0.2.1  2001:DB8:0::1 ")
    assert settings.read_relay_addresses() == ("192.0.2.1", "2001:db8::1")
    monkeypatch.setenv("TOCSIN_RELAY_ADDRESSES", "relay.example.org")
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_RELAY_ADDRESSES: 'relay"):
        settings.read_relay_addresses()


@pytest.mark.parametrize("url", ["", f"http://{'a2' * 28}.onion", f"https://{'z7' * 28}.onion/"])
def test_an_onion_address_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("TOCSIN_ONION_URL", url)
    assert settings.read_onion_url() == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://abcdefghijklmnop.onion",
        f"{'a2' * 28}.onion",
        f"http://{'a2' * 28}.onion/fr/",
        f"http://{'a1' * 28}.onion",
        f"http://{'a2' * 28}.onion.example.org",
        f"http://{'a2' * 28}.onion\nX: y",
        "https://act.example.org",
    ],
)
def test_what_is_no_onion_address_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TOCSIN_ONION_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"the content of Tor's file hostname, not .*$"):
        settings.read_onion_url()


@pytest.mark.parametrize("url", ["http://www.example.org/", "javascript:alert(1)", "/", "https://"])
def test_the_way_out_leads_to_a_page_that_nobody_can_read_on_the_line(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TOCSIN_EXIT_URL", url)
    with pytest.raises(ImproperlyConfigured, match="TOCSIN_EXIT_URL must look like https"):
        settings.read_exit_url()
