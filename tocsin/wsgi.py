"""The door for the web server."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.settings")

UTF_8 = re.compile(r"utf-?8", re.IGNORECASE)

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django, for requests whose letters it can read.

    Django decodes the query in the charset that a request names before any of its own handlers is
    there to catch what comes of it; a charset that is not ours makes a body that is no form.
    """
    named = re.search(r"charset=[\"']?([^\s;\"']*)", environ.get("CONTENT_TYPE", ""), re.IGNORECASE)
    if named and not UTF_8.fullmatch(named[1]):
        environ["CONTENT_TYPE"] = "application/octet-stream"
    return _django(environ, start_response)
