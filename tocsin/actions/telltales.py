"""What in somebody's own words may tell who they are: a hint to look again, never a judgement."""

import re
from collections.abc import Iterable

MAIL = r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.[a-z]{2,24}"
PHONE = (
    r"(?![0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))"  # a date is none
    r"\+?\(?[0-9٠-٩۰-۹](?:[\s().\/-]{0,2}[0-9٠-٩۰-۹]){7,}"
)
LATIN = r"(?<![a-zß-öø-ÿğıœşŞ])"
CYRILLIC = r"(?<![а-яёәғқңөұүһі])"
ARABIC = r"(?<![ء-ە])"
"""Before the first letter of a word; none stands before a word of Chinese."""

STREETS = (
    r"[0-9]{1,5}\s?(?:bis|ter)?,?\s+(?:rue|avenue|boulevard|place|chemin|allée)\s",
    r"[0-9]{1,5}\s?(?:bis|ter)?,?\s+(?:impasse|route|quai)\s",
    r"[0-9]{1,5}\s+(?:[a-z'’.-]+\s+){1,3}(?:street|road|avenue|lane|drive|court|boulevard|crescent)",
    LATIN + r"(?:calle|avenida|avda\.|plaza|paseo)\s(?:[^\s,]{1,30}\s?){1,4},?\s[0-9]{1,4}",
    r"[a-zäöüß-]{2,30}(?:straße|strasse|str\.|gasse|platz|allee|weg)\s[0-9]{1,4}",
    r"[a-zçğıöşü]{2,30}\s(?:caddesi|cad\.|sokağı|sokak|sok\.|mahallesi|mah\.|bulvarı)",
    r"көшесі,?\s{0,2}[0-9]{1,4}",
    r"[路街巷弄]\s?[0-9０-９]{1,5}\s?号",
    r"كوچىسى\s{0,2}[0-9]{1,4}",
)
INTRODUCTIONS = (
    r"my name is|i am called|i was born",
    r"je m['’]appelle|mon nom est|je suis née? |je me nomme",
    LATIN + r"(?:me llamo|mi nombre es|nací en)",
    LATIN + r"(?:ich hei(?:ß|ss)e|mein name ist|ich wurde (?:in|am) )",
    LATIN + r"(?:benim adım|adım |ismim )",
    CYRILLIC + r"(?:менің атым|менің есімім|туғанмын)",
    r"我叫|我姓|我的名字|我出生",
    ARABIC + r"(?:مېنىڭ ئىسمىم|ئىسمىم|تۇغۇلغانمەن)",
)
RELATIVES = (
    r"my (?:brother|sister|mother|father|husband|wife|son|daughter|uncle|aunt|cousin)",
    r"mon (?:frère|père|mari|fils|oncle|cousin)|ma (?:sœur|soeur|mère|femme|fille|tante|cousine)",
    LATIN + r"mi (?:herman[oa]|madre|padre|marido|espos[oa]|mujer|hij[oa]|tí[oa]|prim[oa])",
    LATIN + r"meine?[mnrs]? (?:bruder|schwester|mutter|vater|mann|frau|sohn|tochter)",
    LATIN + r"meine?[mnrs]? (?:onkel|tante|cousine?|schwager|schwägerin)",
    LATIN + r"(?:kardeşim|ağabeyim|abim|ablam|annem|babam|kocam|eşim|karım|oğlum|kızım)",
    LATIN + r"(?:amcam|dayım|teyzem|halam|kuzenim|yeğenim)",
    CYRILLIC + r"(?:ағам|інім|әпкем|қарындасым|сіңлім|анам|шешем|әкем|күйеуім|әйелім)",
    CYRILLIC + r"(?:ұлым|қызым|туысым)",
    r"我的?(?:[哥弟姐妹妈爸]|母亲|父亲|丈夫|妻子|儿子|女儿|[叔舅姑姨]|表[哥弟姐妹]|堂[兄弟姐妹])",
    ARABIC + r"(?:ئاكام|ئىنىم|ئاچام|سىڭلىم|ئانام|ئاپام|دادام|يولدىشىم|ئايالىم|ئوغلۇم|قىزىم)",
    ARABIC + r"(?:تاغام|ھاممام|تۇغقىنىم)",
)
ADDRESSES = (MAIL, PHONE, *STREETS)
PATTERNS = (*ADDRESSES, *INTRODUCTIONS, *RELATIVES)
"""Written so that Python and JavaScript read them alike: the page looks with the same ones.

In whichever language somebody reads the page, they may write in any.
"""


def telltales(text: str, *, names: Iterable[str]) -> list[str]:
    """What was found, as it stands in the text, each once, their own names first.

    `names` is what they typed of theirs.
    """
    patterns = [*(_as_pattern(part) for part in parts_of(names)), *PATTERNS]
    found = [
        hit.group().strip()
        for pattern in patterns
        for hit in re.finditer(pattern, text, re.IGNORECASE)
    ]
    return list(dict.fromkeys(found))


def parts_of(names: Iterable[str]) -> list[str]:
    """The words of names and local parts that are long enough to be recognised by.

    Where a family name has one sign, and the given name another, the two stand in a row.
    """
    words = [word for name in names for word in re.split(r"[\s._+'’0-9-]+", name) if word]
    signs = [word for word in words if SIGNS.fullmatch(word)]
    rows = ["".join(signs), "".join(reversed(signs))] if len(signs) > 1 else []
    long = [word for word in words if len(word) >= (3 if word.isascii() else 2)]
    return list(dict.fromkeys([*rows, *long]))


SIGNS = re.compile("[㐀-鿿\U00020000-\U0003ffff]+")
"""A word of Chinese signs alone."""


def _as_pattern(part: str) -> str:
    """A whole word; where a script writes no spaces, anywhere."""
    whole = re.escape(part)
    return rf"(?<![^\W\d_]){whole}(?![^\W\d_])" if part.isascii() else whole
