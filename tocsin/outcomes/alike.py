"""How many letters are word for word the same: a sum over the last ones, and nobody's."""

from tocsin.actions.models import Action
from tocsin.campaigns.models import Campaign

LAST = 1000
LEAST = 100
"""Of so many letters, and not of fewer: four out of five of ten are an accident."""


def alike_of_five(campaign: Campaign) -> int:
    """How many out of five of the last letters were left as the model was; 0 if too few are there.

    Rounded to the nearest fifth. A sentence of one's own makes a letter another one.
    """
    rows = Action.objects.filter(campaign=campaign, state="written", is_own__isnull=False)
    own = list(rows.order_by("-day").values_list("is_own", flat=True)[:LAST])
    return round(5 * own.count(False) / len(own)) if len(own) >= LEAST else 0
