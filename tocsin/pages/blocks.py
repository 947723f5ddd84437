"""What a campaign page is built from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class SectionBlock(blocks.StructBlock):
    """A part of the story, with or without a heading."""

    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=["bold", "italic", "link", "ul"])

    class Meta:
        icon = "doc-full"
        label = _("part of the story")


class FactBlock(blocks.StructBlock):
    """A fact that a reader can check."""

    text = blocks.TextBlock(label=_("fact"), max_length=600)
    source_name = blocks.CharBlock(label=_("source"), max_length=200)
    source_date = blocks.DateBlock(label=_("date of the source"))
    source_url = blocks.URLBlock(label=_("link to the source"))

    class Meta:
        icon = "check"
        label = _("fact")


class DemandBlock(blocks.TextBlock):
    """One thing that is asked of those who are written to; the page numbers it."""

    class Meta:
        icon = "list-ol"
        label = _("demand")
