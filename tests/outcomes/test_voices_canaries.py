"""What the line really carries of a collective letter: the true number, and nobody."""

import base64
import quopri
import re
from urllib.parse import quote

import pytest
from pytest_django import Settings

from tests.eml import parse, text_of
from tests.factories import NOW
from tests.outbox.mails import NOON
from tests.outcomes.lent import BODIES, lend, lending, letters, somebody, written
from tests.post_office import Accepted, PostOffice
from tests.privacy.days import HOUR
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.rhythm import FEWEST, WEEK
from tocsin.outbox.models import Message
from tocsin.outbox.send import send_due
from tocsin.outcomes.audit import audit
from tocsin.outcomes.models import Tally
from tocsin.privacy.rights import erase_person

pytestmark = pytest.mark.django_db

CANARIES = [f"zqkanari{number:02}w" for number in range(FEWEST + 5)]
"""Each is the name of somebody and stands in her address; there is no such word anywhere."""
OWN_WORDS = Words(own="zqkanarioownwords", body="zqkanarioletter of her own.")
EVERY_CANARY = re.compile(rb"zqkanari", re.IGNORECASE)


def delivered(settings: Settings, campaign: Campaign) -> list[Accepted]:
    """What arrives at the targets' mail systems: no confirmation is among it."""
    Message.objects.exclude(lane="letter").delete()
    with PostOffice() as office:
        settings.WAYS = dict.fromkeys(settings.WAYS, office.relay())
        for hour in range(2):  # a mailbox takes one after another
            send_due(now=NOON + WEEK + hour * HOUR)
    states = {letter.message.state for letter in letters(campaign)}
    assert states == {"sent"}
    return office.mails


def readings(mail: bytes) -> list[bytes]:
    """The bytes of a mail in every way in which somebody might read them."""
    read = parse(mail)
    found = [mail, quopri.decodestring(mail), text_of(read).encode()]
    found += [str(value).encode() for value in read.values()]
    for run in re.findall(rb"[A-Za-z0-9+/=\r\n]{16,}", mail):
        bare = re.sub(rb"[^A-Za-z0-9+/]", b"", run)
        for shift in range(4):
            whole = len(bare[shift:]) // 4 * 4
            found.append(base64.b64decode(bare[shift : shift + whole]))
    return found


def spellings(word: str) -> list[bytes]:
    """One canary as it might be written."""
    plain = word.encode()
    return [
        plain,
        plain[::-1],
        plain.hex().encode(),
        quote(word).encode(),
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
        *(base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)),
    ]


def test_the_search_finds_a_canary_however_it_is_written() -> None:
    word = CANARIES[0]
    for written_so in (
        base64.encodebytes(f"Dear {word}".encode()),
        word.upper().encode(),
        b"=7A" + word[1:].encode(),
    ):
        mail = b"Subject: a\r\nContent-Type: text/plain\r\n\r\n" + written_so
        assert any(EVERY_CANARY.search(each) for each in readings(mail)), written_so
    assert len(set(spellings(word))) == 8  # what is percent-encoded of it is plain


@pytest.mark.parametrize("more", [0, 1214])
def test_the_collective_letter_carries_the_true_number_and_nothing_of_anybody(
    settings: Settings, more: int
) -> None:
    campaign = lending(at_least=FEWEST)
    lend(campaign, *CANARIES[:FEWEST], words=OWN_WORDS)
    erase_person(address=somebody(CANARIES[3]).address, now=NOW)
    Tally.objects.update(confirmed=FEWEST + more, voices=FEWEST + more)
    assert written(campaign) == [FEWEST + more]
    mails = delivered(settings, campaign)
    assert len(mails) == 2
    number = {"en": "1,234", "fr": "1\u202f234"} if more else {"en": "20", "fr": "20"}
    for mail in mails:
        language = str(parse(mail.mail)["Content-Language"])
        said = BODIES[language].replace("{voices}", number[language])
        assert said in text_of(parse(mail.mail))
        everything = [*readings(mail.mail), mail.sender.encode(), mail.recipient.encode()]
        assert not [each for each in everything if EVERY_CANARY.search(each)]
        for canary in (*CANARIES, OWN_WORDS.own, OWN_WORDS.body.partition(" ")[0]):
            for spelling in spellings(canary):
                assert spelling not in mail.mail


def test_between_two_letters_only_the_number_changes(settings: Settings) -> None:
    """So that nothing else of the people who came in between can be in it."""
    campaign = lending(at_least=5)
    lend(campaign, *CANARIES[:7], words=OWN_WORDS)
    written(campaign)
    lend(campaign, *CANARIES[7:19], words=OWN_WORDS)
    assert written(campaign, now=NOW + WEEK) == [7, 19]
    texts = [text_of(parse(mail.mail)) for mail in delivered(settings, campaign)]
    first, second = sorted({text for text in texts if "Number" in text}, key=lambda t: "19" in t)
    assert first.replace("voices: 7", "voices: 19") == second
    assert audit().holds
