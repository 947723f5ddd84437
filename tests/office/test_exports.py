"""Exports: whose rows, what never stands in them, what the journal says, and if they break off."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from tests.factories import AMINA, NOW, a_campaign
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_board import counted
from tests.office.test_long_lists import some
from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.letters.models import Letter
from tocsin.office import export_lines
from tocsin.office.export_lines import Wanted, action_lines, letter_lines
from tocsin.office.page import database_now
from tocsin.outcomes.exports import SILENT, Export
from tocsin.outcomes.tally import tally_due

pytestmark = pytest.mark.django_db

URL = "/office/exports/"
MAY = ("add_export", "view_action", "view_letter", "view_campaign")


def take_out(client: Client, what: str = "actions", form: str = "csv", **asked: Any) -> bytes:
    answer = client.post(URL, {"what": what, "form": form, **asked})
    assert answer.status_code == 200, text_of(answer)
    return b"".join(pieces_of(answer))


def pieces_of(answer: Any) -> Iterator[bytes]:
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    return pieces


def lines_of(content: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def journal() -> list[tuple[str, str, str, int]]:
    rows = Export.objects.order_by("pk").values_list("what", "who", "state", "written")
    return list(rows)


def test_a_file_has_a_line_for_each_row_and_the_journal_says_so() -> None:
    campaign = a_campaign()
    some(campaign, 3)
    found = lines_of(take_out(chiara()))
    assert found[0][:3] == ["campaign", "day", "country"]
    assert len(found) == 1 + 3
    assert found[1][:2] == [campaign.slug, "2026-03-10"]
    assert found[1][4:] == ["openly", "confirmed, letters written", "1", "no"]
    assert len(lines_of(take_out(chiara(), "letters"))) == 1 + 6
    assert journal() == [("actions", "chiara", "done", 4), ("letters", "chiara", "done", 7)]


def test_nothing_that_is_somebody_s_stands_in_any_file() -> None:
    some(a_campaign(), 1)
    action, letter = Action.objects.get(), Letter.objects.first()
    assert letter is not None
    for what in ("actions", "letters", "board"):
        text = take_out(chiara(), what).decode()
        secrets = (AMINA.given, AMINA.family, "mail.example", str(action.pk), letter.code)
        assert [each for each in secrets if each in text] == []


def test_where_few_are_from_is_not_said() -> None:
    campaign = a_campaign()
    some(campaign, 1)
    counted(campaign, country="KZ", number=12)
    some(campaign, 1, country="KZ")
    found = lines_of(take_out(chiara()))
    assert sorted(line[2] for line in found[1:]) == ["KZ", "fewer than 10"]
    letters = lines_of(take_out(chiara(), "letters"))
    assert {line[2] for line in letters[1:]} == {"KZ", "fewer than 10"}


def test_excel_in_french_gets_semicolons_and_a_mark_and_french_words() -> None:
    some(a_campaign(), 1)
    content = take_out(chiara("fr"), form="excel")
    assert content.startswith(b"\xef\xbb\xbf")
    assert lines_of(content, ";")[0][:3] == ["campagne", "jour", "pays"]


def test_a_workbook_has_the_same_lines() -> None:
    some(a_campaign(), 2)
    book = openpyxl.load_workbook(io.BytesIO(take_out(chiara(), form="xlsx")))
    rows = [[str(cell) for cell in row] for row in book.worksheets[0].values]
    assert rows == lines_of(take_out(chiara()))


def test_the_tables_of_the_board_are_one_file() -> None:
    campaign = a_campaign()
    counted(campaign, country="FR", number=1200)
    found = lines_of(take_out(chiara(), "board", campaign=campaign.pk))
    assert ["France", "1200"] in found
    assert ["openly", "1200"] in found


def test_days_are_taken_from_one_to_another() -> None:
    campaign = a_campaign()
    for ago in (0, 1, 2):
        some(campaign, 1, now=NOW - timedelta(days=ago))
    found = lines_of(take_out(chiara(), since="2026-03-09", until="2026-03-09"))
    assert [line[1] for line in found[1:]] == ["2026-03-09"]


def test_an_empty_export_has_its_headings() -> None:
    assert len(lines_of(take_out(chiara()))) == 1
    assert journal() == [("actions", "chiara", "done", 1)]


def test_pieces_hang_together_without_a_gap_and_without_a_seam(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = a_campaign(), a_campaign()
    for campaign in (first, second):
        some(campaign, 3)
        some(campaign, 2, now=NOW - timedelta(days=1))
    monkeypatch.setattr(export_lines, "PIECE", 2)
    wanted = Wanted([first, second], since=NOW.date() - timedelta(days=9), until=NOW.date())
    found = list(action_lines(wanted))
    assert [done for done, _lines in found] == [0, 2, 2, 1, 2, 2, 1]
    lines = [line for _done, some_lines in found[1:] for line in some_lines]
    assert [line[1] for line in lines[:5]] == ["2026-03-09"] * 2 + ["2026-03-10"] * 3
    assert (
        sum(len(more) for _done, more in list(letter_lines(wanted))[1:]) == Letter.objects.count()
    )


def test_somebody_takes_out_what_is_of_their_organisation_alone() -> None:
    ours, theirs = a_campaign(), a_campaign()
    some(ours, 1)
    some(theirs, 2)
    bruno = a_clerk(*MAY, of=(ours.organisation,))
    for what in ("actions", "letters", "board"):
        content = take_out(bruno, what)
        assert theirs.slug.encode() not in content
    assert len(lines_of(take_out(bruno))) == 2
    assert theirs.slug not in bruno.get(URL).content.decode()
    answer = bruno.post(URL, {"what": "actions", "form": "csv", "campaign": theirs.pk})
    assert answer.status_code == 422
    chiara_s = take_out(chiara(), campaign=theirs.pk)
    assert chiara_s
    assert theirs.slug not in bruno.get(f"{URL}?now=1").content.decode()


@pytest.mark.parametrize(
    ("missing", "what"),
    [("view_action", "actions"), ("view_letter", "letters"), ("view_campaign", "board")],
)
def test_who_may_not_see_rows_may_not_take_them_out(missing: str, what: str) -> None:
    client = a_clerk(*(each for each in MAY if each != missing))
    assert client.post(URL, {"what": what, "form": "csv"}).status_code == 422
    assert Export.objects.count() == 0


def test_who_may_only_see_the_journal_takes_out_nothing() -> None:
    client = a_clerk("view_export", *MAY[1:])
    assert client.get(URL).status_code == 200
    assert client.post(URL, {"what": "actions", "form": "csv"}).status_code == 302
    assert Export.objects.count() == 0


@pytest.mark.parametrize("asked", [{}, {"what": "people", "form": "csv"}, {"what": "actions"}])
def test_what_nobody_offers_is_refused_and_not_written_down(asked: dict[str, str]) -> None:
    assert chiara().post(URL, asked).status_code == 422
    assert Export.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_download_that_is_broken_off_is_not_said_to_be_complete() -> None:
    some(a_campaign(), 1)
    answer = chiara().post(URL, {"what": "actions", "form": "xlsx"})
    pieces = pieces_of(answer)
    next(pieces)
    answer.close()
    assert [state for _what, _who, state, _lines in journal()] == ["broken"]
    assert "broken off" in text_of(chiara().get(URL))


def test_one_that_was_killed_is_said_to_be_broken_off_after_a_while() -> None:
    now = database_now()
    row = Export(what="actions", form="csv", who="x", began=now, seen=now)
    assert row.state_at(now) == "going"
    assert row.state_at(now + SILENT + timedelta(seconds=1)) == "broken"


def test_the_file_is_in_the_language_of_who_asked_whenever_it_is_made() -> None:
    some(a_campaign(), 1)
    answer = chiara("fr").post(URL, {"what": "actions", "form": "csv"})
    translation.activate("en")
    assert b"campagne" in b"".join(pieces_of(answer))


def test_progress_is_seen_while_it_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    campaign: Campaign = a_campaign()
    some(campaign, 4)
    tally_due(now=NOW)
    monkeypatch.setattr(export_lines, "PIECE", 1)
    monkeypatch.setattr("tocsin.office.sheets.PIECE", 1)
    answer = chiara().post(URL, {"what": "actions", "form": "csv"})
    pieces = pieces_of(answer)
    for _ in range(3):
        next(pieces)
    row = Export.objects.get()
    assert (row.state, row.done, row.expected) == ("going", 2, 4)
    assert '<progress max="4" value="2"' in chiara().get(f"{URL}?now=1").content.decode()
    answer.close()
