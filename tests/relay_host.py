"""Find a Postfix to be our relay in the tests, or get one: `python -m tests.relay_host`."""

import os
import shutil
import sys

from tests.system_package import get_package

PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
# Without a configuration there is no service: nobody asked for a mail system on this machine.
ANSWERS = "postfix postfix/main_mailer_type select No configuration\n"

REMEDY = (
    "There is no Postfix for the tests with a real relay, or it cannot be run.\n"
    "Run them as root, and install your system's package `postfix`; its service need not run."
)


def find_postfix() -> str | None:
    """The path of the command; None as well where we may not start it, which only root may."""
    return shutil.which("postfix", path=PLACES) if os.geteuid() == 0 else None


def get_postfix() -> str | None:
    """The path of the command, after trying to install it if it is not there."""
    if not find_postfix():
        get_package("postfix", answers=ANSWERS)
    return find_postfix()


def main() -> int:
    """Make sure there is one; without it the run goes on, except in continuous integration."""
    if get_postfix():
        return 0
    print(REMEDY, file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
