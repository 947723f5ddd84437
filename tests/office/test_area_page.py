"""Tables of areas in the office: made, filled from a file as targets are, and deleted."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import a_target, an_area
from tests.office.directory import a_client, mark_of, text, typed
from tests.targets.files import as_csv
from tocsin.stations import run_station
from tocsin.targets.areas import AreaTable, Postcode
from tocsin.targets.importing.models import TargetImport
from tocsin.targets.models import Target

pytestmark = pytest.mark.django_db
URL = "/office/targets/areas/"


@pytest.fixture
def chiara() -> Client:
    """A campaigner who keeps the directory."""
    return a_client("view_target", "add_target", "change_target")


def test_a_table_is_made_and_filled_step_by_step(chiara: Client) -> None:
    made = {"name": "Constituencies", "slug": "fr-c", "country": "FR"}
    page = text(chiara.post(URL, made, follow=True))
    assert "The table is there." in page
    assert chiara.post(URL, made).status_code == 422  # the short name is taken
    table = AreaTable.objects.get()
    content = as_csv(
        [["75001", "7501", "Paris 1"], ["!", "7501", ""]], header=["zip", "area", "name"]
    )
    file = SimpleUploadedFile("codes.csv", content)
    answer = chiara.post(f"{URL}{table.pk}/", {"do": "read", "file": file}, follow=True)
    assert "For the table Constituencies." in text(answer)
    url = answer.redirect_chain[-1][0]
    columns = {"column_0": "postcode", "column_1": "", "column_2": "area_name"}
    refused = chiara.post(url, {**columns, "do": "check"})
    assert "One column must be the code of the area." in text(refused)
    chiara.post(url, {**columns, "column_1": "area", "do": "check"})
    run_station("import_targets")
    page = text(chiara.get(f"{url}?state=bad"))
    assert "A postcode has at most twelve letters and digits." in page
    assert not Postcode.objects.exists()
    assert "75001 → 7501" in text(chiara.get(f"{url}?state=new"))
    chiara.post(url, {"do": "run", "which": "good"})
    run_station("import_targets")
    assert TargetImport.objects.get().state == TargetImport.State.DONE
    page = text(chiara.get(f"{URL}{table.pk}/"))
    assert "1 area ·" in page
    assert "Paris 1" in page
    assert "zip" in text(chiara.get(f"{url}bad-rows.csv"))


def test_a_table_for_whose_areas_somebody_stands_is_not_deleted(chiara: Client) -> None:
    area, target = an_area(), a_target()
    Target.objects.filter(pk=target.pk).update(area=area)
    url = f"{URL}{area.table_id}/"
    assert "Targets stand for its areas" in text(chiara.post(url, {"do": "delete"}, follow=True))
    Target.objects.update(area=None)
    assert "It is deleted." in text(chiara.post(url, {"do": "delete"}, follow=True))
    assert chiara.get(url).status_code == 404
    assert chiara.post(URL, {"slug": "x"}).status_code == 422


def test_a_target_gets_its_area_by_the_form(chiara: Client) -> None:
    area, target = an_area("7501"), a_target()
    url = f"/office/targets/edit/{target.pk}/"
    filled = {**typed(table=str(area.table_id), code="7501"), "mark": mark_of(chiara, target)}
    assert chiara.post(url, {**filled, "code": "9"}).status_code == 422
    nowhere = chiara.post(url, {**filled, "table": ""})
    assert nowhere.status_code == 422
    assert "Say of which table the areas are." in text(nowhere)
    assert chiara.post(url, filled).status_code == 302
    target.refresh_from_db()
    assert target.area == area
    assert 'value="7501"' in text(chiara.get(url))
    stale = {**filled, "mark": mark_of(chiara, target)}
    Target.objects.update(area=None)
    assert chiara.post(url, stale).status_code == 409
