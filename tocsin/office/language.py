"""In which language the office speaks: one of its own, whatever else the public pages speak."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponse]


def in_a_language_of_the_office(answer: Answer) -> Answer:
    """A middleware, after Django's own of languages: half a translation helps nobody at work."""
    spoken = dict(settings.OFFICE_LANGUAGES)

    def answer_in_it(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/office/") or translation.get_language() in spoken:
            return answer(request)
        with translation.override(settings.LANGUAGE_CODE):
            return answer(request)

    return answer_in_it
