"""A log format that tells where it broke, never what a person typed."""

import logging
import traceback
from types import TracebackType

Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class TerseFormatter(logging.Formatter):
    """Hour, level, logger, place: no message of an exception, no path of a request.

    The text of an exception may carry a row, a name, an address (a database error quotes the key
    that clashed), a request's path may carry a link that opens something: neither is written.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %Hh")

    def format(self, record: logging.LogRecord) -> str:
        if record.args and (record.exc_info or record.name.startswith("django")):
            # What was put into the words may be a row, or the path of a request.
            record = logging.makeLogRecord({**record.__dict__, "msg": "failed", "args": None})
        return super().format(record)

    def formatException(self, ei: Caught) -> str:  # noqa: N802 - the library's own name
        _, error, trace = ei
        places = [f"  {f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
        return "\n".join([*places, f"  {type(error).__name__}"])
