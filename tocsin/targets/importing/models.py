"""An import on its way, and what it does, row by row; all of it is gone after a day."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.targets.areas import AreaTable
from tocsin.targets.importing.planning import BAD, CHANGED, NEW, UNCHANGED

KEPT = timedelta(days=1)


class TargetImport(Row):
    """A file of targets, or of the areas of a `table`.

    Its content goes once it is imported, and with the rest after a day.

    `mapping` says what each column is, `given` what holds where a row is silent. `done` of `rows`
    are checked.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", _("waits for you to say what its columns are")
        CHECKING = "checking", _("is being checked")
        CHECKED = "checked", _("is checked, and waits for you to import it")
        RUNNING = "running", _("is being imported")
        DONE = "done", _("is imported")
        REFUSED = "refused", _("is not imported: it has bad rows")

    table = models.ForeignKey(AreaTable, on_delete=models.CASCADE, null=True)
    name = models.CharField(_("file"), max_length=100)
    content = models.BinaryField()
    began_at = models.DateTimeField(_("began"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.MAPPING)
    form = models.CharField(max_length=10)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1, blank=True)
    mapping = models.JSONField(default=list)
    given = models.JSONField(default=dict)
    good_only = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("import of targets")
        verbose_name_plural = _("imports of targets")
        ordering = ("-began_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def counts(self) -> dict[str, int]:
        """How many rows of each state there are."""
        rows = self.lines.order_by().values_list("state").annotate(n=models.Count("pk"))
        return {**dict.fromkeys((NEW, CHANGED, UNCHANGED, BAD), 0), **dict(rows)}


class ImportLine(Row):
    """What becomes of one row, and `told`: its changes as (field, before, after), or its faults."""

    class State(models.TextChoices):
        NEW = NEW, _("new")
        CHANGED = CHANGED, _("changed")
        UNCHANGED = UNCHANGED, _("unchanged")
        BAD = BAD, _("bad")

    # Found by the index below, which begins with it.
    of = models.ForeignKey(
        TargetImport, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField(_("row"))
    state = models.CharField(_("state"), max_length=10, choices=State)
    key = models.CharField(_("short name"), max_length=80)
    told = models.JSONField(default=list)

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        ordering = ("number",)
        indexes = (models.Index("of", "state", "number", name="lines_of_an_import"),)

    def __str__(self) -> str:
        return f"{self.number} {self.key}"
