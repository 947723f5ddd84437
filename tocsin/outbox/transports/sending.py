"""Connections for HTTP that say when the first byte of a request leaves."""

from collections.abc import Callable
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


def tell_when_sending(session: Any, tell: Callable[[], None]) -> None:
    """Let a session of `requests` call `tell` before the first byte of a request.

    Until then nobody can have taken anything, whatever goes wrong; afterwards nobody knows.
    """

    class Plain(HTTPConnection):
        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            tell()
            super().send(data)

    class Secure(HTTPSConnection):
        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            tell()
            super().send(data)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    # A proxy of the environment would bring connections that tell nothing, and read our words.
    session.trust_env = False
    session.max_redirects = 0
    for scheme in ("http", "https"):
        pools = session.get_adapter(f"{scheme}://").poolmanager
        pools.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
