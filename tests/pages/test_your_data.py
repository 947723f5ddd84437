"""Your data: the owner of an address sees, corrects and erases; a stranger learns nothing."""

import json
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.eml import link_in, text_of
from tests.factories import AMINA, BRUNO, MALLORY
from tests.mail import mails_to
from tests.pages.filling import FORM, body_of, everything_kept
from tests.pages.reading import Sheet
from tests.privacy.amina import letters_are, took_part, wrote
from tests.privacy.canaries import WORDS, traces_of_amina
from tocsin.actions.guard import DAYS, MAILS, may_mail
from tocsin.actions.links import make_check_link
from tocsin.actions.models import Action
from tocsin.kit.addresses import Address, read_address
from tocsin.organisations.models import Organisation
from tocsin.outbox.hold import suppress
from tocsin.outcomes.audit import audit
from tocsin.outcomes.tally import confirmed
from tocsin.pages.models import CampaignPage
from tocsin.privacy.links import DATA_LIFETIME, make_data_token
from tocsin.supporters.models import Consent

FRESH = "nobody@mail.example"


def post(url: str, **fields: str) -> HttpResponse:
    """Send a form, as a browser without JavaScript does."""
    answer = Client().post(url, body_of(fields), content_type=FORM)
    assert isinstance(answer, HttpResponse)
    return answer


def ask(address: str) -> HttpResponse:
    """Type an address on the page in French."""
    return post("/fr/your-data/", email=address)


def opened(
    address: Address = AMINA.address, step: str = "", *, age: timedelta = timedelta()
) -> str:
    """The page behind the link in the mail, or one of its buttons."""
    token = make_data_token(address, now=timezone.now() - age)
    return f"/fr/your-data/open/{token}/{step}"


@pytest.fixture
def action(french: CampaignPage) -> Action:
    """Amina wrote today, and wanted news."""
    return wrote(french.campaign, now=timezone.now())


@pytest.fixture
def pending(french: CampaignPage) -> Action:
    """Amina has not confirmed yet."""
    return took_part(french.campaign, now=timezone.now())


def test_amina_sees_takes_and_erases_what_is_kept(french: CampaignPage, action: Action) -> None:
    answer = ask(AMINA.address.text)
    assert (answer.status_code, answer["Location"]) == (303, "/fr/your-data/asked/")
    (mail,) = [m for m in mails_to(AMINA.address.text) if "/your-data/" in link_in(m)]
    url = urlsplit(link_in(mail)).path
    page = Sheet(Client().get(url))
    for words in ("Amina", "Yusuf", WORDS.own, WORDS.body, french.title, "ministry", "attend ici"):
        assert words in page.text()
    kept = json.loads(Client().get(f"{url}download/").content)
    assert kept["address"] == AMINA.address.text
    assert kept["actions"][0]["own"] == WORDS.own
    before = confirmed(french.campaign)
    assert post(f"{url}erase/")["Location"] == "/fr/your-data/erased/?record=1"
    assert traces_of_amina() == []
    assert confirmed(french.campaign) == before == 1
    assert audit().holds
    assert "Personne n’a participé" in Sheet(Client().get(url)).text()


def test_opening_anything_changes_nothing(pending: Action) -> None:
    before = everything_kept()
    for step in ("", "download/", "erase/", f"correct/{pending.pk}/"):
        for method in ("get", "head"):
            answer = getattr(Client(), method)(opened(step=step))
            assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
            assert answer["Referrer-Policy"] == "no-referrer"
            assert not answer.cookies
    assert everything_kept() == before


def test_the_download_is_a_file_for_programs(action: Action) -> None:
    answer = Client().get(opened(step="download/"))
    assert answer["Content-Disposition"] == 'attachment; filename="your-data.json"'
    assert answer["Content-Type"].startswith("application/json")
    (kept,) = json.loads(answer.content)["actions"]
    assert [each["given"] for each in kept["consents"]] == [True, True]
    assert len(kept["letters"]) == 2


def test_the_name_is_corrected_and_the_page_says_so(pending: Action) -> None:
    url = opened(step=f"correct/{pending.pk}/")
    assert Sheet(Client().get(url)).value("given") == "Amina"
    answer = post(url, given="Amīna", family="")
    assert answer.status_code == 303
    sheet = Sheet(Client().get(answer["Location"]))
    assert "Le nom est corrigé." in sheet.text()
    assert "Amīna" in sheet.text()
    assert "Yusuf" not in sheet.text()


def test_a_name_that_cannot_be_is_shown_again_with_what_to_do(pending: Action) -> None:
    answer = post(opened(step=f"correct/{pending.pk}/"), given="", family="=1+1")
    sheet = Sheet(answer)
    assert answer.status_code == 422
    assert not sheet.dead_anchors()
    assert sheet.value("family") == "=1+1"
    assert 'role="alert"' in sheet.source


