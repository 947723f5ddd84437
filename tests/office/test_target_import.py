"""The screens of an import: a file, its columns, what would happen, and the report of bad rows."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import a_target
from tests.office.directory import a_client, text
from tests.targets.bad_rows import row
from tests.targets.files import as_csv, good
from tocsin.stations import run_station
from tocsin.targets.importing.models import TargetImport
from tocsin.targets.importing.table import MOST_BYTES
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db
URL = "/office/targets/import/"
CALCULATED = "It begins like a formula; a spreadsheet would calculate it."


@pytest.fixture
def chiara() -> Client:
    """A campaigner who may add and change targets."""
    return a_client("view_target", "add_target", "change_target")


def upload(client: Client, content: bytes, *, name: str = "list.csv") -> Any:
    """Choose the file, and send it."""
    return client.post(URL, {"file": SimpleUploadedFile(name, content)}, follow=True)


def columns(answer: Any, **changes: str) -> dict[str, str]:
    """The form of the columns as the page shows it, with what is changed."""
    form = answer.context["form"]
    sent = {
        name: str(form.get_initial_for_field(form.fields[name], name) or "") for name in form.fields
    }
    return {**sent, "do": "check", **changes}


def checked(client: Client, content: bytes, **changes: str) -> str:
    """Go on until the page says what would happen; its address."""
    answer = upload(client, content)
    url = f"{URL}{TargetImport.objects.latest('pk').pk}/"
    assert client.post(url, columns(answer, **changes)).status_code == 302
    run_station("import_targets")
    return url


def test_a_file_is_imported_step_by_step_and_nothing_before_the_button(chiara: Client) -> None:
    answer = upload(chiara, as_csv([good(1), good(2)], delimiter=";"))
    page = text(answer)
    assert "Read as CSV, in UTF-8." in page
    assert "divided by semicolons" in page
    assert "It has 2 rows." in page
    assert "desk1@mfa.example · desk2@mfa.example" in page
    url = answer.redirect_chain[-1][0]
    assert chiara.post(url, columns(answer)).status_code == 302
    waiting = chiara.get(url)
    assert "0 of 2 rows" in text(waiting)
    assert waiting.headers["Refresh"] == "3"
    run_station("import_targets")
    page = text(chiara.get(url))
    assert "new: 2" in page
    assert "Import 2 rows" in page
    assert not Target.objects.exists()
    chiara.post(url, {"do": "run", "which": "all"})
    assert not Target.objects.exists()
    run_station("import_targets")
    done = chiara.get(url)
    assert "It is imported." in text(done)
    assert "Refresh" not in done.headers
    assert Target.objects.count() == 2


def test_what_would_change_is_shown_before_and_after(chiara: Client) -> None:
    target = a_target()
    Target.objects.filter(pk=target.pk).update(slug="good-1", holder="Li <Si>")
    url = checked(chiara, as_csv([good(1, holder="Wang Wu"), good(2)]))
    page = text(chiara.get(f"{url}?state=changed"))
    assert "<td>Li &lt;Si&gt;</td><td>Wang Wu</td>" in page
    assert "changed: 1" in page
    again = text(chiara.get(f"{url}?state=nonsense&p=99"))
    assert "new: 1" in again


def test_bad_rows_are_left_out_only_if_somebody_says_so(chiara: Client) -> None:
    url = checked(chiara, as_csv([good(1), row("bad", {"country": "XX"})]))
    page = text(chiara.get(url))
    assert "Import nothing while a row is bad" in page
    assert "No country has this code of two letters." in page
    chiara.post(url, {"do": "run", "which": "all"})
    run_station("import_targets")
    assert "It is not imported: it has bad rows." in text(chiara.get(url))
    assert not Target.objects.exists()
    chiara.post(url, {"do": "run", "which": "good"})
    run_station("import_targets")
    assert [target.slug for target in Target.objects.all()] == ["good-1"]


def test_the_report_has_each_bad_row_and_no_spreadsheet_calculates_it(chiara: Client) -> None:
    formula = '=HYPERLINK("https://evil.example")'
    content = as_csv(
        [
            good(1),
            row("bad-1", {"name": formula, "country": "XX"}),
            row("bad-2", {"name": "x" * 200}),
        ]
    )
    url = checked(chiara, content)
    answer = chiara.get(f"{url}bad-rows.csv")
    assert answer["Content-Type"] == "text/csv"
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [
        ["Row", "Field", "Value", "Reason"],
        ["3", "country", "XX", "No country has this code of two letters."],
        ["3", "name, in the target’s language", f"'{formula}", CALCULATED],
        ["4", "name, in the target’s language", "x" * 59 + "…", "It is too long."],
    ]
    french = chiara.get(f"{url}bad-rows.csv", headers={"accept-language": "fr"})
    assert french.content.decode("utf-8-sig").count('";"') == 3 * 4


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"PK\x03\x04", "spreadsheet or an archive"),
        (b"key\na\n", "only one column"),
        (b"{", "JSON"),
        (b"[" * 200_000, "nested too deep"),
        (b'k,n\na,"' + b"x" * 300_000, "In line 2 a cell does not end"),
        (b"x" * (MOST_BYTES + 1), "larger than 10 megabytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_kept(
    chiara: Client, content: bytes, sentence: str
) -> None:
    answer = upload(chiara, content)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not TargetImport.objects.exists()


def test_no_file_is_no_import(chiara: Client) -> None:
    assert chiara.post(URL).status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"column_0": ""}, "One column must be the short name"),
        ({"column_0": "name"}, "Two columns are the same: name, in the target’s language."),
        ({"column_0": "nonsense"}, "valid choice"),
        ({"language": "klingon"}, "No language has this code"),
        ({"salutation": "=1"}, "begins like a formula"),
        ({"country": "XX"}, "valid choice"),
    ],
)
def test_columns_that_make_no_sense_are_not_checked(
    chiara: Client, changes: dict[str, str], sentence: str
) -> None:
    header = ["key", "name", "kind"]
    answer = upload(chiara, as_csv([["a", "b", "c"]], header=header))
    url = answer.redirect_chain[-1][0]
    again = chiara.post(url, columns(answer, **changes))
    assert again.status_code == 422
    assert sentence in text(again)
    assert TargetImport.objects.get().state == "mapping"


def test_what_holds_for_all_rows_is_said_once(chiara: Client) -> None:
    given = {"kind": "company", "country": "FR", "language": "fr", "salutation": "Bonjour,"}
    url = checked(chiara, as_csv([["a", "A"]], header=["key", "name"]), **given)
    chiara.post(url, {"do": "run", "which": "all"})
    run_station("import_targets")
    target = Target.objects.get()
    assert (target.kind, target.country, target.names.get().salutation) == (
        *("company", "FR", "Bonjour,"),
    )


def test_popolo_is_imported_by_the_same_steps(chiara: Client) -> None:
    whole = {"persons": [{"id": "p1", "name": "Erika", "email": "e@x.example"}]}
    given = {"kind": "parliament", "country": "DE", "language": "de", "salutation": "Guten Tag,"}
    url = checked(chiara, json.dumps(whole).encode(), **given)
    chiara.post(url, {"do": "run", "which": "all"})
    run_station("import_targets")
    assert Target.objects.get().holder == "Erika"


def test_one_may_go_back_to_the_columns_and_throw_it_all_away(chiara: Client) -> None:
    url = checked(chiara, as_csv([good(1)]))
    chiara.post(url, {"do": "columns"})
    page = chiara.get(url)
    assert page.context["form"].fields["column_0"].initial == "key"
    chiara.post(url, {"do": "forget"})
    assert chiara.get(url, follow=True).status_code == 404
    assert not TargetImport.objects.exists()


@pytest.mark.parametrize("do", ["run", "columns", "check", "nonsense", ""])
def test_a_step_that_is_not_there_is_not_taken(chiara: Client, do: str) -> None:
    url = checked(chiara, as_csv([good(1)]))
    chiara.post(url, {"do": "run", "which": "all"})
    assert chiara.post(url, {"do": do, "which": "all"}).status_code == 400
    run_station("import_targets")
    assert chiara.post(url, {"do": do, "which": "all"}).status_code == 400


@pytest.mark.parametrize(
    "may", [("view_target",), ("view_target", "add_target"), ("view_target", "change_target")]
)
def test_who_may_not_add_and_change_imports_nothing(chiara: Client, may: tuple[str, ...]) -> None:
    url = checked(chiara, as_csv([good(1)]))
    bruno = a_client(*may)
    for place in (URL, url, f"{url}bad-rows.csv"):
        assert bruno.get(place).status_code == 302
    bruno.post(url, {"do": "run", "which": "all"})
    upload(bruno, as_csv([good(1)]))
    assert TargetImport.objects.get().state == "checked"


def test_a_hostile_name_of_a_file_is_shown_as_text(chiara: Client) -> None:
    page = text(upload(chiara, as_csv([good(1)]), name="<script>x</script>\u202e.csv"))
    assert "<script>x" not in page
    assert "\u202e" not in page
