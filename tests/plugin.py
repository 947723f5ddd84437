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


def provide_database() -> None:
    """Start an embedded PostgreSQL for this run, unless DATABASE_URL names another."""
    if "DATABASE_URL" in os.environ:
        return
    from tocsin.demo.postgres import Cluster

    cluster = Cluster(home / "postgres")
    cluster.start()
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = cluster.url()


provide_database()
os.environ["TOCSIN_KEYS_DIR"] = str(home / "keys")
os.environ["TOCSIN_STATIC_DIR"] = str(home / "static")
(home / "static").mkdir()
os.environ["TOCSIN_MEDIA_DIR"] = str(home / "media")
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
