"""The peer: what one builds without thinking, from Django's mail, dkimpy and the library's SMTP."""

import smtplib
import time
from typing import Any

import dkim
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core.mail import EmailMessage  # noqa: TID251 - it is the peer that is measured
from django.db import connection, transaction

from bench.letters import SENDER, a_mail
from tocsin.outbox.identity.dkim import load_keys

DOMAIN = "signed.example"
TABLE = """
    DROP TABLE IF EXISTS plain_mail;
    CREATE TABLE plain_mail (
        id bigserial PRIMARY KEY, sender text, recipient text, subject text, body text,
        state text NOT NULL DEFAULT 'ready');
    CREATE INDEX ON plain_mail (id) WHERE state = 'ready'
"""
NEXT = """
    SELECT id, sender, recipient, subject, body FROM plain_mail WHERE state = 'ready'
    ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""


def send(*, count: int, port: int) -> dict[str, Any]:
    """Send so many letters one after the other: a row, a mail, a commit. It stays connected."""
    _lay_out(count)
    [key] = load_keys(settings.KEYS_DIR / "dkim", domain=DOMAIN)
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    began, cpu = time.perf_counter(), time.process_time()
    sent = 0
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as line:
        while _send_next(line, selector=key.selector.encode(), pem=pem):
            sent += 1
    return {
        "letters": sent,
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
    }


def _lay_out(count: int) -> None:
    body = a_mail(domain=DOMAIN, message_id=f"1@{DOMAIN}").decode().partition("\r\n\r\n")[2]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.executemany(
            "INSERT INTO plain_mail (sender, recipient, subject, body) VALUES (%s, %s, %s, %s)",
            [
                (SENDER.format(domain=DOMAIN), f"minister{number}@mfa.example", "Libérez", body)
                for number in range(count)
            ],
        )


def _send_next(line: smtplib.SMTP, *, selector: bytes, pem: bytes) -> bool:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(NEXT)
        row = cursor.fetchone()
        if row is None:
            return False
        number, sender, recipient, subject, body = row
        made = EmailMessage(subject, body, sender, [recipient]).message()
        mail = made.as_bytes().replace(b"\n", b"\r\n")
        mail = dkim.sign(mail, selector, DOMAIN.encode(), pem) + mail
        line.sendmail(sender, [recipient], mail)
        cursor.execute("UPDATE plain_mail SET state = 'sent' WHERE id = %s", [number])
    return True
