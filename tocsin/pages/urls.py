"""The public addresses beside those of Wagtail's pages."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern

from tocsin.pages import confirming, views

urlpatterns = [
    path("letter/take/<int:page_id>/", views.take, name="take"),
    path("letter/check-mail/<str:token>/", views.check_mail, name="check-mail"),
    path("letter/confirm/<str:token>/", confirming.confirm, name="confirm"),
    path("letter/refuse/<str:token>/", confirming.refuse, name="refuse"),
    path("letter/erased/", confirming.erased, name="erased"),
    path("letter/thanks/<str:token>/", confirming.thanks, name="thanks"),
    path("privacy/", views.privacy, name="privacy"),
    re_path(serve_pattern, views.read, name="wagtail_serve"),
]
