"""The life of one action, as a table."""

from tocsin.kit.states import State

ACTION = {
    "pending": State(
        meaning="waits for the person to confirm by mail",
        to=("released",),
    ),
    "released": State(
        meaning="confirmed by the person; its letters are about to be written, if it has any",
        to=("written", "lent"),
    ),
    "written": State(meaning="its letters are in the outbox"),
    "lent": State(meaning="a voice for the collective letter; nothing is written of its own"),
}
"""A person who says "it wasn't me" has no state here: the row is gone."""

UNCONFIRMED_DAYS = 4
"""An action that nobody confirms is erased on the fourth day after the one it was written on: it
had its 72 hours, in whole days, since no finer time is kept of it."""
