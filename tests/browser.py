"""Find a Chromium for the stories, or get one: `python -m tests.browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAYS_TO_GET_ONE = (
    ([sys.executable, "-m", "playwright", "install", "chromium"], False),
    (["apt-get", "update", "-qq"], True),
    (["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], True),
)
"""Commands in the order in which they are tried, and whether they need root."""

QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever is not on this machine does not exist.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
]
"""How Chromium is started, so that it calls nobody."""

REMEDY = (
    "There is no Chromium for the tests in a browser, and none could be installed.\n"
    "Install your system's package `chromium`, or say where one is: TOCSIN_CHROMIUM=/path/to/it."
)


def arguments() -> list[str]:
    """What to start Chromium with; as root its own sandbox does not work."""
    return [*QUIET, "--no-sandbox"] if os.geteuid() == 0 else QUIET


def find_chromium() -> str | None:
    """The path of a Chromium: the one that is named, Playwright's own, or the system's."""
    if named := os.environ.get("TOCSIN_CHROMIUM"):
        return named if Path(named).exists() else None
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if Path(own).exists():
        return own
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def get_chromium() -> str | None:
    """The path of a Chromium, after trying to install one if there is none."""
    found = find_chromium()
    for command, needs_root in WAYS_TO_GET_ONE:
        if found:
            break
        if shutil.which(command[0]) and (os.geteuid() == 0 or not needs_root):
            print(f"No Chromium yet, trying: {' '.join(command[-3:])}", flush=True)
            subprocess.run(command, capture_output=True, check=False, timeout=900)
            found = find_chromium()
    return found


def main() -> int:
    """Make sure there is one; without it the run goes on, except in continuous integration."""
    if get_chromium():
        return 0
    print(REMEDY, file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
