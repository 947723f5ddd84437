"""The proof: three workers die at every step, the database with them, and no letter is lost."""

import pytest

from bench.crash import AT_RANDOM, NAMED, Size, run
from bench.ground import Ground
from bench.sinks import CONNECTIONS
from tocsin.outbox.send import AHEAD

WINDOW = AHEAD * CONNECTIONS
PROOF = Size(letters=5_000, kills=24, restarts=2)
SMALL = Size(letters=600, kills=9, restarts=1)


def test_five_thousand_letters_survive_workers_and_database_being_killed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Ground() as ground:
        tally = run(ground, policy="resend", size=PROOF, seed=7)
    told = capfd.readouterr().out
    assert tally.letters == PROOF.letters
    assert (tally.lost, tally.sent_unaccepted) == (0, 0), told
    assert tally.duplicates_unexpected == 0, told
    # Each kill leaves one window in doubt at most; so does a restart, to each of three workers.
    assert 0 < tally.in_doubt <= WINDOW * (PROOF.kills + 3 * PROOF.restarts), told
    assert "restarts of PostgreSQL" in told
    assert [step for step in (*NAMED, AT_RANDOM) if f'"{step}"' not in told] == [], told


def test_who_wants_to_be_asked_gets_no_letter_twice_and_knows_which_are_in_doubt(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with Ground() as ground:
        tally = run(ground, policy="ask", size=SMALL, seed=11)
    told = capfd.readouterr().out
    assert (tally.lost, tally.duplicates, tally.sent_unaccepted) == (0, 0, 0), told
    assert tally.for_a_person > 0, told
