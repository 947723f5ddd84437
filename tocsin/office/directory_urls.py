"""Where the pages of the directory are, and who finds them in the menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from tocsin.office.area_page import AreaTables, OneAreaTable
from tocsin.office.directory import Directory
from tocsin.office.duplicates import Duplicates, MergePage
from tocsin.office.mail_shell import may
from tocsin.office.target_import import ImportReport, NewImport, OneImport
from tocsin.office.target_page import AddTarget, TargetPage
from tocsin.targets.models import Target


class DirectoryItem(MenuItem):
    """The entry of the menu, for those who may look."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whoever may see targets."""
        return may(request.user, "view", Target)


class DirectoryViewSet(ViewSet):
    """The pages of the directory, under one name."""

    icon = "group"
    menu_label = _("Targets")
    menu_item_class = DirectoryItem

    def get_urlpatterns(self) -> list[URLPattern]:
        """Each page."""
        return [
            path("", Directory.as_view(), name="index"),
            path("new/", AddTarget.as_view(), name="add"),
            path("edit/<int:pk>/", TargetPage.as_view(), name="edit"),
            path("import/", NewImport.as_view(), name="import"),
            path("import/<int:pk>/", OneImport.as_view(), name="import_one"),
            path("import/<int:pk>/bad-rows.csv", ImportReport.as_view(), name="import_report"),
            path("areas/", AreaTables.as_view(), name="areas"),
            path("areas/<int:pk>/", OneAreaTable.as_view(), name="area_table"),
            path("duplicates/", Duplicates.as_view(), name="duplicates"),
            path("merge/<int:one>/<int:other>/", MergePage.as_view(), name="merge"),
        ]
