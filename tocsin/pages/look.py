"""The look of an organisation's pages: a few checked tokens over those of page.css."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from tocsin.kit.colours import INK, WHITE, TooPale, blend, check_accent, ink_on, read_colour
from tocsin.organisations.models import Organisation
from tocsin.organisations.partners import Partner
from tocsin.pages.doors import door

SHADE = 0.25
"""How much darker, or by night lighter, a button is under the pointer."""

STEPS = 20

KEPT = "public, max-age=31536000, immutable"
"""Another look has another address."""


@door("GET", cached=True)
def look(_request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The style sheet of one organisation; under the address of another version, for a minute."""
    organisation = get_object_or_404(Organisation, slug=slug)
    return _sheet(look_of(organisation), is_this=version == organisation.own_look)


@door("GET", cached=True)
def partner_look(_request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The same of one partner, whose colours come over those of the organisation."""
    partner = get_object_or_404(Partner, slug=slug, active=True)
    rules = colour_rules(partner.accent, night=partner.night_accent)
    return _sheet(rules, is_this=version == partner.own_look)


def look_of(organisation: Organisation) -> str:
    """Its rules: colours by day and by night, and the letters of headings."""
    rules = []
    if organisation.headings == Organisation.Headings.SANS:
        rules.append(":root{--head:var(--sans)}")
    if colours := colour_rules(organisation.accent, night=organisation.night_accent):
        rules.append(colours)
    return "\n".join(rules)


def colour_rules(accent: str, *, night: str) -> str:
    """The rules for what there is of the two colours."""
    if accent:
        return accent_rules(accent, night=night)
    return _by_night(read_colour(night)) if night else ""


def accent_rules(accent: str, *, night: str = "") -> str:
    """The rules for one accent; without one of its own for the night, that is made from it."""
    colour = read_colour(accent)
    day = _tokens(colour, blend(colour, INK, SHADE))
    return f":root{{{day}}}\n{_by_night(read_colour(night) if night else for_night(colour))}"


def for_night(colour: str) -> str:
    """The colour with as much white as it needs to be read on a dark page."""
    for step in range(STEPS):
        lighter = blend(colour, WHITE, step / STEPS)
        try:
            return check_accent(lighter, night=True)
        except TooPale:
            continue
    return WHITE


def _sheet(rules: str, *, is_this: bool) -> HttpResponse:
    sheet = HttpResponse(rules, content_type="text/css; charset=utf-8")
    sheet.headers["Cache-Control"] = KEPT if is_this else "public, max-age=60"
    return sheet


def _by_night(colour: str) -> str:
    rules = _tokens(colour, blend(colour, WHITE, SHADE))
    return f"@media (prefers-color-scheme:dark){{:root{{{rules}}}}}"


def _tokens(accent: str, deep: str) -> str:
    named = {"accent": accent, "accent-deep": deep, "link": deep, "on-accent": ink_on(accent)}
    return ";".join(f"--{name}:{colour}" for name, colour in named.items())
