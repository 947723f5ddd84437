"""What every row of data has in common."""

from django.db import models


class Row(models.Model):
    """A row of data, as opposed to a page.

    Wagtail keeps an index of what refers to what for everything that is saved: four more writes
    for each action, and a second place that says who took part in what. Not for our rows.
    """

    wagtail_reference_index_ignore = True

    class Meta:
        abstract = True
