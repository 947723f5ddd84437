"""How `python -m bench.lighthouse` reads a report: scores, limits, and what is behind them."""

import pytest

from bench.lighthouse.__main__ import LIMITS, Look, is_good, lines, read

REPORT = {
    "lighthouseVersion": "13.5.0",
    "categories": {
        "seo": {
            "score": 0.5,
            "auditRefs": [
                {"id": "canonical", "weight": 1},
                {"id": "crawlable", "weight": 1},
                {"id": "manual", "weight": 0},
                {"id": "not-applicable", "weight": 1},
            ],
        },
        "performance": {"score": None, "auditRefs": []},
    },
    "audits": {
        "canonical": {"score": 0, "title": "No canonical"},
        "crawlable": {"score": 1, "title": "Crawlable"},
        "manual": {"score": 0, "title": "Look yourself"},
        "not-applicable": {"score": None, "title": "Nothing here"},
    },
}


def test_a_report_is_read_with_the_audits_that_cost_points() -> None:
    assert read(REPORT) == Look(
        scores={"seo": 0.5, "performance": 0.0},
        faults={"seo: canonical": "0.00, No canonical"},
        version="13.5.0",
    )


def test_a_look_that_failed_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="no page"):
        read({**REPORT, "runtimeError": {"code": "NO_FCP", "message": "no page"}})


@pytest.mark.parametrize("name", LIMITS)
def test_the_median_of_each_score_counts(name: str) -> None:
    perfect = Look(dict.fromkeys(LIMITS, 1.0), {}, "13.5.0")
    worse = Look({**perfect.scores, name: LIMITS[name] - 0.01}, {}, "13.5.0")
    assert is_good([worse, perfect, perfect])
    assert not is_good([worse, worse, perfect])
    missed = [each for each in lines([worse, worse, perfect]) if each.endswith("MISSED")]
    assert [each.split()[0] for each in missed] == [name]
