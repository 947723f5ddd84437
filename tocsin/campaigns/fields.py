"""What a letter leaves open until it is known to whom it goes: fields in square brackets."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

RECIPIENT, HOLDER, COUNTRY = "recipient", "holder", "country"
SEAT, ORGANISATION, MINE = "seat", "organisation", "mine"

FIELDS: Mapping[str, Mapping[str, str]] = {
    RECIPIENT: {
        "en": "name of the recipient",
        "fr": "nom du destinataire",
        "de": "Name des Empfängers",
        "es": "nombre del destinatario",
        "tr": "alıcının adı",
        "kk": "алушының аты",
        "ug": "تاپشۇرۇۋالغۇچىنىڭ ئىسمى",
        "zh-hans": "收信人名称",
    },
    HOLDER: {
        "en": "person in the post",
        "fr": "personne en poste",
        "de": "Person im Amt",
        "es": "persona en el cargo",
        "tr": "görevdeki kişi",
        "kk": "қызметтегі адам",
        "ug": "ۋەزىپىدىكى كىشى",
        "zh-hans": "现任官员",
    },
    COUNTRY: {
        "en": "country of the recipient",
        "fr": "pays du destinataire",
        "de": "Land des Empfängers",
        "es": "país del destinatario",
        "tr": "alıcının ülkesi",
        "kk": "алушының елі",
        "ug": "تاپشۇرۇۋالغۇچىنىڭ دۆلىتى",
        "zh-hans": "收信人所属国家",
    },
    SEAT: {
        "en": "country of the embassy",
        "fr": "pays de l’ambassade",
        "de": "Land der Botschaft",
        "es": "país de la embajada",
        "tr": "büyükelçiliğin bulunduğu ülke",
        "kk": "елшілік орналасқан ел",
        "ug": "ئەلچىخانا تۇرۇشلۇق دۆلەت",
        "zh-hans": "使馆所在国",
    },
    ORGANISATION: {
        "en": "name of the organisation",
        "fr": "nom de l’organisation",
        "de": "Name der Organisation",
        "es": "nombre de la organización",
        "tr": "kuruluşun adı",
        "kk": "ұйымның атауы",
        "ug": "تەشكىلاتنىڭ ئىسمى",
        "zh-hans": "组织名称",
    },
    MINE: {
        "en": "my country",
        "fr": "mon pays",
        "de": "mein Land",
        "es": "mi país",
        "tr": "ülkem",
        "kk": "менің елім",
        "ug": "مېنىڭ دۆلىتىم",
        "zh-hans": "我的国家",
    },
}
"""Each field by what it is called in a letter of that language: whoever reads it understands it.

None tells more of a person than every letter does: the country.
"""

_FIELD = re.compile(r"\[([^\[\]\n]{1,80})\]")
_OPENED = re.compile(r"\[([^\[\]\n]*)(\]?)")


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a bracket: `found` stands in it; `nearest` is what may be meant, or ""."""

    found: str
    is_closed: bool
    nearest: str = ""


def name_in(field: str, language: str) -> str:
    """The field as it is written in a letter of that language, in its brackets."""
    names = FIELDS[field]
    return f"[{names.get(language, names['en'])}]"


def fields_in(text: str) -> set[str]:
    """Which fields it has, in whichever language each is written."""
    known = (_BY_NAME.get(_folded(name)) for name in _FIELD.findall(text))
    return {field for field in known if field}


def field_of(bracket: str) -> str:
    """Which field is written so, brackets included; "" for none."""
    return _BY_NAME.get(_folded(bracket.strip("[]")), "") if bracket.startswith("[") else ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the value of each field that has one; everything else stays as it stands.

    What a value says is never read for fields again, and is one line.
    """

    def value(found: re.Match[str]) -> str:
        known = " ".join(values.get(_BY_NAME.get(_folded(found[1]), ""), "").split())
        return known or found[0]

    return _FIELD.sub(value, text)


def empty_in(texts: Collection[str], values: Mapping[str, str]) -> list[str]:
    """The fields of the texts that have no value, in the order of the table."""
    used = set().union(*map(fields_in, texts))
    return [field for field in FIELDS if field in used and not values.get(field, "").strip()]


def mistakes_in(text: str, *, language: str) -> Iterator[Mistake]:
    """Brackets that are no field and not closed, or look like one; `[…]` and `[1]` are text."""
    for found in _OPENED.finditer(text):
        inside, closed = found[1], bool(found[2])
        if not closed:
            yield Mistake(inside, is_closed=False)
        elif any(map(str.isalpha, inside)) and _folded(inside) not in _BY_NAME:
            yield Mistake(inside, is_closed=True, nearest=_nearest(inside, language))


def _nearest(inside: str, language: str) -> str:
    own = [_folded(names.get(language, names["en"])) for names in FIELDS.values()]
    for names in (own, list(_BY_NAME)):
        if close := get_close_matches(_folded(inside), names, n=1):
            return name_in(_BY_NAME[close[0]], language)
    return ""


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).replace("’", "'").casefold()
    return " ".join(plain.split())


_BY_NAME = {_folded(name): field for field, names in FIELDS.items() for name in names.values()}
