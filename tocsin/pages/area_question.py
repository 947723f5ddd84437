"""The question in which area somebody lives, where a campaign writes to those who stand for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tocsin.kit.countries import country_name
from tocsin.targets.areas import Area, AreaTable, tables_in, with_postcode
from tocsin.targets.rules import Unfit, read_postcode

POSTCODE = "postcode"
UNKNOWN = "0"
"""What the list of areas sends back for those who do not know theirs, or do not want to say."""

MOST_TYPED = 20

MOST_CHOICES = 1000
"""Areas in a list; a table that has more is too long to choose from."""

ENTER = gettext_lazy("Enter your postcode: it shows who stands for your area. Or choose it below.")
NOT_FOUND = gettext_lazy("We do not find this postcode. Check it, or choose your area below.")
SEVERAL = gettext_lazy("Your postcode lies in several areas. Choose yours.")


class PostcodeField(forms.Field):
    """A postcode as it is typed: it is read where the country is known."""

    def bound_data(self, data: Any, initial: Any) -> str:
        """What was typed, to be shown again, unless no postcode is like that."""
        return data if data and data.isprintable() and len(data) <= MOST_TYPED else initial or ""


@dataclass
class Answer:
    """What came of the question: the areas, by number; lists to choose from, and complaints.

    Both by the names of fields.
    """

    areas: tuple[int, ...]
    lists: dict[str, forms.Field]
    complaints: dict[str, Promise]


def postcode_field(tables: Iterable[AreaTable], language: str) -> forms.Field:
    """The field for the postcode, which says to whom it matters."""
    countries = sorted({country_name(each.country, language) for each in tables})
    hint = _(
        "Only for this country: %(countries)s. It shows who stands for your area; they learn that "
        "somebody there writes. The postcode itself is not kept."
    )
    return PostcodeField(
        label=_("Postcode"),
        help_text=hint % {"countries": ", ".join(countries)},
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "postal-code", "dir": "ltr", "maxlength": str(MOST_TYPED)}
        ),
    )


def answer_of(typed: Mapping[str, Any], tables: Iterable[AreaTable], country: str) -> Answer:
    """Where somebody in `country` lives, by the postcode and the choices that they `typed`."""
    answer = Answer((), {}, {})
    code = typed.get(POSTCODE) or ""
    for table in tables_in(tables, country):
        _answer_for(table, code.strip(), typed.get(name_of(table)) or "", answer)
    return answer


def name_of(table: AreaTable) -> str:
    """The field in which an area of that table is chosen."""
    return f"area_{table.pk}"


def passed_on(typed: QueryDict, tables: Iterable[AreaTable]) -> dict[str, str]:
    """The postcode and the choices, as far as they can be meant, on their way to another page.

    Who has chosen none does not know: letters go to all areas of their postcode.
    """
    chosen = {name: typed.get(name, "") for name in map(name_of, tables)}
    fit = {name: n if n.isdecimal() and len(n) < 20 else UNKNOWN for name, n in chosen.items()}
    try:
        return {POSTCODE: read_postcode(typed.get(POSTCODE, "")), **fit}
    except Unfit:
        return {POSTCODE: "", **fit}


def _answer_for(table: AreaTable, code: str, chosen: str, answer: Answer) -> None:
    found = with_postcode(table, code)
    if len(found) == 1 and chosen not in ("", UNKNOWN):
        chosen = ""  # they corrected the postcode, and it says more than the list below it
    if len(found) == 1 and not chosen:
        answer.areas += (found[0].pk,)
        return
    offered = found or list(table.areas.all()[: MOST_CHOICES + 1])
    is_short = len(offered) <= MOST_CHOICES
    by_number = {str(area.pk): area for area in offered} if is_short else {}
    answer.lists[name_of(table)] = _list(by_number.values(), table, several=bool(found))
    if chosen in by_number:
        answer.areas += (by_number[chosen].pk,)
    elif chosen == UNKNOWN:
        answer.areas += tuple(area.pk for area in found)
    elif found:
        answer.complaints[name_of(table)] = SEVERAL
    else:
        answer.complaints[POSTCODE] = NOT_FOUND if code else ENTER


def _list(areas: Iterable[Area], table: AreaTable, *, several: bool) -> forms.Field:
    if several:
        unknown = _("I do not know: write to all of these")
    else:
        unknown = _("I do not know it, or do not want to say")
    choices = [("", _("Choose your area")), (UNKNOWN, unknown)]
    named = [(str(area.pk), f"{area.name} ({area.code})") for area in areas]
    return forms.Field(
        label=_("Your area"),
        help_text=table.name,
        required=False,
        widget=forms.Select(choices=[*choices, *named], attrs={"autocomplete": "off"}),
    )
