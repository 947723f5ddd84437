"""Leaks planted on purpose, as careless changes would do it: the search has to find each."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.stage import Stage
from bench.visits import Person

FIRST = 900_000  # people of whom nothing is anywhere, until their leak is planted

SET_UP = "import django; django.setup(); "
LOG_LINE = "import logging; logging.getLogger('tocsin.outbox').warning('no mail to {address}')"
TEMPORARY = (
    "import tempfile; f = tempfile.NamedTemporaryFile('w', prefix='letter-', delete=False); "
    "f.write('Dear minister, {name}')"
)
ACCESS_LOG = (
    "from urllib.parse import quote; import logging; "
    "logging.getLogger('tocsin.web').warning('GET /fr/?name=' + quote('{wide}'))"
)
JOB = (
    "import base64; from procrastinate.contrib.django import app; "
    "app.configure_task('write', allow_unknown=True, schedule_in={{'days': 9}})"
    ".defer(for_whom=base64.b64encode(b'{address}').decode())"
)
DUMP = (
    "import gzip, json, pathlib; "
    "pathlib.Path.home().joinpath('request.json.gz')"
    ".write_bytes(gzip.compress(json.dumps(dict(email='{address}')).encode()))"
)
QUERY = (
    "from django.contrib.auth.models import User; User.objects.filter(email='{address}').first()"
)


@dataclass(frozen=True)
class Leak:
    """What is planted, and where and in which encoding it has to be found."""

    plant: Callable[[Stage, Person], None]
    place: str
    encoding: str


def _run(code: str) -> Callable[[Stage, Person], None]:
    """By a process as the web server and the worker are, with their settings."""

    def plant(stage: Stage, person: Person) -> None:
        typed = person.typed()
        words = code.format(address=person.address, name=typed["family"], wide=typed["given"])
        stage.python("-c", SET_UP + words)

    return plant


def _column(stage: Stage, person: Person) -> None:
    """A column in clear, which was emptied and taken away again before anybody looked."""
    stage.say("ALTER TABLE tocsin_campaign ADD COLUMN last_writer text")
    stage.say(f"UPDATE tocsin_campaign SET last_writer = '{person.address}'")  # noqa: S608 - a canary
    stage.say("UPDATE tocsin_campaign SET last_writer = NULL")
    stage.say("ALTER TABLE tocsin_campaign DROP COLUMN last_writer")


def _statements(stage: Stage, person: Person) -> None:
    """PostgreSQL logs what it is asked, while somebody looks for a slow query."""
    stage.say("ALTER DATABASE tocsin SET log_statement = 'all'")
    _run(QUERY)(stage, person)
    stage.say("ALTER DATABASE tocsin RESET log_statement")


LEAKS = {
    "a log line with an address": Leak(_run(LOG_LINE), "logs", "utf-8"),
    "a column in clear": Leak(_column, "database files", "utf-8"),
    "a name in a temporary file": Leak(_run(TEMPORARY), "temporary files", "utf-8"),
    "an access log with a query": Leak(_run(ACCESS_LOG), "logs", "percent"),
    "an address in a job": Leak(_run(JOB), "database files", "base64"),
    "a packed dump of a request": Leak(_run(DUMP), "the server's home", "unpacked, utf-8"),
    "statements in PostgreSQL's log": Leak(_statements, "logs", "utf-8"),
}
