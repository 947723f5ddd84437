"""Areas for which a target stands, and the postcodes that lie in them, table by table."""

from collections.abc import Collection, Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from tocsin.kit.rows import Row
from tocsin.targets.rules import Unfit, read_postcode


class AreaTable(Row):
    """The areas of one country by one division of it: its constituencies, or its departments."""

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=160)
    country = models.CharField(_("country"), max_length=2)

    class Meta:
        verbose_name = _("table of areas")
        verbose_name_plural = _("tables of areas")
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Area(Row):
    """One area of a table, known by its code."""

    table = models.ForeignKey(
        AreaTable, on_delete=models.CASCADE, related_name="areas", verbose_name=_("table of areas")
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ("table", "code")
        constraints = (models.UniqueConstraint("table", "code", name="an_area_has_its_code_alone"),)

    def __str__(self) -> str:
        return self.name


class Postcode(Row):
    """That a postcode lies in an area, perhaps with a part of it alone: it may lie in several."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="postcodes")
    code = models.CharField(_("postcode"), max_length=12, db_index=True)

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ("code", "area")
        constraints = (models.UniqueConstraint("area", "code", name="a_postcode_is_said_once"),)

    def __str__(self) -> str:
        return self.code


def names_of_areas(numbers: Collection[int]) -> list[str]:
    """What these areas are called, in the order of their tables."""
    return [each.name for each in Area.objects.filter(pk__in=numbers)]


def with_postcode(table: AreaTable, typed: str) -> list[Area]:
    """The areas of the table in which a postcode lies; none for what is no postcode."""
    try:
        return list(table.areas.filter(postcodes__code=read_postcode(typed)))
    except Unfit:
        return []


def areas_at(typed: str, tables: Iterable[AreaTable], country: str) -> tuple[int, ...]:
    """All areas of that country in which the postcode may lie, by number."""
    there = [with_postcode(table, typed) for table in tables_in(tables, country)]
    return tuple(area.pk for found in there for area in found)


def tables_in(tables: Iterable[AreaTable], country: str) -> list[AreaTable]:
    """Those of the tables that divide that country."""
    return [each for each in tables if each.country == country]
