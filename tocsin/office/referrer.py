"""What the browser of the staff may say about where it comes from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]


def within_the_office(answer: Answer) -> Answer:
    """A middleware: the office may know that a form of its own came from the office.

    The public pages send no referrer; browsers then name no origin either, not even to
    ourselves, and Django would refuse every form of the staff as a stranger's.
    """

    def answer_with_policy(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        if request.path.startswith("/office/"):
            response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer_with_policy
