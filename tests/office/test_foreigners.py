"""Nobody sees another organisation's rows: every address, as somebody who works elsewhere."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.office.two_sections import Place, Section, places, two_sections
from tocsin.office.door import GUIDE, NOUNS, OPEN

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file of a picture that it makes smaller to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ALPHA, BETA = "zanzibar", "beta"
"""The word that stands in all of the one's names, and that no answer to the other may have."""

PAGES = ("page", "section")
KEYS = {
    **dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "page_pk"), PAGES),
    "destination_id": ("section",),
    "image_id": ("image",),
    **dict.fromkeys(("document_id", "doc_id"), ("document",)),
    **dict.fromkeys(("revision_id", "revision"), ("revision",)),
    "user_id": ("user",),
    "object_id": ("page",),
    **dict.fromkeys(("one", "other"), ("target",)),
    "collection_id": ("collection",),
}
"""What may stand at a part of an address."""

KEYS_OF_SPACE = {
    "letters": ("letter",),
    "actions": ("action",),
    "targets": ("target",),
    "campaigns": ("campaign",),
    "organisations": ("organisation",),
    "partners": ("partner",),
    "witnesses": ("witness",),
    "wagtailadmin_api:pages": PAGES,
    "wagtailimages_chooser": ("image",),
    "wagtailadmin_api:images": ("image",),
    "wagtaildocs_chooser": ("document",),
    "wagtailadmin_api:documents": ("document",),
    "wagtailadmin_collections": ("collection",),
    "wagtailusers_users": ("user",),
    "wagtailusers_groups": ("group",),
}
"""What is meant by `pk`, by the name of the list."""

KEYS_OF_NAME = {
    "mail_message": ("message",),
    "mail_ours": ("ours",),
    "mail_mailing": ("mailing",),
    "mail_recall": ("mailing",),
    "mail_voice": ("schedule",),
    "mail_wording": ("wording",),
    **dict.fromkeys((*GUIDE, "campaign"), ("campaign",)),
}

WORDS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(("content_type_app_name", "app_label", "app_name"), ("tocsin",)),
    **dict.fromkeys(("content_type_model_name", "model_name"), ("campaignpage",)),
    "action_name": ("copy", "unpublish", "delete"),
    "action": ("delete", "move", "publish", "unpublish"),
    "filter_spec": ("original",),
    **dict.fromkeys(
        ("task_state_id", "task_id", "workflow_pk", "workflow_state_id", "session_id"), (1,)
    ),
    "uploaded_file_id": (1,),
    "uidb64": ("x",),
    "token": ("x",),
    "slug": ("x",),
    "language": ("en",),
    "variant": (1,),
    "text": ("embassy",),
    "act": ("open", "pause", "close"),
}
BOARDS = ("campaign_board", "paper")
"""Where a campaign is named by its short name."""
QUERIES = ("?q=zan&search_all=1", "?export=csv", "?export=xlsx", "?ordering=title&locale=fr")


@pytest.fixture
def both() -> tuple[Section, Section]:
    """Alpha and Beta, each with a publisher."""
    alpha, beta = two_sections(ALPHA, BETA)
    return alpha, beta


def works(user: User) -> Client:
    """That person, at work."""
    # What Wagtail breaks over is no answer about anybody; what it says then is looked at as well.
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user)
    return client


def choices(section: Section, place: Place) -> dict[str, list[Any]]:
    """For each part of that address the keys of the section's rows."""
    found = {name: section.keys(*rows) for name, rows in KEYS.items()}
    found |= {name: list(words) for name, words in WORDS.items()}
    meant = KEYS_OF_NAME.get(place.name) or KEYS_OF_SPACE.get(place.space)
    every = ("page", "campaign", "image", "user", "group")
    found["pk"] = section.keys(*(meant or every))
    if place.name in BOARDS:
        found["slug"] = [section.campaign.slug]
    return found


def addresses(section: Section) -> Iterator[tuple[Place, str]]:
    """Every address of the office, about that section's rows where it is about any."""
    for place in places():
        for url in place.filled(choices(section, place)):
            yield place, url
            if not place.names:
                yield from ((place, url + query) for query in QUERIES)
    yield from ((Place("", "by hand", "", ()), url) for url in by_hand(section))


