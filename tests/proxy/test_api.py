"""The HTTP API on the wire: statuses, headers and texts that clients of Toxiproxy know."""

import http.client
import json
import re
import socket
from typing import Any, NamedTuple

import pytest

from . import running as running_module
from .running import Running, receive_all
from .upstreams import Upstream

TEXT = "text/plain; charset=utf-8"
UPSTREAM = {"upstream": "127.0.0.1:9"}


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    proxies: Running,
    method: str,
    path: str,
    body: object = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    connection = http.client.HTTPConnection(proxies.host, proxies.port, timeout=5)
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    try:
        connection.request(method, path, content, headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def create(proxies: Running, name: str = "one", **more: object) -> Answer:
    return ask(proxies, "POST", "/proxies", {"name": name, **UPSTREAM, **more})


def add_toxic(proxies: Running, body: object, name: str = "one") -> Answer:
    return ask(proxies, "POST", f"/proxies/{name}/toxics", body)


def refused(answer: Answer) -> tuple[int, str]:
    """The refusal's status and text, its form checked."""
    assert answer.headers["Content-Type"] == TEXT
    assert answer.body.endswith(b"}\n")
    assert answer.json == {"error": answer.json["error"], "status": answer.status}
    return answer.status, answer.json["error"]


def test_version(proxies: Running) -> None:
    answer = ask(proxies, "GET", "/version")
    assert (answer.status, answer.body) == (200, b'{"version": "2.12.0"}\n')
    assert answer.headers["Content-Type"] == "application/json;charset=utf-8"


def test_every_answer_has_a_request_id_of_its_own(proxies: Running) -> None:
    ids = {ask(proxies, "GET", "/version").headers["X-Toxiproxy-Request-Id"] for _ in range(5)}
    assert len(ids) == 5
    assert all(re.fullmatch("[0-9a-v]{20}", one) for one in ids)


def test_a_new_proxy(proxies: Running) -> None:
    answer = create(proxies)
    assert answer.status == 201
    assert answer.headers["Content-Type"] == "application/json"
    listen = answer.json["listen"]
    assert re.fullmatch(r"127\.0\.0\.1:[1-9]\d*", listen)
    expected = {"name": "one", "listen": listen, "upstream": "127.0.0.1:9", "enabled": True}
    assert answer.json == {**expected, "Logger": {}, "toxics": []}
    assert ask(proxies, "GET", "/proxies/one").json == answer.json
    assert ask(proxies, "GET", "/proxies").json == {"one": answer.json}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"upstream": "x:1"}, "missing required field: name"),
        ({}, "missing required field: name"),
        ({"name": "x"}, "missing required field: upstream"),
        (b"", "bad request body: EOF"),
        (b"{", "bad request body: "),
        ({"name": 7}, "bad request body: name must be a string"),
        ({"name": "x", "upstream": "x:1", "enabled": "yes"}, "bad request body: enabled must be"),
        ([], "bad request body: a proxy must be a JSON object"),
        (b"\xff\xfe", "bad request body: "),
        (b"[" * 100_000, "bad request body: "),
        ({"name": "x", "upstream": "nonsense"}, "bad request body: upstream: 'nonsense' is not"),
        ({"name": "x", "upstream": "x:99999"}, "bad request body: upstream: the port"),
        ({"name": "x", "upstream": "x:1", "listen": "0.0.0.0:0"}, "bad request body: listen: 0."),
        ({"name": "x", "upstream": "x:1", "listen": "[::]:0"}, "bad request body: listen: ::"),
        (
            {"name": "x", "upstream": "x:1", "toxics": [{"type": "nothing"}]},
            "invalid toxic type",
        ),
    ],
)
def test_a_bad_proxy_is_refused_and_leaves_nothing(
    proxies: Running, body: object, text: str
) -> None:
    status, error = refused(ask(proxies, "POST", "/proxies", body))
    assert status == 400
    assert error.startswith(text)
    assert proxies.client.proxies() == {}


