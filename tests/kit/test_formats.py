"""Days and numbers are written as people of each language write them."""

from datetime import date

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format

WRITTEN = {
    "fr": ("30 août 2018", "1\xa0234\xa0567"),
    "en": ("Aug. 30, 2018", "1,234,567"),
    "ug": ("30-ئاۋغۇست، 2018", "1,234,567"),
    "kk": ("2018 ж. 30 тамыз", "1\xa0234\xa0567"),
    "zh-hans": ("2018年8月30日", "1,234,567"),
    "es": ("30 de agosto de 2018", "1\xa0234\xa0567"),
    "de": ("30. August 2018", "1.234.567"),
    "tr": ("30 Ağustos 2018", "1.234.567"),
}
"""The same day and the same number, by what CLDR and each language's own grammar say."""


def test_every_language_has_its_way_of_writing() -> None:
    assert set(WRITTEN) == set(dict(settings.LANGUAGES))


@pytest.mark.parametrize(("language", "written"), WRITTEN.items())
def test_a_day_and_a_number_are_written_as_in_the_language(
    language: str, written: tuple[str, str]
) -> None:
    with translation.override(language):
        day, number = date_format(date(2018, 8, 30)), number_format(1234567, force_grouping=True)
    assert (day, number.replace("\u202f", "\xa0")) == written


@pytest.mark.parametrize("language", dict(settings.LANGUAGES))
def test_digits_are_the_same_everywhere(language: str) -> None:
    with translation.override(language):
        assert "2018" in date_format(date(2018, 8, 30), "DATE_FORMAT")
        assert number_format(7) == "7"