def by_hand(section: Section) -> Iterator[str]:
    """What only a query tells."""
    page, home = section.page, section.section.get_parent()
    chooser = reverse("wagtailadmin_choose_page")
    yield f"{chooser}?page_type=tocsin.CampaignPage"
    yield f"{chooser}{home.pk}/?page_type=tocsin.CampaignPage,tocsin.SectionPage"
    yield f"{chooser}?user_perms=move_to&target_pages[]={page.pk}"
    yield f"{chooser}search/?q=famil"
    yield f"{chooser}chosen-multiple/?id={page.pk}"
    for kind, app in (("image", "wagtailimages"), ("document", "wagtaildocs")):
        key = section.rows[kind].pk
        yield f"/office/{kind}s/chooser/chosen-multiple/?id={key}"
        yield f"/office/{kind}s/chooser/?collection_id={section.rows['collection'].pk}"
        for chosen in (key, "all"):
            yield f"/office/bulk/{app}/{kind}/delete/?id={chosen}"
    for act in ("delete", "move", "publish", "unpublish"):
        for chosen in (page.pk, f"all&childOf={home.pk}", f"{section.section.pk}&id={page.pk}"):
            yield f"/office/bulk/wagtailcore/page/{act}/?id={chosen}"
    yield f"/office/bulk/auth/user/delete/?id={section.user.pk}"
    yield f"/office/pages/{home.pk}/?q=famil&search_all=1"
    yield f"/office/mail/messages/?state=&mailing={section.rows['mailing'].pk}"
    yield "/office/mail/messages/?state="
    yield f"/office/api/main/pages/?child_of={section.section.pk}"
    yield f"/office/api/main/pages/?child_of={home.pk}&for_explorer=1&fields=*"
    yield f"/office/api/main/pages/{home.pk}/"
    yield f"/office/api/main/pages/?translation_of={section.section.pk}"


POSTS: tuple[dict[str, Any], ...] = (
    {},
    {"do": "pause", "title": "Ours now", "name": "Ours now", "goal": "7", "action-publish": "1"},
)


def walk(
    client: Client, section: Section, *, forms: tuple[dict[str, Any], ...] = POSTS
) -> Iterator[tuple[str, str]]:
    """Every answer about that section's rows, to a look and to forms."""
    for place, url in addresses(section):
        if place.name in ("wagtailadmin_error_test", "wagtailadmin_logout"):
            continue
        yield url, answer_to(client, url)
        for form in forms:
            yield f"POST {url}", answer_to(client, url, form)


def answer_to(client: Client, url: str, form: dict[str, Any] | None = None) -> str:
    """The answer as text, that of the page behind it included."""
    answer: Any = client.get(url) if form is None else client.post(url, form)
    body: bytes = answer.getvalue()
    told: str = body.decode(errors="replace") + answer.get("Location", "")
    if body[:2] == b"PK":
        told += text_of_workbook(body)
    return told


def text_of_workbook(body: bytes) -> str:
    """What stands in a file for a spreadsheet."""
    with ZipFile(BytesIO(body)) as book:
        return str(b"".join(book.read(name) for name in book.namelist()))


def test_no_answer_names_what_is_anothers_and_nothing_of_it_changes(
    both: tuple[Section, Section],
) -> None:
    alpha, beta = both
    before = alpha.everything()
    client = works(beta.user)
    told = [url for url, text in walk(client, alpha) if ALPHA in text.lower()]
    assert told == []
    assert alpha.everything() == before
    assert client.get("/office/").status_code == 200  # it was Beta's publisher all along


def test_what_is_anothers_does_not_come_along_with_what_is_ones_own(
    both: tuple[Section, Section],
) -> None:
    """An address of two parts, of which the first is one's own."""
    alpha, beta = both
    before, client, told = alpha.everything(), works(beta.user), []
    for place in places():
        for first in place.names[:1] if len(place.names) > 1 else ():
            mixed = {**choices(alpha, place), first: choices(beta, place)[first]}
            for url in place.filled(mixed):
                told += [url] if ALPHA in answer_to(client, url).lower() else []
                told += [url] if ALPHA in answer_to(client, url, {}).lower() else []
    assert told == []
    assert alpha.everything() == before


