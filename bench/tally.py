"""What became of every letter: by our books, and by the journals of those who took the mail."""

import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.ground import Ground

LETTERS = """
    SELECT replace(id::text, '-', ''), state, (
        SELECT count(*) FROM tocsin_attempt AS attempt
        WHERE attempt.message_id = message.id AND outcome = 'in_doubt')
    FROM tocsin_message AS message
"""
STORY = """
    SELECT state, message.reason, attempts, tried, doubts, lease_number,
        attempt.number, outcome, phase, code, text
    FROM tocsin_message AS message JOIN tocsin_attempt AS attempt ON attempt.message_id = message.id
    WHERE message.id = %s ORDER BY attempt.number
"""


@dataclass(frozen=True)
class Tally:
    """How many letters; all but the first three must be none."""

    letters: int
    in_doubt: int  # how often any was
    duplicates: int
    for_a_person: int  # still in doubt: they may have arrived, and somebody is asked
    of_these_arrived: int
    lost: int
    duplicates_unexpected: int
    sent_unaccepted: int
    riddles: tuple[str, ...] = ()
    """Of the first duplicates that no doubt explains, what the books say."""

    @property
    def is_good(self) -> bool:
        """Whether every letter is accounted for."""
        return (self.lost, self.duplicates_unexpected, self.sent_unaccepted) == (0, 0, 0)

    def words(self) -> str:
        """As it is printed."""
        return (
            f"lost {self.lost}; marked sent, never accepted {self.sent_unaccepted}; "
            f"duplicates {self.duplicates}, "
            f"outside of those in doubt {self.duplicates_unexpected}; "
            f"in doubt {self.in_doubt}, left to a person {self.for_a_person} "
            f"({self.of_these_arrived} of them had arrived)"
        ) + "".join(f"\n  {riddle}" for riddle in self.riddles)


def count(ground: Ground, *, journals: Iterable[Path]) -> Tally:
    """Compare the books with the journals."""
    accepted = _accepted(journals)
    with ground.session() as session:
        rows = session.execute(LETTERS).fetchall()
    sent = {row[0] for row in rows if row[1] == "sent"}
    doubtful = {row[0]: row[2] for row in rows if row[2]}
    flagged = {row[0] for row in rows if row[1] == "in_doubt"}
    known = {row[0] for row in rows}
    unexpected = {
        each: times - 1 - doubtful.get(each, 0)
        for each, times in accepted.items()
        if times - 1 > doubtful.get(each, 0)
    }
    return Tally(
        riddles=tuple(_story(ground, each, accepted[each]) for each in [*unexpected][:5]),
        letters=len(known),
        in_doubt=sum(doubtful.values()),
        duplicates=sum(times - 1 for times in accepted.values()),
        for_a_person=len(flagged),
        of_these_arrived=len(flagged & set(accepted)),
        lost=len(known - set(accepted) - flagged),
        duplicates_unexpected=sum(unexpected.values()),
        sent_unaccepted=len(sent - set(accepted)),
    )


def _story(ground: Ground, name: str, times: int) -> str:
    with ground.session() as session:
        rows = session.execute(STORY, [name]).fetchall()
    return f"{name} accepted {times} times: {rows}"


def _accepted(journals: Iterable[Path]) -> Counter[str]:
    """By the number of the message, which its Message-ID begins with."""
    found: Counter[str] = Counter()
    for journal in journals:
        for line in journal.read_text(encoding="ascii").splitlines():
            mail = b64decode(json.loads(line)["mail"])
            header = next(each for each in mail.split(b"\r\n") if each.startswith(b"Message-ID: "))
            found[header.decode().removeprefix("Message-ID: <").partition("@")[0]] += 1
    return found
