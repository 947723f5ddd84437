"""What is filled in on the guided way."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tocsin.campaigns.checklist import without_consent
from tocsin.campaigns.models import DRAFT, Campaign
from tocsin.campaigns.ways import WAYS
from tocsin.kit.addresses import Address, AddressRefused, read_address
from tocsin.kit.countries import country_choices
from tocsin.kit.gate import Refused, clean_line, clean_text
from tocsin.office.guide_shell import StepForm
from tocsin.organisations.models import Organisation
from tocsin.supporters.models import ConsentWording
from tocsin.targets.models import Target, TargetAddress

MOST_TEXT = 8000
NO_ADDRESS = gettext_lazy("This is not an address that mail could go to.")


class LineField(forms.CharField):
    """One line that passes the gate."""

    def clean(self, value: Any) -> str:
        """Without signs that no mail and no page can carry."""
        text: str = super().clean(value)
        return _through(clean_line, text, most=self.max_length or 200)


class TextField(forms.CharField):
    """Paragraphs that pass the gate."""

    def __init__(self, *, rows: int = 4, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
        super().__init__(max_length=MOST_TEXT, widget=widget, **options)

    def clean(self, value: Any) -> str:
        """Likewise."""
        return _through(clean_text, super().clean(value), most=MOST_TEXT)


class MailField(forms.CharField):
    """An address that mail can go to, as kit/addresses.py reads it."""

    widget = forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        """The address, as an Address."""
        try:
            return read_address(super().clean(value))
        except AddressRefused:
            raise ValidationError(str(NO_ADDRESS)) from None


def _through(gate: Any, text: str, *, most: int) -> str:
    try:
        return str(gate(text, most=most, optional=True))
    except Refused:
        raise ValidationError(
            _("There is a sign in it that no mail can carry. Delete it, and type it anew.")
        ) from None


class BeginForm(forms.Form):
    """A new campaign: of whom, under which title, in which language, after which model."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=None,
        help_text=gettext_lazy("In whose name people write. It cannot be changed later."),
    )
    title = LineField(
        label=gettext_lazy("Title of the page"),
        max_length=200,
        help_text=gettext_lazy("What visitors read first. It can be changed."),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Short name"),
        max_length=50,
        help_text=gettext_lazy(
            "Small letters, digits and hyphens: it stands in the address of the page, and cannot "
            "be changed."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Main language of the page"),
        choices=settings.LANGUAGES,
        help_text=gettext_lazy("The one in which you write first; others can follow."),
    )
    model = forms.ModelChoiceField(
        label=gettext_lazy("Begin with"),
        queryset=Campaign.objects.none(),
        required=False,
        empty_label=gettext_lazy("an empty page"),
        help_text=gettext_lazy(
            "A copy has all texts, pages and targets of its model, and none of its numbers. Title "
            "and language are then those of the model."
        ),
    )

    def __init__(self, filled: Any = None, *, organisations: Any, models: Any, **more: Any) -> None:
        super().__init__(filled, **more)
        fields: dict[str, Any] = self.fields
        fields["organisation"].queryset = organisations
        fields["model"].queryset = models
        if not models.exists():
            del self.fields["model"]

    def clean_slug(self) -> str:
        """One that no campaign has."""
        slug: str = self.cleaned_data["slug"].lower()
        if Campaign.objects.filter(slug=slug).exists():
            raise ValidationError(_("A campaign has this short name already. Take another one."))
        return slug

    def clean(self) -> dict[str, Any]:
        """A model of the same organisation."""
        filled: dict[str, Any] = self.cleaned_data
        model = filled.get("model")
        if model and model.organisation != filled.get("organisation"):
            self.add_error("model", _("Choose a model of the same organisation."))
        return filled


class WaysForm(StepForm):
    """Goal, ways, stop date."""

    goal = forms.IntegerField(
        label=gettext_lazy("Goal"),
        min_value=1,
        max_value=10_000_000,
        help_text=gettext_lazy("How many confirmed actions."),
    )
    offers_open = forms.BooleanField(
        label=gettext_lazy("openly: the target sees name and address"),
        required=False,
        help_text=gettext_lazy("For those who may be seen. They get the answers themselves."),
    )
    offers_shielded = forms.BooleanField(
        label=gettext_lazy("shielded: the target sees the country and the words only"),
        required=False,
        help_text=gettext_lazy("For those who must not be known there: no name, no address."),
    )
    offers_lent = forms.BooleanField(
        label=gettext_lazy("lent voice: counted in the letter of the organisation"),
        required=False,
        help_text=gettext_lazy(
            "For those who must not be known to anybody: they are a number, and you write."
        ),
    )
    first_way = forms.ChoiceField(
        label=gettext_lazy("Which stands first"),
        choices=Campaign.FirstWay.choices,
        help_text=gettext_lazy("At the top of the form; the other ways come below it."),
    )
    stop_at = forms.DateTimeField(
        label=gettext_lazy("Stop date (optional)"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("In UTC. After it nothing is sent, whatever waits."),
    )

    def clean(self) -> dict[str, Any]:
        """The first is one of those that are offered."""
        filled: dict[str, Any] = self.cleaned_data
        if not any(filled.get(f"offers_{way}") for way in WAYS):
            self.add_error("offers_open", _("Offer one way at least."))
        elif not filled.get(f"offers_{filled.get('first_way')}"):
            self.add_error("first_way", _("The first way must be one of those that are offered."))
        if self.campaign.state != DRAFT:  # a draft may lack them until it opens
            self._need_consents([way for way in WAYS if filled.get(f"offers_{way}")])
        return filled

    def _need_consents(self, ways: list[str]) -> None:
        spoken = sorted(set(self.campaign.wordings.values_list("language", flat=True)))
        missing = without_consent(self.campaign, ways, spoken)
        for way in dict.fromkeys(way for way, _language in missing):
            words = _("The words that people agree to are missing in: %(languages)s.")
            languages = ", ".join(language for each, language in missing if each == way)
            self.add_error(f"offers_{way}", words % {"languages": languages})


class WordingForm(StepForm):
    """The letter in one language."""

    subject = LineField(
        label=gettext_lazy("Subject"),
        max_length=200,
        help_text=gettext_lazy("What it is about in one line, for example: Where are they?"),
    )
    opening = TextField(
        label=gettext_lazy("Opening (optional)"),
        rows=2,
        required=False,
        help_text=gettext_lazy("After the salutation, which is that of each target."),
    )
    body = TextField(
        label=gettext_lazy("Letter"),
        rows=12,
        help_text=gettext_lazy("What people may change before they send it."),
    )
    fixed = TextField(
        label=gettext_lazy("Part that stays (optional)"),
        required=False,
        help_text=gettext_lazy(
            "It stands behind the letter, and nobody changes it, whatever they make of the rest."
        ),
    )
    closing = TextField(
        label=gettext_lazy("Closing"),
        rows=2,
        help_text=gettext_lazy("The name and the country of who writes come after it."),
    )


class LetterForm(WordingForm):
    """The same, and what people permit in that language."""

    send = TextField(
        label=gettext_lazy("Permission to send the letter openly"),
        required=False,
        help_text=gettext_lazy("The sentence beside the box: who sends what to whom."),
    )
    send_shielded = TextField(
        label=gettext_lazy("Permission to send it without the name"),
        required=False,
        help_text=gettext_lazy("The same for a letter that shows the country and the words only."),
    )
    send_lent = TextField(
        label=gettext_lazy("Permission to count a voice"),
        required=False,
        help_text=gettext_lazy("The same for those who are only a number in your own letter."),
    )
    news = TextField(
        label=gettext_lazy("Question about news (empty: not asked)"),
        rows=2,
        required=False,
        help_text=gettext_lazy("It is answered by yes or no; nobody has to answer yes."),
    )


PURPOSES = tuple(ConsentWording.Purpose.values)
"""The fields of LetterForm that are words of permission."""


class NewTargetForm(forms.Form):
    """Somebody who is not in the directory yet, in short."""

    name = LineField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("The post, for example: Ministry of Foreign Affairs of …"),
    )
    salutation = LineField(
        label=gettext_lazy("Salutation"),
        max_length=200,
        help_text=gettext_lazy("How the letter begins, with its comma: Your Excellency,"),
    )
    address = MailField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        help_text=gettext_lazy("Where the letters go. The public does not see it."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"),
        help_text=gettext_lazy("What is read there: you write the letter in it, too."),
    )
    country = forms.ChoiceField(
        label=gettext_lazy("Whose government it belongs to"),
        help_text=gettext_lazy("For an embassy: the country that it speaks for."),
    )
    seat = forms.ChoiceField(
        label=gettext_lazy("For an embassy: the country in which it sits"),
        required=False,
        help_text=gettext_lazy("Supporters there write to it; others write to their own."),
    )

    def __init__(self, filled: Any = None, *, language: str = "") -> None:
        super().__init__(filled, initial={"language": language}, auto_id="new_%s")
        countries = country_choices(get_language() or "en")
        fields: dict[str, Any] = self.fields
        fields["language"].choices = settings.LANGUAGES
        fields["country"].choices = [("", _("Choose a country")), *countries]
        fields["seat"].choices = [("", _("no embassy")), *countries]

    def clean_address(self) -> Address:
        """One that no target has, or it stands in the directory."""
        address: Address = self.cleaned_data["address"]
        if TargetAddress.objects.filter(address__iexact=address.text).exists():
            raise ValidationError(_("Somebody in the directory has this address: choose them."))
        return address


class PickForm(forms.Form):
    """Targets of the directory, and whose letters they get."""

    chosen = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Out of the directory"), queryset=Target.objects.none(), required=True
    )


