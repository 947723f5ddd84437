"""For whom the records of a campaign are sealed: the list of readers that counts on a day."""

from datetime import date
from pathlib import Path

from django.conf import settings

from tocsin.campaigns.models import Campaign
from tocsin.readers.files import NoReaders, readers_of
from tocsin.readers.signed_list import ReaderList


def lists_dir() -> Path:
    """Where the lists of readers are."""
    return Path(settings.KEYS_DIR) / "readers"


def need_readers(campaign: Campaign, *, day: date) -> ReaderList:
    """For whom the records of the campaign are sealed on that day; raises NoReaders.

    Who cannot be sealed for must not be asked for anything.
    """
    return readers_of(lists_dir(), campaign.organisation.slug, day=day)


def has_readers(campaign: Campaign, *, day: date) -> bool:
    """Whether anything may be taken for the campaign on that day."""
    try:
        need_readers(campaign, day=day)
    except NoReaders:
        return False
    return True
