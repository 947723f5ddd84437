"""The list of targets: who is found by what, and what the list asks somebody to look at."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import NOW, a_target
from tests.office.directory import a_client, text
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.post import mailbox_for
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno() -> Client:
    """Somebody who may look."""
    return a_client("view_target")


@pytest.fixture
def five() -> dict[str, Target]:
    """A target of five kinds, in different places and states."""
    found = {
        "ministry": a_target(),
        "embassy": a_target(kind="embassy", seat="FR", language="fr"),
        "company": a_target(kind="company"),
        "deputy": a_target(kind="parliament", language="de"),
        "king": a_target(kind="head_of_state"),
    }
    Target.objects.filter(pk=found["company"].pk).update(country="US", external_id="ACME-7")
    Target.objects.filter(pk=found["deputy"].pk).update(holder="Erika Mustermann")
    for name, state in (("ministry", "invalid"), ("embassy", "ok"), ("company", "full")):
        box = mailbox_for(found[name].addresses.get().address)
        Mailbox.objects.filter(pk=box.pk).update(state=state, since=NOW)
    found["king"].addresses.all().delete()
    found["king"].names.all().delete()
    today = timezone.now().date()
    for name, days in (("ministry", 10), ("embassy", 120), ("company", 200), ("deputy", 400)):
        Target.objects.filter(pk=found[name].pk).update(checked_on=today - timedelta(days=days))
        found[name].addresses.update(checked_on=today - timedelta(days=days))
    return found


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("", "ministry embassy company deputy king"),
        ("kind=company", "company"),
        ("kind=nonsense", ""),
        ("country=US", "company"),
        ("seat=FR", "embassy"),
        ("language=de", "deputy"),
        ("q=mustermann", "deputy"),
        ("q=acme", "company"),
        ("q=embassy+FR", "embassy"),
        ("q=%25", ""),
        ("q=%27%3B--", ""),
        ("q=@STATE.example", "ministry embassy company deputy"),
        ("state=invalid", "ministry"),
        ("state=full", "company"),
        ("state=ok", "embassy deputy"),
        ("state=no_address", "king"),
        ("state=no_name", "king"),
        ("unchecked=3", "embassy company deputy king"),
        ("unchecked=6", "company deputy king"),
        ("unchecked=12", "deputy king"),
        ("unchecked=never", "king"),
        ("unchecked=6&language=de", "deputy"),
        ("archived=yes", ""),
    ],
)
def test_a_target_is_found_by_what_it_is(
    bruno: Client, five: dict[str, Target], asked: str, names: str
) -> None:
    page = text(bruno.get(f"/office/targets/?{asked}"))
    found = [name for name, target in five.items() if f">{target.slug}</a>" in page]
    assert " ".join(found) == names


def test_an_address_is_known_whatever_its_domain_is_written_like(bruno: Client) -> None:
    target = a_target()
    target.addresses.update(address="a@MFA.example")
    Mailbox.objects.filter(pk=mailbox_for("a@mfa.example").pk).update(state="full", since=NOW)
    page = text(bruno.get("/office/targets/?state=full"))
    assert target.slug in page
    assert "is full: tried again later" in page


def test_the_list_says_how_many_nobody_has_looked_at(
    bruno: Client, five: dict[str, Target]
) -> None:
    page = text(bruno.get("/office/targets/"))
    assert "3 targets, or addresses of them, have not been looked at for six months." in page
    Target.objects.filter(pk=five["deputy"].pk).update(archived_on=NOW.date())
    assert "2 targets, or addresses of them," in text(bruno.get("/office/targets/"))
    Target.objects.update(checked_on=timezone.now().date())
    assert "1 target, or an address of it," in text(bruno.get("/office/targets/"))
    TargetAddress.objects.update(checked_on=timezone.now().date())
    assert "looked at for six months.</a>" not in text(bruno.get("/office/targets/"))


def test_what_is_archived_is_shown_to_whoever_asks_for_it(bruno: Client) -> None:
    target, other = a_target(), a_target(kind="company")
    Target.objects.filter(pk=target.pk).update(archived_on=NOW.date())
    assert f">{target.slug}<" not in text(bruno.get("/office/targets/"))
    assert "<td>archived</td>" in text(bruno.get("/office/targets/?archived=yes"))
    assert f">{other.slug}<" in text(bruno.get("/office/targets/?archived=all"))


def test_the_list_asks_the_database_as_often_for_thirty_rows_as_for_one(bruno: Client) -> None:
    counts = []
    for number in (1, 2, 27):
        for _each in range(number):
            target = a_target()
            TargetAddress.objects.create(target=target, address="b@mfa.example")
            mailbox_for(target.addresses.exclude(address="b@mfa.example").get().address)
        bruno.get("/office/targets/")
        with CaptureQueriesContext(connection) as asked:
            bruno.get("/office/targets/?q=ministry&state=ok&unchecked=6")
        counts.append(len(asked))
    assert counts == [counts[0]] * 3


def test_a_long_list_has_pages_that_keep_what_was_asked(bruno: Client) -> None:
    Target.objects.bulk_create(
        Target(slug=f"t-{number:03}", kind="other", country="FR", language="fr")
        for number in range(120)
    )
    page = text(bruno.get("/office/targets/?kind=other&p=3"))
    assert "t-119" in page
    assert "t-001" not in page
    assert "?kind=other&amp;p=2" in page


def test_every_kind_is_shown_to_the_public_in_words(bruno: Client) -> None:
    for kind in Target.Kind.values:
        a_target(kind=kind, seat="FR" if kind == "embassy" else "")
    page = text(bruno.get("/office/targets/"))
    assert [label for label in Target.Kind.labels if f"<td>{label}</td>" not in page] == []
