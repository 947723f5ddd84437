"""In which language the office speaks: one of its own, whatever else the public pages speak."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageOfThePlace(LocaleMiddleware):
    """Django's own, but in the office: half a translation helps nobody at work.

    What is not there in the office is not looked for among the public pages either.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language."""
        super().process_request(request)
        is_spoken = translation.get_language() in dict(settings.OFFICE_LANGUAGES)
        if request.path.startswith("/office/") and not is_spoken:
            translation.activate(settings.LANGUAGE_CODE)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Say that the answer depends on it."""
        if not request.path.startswith("/office/"):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Language",))
        return response
