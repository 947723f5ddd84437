"""The example pages of these tests: one campaign, in French and in English."""

import pytest

from tests.factories import a_campaign, a_campaign_page
from tocsin.pages.models import CampaignPage


@pytest.fixture
def french(db: None) -> CampaignPage:
    """The page in French."""
    return a_campaign_page(a_campaign(), language="fr")


@pytest.fixture
def english(french: CampaignPage) -> CampaignPage:
    """The page of the same campaign in English."""
    return a_campaign_page(french.campaign, language="en")
