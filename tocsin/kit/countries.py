"""Countries: their codes, and their names in the reader's language and order."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError

# CLDR names more territories than ISO 3166-1 (Kosovo, XK, is the one that people need): parts
# reserved for post and customs, groupings, pseudo-locales, "unknown".
NOT_COUNTRIES = frozenset(
    ["AC", "CP", "CQ", "DG", "EA", "IC", "TA", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"]
)

# CLDR has a short form beside the official one, which Babel leaves out: nobody looks for
# Hong Kong under R as in "R.A.S. chinoise".
SHORT_NAMES: dict[str, dict[str, str]] = {
    "de": {"HK": "Hongkong", "MO": "Macau", "PS": "Palästina"},
    "en": {"HK": "Hong Kong", "MO": "Macao", "PS": "Palestine"},
    "es": {"HK": "Hong Kong", "MO": "Macao", "PS": "Palestina"},
    "fr": {"HK": "Hong Kong", "MO": "Macao", "PS": "Palestine"},
    "kk": {"HK": "Сянган", "MO": "Макао", "PS": "Палестина"},
    "tr": {"HK": "Hong Kong", "MO": "Makao", "PS": "Filistin"},
    "ug": {"HK": "شياڭگاڭ", "MO": "ئاۋمېن", "PS": "پەلەستىن"},
    "zh_Hans": {"HK": "香港", "MO": "澳门", "PS": "巴勒斯坦"},
    "zh_Hant": {"HK": "香港", "MO": "澳門", "PS": "巴勒斯坦"},
}

# In English these bear an article inside a sentence.
WITH_ARTICLE = "AE BS CC CD CF CG DO FK GB GM IO KM KY MH MP MV NL PH SB TC UM US VG VI"

# Where the order of letters is not the order of code points.
ALPHABETS = {
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "ug": "اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي",
}
# Old character sets put the common characters into a reader's order: by sound, by strokes.
ORDERED_CHARSETS = {"zh_Hans": "gb18030", "zh_Hant": "big5hkscs"}


@cache
def country_codes() -> frozenset[str]:
    """ISO 3166-1 alpha-2 as people use it: with XK, without pseudo and reserved codes."""
    territories = map(str, Locale("en").territories)
    codes = {code for code in territories if len(code) == 2 and code.isalpha()}
    return frozenset(codes - NOT_COUNTRIES)


def country_name(code: str, language: str) -> str:
    """The country's name in the language, else in English; KeyError if there is no such code."""
    return _names(language)[code]


def country_in_a_sentence(code: str, language: str) -> str:
    """The same as it stands inside a sentence: "the Netherlands"."""
    name = country_name(code, language)
    english = _locale(language).language == "en"
    return f"the {name}" if english and code in WITH_ARTICLE.split() else name


def country_choices(language: str, *, first: Sequence[str] = ()) -> list[tuple[str, str]]:
    """(code, name) of every country: `first` as given, then the rest in the reader's order."""
    names = _names(language)
    rest = (code for code in _sorted_codes(language) if code not in first)
    return [(code, names[code]) for code in (*first, *rest)]


@lru_cache(maxsize=64)
def _names(language: str) -> Mapping[str, str]:
    locale = _locale(language)
    short = SHORT_NAMES.get(_script(locale), {})
    names = {**Locale("en").territories, **locale.territories, **short}
    return {code: names[code] for code in country_codes()}


@lru_cache(maxsize=64)
def _sorted_codes(language: str) -> tuple[str, ...]:
    names = _names(language)
    script = _script(_locale(language))
    return tuple(sorted(names, key=lambda code: (_place(names[code], script), names[code])))


def _locale(language: str) -> Locale:
    """The locale of a language tag ("fr", "fr-CA", "zh-hans"); English when unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _script(locale: Locale) -> str:
    """The language, and for Chinese its script: "zh_Hant"."""
    if locale.language == "zh":
        written = locale.script or ("Hant" if locale.territory in ("HK", "MO", "TW") else "Hans")
        return f"zh_{written}"
    return locale.language


def _place(name: str, script: str) -> tuple[int, ...]:
    """Where a name stands in the list: one number per letter."""
    if charset := ORDERED_CHARSETS.get(script):
        return tuple(name.encode(charset, "replace"))
    alphabet = ALPHABETS.get(script, "")
    # Uyghur writes a vowel at the start of a syllable on a hamza, which is no letter.
    name = name.casefold().replace("ئ", "")
    if any(letter in alphabet for letter in name):
        # Letters of the alphabet first; a space before any letter.
        return tuple(alphabet.find(letter) for letter in name if letter.isalpha() or letter == " ")
    folded = unicodedata.normalize("NFKD", name)
    return tuple(ord(letter) for letter in folded if letter.isalnum() or letter == " ")
