"""Signing keys: where they lie, who may read them, what is published of them."""

import base64
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
)

from tests.outbox.identity.receiver import Receiver
from tests.outbox.mails import NOON
from tocsin.outbox.identity.dkim import (
    RSA_BITS,
    KeyExists,
    KeyUnusable,
    SigningKey,
    dns_record,
    dns_strings,
    load_keys,
    make_signing_key,
    sign,
)

DOMAIN = "letters.lumiere.example"
TOO_SHORT = RSA_BITS // 2
MAIL = b"From: a@letters.lumiere.example\r\n\r\nx\r\n"


def named(keys: tuple[SigningKey, ...]) -> list[tuple[str, str, str]]:
    return [(key.domain, key.selector, key.algorithm) for key in keys]


def make_ed25519(directory: Path, *, selector: str, domain: str = DOMAIN) -> Path:
    """A key that is made quickly."""
    return make_signing_key(directory, domain=domain, selector=selector, algorithm="ed25519")


def test_a_key_that_was_made_is_found_and_signs(tmp_path: Path) -> None:
    path = make_signing_key(tmp_path / "dkim", domain=DOMAIN, selector="t2026a")
    assert path == tmp_path / "dkim" / DOMAIN / "t2026a.rsa.pem"
    keys = load_keys(tmp_path / "dkim", domain=DOMAIN)
    assert named(keys) == [(DOMAIN, "t2026a", "rsa")]
    assert Receiver(keys).accepts(sign(MAIL, keys=keys, date=NOON))


def test_only_its_owner_can_read_a_key(tmp_path: Path) -> None:
    directory = tmp_path / "keys" / "dkim"
    path = make_ed25519(directory, selector="e")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["e.ed25519.pem"]


def test_directories_that_others_could_read_are_closed(tmp_path: Path) -> None:
    (tmp_path / "dkim" / DOMAIN).mkdir(parents=True, mode=0o755)
    path = make_ed25519(tmp_path / "dkim", selector="e")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "dkim").stat().st_mode) == 0o700


@pytest.mark.parametrize("algorithm", ["rsa", "ed25519"])
def test_a_key_is_never_overwritten(tmp_path: Path, algorithm: str) -> None:
    path = make_ed25519(tmp_path, selector="e")
    before = path.read_bytes()
    with pytest.raises(KeyExists, match=r"e\.ed25519\.pem is there already") as caught:
        make_signing_key(
            tmp_path,
            domain=DOMAIN,
            selector="E",
            algorithm="rsa" if algorithm == "rsa" else "ed25519",
        )
    assert isinstance(caught.value, FileExistsError)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_of_many_who_make_a_key_at_once_one_does(tmp_path: Path) -> None:
    def make(_: int) -> bool:
        try:
            make_ed25519(tmp_path, selector="e")
        except KeyExists:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(16)))
    assert sorted(made) == [False] * 15 + [True]
    assert named(load_keys(tmp_path, domain=DOMAIN)) == [(DOMAIN, "e", "ed25519")]


def test_keys_come_in_a_fixed_order_with_rsa_first(tmp_path: Path) -> None:
    for selector in ("c", "a"):
        make_ed25519(tmp_path, selector=selector)
    make_signing_key(tmp_path, domain=DOMAIN, selector="b")
    assert named(load_keys(tmp_path, domain=DOMAIN)) == [
        (DOMAIN, "b", "rsa"),
        (DOMAIN, "a", "ed25519"),
        (DOMAIN, "c", "ed25519"),
    ]


def test_a_domain_has_its_own_keys_however_it_is_written(tmp_path: Path) -> None:
    make_ed25519(tmp_path, selector="e", domain="LETTERS.Lumiere.example")
    make_ed25519(tmp_path, selector="o", domain="other.example")
    assert named(load_keys(tmp_path, domain="Letters.LUMIERE.example")) == [
        (DOMAIN, "e", "ed25519")
    ]
    assert load_keys(tmp_path, domain="lumiere.example") == ()
    assert load_keys(tmp_path / "nowhere", domain=DOMAIN) == ()


def test_other_files_beside_the_keys_are_left_alone(tmp_path: Path) -> None:
    path = make_ed25519(tmp_path, selector="e")
    for name in ("README", "e.pem", "e.rsa.pem.old", "tmp1234", "e.rsa.pub"):
        (path.parent / name).write_text("x")
    assert named(load_keys(tmp_path, domain=DOMAIN)) == [(DOMAIN, "e", "ed25519")]


def pem(private: PrivateKeyTypes, *, password: bytes | None = None) -> bytes:
    locked = BestAvailableEncryption(password) if password else NoEncryption()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)