def test_conflicts_and_unknown_names(proxies: Running) -> None:
    create(proxies)
    add_toxic(proxies, {"type": "latency"})
    assert refused(create(proxies)) == (409, "proxy already exists")
    assert refused(add_toxic(proxies, {"type": "latency"})) == (409, "toxic already exists")
    for method in ("GET", "PATCH", "POST", "DELETE"):
        body = {} if method in {"PATCH", "POST"} else None
        answer = ask(proxies, method, "/proxies/none", body)
        assert refused(answer) == (404, "proxy not found")
        answer = ask(proxies, method, "/proxies/one/toxics/none", body)
        assert refused(answer) == (404, "toxic not found")
    assert refused(add_toxic(proxies, {"type": "noop"}, "none")) == (404, "proxy not found")


def test_a_port_that_is_taken_is_500_and_leaves_nothing(proxies: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        status, error = refused(create(proxies, listen=address))
    assert status == 500
    assert error == f"listen tcp {address}: Address already in use"
    assert proxies.client.proxies() == {}


def test_localhost_becomes_the_number_and_empty_a_free_port(proxies: Running) -> None:
    assert create(proxies, "a", listen="localhost:0").json["listen"].startswith("127.0.0.1:")
    assert create(proxies, "b", listen="").json["listen"].startswith("127.0.0.1:")
    assert create(proxies, "c", listen="[::1]:0").json["listen"].startswith("[::1]:")


def test_unknown_fields_are_ignored_and_names_of_fields_have_no_case(proxies: Running) -> None:
    answer = ask(proxies, "POST", "/proxies", {"Name": "x", "UPSTREAM": "x:1", "colour": "red"})
    assert answer.status == 201
    assert answer.json["name"] == "x"


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_an_update_changes_only_what_it_names(
    proxies: Running, echo_server: Upstream, method: str
) -> None:
    before = create(proxies).json
    answer = ask(proxies, method, "/proxies/one", {"name": "other", "enabled": False})
    assert answer.status == 200
    assert answer.json == {**before, "enabled": False}
    moved = ask(proxies, method, "/proxies/one", {"upstream": echo_server.address}).json
    assert moved == {**before, "enabled": False, "upstream": echo_server.address}
    enabled = ask(proxies, method, "/proxies/one", {"enabled": True}).json
    assert enabled["listen"] == before["listen"]
    with proxies.connect(proxies.client.get("one")) as sock:
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"


def test_a_failed_move_leaves_the_proxy_as_it_was(proxies: Running, echo_server: Upstream) -> None:
    before = create(proxies, upstream=echo_server.address).json
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        assert ask(proxies, "PATCH", "/proxies/one", {"listen": listen}).status == 500
    assert ask(proxies, "GET", "/proxies/one").json == before
    with proxies.connect(proxies.client.get("one")) as sock:
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"


def test_deleting_gives_the_port_back(proxies: Running) -> None:
    listen = create(proxies).json["listen"]
    answer = ask(proxies, "DELETE", "/proxies/one")
    assert (answer.status, answer.body) == (204, b"")
    assert create(proxies, "two", listen=listen).status == 201


def test_a_new_toxic(proxies: Running) -> None:
    create(proxies)
    answer = add_toxic(proxies, {"type": "latency", "attributes": {"latency": 5}})
    assert answer.status == 200
    assert answer.json == {
        "attributes": {"latency": 5, "jitter": 0},
        "name": "latency_downstream",
        "type": "latency",
        "stream": "downstream",
        "toxicity": 1,
    }
    assert ask(proxies, "GET", "/proxies/one/toxics/latency_downstream").json == answer.json
    assert ask(proxies, "GET", "/proxies/one").json["toxics"] == [answer.json]


def test_the_stream_is_kept_as_typed_and_upstream_comes_first(proxies: Running) -> None:
    create(proxies)
    for type_name, stream in (
        ("noop", "Downstream"),
        ("latency", "UPSTREAM"),
        ("noop", "upstream"),
    ):
        assert add_toxic(proxies, {"type": type_name, "stream": stream}).status == 200
    names = [toxic["name"] for toxic in ask(proxies, "GET", "/proxies/one/toxics").json]
    assert names == ["latency_UPSTREAM", "noop_upstream", "noop_Downstream"]


def test_toxic_names_are_unique_over_both_streams(proxies: Running) -> None:
    create(proxies)
    assert add_toxic(proxies, {"type": "noop", "name": "x", "stream": "upstream"}).status == 200
    assert add_toxic(proxies, {"type": "noop", "name": "x"}).status == 409


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"type": "latency", "stream": "sideways"}, "stream was invalid, can be either upstream"),
        ({"type": "nothing", "stream": "sideways"}, "stream was invalid"),
        ({"type": "nothing"}, "invalid toxic type"),
        ({}, "invalid toxic type"),
        ({"type": "latency", "attributes": {"latency": -1}}, "bad request body: latency must be"),
        ({"type": "latency", "attributes": {"latency": 1.5}}, "bad request body: latency must be"),
        ({"type": "latency", "attributes": {"latency": "1"}}, "bad request body: latency must be"),
        ({"type": "latency", "attributes": {"latency": True}}, "bad request body: latency must"),
        ({"type": "latency", "attributes": {"latencyy": 1}}, "bad request body: unknown attribute"),
        ({"type": "latency", "attributes": {"latency": 10**30}}, "bad request body: latency must"),
        ({"type": "latency", "attributes": []}, "bad request body: attributes must be"),
        ({"type": "bandwidth", "attributes": {"rate": -1}}, "bad request body: rate must be"),
        ({"type": "slicer", "attributes": {"average_size": 0}}, "bad request body: average_size"),
        ({"type": "slicer", "attributes": {"size_variation": 64}}, "bad request body: size_var"),
        ({"type": "noop", "toxicity": 7}, "bad request body: toxicity must be a number from 0"),
        ({"type": "noop", "toxicity": -0.1}, "bad request body: toxicity must be"),
        ({"type": "noop", "toxicity": "1"}, "bad request body: toxicity must be a number"),
        (b'{"type": "noop", "toxicity": NaN}', "bad request body: invalid number NaN"),
        ({"type": "noop", "lease_s": 0}, "bad request body: lease_s must be a number from"),
        ({"type": "postgres_fail_query", "attributes": {"sqlstate": "x"}}, "bad request body: sql"),
        ({"type": "redis_error", "attributes": {"error": "?"}}, "bad request body: error must be"),
    ],
)
def test_a_bad_toxic_is_refused_with_what_is_allowed(
    proxies: Running, body: object, text: str
) -> None:
    create(proxies)
    status, error = refused(add_toxic(proxies, body))
    assert status == 400
    assert error.startswith(text)
    assert ask(proxies, "GET", "/proxies/one/toxics").json == []


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_a_toxics_update_merges_and_ignores_name_type_and_stream(
    proxies: Running, method: str
) -> None:
    create(proxies)
    before = add_toxic(proxies, {"type": "latency", "attributes": {"latency": 5, "jitter": 1}}).json
    change = {"name": "x", "type": "y", "stream": "z", "attributes": {"jitter": 2}}
    answer = ask(proxies, method, "/proxies/one/toxics/latency_downstream", change)
    assert answer.status == 200
    assert answer.json == {**before, "attributes": {"latency": 5, "jitter": 2}}
    answer = ask(proxies, method, "/proxies/one/toxics/latency_downstream", {"toxicity": 0.5})
    assert answer.json["toxicity"] == 0.5
    bad = ask(proxies, method, "/proxies/one/toxics/latency_downstream", {"toxicity": 2})
    assert refused(bad)[0] == 400


