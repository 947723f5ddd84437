"""Public pages travel compressed, whatever stands in front of us."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

PACKED = ("image/avif", "image/jpeg", "image/png")
"""What is compressed already, and would only get larger."""

Answer = Callable[[HttpRequest], HttpResponseBase]


def compressed(answer: Answer) -> Answer:
    """A middleware: what is not of the office is compressed for whoever can read that.

    The length of a compressed answer can tell a secret in it to somebody who makes the browser of
    another ask again and again, and puts guesses beside the secret. That takes a cookie, which
    only the office has: its pages stay as they are.
    """
    squeeze = GZipMiddleware(answer).process_response

    def answer_compressed(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        is_packed = response.headers.get("Content-Type", "") in PACKED
        stays = is_packed or request.path.startswith("/office/")
        return response if stays else squeeze(request, response)

    return answer_compressed
