"""The pages served over a line, out of the transaction of a test, as `tocsin serve` serves them."""

import socketserver
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import WSGIRequestHandler, WSGIServer
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connections
from django.test import override_settings

OFFICE = ("wagtail*", "admin", "modelsearch", "taggit", "rest_framework")
"""Static files that no public page needs."""
WHITENOISE = "whitenoise.storage.CompressedManifestStaticFilesStorage"
"""What keeps the static files outside of tests."""


def lay_out_static(directory: Path) -> None:
    """Collect the public static files as `tocsin migrate` does: named by content, compressed."""
    with static_from(directory):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=list(OFFICE))


def static_from(directory: Path) -> override_settings:
    """Settings in which the static files are those that were laid out there."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": WHITENOISE}}
    return override_settings(STATIC_ROOT=directory, STORAGES=storages)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing: a browser may go away whenever it likes."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing, for the same reason; what goes wrong in a page is seen in its status."""


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that sees what this test has done so far, and nothing else.

    Every connection has a thread of its own, so that one which is opened ahead of need stands in
    nobody's way; requests use the connection of the test to its database, one at a time.
    """
    own, one_at_a_time, application = (
        connections["default"],
        threading.Lock(),
        get_wsgi_application(),
    )

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with one_at_a_time:
            connections["default"] = own
            with closing(application(environ, start)) as found:
                return list(found)

    server = _Server(("127.0.0.1", 0), _Quiet, ipv6=False)
    server.set_app(answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    own.inc_thread_sharing()
    # Django's own test client does the same: a connection in the middle of a test is no old one.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        own.dec_thread_sharing()
