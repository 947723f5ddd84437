"""The life of one action, as a table."""

from tocsin.kit.states import State

ACTION = {
    "pending": State(
        meaning="waits for the person to confirm by mail",
        to=("released",),
    ),
    "released": State(
        meaning="confirmed by the person; its letters are about to be written",
        to=("written",),
    ),
    "written": State(meaning="its letters are in the outbox"),
}
"""A person who says "it wasn't me" has no state here: the row is gone."""
