"""The one form of the public pages: a letter, by whom, with which permission."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from hashlib import sha256
from random import SystemRandom
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.actions.telltales import telltales
from tocsin.actions.words import Words
from tocsin.campaigns.models import Wording
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED, WAYS
from tocsin.kit.addresses import Address, AddressReason, AddressRefused, read_address
from tocsin.kit.countries import country_choices, country_codes
from tocsin.kit.gate import REFUSED, Refused, clean_name, clean_text
from tocsin.pages.area_question import POSTCODE, answer_of, name_of, postcode_field
from tocsin.pages.complaints import ADDRESS, complain
from tocsin.pages.offer import Offer
from tocsin.supporters.models import ConsentWording
from tocsin.supporters.person import Person

MOST_NAME = 120
MOST_OWN = 600
MOST_LETTER = 8000

NOT_IN_A_DRAFT = ("email", "send", "news", "sure")
"""What a letter can be previewed without."""

NOT_ASKED = {
    OPEN: (),
    SHIELDED: ("given", "family"),
    LENT: ("given", "family", "own", "letter"),
    "": ("given", "family", "own", "letter", "send"),
}
"""What a way does not need: it is not read, and not kept. Without a way that comes first."""


class GateField(forms.Field):
    """Text that passes the gate, or is refused with a sentence that says what to do."""

    def __init__(
        self,
        *,
        gate: Callable[..., str],
        most: int,
        empty: Promise,
        optional: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(required=False, **more)
        self.gate, self.most, self.empty, self.optional = gate, most, empty, optional

    def clean(self, value: str | None) -> str:
        try:
            return self.gate(value or "", most=self.most, optional=self.optional)
        except Refused as refused:
            raise ValidationError(complain(refused, empty=self.empty, most=self.most)) from None

    def bound_data(self, data: Any, initial: Any) -> str:
        """What was typed, to be shown again; an emptied letter is the model letter again."""
        lines = isinstance(self.widget, forms.Textarea)
        typed = "" if self.disabled else data
        return showable(typed, lines=lines) if typed and typed.strip() else initial or ""


class AddressField(forms.Field):
    """An e-mail address; `empty` is what to say where there is none, if it is not for a letter."""

    def __init__(self, *, empty: Promise = ADDRESS[AddressReason.EMPTY], **more: Any) -> None:
        super().__init__(required=False, **more)
        self.empty = empty

    def clean(self, value: str | None) -> Address:
        try:
            return read_address(value or "")
        except AddressRefused as refused:
            sentences = {**ADDRESS, AddressReason.EMPTY: self.empty}
            raise ValidationError(str(sentences[refused.reason])) from None

    def bound_data(self, data: Any, initial: Any) -> str:
        return showable(data, lines=False) if data else initial or ""


class CountryField(forms.Field):
    """A country that exists, out of two groups: those with a target of their own, all."""

    def clean(self, value: str | None) -> str:
        if not value:
            raise ValidationError(_("Choose the country you live in."))
        if value not in country_codes():
            raise ValidationError(_("There is no such country. Choose one from the list."))
        return value


class AnswerField(forms.Field):
    """An answer to the exact words that were shown; an answer to older words is none."""

    def __init__(self, *, unanswered: Promise, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.unanswered = unanswered
        self.answers: Mapping[str, bool] = {}

    def clean(self, value: str | None) -> bool:
        if value is None or value not in self.answers:
            raise ValidationError(str(self.unanswered))
        return self.answers[value]


class PermissionField(AnswerField):
    """The boxes of all ways, of which that of the chosen one has to be ticked; others say nothing.

    They are one field, since a browser that cannot hide those of other ways shows all of them.
    """

    widget = forms.SelectMultiple

    def clean(self, value: Collection[str] | None) -> bool:
        return super().clean(next((each for each in value or () if each in self.answers), None))


class WayField(forms.Field):
    """One of the ways to take part that are offered; if there is no choice, that one."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.ways: tuple[str, ...] = ()

    def clean(self, value: str | None) -> str:
        if not value and len(self.ways) == 1:
            return self.ways[0]
        if not value:
            raise ValidationError(
                _("Choose how you take part: we do not decide for you who sees your name.")
            )
        if value not in self.ways:
            raise ValidationError(
                _("This way to take part is not offered any more. See what is; nothing was sent.")
            )
        return value


ADDRESS_INPUT = {
    "autocomplete": "email",
    "spellcheck": "false",
    "dir": "ltr",
}

