"""Find a text browser, or get one: `python -m tests.lynx`."""

import shutil
import sys

from tests.system_package import get_package

REMEDY = (
    "There is no lynx for the tests with a text browser.\n"
    "Install your system's package `lynx`; without it they are skipped."
)


def find_lynx() -> str | None:
    """The path of the command."""
    return shutil.which("lynx")


def get_lynx() -> str | None:
    """The path of the command, after trying to install it if it is not there."""
    if not find_lynx():
        get_package("lynx")
    return find_lynx()


def main() -> None:
    """Make sure there is one; without it the run goes on, and says so."""
    if not get_lynx():
        print(REMEDY, file=sys.stderr)


if __name__ == "__main__":
    main()
