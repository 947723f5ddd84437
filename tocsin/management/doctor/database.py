"""The database: is it ours, up to date, on time, and silent about what people typed."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tocsin.outbox.alarm import KINDS
from tocsin.outbox.identity.finding import Finding, unknown, well, wrong
from tocsin.outbox.installation import NotOurs, check
from tocsin.outbox.rows import rows
from tocsin.outbox.watch import Incident

OLDEST = 14
MOST_APART = timedelta(seconds=2)
PATIENCE = 5  # seconds to connect in, unless DATABASE_URL says another number

SILENT = {
    "log_error_verbosity": ("terse",),
    "log_min_error_statement": ("panic",),
    "log_parameter_max_length_on_error": ("0",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
    "log_min_duration_sample": ("-1",),
    "log_transaction_sample_rate": ("0",),
    "debug_print_parse": ("off",),
    "debug_print_rewritten": ("off",),
    "debug_print_plan": ("off",),
    "auto_explain.log_min_duration": ("-1",),
    "pgaudit.log": ("none",),
}
"""What these settings of PostgreSQL may say: otherwise its log quotes statements or rows."""

QUOTING = ("log_statement", "log_min_duration_statement", "log_min_duration_sample")
"""Those that have whole statements logged, with the parameters as log_parameter_max_length says."""


def look_at_database() -> list[Finding]:
    """Everything about it; if it does not answer, that alone."""
    connection.settings_dict["OPTIONS"].setdefault("connect_timeout", PATIENCE)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        remedy = "Is DATABASE_URL right, and PostgreSQL running?"
        return [wrong("answers", _first_line(error), remedy)]
    looks: dict[str, Callable[[], Finding]] = {
        "version": _version,
        "migrations": _migrations,
        "belongs here": _belongs_here,
        "clock": _clock,
    }
    found = [attempt(name, look) for name, look in looks.items()]
    return [well("answers", "yes"), *found, *_settings()]


def look_at_incidents() -> list[Finding]:
    """Those that nobody has closed yet."""
    try:
        found = list(Incident.objects.filter(closed=False).order_by("first_at"))
    except DatabaseError as error:
        return [unknown("incidents", _first_line(error))]
    if not found:
        return [well("incidents", "none is open")]
    return [wrong(str(each), _told(each), KINDS.get(each.kind, "")) for each in found]


def attempt(name: str, look: Callable[[], Finding]) -> Finding:
    """What the look finds; that the database failed meanwhile is a finding as well."""
    try:
        return look()
    except DatabaseError as error:
        return unknown(name, _first_line(error))


def _version() -> Finding:
    major = connection.cursor().connection.info.server_version // 10000
    if major < OLDEST:
        remedy = f"Tocsin needs PostgreSQL {OLDEST} or newer."
        return wrong("version", f"PostgreSQL {major}", remedy)
    return well("version", f"PostgreSQL {major}")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    loader = executor.loader
    ours = {key for key in loader.applied_migrations if key[0] == "tocsin"}
    if newer := sorted(name for _app, name in ours - set(loader.disk_migrations)):
        found = f"the database belongs to a newer version of Tocsin: it has {newer[-1]}"
        return wrong("migrations", found, "Install that version.")
    missing = executor.migration_plan(loader.graph.leaf_nodes())
    if missing:
        first = missing[0][0]
        found = f"{len(missing)} are missing, first {first.app_label} {first.name}"
        return wrong("migrations", found, "Run: tocsin migrate")
    return well("migrations", "all are applied")


def _belongs_here() -> Finding:
    try:
        check()
    except NotOurs as error:
        return wrong("belongs here", str(error), "Until then nothing is sent from here.")
    return well("belongs here", "to this installation")


def _clock() -> Finding:
    before = timezone.now()
    [[theirs]] = rows("SELECT clock_timestamp()")
    return clock_finding(before=before, theirs=theirs, after=timezone.now())


def clock_finding(*, before: datetime, theirs: datetime, after: datetime) -> Finding:
    """Whether their time, read between two looks at our clock, is near enough to ours."""
    apart = max(before - theirs, theirs - after, timedelta())
    said = f"this machine and the database are {apart.total_seconds():.1f} s apart"
    if apart > MOST_APART:
        return wrong("clock", said, "Let NTP set the clocks of both machines.")
    return well("clock", said)


def _settings() -> list[Finding]:
    asked = (*SILENT, "log_parameter_max_length")
    try:
        told = dict(
            rows(
                "SELECT name, current_setting(name, true) FROM unnest(%(names)s::text[]) AS name",
                names=list(asked),
            )
        )
    except DatabaseError as error:
        return [unknown("log", _first_line(error))]
    return log_findings(told)


def log_findings(told: dict[str, str | None]) -> list[Finding]:
    """What PostgreSQL's settings would let into its log; one that it does not know says None."""
    loud = {
        name: value
        for name, allowed in SILENT.items()
        if (value := told.get(name)) is not None and value not in allowed
    }
    better = {name: SILENT[name][0] for name in loud}
    length = told.get("log_parameter_max_length")
    if set(QUOTING) & set(loud) and length not in (None, "0"):
        loud["log_parameter_max_length"], better["log_parameter_max_length"] = length, "0"
    return [
        wrong("log", f"{name} = {value}", f"In postgresql.conf: {name} = {better[name]}")
        for name, value in loud.items()
    ] or [well("log", "its settings keep what people typed out of it")]


def _told(incident: Incident) -> str:
    since = f"{incident.times} times since {incident.first_at:%Y-%m-%d %H:%M}"
    return f"{since}: {incident.words}" if incident.words else since


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "no answer")
