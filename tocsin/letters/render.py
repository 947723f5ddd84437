"""From the parts of a letter to its text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parts:
    """What a letter is made of, in order; empty parts are left out."""

    salutation: str
    opening: str
    own: str
    body: str
    fixed: str
    closing: str
    name: str
    place: str
    note: str


def render_text(parts: Parts) -> str:
    """The letter as plain text: paragraphs parted by an empty line, a final line feed."""
    signature = "\n".join(line for line in (parts.name, parts.place) if line)
    paragraphs = (
        parts.salutation,
        parts.opening,
        parts.own,
        parts.body,
        parts.fixed,
        parts.closing,
        signature,
        parts.note,
    )
    return "\n\n".join(text.strip() for text in paragraphs if text.strip()) + "\n"
