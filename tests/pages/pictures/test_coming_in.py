"""Whichever way a picture comes in, its file has pixels alone, and a name that tells nothing."""

import importlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.images.models import Image as StockImage
from wagtail.models import Collection, UploadedFile

from tests.pages.pictures.photographs import SECRET, a_picture, photograph, upload
from tocsin.pages.pictures.models import CampaignImage
from tocsin.pages.pictures.upload import PictureUpload

pytestmark = pytest.mark.django_db

NAME = re.compile(r"originals/[0-9a-f]{32}\.jpg")


@pytest.fixture
def office() -> Client:
    """Who runs the server."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("daniel"))
    return client


def kept(image: CampaignImage) -> bytes:
    """The file, after a look at its name."""
    assert NAME.fullmatch(image.file.name)
    with default_storage.open(image.file.name) as file:
        content: bytes = file.read()
    return content


def form(**more: object) -> dict[str, object]:
    """What the office asks for."""
    root = Collection.get_first_root_node().pk
    return {"title": "A house", "collection": root, **more}


@pytest.mark.parametrize(
    ("url", "field"),
    [
        ("/office/images/add/", "file"),
        ("/office/images/multiple/add/", "files[]"),
        ("/office/images/chooser/create/", "image-chooser-upload-file"),
    ],
)
def test_a_picture_comes_in_bare(office: Client, url: str, field: str) -> None:
    prefix = "image-chooser-upload-" if "chooser" in url else ""
    words = {f"{prefix}{name}": value for name, value in form().items()}
    office.post(
        url, {**words, field: upload(photograph())}, headers={"X-Requested-With": "XMLHttpRequest"}
    )
    image = CampaignImage.objects.get()
    assert SECRET.encode() not in kept(image)
    assert (image.width, image.height, image.file_size) == (300, 200, image.file.size)
    assert not UploadedFile.objects.exists()


def test_another_file_for_a_picture_is_bare_too_and_the_old_one_is_gone(office: Client) -> None:
    image = a_picture()
    old = image.file.name
    changed = form(file=upload(photograph(size=(200, 100))))
    assert office.post(f"/office/images/{image.pk}/", changed).status_code == 302
    image.refresh_from_db()
    assert SECRET.encode() not in kept(image)
    assert (image.width, image.height) == (200, 100)
    assert not default_storage.exists(old)
    # And without another one all stays as it is.
    same = image.file.name
    assert office.post(f"/office/images/{image.pk}/", form(title="Home")).status_code == 302
    image.refresh_from_db()
    assert (image.title, image.file.name) == ("Home", same)


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"<svg/>", "a.svg", "SVG and GIF are not taken"),
        (b"GIF89a", "a.gif", "SVG and GIF are not taken"),
        (photograph()[:600], "a.jpg", "its end is missing"),
        (photograph(), "a.png", "ends like that of another kind"),
    ],
)
def test_what_is_refused_is_refused_with_a_sentence(
    office: Client, content: bytes, name: str, sentence: str
) -> None:
    answer = office.post("/office/images/add/", form(file=upload(content, name)))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not CampaignImage.objects.exists()


def test_what_came_is_never_laid_on_a_disk() -> None:
    assert PictureUpload().max_upload_size < settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def test_a_picture_that_comes_by_code_is_bare_too() -> None:
    assert SECRET.encode() not in kept(a_picture())


def test_the_pictures_of_before_are_brought_over(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    root = Collection.get_first_root_node()
    raw = ContentFile(photograph(), name="Amina.jpg")
    old = StockImage.objects.create(title="Home", file=raw, collection=root, focal_point_x=3)
    lost = StockImage.objects.create(title="Lost", file=ContentFile(photograph(), name="x.jpg"))
    default_storage.delete(lost.file.name)
    migration = importlib.import_module("tocsin.migrations.0028_pictures")
    with django_capture_on_commit_callbacks(execute=True):
        migration.bring_over(apps, None)
    [image] = CampaignImage.objects.all()
    assert SECRET.encode() not in kept(image)
    assert (image.title, image.focal_point_x, image.created_at) == ("Home", 3, old.created_at)
    assert (image.width, image.height) == (300, 200)
    assert not default_storage.exists(old.file.name)
    assert list(StockImage.objects.values_list("title", flat=True)) == ["Lost"]
