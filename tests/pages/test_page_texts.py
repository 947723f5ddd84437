"""Whatever blocks a page is built from, their texts are found, and put where they belong."""

from typing import Any

from wagtail import blocks
from wagtail.images.blocks import ImageBlock

from tocsin.campaigns.translations import Text
from tocsin.pages.page_texts import Beside


class QuoteBlock(blocks.StructBlock):
    """A block that has some of everything."""

    words = blocks.BlockQuoteBlock()
    who = blocks.CharBlock(max_length=40)
    link = blocks.URLBlock()
    kind = blocks.ChoiceBlock(choices=[("a", "A")])
    steps = blocks.ListBlock(blocks.StructBlock([("text", blocks.RichTextBlock())]))
    inner = blocks.StreamBlock([("line", blocks.TextBlock())])
    picture = ImageBlock(required=False)


STORY = blocks.StreamBlock([("quote", QuoteBlock())])
START = Text("page.story", "", "", 100, is_line=False, hint="story")


def a_quote(number: str, **other: Any) -> dict[str, Any]:
    """One block as it is stored."""
    value = {
        "words": "Words",
        "who": "Who",
        "link": "https://source.example/",
        "kind": "a",
        "steps": [{"type": "item", "value": {"text": '<p data-block-key="k">Step</p>'}, "id": "s"}],
        "inner": [{"type": "line", "value": "Line", "id": "l"}],
        "picture": {"image": 7, "decorative": False, "alt_text": "A face"},
        **other,
    }
    return {"type": "quote", "value": value, "id": number}


def walk(source: Any, now: Any, said: dict[str, str], **noted: str) -> tuple[Any, Any, Any]:
    """The value that comes out, the texts that were seen, the blocks that are gone."""
    seen: dict[str, Text] = {}

    def take(text: Text) -> str:
        seen[text.place] = text
        return said.get(text.place) or text.current or text.original

    known = {f"page.story.{place.replace('__', '.')}": words for place, words in noted.items()}
    beside = Beside(take, known, [])
    return beside.value(STORY, source, now, START), seen, beside.gone


def test_texts_of_every_kind_of_block_are_found_and_said() -> None:
    source = [a_quote("q")]
    _same, seen, _gone = walk(source, [], {})
    inside = "page.story.q."
    assert {place.removeprefix(inside): text.original for place, text in seen.items()} == {
        "words": "Words",
        "who": "Who",
        "steps.s.text": "<p>Step</p>",
        "inner.l": "Line",
        "picture.alt_text": "A face",
    }
    assert seen[f"{inside}who"].most == 40
    assert [place for place, text in seen.items() if text.is_markup] == [f"{inside}steps.s.text"]
    assert not any(text.current for text in seen.values())
    made, _seen, _gone = walk(
        source, [], {place: f"({text.place})" for place, text in seen.items()}
    )
    value = made[0]["value"]
    assert value["picture"] == {
        "image": 7,
        "decorative": False,
        "alt_text": f"({inside}picture.alt_text)",
    }
    assert value["steps"][0]["value"]["text"] == f"({inside}steps.s.text)"
    assert (value["link"], value["kind"], made[0]["id"]) == ("https://source.example/", "a", "q")
    assert STORY.to_python(made).get_prep_value()[0]["value"]["words"] == f"({inside}words)"


def test_what_is_there_already_stays_in_the_order_of_the_original() -> None:
    source = [a_quote("q"), a_quote("new", words="Fresh")]
    theirs = a_quote("q", words="Mots", link="https://source.example/fr/")
    own, left = a_quote("own", words="À nous"), a_quote("left", words="Parti")
    made, seen, gone = walk(source, [own, theirs, left], {}, left__words="Parti")
    assert [each["value"]["words"] for each in made] == ["Mots", "Fresh", "À nous"]
    assert made[0]["value"]["link"] == "https://source.example/fr/"
    assert made[0]["value"]["steps"] == theirs["value"]["steps"]  # with the editor's keys
    assert seen["page.story.new.words"].current == ""
    assert gone == ["page.story.left"]


def test_a_page_that_was_written_by_itself_is_matched_by_its_order() -> None:
    source = [a_quote("a"), a_quote("b", words="Second")]
    made, seen, gone = walk(source, [a_quote("x", words="Un"), a_quote("y", words="Deux")], {})
    assert [each["value"]["words"] for each in made] == ["Un", "Deux"]
    assert [each["id"] for each in made] == ["a", "b"]
    assert seen["page.story.b.words"].current == "Deux"
    assert gone == []
    one, _seen, _gone = walk(source, [a_quote("x", words="Un")], {})
    assert [each["value"]["words"] for each in one] == ["Words", "Second", "Un"]


def test_a_text_that_the_original_took_back_goes_and_ones_own_stays() -> None:
    source, now = [a_quote("q", who="", words="")], [a_quote("q", who="Qui", words="À nous")]
    made, seen, gone = walk(source, now, {}, q__who="Qui")
    assert (made[0]["value"]["who"], made[0]["value"]["words"]) == ("", "À nous")
    assert gone == ["page.story.q.who"]
    assert "page.story.q.who" not in seen


def test_parts_that_were_stored_without_a_number_are_known_by_their_place() -> None:
    bare = [a_quote("q", steps=[{"text": "<p>One</p>"}], inner=[])]
    made, seen, _gone = walk(bare, [], {"page.story.q.steps.1.text": "<p>Un</p>"})
    assert seen["page.story.q.steps.1.text"].original == "<p>One</p>"
    assert made[0]["value"]["steps"][0]["value"] == {"text": "<p>Un</p>"}


def test_what_a_browser_makes_of_the_ends_of_lines_is_no_change() -> None:
    source, now = [a_quote("q", words="One\n\ntwo")], [a_quote("q", words="One\r\n\r\ntwo")]
    made, seen, _gone = walk(source, now, {})
    assert seen["page.story.q.words"].current == seen["page.story.q.words"].original
    assert made[0]["value"]["words"] == "One\r\n\r\ntwo"


def test_what_was_noted_beside_the_original_is_found_when_that_gets_a_part_more_or_less() -> None:
    source = [a_quote("new", words="Fresh"), a_quote("b", words="Second")]
    now = [a_quote("x", words="Un"), a_quote("y", words="Deux"), a_quote("z", words="À nous")]
    made, seen, gone = walk(source, now, {}, a__words="Un", b__words="Deux")
    assert [each["value"]["words"] for each in made] == ["Fresh", "Deux", "À nous"]
    assert seen["page.story.new.words"].current == ""
    assert seen["page.story.b.words"].current == "Deux"
    assert gone == ["page.story.a"]
