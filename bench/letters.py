"""Letters by the thousand, as post_message() would leave them, written in bulk."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from bench.sinks import CONNECTIONS, LETTER_BYTES
from tocsin.kit.seal import seal
from tocsin.outbox.compose import Mail, compose
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.post import read_envelope
from tocsin.outbox.routes import Mailing, Route, SendingDomain

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SENDER = "amina.yusuf.4821@{domain}"
TO = "to-be-replaced@mfa.example"
EMPTY = (
    "tocsin_attempt, tocsin_messagecontent, tocsin_message, tocsin_mailing, tocsin_mailbox,"
    " tocsin_maildomain, tocsin_incident, procrastinate_jobs, procrastinate_events"
)


def lay_out(
    *,
    mailboxes: int,
    domains: int,
    per_hour: int,
    box_per_hour: int,
    burst: int,
    connections: int,
    share: int = CONNECTIONS,
) -> None:
    """An empty outbox with so many mailboxes, spread evenly over so many mail domains.

    A worker may have `share` of the connections to the relay.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {EMPTY} CASCADE")
    Route.objects.update_or_create(
        name="letters",
        defaults={"number": 1, "connections": CONNECTIONS, "share": share, "open_until": None},
    )
    places = MailDomain.objects.bulk_create(
        MailDomain(
            name=f"mfa{number}.example", per_hour=per_hour, burst=burst, connections=connections
        )
        for number in range(domains)
    )
    Mailbox.objects.bulk_create(
        Mailbox(
            address=f"minister{number}@{places[number % domains].name}",
            domain=places[number % domains],
            per_hour=box_per_hour,
        )
        for number in range(mailboxes)
    )


def fill(*, count: int, sealed: int, domain: str = "letters.example", doubts: str = "") -> None:
    """So many letters that are due, in turns to each mailbox, the first `sealed` with content.

    With `doubts` they belong to a mailing of that policy.
    """
    ours, _ = SendingDomain.objects.get_or_create(
        name=domain, defaults={"bounce_domain": f"bounce.{domain}", "reserved": True}
    )
    mailing = Mailing.objects.create(doubts=doubts).pk if doubts else None
    boxes = list(Mailbox.objects.order_by("pk").values_list("pk", "address"))
    ids = [uuid.uuid4() for _ in range(count)]
    _copy(
        "tocsin_message (id, lane, mailbox_id, sending_domain_id, mailing_id, state, reason,"
        " priority, due_at, attempts, tried, doubts, lease_number)",
        (
            (
                *(each, "letter", boxes[number % len(boxes)][0], ours.pk, mailing, "ready", "", 20),
                *(NOON - timedelta(seconds=count - number), 0, 0, 0, 0),
            )
            for number, each in enumerate(ids)
        ),
    )
    _copy(
        "tocsin_messagecontent (message_id, sealed)",
        _contents(ids[:sealed], addresses=[address for _, address in boxes], domain=domain),
    )
    with connection.cursor() as cursor:
        # As PostgreSQL does by itself after a while; a run of seconds would not see it.
        cursor.execute("VACUUM ANALYZE tocsin_message, tocsin_messagecontent, tocsin_mailbox")
    if sealed:
        assert read_envelope(Message.objects.get(pk=ids[0])).recipient == boxes[0][1]  # noqa: S101


def a_mail(*, domain: str, message_id: str) -> bytes:
    """A letter of 4 KB, but for who it goes to."""
    words = "We ask you, with all respect, to end this injustice now.\n"
    text = ""
    while True:
        mail = Mail(
            sender_name="Amina Yusuf via Lumière",
            sender=SENDER.format(domain=domain),
            recipient_name="Ministry of Foreign Affairs",
            recipient=TO,
            reply_to=("Amina Yusuf", "amina@mailbox.example"),
            subject="Libérez les personnes détenues",
            text=f"Madam, Sir,\n\n{text}\nAmina Yusuf\n",
            language="en",
        )
        made = compose(mail, message_id=message_id, date=NOON)
        if len(made) >= LETTER_BYTES:
            return made
        text += words


def _contents(
    ids: list[uuid.UUID], *, addresses: list[str], domain: str
) -> Iterator[tuple[uuid.UUID, bytes]]:
    mark = uuid.uuid4().hex
    pattern = a_mail(domain=domain, message_id=f"{mark}@{domain}")
    sender = f"bounce@{domain}".encode()
    for number, each in enumerate(ids):
        recipient = addresses[number % len(addresses)].encode()
        mail = pattern.replace(mark.encode(), each.hex.encode()).replace(TO.encode(), recipient)
        plain = b"\n".join([sender, recipient, mail])
        yield each, seal(plain, day=NOON.date(), about=f"message:{each}")


def _copy(table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        # What the rows refer to was read a moment ago: it need not be looked up a million times.
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")