def test_a_name_under_written_letters_is_said_to_be_too_late(action: Action) -> None:
    url = opened(step=f"correct/{action.pk}/")
    assert f"correct/{action.pk}" not in Client().get(opened()).content.decode()
    for answer in (Client().get(url), post(url, given="A", family="")):
        assert answer.status_code == 303
        assert "ne peut plus être corrigé" in Sheet(Client().get(answer["Location"])).text()


def test_news_are_taken_back_in_one_click(action: Action) -> None:
    assert f"withdraw/{action.pk}/" in Client().get(opened()).content.decode()
    answer = post(opened(step=f"withdraw/{action.pk}/"))
    sheet = Sheet(Client().get(answer["Location"]))
    assert "Votre accord est repris" in sheet.text()
    assert f"withdraw/{action.pk}/" not in sheet.source
    news = Consent.objects.filter(wording__purpose="news")
    assert list(news.values_list("given", flat=True)) == [True, False]


def test_what_cannot_be_called_back_is_said_before_it_is_erased(
    french: CampaignPage, action: Action
) -> None:
    assert "2 lettres qui attendent" in Sheet(Client().get(opened(step="erase/"))).text()
    letters_are(action, "sending")
    assert "2 lettres ont été remises" in Sheet(Client().get(opened(step="erase/"))).text()


SEALED = "Une fiche scellée dans d’anciennes sauvegardes de la base de données"


def test_that_a_sealed_record_may_be_elsewhere_is_said_to_whom_it_is_about(
    action: Action,
) -> None:
    assert SEALED in Sheet(Client().get(opened(step="erase/"))).text()
    answer = post(opened(step="erase/"))
    assert SEALED in Sheet(Client().get(answer["Location"])).text()


def test_who_has_no_sealed_record_is_not_told_of_one(pending: Action) -> None:
    assert SEALED not in Sheet(Client().get(opened(step="erase/"))).text()
    answer = post(opened(step="erase/"))
    assert answer["Location"] == "/fr/your-data/erased/"
    assert SEALED not in Sheet(Client().get(answer["Location"])).text()


@pytest.mark.parametrize(("way", "named"), [("open", True), ("shielded", False), ("lent", False)])
def test_no_names_are_said_to_be_in_the_record_of_who_gave_none(
    action: Action,
    way: str,
    named: bool,  # noqa: FBT001
) -> None:
    Action.objects.update(way=way)
    page = Sheet(Client().get(opened())).text()
    assert ("Noms, adresse courriel, pays" in page) is named
    assert ("Adresse courriel, pays" in page) is not named


def test_a_link_is_used_as_often_as_one_likes_and_in_two_tabs(
    pending: Action, french: CampaignPage
) -> None:
    first, second = opened(), opened()
    assert post(f"{first}withdraw/{pending.pk}/").status_code == 303
    assert post(f"{second}withdraw/{pending.pk}/").status_code == 303
    assert Consent.objects.filter(wording__purpose="news").count() == 2
    assert post(f"{first}erase/").status_code == 303
    after = everything_kept()
    assert post(f"{second}erase/").status_code == 303
    assert post(f"{second}withdraw/{pending.pk}/").status_code == 410
    assert post(f"{second}correct/{pending.pk}/", given="A", family="").status_code == 410
    assert Client().get(f"{second}correct/{pending.pk}/").status_code == 410
    assert everything_kept() == after


def test_a_link_opens_nothing_of_anybody_else(action: Action) -> None:
    before = everything_kept()
    for step in (f"correct/{action.pk}/", f"withdraw/{action.pk}/", f"withdraw/{uuid4()}/"):
        assert post(opened(BRUNO.address, step), given="B", family="").status_code == 410
    assert "Amina" not in Sheet(Client().get(opened(BRUNO.address))).text()
    assert everything_kept() == before


STEPS = ("", "download/", "erase/", f"correct/{uuid4()}/", f"withdraw/{uuid4()}/")


@pytest.mark.parametrize("step", STEPS)
def test_an_expired_link_opens_nothing(action: Action, step: str) -> None:
    before = everything_kept()
    url = opened(step=step, age=DATA_LIFETIME + timedelta(seconds=2))
    for answer in (Client().get(url), post(url)):
        assert answer.status_code in {405, 410}
        assert answer["Cache-Control"] == "no-store"
    assert everything_kept() == before


