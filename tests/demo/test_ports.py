"""Ports: a taken one is named, with the option that helps."""

import socket
from collections.abc import Iterator

import pytest

from tocsin.demo.ports import PortTaken, claim_port, is_free


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as door:
        yield door.getsockname()[1]


def test_a_taken_port_is_refused_with_its_number_and_option(taken: int) -> None:
    with pytest.raises(PortTaken) as refused:
        claim_port(taken, option="--mail-port")
    assert str(refused.value) == (
        f"port {taken} is in use: choose another with --mail-port (0 takes any free one)."
    )
    assert not is_free(taken)


def test_a_port_taken_on_all_addresses_is_taken() -> None:
    with socket.create_server(("", 0)) as door, pytest.raises(PortTaken):
        claim_port(door.getsockname()[1], option="--port")


def test_a_port_shared_by_its_owner_is_taken() -> None:
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        door.bind(("127.0.0.1", 0))
        door.listen()
        assert not is_free(door.getsockname()[1])


def test_zero_takes_any_free_one() -> None:
    port = claim_port(0, option="--port")
    assert port > 1023
    assert claim_port(port, option="--port") == port


def test_a_connection_of_the_last_run_that_lingers_does_not_count() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as visitor:
            line, _ = door.accept()
            line.close()
            visitor.recv(1)
    assert is_free(port)
