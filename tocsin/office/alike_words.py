"""What is said in the office of how alike the letters are that go out."""

from typing import Any

from django.utils.translation import gettext as _

from tocsin.campaigns.models import Campaign
from tocsin.office.board_charts import grouped
from tocsin.outcomes.alike import how_alike
from tocsin.outcomes.few import FEW


def alike_words(campaign: Campaign) -> dict[str, Any]:
    """Sentences, and a line for each model letter of which not too few began."""
    found = how_alike(campaign)
    if not found.letters:
        return {"sentences": [_("No letter has been written yet.")], "lines": []}
    if found.is_few:
        few = _("Fewer than %(few)s letters have been written: of so few nothing is said.")
        return {"sentences": [few % {"few": FEW}], "lines": []}
    left = _(
        "Of the last %(letters)s letters about %(share)s in a hundred are as a model letter was, "
        "without a word of one’s own."
    )
    same = _(
        "About %(same)s in a hundred are the same word for word, but for name and country. They "
        "began as letters with this many subjects: %(subjects)s."
    )
    lines = [
        (_("letter %(number)s") % {"number": each.number}, grouped(each.letters), each.unedited)
        for each in found.variants
    ]
    return {
        "sentences": [
            left % {"letters": grouped(found.letters), "share": found.unedited},
            same % {"same": found.same, "subjects": found.subjects},
        ],
        "lines": lines,
        "others": grouped(found.others) if found.others else "",
        "few": FEW,
    }
