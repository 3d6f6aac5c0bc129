"""HTTP faults before a plain server of the standard library."""

import contextlib
import http.client
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from blackstart.proxy.client import AttributeValue, Proxy

from .running import Running, receive_all

BODY = bytes(range(256)) * 40


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # whole answers in one write
    seen: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.seen.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(200)
        if self.path == "/chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(BODY), 1000):
                part = BODY[at : at + 1000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(BODY)

    do_PUT = do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(proxies: Running, address: str) -> Proxy:
    Handler.seen.clear()
    return proxies.create(address)


@pytest.fixture
def client(proxy: Proxy) -> Iterator[http.client.HTTPConnection]:
    with contextlib.closing(http.client.HTTPConnection(proxy.host, proxy.port, timeout=5)) as made:
        yield made


def ask(
    client: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None
) -> tuple[int, bytes]:
    client.request(method, path, body)
    response = client.getresponse()
    return response.status, response.read()


def test_chosen_requests_get_the_status_and_others_pass(
    proxies: Running, proxy: Proxy, client: http.client.HTTPConnection
) -> None:
    attributes: dict[str, AttributeValue] = {"status": 418, "path": "/bad", "body": "no"}
    assert ask(client, "GET", "/bad") == (200, BODY)
    proxies.client.add_toxic(proxy.name, "http_status", attributes=attributes)
    assert ask(client, "GET", "/bad") == (418, b"no")
    assert ask(client, "PUT", "/bad", b"x" * 300_000) == (418, b"no")
    assert ask(client, "HEAD", "/bad") == (418, b"")
    assert ask(client, "GET", "/good") == (200, BODY)
    assert Handler.seen == ["GET /bad", "GET /good"]


def test_slow_down_hits_a_share_drawn_from_the_seed(
    proxies: Running, proxy: Proxy, client: http.client.HTTPConnection
) -> None:
    attributes: dict[str, AttributeValue] = {"share": 0.3, "retry_after_s": 2}
    proxies.client.add_toxic(proxy.name, "http_slow_down", attributes=attributes)
    answers = [ask(client, "GET", "/key") for _ in range(100)]
    refused = [body for status, body in answers if status == 503]
    assert 15 < len(refused) < 45
    assert all(b"<Code>SlowDown</Code>" in body for body in refused)
    assert {body for status, body in answers if status == 200} == {BODY}
    assert len(Handler.seen) == 100 - len(refused)


def test_a_slow_body_comes_slowly_and_whole(
    proxies: Running, proxy: Proxy, client: http.client.HTTPConnection
) -> None:
    attributes: dict[str, AttributeValue] = {"rate": 50_000, "delay_ms": 50}
    proxies.client.add_toxic(proxy.name, "http_slow_body", attributes=attributes)
    client.request("GET", "/")
    start_s = time.monotonic()
    response = client.getresponse()
    assert time.monotonic() - start_s < 0.05, "the head was slow"
    assert response.read() == BODY
    assert time.monotonic() - start_s == pytest.approx(0.05 + len(BODY) / 50_000, abs=0.04)
    proxies.client.reset()
    assert ask(client, "GET", "/chunked") == (200, BODY)


@pytest.mark.parametrize("path", ["/", "/chunked"])
def test_a_truncated_body_breaks_off(
    proxies: Running, proxy: Proxy, client: http.client.HTTPConnection, path: str
) -> None:
    proxies.client.add_toxic(proxy.name, "http_truncated_body", attributes={"bytes": 1500})
    with pytest.raises(http.client.IncompleteRead) as broken:
        ask(client, "GET", path)
    assert broken.value.partial == BODY[: len(broken.value.partial)]
    assert 1000 <= len(broken.value.partial) <= 1500


def test_requests_sent_ahead_get_their_answers_in_order(proxies: Running, proxy: Proxy) -> None:
    attributes: dict[str, AttributeValue] = {"status": 500, "path": "/bad", "body": "no"}
    proxies.client.add_toxic(proxy.name, "http_status", attributes=attributes)
    sock = proxies.connect(proxy)
    paths = ["/good", "/bad", "/chunked", "/bad", "/good"]
    last = "Connection: close\r\n"
    for at, path in enumerate(paths):
        closing = last if at == len(paths) - 1 else ""
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{closing}\r\n".encode())
    answers = receive_all(sock).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"500", b"200", b"500", b"200"]


def test_what_is_not_http_passes_and_is_reported(proxies: Running, echo_server: object) -> None:
    proxy = proxies.create(echo_server.address)  # type: ignore[attr-defined]
    proxies.client.add_toxic(proxy.name, "http_status")
    sock = proxies.connect(proxy)
    sock.sendall(b"\x00\x01\x02\x03 not http\r\n\r\n")
    assert sock.recv(100) == b"\x00\x01\x02\x03 not http\r\n\r\n"
    assert "not HTTP" in proxies.wait_for_event("toxic_blind", proxy).detail