def test_who_works_for_nobody_sees_nobodys_whatever_they_may(
    both: tuple[Section, Section],
) -> None:
    alpha, _beta = both
    bruno = User.objects.create_user("bruno")
    about = (
        *("organisation", "campaign", "partner", "message", "mailing", "sendingdomain"),
        *("collectiveschedule", "collectivewording", "action", "letter", "target"),
    )
    bruno.user_permissions.set(
        Permission.objects.filter(content_type__app_label="tocsin", content_type__model__in=about)
        | Permission.objects.filter(codename="access_admin")
    )
    told = [url for url, text in walk(works(bruno), alpha, forms=()) if ALPHA in text.lower()]
    assert told == []


def test_the_walk_comes_to_everything_there_is(both: tuple[Section, Section]) -> None:
    alpha, _beta = both
    runs = User.objects.create_superuser("daniel")
    client = works(runs)
    told = {
        place.full_name
        for place, url in addresses(alpha)
        if place.name not in ("wagtailadmin_error_test", "wagtailadmin_logout")
        and ALPHA in answer_to(client, url).lower()
    }
    assert told >= {
        *(f"{name}:index" for name in NOUNS),
        *(f"{name}:edit" for name in ("organisations", "partners")),
        *("campaigns:inspect", "partners:inspect", "wagtailadmin_pages:edit", "by hand"),
        *("wagtailadmin_pages:history", "wagtailadmin_pages:search", "wagtailimages:index"),
        *("wagtailadmin_reports:site_history", "wagtailimages:edit", "wagtaildocs:index"),
        *("mail_messages", "mail_message", "mail_mailing", "mail_recall", "mail_voice"),
        *("mail_wording", "mail_sending", "mail_ours", "mail_mailings", "mail_voices"),
        *("wagtailusers_groups:index", "wagtailusers_users:index"),
        *("board", "campaign_board", "paper", "exports", "guide_begin", "translations"),
        *(name for name in GUIDE if name != "guide_letters"),  # which leads on
    }


def test_the_pages_that_are_counted_are_those_that_are_listed(
    both: tuple[Section, Section],
) -> None:
    alpha, beta = both

    def number() -> int:
        home = works(beta.user).get("/office/", headers={"accept-language": "en"}).content.decode()
        return int(re.findall(r"(\d+) Pages?\s*<", home)[0])

    before = number()
    alpha.page.copy(recursive=True, update_attrs={"slug": "alpha-2", "title": "Alpha 2"})
    assert number() == before
    beta.page.copy(recursive=True, update_attrs={"slug": "beta-2", "title": "Beta 2"})
    assert number() == before + 1


def test_every_open_address_is_one_that_there_is() -> None:
    there = {place.full_name for place in places()}
    listed = {
        f"{space}:{name}" if space else name for space, names in OPEN.items() for name in names
    }
    assert listed - there == set()


def test_one_comes_to_what_is_ones_own(both: tuple[Section, Section]) -> None:
    _alpha, beta = both
    client = works(beta.user)
    page, section, rows = beta.page, beta.section, beta.rows
    for url in (
        "/office/",
        f"/office/pages/{section.pk}/",
        f"/office/pages/{page.pk}/edit/",
        f"/office/pages/{page.pk}/history/",
        f"/office/pages/{page.pk}/copy/",
        f"/office/pages/add/tocsin/campaignpage/{section.pk}/",
        "/office/pages/search/?q=beta",
        "/office/choose-page/",
        f"/office/choose-page/{section.pk}/",
        "/office/images/",
        f"/office/images/{rows['image'].pk}/",
        "/office/images/chooser/",
        "/office/documents/",
        "/office/letters/",
        "/office/campaigns/",
        f"/office/campaign/{beta.campaign.pk}/ways/",
        f"/office/campaigns/inspect/{beta.campaign.pk}/",
        f"/office/organisations/edit/{beta.organisation.pk}/",
        "/office/partners/new/",
        f"/office/partners/inspect/{rows['partner'].pk}/",
        "/office/targets/",
        f"/office/mail/messages/{rows['message'].pk}/",
        f"/office/mail/mailings/{rows['mailing'].pk}/recall/",
        f"/office/mail/our-domains/{rows['ours'].pk}/",
        f"/office/mail/voices/{rows['schedule'].pk}/",
        f"/office/mail/voices/wordings/{rows['wording'].pk}/",
    ):
        assert client.get(url).status_code == 200, url
    for url in (
        "/office/pages/",
        "/office/mail/",
        "/office/mail/routes/",
        "/office/mail/mailboxes/",
    ):
        assert client.get(url).status_code == 302, url
