"""A campaign page with every block that a story may have, as full as an editor can make it."""

from datetime import date

from tests.pages.pictures.photographs import a_house, a_picture
from tocsin.organisations.witnesses import WitnessConsent
from tocsin.pages.models import CampaignPage

LONG = "Somebody asked a question, and nobody in any office has answered it until this day. "


def with_every_block(page: CampaignPage) -> CampaignPage:
    """The same page; a witness permits to be quoted."""
    WitnessConsent.objects.create(
        organisation=page.campaign.organisation,
        reference="W-1",
        given_on=date(2026, 1, 1),
        to_be_quoted=True,
    )
    image = a_picture(a_house())
    link = "https://source.example/a/" + "very-long-address/" * 6
    moments = [
        {"date": date(2017, 7, 1), "known": "month", "text": "Students are arrested."},
        {"date": date(2018, 8, 30), "known": "day", "text": LONG},
        {"date": date(2022, 1, 1), "known": "year", "text": "An office concludes."},
    ]
    news = [
        {"date": date(2026, 2, 3), "text": f'<p>{LONG}<a href="{link}">Read it</a></p>'},
        {"date": date(2026, 3, 4), "text": "<p>A <b>first</b> answer.</p>"},
    ]
    shown = {"image": image, "alt": "A house with a red door", "shape": "wide"}
    page.story = [
        ("section", {"heading": "", "text": f"<p>{LONG}</p>"}),
        ("image", {**shown, "caption": "A house in the old town.", "credit": "The Letter Table"}),
        ("section", {"heading": "Who they are", "text": f"<p>{LONG}</p>"}),
        (
            "fact",
            {
                "text": LONG,
                "source_name": "A report",
                "source_date": date(2018, 8, 30),
                "source_url": link,
            },
        ),
        (
            "quote",
            {"text": f"{LONG}\n\n{LONG}", "who": "The chair", "where": "Geneva", "url": link},
        ),
        ("testimony", {"text": LONG, "name": "", "consent": "W-1", "language": "en"}),
        ("testimony", {"text": "ئۇلار قەيەردە؟", "name": "ن.", "consent": "W-1", "language": "ug"}),
        ("timeline", {"heading": "How it came to this", "moments": moments}),
        ("updates", {"heading": "", "updates": news}),
        ("call", {"text": LONG}),
        ("image", {"image": image, "decorative": True, "shape": "whole"}),
    ]
    page.save()
    return page
