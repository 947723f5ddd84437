"""What every page of our own in the office does: it asks who it is before anything is read."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.generic.base import View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from tocsin.outbox.rows import rows


def database_now() -> datetime:
    """The time by the clock that all machines share."""
    now: datetime = rows("SELECT now()")[0][0]
    return now


class OfficePage(WagtailAdminTemplateMixin, View):
    """A page in Wagtail's shell, for those to whom it is allowed; no browser keeps it."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask who it is before anything is read."""
        if not self.is_allowed():
            raise PermissionDenied
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response

    def is_allowed(self) -> bool:
        """Whether who asks may do this; it may raise Http404."""
        raise NotImplementedError

    @cached_property
    def now(self) -> datetime:
        """One moment for all that is on the page."""
        return database_now()

    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Show it; changes nothing."""
        return self.show()

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page, with what is more in it than usual."""
        context = {**self.get_context_data(), **more}
        answer: HttpResponse = self.render_to_response(context, status=status)
        return answer