WORDS_INPUT = {"dir": "auto", "autocomplete": "off"}
"""A browser that opens its windows again has not written down what stood there."""


class AddressForm(forms.Form):
    """Whose data are asked for."""

    email = AddressField(
        label=_("E-mail address"),
        empty=_("Enter your e-mail address: the link is sent there."),
        widget=forms.EmailInput(attrs=ADDRESS_INPUT),
    )

    use_required_attribute = False


class NameForm(forms.Form):
    """What somebody is called."""

    given = GateField(
        gate=clean_name,
        most=MOST_NAME,
        label=_("Given names"),
        empty=_("Enter your given names."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name", "dir": "auto"}),
    )
    family = GateField(
        gate=clean_name,
        most=MOST_NAME,
        label=_("Family name"),
        empty=_("Enter your family name."),
        help_text=_("Leave it empty if you have one name only."),
        optional=True,
        widget=forms.TextInput(attrs={"autocomplete": "family-name", "dir": "auto"}),
    )
    use_required_attribute = False


class LetterForm(NameForm):
    """In which way somebody takes part; from where, in which words, with which permissions."""

    way = WayField(label=_("How do you want to take part?"))
    email = AddressField(
        label=_("E-mail address"),
        help_text=_("We send you a link there: nothing leaves before you confirm."),
        widget=forms.EmailInput(attrs=ADDRESS_INPUT),
    )
    country = CountryField(
        required=False,
        label=_("Country you live in"),
        help_text=_("It decides whether an embassy gets a copy, and stands under your letter."),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    own = GateField(
        gate=clean_text,
        most=MOST_OWN,
        label=_("Why it matters to you"),
        empty=_("Write a sentence of your own."),
        help_text=_(
            "A sentence of your own counts more than all the rest. It comes first, in the language "
            "in which you write it."
        ),
        optional=True,
        widget=forms.Textarea(attrs={"rows": 3, **WORDS_INPUT}),
    )
    letter = GateField(
        gate=clean_text,
        most=MOST_LETTER,
        label=_("Your letter"),
        empty=_(
            "The letter was empty, so the model letter stands here again. Change it as you like, "
            "or leave it."
        ),
        help_text=_(
            "Change what you like. Unchanged, it goes to each recipient in their own language; "
            "changed, it goes in your words."
        ),
        widget=forms.Textarea(attrs={"rows": 14, **WORDS_INPUT}),
    )
    sure = forms.Field(required=False)
    send = PermissionField(
        label=_("Your permission to send the letter"),
        unanswered=_("Tick the box: without your permission we may not do it."),
    )
    news = AnswerField(
        label=_("News"), unanswered=_("Choose yes or no: we do not decide that for you.")
    )
    field_order = ("way",)

    def __init__(self, *, offer: Offer, typed: QueryDict | None = None) -> None:
        self.model = self._model_of(offer, typed)
        super().__init__(data=typed, initial={"letter": self.model.body.strip()})
        self.offer = offer
        self.typed = typed or QueryDict()
        self.keeps_letter = False
        self.telltales: list[str] = []
        fields: dict[str, Any] = self.fields
        fields["way"].ways = offer.ways
        fields["letter"].widget.attrs["lang"] = self.model.language
        # Then what a form sends in its place is not even read.
        fields["letter"].disabled = offer.letter_is_fixed
        fields["country"].widget.choices = _country_groups(offer)
        fields["send"].answers = {
            value: True for value, way in offer.send_answers.items() if way == self.chosen
        }
        if offer.tables:
            fields[POSTCODE] = postcode_field(offer.tables, offer.language)
        self.areas: tuple[int, ...] = ()
        fields["news"].answers = offer.news_answers
        if not offer.news:
            del fields["news"]

    @staticmethod
    def _model_of(offer: Offer, typed: QueryDict | None) -> Wording:
        """The variant that the form came with; for a fresh one, any of them."""
        if typed is None:
            return SystemRandom().choice(offer.models)
        return offer.variant(typed.get("variant", "")) or offer.models[0]

    @property
    def chosen(self) -> str:
        """The way that was chosen, or the only one that there is; "" for none of those offered."""
        ways = self.offer.ways
        way = self.data.get("way") or (ways[0] if len(ways) == 1 else "")
        return way if way in ways else ""

    @property
    def sureness(self) -> str:
        """What the box sends back that lets the words stay: it names what was found in them."""
        return sha256("\n".join(self.telltales).encode()).hexdigest()[:16]

    def clean(self) -> None:
        """Leave out what the way does not need; shielded, look for what would tell who it is."""
        typed = self.cleaned_data
        self._find_areas()
        names = [typed.get("given", ""), typed.get("family", "")]
        for name in NOT_ASKED[self.chosen]:
            self.errors.pop(name, None)
            typed[name] = ""
        if self.chosen == SHIELDED and "own" in typed and "letter" in typed:
            if "email" in typed:
                names.append(typed["email"].local)
            words = self.words()
            self.telltales = telltales(f"{words.own}\n{words.body}", names=names)
            if self.telltales and self.data.get("sure") != self.sureness:
                self.add_error(
                    "sure",
                    _("Look at your words again: they may tell who you are. Change them, or tick."),
                )

    def _find_areas(self) -> None:
        """Where the person lives, if a letter goes to whoever stands for it."""
        country = self.cleaned_data.get("country", "")
        if self.chosen and WAYS[self.chosen].writes_letters:
            answer = answer_of(self.data, self.offer.tables, country)
            self.areas = answer.areas
            self.fields.update(answer.lists)
            for name, complaint in answer.complaints.items():
                self.add_error(name, str(complaint))

    def area_lists(self) -> list[forms.BoundField]:
        """The areas to choose from, where the postcode does not decide it."""
        names = (name_of(table) for table in self.offer.tables)
        return [self[name] for name in names if name in self.fields]

    def is_fit_for_preview(self) -> bool:
        """Whether the letter itself can be written; drops complaints about everything else."""
        for name in NOT_IN_A_DRAFT:
            self.errors.pop(name, None)
        return not self.errors

    def person(self) -> Person:
        """Who writes."""
        typed = self.cleaned_data
        return Person(given=typed["given"], family=typed["family"], address=typed["email"])

    def words(self) -> Words:
        """What they write; a letter that equals a model counts as unchanged."""
        letter = self.cleaned_data["letter"]
        is_model = model_of(letter, self.offer.known)
        own = self.cleaned_data["own"]
        return Words(own=own, body="" if is_model else letter, areas=self.areas)

    @property
    def variant(self) -> int:
        """The number of the model letter that it is, or that it was written from."""
        known = (self.model, *self.offer.known)
        return (model_of(self.cleaned_data["letter"], known) or self.model).variant

    def with_another_letter(self) -> "LetterForm":
        """The same with the next variant in it; with its own letter if that was changed.

        Nobody's words are taken from them, and nobody is complained to.
        """
        letter = self.data.get("letter", "").replace("\r\n", "\n").strip()
        offer, form = self.offer, self
        models, known = offer.models, [each.body.strip() for each in offer.known]
        if not letter or letter in known or offer.letter_is_fixed:
            at = models.index(self.model) if self.model in models else -1
            following = models[(at + 1) % len(models)]
            typed = self.typed.copy()
            typed["letter"], typed["variant"] = following.body, str(following.variant)
            form = LetterForm(offer=self.offer, typed=typed)
        form.keeps_letter = form is self
        form.errors.clear()
        return form

    def consents(self) -> dict[ConsentWording, bool]:
        """What they permit, in which words."""
        answers: dict[ConsentWording, bool] = {
            self.offer.sends[self.chosen]: self.cleaned_data["send"]
        }
        if self.offer.news:
            answers[self.offer.news] = self.cleaned_data["news"]
        return answers


def model_of(letter: str, models: Iterable[Wording]) -> Wording | None:
    """The model letter that this one, which has passed the gate, is word for word."""
    cleaned = ((clean_text(each.body, most=MOST_LETTER, optional=True), each) for each in models)
    return next((model for body, model in cleaned if body == letter), None)


def showable(text: str, *, lines: bool) -> str:
    """What was typed, with a visible sign for each one that a page or a field cannot show."""
    text = text.replace("\r\n", "\n")
    return (_UNSEEN if lines else _UNSEEN_IN_A_LINE).sub("�", text)


def _country_groups(offer: Offer) -> list[Any]:
    choices = country_choices(offer.language, first=offer.seats)
    here, everywhere = choices[: len(offer.seats)], choices[len(offer.seats) :]
    nothing = ("", _("Choose a country"))
    if not here:
        return [nothing, *everywhere]
    return [
        nothing,
        (_("An embassy gets a copy"), sorted(here, key=lambda choice: choice[1])),
        (_("All other countries"), everywhere),
    ]


_UNSEEN_IN_A_LINE = re.compile(f"[{''.join(REFUSED.values())}]")
_UNSEEN = re.compile(f"(?![\\n\\t])[{''.join(REFUSED.values())}]")
