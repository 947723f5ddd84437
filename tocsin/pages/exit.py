"""The way out of every public page."""

from django.conf import settings
from django.http import HttpRequest


def way_out(request: HttpRequest) -> dict[str, str]:  # noqa: ARG001
    """A context processor: where "Leave this page" leads. Nothing is asked of it before a click."""
    return {"exit_url": settings.EXIT_URL}