def test_removing_a_toxic(proxies: Running) -> None:
    create(proxies)
    add_toxic(proxies, {"type": "noop"})
    answer = ask(proxies, "DELETE", "/proxies/one/toxics/noop_downstream")
    assert (answer.status, answer.body) == (204, b"")
    assert ask(proxies, "GET", "/proxies/one/toxics").json == []


def test_reset_enables_all_and_removes_toxics(proxies: Running) -> None:
    create(proxies, "a", enabled=False)
    create(proxies, "b")
    add_toxic(proxies, {"type": "latency"}, "b")
    answer = ask(proxies, "POST", "/reset")
    assert (answer.status, answer.body) == (204, b"")
    for proxy in ask(proxies, "GET", "/proxies").json.values():
        assert (proxy["enabled"], proxy["toxics"]) == (True, [])


def test_reset_goes_on_past_a_proxy_that_cannot_listen(proxies: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        blocked = f"127.0.0.1:{taken.getsockname()[1]}"
        create(proxies, "a", enabled=False, listen=blocked)
        create(proxies, "b")
        add_toxic(proxies, {"type": "latency"}, "b")
        assert ask(proxies, "POST", "/reset").status == 500
    assert ask(proxies, "GET", "/proxies/b").json["toxics"] == []


def test_populate_creates_what_is_missing_and_leaves_what_is_there(proxies: Running) -> None:
    body = [{"name": "a", **UPSTREAM}, {"name": "b", **UPSTREAM, "enabled": False}]
    first = ask(proxies, "POST", "/populate", body)
    assert first.status == 201
    a, b = first.json["proxies"]
    assert (a["name"], a["enabled"], b["name"], b["enabled"]) == ("a", True, "b", False)
    add_toxic(proxies, {"type": "noop"}, "a")
    again = [{"name": "a", **UPSTREAM, "listen": a["listen"], "enabled": False}]
    kept = ask(proxies, "POST", "/populate", again).json["proxies"][0]
    assert (kept["enabled"], len(kept["toxics"])) == (True, 1)
    changed = [{"name": "a", "upstream": "127.0.0.1:10", "listen": a["listen"]}]
    replaced = ask(proxies, "POST", "/populate", changed).json["proxies"][0]
    assert (replaced["upstream"], replaced["toxics"]) == ("127.0.0.1:10", [])


def test_populate_takes_toxics(proxies: Running) -> None:
    toxic = {"type": "latency", "attributes": {"latency": 5}}
    answer = ask(proxies, "POST", "/populate", [{"name": "a", **UPSTREAM, "toxics": [toxic]}])
    assert answer.json["proxies"][0]["toxics"][0]["name"] == "latency_downstream"


def test_populate_with_nothing(proxies: Running) -> None:
    answer = ask(proxies, "POST", "/populate", [])
    assert (answer.status, answer.body) == (201, b'{"proxies":null}')


def test_populate_checks_before_it_creates(proxies: Running) -> None:
    answer = ask(proxies, "POST", "/populate", [{"name": "a", **UPSTREAM}, {"upstream": "x:1"}])
    text = "missing required field: name at proxy 2"
    assert answer.json == {"error": text, "status": 400, "proxies": None}
    assert answer.headers["Content-Type"] == "application/json"
    assert proxies.client.proxies() == {}


def test_populate_tells_what_it_made_before_it_failed(proxies: Running) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        blocked = {"listen": f"127.0.0.1:{taken.getsockname()[1]}", **UPSTREAM}
        body = [{"name": "a", **UPSTREAM}, {"name": "b", **blocked}]
        answer = ask(proxies, "POST", "/populate", body)
    assert answer.status == answer.json["status"] == 500
    assert [proxy["name"] for proxy in answer.json["proxies"]] == ["a"]


@pytest.mark.parametrize("path", ["/version", "/proxies", "/proxies/none"])
def test_browsers_are_not_let_in(proxies: Running, path: str) -> None:
    answer = ask(proxies, "GET", path, headers={"User-Agent": "Mozilla/5.0 (X11)"})
    assert (answer.status, answer.body) == (403, b"User agent not allowed\n")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert ask(proxies, "GET", path, headers={"User-Agent": "x Mozilla/5.0"}).status != 403


@pytest.mark.parametrize("path", ["/", "/none", "/proxies/", "/version/", "/metrics", "/a/b/c"])
def test_unknown_paths(proxies: Running, path: str) -> None:
    answer = ask(proxies, "GET", path)
    assert (answer.status, answer.body) == (404, b"404 page not found\n")
    assert answer.headers["Content-Type"] == TEXT


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/proxies"),
        ("DELETE", "/proxies"),
        ("HEAD", "/version"),
        ("OPTIONS", "/proxies"),
        ("GET", "/reset"),
        ("GET", "/populate"),
        ("PUT", "/proxies/x"),
        ("DELETE", "/proxies/x/toxics"),
    ],
)
def test_wrong_methods(proxies: Running, method: str, path: str) -> None:
    answer = ask(proxies, method, path)
    assert (answer.status, answer.body) == (405, b"")


