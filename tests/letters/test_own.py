"""Letters that people send themselves: to whom, in which words, and which address is shown."""

from datetime import date
from urllib.parse import unquote

import pytest

from tests.factories import a_campaign
from tocsin.actions.words import Words
from tocsin.campaigns.models import Campaign, Wording
from tocsin.letters.own import OwnLetter, own_letters
from tocsin.letters.reach import out_of_reach, states_of
from tocsin.outbox.destinations import Mailbox
from tocsin.outbox.hold import suppress
from tocsin.outbox.post import mailbox_for
from tocsin.targets.models import Target, TargetAddress

pytestmark = pytest.mark.django_db
PAGE = "https://site.example/en/families/"


def letters(
    campaign: Campaign,
    *,
    language: str = "en",
    country: str = "FR",
    words: Words | None = None,
    named: bool = True,
) -> list[OwnLetter]:
    """Those of somebody in France."""
    return own_letters(
        campaign=campaign,
        language=language,
        country=country,
        words=words or Words(),
        address=PAGE,
        named=named,
    )


def show_all() -> None:
    TargetAddress.objects.update(is_public=True)


def in_state(state: str) -> None:
    """The mailboxes of all targets are in that state."""
    for row in TargetAddress.objects.all():
        Mailbox.objects.filter(pk=mailbox_for(row.address).pk).update(state=state)


def test_there_is_a_letter_to_each_target_in_the_language_of_the_page() -> None:
    campaign = a_campaign()
    ministry, embassy = letters(campaign, language="fr")
    assert (ministry.language, embassy.language) == ("fr", "fr")
    assert ministry.text.startswith("Excellence,\n\nJe vous demande")
    assert "[Votre nom]\nFrance\n" in ministry.text
    assert "Voici la copie" in embassy.text
    assert "The Letter Table" not in ministry.text
    assert [letter.target_name for letter in letters(campaign, country="")] == ["ministry"]
    assert [letter.target_name for letter in letters(campaign, country="NO")] == ["ministry"]


def test_what_somebody_typed_stands_in_the_letter() -> None:
    words = Words(own="My aunt is silent.", body="Where is she?\n\nTell me.")
    for letter in letters(a_campaign(), words=words):
        assert "My aunt is silent." in letter.text
        assert "Where is she?\n\nTell me." in letter.text
        assert "I ask you where" not in letter.text


def test_an_address_is_shown_only_where_somebody_said_that_it_may_be() -> None:
    campaign = a_campaign()
    assert [letter.mailto for letter in letters(campaign)] == ["", ""]
    first = TargetAddress.objects.filter(target=letters(campaign)[0].target)
    first.update(is_public=True)
    ministry, embassy = letters(campaign)
    assert ministry.mailto.startswith(f"mailto:{first.get().address}?subject=Where%20are%20they")
    assert embassy.mailto == ""


def test_the_link_carries_the_letter_that_is_shown() -> None:
    show_all()
    campaign = a_campaign()
    show_all()
    for letter in letters(campaign):
        assert letter.is_whole
        body = unquote(letter.mailto.partition("&body=")[2])
        assert body == letter.text.strip().replace("\n", "\r\n")


def test_a_letter_that_is_too_long_leaves_a_few_lines_that_are_a_letter_too() -> None:
    campaign = a_campaign()
    show_all()
    Wording.objects.update(body="Where are they? " * 200)
    ministry, _embassy = letters(campaign)
    assert not ministry.is_whole
    body = unquote(ministry.mailto.partition("&body=")[2])
    assert body.startswith("Your Excellency,")
    assert f"What I ask of you stands here: {PAGE}" in body
    assert body.endswith("Yours respectfully,\r\n\r\n[Your name]\r\nFrance")
    Wording.objects.update(closing="我" * 200)
    body = unquote(letters(campaign)[0].mailto.partition("&body=")[2])
    assert "我" not in body
    assert PAGE in body


def test_nobody_is_named_where_nobody_is_to_be_and_no_address_is_there() -> None:
    campaign = a_campaign()
    show_all()
    for letter in letters(campaign, named=False):
        assert letter.mailto == ""
        assert "[Your name]" not in letter.text
        assert letter.text.endswith("A supporter in France\n")
    (ministry,) = letters(campaign, country="", named=False)
    assert ministry.text.endswith("Yours respectfully,\n")


@pytest.mark.parametrize(
    ("state", "offered", "refuses"),
    [("ok", True, False), ("full", True, False), ("refusing", True, True), ("invalid", False, 0)],
)
def test_an_address_that_does_not_exist_is_not_offered(
    state: str, *, offered: bool, refuses: bool
) -> None:
    campaign = a_campaign()
    show_all()
    in_state(state)
    for letter in letters(campaign):
        assert (bool(letter.mailto), letter.refuses) == (offered, refuses)


def test_an_address_that_was_withdrawn_is_not_offered_and_another_is() -> None:
    campaign = a_campaign()
    show_all()
    target = Target.objects.filter(kind="ministry").get()
    suppress(target.addresses.get().address.upper(), reason="asked", today=date(2026, 3, 10))
    assert letters(campaign)[0].mailto == ""
    TargetAddress.objects.create(target=target, address="desk@state.example", is_public=True)
    assert letters(campaign)[0].mailto.startswith("mailto:desk@state.example?")


def test_of_two_addresses_the_one_that_takes_mail_is_offered() -> None:
    campaign = a_campaign()
    in_state("refusing")
    target = Target.objects.filter(kind="ministry").get()
    TargetAddress.objects.create(target=target, address="desk@state.example")
    show_all()
    ministry = letters(campaign)[0]
    assert ministry.mailto.startswith("mailto:desk@state.example?")
    assert not ministry.refuses


def test_who_is_out_of_reach_is_known_by_the_mailbox() -> None:
    a_campaign()
    targets = list(Target.objects.order_by("pk"))
    assert out_of_reach(targets) == []
    in_state("full")
    assert out_of_reach(targets) == []
    for state in ("refusing", "invalid"):
        in_state(state)
        assert out_of_reach(targets) == targets
    in_state("ok")
    address = targets[1].addresses.get().address
    suppress(address, reason="asked", today=date(2026, 3, 10))
    assert out_of_reach(targets) == targets[1:]
    assert states_of([address]) == {address: "withdrawn"}
    TargetAddress.objects.all().delete()
    assert out_of_reach(list(Target.objects.all())) == []
