"""Pictures to try things with: with all that a camera writes, and one that is hard to pack."""

from hashlib import shake_256
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops, ImageDraw

from tocsin.pages.pictures.models import CampaignImage

SECRET = "Kashgar 39.47"
"""What the camera wrote."""


def photograph(*, size: tuple[int, int] = (300, 200), kind: str = "JPEG") -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[29] = SECRET
    file = BytesIO()
    Image.new("RGB", size, "navy").save(file, kind, exif=exif)
    return file.getvalue() + SECRET.encode()


def restless(width: int, height: int) -> bytes:
    """Like a photograph of leaves or a crowd: noise of every size, laid over one another."""
    sheet = Image.new("RGB", (width, height), "gray")
    for side in (2, 4, 8, 32):
        small = (width // side, height // side)
        noise = Image.frombytes("RGB", small, shake_256(b"leaves").digest(small[0] * small[1] * 3))
        sheet = ImageChops.add(sheet, noise.resize((width, height)), scale=2)
    file = BytesIO()
    sheet.save(file, "JPEG", quality=95)
    return file.getvalue()


def a_house() -> bytes:
    """A house with a red door, in the evening."""
    sheet = Image.linear_gradient("L").resize((1080, 720))
    sheet = Image.merge("RGB", [sheet.point(lambda v, c=c: c + v // 3) for c in (120, 90, 110)])
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 560, 1080, 720), "#5a4a3a")
    pen.polygon([(280, 330), (540, 150), (800, 330)], "#7a3b24")
    pen.rectangle((320, 330, 760, 600), "#e8dcc4")
    pen.rectangle((490, 430, 590, 600), "#b8370b")
    for left in (370, 640):
        pen.rectangle((left, 390, left + 70, 470), "#f6c65b")
    file = BytesIO()
    sheet.save(file, "JPEG", quality=90)
    return file.getvalue()


def upload(content: bytes, name: str = "Amina at home.jpg") -> SimpleUploadedFile:
    """As a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def a_picture(content: bytes | None = None, **more: object) -> CampaignImage:
    """A picture that is there."""
    file = ContentFile(content or photograph(), name="Amina at home.jpg")
    made: CampaignImage = CampaignImage.objects.create(title="A house", file=file, **more)
    return made
