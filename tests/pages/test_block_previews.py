"""Every block of a story in the editor: named, explained, and shown before it is chosen."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tocsin.pages.blocks import STORY
from tocsin.pages.models import CampaignPage

pytestmark = pytest.mark.django_db

SHOWN = {
    "section": "Un téléphone auquel personne ne répond.",
    "fact": "Le rapport du comité</a>, <time",
    "quote": "<blockquote><p>Les familles ont le droit de savoir.",
    "testimony": "Témoin, nom non communiqué",
    "timeline": "mars 2026</time>",
    "updates": "Le ministère a répondu pour la première fois.",
    "call": 'href="#form"',
}
"""What is to be seen in the preview of each, in French."""


def test_every_block_has_a_name_a_line_of_help_and_a_preview(french: CampaignPage) -> None:
    client = Client(headers={"accept-language": "fr"})
    client.force_login(User.objects.create_superuser("daniel"))
    for name, _block in STORY:
        block = CampaignPage._meta.get_field("story").stream_block.child_blocks[name]
        with translation.override("fr"):
            label, line = str(block.label), str(block.get_description())
        with translation.override("en"):
            assert label != str(block.label), name
            assert line != str(block.get_description()), name
        assert block.meta.icon != "placeholder"
        if name == "image":  # there is none to show
            continue
        url = f"{reverse('wagtailadmin_block_preview')}?id={block.definition_prefix}"
        answer = client.get(url)
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "story.css" in text
        assert 'class="story"' in text
        assert SHOWN[name] in text, name


def test_the_editor_offers_them_all(french: CampaignPage) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("daniel"))
    text = client.get(f"/office/pages/{french.pk}/edit/").content.decode()
    for words in ("words of a witness", "call to write", "what happened so far", "timeline"):
        assert words in text.lower()
