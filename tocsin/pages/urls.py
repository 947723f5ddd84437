"""The public addresses beside those of Wagtail's pages."""

from django.urls import path, re_path
from wagtail.urls import serve_pattern

from tocsin.pages import (
    confirming,
    found,
    look,
    oembed,
    passing_on,
    printing,
    rehearsing,
    views,
    widget,
    your_data,
    yourself,
)

urlpatterns = [
    path("letter/take/<int:page_id>/", views.take, name="take"),
    path("letter/check-mail/<str:token>/", views.check_mail, name="check-mail"),
    path("letter/confirm/<str:token>/", confirming.confirm, name="confirm"),
    path("letter/refuse/<str:token>/", confirming.refuse, name="refuse"),
    path("letter/erased/", confirming.erased, name="erased"),
    path("letter/thanks/<str:token>/", confirming.thanks, name="thanks"),
    path("letter/rehearsal/<str:token>/", rehearsing.rehearse_form, name="rehearsal"),
    path("letter/rehearsal/<str:token>/sent/", rehearsing.sent, name="rehearsal-sent"),
    path("letter/rehearsed/<str:token>/", rehearsing.confirm, name="rehearsal-confirm"),
    path("campaigns/<int:page_id>/mastodon/", passing_on.mastodon, name="mastodon"),
    path(
        "campaigns/<int:page_id>/embed/<slug:partner>/",
        widget.widget,
        name="widget",
    ),
    path(
        "campaigns/<int:page_id>/embed/<slug:partner>/check-mail/<str:token>/",
        widget.check_mail,
        name="widget-mailbox",
    ),
    path("campaigns/<int:page_id>/picture/<slug:version>.png", printing.picture, name="picture"),
    path("campaigns/<int:page_id>/poster.pdf", printing.poster, name="poster"),
    path("campaigns/<int:page_id>/code.svg", printing.code, {"kind": "svg"}, name="code-svg"),
    path("campaigns/<int:page_id>/code.png", printing.code, {"kind": "png"}, name="code-png"),
    # A page cannot have a dot in its address: none is hidden by this.
    path("campaigns.atom", found.feed, name="feed"),
    path("<slug:section>/campaigns.atom", found.feed, name="section-feed"),
    path("look/<slug:slug>/<str:version>.css", look.look, name="look"),
    path("look/partner/<slug:slug>/<str:version>.css", look.partner_look, name="partner-look"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("privacy/", views.privacy, name="privacy"),
    path("privacy/<slug:slug>/", views.privacy, name="privacy-of"),
    path("your-data/", your_data.ask, name="ask-data"),
    path("your-data/asked/", your_data.asked, name="data-asked"),
    path("your-data/erased/", your_data.erased, name="data-erased"),
    path("your-data/open/<str:token>/", your_data.show, name="your-data"),
    path("your-data/open/<str:token>/download/", your_data.download, name="data-download"),
    path("your-data/open/<str:token>/erase/", your_data.erase, name="data-erase"),
    path(
        "your-data/open/<str:token>/correct/<uuid:action_id>/",
        your_data.correct,
        name="data-correct",
    ),
    path(
        "your-data/open/<str:token>/withdraw/<uuid:action_id>/",
        your_data.withdraw,
        name="data-withdraw",
    ),
    # A campaign page has no pages below it: none is hidden by these.
    path("<path:place>/yourself/", yourself.yourself, name="yourself"),
    path("<path:place>/yourself/written/", yourself.written, name="written"),
    re_path(serve_pattern, views.read, name="wagtail_serve"),
]
