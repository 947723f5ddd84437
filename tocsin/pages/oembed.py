"""oEmbed: what another site may show of a campaign page, when somebody pastes its address there."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse

from tocsin.actions.links import SOURCE
from tocsin.organisations.partners import Partner
from tocsin.pages.doors import door
from tocsin.pages.models import CampaignPage
from tocsin.pages.show import address_of
from tocsin.pages.snippets import HEIGHT, snippet

WIDTH = 640
KEPT_SECONDS = 3600


@door("GET", cached=True)
def oembed(request: HttpRequest) -> JsonResponse:
    """A link with a title for everybody; the frame where the address names an active partner.

    Who asks is another site's server, which nobody can recognise. It does not matter: the browser
    shows the frame on that partner's sites only, whoever got the code.
    """
    if request.GET.get("format", "json") != "json":
        return _answer({"error": "json is the only format"}, status=501)
    url = request.GET.get("url", "")[:2000]
    page = _page_at(url)
    if page is None:
        return _answer({"error": "there is no campaign at this address"}, status=404)
    card: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": page.title,
        "author_name": page.campaign.organisation.name,
        "provider_name": page.campaign.organisation.name,
        "provider_url": settings.BASE_URL,
        "cache_age": KEPT_SECONDS,
    }
    if partner := _partner_of(page, url):
        width = _most(request, "maxwidth", WIDTH)
        height = _most(request, "maxheight", HEIGHT)
        html = snippet(page, partner, width=str(width), height=height)
        card |= {"type": "rich", "width": width, "height": height, "html": html}
    return _answer(card)


def _page_at(url: str) -> CampaignPage | None:
    """The public campaign page of that address, whatever stands behind its question mark."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    named = pages.filter(slug=parts.path.rstrip("/").rpartition("/")[2].replace("\0", ""))
    wanted = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"
    return next((page for page in named if address_of(page) == wanted), None)


def _partner_of(page: CampaignPage, url: str) -> Partner | None:
    named = parse_qs(urlsplit(url).query).get(SOURCE, [""])[0].replace("\0", "")
    found: Partner | None = (
        Partner.objects.active_of(page.campaign.organisation).filter(slug=named).first()
    )
    return found


def _most(request: HttpRequest, name: str, own: int) -> int:
    """Our own measure, or the smaller one that was asked for."""
    asked = request.GET.get(name, "")
    return (
        min(own, max(1, int(asked)))
        if asked.isascii() and asked.isdecimal() and len(asked) < 6
        else own
    )


def _answer(found: dict[str, Any], *, status: int = 200) -> JsonResponse:
    answer = JsonResponse(found, status=status)
    answer.headers["Cache-Control"] = (
        f"public, max-age={KEPT_SECONDS}" if status == 200 else "no-store"
    )
    return answer
