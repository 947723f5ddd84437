"""A test run of a draft: everything comes to the tester, nothing counts, nobody else is reached."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from tests.eml import link_in, name_in, text_of
from tests.factories import NOW, a_campaign, a_campaign_page, a_draft, a_tested_draft
from tests.mail import mail_of, mails_to
from tests.pages.filling import FORM, body_of, everything_kept, filled
from tests.pages.reading import Answer, Sheet
from tocsin.actions.words import Words
from tocsin.campaigns.checklist import is_tested
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.opening import open_campaign
from tocsin.campaigns.rehearsal import (
    Rehearsal,
    RehearsalMail,
    forget_rehearsals_due,
    letters_were_seen,
)
from tocsin.kit.addresses import read_address
from tocsin.kit.tokens import make_sealed_token, make_token
from tocsin.letters.rehearse import (
    LIFETIME,
    MOST,
    NotATest,
    OfATarget,
    Rehearsed,
    rehearsal_link,
    rehearse,
)
from tocsin.letters.write import write_due
from tocsin.outbox.models import Message
from tocsin.outbox.post import mailbox_for, read_envelope
from tocsin.outcomes.audit import audit
from tocsin.outcomes.tally import tally_due
from tocsin.pages.models import CampaignPage
from tocsin.supporters.person import Person
from tocsin.targets.models import TargetAddress

pytestmark = pytest.mark.django_db

CHIARA = read_address("chiara@office.example")
COUNTED = (
    *("Action", "Supporter", "Consent", "Confirmation", "SealedRecord", "Letter", "Tally"),
    *("SourceCount", "SaidCount", "MailGuard", "Mailbox", "MailDomain", "CollectiveLetter"),
)
"""The rows of everything that counts, seals, tells of or writes to anybody."""


@pytest.fixture
def draft_page() -> CampaignPage:
    """The French page of a draft, published or not."""
    return a_campaign_page(a_draft(ways=("open", "shielded", "lent")))


def stage(page: CampaignPage, **changes: Any) -> str:
    """The address that the office leads Chiara to."""
    now = timezone.now()
    given: dict[str, Any] = {
        "campaign": page.campaign,
        "page_id": page.pk,
        "tester": CHIARA,
        "now": now,
    }
    token = rehearsal_link(**{**given, **changes})
    return f"/{page.language}/letter/rehearsal/{token}/"


def fill(page: CampaignPage, url: str, **changes: str) -> Answer:
    """Send the form that stands there."""
    return Client().post(url, body_of(filled(page, **changes)), content_type=FORM)


def run(page: CampaignPage, **changes: str) -> Answer:
    """The whole test run; returns the page that thanks."""
    assert fill(page, stage(page), **changes).status_code == 303
    return press(link_of_confirmation())


def press(link: str) -> Answer:
    """Press the button behind the link of a confirmation."""
    return Client().post(link, b"", content_type=FORM)


def link_of_confirmation() -> str:
    """The path in the newest confirmation."""
    newest = RehearsalMail.objects.filter(is_letter=False).latest("pk")
    return link_in(mail_of(newest.message)).removeprefix("http://localhost")


def test_the_tester_sees_the_page_as_it_will_be_with_a_banner(draft_page: CampaignPage) -> None:
    url = stage(draft_page)
    answer = Client().get(url)
    sheet = Sheet(answer)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert "Test run." in sheet.text() or "Essai." in sheet.text()
    assert sheet.value("email") == CHIARA.text
    assert f'action="{url}#form"' in sheet.source
    assert "noindex" in sheet.source
    assert "letter/take" not in sheet.source
    assert "/poster.pdf" not in sheet.source


def test_the_newest_version_is_shown_and_not_the_published_one(draft_page: CampaignPage) -> None:
    draft_page.lead = "Not published yet."
    draft_page.save_revision()
    assert "Not published yet." in Client().get(stage(draft_page)).content.decode()


def test_the_real_mails_and_letters_come_to_the_tester_alone(draft_page: CampaignPage) -> None:
    thanks = run(draft_page, email="somebody.else@mail.example")
    assert thanks.status_code == 200
    assert "Test run." in Sheet(thanks).text() or "Essai." in Sheet(thanks).text()
    assert {read_envelope(m).recipient for m in Message.objects.all()} == {CHIARA.text}
    lanes = {(each.lane, each.mailbox, each.domain) for each in Message.objects.all()}
    assert lanes == {("staff", None, None)}
    letters = [
        mail
        for mail in mails_to(CHIARA.text)
        if mail["Subject"] in ("Where are they?", "Où sont-ils ?")
    ]
    assert sorted(name_in(mail, "To") for mail in letters) == ["embassy FR", "ministry"]
    for mail in letters:
        assert CHIARA.text in str(mail["To"])
        assert str(mail["Reply-To"]) == f"Amina Yusuf <{CHIARA.text}>"
        assert "My aunt does not answer any more." in text_of(mail)
        assert "somebody.else" not in mail.as_string()


def test_a_shielded_test_letter_names_nobody_and_does_not_wait(draft_page: CampaignPage) -> None:
    run(draft_page, way="shielded", own="", send=send_of(draft_page, "shielded"))
    letters = [m for m in mails_to(CHIARA.text) if not m["Auto-Submitted"]]
    assert len(letters) == 2
    assert all("Amina" not in mail.as_string() and not mail["Reply-To"] for mail in letters)
    assert max(Message.objects.values_list("due_at", flat=True)) <= timezone.now()


def hand_over() -> None:
    """Everything in the outbox takes the way that a worker takes with it."""
    waiting = Message.objects.filter(state="ready")
    ids = list(waiting.values_list("pk", flat=True))
    waiting.update(state="leased", lease_owner=1)
    mine = Message.objects.filter(pk__in=ids)
    mine.update(state="sending")
    mine.update(state="sent", lease_owner=None)


def send_of(page: CampaignPage, way: str) -> str:
    """The answer that permits that way."""
    purpose = {"shielded": "send_shielded", "lent": "send_lent"}[way]
    return str(page.campaign.consents.get(purpose=purpose, language=page.language).pk)


@pytest.mark.parametrize("way", ["open", "shielded", "lent"])
def test_nothing_of_it_counts_is_sealed_or_found(draft_page: CampaignPage, way: str) -> None:
    before = everything_kept()
    more = {} if way == "open" else {"way": way, "own": "", "send": send_of(draft_page, way)}
    assert run(draft_page, source="poster", **more).status_code == 200
    write_due(now=timezone.now())
    tally_due(now=timezone.now())
    after = everything_kept()
    assert [name for name in COUNTED if after[name] != before[name]] == []
    found = audit()
    assert found.holds
    assert (found.letters, found.confirmed) == (0, 0)


def test_what_was_typed_is_nowhere_in_clear(draft_page: CampaignPage) -> None:
    run(draft_page)
    kept = repr(everything_kept())
    for secret in ("Yusuf", "aunt does not", CHIARA.text, "chiara@"):
        assert secret not in kept


def test_the_form_is_checked_as_the_real_one_is(draft_page: CampaignPage) -> None:
    answer = fill(draft_page, stage(draft_page), country="", send="")
    assert answer.status_code == 422
    assert fill(draft_page, stage(draft_page), issued="forged").status_code == 422
    assert not Rehearsal.objects.exists()


def test_pressed_twice_the_letters_come_once(draft_page: CampaignPage) -> None:
    run(draft_page)
    number = Message.objects.count()
    again = press(link_of_confirmation())
    assert again.status_code == 200
    assert Message.objects.count() == number


def test_looking_at_the_confirmation_sends_nothing(draft_page: CampaignPage) -> None:
    fill(draft_page, stage(draft_page))
    shown = Client().get(link_of_confirmation())
    assert shown.status_code == 200
    assert Message.objects.count() == 1


@pytest.mark.parametrize("address", ["ministry@state.example", "MINISTRY@State.example"])
def test_no_test_run_is_made_for_the_address_of_a_target(
    draft_page: CampaignPage, address: str
) -> None:
    TargetAddress.objects.filter(target__kind="ministry").update(address="ministry@state.example")
    with pytest.raises(OfATarget):
        stage(draft_page, tester=read_address(address))
    mailbox_for("old@state.example")
    with pytest.raises(OfATarget):
        stage(draft_page, tester=read_address("old@state.example"))


def test_an_address_that_becomes_a_targets_meanwhile_gets_no_letter(
    draft_page: CampaignPage,
) -> None:
    url = stage(draft_page)
    fill(draft_page, url)
    link = link_of_confirmation()
    TargetAddress.objects.filter(target__kind="ministry").update(address=CHIARA.text)
    assert press(link).status_code == 410
    assert fill(draft_page, url).status_code == 410
    assert Message.objects.count() == 1


def test_no_link_of_another_kind_age_or_campaign_opens_a_test_run(
    draft_page: CampaignPage,
) -> None:
    now = timezone.now()
    other = a_campaign_page(a_draft())
    values = [draft_page.campaign.pk, draft_page.pk, "mallory@mail.example"]
    real = stage(draft_page).split("/")[-2]
    tokens = {
        "cut": real[:-4],
        "another purpose": make_sealed_token(purpose="check", values=values, now=now),
        "signed only": make_token(purpose="rehearse", subject="1", now=now),
        "old": stage(draft_page, now=now - LIFETIME - timedelta(minutes=1)).split("/")[-2],
        "page of another": stage(draft_page, page_id=other.pk).split("/")[-2],
        "made up": "x" * 80,
    }
    for name, token in tokens.items():
        url = f"/fr/letter/rehearsal/{token}/"
        assert Client().get(url).status_code == 404, name
        assert fill(draft_page, url).status_code == 404, name
        assert Client().get(f"{url}sent/").status_code == 404, name
        assert press(f"/fr/letter/rehearsed/{token}/").status_code in (404, 410), name
    assert not Message.objects.exists()


def test_a_visitor_of_an_open_campaign_is_never_in_a_test_run() -> None:
    page = a_campaign_page(a_campaign())
    url = stage(page)
    assert Client().get(url).status_code == 404
    assert fill(page, url).status_code == 404
    assert not Rehearsal.objects.exists()


def test_a_form_that_comes_in_while_the_campaign_opens_is_no_test_run() -> None:
    campaign = a_campaign()
    person = Person(given="Chiara", family="", address=CHIARA)
    typed = Rehearsed(person=person, words=Words(), country="FR", way="open", variant=1)
    with pytest.raises(NotATest):
        rehearse(campaign=campaign, typed=typed, language="fr", now=NOW)
    assert not Message.objects.exists()


def test_with_the_opening_every_test_run_is_over(draft_page: CampaignPage) -> None:
    campaign = draft_page.campaign
    url = stage(draft_page)
    fill(draft_page, url)
    waiting = link_of_confirmation()
    run(draft_page)
    campaign.tested_at = NOW
    campaign.tested_mark = Rehearsal.objects.exclude(mark="").get().mark
    campaign.save()
    open_campaign(campaign, now=timezone.now())
    assert not Rehearsal.objects.exists()
    assert not Message.objects.exists()
    for answer in (Client().get(url), fill(draft_page, url), press(waiting)):
        assert answer.status_code in (404, 410)
    assert not Message.objects.exists()


def test_after_a_day_it_is_erased(draft_page: CampaignPage) -> None:
    run(draft_page)
    now = timezone.now()
    assert forget_rehearsals_due(now=now + timedelta(hours=22)) == 0
    assert forget_rehearsals_due(now=now + timedelta(hours=25)) == 1
    assert not Message.objects.exists()
    assert press("/fr/letter/rehearsed/gone/").status_code == 404


def test_the_letters_count_as_seen_once_one_was_handed_over(draft_page: CampaignPage) -> None:
    campaign = draft_page.campaign
    assert not letters_were_seen(campaign, now=NOW)
    fill(draft_page, stage(draft_page))
    hand_over()
    assert not letters_were_seen(campaign, now=NOW)
    press(link_of_confirmation())
    assert not letters_were_seen(campaign, now=NOW)
    hand_over()
    assert letters_were_seen(campaign, now=NOW)
    assert is_tested(Campaign.objects.get())


def test_letters_of_before_a_change_are_not_those_of_now(draft_page: CampaignPage) -> None:
    run(draft_page)
    hand_over()
    draft_page.campaign.wordings.update(subject="Another one")
    assert letters_were_seen(draft_page.campaign, now=NOW)
    assert not is_tested(Campaign.objects.get())


def test_a_lent_voice_has_no_letter_and_its_confirmation_is_enough() -> None:
    page = a_campaign_page(a_draft(ways=("lent",)))
    run(page, way="lent", send=send_of(page, "lent"))
    hand_over()
    assert letters_were_seen(page.campaign, now=NOW)


def test_nobody_fills_a_mailbox_with_test_runs(draft_page: CampaignPage) -> None:
    url = stage(draft_page)
    for _ in range(MOST):
        assert fill(draft_page, url).status_code == 303
    assert fill(draft_page, url).status_code == 410
    assert Message.objects.count() == MOST


def test_the_page_of_a_draft_is_public_nowhere() -> None:
    page = a_campaign_page(a_tested_draft())
    page.save_revision().publish()
    with translation.override("fr"):
        paths = [page.url, f"{page.url}yourself/", "/fr/", "/fr/campaigns.atom", "/sitemap.xml"]
    paths += [f"/fr/campaigns/{page.pk}/{name}" for name in ("poster.pdf", "code.svg", "mastodon/")]
    for path in paths:
        answer = Client().get(path)
        assert page.title not in answer.content.decode(), path
    assert Client().get(page.url).status_code == 404
    assert Client().get(f"{page.url}yourself/").status_code == 404
    body = body_of(filled(page))
    assert Client().post(f"/fr/letter/take/{page.pk}/", body, content_type=FORM).status_code == 404
    open_campaign(page.campaign, now=timezone.now())
    assert Client().get(page.url).status_code == 200
