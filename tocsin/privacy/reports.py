"""Reports of what was destroyed: written in the same transaction, signed, chained, verified."""

import hmac
import json
from collections.abc import Mapping
from datetime import date

from tocsin.kit.seal import blind
from tocsin.privacy.memory import RetentionReport


def write_report(
    *, what: str, day: date, on: date, counts: Mapping[str, int], about: str = ""
) -> None:
    """Add one report, in the caller's transaction; the caller sees to it that it is alone."""
    last = RetentionReport.objects.last()
    report = RetentionReport(
        number=last.number + 1 if last else 1,
        what=what,
        day=day,
        about=about,
        on=on,
        counts=dict(counts),
    )
    report.signature = _signature(report, before=bytes(last.signature) if last else b"")
    report.save(force_insert=True)


def find_tampered() -> list[int]:
    """The numbers at which the reports are not as they were written, or one is missing.

    That the newest were taken away cannot be seen. Raises seal.KeyMissing.
    """
    wrong = []
    before, expected = b"", 1
    for report in RetentionReport.objects.all():
        signature = bytes(report.signature)
        is_whole = hmac.compare_digest(signature, _signature(report, before=before))
        if report.number != expected or not is_whole:
            wrong.append(report.number)
        before, expected = signature, report.number + 1
    return wrong


def _signature(report: RetentionReport, *, before: bytes) -> bytes:
    told = [
        report.number,
        report.what,
        report.day.isoformat(),
        report.on.isoformat(),
        sorted(report.counts.items()),
        before.hex(),
        *([report.about] if report.about else []),
    ]
    return blind(json.dumps(told), salt=b"", purpose="retention")
