"""What a transport is given: from whom, to whom, the bytes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Envelope:
    """One mail as it is handed over.

    `ref` names message and attempt to a provider that does not let us choose the envelope sender.
    """

    sender: str
    recipient: str
    mail: bytes
    ref: str = ""
