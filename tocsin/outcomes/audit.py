"""The proof that no letter is lost: confirmed, written, and in exactly one state each."""

from dataclasses import dataclass

from tocsin.outbox import audit as outbox
from tocsin.outbox.audit import Broken
from tocsin.outbox.rows import rows

COUNTS = """
    SELECT 'letters', '', count(*) FROM tocsin_letter
    UNION ALL SELECT 'state', state, count(*) FROM tocsin_message WHERE lane = 'letter' GROUP BY 2
    UNION ALL SELECT 'confirmed', '', count(*) FROM tocsin_action WHERE state <> 'pending'
    UNION ALL SELECT 'written', '', count(*) FROM tocsin_action WHERE state = 'written'
    UNION ALL SELECT 'uncounted', '', count(*) FROM tocsin_action
        WHERE state <> 'pending' AND NOT counted
    UNION ALL SELECT 'tally', '', coalesce(sum(confirmed), 0) FROM tocsin_tally
    UNION ALL SELECT 'erased', '', coalesce(sum(erased), 0) FROM tocsin_tally
"""

CHECKS = (
    """
    SELECT 'written, and no letter of it', id::text FROM tocsin_action AS action
    WHERE state = 'written'
    AND NOT EXISTS (SELECT FROM tocsin_letter WHERE action_id = action.id)
    """,
    """
    SELECT 'not written, and yet a letter of it', id::text FROM tocsin_action AS action
    WHERE state <> 'written' AND EXISTS (SELECT FROM tocsin_letter WHERE action_id = action.id)
    """,
    """
    SELECT 'a letter without a message in its lane', letter.id::text FROM tocsin_letter AS letter
    LEFT JOIN tocsin_message AS message
        ON message.id = letter.message_id AND lane = 'letter'
    WHERE message.id IS NULL
    """,
    """
    SELECT 'a message in the lane of letters without a letter', message.id::text
    FROM tocsin_message AS message LEFT JOIN tocsin_letter AS letter
        ON letter.message_id = message.id
    WHERE lane = 'letter' AND letter.id IS NULL
    """,
    """
    SELECT 'a campaign whose number is not that of its counted actions', campaign.id::text
    FROM tocsin_campaign AS campaign LEFT JOIN tocsin_tally AS tally
        ON tally.campaign_id = campaign.id
    WHERE coalesce(confirmed - erased, 0) <> (
        SELECT count(*) FROM tocsin_action AS action WHERE action.campaign_id = campaign.id
        AND state <> 'pending' AND counted)
    """,
)


@dataclass(frozen=True)
class Audit:
    """What was counted, all at one moment, and every rule that does not hold."""

    letters: int
    states: dict[str, int]
    confirmed: int
    written: int
    uncounted: int
    tally: int
    erased: int
    broken: tuple[Broken, ...]

    @property
    def difference(self) -> int:
        """Letters written less the sum over all states, and actions confirmed less the tally.

        An action that was erased is counted, and is not there any more.
        """
        return abs(self.letters - sum(self.states.values())) + abs(
            self.confirmed - self.uncounted - (self.tally - self.erased)
        )

    @property
    def holds(self) -> bool:
        """Whether there is nothing to look after."""
        return self.difference == 0 and not self.broken


def audit() -> Audit:
    """Prove it; reads everything, changes nothing, and may be asked while workers run."""
    counts: dict[str, int] = {}
    states: dict[str, int] = {}
    for what, state, number in rows(COUNTS):
        (states if what == "state" else counts)[state or what] = int(number)
    broken = outbox.find_broken((*CHECKS, *outbox.CHECKS))
    return Audit(
        letters=counts["letters"],
        states=states,
        confirmed=counts["confirmed"],
        written=counts["written"],
        uncounted=counts["uncounted"],
        tally=counts["tally"],
        erased=counts["erased"],
        broken=(*broken, *outbox.find_orphans()),
    )
