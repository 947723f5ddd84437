"""What a campaign page is built from."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageChooserBlock

from tocsin.pages.pictures.show import picture_in

WITH_LINKS = ["bold", "italic", "link"]
A_DAY = date(2026, 3, 10)
"""That of the examples."""


class SectionBlock(blocks.StructBlock):
    """A part of the story, with or without a heading."""

    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    text = blocks.RichTextBlock(label=_("text"), features=["bold", "italic", "link", "ul"])

    class Meta:
        help_text = _(
            "Two or three short paragraphs under a few words. Nothing by which a witness could be "
            "found; the first part can do without a heading."
        )
        icon = "doc-full"
        label = _("part of the story")
        description = _("Text under a heading of its own, or without one.")
        template = "pages/story/section.html"

    def get_preview_value(self) -> Any:
        """An example."""
        words = gettext("A telephone that nobody answers.")
        return self.normalize({"heading": gettext("Who waits"), "text": f"<p>{words}</p>"})


class FactBlock(blocks.StructBlock):
    """A fact that a reader can check."""

    text = blocks.TextBlock(label=_("fact"), max_length=600)
    source_name = blocks.CharBlock(label=_("source"), max_length=200)
    source_date = blocks.DateBlock(label=_("date of the source"))
    source_url = blocks.URLBlock(label=_("link to the source"))

    class Meta:
        help_text = _(
            "One sentence that its source bears out: who says so, when it was published, and where "
            "everybody can read it."
        )
        icon = "check"
        label = _("fact")
        description = _("What a reader can check, with its source. For the middle of a story.")
        template = "pages/story/fact.html"
        preview_value = {
            "text": _("A committee asked the government for an answer."),
            "source_name": _("The committee’s report"),
            "source_date": A_DAY,
            "source_url": "https://source.example/report",
        }


class QuoteBlock(blocks.StructBlock):
    """What somebody said in public."""

    text = blocks.TextBlock(label=_("words"), max_length=900)
    who = blocks.CharBlock(label=_("who said it"), max_length=200)
    where = blocks.CharBlock(label=_("where it was said"), required=False, max_length=200)
    url = blocks.URLBlock(label=_("link"), required=False)

    class Meta:
        icon = "openquote"
        label = _("quote")
        description = _("What somebody said in public. For a witness take the other one.")
        template = "pages/story/quote.html"
        preview_value = {
            "text": _("Families have a right to know."),
            "who": _("The chair of the committee"),
            "where": _("Geneva"),
        }


class TestimonyBlock(blocks.StructBlock):
    """What a witness said, shown as long as their consent holds (testimonies.py)."""

    text = blocks.TextBlock(
        label=_("words"),
        max_length=900,
        help_text=_(
            "Nothing by which others could know who it is: no place, no day, no story that only "
            "this person can tell."
        ),
    )
    name = blocks.CharBlock(
        label=_("name under which the witness is quoted"),
        required=False,
        max_length=80,
        help_text=_(
            "Never the real name, not even in a draft. Empty: “a witness, name withheld”, in the "
            "language of the page."
        ),
    )
    language = blocks.ChoiceBlock(
        label=_("language of these words"),
        required=False,
        choices=settings.LANGUAGES,
        help_text=_("Only where it is not that of the page."),
    )
    consent = blocks.CharBlock(
        label=_("reference of the consent"),
        max_length=40,
        help_text=_(
            "As it stands under Consents of witnesses. Without a consent that holds today the "
            "words are not shown. Visitors never see the reference."
        ),
    )

    class Meta:
        icon = "user"
        label = _("words of a witness")
        description = _("Shown as long as the witness permits it.")
        template = "pages/story/testimony.html"
        preview_value = {"text": _("I do not know where my brother is."), "consent": "W-1"}

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """With the direction in which the words are read."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        code = value.get("language") or get_language() or settings.LANGUAGE_CODE
        context["direction"] = "rtl" if get_language_info(code)["bidi"] else "ltr"
        return context


