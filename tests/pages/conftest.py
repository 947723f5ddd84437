"""The example pages of these tests: one campaign, in French and in English."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import a_campaign, a_campaign_page
from tests.pages.serving import lay_out_static, static_from
from tocsin.pages.models import CampaignPage


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the static files are, laid out once."""
    root = tmp_path_factory.mktemp("static")
    lay_out_static(root)
    return root


@pytest.fixture(scope="module")
def static(static_root: Path) -> Iterator[None]:
    """The static files as they are served outside of tests, for a whole module."""
    with static_from(static_root):
        yield


@pytest.fixture
def french(db: None) -> CampaignPage:
    """The page in French."""
    return a_campaign_page(a_campaign(), language="fr")


@pytest.fixture
def english(french: CampaignPage) -> CampaignPage:
    """The page of the same campaign in English."""
    return a_campaign_page(french.campaign, language="en")
