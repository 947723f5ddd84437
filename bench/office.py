"""What the staff sees of a run in the office: every list, and what hangs on it."""

import http.cookiejar
import re
import urllib.request
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import urlencode

LISTS = (
    *("", "mail/", "mail/messages/", "mail/mailboxes/", "mail/domains/", "mail/routes/"),
    *("mail/our-domains/", "mail/mailings/", "pages/", "reports/site-history/"),
)
DEEPER = re.compile(
    r'href="(/office/(?:mail/messages|mail/mailboxes|mail/mailings|[a-z]+)/[^"?#]*)"'
)
MOST = 60  # pages


def look_around(url: str, *, user: str, password: str) -> Iterator[tuple[str, bytes]]:
    """Sign in, and open page after page: address and content of each."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
    )

    def get(path: str, fields: dict[str, str] | None = None) -> bytes:
        body = urlencode(fields).encode() if fields else None
        try:
            with opener.open(url + path, body, timeout=60) as answer:
                return bytes(answer.read())
        except HTTPError as error:
            return error.read()

    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', get("/office/login/"))
    assert token, "the office shows no form to sign in"  # noqa: S101
    fields = {"username": user, "password": password, "csrfmiddlewaretoken": token[1].decode()}
    get("/office/login/", fields)
    assert "sessionid" in {each.name for each in jar}, "nobody let us in"  # noqa: S101
    waiting, seen = [f"/office/{each}" for each in LISTS], set[str]()
    while waiting and len(seen) < MOST:
        path = waiting.pop(0)
        if path in seen or "logout" in path or "/delete/" in path:
            continue
        seen.add(path)
        content = get(path)
        yield path, content
        waiting += DEEPER.findall(content.decode("utf-8", "replace"))
