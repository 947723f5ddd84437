"""How much may be sent to what is not the office."""

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

MOST_BYTES = 256 * 1024
"""A form of the public is a few kilobytes, and a provider's report of our mail not many more."""


def small_outside(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A middleware: what is larger is refused before it is read; the office has limits of its own.

    Whoever does not say how much it is has nothing read at all (WSGI).
    """

    def answered(request: HttpRequest) -> HttpResponse:
        said = request.META.get("CONTENT_LENGTH") or "0"
        large = not said.isdecimal() or int(said) > MOST_BYTES
        if large and not request.path.startswith("/office/"):
            raise RequestDataTooBig
        return answer(request)

    return answered
