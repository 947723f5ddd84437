"""Who can open the records of each organisation, and that nobody could here."""

import os
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from tocsin.actions.readers import SOON
from tocsin.campaigns.sealed_for import lists_dir
from tocsin.kit.age import SECRET_MARK
from tocsin.organisations.models import Organisation
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong
from tocsin.readers.files import NoReaders, readers_of
from tocsin.readers.signed_list import SIGNER_MARK, in_groups

MOST_OF_A_FILE = 64 * 1024


def look_at_readers(*, today: date) -> list[Finding]:
    """The list of readers of each organisation, and private keys where none may be."""
    try:
        slugs = list(Organisation.objects.order_by("slug").values_list("slug", flat=True))
    except DatabaseError:
        found = "which organisations there are, the database cannot tell now"
        return [unknown("readers", found), _no_private_key()]
    return [_readers(slug, today=today) for slug in slugs] + [_no_private_key()]


def _readers(slug: str, *, today: date) -> Finding:
    name = f"readers of {slug}"
    try:
        readers = readers_of(lists_dir(), slug, day=today)
    except NoReaders as error:
        remedy = (
            "Nothing is taken for it until there is one. On a machine of the organisation: "
            f"tocsin keys new {slug} DIR (or: keys change); here: tocsin keys accept FILE"
        )
        return wrong(name, str(error), remedy)
    labels = ", ".join(each.label for each in readers.everybody)
    found = (
        f"list {readers.number}, {in_groups(readers.fingerprint)}, until {readers.until}: {labels}"
    )
    if readers.until - today < SOON:
        return well(name, found, "Soon it does not count any more: tocsin keys change, then accept")
    return well(name, found)


def _no_private_key() -> Finding:
    marks = (SECRET_MARK.encode(), SIGNER_MARK.encode())
    found = [path for path in _files(Path(settings.KEYS_DIR)) if _holds(path, marks)]
    if not found:
        return well("private keys", "none of a reader or a signer is beside our keys")
    remedy = (
        "Take it away, and hold it for known to others: tocsin keys change --remove its reader, "
        "and tocsin keys accept the new list"
    )
    return wrong("private keys", f"one lies in {', '.join(map(str, found))}", remedy)


def _files(directory: Path) -> list[Path]:
    return [
        Path(place) / name for place, _places, names in os.walk(directory) for name in sorted(names)
    ]


def _holds(path: Path, marks: tuple[bytes, ...]) -> bool:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_OF_A_FILE)
    except OSError:
        return False
    return any(mark in content for mark in marks)
