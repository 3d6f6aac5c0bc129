"""Ports that can be had, and what happens when somebody is quicker."""

import socket
from pathlib import Path

import pytest

from blackstart.model.errors import StartError
from blackstart.stacks import ports


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the file in which the kernel says where outgoing ports begin."""
    file = tmp_path / "range"
    monkeypatch.setattr(ports, "EPHEMERAL", file)
    return file


def test_ports_lie_below_those_of_outgoing_connections(kernel: Path) -> None:
    kernel.write_text("25000\t60999\n")
    given = [ports.free() for _ in range(200)]
    assert all(10_000 <= port < 25_000 for port in given)
    assert len(set(given)) == 200


def test_a_port_with_room_above_it_has_both(kernel: Path) -> None:
    kernel.write_text("25000\t60999\n")
    assert all(ports.free(above=10_000) + 10_000 < 25_000 for _ in range(50))


@pytest.mark.parametrize("said", [None, "1024\t65535\n"])
def test_a_kernel_that_leaves_no_room_is_coped_with(kernel: Path, said: str | None) -> None:
    if said is not None:
        kernel.write_text(said)
    assert ports.free() >= 10_000


def test_a_port_in_use_is_taken_and_is_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert ports.taken(port)
        monkeypatch.setattr(ports, "_random", Always(port))
        with pytest.raises(StartError, match=r"no free port on 127\.0\.0\.1"):
            ports.free()
    assert not ports.taken(port)


def test_a_port_whose_last_connection_just_closed_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        client = socket.create_connection(("127.0.0.1", port))
        accepted, _ = server.accept()
        accepted.close()  # the server's side closes first: its end stays in TIME_WAIT
        client.close()
    assert not ports.taken(port)


class Always:
    """A choice that always falls on one number."""

    def __init__(self, number: int) -> None:
        self._number = number

    def randrange(self, *_: int) -> int:
        return self._number
