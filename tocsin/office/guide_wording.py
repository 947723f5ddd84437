"""The page on which one wording is written: a language, a text, a variant of it."""

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from tocsin.campaigns.wordings import next_variant
from tocsin.office.guide_forms import WordingForm
from tocsin.office.guide_steps import LettersPage
from tocsin.office.wording_table import place_of


class WordingPage(LettersPage):
    """As the page of the letter, for any of its texts and variants, without permissions."""

    form_class = WordingForm

    @property
    def text(self) -> str:
        """That of the address; Http404 for one that neither a wording nor a rule has."""
        text = str(self.kwargs.get("text", ""))
        rules = self.campaign.wording_rules.filter(text=text)
        if text and not rules.exists() and not self.campaign.wordings.filter(text=text).exists():
            raise Http404
        return text

    @cached_property
    def variant(self) -> int:
        """That of the address: one that there is, or the next; else Http404."""
        variant = int(self.kwargs["variant"])
        is_there = self.campaign.wordings.filter(text=self.text, variant=variant).exists()
        if not is_there and variant != next_variant(self.campaign, self.text):
            raise Http404
        return variant

    def place_in(self, language: str) -> str:
        """The same variant of the same text."""
        return place_of(self.campaign, language, self.text, self.variant)

    def stored(self) -> dict[str, Any]:
        """The words alone: what people permit stands on the page of the letter."""
        return self.stored_words()

    def keep(self, filled: dict[str, Any]) -> None:
        """Likewise."""
        self.keep_words(filled)
