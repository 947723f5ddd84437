"""A campaign in one more language: a file for volunteers, what comes back, what it is good for."""

from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import a_campaign, a_campaign_page, a_draft
from tests.office.desk import a_clerk, chiara, text_of
from tests.office.test_guide import LETTER, fill
from tests.office.translated import (
    a_copy,
    at,
    edit_form,
    entries_of,
    file_of,
    in_kazakh,
    newest,
    told,
    translated,
    upload,
)
from tocsin.campaigns.collective import CollectiveWording
from tocsin.campaigns.models import Campaign
from tocsin.campaigns.translations import Translation
from tocsin.pages.models import CampaignPage
from tocsin.targets.models import TargetName

pytestmark = pytest.mark.django_db


def everything(_place: str, original: str) -> str:
    """Every text is translated."""
    return in_kazakh(original)


def said_of(said: dict[str, str], place: str, _original: str) -> str | None:
    """These texts are translated so, and no others."""
    return said.get(place)


def test_a_file_there_and_back_translates_the_whole_campaign() -> None:
    campaign, client = a_draft(), chiara()
    CollectiveWording.objects.create(
        campaign=campaign, language="fr", subject="Voix", body="Voix : {voices}", closing="Merci"
    )
    copy = a_copy(client, a_campaign_page(campaign))
    entries = entries_of(file_of(client, campaign))
    assert {place.partition(".")[0] for place in entries} == {
        *("page", "letter", "permission", "collective", "target")
    }
    assert not any(entry.translation for entry in entries.values())
    assert "of 15 texts of the page are not translated" in text_of(client.get(at(campaign, "kk")))
    data = translated(file_of(client, campaign), everything)
    assert f"Saved: {len(entries) - 4}. Waiting for you: 4." in told(client, campaign, data)
    page = newest(copy)
    assert page.title == "Қазақша Families wait (fr)"
    assert page.story[0].value["text"].source == "<p>Қазақша People, with families.</p>"
    assert str(page.demands[3].value) == "Қазақша Demand 4"
    assert not page.live
    letter = campaign.wordings.get(language="kk", text="embassy")
    assert letter.opening == "Қазақша Voici la copie de ma lettre au ministère."
    assert campaign.consents.get(language="kk", purpose="send").version == 1
    assert campaign.collective_wordings.get(language="kk").body == "Қазақша Voix : {voices}"
    assert not TargetName.objects.filter(language="kk").exists()  # shared: it waits
    client.post(at(campaign, "kk"), {"do": "take"})
    assert TargetName.objects.filter(language="kk").count() == 2
    shown = text_of(client.get(at(campaign)))
    assert shown.count("complete") == 6 + 3  # kk, and of English what is read in it
    assert "English complete – 3 missing complete complete" in shown.replace(
        "– complete", "complete"
    )


def test_the_same_file_twice_is_as_good_as_once() -> None:
    campaign, client = a_draft(), chiara()
    copy = a_copy(client, a_campaign_page(campaign))
    data = translated(file_of(client, campaign), everything)
    for _ in range(2):
        assert upload(client, campaign, data).status_code == 200
    assert campaign.consents.filter(language="kk", purpose="send").count() == 1
    assert copy.revisions.count() == 2  # the copy, and what is said
    assert entries_of(file_of(client, campaign)) == entries_of(data)


@pytest.mark.parametrize(
    ("language", "change", "words"),
    [
        ("kk", lambda data: data[:0], "The file is empty."),
        ("kk", lambda data: data + b"#" * 3_000_000, "larger than 2 megabytes"),
        ("kk", lambda data: data + "é".encode("latin-1"), "not in UTF-8"),
        ("kk", lambda data: b"PK\x03\x04" + data, "no PO file"),
        ("kk", lambda data: data.replace(b"Language: kk", b"Language: de"), "another campaign"),
        ("kk", lambda data: data.replace(b"Version: campaign", b"Version: x"), "another campaign"),
        ("de", lambda data: data, "another campaign or language"),
    ],
)
def test_a_file_that_does_not_belong_here_changes_nothing(
    language: str, change: Any, words: str
) -> None:
    campaign, client = a_draft(), chiara()
    first = a_campaign_page(campaign)
    a_copy(client, first)
    a_copy(client, first, language="de")
    data = change(translated(file_of(client, campaign), everything))
    before = list(Translation.objects.values())
    answer = upload(client, campaign, data, language)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert list(Translation.objects.values()) == before
    assert not campaign.wordings.filter(language="kk").exists()
    assert "Choose a file first." in text_of(client.post(at(campaign, "kk"), {"do": "file"}))


