"""Which frame a page has around it: that of our site, or the small one on a partner's site."""

from django.http import HttpRequest

FRAMED = ("widget", "widget-mailbox")
"""The addresses that are shown in a frame, by name."""


def layout(request: HttpRequest) -> dict[str, object]:
    """A context processor: so that a page of trouble fits in where it comes up."""
    found = request.resolver_match
    framed = found is not None and found.url_name in FRAMED
    return {"framed": framed, "layout": f"pages/{'widget_' if framed else ''}frame.html"}