def test_names_are_quoted_in_paths(proxies: Running) -> None:
    create(proxies, "a b/ü?")
    assert proxies.client.get("a b/ü?").name == "a b/ü?"
    proxies.client.delete("a b/ü?")


def test_a_chunked_body_is_read(proxies: Running) -> None:
    with socket.create_connection((proxies.host, proxies.port), timeout=5) as sock:
        content = json.dumps({"name": "one", **UPSTREAM}).encode()
        head = b"POST /proxies HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        sock.sendall(head + b"Connection: close\r\n\r\n5\r\n" + content[:5])
        sock.sendall(b"\r\n%x\r\n" % (len(content) - 5) + content[5:] + b"\r\n0\r\n\r\n")
        assert receive_all(sock).startswith(b"HTTP/1.1 201 Created\r\n")


def test_a_connection_serves_one_request_after_another(proxies: Running) -> None:
    request = b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /version HTTP/1.0\r\n\r\n"
    with socket.create_connection((proxies.host, proxies.port), timeout=5) as sock:
        sock.sendall(request * 3 + last)
        assert receive_all(sock).count(b'{"version": "2.12.0"}\n') == 4


@pytest.mark.parametrize(
    "content",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST /proxies HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"A" * 70_000,
    ],
)
def test_what_is_no_request_gets_400_and_the_end(proxies: Running, content: bytes) -> None:
    with socket.create_connection((proxies.host, proxies.port), timeout=5) as sock:
        sock.sendall(content)
        assert receive_all(sock).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_a_request_can_come_byte_by_byte(proxies: Running) -> None:
    with socket.create_connection((proxies.host, proxies.port), timeout=5) as sock:
        for byte in b"GET /version HTTP/1.1\r\nConnection: close\r\n\r\n":
            sock.sendall(bytes([byte]))
        assert receive_all(sock).endswith(b'{"version": "2.12.0"}\n')


def test_metrics_when_asked_for(echo_server: Upstream) -> None:
    with running_module.server("-proxy-metrics") as proxies:
        proxy = proxies.client.create('a "b"', echo_server.address)
        with proxies.connect(proxy) as sock:
            sock.sendall(b"12345")
            assert sock.recv(5) == b"12345"
            answer = ask(proxies, "GET", "/metrics")
        assert answer.status == 200
        labels = (
            f'direction="upstream",proxy="a \\"b\\"",listener="{proxy.listen}",'
            f'upstream="{echo_server.address}"'
        )
        lines = answer.body.decode().splitlines()
        assert f"toxiproxy_proxy_received_bytes_total{{{labels}}} 5" in lines
        assert f"toxiproxy_proxy_sent_bytes_total{{{labels}}} 5" in lines
        assert any(line.startswith("blackstart_proxy_connections_open{") for line in lines)
