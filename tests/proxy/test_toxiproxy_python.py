"""The server is driven by toxiproxy-python 0.1.1, an independent client.

Its limits: one server for the process, no time-outs, no update of toxics.
"""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from .running import Running
from .upstreams import Upstream


@pytest.fixture
def toxiproxy(proxies: Running) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its dependency "future", written for Python 2
        from toxiproxy import Toxiproxy
        from toxiproxy.api import APIConsumer
    before = (APIConsumer.host, APIConsumer.port)
    made = Toxiproxy()
    made.update_api_consumer(proxies.host, proxies.port)
    yield made
    APIConsumer.host, APIConsumer.port = before


def test_the_whole_life_of_a_proxy(toxiproxy: Any, proxies: Running, echo_server: Upstream) -> None:
    assert toxiproxy.running() is True
    assert toxiproxy.version() == b'{"version": "2.12.0"}\n'
    made = toxiproxy.create(upstream=echo_server.address, name="one")
    assert (made.name, made.upstream, made.enabled) == ("one", echo_server.address, True)
    assert list(toxiproxy.proxies()) == ["one"]
    sock = proxies.connect(proxies.client.get("one"))
    sock.sendall(b"x")
    assert sock.recv(1) == b"x"
    with made.down():
        assert sock.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            proxies.connect(proxies.client.get("one"))
    proxies.connect(proxies.client.get("one"))
    toxiproxy.destroy(made)
    assert toxiproxy.get_proxy("one") is None


def test_toxics(toxiproxy: Any, echo_server: Upstream) -> None:
    made = toxiproxy.create(upstream=echo_server.address, name="one")
    made.add_toxic(type="latency", attributes={"latency": 10, "jitter": 1})
    made.add_toxic(name="up", type="bandwidth", stream="upstream", attributes={"rate": 100})
    assert list(made.toxics()) == ["up", "latency_downstream"]
    toxic = made.get_toxic("latency_downstream")
    assert (toxic.type, toxic.toxicity, toxic.attributes["latency"]) == ("latency", 1, 10)
    made.destroy_toxic("up")
    assert list(made.toxics()) == ["latency_downstream"]
    toxiproxy.reset()
    assert made.toxics() == {}


def test_its_errors(toxiproxy: Any, echo_server: Upstream) -> None:
    from toxiproxy.exceptions import InvalidToxic, NotFound, ProxyExists

    made = toxiproxy.create(upstream=echo_server.address, name="one")
    with pytest.raises(ProxyExists):
        toxiproxy.create(upstream=echo_server.address, name="one")
    with pytest.raises(InvalidToxic):
        made.add_toxic(type="nothing")
    with pytest.raises(InvalidToxic):
        made.add_toxic(type="latency", stream="sideways")
    with pytest.raises(NotFound):
        made.destroy_toxic("none")


def test_populate(toxiproxy: Any, echo_server: Upstream) -> None:
    wanted = [{"name": name, "upstream": echo_server.address} for name in ("a", "b")]
    wanted = [{**entry, "listen": "127.0.0.1:0"} for entry in wanted]
    assert [made.name for made in toxiproxy.populate(wanted)] == ["a", "b"]
    toxiproxy.destroy_all()
    assert toxiproxy.proxies() == {}
