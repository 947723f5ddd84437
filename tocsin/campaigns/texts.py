"""Every text of a campaign that is not on its pages, beside its original: read, and kept."""

from collections.abc import Iterator, Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.campaigns.models import Campaign
from tocsin.campaigns.permitting import newest_permission, permit
from tocsin.campaigns.translations import Text
from tocsin.campaigns.wordings import GENERAL, keep_wording
from tocsin.supporters.models import ConsentWording
from tocsin.targets.models import Target, TargetName

LETTER, PERMISSION, COLLECTIVE, TARGET = "letter", "permission", "collective", "target"
"""The parts, as the place of a text begins."""

IN_LETTER: dict[str, Promise] = {
    "subject": _("subject"),
    "opening": _("opening, after the salutation"),
    "body": _("letter"),
    "fixed": _("part that nobody changes"),
    "closing": _("closing"),
}
IN_COLLECTIVE = {name: IN_LETTER[name] for name in ("subject", "body", "closing")}
IN_NAME: dict[str, Promise] = {"name": _("name"), "salutation": _("salutation")}
"""The texts of a letter, of the collective letter, of a target, and what they are."""

MOST = 8000
MOST_IN_LINE = {LETTER: 200, COLLECTIVE: 150, TARGET: 200}
LINES = {
    LETTER: ("subject",),
    COLLECTIVE: ("subject", "closing"),
    TARGET: ("name", "salutation"),
}
"""What is one line, and of how many signs."""


def texts_of(campaign: Campaign, *, language: str, original: str, asks: bool) -> list[Text]:
    """Those that have an original, in the language `original`, as they are in `language` now.

    Words of permission are among them where a page `asks` for them.
    """
    found = [*_of_letters(campaign, language, original)]
    if asks:
        found += _of_permissions(campaign, language, original)
    found += _of_collective(campaign, language, original)
    found += _of_targets(campaign, language, original)
    return [text for text in found if text.original]


def keep_texts(campaign: Campaign, *, language: str, said: Mapping[str, str]) -> None:
    """Let these be what is said in that language, by place: whole groups, as `whole_groups` says.

    It is in use at once. Words of permission get a new version.
    """
    groups: dict[str, dict[str, str]] = {}
    for place, text in said.items():
        group, _dot, name = place.rpartition(".")
        groups.setdefault(group, {})[name] = text
    for group, words in groups.items():
        part, *keys = group.split(".")
        if part == LETTER:
            _keep_letter(campaign, language, ".".join(keys), words)
        elif part == COLLECTIVE:
            campaign.collective_wordings.update_or_create(language=language, defaults=words)
        elif part == TARGET:
            target = Target.objects.get(slug=keys[0])
            TargetName.objects.update_or_create(target=target, language=language, defaults=words)
        else:
            for purpose, text in words.items():
                permit(campaign, purpose=purpose, language=language, text=text)


def whole_groups(texts: list[Text], said: Mapping[str, str]) -> set[str]:
    """The groups that are whole with what is said: half a letter is none, half a name neither."""
    lacking = {
        text.group
        for text in texts
        if text.part != PERMISSION and not (said.get(text.place) or text.current)
    }
    return {text.group for text in texts} - lacking


def _keep_letter(campaign: Campaign, language: str, which: str, words: dict[str, str]) -> None:
    name, _dot, variant = which.rpartition(".")
    text = "" if name == GENERAL else name
    keep_wording(campaign, language=language, text=text, variant=int(variant), words=words)


def _of_letters(campaign: Campaign, language: str, original: str) -> Iterator[Text]:
    rows = campaign.wordings.filter(is_retired=False).order_by("text", "variant")
    theirs = {(row.text, row.variant): row for row in rows if row.language == language}
    for row in (row for row in rows if row.language == original):
        hint = _("Letter %(variant)s (%(text)s)") % {
            "variant": row.variant,
            "text": row.text or _("general text"),
        }
        place = f"{LETTER}.{row.text or GENERAL}.{row.variant}"
        yield from _fields(place, hint, IN_LETTER, row, theirs.get((row.text, row.variant)))


def _of_permissions(campaign: Campaign, language: str, original: str) -> Iterator[Text]:
    labels = dict(ConsentWording.Purpose.choices)
    for purpose in ConsentWording.Purpose.values:
        row = newest_permission(campaign, purpose=purpose, language=original)
        theirs = newest_permission(campaign, purpose=purpose, language=language)
        if row:
            hint = _("Permission: %(purpose)s") % {"purpose": labels[purpose]}
            now = theirs.text if theirs else ""
            yield Text(f"{PERMISSION}.{purpose}", row.text, now, MOST, is_line=False, hint=hint)


def _of_collective(campaign: Campaign, language: str, original: str) -> Iterator[Text]:
    rows = {row.language: row for row in campaign.collective_wordings.all()}
    if row := rows.get(original):
        hint = _("Collective letter")
        yield from _fields(COLLECTIVE, hint, IN_COLLECTIVE, row, rows.get(language))


def _of_targets(campaign: Campaign, language: str, original: str) -> Iterator[Text]:
    rows = campaign.campaign_targets.current().select_related("target")
    for target in (row.target for row in rows.prefetch_related("target__names")):
        names = {name.language: name for name in target.names.all()}
        first = (
            names.get(original) or names.get(target.language) or next(iter(names.values()), None)
        )
        if first and first.language != language:
            hint = _("Target: %(name)s") % {"name": first.name}
            place = f"{TARGET}.{target.slug}"
            yield from _fields(place, hint, IN_NAME, first, names.get(language))


def _fields(
    place: str,
    hint: str | Promise,
    fields: Mapping[str, Promise],
    row: models.Model,
    theirs: models.Model | None,
) -> Iterator[Text]:
    part = place.partition(".")[0]
    for name, words in fields.items():
        is_line = name in LINES[part]
        yield Text(
            f"{place}.{name}",
            getattr(row, name),
            getattr(theirs, name) if theirs else "",
            MOST_IN_LINE[part] if is_line else MOST,
            is_line=is_line,
            hint=f"{hint} · {words}",
        )
