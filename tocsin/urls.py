"""The faces, mounted."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from tocsin.office.signing_in import SignIn
from tocsin.pages import found, widget
from tocsin.pages.pictures.serve import PICTURES, picture

urlpatterns: list[URLPattern | URLResolver] = [
    path("office/login/", SignIn.as_view(), name="wagtailadmin_login"),  # in place of Wagtail’s
    path("office/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("hooks/", include("tocsin.api.urls")),
    path("robots.txt", found.robots),
    path("sitemap.xml", found.sitemap),
    path(f"{PICTURES}<str:name>", picture, name="shown-picture"),
    path("embed.js", widget.script, name="embed-script"),
]
urlpatterns += i18n_patterns(
    path("", include("tocsin.pages.urls")),
    path("", include(wagtail_urls)),
)

handler400 = "tocsin.pages.errors.handler400"
handler403 = "tocsin.pages.errors.handler403"
handler404 = "tocsin.pages.errors.handler404"
handler500 = "tocsin.pages.errors.handler500"
