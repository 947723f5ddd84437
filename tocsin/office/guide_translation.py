"""One language of a campaign: the texts beside their originals, and the file for volunteers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.texts import TARGET
from tocsin.campaigns.translations import State, Text
from tocsin.kit.languages import read_language
from tocsin.kit.po_files import MOST_BYTES, Entry, FileRefused, PoFile, read_file, write_file
from tocsin.office.guide_shell import GuidePage, may_publish
from tocsin.office.mail_shell import may
from tocsin.office.translating import (
    Outcome,
    Sheet,
    check_entries,
    checked,
    parts_that_wait,
    sheet_of,
    take_over,
)
from tocsin.office.translation_words import FAULTS, PARTS, file_words
from tocsin.targets.models import Target

TEXTS = 20
"""So many texts are on one screen: a form of ours stays small (settings.py)."""

RIGHT_TO_LEFT = ("ar", "fa", "he", "ug", "ur")


@dataclass
class Field:
    """One text on the screen, with what was typed for it and what is wrong with that."""

    text: Text
    state: State
    shown: str
    waiting: str
    before: str
    mark: str
    wrong: Promise | str = ""


class InOneLanguage(GuidePage):
    """A page about one campaign in one language that is not that of the original."""

    place = "guide_languages"

    @property
    def language(self) -> str:
        """That of the address; Http404 for one that there is not."""
        try:
            return read_language(str(self.kwargs["language"]))
        except ValueError:
            raise Http404 from None

    @cached_property
    def sheet(self) -> Sheet:
        """All texts, as they are now."""
        return sheet_of(self.translating, self.campaign, language=self.language)

    @property
    def keeps_directory(self) -> bool:
        """Whether who asks may change how targets are named."""
        return may(self.request.user, "change", Target)

    def locked_sheet(self) -> Sheet:
        """The same, while nobody else changes anything of the campaign; in a transaction."""
        Campaign.objects.select_for_update(of=("self",)).get(pk=self.campaign.pk)
        return sheet_of(self.translating, self.campaign, language=self.language)


class TranslationPage(InOneLanguage):
    """The texts, the ones first that somebody should look at; the file; publishing."""

    template_name = "office/guide/translation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Everything on it."""
        sheet, names = self.sheet, dict(settings.LANGUAGES)
        here = reverse("guide_translation", args=[self.campaign.pk, self.language])
        page = Paginator(self._asked(), TEXTS).get_page(self.request.GET.get("p"))
        mine = [text for text in sheet.texts if text.part == "page"]
        missing = sum(sheet.state(text) == State.MISSING for text in mine)
        return {
            **super().get_context_data(**kwargs),
            "sheet": sheet,
            "language": self.language,
            "name": names.get(self.language, self.language),
            "direction": "rtl" if self.language in RIGHT_TO_LEFT else "ltr",
            "is_original": self.language == sheet.original,
            "here": here,
            "parts": list(self._parts(here)),
            "part": self._part(),
            "all": "all" in self.request.GET,
            "asked": f"part={self._part()}{'&all' if 'all' in self.request.GET else ''}",
            "page": page,
            "fields": [self._field(text) for text in page],
            "number": missing,
            "of": len(mine),
            "gone": len(sheet.gone),
            "waiting": sum(bool(sheet.waiting(text)) for text in sheet.texts),
            "own_page": next(
                (
                    reverse("wagtailadmin_pages:edit", args=[each.pk])
                    for each in self.pages.pages_of(self.campaign)
                    if each.language == self.language
                ),
                "",
            ),
        }

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """One of the forms of the page."""
        acts = {
            "save": self._save,
            "file": self._file,
            "take": self._take,
            "publish": self._publish,
        }
        act = acts.get(self.request.POST.get("do", ""))
        return act() if act and self.sheet.texts else self.refused(_("Nothing was done."))

    def _save(self) -> HttpResponse:
        outcome = Outcome()
        with transaction.atomic():
            self.sheet = sheet = self.locked_sheet()
            texts = {text.place: text for text in sheet.texts}
            posted = [
                texts[place] for place in self.request.POST.getlist("place") if place in texts
            ]
            fields = [self._typed(text) for text in posted if self._is_mine(text)]
            said = {each.text.place: each.shown for each in fields if self._is_said(each)}
            for each in fields:
                if each.text.place in said:
                    said[each.text.place], each.wrong = self._judged(each)
            wrong = {each.text.place for each in fields if each.wrong}
            good = {place: words for place, words in said.items() if place not in wrong}
            seen = {text.place for text in posted}
            take_over(
                self.translating, sheet, said=good, outcome=outcome, user=self.user, unused=seen
            )
        if wrong:
            self.sheet = sheet_of(self.translating, self.campaign, language=self.language)
            wrong_fields = [each for each in fields if each.wrong]
            return self.show(status=422, fields=wrong_fields, is_wrong=True)
        here = f"{self.request.path}?{self._query()}&saved"
        answer = self.saved(_("It is saved."))
        answer["Location"] = here
        return answer

    def _file(self) -> HttpResponse:
        given = self.request.FILES.get("file")
        if given is None:
            return self.show(status=422, complaint=_("Choose a file first."))
        try:
            file = read_file(given.read(MOST_BYTES + 1))
        except FileRefused as refused:
            return self.show(status=422, complaint=file_words(refused.why))
        if (file.of, file.language) != (self.campaign.slug, self.language):
            return self.show(
                status=422,
                complaint=_("This file is of another campaign or language: %(of)s, %(language)s.")
                % {"of": file.of[:80], "language": file.language[:20]},
            )
        with transaction.atomic():
            sheet = self.locked_sheet()
            said, outcome = check_entries(sheet, file.entries, keeps_directory=self.keeps_directory)
            wait = parts_that_wait(self.campaign)
            take_over(
                self.translating, sheet, said=said, outcome=outcome, user=self.user, wait=wait
            )
        del self.sheet
        told = [(where, FAULTS[fault]) for where, fault in outcome.faults]
        return self.show(outcome=outcome, told=told)

    def _take(self) -> HttpResponse:
        """All that waits, as long as it still fits."""
        outcome = Outcome()
        with transaction.atomic():
            sheet = self.locked_sheet()
            said = {
                text.place: words
                for text in sheet.texts
                if (words := sheet.waiting(text)) and self._is_mine(text)
            }
            good = {
                text.place: said[text.place]
                for text in sheet.texts
                if text.place in said
                and not sheet.is_overtaken(text)
                and not checked(text, said[text.place])[1]
            }
            take_over(self.translating, sheet, said=good, outcome=outcome, user=self.user)
        return self.saved(_("It is saved."))

    def _publish(self) -> HttpResponse:
        if not may_publish(self.request.user, self.campaign.organisation):
            return self.refused(_("A publisher of the organisation publishes it."))
        if not self.sheet.has_page:
            return self.refused(_("Nothing was done."))
        self.translating.publish_as_it_is(self.campaign, language=self.language, user=self.user)
        return self.saved(_("The page is published as it is."))

    def _part(self) -> str:
        """The one that is asked for, or the first in which something is to do."""
        asked = self.request.GET.get("part", "")
        if asked in PARTS:
            return asked
        open_parts = {text.part for text in self.sheet.texts if self.sheet.is_open(text)}
        return next((part for part in PARTS if part in open_parts), "page")

    def _asked(self) -> list[Text]:
        texts = [text for text in self.sheet.texts if text.part == self._part()]
        if "all" in self.request.GET:
            return texts
        return [text for text in texts if self.sheet.is_open(text)]

    def _query(self) -> str:
        return self.request.GET.urlencode() or f"part={self._part()}"

    def _parts(self, here: str) -> Iterator[tuple[str, Promise, int, bool]]:
        for part, label in PARTS.items():
            texts = [text for text in self.sheet.texts if text.part == part]
            if texts:
                to_do = sum(self.sheet.is_open(text) for text in texts)
                yield f"{here}?part={part}", label, to_do, part == self._part()

    def _field(self, text: Text) -> Field:
        sheet = self.sheet
        state, waiting = sheet.state(text), sheet.waiting(text)
        now = text.current if state != State.MISSING else ""
        before = sheet.known[text.place].original if state == State.STALE else ""
        mark = sha256(repr((text.original, text.current, waiting)).encode()).hexdigest()[:16]
        return Field(text, state, waiting or now, waiting, before, mark)

    def _typed(self, text: Text) -> Field:
        each = self._field(text)
        each.shown = self.request.POST.get(f"text:{text.place}", "").replace("\r\n", "\n").strip()
        return each

    def _is_said(self, each: Field) -> bool:
        """What is typed, and new; what waited or is out of date, when somebody says it is right."""
        if not each.shown:
            return False
        is_new = each.shown != each.text.current or each.state == State.MISSING
        return is_new or f"right:{each.text.place}" in self.request.POST

    def _judged(self, each: Field) -> tuple[str, Promise | str]:
        if self.request.POST.get(f"mark:{each.text.place}") != each.mark:
            return each.shown, _("It changed meanwhile: look at it once more, and save again.")
        clean, fault = checked(each.text, each.shown)
        return clean, FAULTS[fault] if fault else ""

    def _is_mine(self, text: Text) -> bool:
        return text.part != TARGET or self.keeps_directory


class PoDownload(InOneLanguage):
    """The texts as a PO file, for a volunteer's program; what witnesses said is not in it."""

    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The file; Http404 where there is nothing to translate."""
        if not self.sheet.texts:
            raise Http404
        texts = [text for text in self.sheet.texts if not text.is_of_witness]
        entries = tuple(self._entry(text) for text in texts)
        data = write_file(PoFile(self.campaign.slug, self.language, entries), now=self.now)
        answer = HttpResponse(data, content_type="text/x-gettext-translation; charset=utf-8")
        name = f"{self.campaign.slug}-{self.language}.po"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def post(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """Nothing is changed here."""
        raise Http404

    def _entry(self, text: Text) -> Entry:
        sheet = self.sheet
        state, waiting = sheet.state(text), sheet.waiting(text)
        comment = str(text.hint)
        if text.most < 1000:
            comment += ". " + _("At most %(most)s characters.") % {"most": text.most}
        stale = sheet.is_overtaken(text) or (state == State.STALE and not waiting)
        now = text.current if state != State.MISSING else ""
        before = sheet.known[text.place].original if stale else ""
        return Entry(text.place, text.original, waiting or now, stale, before, comment)
