"""What a person wrote: the working copy, sealed."""

import json
from dataclasses import dataclass
from datetime import datetime

from tocsin.actions.models import Action
from tocsin.kit.seal import seal, unseal


@dataclass(frozen=True)
class Words:
    """The sentence of one's own ("" for none), the letter as edited ("" for the model letter).

    `areas`, by their numbers, are those in which the person lives, where that decides whom they
    write to: sealed and destroyed with the words.
    """

    own: str = ""
    body: str = ""
    areas: tuple[int, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether any of the words are the person's."""
        return bool(self.own or self.body)


def seal_words(action: Action, *, words: Words, now: datetime) -> bytes:
    """The words sealed for this action, under the key of today."""
    plain = json.dumps([words.own, words.body, words.areas]).encode()
    return seal(plain, day=now.date(), about=_about(action))


def open_words(action: Action) -> Words:
    """The words again; raises kit.seal.Unreadable once the key of that day is destroyed."""
    own, body, *areas = json.loads(unseal(action.sealed_words, about=_about(action)))
    return Words(own=own, body=body, areas=tuple(areas[0]) if areas else ())


def _about(action: Action) -> str:
    return f"action:{action.pk}"
