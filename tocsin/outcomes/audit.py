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
    UNION ALL SELECT 'voices', '', coalesce(sum(voices), 0) FROM tocsin_tally
    UNION ALL SELECT 'collective', '', count(*) FROM tocsin_collectiveletter
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
    AND NOT EXISTS (SELECT FROM tocsin_collectiveletter WHERE message_id = message.id)
    """,
    """
    SELECT 'a collective letter without a message of its own in its lane', letter.id::text
    FROM tocsin_collectiveletter AS letter
    LEFT JOIN tocsin_message AS message
        ON message.id = letter.message_id AND lane = 'letter'
    WHERE message.id IS NULL
    OR EXISTS (SELECT FROM tocsin_letter AS own WHERE own.message_id = letter.message_id)
    """,
    """
    SELECT 'an edition that went to nobody', id::text FROM tocsin_edition AS edition
    WHERE NOT EXISTS (SELECT FROM tocsin_collectiveletter WHERE edition_id = edition.id)
    """,
    """
    SELECT 'an edition that tells more voices than were counted', edition.id::text
    FROM tocsin_edition AS edition LEFT JOIN tocsin_tally AS tally
        ON tally.campaign_id = edition.campaign_id
    WHERE edition.voices > coalesce(tally.voices, 0)
    """,
    """
    SELECT 'an edition that tells fewer voices than one before it', id::text
    FROM tocsin_edition AS edition
    WHERE EXISTS (SELECT FROM tocsin_edition AS earlier
                  WHERE earlier.campaign_id = edition.campaign_id
                  AND earlier.number < edition.number AND earlier.voices > edition.voices)
    """,
    """
    SELECT 'a campaign whose voices are not those of its counted actions', campaign.id::text
    FROM tocsin_campaign AS campaign LEFT JOIN tocsin_tally AS tally
        ON tally.campaign_id = campaign.id
    WHERE coalesce(voices - erased_voices, 0) <> (
        SELECT count(*) FROM tocsin_action AS action WHERE action.campaign_id = campaign.id
        AND state <> 'pending' AND counted AND way = 'lent')
    """,
    """
    SELECT 'a campaign whose sources brought more than have confirmed', campaign.id::text
    FROM tocsin_campaign AS campaign
    JOIN (SELECT campaign_id,
              coalesce(sum(confirmed) FILTER (WHERE source <> 'lost'), 0) AS brought,
              coalesce(sum(confirmed) FILTER (WHERE source = 'lost'), 0) AS lost
          FROM tocsin_sourcecount GROUP BY 1) AS source ON source.campaign_id = campaign.id
    LEFT JOIN tocsin_tally AS tally ON tally.campaign_id = campaign.id
    WHERE brought > lost + coalesce(tally.confirmed, 0) + (
        SELECT count(*) FROM tocsin_action AS action WHERE action.campaign_id = campaign.id
        AND state <> 'pending' AND NOT counted)
    """,
    """
    SELECT 'a campaign whose number is not that of its counted actions', campaign.id::text
    FROM tocsin_campaign AS campaign LEFT JOIN tocsin_tally AS tally
        ON tally.campaign_id = campaign.id
    WHERE coalesce(confirmed - erased, 0) <> (
        SELECT count(*) FROM tocsin_action AS action WHERE action.campaign_id = campaign.id
        AND state <> 'pending' AND counted)
    """,
    """
    SELECT DISTINCT 'a campaign whose days do not add up to its number', campaign.id::text
    FROM tocsin_campaign AS campaign
    CROSS JOIN (VALUES ('country'), ('language'), ('way'), ('variant')) AS known (by)
    LEFT JOIN tocsin_tally AS tally ON tally.campaign_id = campaign.id
    WHERE coalesce(confirmed, 0) <> (
        SELECT coalesce(sum(number), 0) FROM tocsin_daycount AS count
        WHERE count.campaign_id = campaign.id AND count.by = known.by)
    """,
    # With the one before, nobody else is in them than those who are there, or were erased.
    """
    SELECT DISTINCT 'a campaign with a day that counts fewer than are there', campaign_id::text
    FROM (SELECT campaign_id, known.by, day, known.name, count(*) AS there
          FROM tocsin_action CROSS JOIN LATERAL (VALUES
              ('country', country), ('language', language), ('way', way),
              ('variant', variant::text)) AS known (by, name)
          WHERE state <> 'pending' AND counted GROUP BY 1, 2, 3, 4) AS found
    LEFT JOIN tocsin_daycount AS count USING (campaign_id, by, day, name)
    WHERE coalesce(number, 0) < there
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
    voices: int = 0
    collective: int = 0

    @property
    def difference(self) -> int:
        """Letters of all kinds less the sum of their states, actions confirmed less the tally.

        An action that was erased is counted, and is not there any more.
        """
        return abs(self.letters + self.collective - sum(self.states.values())) + abs(
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
        voices=counts["voices"],
        collective=counts["collective"],
    )
