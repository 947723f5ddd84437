"""Signing in to the office, also in the middle of writing: what was typed is taken along."""

import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from wagtail.admin.views.account import LoginView

OFFICE = "/office/"
SIGNING = ("wagtailadmin_login", "wagtailadmin_logout")
NEVER = ("csrfmiddlewaretoken", "next", "kept")
"""Fields that are not taken along; nor is any whose name speaks of a password."""

Typed = list[tuple[str, str]]
"""The names and values of a form, in order."""


class TypedIsKept:
    """A middleware: a form of the office that comes from nobody any more is not thrown away.

    A session may end while somebody writes. Who then saves is asked to sign in, with all that they
    typed in a hidden field of that form: it stays in their browser, and nowhere on the server. This
    comes after the check of where a form comes from, so that nobody else can put words there.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing yet: first it has to be known where the form was meant to go."""
        return self.answer(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        """The form to sign in with; None where nothing would be lost.

        Outside of the office nobody is asked who they are: the answer would vary by cookie.
        """
        if not request.path.startswith(OFFICE) or request.user.is_authenticated:
            return None
        return take_along(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:  # noqa: ARG001
    """A form of the office that did not come from it; or did, before somebody signed in anew.

    What the browser itself says to be from here is offered again, and goes when it is pressed.
    """
    answer = None
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        answer = take_along(request) or _taken_along_before(request)
    if answer is None:
        raise PermissionDenied
    return answer


def take_along(request: HttpRequest) -> HttpResponseBase | None:
    """A page that has what was typed, for who sends a form to the office; None for all else.

    What a script sends by itself is refused as Wagtail's scripts expect: it has no page to show.
    """
    match = request.resolver_match
    if request.method != "POST" or not request.path.startswith(OFFICE):
        return None
    if match is None or match.url_name in SIGNING or not _is_a_persons(request):
        return None
    if not (typed := typed_in(request.POST)):
        return None
    return offered(request, typed, to=request.get_full_path(), lost=bool(request.FILES))


def _taken_along_before(request: HttpRequest) -> HttpResponseBase | None:
    """What the form to sign in with had kept, for who signed in at another window meanwhile."""
    match = request.resolver_match
    if match is None or match.url_name != "wagtailadmin_login":
        return None
    view = SignIn()
    view.setup(request)
    return view.go_on()


def _is_a_persons(request: HttpRequest) -> bool:
    return request.accepts("text/html") and "X-Requested-With" not in request.headers


def typed_in(form: QueryDict) -> Typed:
    """What is worth keeping of it."""
    return [
        (name, value)
        for name, values in form.lists()
        for value in values
        if name not in NEVER and "password" not in name
    ]


def offered(request: HttpRequest, typed: Typed, *, to: str, lost: bool = False) -> HttpResponseBase:
    """A page with a button that sends what was typed to where it was meant to go.

    For whom nobody knows: the form to sign in with, which takes it along.
    """
    answer: HttpResponseBase
    if request.user.is_authenticated:
        again = {"typed": typed, "to": to, "lost": lost}
        answer = render(request, "office/send_again.html", again)
    else:
        kept = json.dumps(typed, ensure_ascii=False)
        view = SignIn(extra_context={"kept": kept, "lost": lost, "next": to})
        view.setup(request)
        form = view.get_form_class()(request)
        answer = view.render_to_response(view.get_context_data(form=form), status=401)
    answer.headers["Cache-Control"] = "no-store"
    return answer


class SignIn(LoginView):
    """Wagtail's own; what was typed before goes through it unread, and is offered again after."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """With what a try that failed brought along."""
        kept = self.request.POST.get("kept", "")
        return {"kept": kept, **super().get_context_data(**more)}

    def form_valid(self, form: Any) -> HttpResponseBase:
        """Signed in: to where they wanted, or to what they typed."""
        onward: HttpResponseBase = super().form_valid(form)
        return self.go_on() or onward

    def go_on(self) -> HttpResponseBase | None:
        """What they typed, if that was on its way into the office; None where there is nothing."""
        typed = _read(self.request.POST.get("kept", ""))
        to = str(self.get_redirect_url())
        return offered(self.request, typed, to=to) if typed and to.startswith(OFFICE) else None


def _read(kept: str) -> Typed:
    """The names and values; none where somebody has written something else there."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(kept or "[]")]
    except (ValueError, TypeError):
        return []
