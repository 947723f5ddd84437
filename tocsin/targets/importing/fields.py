"""What a column can be, and what its heading most likely means, in English and in French."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress

from tocsin.kit.languages import read_language

FIELDS = (
    *("key", "number", "kind", "country", "seat", "language", "name", "salutation"),
    *("address", "holder", "since", "checked", "postal", "area"),
)
"""The columns that we know. `name` and `salutation` alone are in the target's own language."""
BY_LANGUAGE = ("name", "salutation")
"""Those that there may be once a language, as `name:fr`."""
SEVERAL = ("address",)
"""Those that several columns may be."""
GIVEN = ("kind", "country", "language", "salutation", "table")
"""What may be said once for all rows that say nothing."""

MEANT: dict[str, str] = {
    "key": "key|short name|slug|nom court|cle|identifiant court",
    "number": "number|number elsewhere|id|external id|uuid|numero|numero externe|identifiant",
    "kind": "kind|type|category|classification|categorie|genre",
    "country": "country|country code|pays|code pays",
    "seat": "seat|seat country|host country|siege|pays du siege|pays d accueil",
    "language": "language|lang|langue",
    "name": "name|office|title|post|nom|intitule|fonction|poste|denomination",
    "salutation": "salutation|greeting|appel|formule d appel|civilite",
    "address": "address|mail|email|e mail|email address|mail address|courriel|adresse|adresse mail"
    "|adresse e mail|adresse electronique|mel",
    "holder": "holder|person|incumbent|person in the post|titulaire|personne",
    "since": "since|start date|in the post since|depuis|en poste depuis|date de debut",
    "checked": "checked|last checked|verified|verifie|verifie le|derniere verification",
    "postal": "postal|postal address|adresse postale",
    "area": "area|area code|constituency|circonscription|code circonscription|zone",
}
"""The headings by which each column is recognised, without accents."""
KINDS: dict[str, str] = {
    "ministry": "ministry|minister|ministere|ministre",
    "embassy": "embassy|consulate|ambassade|consulat",
    "head_of_state": "head of state|president|chef d etat|chef de l etat|cheffe de l etat"
    "|presidente",
    "parliament": "parliament|member of parliament|mp|legislature|senator|parlement|depute"
    "|deputee|senateur|senatrice|membre du parlement|parlementaire",
    "company": "company|business|entreprise|societe",
    "other": "other|institution|autre",
}
"""What a cell may say for each kind of target."""


def plain_words(text: str) -> str:
    """Small letters without accents, words with one space between them."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", letters))


def by_phrase(known: dict[str, str]) -> dict[str, str]:
    """The name of each phrase, out of the phrases of each name."""
    return {phrase: name for name, phrases in known.items() for phrase in phrases.split("|")}


_FIELD_OF, _KIND_OF = by_phrase(MEANT), by_phrase(KINDS)


def read_kind(text: str) -> str:
    """The kind that a cell means, in either language; "" where it means none."""
    words = plain_words(text)
    return words.replace(" ", "_") if words.replace(" ", "_") in KINDS else _KIND_OF.get(words, "")


def guess_mapping(header: Sequence[str], languages: Sequence[str]) -> list[str]:
    """What each column is, "" for those that we do not know; each field once, where that counts.

    A name or a salutation may end in the code of one of the `languages`: `name (fr)`.
    """
    found: list[str] = []
    for heading in header:
        meant = _meant(plain_words(heading), languages)
        found.append("" if meant in found and meant not in SEVERAL else meant)
    return found


def _meant(words: str, languages: Sequence[str]) -> str:
    if words in _FIELD_OF:
        return _FIELD_OF[words]
    for language in languages:
        spoken = f" {plain_words(language)}"
        if words.endswith(spoken):
            meant = _FIELD_OF.get(words.removesuffix(spoken), "")
            return f"{meant}:{language}" if meant in BY_LANGUAGE else ""
    return ""


def tongues_of(header: Sequence[str]) -> set[str]:
    """The languages by whose codes headings of names end, like `name_ar`."""
    found = set()
    for heading in header:
        field, _space, rest = plain_words(heading).partition(" ")
        if rest and _FIELD_OF.get(field, "") in BY_LANGUAGE:
            with suppress(ValueError):
                found.add(read_language(rest.replace(" ", "-")))
    return found