def test_each_entry_that_cannot_be_used_is_named_and_the_others_are_used() -> None:
    campaign, client = a_draft(), chiara()
    CollectiveWording.objects.create(
        campaign=campaign, language="fr", subject="Voix", body="Voix : {voices}", closing="Merci"
    )
    copy = a_copy(client, a_campaign_page(campaign))
    said = {
        "page.lead": "<script>alert(1)</script>",
        "page.call": "x" * 41,
        "page.after_text": "turned \u202e around",
        "letter.all.1.subject": "Ten [names]",
        "collective.body": "Without the number",
        "page.title": "Қазақша",
    }
    story = next(place for place in entries_of(file_of(client, campaign)) if place.endswith("text"))
    said[story] = "<p>Kazakh</p><script>alert(1)</script>"
    data = translated(file_of(client, campaign), lambda place, _original: said.get(place))
    data += b'\nmsgctxt "page.nowhere"\nmsgid "Gone"\nmsgstr "Away"\n'
    data = data.replace(b'msgctxt "page.after_heading"', b'#, fuzzy\nmsgctxt "page.after_heading"')
    data = data.replace(
        b'msgid "What happens next"\nmsgstr ""', b'msgid "What happens next"\nmsgstr "Hm"'
    )
    shown = told(client, campaign, data)
    assert "Saved: 1." in shown
    for words in (
        "lead – There is a tag in",
        "button – It is too long.",
        "what happens next – There is a sign in it",
        "subject – What stands in { } or [ ]",
        "Collective letter · letter – What stands in { } or [ ]",
        "text – There is a tag in",
        "page.nowhere: Gone – There is no such text any more.",
        "heading of what happens next – It is marked as unsure.",
    ):
        assert words in shown, words
    page = newest(copy)
    assert (page.title, page.after_heading) == ("Қазақша", "What happens next")
    assert "<script" not in str(page.serializable_data())
    assert not campaign.collective_wordings.filter(language="kk").exists()


def test_when_the_original_changes_its_translation_is_out_of_date_and_an_old_file_is_told() -> None:
    campaign, client = a_draft(), chiara()
    first = a_campaign_page(campaign)
    copy = a_copy(client, first)
    data = translated(file_of(client, campaign), everything)
    upload(client, campaign, data)
    original = newest(first)
    original.lead = "Two million."
    original.save_revision()
    assert "1 out of date" in text_of(client.get(at(campaign)))
    now = file_of(client, campaign)
    lead = entries_of(now)["page.lead"]
    assert (lead.original, lead.unsure) == ("Two million.", True)
    assert b'#| msgid "Up to a million' in now.replace(b'""\n#| "', b'"')
    assert "lead – The original changed since the file was made." in told(client, campaign, data)
    shown = told(client, campaign, now)
    assert "lead – It is marked as unsure." in shown
    told(
        client,
        campaign,
        translated(now, lambda place, _text: "Екі." if place == "page.lead" else None),
    )
    assert newest(copy).lead == "Екі."
    assert "out of date" not in text_of(client.get(at(campaign)))


def test_what_is_translated_by_hand_is_seen_to_be_out_of_date_as_well() -> None:
    campaign, client = a_draft(), chiara()
    first, english = a_campaign_page(campaign), a_campaign_page(campaign, language="en")
    assert "missing" not in cells_of(client, campaign, "English")
    english.lead = "By hand."
    english.save_revision()
    client.post(f"/office/pages/{first.pk}/edit/", edit_form(first, lead="Two million."))
    assert "1 out of date" in cells_of(client, campaign, "English")
    subject = campaign.wordings.get(language="fr", text="")
    fill(client, f"/office/campaign/{campaign.pk}/letter/de/", **LETTER)
    subject.subject = "Où ?"
    subject.save()
    assert cells_of(client, campaign, "English").count("1 out of date") == 2


def cells_of(client: Client, campaign: Campaign, name: str) -> str:
    """The row of one language."""
    page = text_of(client.get(at(campaign)))
    return page[page.index(f" {name} ") :].partition("Its pages")[0]


def test_of_an_open_campaign_only_the_page_takes_a_file_and_the_rest_waits_for_a_person() -> None:
    campaign, client = a_campaign(), chiara()
    copy = a_copy(client, a_campaign_page(campaign))
    told(client, campaign, translated(file_of(client, campaign), everything))
    assert newest(copy).title == "Қазақша Families wait (fr)"
    assert not campaign.wordings.filter(language="kk").exists()
    assert not campaign.consents.filter(language="kk").exists()
    page = client.get(at(campaign, "kk", "?part=letter")).content.decode()
    assert 'value="Қазақша Où sont-ils ?"' in page
    client.post(at(campaign, "kk"), {"do": "take"})
    assert campaign.wordings.get(language="kk", text="").subject == "Қазақша Où sont-ils ?"
    assert campaign.consents.filter(language="kk").count() == 4
    assert "wait" not in cells_of(client, campaign, "Қазақша")


def test_half_a_letter_waits_for_the_other_half() -> None:
    campaign, client = a_draft(), chiara()
    a_copy(client, a_campaign_page(campaign))
    start = "letter.all.1."
    for names, is_there in ((("subject", "body"), False), (("closing",), True)):
        places = {f"{start}{name}" for name in names}
        entries = entries_of(file_of(client, campaign))
        said = {place: entry.original for place, entry in entries.items() if place in places}
        data = translated(file_of(client, campaign), partial(said_of, said))
        shown = told(client, campaign, data)
        assert ("It waits: the rest of this letter" in shown) is not is_there
        assert campaign.wordings.filter(language="kk", text="").exists() is is_there
    assert campaign.wordings.get(language="kk").subject == "Où sont-ils ?"