UNUSABLE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "short": ("s.rsa.pem", lambda: pem(generate_private_key(65537, TOO_SHORT)), "has 1024 bits"),
    "wrong_kind": ("s.rsa.pem", lambda: pem(Ed25519PrivateKey.generate()), "another kind"),
    "wrong_name": (
        "s.ed25519.pem",
        lambda: pem(generate_private_key(65537, RSA_BITS)),
        "another kind",
    ),
    "unknown_kind": ("s.ed25519.pem", lambda: pem(Ed448PrivateKey.generate()), "another kind"),
    "empty": ("s.rsa.pem", lambda: b"", "not a private key"),
    "no_key": ("s.rsa.pem", lambda: b"v=DKIM1; k=rsa; p=\xff", "not a private key"),
    "cut": ("s.ed25519.pem", lambda: pem(Ed25519PrivateKey.generate())[:-40], "not a private key"),
    "public": (
        "s.ed25519.pem",
        lambda: (
            Ed25519PrivateKey.generate()
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        ),
        "not a private key",
    ),
    "password": (
        "s.ed25519.pem",
        lambda: pem(Ed25519PrivateKey.generate(), password=b"x"),
        "without a password",
    ),
    "selector": ("s s.ed25519.pem", lambda: pem(Ed25519PrivateKey.generate()), "cannot be"),
    "taken": ("e.rsa.pem", lambda: pem(generate_private_key(65537, RSA_BITS)), "of another key"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_key_that_cannot_be_used_stops_the_signing(tmp_path: Path, kind: str) -> None:
    name, content, complaint = UNUSABLE[kind]
    good = make_ed25519(tmp_path, selector="e")
    bad = good.parent / name
    bad.write_bytes(content())
    with pytest.raises(KeyUnusable, match=complaint) as caught:
        load_keys(tmp_path, domain=DOMAIN)
    said = str(caught.value)
    assert good.parent.joinpath(name if kind != "taken" else "e.ed25519.pem").name in said
    assert said.endswith((".", "DNS."))
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    secrets = [line for line in bad.read_text("latin-1").splitlines() if len(line) > 20]
    assert [line for line in secrets if line in said and "-----" not in line] == []
    bad.unlink()
    assert named(load_keys(tmp_path, domain=DOMAIN)) == [(DOMAIN, "e", "ed25519")]


def test_a_key_that_cannot_be_read_stops_the_signing(tmp_path: Path) -> None:
    path = make_ed25519(tmp_path, selector="e")
    path.unlink()
    path.mkdir()
    with pytest.raises(KeyUnusable, match=r"Cannot read .*e\.ed25519\.pem"):
        load_keys(tmp_path, domain=DOMAIN)
    path.rmdir()
    path.symlink_to(tmp_path / "gone")
    with pytest.raises(KeyUnusable, match=r"Cannot read .*e\.ed25519\.pem"):
        load_keys(tmp_path, domain=DOMAIN)


@pytest.mark.skipif(os.getuid() == 0, reason="root reads every file")
def test_a_key_of_somebody_else_stops_the_signing(tmp_path: Path) -> None:
    path = make_ed25519(tmp_path, selector="e")
    path.chmod(0)
    with pytest.raises(KeyUnusable, match="Permission denied"):
        load_keys(tmp_path, domain=DOMAIN)
    path.parent.chmod(0)
    with pytest.raises(KeyUnusable, match=rf"Cannot read .*{DOMAIN}: Permission denied"):
        load_keys(tmp_path, domain=DOMAIN)
    path.parent.chmod(0o700)


def test_a_file_in_the_place_of_the_directory_is_not_no_keys(tmp_path: Path) -> None:
    (tmp_path / DOMAIN).write_text("x")
    with pytest.raises(KeyUnusable, match="must be a directory"):
        load_keys(tmp_path, domain=DOMAIN)


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../x", "a/b", "a\\b", "a..b", ".a", "a.", "-a", "a-", "a b", "a\n", "é",
     "a;b=", "a\0", "K\u212a", "_a", "a" * 64, ".".join(["a" * 60] * 5)],
)  # fmt: skip
def test_what_is_no_name_in_the_dns_names_no_key(tmp_path: Path, name: str) -> None:
    for make in (
        lambda: make_ed25519(tmp_path / "dkim", selector=name),
        lambda: make_ed25519(tmp_path / "dkim", selector="e", domain=name),
        lambda: load_keys(tmp_path / "dkim", domain=name),
    ):
        with pytest.raises(KeyUnusable, match="cannot be the"):
            make()
    assert list(tmp_path.iterdir()) == []


def test_the_record_of_a_key_holds_its_public_half(tmp_path: Path) -> None:
    make_signing_key(tmp_path, domain=DOMAIN, selector="r1")
    make_ed25519(tmp_path, selector="e1")
    rsa, ed25519 = load_keys(tmp_path, domain=DOMAIN)
    name, text = dns_record(rsa)
    assert name == f"r1._domainkey.{DOMAIN}"
    assert text.startswith("v=DKIM1; k=rsa; p=MII")
    public = base64.b64decode(text.removeprefix("v=DKIM1; k=rsa; p="), validate=True)
    assert load_der_public_key(public) == rsa.private.public_key()
    name, text = dns_record(ed25519)
    assert name == f"e1._domainkey.{DOMAIN}"
    assert text.startswith("v=DKIM1; k=ed25519; p=")
    raw = base64.b64decode(text.removeprefix("v=DKIM1; k=ed25519; p="), validate=True)
    assert raw == ed25519.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@pytest.mark.parametrize(
    ("length", "pieces"), [(0, []), (1, [1]), (255, [255]), (256, [255, 1]), (512, [255, 255, 2])]
)
def test_a_record_is_cut_into_strings_that_a_zone_file_takes(
    length: int, pieces: list[int]
) -> None:
    text = ("0123456789" * 60)[:length]
    assert [len(piece) for piece in dns_strings(text)] == pieces
    assert "".join(dns_strings(text)) == text


def test_a_key_never_shows_what_is_secret(tmp_path: Path) -> None:
    path = make_ed25519(tmp_path, selector="e")
    (key,) = load_keys(tmp_path, domain=DOMAIN)
    assert repr(key) == f"SigningKey(domain='{DOMAIN}', selector='e', algorithm='ed25519')"
    assert path.read_text().splitlines()[1] not in repr(key)
    with pytest.raises(FrozenInstanceError):
        key.selector = "other"  # type: ignore[misc]
    assert replace(key, selector="other").selector == "other"
