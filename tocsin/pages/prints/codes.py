"""The QR code of an address: as rows of squares, and as a file to put anywhere."""

import io

import segno

BORDER = 4
"""So many squares of white around it are needed to find it (ISO/IEC 18004)."""

PIXELS = 16
"""The side of a square in the PNG: sharp in print at any size that a hand holds."""


def rows_of(address: str) -> tuple[tuple[bool, ...], ...]:
    """Row by row which squares are black, its border included."""
    return tuple(tuple(map(bool, row)) for row in _code(address).matrix_iter(border=BORDER))


def as_svg(address: str) -> bytes:
    """As a drawing."""
    file = io.BytesIO()
    _code(address).save(file, kind="svg", border=BORDER, light="#fff", xmldecl=False)
    return file.getvalue()


def as_png(address: str) -> bytes:
    """As a picture."""
    file = io.BytesIO()
    _code(address).save(file, kind="png", border=BORDER, scale=PIXELS)
    return file.getvalue()


def _code(address: str) -> segno.QRCode:
    # A fold or a stain may take a seventh of it.
    return segno.make(address, error="m", micro=False)
