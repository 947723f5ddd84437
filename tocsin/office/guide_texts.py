"""The words of permission that a campaign begins with, to be adapted: French and English."""

from tocsin.supporters.models import ConsentWording

Purpose = ConsentWording.Purpose

READY: dict[str, dict[str, str]] = {
    "fr": {
        Purpose.SEND: (
            "J’accepte que {organisation} envoie ma lettre aux destinataires nommés sur cette "
            "page, avec mon nom, mon pays et mon adresse courriel, et garde pour cela ce que j’ai "
            "saisi, chiffré, aussi longtemps qu’il est dit sous « Ce que nous gardons ». Prendre "
            "part peut révéler mes opinions. Je peux retirer mon accord à tout moment."
        ),
        Purpose.SEND_SHIELDED: (
            "J’accepte que {organisation} envoie ma lettre aux destinataires nommés sur cette "
            "page sans mon nom, avec mon pays et mes mots seulement, et garde pour cela ce que "
            "j’ai saisi, chiffré, aussi longtemps qu’il est dit sous « Ce que nous gardons ». "
            "Prendre part peut révéler mes opinions. Je peux retirer mon accord à tout moment."
        ),
        Purpose.SEND_LENT: (
            "J’accepte que {organisation} compte ma voix dans sa lettre collective, qui dit un "
            "nombre et rien sur moi, et garde pour cela ce que j’ai saisi, chiffré, aussi "
            "longtemps qu’il est dit sous « Ce que nous gardons ». Prendre part peut révéler mes "
            "opinions. Je peux retirer mon accord à tout moment."
        ),
        Purpose.NEWS: (
            "Voulez-vous recevoir par courriel des nouvelles de cette campagne ? Vous pouvez "
            "changer d’avis à tout moment."
        ),
    },
    "en": {
        Purpose.SEND: (
            "I agree that {organisation} sends my letter to those named on this page, with my "
            "name, my country and my e-mail address, and keeps for that what I typed, encrypted, "
            "as long as “What we keep” says. Taking part may reveal my opinions. I can take this "
            "back at any time."
        ),
        Purpose.SEND_SHIELDED: (
            "I agree that {organisation} sends my letter to those named on this page without my "
            "name, with my country and my words only, and keeps for that what I typed, encrypted, "
            "as long as “What we keep” says. Taking part may reveal my opinions. I can take this "
            "back at any time."
        ),
        Purpose.SEND_LENT: (
            "I agree that {organisation} counts my voice in its collective letter, which tells a "
            "number and nothing about me, and keeps for that what I typed, encrypted, as long as "
            "“What we keep” says. Taking part may reveal my opinions. I can take this back at any "
            "time."
        ),
        Purpose.NEWS: (
            "Would you like to get news of this campaign by e-mail? You can change your mind at "
            "any time."
        ),
    },
}
"""By language and purpose. In other languages somebody who speaks them writes these words."""


def ready_words(purpose: str, *, language: str, organisation: str) -> str:
    """The words to begin with; empty where there are none in that language."""
    return READY.get(language, {}).get(purpose, "").format(organisation=organisation)
