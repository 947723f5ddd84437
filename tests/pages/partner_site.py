"""The site of somebody else: one page with a frame in it, at an origin of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>Friends</title></head>
<body><h1>Friends of the Families</h1>
{}
<p id="end">The end of our page.</p></body></html>"""


class PartnerSite(ThreadingHTTPServer):
    """A server whose one page shows `code`."""

    code = ""

    @property
    def origin(self) -> str:
        """How the browser calls it: another site than localhost, not another port only."""
        return f"http://127.0.0.1:{self.server_port}"


class _Visit(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """The page, whatever is asked for."""
        site = self.server
        assert isinstance(site, PartnerSite)
        body = PAGE.format(site.code).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_said: object) -> None:
        """Nothing: the run of the tests is loud enough."""


@contextmanager
def partner_site() -> Iterator[PartnerSite]:
    """The site, for as long as it takes."""
    with PartnerSite(("127.0.0.1", 0), _Visit) as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()
