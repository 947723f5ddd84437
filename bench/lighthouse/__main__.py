"""What Lighthouse says of the campaign page, `python -m bench.lighthouse`, beside our limits."""

import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.page import BUSY, PAGES
from bench.stage import Stage
from tests.browser import REMEDY as NO_BROWSER
from tests.browser import arguments, get_chromium
from tests.checkers.tools import REMEDY, get_checkers, is_laid_down, lay_down

HERE = Path(__file__).parent
KEPT = Path(sys.prefix) / "lighthouse"
"""Inside the virtual environment, as the checkers are; 176 MB, which is why `make test` has not."""

LIMITS = {"performance": 0.98, "accessibility": 1.0, "best-practices": 0.95, "seo": 1.0}
"""What the median shall be at least."""

PATIENCE = 240  # seconds for one look


@dataclass(frozen=True)
class Look:
    """The scores of one look, from 0 to 1, and the audits that were not content."""

    scores: dict[str, float]
    faults: dict[str, str]
    version: str


def look(address: str, *, node: Path, chromium: str) -> Look:
    """Let Lighthouse look at an address on this machine, as on a telephone; it tells nobody."""
    flags = shlex.join(["--headless=new", *arguments()]).replace("'", '"')
    with tempfile.TemporaryDirectory() as place:
        report = Path(place) / "report.json"
        command = [str(node), str(KEPT / "node_modules/lighthouse/cli/index.js"), address]
        command += ["--output=json", f"--output-path={report}", "--quiet"]
        command += ["--throttling-method=devtools", "--no-enable-error-reporting"]
        command += [f"--only-categories={','.join(LIMITS)}", f"--chrome-flags={flags}"]
        environment = {**os.environ, "CHROME_PATH": chromium}
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
        if not report.exists():
            raise RuntimeError(done.stderr or done.stdout)
        return read(json.loads(report.read_text(encoding="utf-8")))


def read(report: Mapping[str, Any]) -> Look:
    """What of a report concerns us; RuntimeError if Lighthouse could not look."""
    if trouble := report.get("runtimeError"):
        raise RuntimeError(trouble["message"])
    audits, faults = report["audits"], {}
    for name, category in report["categories"].items():
        for part in category["auditRefs"]:
            audit = audits[part["id"]]
            if part["weight"] and audit["score"] is not None and audit["score"] < 1:
                said = audit.get("displayValue") or audit["title"]
                faults[f"{name}: {part['id']}"] = f"{audit['score']:.2f}, {said}"
    scores = {name: float(each["score"] or 0) for name, each in report["categories"].items()}
    return Look(scores, faults, report["lighthouseVersion"])


def lines(looks: Sequence[Look]) -> list[str]:
    """Each score beside its limit, and what the last look was not content with."""
    found = []
    for name, limit in LIMITS.items():
        scores = [each.scores[name] for each in looks]
        score = statistics.median(scores)
        between = f" ({min(scores):.2f}-{max(scores):.2f})" if len(scores) > 1 else ""
        verdict = "" if score >= limit else "  MISSED"
        found.append(f"{name:<15} {score:.2f}{between}, limit {limit:.2f}{verdict}")
    return [*found, *(f"  {name}: {said}" for name, said in looks[-1].faults.items())]


def is_good(looks: Sequence[Look]) -> bool:
    """Whether each median is what it shall be at least."""
    return all(
        statistics.median(each.scores[name] for each in looks) >= limit
        for name, limit in LIMITS.items()
    )


def find_node() -> Path | None:
    """The Node that Lighthouse runs on, with its packages laid down; None if they do not come."""
    checkers = get_checkers()
    if checkers and not is_laid_down(HERE, KEPT):
        print("No Lighthouse yet, getting it.", flush=True)
        lay_down(HERE, KEPT)
    return checkers.node if checkers and is_laid_down(HERE, KEPT) else None


def main(words: Sequence[str] | None = None) -> int:
    """Look several times and print; 1 if a median is below its limit."""
    parser = argparse.ArgumentParser(prog="python -m bench.lighthouse", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often it looks (3)")
    parser.add_argument("--quick", action="store_true", help="one look")
    given = parser.parse_args(words)
    chromium, node = get_chromium(), find_node()
    if not chromium or not node:
        print(NO_BROWSER if node else REMEDY, file=sys.stderr)
        return 1
    before = os.getloadavg()[0]
    with Stage() as stage:
        stage.serve()
        address = stage.url + next(iter(PAGES.values()))
        rounds = 1 if given.quick else given.rounds
        looks = [look(address, node=node, chromium=chromium) for _ in range(rounds)]
    print(f"Lighthouse {looks[0].version}, {next(iter(PAGES))}")
    print("\n".join(lines(looks)))
    if before > BUSY:
        print(f"the machine was busy with something else before (load {before:.1f})")
    return 0 if is_good(looks) else 1


if __name__ == "__main__":
    sys.exit(main())
