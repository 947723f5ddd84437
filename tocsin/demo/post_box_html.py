"""The words and the markup of the post box's pages."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from tocsin.demo.eml import Mail, visible

LONGEST_PART = 1_000_000
LOOPBACK_LINK = re.compile(
    r"https?://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?([/?#].*)?", re.IGNORECASE
)
ANY_LINK = re.compile(r"https?://[!-~]+", re.IGNORECASE)
END_OF_SENTENCE = ".,;:!?)>]}'\""
# The mail may be looked at and its links followed; it runs nothing, and sends no form.
SANDBOX = "allow-popups allow-top-navigation-by-user-activation"
STYLE = (Path(__file__).parent / "post_box.css").read_text(encoding="utf-8")


def list_page(mails: Sequence[Mail], *, page: int, has_older: bool, directory: Path) -> str:
    """The mails of one page, newest first."""
    rows = "\n".join(_row(mail) for mail in mails)
    empty = (
        '<p class="empty">No mail yet. '
        "When something is sent, it lies here a moment later: reload the page.</p>"
    )
    turn = [f'<a href="/?page={page - 1}" rel="prev">Newer mails</a>'] if page > 1 else []
    turn += [f'<a href="/?page={page + 1}" rel="next">Older mails</a>'] if has_older else []
    more = f'<nav aria-label="Pages"><p>{" · ".join(turn)}</p></nav>' if turn else ""
    return _document(
        title="Post box",
        body=f"""
<p class="tools"><a class="button" href="/">Look again</a></p>
{f'<ol class="mails">{rows}</ol>' if mails else empty}
{more}
<p class="note">Each mail is a file in <code>{escape(visible(str(directory)))}</code></p>""",
    )


def mail_page(mail: Mail) -> str:
    """One mail: its headers, its text, its HTML in a closed frame, the way to its source."""
    subject = mail.header("Subject") or "(no subject)"
    source = f'<a href="/mail/{mail.name}.eml">Source (.eml)</a>'
    parts = [
        f'<p class="tools"><a href="/">Back to all mails</a> · {source}</p>',
        f"<h2><bdi>{escape(subject)}</bdi></h2>",
        _headers(mail),
    ]
    if mail.broken:
        parts.append(
            '<p class="note">This mail is too broken to be taken apart. See its source.</p>'
        )
    if mail.text is not None:
        text = _linked(_shortened(mail.text))
        parts.append(f'<h3>Text</h3>\n<div class="text" dir="auto">{text}</div>')
    if mail.html is not None:
        parts.append(f"<h3>HTML</h3>\n{_frame(mail.html)}")
    if mail.text is None and mail.html is None and not mail.broken:
        parts.append('<p class="note">There is nothing to read in this mail.</p>')
    return _document(title=f"{subject} – Post box", body="\n".join(parts))


def missing_page(words: str) -> str:
    """What is said instead of a page."""
    return _document(
        title="Post box",
        body=f'<p class="empty">{escape(words)}</p>\n<p><a href="/">All mails</a></p>',
    )


def _document(*, title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<header>
<h1><a href="/">Post box</a></h1>
<p>This is the demo’s post box: every mail ends here. Nothing leaves this machine.</p>
</header>
<main>
{body}
</main>
</body>
</html>
"""


def _row(mail: Mail) -> str:
    subject = mail.header("Subject") or "(no subject)"
    return f"""<li>
<h2><a href="/mail/{mail.name}"><bdi>{escape(subject)}</bdi></a></h2>
<dl>
<div><dt>To</dt><dd><bdi>{escape(mail.header("To", "X-Envelope-To"))}</bdi></dd></div>
<div><dt>From</dt><dd><bdi>{escape(mail.header("From", "X-Envelope-From"))}</bdi></dd></div>
<div><dt>When</dt><dd>{_moment(mail.arrived)}</dd></div>
</dl>
</li>"""


def _moment(moment: datetime) -> str:
    here = moment.astimezone()
    return f'<time datetime="{moment.isoformat()}">{here:%Y-%m-%d %H:%M:%S}</time>'


def _headers(mail: Mail) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{escape(name)}</th><td><bdi>{escape(value)}</bdi></td></tr>'
        for name, value in mail.headers
    )
    return f"<table>\n<caption>Arrived {_moment(mail.arrived)}</caption>\n{rows}\n</table>"


def _linked(text: str) -> str:
    """The text, escaped, with the links that stay on this machine ready to click."""
    pieces, end = [], 0
    for found in ANY_LINK.finditer(text):
        link = found.group().rstrip(END_OF_SENTENCE)
        if not LOOPBACK_LINK.fullmatch(link) or "\\" in link:
            continue
        pieces.append(escape(text[end : found.start()]))
        pieces.append(f'<a href="{escape(link)}">{escape(link)}</a>')
        end = found.start() + len(link)
    return "".join([*pieces, escape(text[end:])])


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_PART:
        return text
    return f"{text[:LONGEST_PART]}\n\n[… the rest is in the source]"


def _frame(html: str) -> str:
    """A frame of its own origin, in which nothing runs; a link in it opens in this window."""
    inner = f'<!doctype html><meta charset="utf-8"><base target="_top">{_shortened(html)}'
    return (
        f'<iframe sandbox="{SANDBOX}" referrerpolicy="no-referrer" '
        f'title="The HTML part of this mail" srcdoc="{escape(inner)}"></iframe>'
    )
