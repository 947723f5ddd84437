"""What the browser of the staff may do, and say about where it comes from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tocsin.kit.headers import ONION, POLICY, say

Answer = Callable[[HttpRequest], HttpResponse]


def within_the_office(answer: Answer) -> Answer:
    """A middleware: the office has a policy of its own, and knows its own forms.

    Wagtail's shell writes scripts and styles into its pages, and a preview, which is made as
    the public page is, stands in a frame: OFFICE_CSP. The public pages send no referrer;
    browsers then name no origin either, not even to ourselves, and Django would refuse every
    form of the staff as a stranger's.
    """

    def answer_with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path.startswith("/office/"):
            response.headers[POLICY] = say(settings.OFFICE_CSP)
            response.headers.pop(ONION, None)
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer_with_policy
