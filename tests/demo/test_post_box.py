"""The post box: what it answered for lies on the disk, to the byte."""

import os
import shutil
import smtplib
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.demo.eml import NAME
from tocsin.demo.post_box import PostBox, store_mail

LETTER = b"Subject: Free them\r\nFrom: a@x.example\r\n\r\nOne.\r\n.\r\n..\r\n\tTwo \xff\xfe\r\n"


@pytest.fixture
def box(tmp_path: Path) -> Iterator[PostBox]:
    with PostBox(tmp_path / "mail", port=0) as box:
        yield box


@pytest.fixture
def client(box: PostBox) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", box.port, local_hostname="amina.test", timeout=10) as client:
        yield client


def stored(box: PostBox) -> list[bytes]:
    return [path.read_bytes() for path in sorted(box.directory.glob("*.eml"))]


def test_a_mail_is_kept_byte_for_byte_below_its_envelope(
    box: PostBox, client: smtplib.SMTP
) -> None:
    client.sendmail("amina@letters.example", ["ministry@x.example", "embassy@x.example"], LETTER)
    assert stored(box) == [
        b"X-Envelope-From: <amina@letters.example>\r\n"
        b"X-Envelope-To: ministry@x.example, embassy@x.example\r\n" + LETTER
    ]


def test_it_lies_there_before_the_client_hears_250(box: PostBox, client: smtplib.SMTP) -> None:
    client.ehlo()
    client.mail("a@x.example")
    client.rcpt("b@x.example")
    client.docmd("DATA")
    assert stored(box) == []
    client.send(b"Subject: Now\r\n\r\nNow.\r\n.\r\n")
    code, _ = client.getreply()
    assert code == 250
    assert len(stored(box)) == 1


def test_a_mail_cut_off_in_the_middle_is_not_kept(box: PostBox) -> None:
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as line:
        reader = line.makefile("rb")
        for words in (b"EHLO x.test", b"MAIL FROM:<a@x.test>", b"RCPT TO:<b@x.test>", b"DATA"):
            line.sendall(words + b"\r\n")
        while not reader.readline().startswith(b"354"):
            pass
        line.sendall(b"Subject: Never ends\r\n\r\nI was about to")
        reader.close()
    with smtplib.SMTP("127.0.0.1", box.port, local_hostname="amina.test", timeout=10) as client:
        client.sendmail("a@x.example", ["b@x.example"], LETTER)
    assert len(list(box.directory.iterdir())) == 1


def test_a_bounce_has_an_empty_sender(box: PostBox, client: smtplib.SMTP) -> None:
    client.sendmail("", ["amina@letters.example"], LETTER)
    assert stored(box)[0].startswith(b"X-Envelope-From: <>\r\n")


def test_addresses_in_every_script_are_kept(box: PostBox, client: smtplib.SMTP) -> None:
    client.ehlo()
    client.sendmail("ئامىنە@x.example", ["部@x.example"], LETTER, mail_options=["SMTPUTF8"])
    head = stored(box)[0].decode("utf-8", "replace").splitlines()[:2]
    assert head == ["X-Envelope-From: <ئامىنە@x.example>", "X-Envelope-To: 部@x.example"]


@pytest.mark.parametrize("trick", [b"\rX-Evil: 1", b"\nX-Evil: 1", b"\x00", b"\x0bX-Evil: 1"])
def test_an_address_adds_no_header(box: PostBox, trick: bytes) -> None:
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as line:
        line.sendall(
            b"EHLO x.test\r\nMAIL FROM:<a@x.test>\r\n"
            b'RCPT TO:<"b' + trick + b'"@x.test>\r\nRCPT TO:<c@x.test>\r\n'
            b"DATA\r\nSubject: Hm\r\n\r\nHm.\r\n.\r\nQUIT\r\n"
        )
        with line.makefile("rb") as reader:
            reader.read()
    for raw in stored(box):
        names = [head.partition(b":")[0] for head in raw.partition(b"\r\n\r\n")[0].splitlines()]
        assert names == [b"X-Envelope-From", b"X-Envelope-To", b"Subject"]


def test_a_mail_of_31_mb_is_refused_and_one_of_20_kept(box: PostBox, client: smtplib.SMTP) -> None:
    line = b"x" * 998 + b"\r\n"
    client.sendmail("a@x.example", ["b@x.example"], line * 20_000)
    with pytest.raises(smtplib.SMTPResponseException, match="552"):
        client.sendmail("a@x.example", ["b@x.example"], line * 32_000)
    assert [len(raw) > 20_000_000 for raw in stored(box)] == [True]


def test_where_nothing_can_be_stored_the_client_is_told_to_come_again(
    box: PostBox, client: smtplib.SMTP
) -> None:
    shutil.rmtree(box.directory)
    with pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("a@x.example", ["b@x.example"], LETTER)
    assert refused.value.smtp_code == 452
    box.directory.mkdir()
    assert client.sendmail("a@x.example", ["b@x.example"], LETTER) == {}


def test_two_hundred_mails_at_once_all_arrive_in_files_of_their_own(box: PostBox) -> None:
    def send(sender: int) -> None:
        with smtplib.SMTP("127.0.0.1", box.port, local_hostname="x.test", timeout=30) as client:
            for number in range(20):
                client.sendmail(f"{sender}.{number}@x.example", ["b@x.example"], LETTER)

    threads = [threading.Thread(target=send, args=(sender,)) for sender in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    senders = {raw.split(b"\r\n")[0] for raw in stored(box)}
    assert len(stored(box)) == len(senders) == 200


def test_names_sort_in_the_order_of_arrival(tmp_path: Path) -> None:
    names = [store_mail(tmp_path, b"").stem for _ in range(300)]
    assert names == sorted(names)
    assert all(NAME.fullmatch(name) for name in names)


def test_files_and_folder_are_private(box: PostBox, client: smtplib.SMTP) -> None:
    assert stat.S_IMODE(box.directory.stat().st_mode) == 0o700
    before = os.umask(0o022)
    try:
        client.sendmail("a@x.example", ["b@x.example"], LETTER)
    finally:
        os.umask(before)
    assert [path.suffix for path in box.directory.iterdir()] == [".eml"]


def test_what_a_killed_box_half_wrote_is_cleared_away(tmp_path: Path) -> None:
    half = tmp_path / ".20260310T094127.000000Z-000000-00000000.part"
    half.write_bytes(b"Subject: hal")
    with PostBox(tmp_path, port=0):
        assert not half.exists()


def test_a_taken_port_is_an_os_error(box: PostBox, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Address already in use"):
        PostBox(tmp_path, port=box.port).start()


def test_it_closes_at_once_though_a_client_hangs_on(tmp_path: Path) -> None:
    box = PostBox(tmp_path, port=0)
    box.start()
    with socket.create_connection(("127.0.0.1", box.port), timeout=10) as line:
        assert line.recv(100).startswith(b"220 post-box.localhost")
        box.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", box.port), timeout=2).close()


def test_it_listens_on_loopback_alone(box: PostBox) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", box.port), timeout=2).close()
