"""A record as it is sealed: JSON, filled up with spaces so that its length does not tell a name."""

import json
from typing import Any, cast

STEP = 512
"""Bytes from one size class to the next."""

FOR_A_PERSON = 1152
"""Bytes that are kept free for what is somebody's own, however short it is: two names of 400, an
address of 254."""

PERSONAL = ("given", "family", "email")


class NotARecord(ValueError):
    """What was sealed is not a record of ours."""


def pack(told: dict[str, Any]) -> bytes:
    """The bytes to seal. Spaces behind JSON mean nothing, so any program can read it.

    How many there are depends on what everybody was asked, and not on who they are.
    """
    plain = _json(told)
    common = _json({**told, **{name: "" for name in PERSONAL if name in told}})
    most = max(len(plain), len(common) + FOR_A_PERSON)
    return plain.ljust(-(-most // STEP) * STEP)


def unpack(plain: bytes) -> dict[str, Any]:
    """What was packed; raises NotARecord."""
    try:
        told = json.loads(plain)
    except (ValueError, RecursionError):
        raise NotARecord("not JSON") from None
    answers = told.get("consents") if isinstance(told, dict) else None
    if not isinstance(answers, list) or not all(isinstance(each, dict) for each in answers):
        raise NotARecord("not a record")
    return cast(dict[str, Any], told)


def _json(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
