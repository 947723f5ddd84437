"""The code that a partner puts into a page: frame, script, and a link for where neither works."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from tocsin.actions.links import query_of
from tocsin.organisations.partners import Partner
from tocsin.pages.models import CampaignPage
from tocsin.pages.place import frame_address
from tocsin.pages.show import address_of

HEIGHT = 900
"""Of the frame until the script has asked it, and where there is no script: it scrolls then."""

CODE = """\
<iframe data-tocsin src="{frame}" title="{title}" width="{width}" height="{height}" \
style="border:0;width:100%" referrerpolicy="no-referrer"></iframe>
<p><a href="{page}" hreflang="{language}">{title}</a></p>
<script src="{script}" async></script>"""

WORDPRESS = "<!-- wp:html -->\n{}\n<!-- /wp:html -->"
"""A block “Custom HTML”, as WordPress keeps it: so it can be pasted among other blocks."""


@dataclass(frozen=True)
class Snippet:
    """The code for one page of a campaign on the site of one partner."""

    title: str
    language: str
    html: str
    wordpress: str


def snippet(
    page: CampaignPage, partner: Partner, *, width: str = "100%", height: int = HEIGHT
) -> str:
    """The code as HTML; the link names the partner too, so that who follows it is counted."""
    with translation.override(page.language):
        frame = frame_address(page, partner)
    return format_html(
        CODE,
        frame=frame,
        title=page.title,
        width=width,
        height=height,
        page=address_of(page) + query_of(partner.slug),
        language=page.language,
        script=settings.BASE_URL + reverse("embed-script"),
    )


def snippets_for(partner: Partner) -> list[Snippet]:
    """The code for each public page of the campaigns that the partner may show."""
    if not partner.active:
        return []
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    own = pages.filter(campaign__organisation=partner.organisation)
    found = []
    for page in own.order_by("campaign__slug", "locale__language_code"):
        if address_of(page):
            code = str(snippet(page, partner))
            found.append(Snippet(page.title, page.language, code, WORDPRESS.format(code)))
    return found
