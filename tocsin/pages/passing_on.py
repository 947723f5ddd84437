"""Passing a page on by Mastodon, where everybody has a server of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language

from tocsin.pages.doors import door
from tocsin.pages.models import CampaignPage
from tocsin.pages.shares import mastodon_link
from tocsin.pages.show import address_of


@door("GET")
def mastodon(request: HttpRequest, page_id: int) -> HttpResponse:
    """A link to the server that was named. Nobody is sent there unasked, and nothing is kept."""
    pages = CampaignPage.objects.live().select_related("campaign__organisation", "locale")
    page = get_object_or_404(pages, pk=page_id, locale__language_code=get_language())
    typed = request.GET.get("host", "")[:300]
    link = mastodon_link(typed, address=address_of(page), title=page.title)
    context = {
        "page": page,
        "typed": typed,
        "link": link,
        "host": link.removeprefix("https://").partition("/")[0],
        "organisation": page.campaign.organisation,
    }
    status = 422 if typed and not link else 200
    return render(request, "pages/mastodon.html", context, status=status)