class TesterForm(forms.Form):
    """Where the mails of a test run go, and in which language it is made."""

    address = MailField(
        label=gettext_lazy("Your own e-mail address"),
        max_length=254,
        help_text=gettext_lazy("Every mail of the test run goes there, and nowhere else."),
    )
    page = forms.ChoiceField(
        label=gettext_lazy("Page"),
        help_text=gettext_lazy("In its language you are asked, and get the mails."),
    )

    def __init__(self, filled: Any = None, *, pages: Any, address: str = "") -> None:
        super().__init__(filled, initial={"address": address}, auto_id="test_%s")
        fields: dict[str, Any] = self.fields
        fields["page"].choices = [(page.pk, f"{page.title} ({page.language})") for page in pages]


class PlanForm(forms.Form):
    """When a draft opens by itself."""

    opens_at = forms.DateTimeField(
        label=gettext_lazy("Opens at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("In UTC. It opens only if nothing is missing at that moment."),
    )

    def __init__(self, filled: Any = None, *, now: Any) -> None:
        super().__init__(filled, auto_id="plan_%s")
        self.now = now

    def clean_opens_at(self) -> Any:
        """A moment that is still to come, within a year."""
        at = self.cleaned_data["opens_at"]
        if not self.now < at < self.now + timedelta(days=366):
            raise ValidationError(_("Choose a moment within the next year."))
        return at
