"""Which ports of this machine are free."""

import errno
import socket

from tocsin.demo.refusal import Refusal

LOOPBACK = "127.0.0.1"


class PortTaken(Refusal):
    """A port cannot be used; the message names it and the option that changes it."""


def claim_port(wanted: int, *, option: str) -> int:
    """The wanted port if it is free, any free one for 0; raises PortTaken."""
    with socket.socket() as door:
        # A connection that lingers from the last run does not count; a listener does.
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((LOOPBACK, wanted))
        except OSError as error:
            why = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error})"
            raise PortTaken(
                f"port {wanted} {why}: choose another with {option} (0 takes any free one)."
            ) from None
        return int(door.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    try:
        claim_port(port, option="")
    except PortTaken:
        return False
    return True
