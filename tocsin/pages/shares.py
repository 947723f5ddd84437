"""The ways to pass a page on: plain links that say by which channel, and never by whom."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.utils.translation import gettext as _

from tocsin.actions.links import query_of

HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]"
)
"""A server by its name: neither a number, nor a port, nor anything behind it."""


@dataclass(frozen=True)
class Share:
    """A way to pass the page on: a plain link, opened by whoever clicks on it."""

    name: str
    url: str


@dataclass(frozen=True)
class Shares:
    """All of them for one page: links, and its address for the share sheet and to be copied."""

    links: tuple[Share, ...]
    device: str
    copy: str


def shares_of(*, address: str, title: str) -> Shares | None:
    """The ways for a page at that address; None while it has none."""
    if not address:
        return None

    def url(channel: str) -> str:
        return quote(address + query_of(channel), safe="")

    def both(channel: str) -> str:
        return quote(f"{title} {address}{query_of(channel)}", safe="")

    name = quote(title, safe="")
    links = (
        Share("WhatsApp", f"https://wa.me/?text={both('whatsapp')}"),
        Share("Telegram", f"https://t.me/share/url?url={url('telegram')}&text={name}"),
        Share(_("E-mail"), f"mailto:?subject={name}&body={both('email')}"),
        Share("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={url('facebook')}"),
        Share("X", f"https://x.com/intent/post?text={name}&url={url('x')}"),
        Share("Bluesky", f"https://bsky.app/intent/compose?text={both('bluesky')}"),
    )
    return Shares(
        links=links,
        device=address + query_of("device"),
        copy=address + query_of("copy"),
    )


def mastodon_link(typed: str, *, address: str, title: str) -> str:
    """Where the server that somebody named lets them write about the page; "" if it is no name."""
    host = typed.strip().lower().removeprefix("https://").rstrip("/")
    host = host.rpartition("@")[2]  # somebody may give their whole account
    if not HOST.fullmatch(host):
        return ""
    text = quote(f"{title} {address}{query_of('mastodon')}", safe="")
    return f"https://{host}/share?text={text}"
