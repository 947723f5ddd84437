"""Every screen of our own in the office, with something on it, as who runs the server sees it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import a_campaign_page, a_draft, a_target, a_tested_draft, an_area
from tests.office.desk import Outbox, an_outbox, chiara
from tests.office.test_foreigners import choices
from tests.office.two_sections import Place, Section, places, two_sections
from tests.targets.files import as_csv, good
from tocsin.campaigns.models import Campaign
from tocsin.office.door import NOUNS, OPEN
from tocsin.office.page import database_now
from tocsin.outbox.alarm import raise_incident
from tocsin.outcomes.days import Known, add_days
from tocsin.outcomes.exports import Export
from tocsin.outcomes.models import Tally
from tocsin.outcomes.paper import Sheet, enter_sheets
from tocsin.stations import run_station
from tocsin.targets.importing.models import TargetImport
from tocsin.targets.models import Target

LONG = "longest-short-name-that-somebody-gave-to-a-ministry-of-foreign-affairs-somewhere"
ACTS = ("open", "won")
WAGTAILS = ("wagtailadmin_home", "wagtailadmin_account")
NO_PAGES = ("mail_now", "guide_letters", "import_report", "delete", "history", "usage")
"""Of our own lists: a fragment, what leads on, a file, what nobody may, what is Wagtail’s alone."""


@dataclass(frozen=True)
class Office:
    """What there is to look at."""

    section: Section
    outbox: Outbox
    keys: dict[str, list[Any]]
    """For the name of a screen the keys of the rows that it is shown with."""


def a_full_office() -> Office:
    """One organisation at work: campaigns on their way, held mail, imports, exports."""
    outbox = an_outbox()
    [section] = two_sections("lumiere")
    begun = a_draft(organisation=section.organisation)
    ready = a_tested_draft()
    a_campaign_page(begun, language="en")
    for language in ("fr", "en"):
        a_campaign_page(ready, language=language)
    campaigns = [section.campaign, begun, ready]
    _what_happened(section.campaign)
    one, other = _two_alike()
    mail = ("mailbox", "domain", "route", "ours", "message", "mailing", "schedule", "wording")
    keys = {name: [getattr(outbox, name).pk] for name in mail}
    guide = [each.pk for each in campaigns]
    return Office(
        section,
        outbox,
        {
            **{f"mail_{name}": keys[name] for name in ("mailbox", "domain", "route", "ours")},
            **{f"mail_{name}": keys[name] for name in ("message", "mailing", "wording")},
            "mail_recall": keys["mailing"],
            "mail_voice": keys["schedule"],
            "mail_incident": [],
            "guide": guide[:2],
            **dict.fromkeys(("guide_ways", "guide_languages", "guide_letter"), guide[1:2]),
            "guide_targets": guide[1:2],
            "guide_act": guide[2:],
            "edit": [one.pk],
            "merge": [one.pk, other.pk],
            "import_one": _imports(),
            "area_table": [an_area().table_id],
        },
    )


def _what_happened(campaign: Campaign) -> None:
    """People took part, signed on paper; tables were taken out."""
    now = database_now()
    days = [(now - timedelta(days=ago)).date() for ago in range(12)]
    countries = (("FR", 40), ("KZ", 15), ("DE", 3))
    sums = {
        Known(campaign.pk, day, country, "fr", "open", 1): number
        for day in days
        for country, number in countries
    }
    add_days(Counter(sums))
    Tally.objects.update_or_create(campaign=campaign, defaults={"confirmed": sum(sums.values())})
    sheets = [Sheet(days[0], "Lyon, place Bellecour", 12), Sheet(days[1], "Marseille", 30)]
    enter_sheets(campaign=campaign, sheets=sheets, who="chiara", now=now)
    Export.objects.create(
        what="actions", form="csv", campaign=campaign, who="chiara", began=now, seen=now
    )
    raise_incident("silence", about="", words="", now=now)


def _two_alike() -> tuple[Target, Target]:
    """Two entries that may be one, with names as long as they can be."""
    one, other = a_target(), a_target()
    Target.objects.filter(pk=one.pk).update(slug=LONG)
    one.addresses.update(address=f"{LONG[:60]}@a-very-long-name-of-a-domain.state.example")
    one.refresh_from_db()
    return one, other


def _imports() -> list[int]:
    """Of three files: one whose columns are to be named, one that is checked, one that is done."""
    client = chiara()
    for name in ("new.csv", "checked.csv", "done.csv"):
        rows = [good(1), good(2)] + ([["bad row", *good(3)[1:]]] if name != "done.csv" else [])
        file = SimpleUploadedFile(name, as_csv(rows, delimiter=";"))
        answer: Any = client.post("/office/targets/import/", {"file": file}, follow=True)
        form, pk = answer.context["form"], TargetImport.objects.latest("pk").pk
        url = f"/office/targets/import/{pk}/"
        if name != "new.csv":
            asked = {
                each: form.get_initial_for_field(form.fields[each], each) for each in form.fields
            }
            client.post(url, {each: value or "" for each, value in asked.items()} | {"do": "check"})
            run_station("import_targets")
        if name == "done.csv":
            client.post(url, {"do": "run", "which": "all"})
            run_station("import_targets")
    return list(TargetImport.objects.order_by("pk").values_list("pk", flat=True))


def screens(office: Office) -> Iterator[str]:
    """The address of every screen of our own, and of Wagtail's where our forms are in them."""
    section = office.section
    known = choices(section, Place("", "", "", ()))
    for place in places():
        own = place.space in {*NOUNS, "targets"} or (
            not place.space and place.name in OPEN[""] and not place.name.startswith("wagtail")
        )
        if not (own or place.full_name in WAGTAILS) or place.name in NO_PAGES:
            continue
        yield from _shown_with(office, place, known)
    yield f"/office/pages/{section.page.pk}/edit/"
    yield f"/office/pages/{section.section.pk}/"


def _shown_with(office: Office, place: Place, known: dict[str, list[Any]]) -> Iterator[str]:
    filled = {**known, "act": list(ACTS), "slug": [office.section.campaign.slug]}
    filled["pk"] = choices(office.section, place)["pk"][:1] if "pk" in place.names else []
    if place.name in office.keys and (place.name != "edit" or place.space == "targets"):
        filled["pk"] = office.keys[place.name]
    if place.name == "merge":
        filled["one"], filled["other"] = ([key] for key in office.keys["merge"])
    yield from place.filled(filled)


def opened(client: Client, office: Office) -> Iterator[tuple[str, str]]:
    """Each screen that is one, with its source; what leads on or only takes a form is none."""
    for url in screens(office):
        answer: Any = client.get(url)
        assert answer.status_code in (200, 302, 405), f"{url}: {answer.status_code}"
        source = answer.getvalue().decode()
        if answer.status_code == 200 and "<html" in source:
            yield url, source
