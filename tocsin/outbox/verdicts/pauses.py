"""How long the other side asks us to wait, as it says so in its own words."""

import re
from datetime import timedelta

LONGEST = timedelta(days=1)  # whatever they ask for

UNITS = {
    86_400: r"days?|jours?|tage?n?|d[íi]as?|giorn[io]|день|дн[яе]й?|суток|天|日|g[üu]n|يوم|أيام",
    3600: r"h|hrs?|hours?|heures?|stunden?|horas?|or[ae]|час\w*|小时|小時|時間|시간|saat|ساع\w+",
    60: r"m|mins?|minut\w*|минут\w*|мин|分钟|分鐘|分|분|dakika|دقيق\w+|دقائق",
    1: r"s|secs?|second\w*|sekunden?|segundos?|секунд\w*|сек|秒|초|saniye|ثاني\w+|ثوان\w*",
}
"""How servers call a stretch of time, by its seconds."""

UNIT = "|".join(f"(?P<u{seconds}>{names})" for seconds, names in UNITS.items())
STRETCH = rf"(?<!\d)(?P<number>\d{{1,6}})\s?(?:(?:{UNIT})(?![^\W\d_]))"
LATIN = (
    r"again|back|retry|retries|wait|delayed|deferred|gr[ea]y ?list\w*|blocked|later|expires?"
    r"|r[ée]e?ssay\w*|patient\w*|revenez|erneut|wieder|warten|intent\w+|tent\w+|riprova\w*|tekrar|espera\w*"
)
ASKED = (
    rf"\b(?:{LATIN})\b\W+(?:[^\W\d]+\W+){{0,3}}?{STRETCH}",
    rf"(?:через|повтор\w*|بعد|请在|請在|请于|等待)\W*(?:[^\W\d]+\W+){{0,2}}?{STRETCH}",
    rf"{STRETCH}\W*(?:later\b|erneut|wieder|noch ?(?:ein)?mal|sonra|之后|以后|から|後)",
)
"""A wait that is asked for, and not any time that is spoken of."""

IN_THE_EAST = rf"(?<!\d)(?P<number>\d{{1,6}})\s?(?:{UNIT})\s?(?:后|後|之后|以后|후)"
CLOCK = rf"\b(?:{LATIN})\b\W+(?:[^\W\d]+\W+){{0,3}}?(\d\d?):(\d\d):(\d\d)\b"
RETRY_AFTER = r"\bretry[-_ ]after\b\W{0,3}(\d{1,6})\b(?!\W?[^\W\d])"


def wait_asked(words: str) -> timedelta:
    """How long the other side asks us to wait, at most a day; zero if it does not."""
    seconds = 0
    for pattern in (*ASKED, IN_THE_EAST):
        if found := re.search(pattern, words, re.IGNORECASE):
            unit = next(unit for unit in UNITS if found[f"u{unit}"])
            seconds = max(seconds, int(found["number"]) * unit)
    if found := re.search(CLOCK, words, re.IGNORECASE):
        seconds = max(seconds, int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]))
    if found := re.search(RETRY_AFTER, words, re.IGNORECASE):
        seconds = max(seconds, int(found[1]))
    return min(timedelta(seconds=seconds), LONGEST)
