"""The proof of the outbox: nothing is lost between two states, and nobody holds what he left."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.outbox.rows import rows

CHECKS = (
    """
    SELECT 'sent, and no attempt that was taken or in doubt', id::text
    FROM tocsin_message AS message WHERE state IN ('sent', 'delivered', 'bounced')
    AND NOT EXISTS (SELECT FROM tocsin_attempt AS attempt WHERE attempt.message_id = message.id
                    AND outcome IN ('sent', 'in_doubt'))
    """,
    """
    SELECT 'being handed over, and no attempt is under way', id::text
    FROM tocsin_message AS message WHERE state = 'sending'
    AND (tried = 0 OR EXISTS (SELECT FROM tocsin_attempt AS attempt
                              WHERE attempt.message_id = message.id AND number >= tried))
    """,
    # A number may be missing: of a try in which not a word was said no attempt is kept.
    """
    SELECT 'an attempt with a number that was never given', message.id::text
    FROM tocsin_attempt AS attempt
    JOIN tocsin_message AS message ON message.id = attempt.message_id
    WHERE number NOT BETWEEN 1 AND tried
    """,
    """
    SELECT 'more attempts counted than there were', id::text
    FROM tocsin_message AS message WHERE attempts > 0
    AND attempts > (SELECT count(*) FROM tocsin_attempt AS attempt
                    WHERE attempt.message_id = message.id)
    """,
    """
    SELECT 'in nobody''s hand, and yet on lease', id::text FROM tocsin_message
    WHERE state NOT IN ('leased', 'sending')
    AND (lease_owner IS NOT NULL OR lease_until IS NOT NULL)
    """,
    """
    SELECT 'waits, and there is nothing in it', id::text FROM tocsin_message AS message
    WHERE state IN ('ready', 'leased', 'sending')
    AND NOT EXISTS (SELECT FROM tocsin_messagecontent AS content
                    WHERE content.message_id = message.id)
    """,
)
"""Each a question for what must not be: its name, and the ids of what is so."""

FIND = """
    SELECT name, count(*), (array_agg(id ORDER BY id))[1:5]
    FROM ({checks}) AS broken (name, id) GROUP BY name ORDER BY name
"""

# The lock of a living worker, of which PostgreSQL keeps the two halves of the number.
IN_DEAD_HANDS = """
    SELECT id::text FROM tocsin_message
    WHERE state IN ('leased', 'sending') AND id::text = ANY(%(among)s)
    AND lease_owner NOT IN (
        SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
    ORDER BY 1
"""
IN_HAND = "SELECT id::text FROM tocsin_message WHERE state IN ('leased', 'sending')"


@dataclass(frozen=True)
class Broken:
    """A rule that does not hold: for how many, and the ids of the first."""

    rule: str
    number: int
    first: tuple[str, ...]


def find_broken(checks: Iterable[str]) -> tuple[Broken, ...]:
    """Ask all of it in one statement, so that it is about one moment while others work."""
    found = rows(FIND.format(checks=" UNION ALL ".join(checks)))
    return tuple(Broken(name, number, tuple(first)) for name, number, first in found)


def find_orphans() -> tuple[Broken, ...]:
    """Messages in the hand of a worker that is dead, and that nobody has taken back yet.

    Asked twice: a worker that ends properly lets go of its messages before it lets go of its lock,
    so what is still in a dead hand the second time is no accident of the moment.
    """
    among = [row[0] for row in rows(IN_HAND)]
    for _ in range(2):
        among = [row[0] for row in rows(IN_DEAD_HANDS, among=among)] if among else []
    if not among:
        return ()
    return (Broken("in the hand of a worker that is dead", len(among), tuple(among[:5])),)