@pytest.mark.parametrize("step", STEPS)
def test_a_link_that_is_not_ours_opens_nothing(
    french: CampaignPage, action: Action, step: str
) -> None:
    good = make_data_token(AMINA.address, now=timezone.now())
    other = make_check_link(campaign_page_id=french.pk, address=AMINA.address, now=timezone.now())
    middle = len(good) // 2
    flipped = good[:middle] + ("A" if good[middle] != "A" else "B") + good[middle + 1 :]
    before = everything_kept()
    for token in (good[:-1], good[1:], flipped, other, "x", "%00", "é", "a" * 3000):
        url = f"/fr/your-data/open/{token}/{step}"
        for answer in (Client().get(url), post(url)):
            assert answer.status_code in {404, 405}, token
    assert everything_kept() == before


def test_the_address_cannot_be_read_in_the_link() -> None:
    token = make_data_token(AMINA.address, now=timezone.now())
    assert "amina" not in token.lower()
    assert token != make_data_token(AMINA.address, now=timezone.now())


# A stranger


def answer_and_queries(address: str) -> tuple[int, str, int]:
    """What a stranger can see: status, where it leads, how much was done."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask(address)
    return answer.status_code, answer["Location"], len(queries)


def test_a_stranger_sees_the_same_for_every_address(french: CampaignPage, action: Action) -> None:
    took_part(french.campaign, person=BRUNO, now=timezone.now())
    suppress(MALLORY.address.text, reason="asked", today=timezone.now().date())
    seen = {
        "known": answer_and_queries(AMINA.address.text),
        "waits for a confirmation": answer_and_queries(BRUNO.address.text),
        "never written to": answer_and_queries(MALLORY.address.text),
        "unknown": answer_and_queries(FRESH),
        "known, again": answer_and_queries(AMINA.address.text),
        "has had its mails": answer_and_queries(AMINA.address.text),
        "unknown, again": answer_and_queries(FRESH),
        "unknown, has had its mails": answer_and_queries(FRESH),
    }
    assert len(set(seen.values())) == 1, seen
    assert len(mails_to(FRESH)) == MAILS


def test_an_address_that_cannot_be_is_told_so_whatever_is_kept(action: Action) -> None:
    before = everything_kept()
    for typed in ("", "amina", "amina@", "@mail.example", "amina@mail.example\r\nBcc: x@y.example"):
        answer = ask(typed)
        sheet = Sheet(answer)
        assert answer.status_code == 422
        assert not sheet.dead_anchors()
        assert 'role="alert"' in sheet.source
    assert everything_kept() == before


def test_the_mail_is_the_same_whether_anything_is_kept_or_not(action: Action) -> None:
    ask(FRESH)
    ask(BRUNO.address.text)
    unknown, other = only_mail(FRESH), only_mail(BRUNO.address.text)
    ask(AMINA.address.text)
    known = [
        without_link(mail)
        for mail in mails_to(AMINA.address.text)
        if "/your-data/" in link_in(mail)
    ]
    assert known == [unknown] == [other]
    for telling in ("Families", "Amina", "lettre", "campagne"):
        assert telling not in unknown


def only_mail(address: str) -> str:
    """The one mail to an address, but for its link."""
    (mail,) = mails_to(address)
    assert mail["Subject"] == "Le lien que vous avez demandé"
    assert mail["To"] == address
    return without_link(mail)


def without_link(mail: EmailMessage) -> str:
    """What is the same for everybody."""
    return text_of(mail).replace(link_in(mail), "LINK")


def test_nobody_fills_a_mailbox_by_asking(french: CampaignPage) -> None:
    for _ in range(5):
        assert ask(FRESH).status_code == 303
    assert len(mails_to(FRESH)) == MAILS
    assert not may_mail(read_address(FRESH), now=timezone.now() + timedelta(days=DAYS - 1))


def test_the_link_is_asked_for_in_the_language_of_the_page(french: CampaignPage) -> None:
    post("/en/your-data/", email=FRESH)
    (mail,) = mails_to(FRESH)
    assert mail["Subject"] == "The link that you asked for"
    assert "/en/your-data/open/" in link_in(mail)


def test_a_foreign_page_cannot_press_our_buttons(action: Action) -> None:
    before = everything_kept()
    for step in ("erase/", f"withdraw/{action.pk}/"):
        answer = Client().post(
            opened(step=step), "", content_type=FORM, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
    assert everything_kept() == before


def test_without_an_organisation_nobody_sends_and_the_page_says_so(db: None) -> None:
    assert not Organisation.objects.exists()
    assert ask(FRESH).status_code == 503


def test_the_privacy_page_leads_there(french: CampaignPage) -> None:
    assert 'href="/fr/your-data/"' in Client().get("/fr/privacy/").content.decode()
    assert timedelta(hours=24) == DATA_LIFETIME
