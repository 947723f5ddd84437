"""How a person asks the demo to stop: Ctrl-C, a closed terminal, SIGTERM."""

import signal
from types import FrameType


class Interrupted(Exception):
    """Somebody asked us to stop."""


class Interruption:
    """Notes the wish and goes on; check() obeys it where stopping is safe.

    A second Ctrl-C while we stop is noted, too, and harms nothing.
    """

    def __init__(self) -> None:
        self.sign: int | None = None

    def listen(self) -> None:
        """From now on, until the process ends."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup means: go on when the terminal is closed.
            if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:
                signal.signal(sign, self._note)

    def check(self) -> None:
        """Raises Interrupted when it was asked for."""
        if self.sign is not None:
            raise Interrupted

    def _note(self, sign: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signal's shape
        self.sign = self.sign or sign
