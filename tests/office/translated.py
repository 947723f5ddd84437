"""What the tests of translations ask for: a copy of a page, a file, what a volunteer sends back."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

from babel.messages.pofile import read_po, write_po
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from tests.office.desk import text_of
from tests.pages.reading import Answer
from tocsin.campaigns.models import Campaign
from tocsin.kit.po_files import Entry, read_file
from tocsin.pages.models import CampaignPage


def at(campaign: Campaign, language: str = "", more: str = "") -> str:
    """The address of the languages, or of one."""
    start = f"/office/campaign/{campaign.pk}/languages/"
    return f"{start}{language}/{more}" if language else start


def a_copy(client: Client, page: CampaignPage, *, language: str = "kk") -> CampaignPage:
    """The page in one language more, made on the step *Languages*."""
    client.post(at(page.campaign), {"language": language})
    found: CampaignPage = CampaignPage.objects.get(
        campaign=page.campaign, locale__language_code=language
    )
    return found


def file_of(client: Client, campaign: Campaign, language: str = "kk") -> bytes:
    """The file for volunteers."""
    answer = client.get(at(campaign, language, "po/"))
    assert answer.status_code == 200
    return bytes(answer.content)


def entries_of(data: bytes) -> dict[str, Entry]:
    """Its entries by place."""
    return {entry.place: entry for entry in read_file(data).entries}


def in_kazakh(text: str) -> str:
    """As a volunteer might say it, tags and brackets kept."""
    return re.sub(r"^((?:<[^>]*>)*)", r"\1Қазақша ", text)


def translated(data: bytes, say: Callable[[str, str], str | None]) -> bytes:
    """The file with what `say` makes of each place and original; None leaves it as it is."""
    book = read_po(BytesIO(data))
    for message in book:
        if message.id and (words := say(str(message.context), str(message.id))) is not None:
            message.string = words
            message.flags.discard("fuzzy")
    written = BytesIO()
    write_po(written, book)
    return written.getvalue()


def upload(client: Client, campaign: Campaign, data: bytes, language: str = "kk") -> Answer:
    """Send it up."""
    file = SimpleUploadedFile("families.po", data)
    return client.post(at(campaign, language), {"do": "file", "file": file})


def told(client: Client, campaign: Campaign, data: bytes, language: str = "kk") -> str:
    """What is said of it."""
    return text_of(upload(client, campaign, data, language))


def newest(page: CampaignPage) -> CampaignPage:
    """The newest version of the page, a draft or not."""
    page.refresh_from_db()
    found: CampaignPage = page.get_latest_revision_as_object()
    return found


def edit_form(page: CampaignPage, **changes: Any) -> dict[str, Any]:
    """The form of the page as its editor shows it, with these changes."""
    page = newest(page)
    rich = ContentstateConverter(features=["bold", "italic", "link", "ul"])
    names = ("title", "slug", "seo_title", "search_description", "lead", "call")
    form: dict[str, Any] = {
        **{name: getattr(page, name) for name in (*names, "after_heading", "after_text")},
        "campaign": page.campaign_id,
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    for name in ("story", "facts", "demands"):
        blocks = getattr(page, name).get_prep_value()
        form[f"{name}-count"] = len(blocks)
        for number, block in enumerate(blocks):
            start = f"{name}-{number}"
            form |= {f"{start}-{key}": block[key] for key in ("type", "id")}
            form |= {f"{start}-deleted": "", f"{start}-order": number}
            value = block["value"]
            words = value.items() if isinstance(value, dict) else [("", value)]
            for key, said in words:
                is_rich = block["type"] == "section" and key == "text"
                shown = rich.from_database_format(said) if is_rich else said
                form[f"{start}-value-{key}".removesuffix("-")] = shown
    return {**form, **changes}
