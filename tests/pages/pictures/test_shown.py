"""Pictures as they are shown: small, without an original, from Tocsin itself."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.test import Client
from PIL import Image
from wagtail.models import Collection

from tests.factories import a_campaign_page
from tests.office.desk import chiara
from tests.pages.pictures.photographs import a_picture, restless
from tocsin.pages.pictures.models import MOST_BYTES, CampaignImage, CampaignRendition
from tocsin.pages.pictures.show import Picture, picture_of
from tocsin.settings import STORAGES

pytestmark = pytest.mark.django_db


def test_a_size_is_served_for_a_year_and_is_what_it_says() -> None:
    size = a_picture().get_rendition("max-100x100|format-avif")
    answer = Client().get(size.url, headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in answer
    assert int(answer["Content-Length"]) == size.file.size
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/avif")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    image = Image.open(BytesIO(answer.getvalue()))
    assert (image.format, image.size) == ("AVIF", (100, 66))
    assert Client().post(size.url).status_code == 405


def test_no_address_leads_to_an_original_or_lists_anything() -> None:
    image = a_picture()
    size = image.get_rendition("max-100x100|format-jpeg")
    name = image.file.name.rpartition("/")[2]
    for path in (
        image.file.url,
        *(f"/media/{image.file.name}", f"/pictures/{name}", f"/pictures/{image.file.name}"),
        *("/pictures/", "/pictures/..", "/pictures/../originals/", f"/pictures/..%2f{name}"),
        *(f"{size.url}/", f"{size.url}%00", size.url.replace(".jpg", ".avif")),
        f"/pictures/{'0' * 32}.jpg",
    ):
        assert Client().get(path, follow=True).status_code == 404, path


def test_a_picture_that_is_deleted_is_gone_in_every_size(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    storage: Any = STORAGES["pictures"]
    usual = storage["OPTIONS"]
    for model, folder in ((CampaignImage, "originals"), (CampaignRendition, "sizes")):
        place = type(usual["location"])(tmp_path / folder)
        disk = FileSystemStorage(**{**usual, "location": place})
        monkeypatch.setattr(model._meta.get_field("file"), "storage", disk)
    image = a_picture()
    size = image.get_rendition("max-100x100|format-jpeg")
    assert Client().get(size.url).getvalue()
    assert len([each for each in tmp_path.rglob("*") if each.is_file()]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        assert chiara().post(f"/office/images/{image.pk}/delete/").status_code == 302
    assert Client().get(size.url).status_code == 404
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_page_is_published_with_the_sizes_of_its_pictures(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    page, image = a_campaign_page(), a_picture()
    page.story = [("image", {"image": image, "decorative": True, "shape": "wide"})]
    version = page.save_revision()
    assert not image.renditions.exists()
    with django_capture_on_commit_callbacks(execute=True):
        version.publish()
    drawn = set(image.renditions.values_list("pk", flat=True))
    assert len(drawn) == 6
    assert "<picture" in Client().get(page.url).content.decode()
    assert set(image.renditions.values_list("pk", flat=True)) == drawn


@pytest.mark.parametrize("kind", ["avif", "jpeg"])
def test_the_most_restless_picture_is_light_in_its_largest_size(kind: str) -> None:
    image: CampaignImage = a_picture(restless(1200, 1200))
    size = image.get_rendition(f"max-1080x1080|format-{kind}")
    assert (size.width, size.height) == (1080, 1080)
    assert 20_000 < size.file.size <= MOST_BYTES


def visit(image: CampaignImage) -> Picture | None:
    """What another visitor gets, in a process of their own."""
    try:
        return picture_of(image, shape="wide")
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_while_one_visitor_has_it_drawn_nobody_else_draws_or_waits() -> None:
    # Who empties all tables takes it away.
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    image = a_picture(collection=root)
    sizes = CampaignRendition.file.field.storage
    before = set(sizes.listdir("")[1])
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            CampaignImage.objects.select_for_update(no_key=True).get(pk=image.pk)
            assert other.submit(visit, image).result(timeout=20) is None
            assert set(sizes.listdir("")[1]) == before
        drawn = other.submit(visit, image).result(timeout=20)
    assert drawn == picture_of(image, shape="wide")
    rows = set(image.renditions.values_list("file", flat=True))
    assert set(sizes.listdir("")[1]) - before == rows