def test_names_in_the_shared_directory_are_not_for_everybody() -> None:
    campaign = a_draft()
    a_copy(chiara(), a_campaign_page(campaign))
    client = a_clerk("view_campaign", "add_campaign", "change_campaign")
    shown = told(client, campaign, translated(file_of(client, campaign), everything))
    assert "are changed by those who keep the directory" in shown
    assert client.post(at(campaign, "kk"), {"do": "take"}).status_code == 302
    assert not TargetName.objects.filter(language="kk").exists()


def test_texts_are_translated_on_the_screen_and_nobody_overwrites_another() -> None:
    campaign, client = a_draft(), chiara()
    copy = a_copy(client, a_campaign_page(campaign))
    url = at(campaign, "kk", "?part=page")
    page = client.get(url)
    mark = mark_of(page.content.decode(), "page.lead")
    form = {"do": "save", "place": ["page.lead", "page.call", "page.forged"]}
    form |= {
        "text:page.call": "x" * 41,
        "mark:page.call": mark_of(page.content.decode(), "page.call"),
    }
    answer = client.post(url, {**form, "text:page.lead": "Екі.", "mark:page.lead": mark})
    assert answer.status_code == 422
    assert "It is too long." in text_of(answer)
    assert newest(copy).lead == "Екі."
    other = client.post(url, {**form, "text:page.lead": "Үш.", "mark:page.lead": mark})
    assert "It changed meanwhile" in text_of(other)
    assert "Үш." in other.content.decode()
    assert newest(copy).lead == "Екі."
    assert "page.lead" not in client.get(url).content.decode()  # nothing is to do there any more
    assert "page.lead" in client.get(f"{url}&all").content.decode()


def mark_of(page: str, place: str) -> str:
    """The mark of what a field showed."""
    return page.partition(f'name="mark:{place}" value="')[2].partition('"')[0]


def test_what_is_out_of_date_and_still_right_is_said_to_be_so() -> None:
    campaign, client = a_draft(), chiara()
    first = a_campaign_page(campaign)
    a_copy(client, first)
    upload(client, campaign, translated(file_of(client, campaign), everything))
    original = newest(first)
    original.call = "Write now!"
    original.save_revision()
    url = at(campaign, "kk", "?part=page")
    page = client.get(url).content.decode()
    form = {"do": "save", "place": "page.call", "mark:page.call": mark_of(page, "page.call")}
    form["text:page.call"] = "Қазақша Write now"
    client.post(url, form)
    assert "1 out of date" in text_of(client.get(at(campaign)))
    client.post(url, {**form, "right:page.call": "on"})
    assert "out of date" not in text_of(client.get(at(campaign)))


def test_all_campaigns_are_seen_at_a_glance_and_no_other_organisations() -> None:
    ours, theirs = a_draft(), a_draft()
    a_copy(chiara(), a_campaign_page(ours))
    client = a_clerk("view_campaign", "add_campaign", of=[ours.organisation])
    shown = text_of(client.get("/office/translations/"))
    assert ours.slug in shown
    assert "15 missing" in shown
    assert theirs.slug not in shown
    assert client.get(at(ours, "kk")).status_code == 200
    for path in (at(theirs), at(theirs, "fr"), at(theirs, "fr", "po/")):
        assert client.get(path).status_code == 404
    assert client.get(at(ours, "xx")).status_code == 404
    assert "the language of the original" in text_of(client.get(at(ours, "fr")))
    assert client.get(at(ours, "fr", "po/")).status_code == 404


def test_a_copy_of_a_campaign_knows_what_is_translated() -> None:
    campaign, client = a_draft(), chiara()
    a_copy(client, a_campaign_page(campaign))
    begin = {"organisation": campaign.organisation_id, "title": "Again", "slug": "again"}
    client.post("/office/campaign/new/", {**begin, "language": "fr", "model": campaign.pk})
    again = Campaign.objects.get(slug="again")
    assert "15 missing" in cells_of(client, again, "Қазақша")
    assert CampaignPage.objects.filter(campaign=again, live=True).count() == 0
    assert User.objects.filter(username="chiara").exists()


def test_what_the_original_takes_back_is_seen_and_taken_out_of_the_translation() -> None:
    campaign, client = a_draft(), chiara()
    first = a_campaign_page(campaign)
    copy = a_copy(client, first)
    upload(client, campaign, translated(file_of(client, campaign), everything))
    original = newest(first)
    del original.demands[3]
    original.save_revision()
    assert len(newest(copy).demands) == 4
    assert "1 out of date" in cells_of(client, campaign, "Қазақша")
    assert "that the original lost stands here still" in text_of(client.get(at(campaign, "kk")))
    client.post(at(campaign, "kk"), {"do": "save"})
    assert [str(demand.value) for demand in newest(copy).demands] == [
        f"Қазақша Demand {number}" for number in (1, 2, 3)
    ]
    assert "out of date" not in cells_of(client, campaign, "Қазақша")
