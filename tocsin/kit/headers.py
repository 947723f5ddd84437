"""What every answer tells the browser not to do: the policy of contents, and who may look in."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
Policy = Mapping[str, Sequence[str]]

POLICY = "Content-Security-Policy"
ONION = "Onion-Location"
DENIED = (
    "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation "
    "gyroscope hid identity-credentials-get idle-detection local-fonts magnetometer microphone "
    "midi payment picture-in-picture publickey-credentials-create publickey-credentials-get "
    "screen-wake-lock serial storage-access usb window-management xr-spatial-tracking"
)
"""What a page could ask of a device; ours ask for nothing but to pass an address on.

That is `web-share`, which a page of ours may and a page in it may not, unless somebody says
otherwise. So nobody says anything: a browser that does not know the word would complain.
"""

ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in DENIED.split()),
}
"""On every answer beside what Django's own SecurityMiddleware says."""


class CSP(StrEnum):
    """The sources that are a word and no address, named as in Django 6."""

    NONE = "'none'"
    SELF = "'self'"
    UNSAFE_INLINE = "'unsafe-inline'"


def say(policy: Policy) -> str:
    """A policy as the header has it."""
    return "; ".join(" ".join((directive, *sources)) for directive, sources in policy.items())


def low_trace(answer: Answer) -> Answer:
    """A middleware, the outermost: SECURE_CSP and ALWAYS on every answer, errors and files too.

    An answer that has a policy already (the office, a document) keeps it. Django 6 brings the
    same setting with a middleware of its own: this half goes when we are at 6.2 LTS. A page that
    was asked for by its public name tells Tor Browser its address at ONION_URL.
    """

    def answer_with_headers(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if POLICY not in response.headers:
            response.headers[POLICY] = say(settings.SECURE_CSP)
            _tell_onion(request, response)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response

    return answer_with_headers


def _tell_onion(request: HttpRequest, response: HttpResponse) -> None:
    """Where the page is as an onion service; a form that was sent has no address to go to."""
    onion: str = settings.ONION_URL
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not onion or not is_page or request.method not in ("GET", "HEAD"):
        return
    host = request.META.get("HTTP_HOST", "").partition(":")[0].lower()
    if host != onion.partition("://")[2]:
        response.headers[ONION] = onion + request.get_full_path()
