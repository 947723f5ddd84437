"""Exports for these tests: records of the cast, as many as one likes."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from tests.readers.cast import a_list, signed
from tocsin.kit.age import seal_for
from tocsin.readers.record import pack
from tocsin.readers.records_file import Sealed, write_records
from tocsin.readers.signed_list import ReaderList

CONSENT = {
    "purpose": "news",
    "given": True,
    "day": "2026-03-10",
    "language": "fr",
    "version": 1,
    "words": "Voulez-vous recevoir des nouvelles ?",
}


def a_record(number: int, **changes: Any) -> dict[str, Any]:
    """Who took part, but for the changes."""
    return {
        "version": 1,
        "id": f"id-{number}",
        "organisation": "table",
        "campaign": "families",
        "day": "2026-03-10",
        "given": f"Amina {number}",
        "family": "Yusuf",
        "email": f"amina{number}@mail.example",
        "country": "FR",
        "language": "fr",
        "consents": [CONSENT],
        **changes,
    }


def sealed(
    record: dict[str, Any],
    *,
    later: dict[str, Any] | None = None,
    readers: ReaderList | None = None,
) -> Sealed:
    """The record as the server keeps it."""
    readers = readers or a_list()
    return Sealed(
        seal_for(pack(record), readers.keys),
        readers.fingerprint,
        seal_for(pack(later), readers.keys) if later else b"",
        readers.fingerprint if later else "",
    )


def exported(records: Iterable[Sealed], *, lists: Iterable[ReaderList] = ()) -> bytes:
    """The file of an export; without lists, with that of the cast."""
    known = {each.fingerprint: signed(each) for each in (tuple(lists) or (a_list(),))}
    file = BytesIO()
    write_records(
        file, organisation="table", campaign="families", records=records, find_list=known.get
    )
    return file.getvalue()
