"""The send station by a folder and by a provider: the same promises as by a relay."""

from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.outbox.mails import NOON, a_message, last_attempt, state_of
from tests.provider_office import BREVO_OK, Answer, provider_office
from tocsin.outbox import send
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.identity.bounce import Bounced, read_bounce_address
from tocsin.outbox.post import read_envelope
from tocsin.outbox.routes import Route
from tocsin.outbox.send import send_due
from tocsin.outbox.transports.ways import Folder, Provider, Way

pytestmark = pytest.mark.django_db


def send_by(way: Way, settings: Settings) -> int:
    settings.WAYS = dict.fromkeys(settings.WAYS, way)
    return send_due(now=NOON, route="letters")


def test_a_rehearsal_writes_what_would_have_been_sent(tmp_path: Path, settings: Settings) -> None:
    letters = [a_message() for _ in range(5)]
    assert send_by(Folder(tmp_path), settings) == 5
    assert Counter(state_of(letter) for letter in letters) == {"sent": 5}
    written = {}
    for file in tmp_path.iterdir():
        sender, recipient, mail = file.read_bytes().split(b"\r\n", 2)
        bounced = read_bounce_address(sender.decode().partition(": ")[2], now=NOON)
        written[bounced] = (recipient.decode(), mail)
    assert written == {
        Bounced(letter.pk, attempt=1): (
            f"X-Envelope-To: <{read_envelope(letter).recipient}>",
            read_envelope(letter).mail,
        )
        for letter in letters
    }


def test_a_folder_that_is_gone_is_the_route_s_fault_and_touches_no_letter(
    tmp_path: Path, settings: Settings
) -> None:
    letter = a_message()
    assert send_by(Folder(tmp_path / "gone"), settings) == 0
    assert (state_of(letter), letter.tries.count()) == ("ready", 0)
    assert Route.objects.get(name="letters").faults == 1


def test_a_provider_that_is_not_there_touches_no_letter(settings: Settings) -> None:
    letter = a_message()
    way = Provider("brevo", {"api_key": "key", "api_url": "http://127.0.0.1:1/"})
    assert send_by(way, settings) == 0
    assert (state_of(letter), letter.tries.count()) == ("ready", 0)
    assert Route.objects.get(name="letters").faults == 1


def test_a_provider_takes_many_letters_once_each(settings: Settings) -> None:
    letters = [a_message() for _ in range(12)]
    with provider_office(Answer(201, BREVO_OK)) as office:
        assert send_by(office.brevo(), settings) == 12
        assert send_by(office.brevo(), settings) == 0
    assert Counter(state_of(letter) for letter in letters) == {"sent": 12}
    asked = [each.content["headers"]["idempotencyKey"] for each in office.asked]
    assert sorted(asked) == sorted(str(letter.pk) for letter in letters)


@pytest.mark.parametrize(
    ("answer", "state", "outcome"),
    [
        (Answer(401, {"message": "no such key"}), "ready", "route_fault"),
        (Answer(429, {"message": "slow"}), "ready", "rate"),
        (Answer(400, {"message": "subject is missing"}), "failed", "letter_fault"),
        (Answer(400, {"message": "sender is not verified"}), "held", "our_fault"),
        (Answer(500), "in_doubt", "in_doubt"),
        (Answer(habit="resets after"), "in_doubt", "in_doubt"),
    ],
    ids=lambda each: str(getattr(each, "status", "")),
)
def test_what_becomes_of_a_letter_when_a_provider_answers(
    answer: Answer, state: str, outcome: str, settings: Settings
) -> None:
    letter = a_message()
    with provider_office(answer) as office:
        send_by(office.brevo(), settings)
    assert (state_of(letter), last_attempt(letter).outcome) == (state, outcome)
    assert Mailbox.objects.get().state == "ok"


def test_a_provider_that_fails_leaves_few_letters_in_doubt(settings: Settings) -> None:
    letters = [a_message() for _ in range(40)]
    with provider_office(Answer(503)) as office:
        send_by(office.brevo(), settings)
    fates = Counter(state_of(letter) for letter in letters)
    route = Route.objects.get(name="letters")
    assert fates["in_doubt"] == len(office.asked) <= route.share + 3
    assert fates["ready"] == 40 - fates["in_doubt"]
    assert (route.faults, route.open_until is not None) == (1, True)


def test_a_process_that_is_told_to_stop_leaves_no_doubt_that_it_need_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Route.objects.create(name="letters", number=1, connections=1, share=1)
    letters = [a_message() for _ in range(9)]
    with provider_office(Answer(201, BREVO_OK)) as office:

        class Told:
            def is_set(self) -> bool:
                return bool(office.asked)

        monkeypatch.setattr(send, "stopping", Told())
        send_by(office.brevo(), settings)
    states = Counter(state_of(letter) for letter in letters)
    assert set(states) == {"sent", "ready"}
    assert states["sent"] == len(office.asked) < 9
    assert {letter.tries.count() for letter in letters if letter.state == "ready"} == {0}
