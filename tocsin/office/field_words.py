"""The fields of a letter in the office: what each stands for, and what is wrong with one."""

from collections.abc import Iterable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.campaigns.fields import (
    COUNTRY,
    FIELDS,
    HOLDER,
    MINE,
    ORGANISATION,
    RECIPIENT,
    SEAT,
    fields_in,
    mistakes_in,
    name_in,
)
from tocsin.campaigns.filling import WORDS, empty_for
from tocsin.campaigns.models import DRAFT
from tocsin.office.directory import own_name
from tocsin.office.guide_shell import StepForm
from tocsin.targets.models import Target

MEANINGS: dict[str, Promise] = {
    RECIPIENT: gettext_lazy("whom the letter goes to, as the directory calls them in its language"),
    HOLDER: gettext_lazy("who holds the post now, as the directory says"),
    COUNTRY: gettext_lazy("whose government the recipient belongs to"),
    SEAT: gettext_lazy("in which country the embassy sits"),
    ORGANISATION: gettext_lazy("your organisation"),
    MINE: gettext_lazy("where the supporter lives, which every letter tells"),
}
"""What stands in the letter in place of each field."""


def offered(language: str) -> list[tuple[str, Promise]]:
    """Each field as it is typed in a letter of that language, with what it stands for."""
    return [(name_in(field, language), MEANINGS[field]) for field in FIELDS]


def check_fields(
    form: StepForm, *, language: str, targets: Iterable[Target], changed: Iterable[Target]
) -> None:
    """Refuse fields that there are not, and of a campaign that was opened, empty ones.

    `targets` are those who get these words, `changed` those who get them once somebody wrote into
    the body.
    """
    is_draft = form.campaign.state == DRAFT
    own, all_of_them = list(targets), list(changed)
    for part in WORDS:
        text = form.cleaned_data.get(part, "")
        known = [] if is_draft else all_of_them if part == "body" else own
        for words in (*_mistakes(text, language), *_empty(form, text, language, known)):
            form.add_error(part, words)


def _mistakes(text: str, language: str) -> Iterator[str]:
    for mistake in mistakes_in(text, language=language):
        if not mistake.is_closed:
            words = _("A square bracket is not closed: “[%(found)s”.")
        elif mistake.nearest:
            words = _("There is no field “[%(found)s]”. Did you mean “%(nearest)s”?")
        else:
            words = _("There is no field “[%(found)s]”. For brackets in the text take round ones.")
        yield words % {"found": mistake.found[:60], "nearest": mistake.nearest}


def _empty(form: StepForm, text: str, language: str, targets: list[Target]) -> Iterator[str]:
    found = list(empty_for(form.campaign, targets, [text])) if fields_in(text) else []
    for field in dict.fromkeys(field for _target, field in found):
        words = _("“%(field)s” would be empty in the letter to: %(targets)s.")
        names = ", ".join(own_name(target) for target, each in found if each == field)
        yield words % {"field": name_in(field, language), "targets": names}
