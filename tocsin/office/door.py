"""The door of the office: who works for an organisation comes to its rows, and to no other's.

Wagtail shows many things to whoever may enter it. So for those who do not run the server, every
address is closed that is not listed here, and what an address or a form names has to be theirs.
Lists show own rows by themselves (scope.py).
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.views.defaults import page_not_found
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images import get_image_model
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign
from tocsin.letters.models import Letter
from tocsin.office.scope import within
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.organisations.teams import sees_all
from tocsin.organisations.witnesses import WitnessConsent

NOUNS: dict[str, type[Model]] = {
    "letters": Letter,
    "actions": Action,
    "campaigns": Campaign,
    "organisations": Organisation,
    "partners": Partner,
    "witnesses": WitnessConsent,
}
"""Our own lists, and of which noun each is."""

GUIDE = (
    *("guide", "guide_targets", "guide_ways", "guide_letters", "guide_letter"),
    *("guide_wording", "guide_wording_of", "guide_texts", "guide_preview"),
    *("guide_languages", "guide_act", "guide_translation", "guide_po"),
)
OF_CAMPAIGNS = {("", name) for name in GUIDE}
"""Pages of other lists whose key is that of a campaign."""

BY_SHORT_NAME = ("campaign_board", "paper")
"""Those that name it by its short name."""

LISTED = (
    *("index", "index_results", "add", "edit", "delete"),
    *("history", "history_results", "usage"),
)
OPEN = {
    "": (
        "editors_guide",
        *("wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_login", "wagtailadmin_logout"),
        *("wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles"),
        *("wagtailadmin_explore_root", "wagtailadmin_explore", "wagtailadmin_explore_results"),
        *("wagtailadmin_choose_page", "wagtailadmin_choose_page_child"),
        *("wagtailadmin_choose_page_search", "wagtailadmin_choose_page_chosen_multiple"),
        *("wagtailadmin_choose_page_external_link", "wagtailadmin_choose_page_email_link"),
        *("wagtailadmin_choose_page_phone_link", "wagtailadmin_choose_page_anchor_link"),
        *("wagtail_bulk_action", "wagtailadmin_block_preview"),
        *("guide_begin", "translations", *GUIDE, "waiting"),
        *("board", "campaign_board", "paper", "exports"),
        *("mail_desk", "mail_now", "mail_incident", "mail_messages", "mail_message"),
        *("mail_mailboxes", "mail_mailbox", "mail_domains", "mail_domain", "mail_routes"),
        *("mail_route", "mail_sending", "mail_ours", "mail_mailings", "mail_mailing"),
        *(
            "mail_recall",
            "mail_undo",
            "mail_incidents",
            "mail_voices",
            "mail_voice",
            "mail_wording",
        ),
    ),
    "wagtailadmin_pages": (
        *("add", "add_subpage", "preview_on_add", "edit", "preview_on_edit", "view_draft"),
        *("delete", "unpublish", "move", "move_confirm", "copy", "set_page_position"),
        *("convert_alias", "lock", "unlock", "search", "search_results", "usage"),
        *("history", "history_results", "revisions_index", "revisions_view"),
        *("revisions_revert", "revisions_unschedule", "revisions_compare"),
    ),
    "wagtailadmin_api:pages": ("listing", "detail"),
    "wagtailadmin_editing_sessions": ("ping", "release"),
    "wagtailimages": (
        *("index", "index_results", "add", "edit", "delete", "image_usage", "preview"),
        *("add_multiple", "edit_multiple", "delete_multiple", "delete_upload_multiple"),
        "create_multiple_from_uploaded_image",
    ),
    "wagtailimages_chooser": (
        *("choose", "choose_results", "chosen", "chosen_multiple", "create", "select_format"),
    ),
    "wagtaildocs": (
        *("index", "index_results", "add", "edit", "delete", "document_usage"),
        *("add_multiple", "edit_multiple", "delete_multiple", "delete_upload_multiple"),
        "create_multiple_from_uploaded_document",
    ),
    "wagtaildocs_chooser": ("choose", "choose_results", "chosen", "chosen_multiple", "create"),
    **dict.fromkeys(NOUNS, LISTED),
    "partners": (*LISTED, "inspect"),
    "campaigns": ("index", "index_results", "inspect"),
    "targets": (
        *("index", "add", "edit", "duplicates", "merge"),
        *("import", "import_one", "import_report", "areas", "area_table"),
    ),
}
"""By namespace, the addresses that are open: each was looked at, and shows own rows only."""

PAGE_NAMES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
PAGE_FIELDS = ("new_parent_page", "parent_page", "chooser", "childOf", "target_pages[]")
DOCUMENT_NAMES = ("document_id", "doc_id")

Named = tuple[type[Model], str]
"""What a request is about: which noun, and the key of which row."""


class OwnRowsOnly:
    """A middleware: to whom a row is not theirs, it is not there."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing yet: first it has to be known what is asked for."""
        return self.answer(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let in, or answer as if there were nothing."""
        match = request.resolver_match
        if match is None or not request.path.startswith("/office/") or not _is_bound(request):
            return None
        if not is_open(match) or not all(_is_theirs(request, each) for each in named(request)):
            return page_not_found(request, Http404(), template_name="wagtailadmin/404.html")
        if match.view_name == "wagtailadmin_explore_root":
            # The list of a page is ours (explorer.py), and this one Wagtail's, which names all.
            return redirect("wagtailadmin_explore", Page.get_first_root_node().pk)
        if match.view_name == "wagtailadmin_choose_page":
            # Wagtail would begin at the page above all of the kind, which may be another's.
            return view(request, *args, **kwargs, parent_page_id=Page.get_first_root_node().pk)
        return None


def is_open(match: ResolverMatch) -> bool:
    """Whether the address is one of those that are open."""
    return match.url_name in OPEN.get(":".join(match.namespaces), ())


def named(request: HttpRequest) -> Iterator[Named]:
    """The rows that the address, or a field beside it, names by their key."""
    match = request.resolver_match
    if match is None:
        return
    space, names = ":".join(match.namespaces), match.kwargs
    yield from ((Page, str(names[name])) for name in PAGE_NAMES if name in names)
    for fields in (request.GET, request.POST):
        yield from (
            (Page, key) for name in PAGE_FIELDS for key in fields.getlist(name) if key.strip()
        )
    if space == "wagtailadmin_pages" and match.args:
        yield Page, str(match.args[0])
    if match.url_name == "wagtailadmin_choose_page_chosen_multiple":
        yield from ((Page, key) for key in request.GET.getlist("id"))
    if match.url_name == "wagtail_bulk_action":
        yield from _in_bulk(request, names["model_name"])
    if "image_id" in names:
        yield get_image_model(), str(names["image_id"])
    yield from (
        (get_document_model(), str(names[name])) for name in DOCUMENT_NAMES if name in names
    )
    if match.url_name in BY_SHORT_NAME:
        found = Campaign.objects.filter(slug=names.get("slug", "")).first()
        yield Campaign, str(found.pk) if found else ""
    if (space, match.url_name) in OF_CAMPAIGNS:
        space = "campaigns"
    kind = {
        "wagtailadmin_api:pages": Page,
        "wagtailimages_chooser": get_image_model(),
        "wagtaildocs_chooser": get_document_model(),
        **NOUNS,
    }.get(space)
    if kind and "pk" in names:
        yield kind, str(names["pk"])


def _in_bulk(request: HttpRequest, model_name: str) -> Iterator[Named]:
    """What is chosen for one act; neither "all" nor what is no page or file is anybody's."""
    kind = {"page": Page, "image": get_image_model(), "document": get_document_model()}
    if model_name not in kind:
        yield Page, ""
    yield from ((kind.get(model_name, Page), key) for key in request.GET.getlist("id"))


def _is_bound(request: HttpRequest) -> bool:
    """Whether it is somebody of the staff who does not run the server."""
    user = request.user
    return not sees_all(user) and user.has_perm("wagtailadmin.access_admin")


def _is_theirs(request: HttpRequest, row: Named) -> bool:
    noun, key = row
    try:
        return own_rows(request, noun).filter(pk=unquote(key)).exists()
    except (ValidationError, ValueError):
        return False


def own_rows(request: HttpRequest, noun: type[Model]) -> QuerySet[Any]:
    """The rows of that noun that who asks may come to."""
    if issubclass(noun, Page):
        pages: QuerySet[Any] = Page.objects.all()
        for own in hooks.get_hooks("construct_page_chooser_queryset"):
            pages = own(pages, request)
        return pages
    policy = {get_image_model(): image_policy, get_document_model(): document_policy}.get(noun)
    if policy is not None:
        verbs = ["add", "change", "delete", "choose"]
        found: QuerySet[Any] = policy.instances_user_has_any_permission_for(request.user, verbs)
        return found
    return within(request.user, QuerySet(model=noun))
