"""The example in every state: by real verbs, seen in the office and on the home page, unsent."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.demo.example import EXAMPLE
from tests.office.desk import chiara, text_of
from tests.readers.cast import let_read
from tocsin.campaigns.checklist import missing_in
from tocsin.campaigns.models import Campaign
from tocsin.demo.sample import load_example, page_urls, read
from tocsin.demo.states import load_states
from tocsin.outbox.audit import CHECKS, find_broken, find_orphans
from tocsin.outbox.claim import may_go_now
from tocsin.outbox.lanes import ROUTES
from tocsin.outbox.models import Message
from tocsin.pages import preparing
from tocsin.targets.models import TargetAddress

pytestmark = pytest.mark.django_db

STATES = {
    "night-bus": "draft",
    "school-meals": "draft",
    "letter-for-release": "draft",
    "clean-water": "open",
    "open-library": "paused",
    "old-trees": "closed",
    "crossing": "won",
    "village-doctor": "archived",
}


def test_it_shows_every_state_and_nothing_of_it_is_free_to_go() -> None:
    example = load_example()
    let_read(example.organisation.slug)
    now = timezone.now()
    assert load_states(example.organisation, now=now) == len(STATES)
    assert load_states(example.organisation, now=now) == 0  # twice is once
    found = Campaign.objects.exclude(pk=example.pk)
    assert dict(found.values_list("slug", "state")) == STATES

    # Unsent, and sound.
    assert not Message.objects.filter(state__in=("ready", "leased", "sending")).exists()
    assert not any(may_go_now(route=route, now=now) for route in ROUTES)
    assert (find_broken(CHECKS), find_orphans()) == ((), ())
    states = set(Message.objects.filter(lane="letter").values_list("state", flat=True))
    assert states == {"held", "sent", "bounced"}
    reasons = set(Message.objects.filter(state="held").values_list("reason", flat=True))
    assert reasons == {"by_hand", "paused", "mailbox_invalid"}

    # Drafts: one lacks something, one opens by itself, one is there to be copied.
    drafts = {each.slug: each for each in found.filter(state="draft")}
    lacks = {name: missing_in(preparing.all_points(each, now=now)) for name, each in drafts.items()}
    assert "letter" in lacks["night-bus"]
    assert lacks["school-meals"] == ()
    assert drafts["school-meals"].opens_at
    assert drafts["letter-for-release"].is_template

    # What a campaigner sees.
    client = chiara()
    board = client.get("/office/board/").content.decode()
    assert all(f"/office/board/{slug}/" in board for slug in STATES)
    assert "<dt>have confirmed</dt><dd>14</dd>" in board
    waiting = text_of(client.get("/office/waiting/"))
    for words in ("550 5.1.1 no such user here", "A mailing is paused. clean-water"):
        assert words in waiting

    # What a visitor sees.
    home = text_of(Client().get("/en/"))
    for given in read("states")["campaigns"]:
        is_seen = STATES[given["slug"]] != "draft"
        assert (given["en"]["title"] in home) == is_seen, given["slug"]
    assert "The crossing is there, with a light." in home
    assert page_urls()["en"].endswith("/en/without-news/")


def test_without_readers_nothing_at_all_is_loaded(tmp_path: Path, settings: LazySettings) -> None:
    settings.KEYS_DIR = tmp_path
    with pytest.raises(CommandError, match="--states needs readers"):
        call_command("sample", "--states")
    assert not Campaign.objects.exists()


def test_no_letter_can_reach_a_real_mailbox_and_both_languages_say_the_same() -> None:
    text = (EXAMPLE / "states.toml").read_text(encoding="utf-8")
    hosts = re.findall(r"@([\w.-]+)", text)
    assert hosts
    assert all(host.endswith(".example") for host in hosts)
    for given in read("states")["campaigns"]:
        assert set(given["fr"]) == set(given["en"])
        assert all(given["fr"][name] != given["en"][name] for name in given["fr"])
    assert not TargetAddress.objects.exists()
