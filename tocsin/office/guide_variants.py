"""The page of a letter's texts: all variants in all languages, and who gets which text."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tocsin.campaigns.checklist import empty_fields
from tocsin.campaigns.models import DRAFT
from tocsin.campaigns.wording_rules import add_rule, move_rule, remove_rule, rules_of
from tocsin.campaigns.wordings import (
    LastOne,
    Taken,
    begin_text,
    copy_variant,
    offer_again,
    remove_variant,
)
from tocsin.kit.gate import Refused, clean_line
from tocsin.office.alike_words import alike_words
from tocsin.office.guide_shell import GuidePage
from tocsin.office.rule_form import RuleForm, general_for, lines_of
from tocsin.office.translating import languages_of
from tocsin.office.wording_table import texts_of

MOST_NAME = 40


class TextsPage(GuidePage):
    """Texts, variants, rules, and whether people may change the letter."""

    place = "guide_letters"
    template_name = "office/guide/texts.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """All of it, with what is missing."""
        campaign, rules = self.campaign, rules_of(self.campaign)
        spoken = self.translating.languages_of(campaign)
        languages = languages_of(self.translating, campaign)
        texts = texts_of(campaign, languages)
        return {
            **super().get_context_data(**kwargs),
            "languages": languages,
            "texts": texts,
            "rules": lines_of(campaign, rules, spoken),
            "general": general_for(campaign, rules),
            "rule_form": RuleForm(campaign=campaign, texts=[text.name for text in texts]),
            "alike": alike_words(campaign),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """One of its buttons."""
        acts: dict[str, Callable[[], HttpResponse]] = {
            "copy": self._copy,
            "remove": self._remove,
            "again": self._again,
            "begin": self._begin,
            "rule": self._rule,
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
            "unrule": self._unrule,
            "fix": self._fix,
        }
        act = acts.get(self.request.POST.get("do", ""))
        if act is None:
            return self.refused(_("Nothing was done."))
        is_open = self.campaign.state != DRAFT
        with transaction.atomic():
            before = set(self._empty()) if is_open else set()
            answer = act()
            is_emptied = is_open and bool(set(self._empty()) - before)
            transaction.set_rollback(is_emptied)
        if not is_emptied:
            return answer
        list(messages.get_messages(self.request))  # what the act said is not so
        return self.refused(_("Nothing was changed: a letter would have an empty field."))

    def _empty(self) -> list[str]:
        rows = self.campaign.campaign_targets.current().select_related("target")
        return list(empty_fields(self.campaign, rows))

    def _named(self) -> dict[str, Any]:
        """The variant that a button stands beside; 0 where it names none."""
        number = self.request.POST.get("variant", "")
        is_number = number.isascii() and number.isdecimal() and len(number) < 5
        text = self.request.POST.get("text", "").replace("\0", "")
        return {"text": text, "variant": int(number) if is_number else 0}

    def _copy(self) -> HttpResponse:
        named = self._named()
        if not self.campaign.wordings.filter(**named).exists():
            return self.refused(_("Nothing was done."))
        number = copy_variant(self.campaign, **named)
        return self.saved(
            _("Letter %(number)s is there: write it in other words.") % {"number": number}
        )

    def _remove(self) -> HttpResponse:
        try:
            is_gone = remove_variant(self.campaign, **self._named())
        except LastOne:
            return self.refused(
                _("In some language it is the only one, and it is needed: write another first.")
            )
        if is_gone:
            return self.saved(_("It is removed."))
        return self.saved(_("It is offered to nobody any more, and stays for its letters."))

    def _again(self) -> HttpResponse:
        offer_again(self.campaign, **self._named())
        return self.saved(_("It is offered again."))

    def _begin(self) -> HttpResponse:
        try:
            name = clean_line(self.request.POST.get("name", ""), most=MOST_NAME)
            if "/" in name or not any(map(str.isalnum, name)):
                return self.refused(_("Give the text a name of letters, without a slash."))
            begin_text(self.campaign, name)
        except Refused:
            return self.refused(_("Give the text a short name."))
        except Taken:
            return self.refused(_("There is a text of this name already."))
        return self.saved(_("The text is there, with the words of the general one: change them."))

    def _rule(self) -> HttpResponse:
        texts = [text.name for text in texts_of(self.campaign, ())]
        form = RuleForm(self.request.POST, campaign=self.campaign, texts=texts)
        if not form.is_valid():
            return self.show(status=422, rule_form=form)
        add_rule(self.campaign, **form.cleaned_data)
        return self.saved(_("The rule is there, after the others."))

    def _move(self, by: int) -> HttpResponse:
        move_rule(self.campaign, self._row(), by=by)
        return self.saved(_("It is saved."))

    def _unrule(self) -> HttpResponse:
        remove_rule(self.campaign, self._row())
        return self.saved(_("The rule is removed."))

    def _row(self) -> int:
        pk = self.request.POST.get("row", "")
        return int(pk) if pk.isascii() and pk.isdecimal() and len(pk) < 18 else 0

    def _fix(self) -> HttpResponse:
        self.campaign.letter_is_fixed = "fixed" in self.request.POST
        self.campaign.save(update_fields=["letter_is_fixed"])
        return self.saved(_("It is saved."))
