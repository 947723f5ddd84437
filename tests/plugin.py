"""What has to be there before Django is: a PostgreSQL of our own, keys, an environment."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

home = Path(tempfile.mkdtemp(prefix="tocsin-tests-"))
atexit.register(shutil.rmtree, home, ignore_errors=True)


# Begun in the background by a script, a run ignores Ctrl-C, and so would all that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


EMBEDDED = "TOCSIN_TESTS_EMBEDDED"
CARELESS = {"fsync": "off", "full_page_writes": "off"}
"""Its data end with the tests: they need not outlive a machine that loses its power."""


def provide_database() -> None:
    """Start an embedded PostgreSQL for this process, unless DATABASE_URL names another.

    Of several processes that share the tests each has its own: some tests stop theirs, or count
    who is connected.
    """
    if "DATABASE_URL" in os.environ and EMBEDDED not in os.environ:
        return
    os.environ[EMBEDDED] = "yes"
    from tocsin.demo.postgres import Cluster

    cluster = Cluster(home / "postgres", settings=CARELESS)
    cluster.start()
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = cluster.url()


provide_database()
os.environ["TOCSIN_KEYS_DIR"] = str(home / "keys")
os.environ["TOCSIN_STATIC_DIR"] = str(home / "static")
(home / "static").mkdir()
os.environ["TOCSIN_MEDIA_DIR"] = str(home / "media")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"


LONGEST_NAME = 24
"""What a test is called by is read in a line: a longer value is called by its argument."""


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Keys and tokens that are drawn for each run have to be called the same in each process."""
    is_long = isinstance(val, (str, bytes)) and len(val) > LONGEST_NAME
    return argname if is_long else None