class PictureBlock(blocks.StructBlock):
    """A picture, told in words to those who do not see it."""

    image = ImageChooserBlock(label=_("picture"))
    alt = blocks.CharBlock(
        label=_("what is to be seen"),
        required=False,
        max_length=250,
        help_text=_(
            "In the language of this page, for those who do not see it: what matters in it, in a "
            "sentence."
        ),
    )
    decorative = blocks.BooleanBlock(
        label=_("only decoration"),
        required=False,
        help_text=_("Nobody misses anything who does not see it: it is passed over in silence."),
    )
    shape = blocks.ChoiceBlock(
        label=_("shape"),
        default="whole",
        choices=[
            ("whole", _("the whole picture")),
            ("wide", _("wide, cut about its middle point")),
        ],
    )
    caption = blocks.CharBlock(label=_("line below it"), required=False, max_length=250)
    credit = blocks.CharBlock(
        label=_("whose picture it is"),
        required=False,
        max_length=120,
        help_text=_("Shown below it. Leave out whoever could be in danger."),
    )

    class Meta:
        icon = "image"
        label = _("picture")
        description = _(
            "What the camera wrote into the file is gone. Faces and places are not: look twice."
        )
        template = "pages/story/image.html"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """With the picture in its sizes."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        context["picture"] = picture_in(value)
        return context

    def clean(self, value: Any) -> Any:
        """Words, or a box that says that there are none; a draft may still lack them."""
        found = super().clean(value)
        if not (self.is_deferred_validation or found.get("alt") or found.get("decorative")):
            missing = ValidationError(
                _("Say what is to be seen, or tick that it is only decoration.")
            )
            raise StructBlockValidationError(block_errors={"alt": missing})
        return found


class MomentBlock(blocks.StructBlock):
    """When something happened, as exactly as it is known."""

    date = blocks.DateBlock(label=_("day"))
    known = blocks.ChoiceBlock(
        label=_("what of it is shown"),
        default="day",
        choices=[("day", _("the day")), ("month", _("the month")), ("year", _("the year"))],
    )
    text = blocks.TextBlock(label=_("what happened"), max_length=600)

    class Meta:
        help_text = _("Choose any day of the month or year where the day is not known.")


class TimelineBlock(blocks.StructBlock):
    """What happened, in the order in which it did."""

    heading = blocks.CharBlock(label=_("heading"), required=False, max_length=120)
    moments = blocks.ListBlock(MomentBlock(label=_("moment")), label=_("moments"), min_num=1)

    class Meta:
        icon = "history"
        label = _("timeline")
        description = _("What happened, the oldest first, each with its day, month or year.")
        template = "pages/story/timeline.html"
        preview_value = {
            "heading": _("How it came to this"),
            "moments": [{"date": A_DAY, "known": "month", "text": _("Hundreds are arrested.")}],
        }

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """In order, however it was typed."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return {**context, "moments": _by_day(value.get("moments"))}


class UpdateBlock(blocks.StructBlock):
    """Something that has come of the campaign."""

    date = blocks.DateBlock(label=_("day"))
    text = blocks.RichTextBlock(label=_("what happened"), features=WITH_LINKS)

    class Meta:
        help_text = _("One piece of news, with its day; the newest stands first by itself.")


class UpdatesBlock(blocks.StructBlock):
    """What has come of the campaign until now."""

    heading = blocks.CharBlock(
        label=_("heading"),
        required=False,
        max_length=120,
        help_text=_("Empty: “What happened so far”, in the language of the page."),
    )
    updates = blocks.ListBlock(UpdateBlock(label=_("piece of news")), label=_("news"), min_num=1)

    class Meta:
        icon = "time"
        label = _("what happened so far")
        description = _("News of the campaign, the newest first.")
        template = "pages/story/updates.html"

    def get_preview_value(self) -> Any:
        """An example."""
        words = gettext("The ministry has answered for the first time.")
        return self.normalize({"updates": [{"date": A_DAY, "text": f"<p>{words}</p>"}]})

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """The newest first, however it was typed."""
        context: dict[str, Any] = super().get_context(value, parent_context)
        return {**context, "updates": _by_day(value.get("updates"))[::-1]}


class CallBlock(blocks.StructBlock):
    """The button to the form once more, with a sentence before it."""

    text = blocks.TextBlock(label=_("words"), max_length=300)

    class Meta:
        icon = "mail"
        label = _("call to write")
        description = _("A sentence, and the button to the form; gone while no letters are taken.")
        template = "pages/story/call.html"
        preview_value = {"text": _("One letter takes a few minutes.")}


class DemandBlock(blocks.TextBlock):
    """One thing that is asked of those who are written to; the page numbers it."""

    def __init__(self, **options: object) -> None:
        said = _("What is asked for in one sentence, so that they could do it tomorrow.")
        super().__init__(**{"help_text": said, **options})

    class Meta:
        icon = "list-ol"
        label = _("demand")


STORY = [
    ("section", SectionBlock()),
    ("fact", FactBlock()),
    ("quote", QuoteBlock()),
    ("testimony", TestimonyBlock()),
    ("image", PictureBlock()),
    ("timeline", TimelineBlock()),
    ("updates", UpdatesBlock()),
    ("call", CallBlock()),
]
"""What a story may have, in the order in which the office offers it."""


def _by_day(entries: Any) -> list[Any]:
    """The oldest first; what has no day yet, in a draft, is last."""
    return sorted(entries or [], key=lambda entry: entry.get("date") or date.max)
