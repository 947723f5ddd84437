"""Look for one person in every table, in clear and behind every seal that still opens."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection

from tests.factories import AMINA
from tests.readers.cast import opened
from tocsin.actions.guard import _index as guard_blind
from tocsin.actions.models import Action
from tocsin.actions.take import action_blind
from tocsin.actions.words import Words, open_words
from tocsin.campaigns.models import Campaign
from tocsin.kit.addresses import canonical
from tocsin.kit.seal import blind
from tocsin.outbox.models import MessageContent
from tocsin.outbox.post import open_envelope
from tocsin.privacy.ask import data_mail_blind
from tocsin.supporters.models import SealedRecord, Supporter
from tocsin.supporters.person import open_person

WORDS = Words(own="Her canary sings.", body="A letter of her own, with a canary.")
TELLING = ("amina", "yusuf", "canary")


@dataclass(frozen=True)
class Found:
    """Where something of her is."""

    table: str
    what: str


def hashes_of_amina() -> list[bytes]:
    """By which she is recognised, in each campaign that still can."""
    hashes = [action_blind(campaign, AMINA.address) for campaign in Campaign.objects.all()]
    return [*hashes, data_mail_blind(AMINA.address)]


def traces_of_amina(*, hashes: list[bytes] | None = None) -> list[Found]:
    """Every row of ours that holds her names, address or words, or a hash of her address.

    But for the guard's hash, which has its own end.
    """
    hashes = hashes_of_amina() if hashes is None else hashes
    in_clear = [
        Found(table, column)
        for table, column, value in _cells()
        if any(word in _text(value) for word in TELLING)
        or any(_bytes(value) == each for each in hashes)
    ]
    return in_clear + [
        Found(table, "sealed")
        for table, plain in _unsealed()
        if any(word in plain.lower() for word in TELLING)
    ]


def is_guarded() -> bool:
    """Whether the guard still knows a hash of her address."""
    mine = blind(canonical(AMINA.address), salt=b"", purpose="guard")
    assert mine == guard_blind(AMINA.address)
    return any(_bytes(value) == mine for _table, _column, value in _cells())


def _cells() -> list[tuple[str, str, object]]:
    cells: list[tuple[str, str, object]] = []
    models = apps.get_app_config("tocsin").get_models(include_auto_created=True)
    tables = [model._meta.db_table for model in models]
    for table in [*tables, "procrastinate_jobs", "procrastinate_events"]:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            columns = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                cells += [(table, name, value) for name, value in zip(columns, row, strict=True)]
    return cells


def _unsealed() -> list[tuple[str, str]]:
    people = [
        ("supporter", repr(open_person(each))) for each in Supporter.objects.exclude(sealed=b"")
    ]
    words = [
        ("action", repr(open_words(each))) for each in Action.objects.exclude(sealed_words=b"")
    ]
    mails = [
        ("content", repr(open_envelope(message_id=each.pk, sealed=bytes(each.sealed))))
        for each in MessageContent.objects.all()
    ]
    records = [
        ("record", repr(opened(sealed)))
        for each in SealedRecord.objects.all()
        for sealed in (each.sealed, each.later)
        if sealed
    ]
    return people + words + mails + records


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _text(value: object) -> str:
    return (_bytes(value).decode("latin-1") or str(value)).lower()
