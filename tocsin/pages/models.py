"""The public pages that campaigners edit, one tree per language."""

from functools import partial
from http import HTTPMethod
from typing import Any

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, Revision
from wagtail.query import PageQuerySet
from wagtail.url_routing import RouteResult

from tocsin.actions.links import SOURCE
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.organisations.models import Organisation
from tocsin.pages.blocks import STORY, DemandBlock, FactBlock
from tocsin.pages.home import home_context
from tocsin.pages.page_form import CampaignPageForm
from tocsin.pages.show import campaign_context
from tocsin.pages.story import draw_pictures
from tocsin.pages.untranslated import texts_of_page


class CampaignPageQuerySet(PageQuerySet):
    """Questions about campaign pages."""

    def live(self) -> "CampaignPageQuerySet":
        """Those that are public: published, and of a campaign that was opened."""
        found: CampaignPageQuerySet = super().live().exclude(campaign__state=DRAFT)
        return found


class HomePage(Page):
    """The first page of a language: which campaigns there are."""

    max_count_per_parent = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["tocsin.SectionPage", "tocsin.CampaignPage"]
    template = "pages/home.html"
    page_description = _("The list of campaigns in one language")
    private_page_options: list[str] = []
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the campaigns of this language by state, and what was achieved; see home.py."""
        shown = home_context(self, CampaignPage.objects.descendant_of(self).live())
        return {**super().get_context(request, *args, **kwargs), **shown}


class SectionPage(Page):
    """The first page of one organisation in a language: its campaigns, and no other's."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )

    parent_page_types = ["tocsin.HomePage"]
    subpage_types = ["tocsin.CampaignPage"]
    template = "pages/home.html"
    page_description = _("The campaigns of one organisation in one language")
    private_page_options: list[str] = []
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD]
    content_panels = [
        *Page.content_panels,
        FieldPanel(
            "organisation",
            permission="superuser",
            help_text=_("Whose campaigns it shows, and no other’s."),
        ),
    ]

    class Meta:
        verbose_name = _("page of an organisation")
        verbose_name_plural = _("pages of organisations")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds its campaigns, wherever their pages lie, as the home page shows them."""
        own = CampaignPage.objects.live().filter(
            locale=self.locale, campaign__organisation=self.organisation
        )
        shown = home_context(self, own, organisation=self.organisation)
        return {**super().get_context(request, *args, **kwargs), **shown}


class CampaignPage(Page):
    """A campaign's public page in one language; its translations share the campaign."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="+", verbose_name=_("campaign")
    )
    neutral_title = models.CharField(
        _("neutral title"),
        max_length=80,
        blank=True,
        default="",
        help_text=_(
            "What the browser’s tab and history show in place of the title, for those whose "
            "telephone is looked at. The history keeps the page’s address too: give it a neutral "
            "short name. Empty: the title itself. Our mails never carry the title in the subject."
        ),
    )
    lead = models.TextField(_("lead"), help_text=_("Two or three sentences under the title."))
    call = models.CharField(
        _("button"), max_length=40, help_text=_("The words on the button that leads to the form.")
    )
    story = StreamField(STORY, verbose_name=_("story"))
    facts = StreamField([("fact", FactBlock())], verbose_name=_("facts"), blank=True)
    demands = StreamField([("demand", DemandBlock())], verbose_name=_("demands"))
    result = models.TextField(
        _("what was achieved"),
        blank=True,
        default="",
        help_text=_("Shown once the campaign has ended, on its page and on the home page."),
    )
    after_heading = models.CharField(_("heading of what happens next"), max_length=120)
    after_text = models.TextField(
        _("what happens next"), help_text=_("Shown to those who have confirmed their letter.")
    )

    objects = PageManager.from_queryset(CampaignPageQuerySet)()

    base_form_class = CampaignPageForm
    parent_page_types = ["tocsin.HomePage", "tocsin.SectionPage"]
    subpage_types: list[str] = []
    private_page_options: list[str] = []
    template = "pages/campaign.html"
    page_description = _("The page on which people read about the cause and write")
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD]
    content_panels = [
        *Page.content_panels,
        FieldPanel("neutral_title"),
        FieldPanel(
            "campaign", help_text=_("The pages of all languages share one, and its number.")
        ),
        FieldPanel("lead"),
        FieldPanel("call"),
        FieldPanel("story"),
        FieldPanel("facts"),
        FieldPanel("demands"),
        FieldPanel("result"),
        MultiFieldPanel(
            [
                FieldPanel("after_heading", help_text=_("Above it, once a letter is on its way.")),
                FieldPanel("after_text"),
            ],
            heading=_("After the letter"),
        ),
    ]

    class Meta:
        verbose_name = _("campaign page")
        verbose_name_plural = _("campaign pages")

    @property
    def language(self) -> str:
        """The code of the page's language."""
        return str(self.locale.language_code)

    def publish(self, revision: Revision, **how: Any) -> None:
        """Make a version public, unless texts of it are not translated.

        Every way comes by here, a planned one and many at once too; where it is refused, nothing
        is planned any more. The editor asks before (publishing.py).
        """
        if texts_of_page(revision.as_object()).missing:
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            return
        self.publish_anyway(revision, **how)

    def publish_anyway(self, revision: Revision, **how: Any) -> None:
        """The same, whatever is not translated: somebody said so."""
        super().publish(revision, **how)
        # Else the first visitor would wait for it.
        draw = partial(draw_pictures, revision.as_object().story)
        transaction.on_commit(draw, robust=True)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Nobody is led to the page of a draft, whether it is published or not."""
        if self.campaign.state == DRAFT:
            raise Http404
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds all that the page shows; see show.py."""
        preview = bool(getattr(request, "is_preview", False))
        source = request.GET.get(SOURCE, "")
        shown = campaign_context(
            self,
            now=timezone.now(),
            preview=preview,
            source=source,
            as_open=preview and self.campaign.state == DRAFT,
        )
        return {**super().get_context(request, *args, **kwargs), **shown}

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """A page that is not public yet has no address to tell its language: it knows itself."""
        with translation.override(self.language):
            response: HttpResponse = super().serve_preview(request, mode_name)
            return response.render() if hasattr(response, "render") else response
