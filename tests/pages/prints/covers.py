"""Covers of the example campaign in each language, for what is drawn from them."""

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

from tocsin.pages.prints.cover import Cover

EXAMPLE = Path(__file__).parents[3] / "tocsin" / "demo" / "example"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
ADDRESS = "act.example.org/families"


def a_cover(language: str = "fr", **changed: Any) -> Cover:
    """The words of the example in that language."""
    page = tomllib.loads((EXAMPLE / f"{language}.toml").read_text(encoding="utf-8"))["page"]
    words = {
        "title": page["title"],
        "organisation": "The Letter Table",
        "address": ADDRESS,
        "language": language,
        "direction": "rtl" if language == "ug" else "ltr",
        "accent": "#b8370b",
        "headings": "serif",
        "demand": page["demands"][0]["text"],
        "call": page["call"],
        "code": f"https://{ADDRESS}/?s=poster",
    }
    return Cover(**{**words, **changed})
