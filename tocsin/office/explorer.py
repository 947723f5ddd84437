"""The explorer of pages: its filters name colleagues, and nobody who works elsewhere."""

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from wagtail.admin.filters import MultipleUserFilter
from wagtail.admin.views.pages.listing import EditedByFilter, GenericPageFilterSet
from wagtail.admin.viewsets.pages import PageViewSet

from tocsin.organisations.teams import organisations_of, sees_all


def colleagues(request: HttpRequest) -> QuerySet[User]:
    """Those who work for the same organisations; all of the staff for who runs the server."""
    everybody = User.objects.order_by("username")
    if sees_all(request.user):
        return everybody
    teams = Q(groups__team__organisation__in=organisations_of(request.user).values("pk"))
    return everybody.filter(teams | Q(pk=request.user.pk)).distinct()


class PageFilter(GenericPageFilterSet):
    """Wagtail's own, with these people in it."""

    owner = MultipleUserFilter(
        label=GenericPageFilterSet.base_filters["owner"].label,
        queryset=colleagues,
        widget=CheckboxSelectMultiple,
    )
    edited_by = EditedByFilter(
        label=GenericPageFilterSet.base_filters["edited_by"].label,
        queryset=colleagues,
        widget=CheckboxSelectMultiple,
    )


class Explorer(PageViewSet):
    """Wagtail's own, with that filter."""

    filterset_class = PageFilter
