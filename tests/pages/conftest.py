"""The example pages of these tests: one campaign, in French and in English; and a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkers.tools import REMEDY, Checkers, find_checkers
from tests.factories import a_campaign, a_campaign_page
from tests.pages.aside import Aside, browser_aside
from tests.pages.serving import lay_out_static, served, static_from
from tests.pages.walking import lay_out_example
from tests.stories.conftest import need_chromium
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


@pytest.fixture
def site(db: None, static: None) -> Iterator[str]:
    """The example campaign, served."""
    lay_out_example()
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def aside() -> Iterator[Aside]:
    """One browser for all that a module looks at."""
    with browser_aside(need_chromium()) as found:
        yield found


@pytest.fixture
def checkers() -> Checkers:
    """The checkers of pages; without them the test is skipped, and says so."""
    return find_checkers() or pytest.skip(REMEDY)
