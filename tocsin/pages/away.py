"""The page that a proxy shows while Tocsin itself is not there, as a file."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language_info, override

from tocsin.pages.errors import AWAY

NAME = "away.html"


def write_away(directory: Path) -> Path:
    """Write the page, which says the same in every language; where it is."""
    said = []
    for code, _name in settings.LANGUAGES:
        info = get_language_info(code)
        with override(code):
            words = {"title": str(AWAY.title), "text": str(AWAY.text)}
        said.append({"code": code, "direction": "rtl" if info["bidi"] else "ltr", **words})
    with override(settings.LANGUAGE_CODE):
        page = render_to_string("pages/away.html", {"said": said, "exit_url": settings.EXIT_URL})
    path = directory / NAME
    path.write_text(page, encoding="utf-8")
    return path
