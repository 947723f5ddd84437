"""Find a text browser, or get one: `python -m tests.lynx`."""

import os
import shutil
import subprocess
import sys

COMMANDS = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "lynx"],
)
REMEDY = (
    "There is no lynx for the tests with a text browser.\n"
    "Install your system's package `lynx`; without it they are skipped."
)


def find_lynx() -> str | None:
    """The path of the command."""
    return shutil.which("lynx")


def get_lynx() -> str | None:
    """The path of the command, after trying to install it if it is not there."""
    if find_lynx() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return find_lynx()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in COMMANDS:
        print(f"No lynx yet, trying: {' '.join(command)}", flush=True)
        subprocess.run(command, capture_output=True, check=False, timeout=900, env=environment)
    return find_lynx()


def main() -> None:
    """Make sure there is one; without it the run goes on, and says so."""
    if not get_lynx():
        print(REMEDY, file=sys.stderr)


if __name__ == "__main__":
    main()
