"""What a browser needs to help with a letter by itself: it sends nothing of what is typed."""

import json
from typing import Any

from tocsin.actions.telltales import ADDRESSES, PATTERNS, RELATIVES
from tocsin.letters.tone import harsh_words, titles
from tocsin.outcomes.alike import alike_of_five
from tocsin.pages.forms import LetterForm

PARTS = ("variant", "subject", "opening", "body", "closing")
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
    models = form.offer.models
    letters = [{part: getattr(model, part) for part in PARTS} for model in models]
    return {
        **{name: json.dumps(words, ensure_ascii=False) for name, words in lists.items()},
        "alike": alike_of_five(form.model.campaign),
        "variants": json.dumps(letters, ensure_ascii=False) if len(models) > 1 else "",
    }
