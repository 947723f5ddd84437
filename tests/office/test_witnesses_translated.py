"""What witnesses said in other languages: in no file, under one consent, and gone when it ends."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import a_campaign_page, a_draft
from tests.office.desk import text_of
from tests.office.test_translations import mark_of
from tests.office.translated import (
    a_copy,
    at,
    entries_of,
    file_of,
    in_kazakh,
    newest,
    told,
    translated,
)
from tests.pages.every_block import LONG, with_every_block
from tests.pages.test_story import REFERENCE, WORDS, a_consent, quoted, tell
from tocsin.campaigns.translations import Translation
from tocsin.pages.models import CampaignPage
from tocsin.pages.untranslated import texts_of_page
from tocsin.pages.withdrawing import take_off

pytestmark = pytest.mark.django_db

KAZAKH = "Ағам наубайшы еді."


@pytest.fixture
def first() -> CampaignPage:
    """A page that quotes a witness."""
    return tell(a_campaign_page(a_draft()), quoted(name="B."))


def in_story(page: CampaignPage) -> list[dict[str, Any]]:
    """The blocks of its newest version, as they are stored."""
    return list(newest(page).story.get_prep_value())


def say(client: Client, page: CampaignPage, words: str) -> None:
    """The words of the witness are translated on the screen."""
    place = f"page.story.{in_story(page)[0]['id']}.text"
    url = at(page.campaign, "kk", "?part=page&all")
    form = {"do": "save", "place": place, f"text:{place}": words}
    form[f"mark:{place}"] = mark_of(client.get(url).content.decode(), place)
    assert client.post(url, form).status_code == 302


def test_a_file_has_the_texts_of_every_block_and_nothing_that_a_witness_said(
    client: Client,
) -> None:
    page = with_every_block(a_campaign_page(a_draft()))
    copy = a_copy(client, page)
    entries = entries_of(file_of(client, page.campaign))
    names = {place.rpartition(".")[2] for place in entries if place.startswith("page.story.")}
    assert names == {
        *("heading", "text", "alt", "caption", "credit"),
        *("source_name", "who", "where"),
    }
    quotes = [block["id"] for block in in_story(copy) if block["type"] == "testimony"]
    assert len(quotes) == 2
    assert not [place for place in entries if any(number in place for number in quotes)]
    told(client, page.campaign, translated(file_of(client, page.campaign), _kazakh))
    left = {text.place for text in texts_of_page(newest(copy)).texts if text.is_of_witness}
    assert texts_of_page(newest(copy)).missing == len(left) == 3
    shown = {block["type"]: block["value"] for block in in_story(copy)}
    assert shown["quote"]["where"] == "Қазақша Geneva"
    assert shown["timeline"]["moments"][0]["value"]["text"] == "Қазақша Students are arrested."
    assert (
        shown["updates"]["updates"][1]["value"]["text"] == "<p>Қазақша A <b>first</b> answer.</p>"
    )
    assert shown["call"]["text"] == f"Қазақша {LONG}".strip()


def _kazakh(_place: str, text: str) -> str:
    return in_kazakh(text)


def test_a_file_that_brings_words_of_a_witness_all_the_same_is_not_used(
    client: Client, first: CampaignPage
) -> None:
    copy = a_copy(client, first)
    number = in_story(copy)[0]["id"]
    data = file_of(client, first.campaign).decode()
    for name, words in (("text", WORDS), ("consent", REFERENCE)):
        data += f'\nmsgctxt "page.story.{number}.{name}"\nmsgid "{words}"\nmsgstr "W-1"\n'
    assert told(client, first.campaign, data.encode()).count("There is no such text any more") == 2
    there = in_story(copy)[0]["value"]
    assert (there["text"], there["consent"]) == (WORDS, REFERENCE)


def test_on_the_screen_they_are_translated_under_the_same_consent(
    client: Client, first: CampaignPage
) -> None:
    tell(first, quoted(language="ug"))
    copy = a_copy(client, first)
    assert in_story(copy)[0]["value"]["language"] == "ug"  # as it is, in its own language
    assert "consent" not in {text.place.rpartition(".")[2] for text in _texts(copy)}
    say(client, copy, KAZAKH)
    said = in_story(copy)[0]["value"]
    assert (said["text"], said["consent"], said["language"]) == (KAZAKH, REFERENCE, "")


def _texts(page: CampaignPage) -> list[Any]:
    return [text for text in texts_of_page(newest(page)).texts if text.is_of_witness]


def test_under_another_consent_stands_another_witness(client: Client, first: CampaignPage) -> None:
    copy = a_copy(client, first)
    say(client, copy, KAZAKH)
    original = newest(first)
    value = {"text": "Mine too.", "consent": "W-2"}
    block = {"type": "testimony", "id": in_story(first)[0]["id"], "value": value}
    original.story = original.story.stream_block.to_python([block])
    original.save_revision()
    assert "that the original lost stands here still" in text_of(
        client.get(at(first.campaign, "kk"))
    )
    client.post(at(first.campaign, "kk"), {"do": "save"})
    [left] = in_story(copy)
    assert (left["value"]["text"], left["value"]["consent"]) == ("Mine too.", "W-2")
    assert texts_of_page(newest(copy)).missing >= 1  # nobody has translated these words


def test_words_that_are_withdrawn_are_noted_nowhere(client: Client, first: CampaignPage) -> None:
    consent = a_consent(first)
    copy = a_copy(client, first)
    say(client, copy, KAZAKH)
    assert _noted(WORDS)
    assert _noted(KAZAKH)
    take_off(consent)
    assert not _noted(WORDS)
    assert not _noted(KAZAKH)
    assert Translation.objects.filter(place="page.title").exists()
    assert not in_story(copy)


def _noted(words: str) -> bool:
    rows = Translation.objects.values_list("original", "translation", "waiting")
    return any(words in row for row in rows)
