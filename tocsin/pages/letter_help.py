"""What a browser needs to help with a letter by itself: it sends nothing of what is typed."""

import json
from typing import Any

from django.utils.translation import gettext as _

from tocsin.actions.telltales import ADDRESSES, PATTERNS, RELATIVES
from tocsin.letters.tone import harsh_words, titles
from tocsin.outcomes.alike import alike_of_five
from tocsin.pages.forms import LetterForm

PARTS = ("variant", "subject", "opening", "body", "fixed", "closing")
"""What of a model letter stands on the page."""


def help_with(form: LetterForm | None) -> dict[str, Any]:
    """For the templates of the form, by name; lists are written for the browser."""
    if form is None:
        return {}
    lists = {
        "patterns": PATTERNS,
        "addresses": ADDRESSES,
        "relatives": RELATIVES,
        "harsh": harsh_words(),
        "titles": titles(),
    }
    alike = alike_of_five(form.model.campaign)
    words = {"help_words": _help_words(alike), "telltale_words": _telltale_words()}
    models = form.offer.models
    letters = [{part: getattr(model, part) for part in PARTS} for model in models]
    return {
        **{name: json.dumps(each, ensure_ascii=False) for name, each in (lists | words).items()},
        "variants": json.dumps(letters, ensure_ascii=False) if len(models) > 1 else "",
    }


def _help_words(alike: int) -> dict[str, str]:
    """What is said of a letter, by kind of hint, with {} where the browser says what it found.

    They stand in an attribute, for a browser without scripts would show them all.
    """
    equal = _(
        "Your letter is still the model letter. A sentence of your own weighs more with those who "
        "read it."
    )
    if alike > 1:
        share = _("Of five letters here, %(alike)s are the same, word for word.")
        equal = f"{share % {'alike': alike}} {equal}"
    return {
        "equal": equal,
        "share": f"{_('In your own words:')} {{}}",
        "harsh": f"{_('This may close the ears of those who read it:')} {{}}. "
        + _("A courteous letter is read to its end."),
        "person": f"{_('Is this the name of somebody, or one of your family?')} {{}}. "
        + _(
            "Whoever is named in a letter can be put in danger by it. Leave it out, unless "
            "everybody knows it already."
        ),
        "address": f"{_('An address or a telephone number stands in your letter:')} {{}}. "
        + _("Those you write to do not need it."),
    }


def _telltale_words() -> dict[str, str]:
    return {
        "telltale": f"{_('These words may tell who you are:')} {{}}",
        "remedy": _("Take them out, or say it in another way."),
    }
