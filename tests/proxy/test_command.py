"""The server as a command: flags, configuration file, token, ending."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from blackstart.proxy.client import ProxyClient, ProxyError, ProxyUnreachableError

from . import running as running_module
from .running import Running
from .upstreams import Upstream

TOKEN = "a secret of some length"


def run(*flags: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "blackstart.proxy", *flags]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def write(path: Path, content: object) -> Path:
    path.write_text(json.dumps(content))
    return path


def test_proxies_of_the_configuration_come_with_their_toxics(
    tmp_path: Path, echo_server: Upstream
) -> None:
    toxic = {"type": "latency", "attributes": {"latency": 60}}
    entry = {"name": "one", "upstream": echo_server.address, "toxics": [toxic]}
    file = write(tmp_path / "proxies.json", [entry])
    with running_module.server("-config", str(file)) as running:
        proxy = running.client.get("one")
        assert [toxic.type for toxic in proxy.toxics] == ["latency"]
        start_s = time.monotonic()
        sock = running.connect(proxy)
        sock.sendall(b"x")
        assert sock.recv(1) == b"x"
        assert time.monotonic() - start_s >= 0.06


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([{"name": "x"}], "missing required field: upstream"),
        ({"proxys": []}, "unknown 'proxys'"),
        ({"listen_on": ["10.1.2.3"]}, "so a token is needed"),
        ({"listen_on": ["10.1.2.3"], "token": "short"}, "the token must be"),
        ({"token_file": "none"}, "token_file: No such file"),
        ("text", "must be a JSON array"),
    ],
)
def test_a_bad_configuration_says_what_is_wrong(tmp_path: Path, content: object, text: str) -> None:
    ended = run("-port", "0", "-config", str(write(tmp_path / "c.json", content)))
    assert ended.returncode == 3
    assert text in ended.stderr
    assert "Traceback" not in ended.stderr


def test_other_addresses_need_a_configuration_and_its_token(tmp_path: Path) -> None:
    ended = run("-host", "0.0.0.0", "-port", "0")
    assert ended.returncode == 3
    assert "is not a loopback address" in ended.stderr
    (tmp_path / "token").write_text(TOKEN + "\n")
    # 127.0.0.2 stands in for an address of the network: nothing here may listen on one.
    file = write(tmp_path / "c.json", {"listen_on": ["127.0.0.2"], "token_file": "token"})
    with running_module.server("-config", str(file), "-host", "127.0.0.2", token=TOKEN) as running:
        assert running.url.startswith("http://127.0.0.2:")
        running.client.create("one", "127.0.0.1:9", "127.0.0.2:0")
        with pytest.raises(ProxyError) as no:
            ProxyClient(running.url).proxies()
        assert no.value.status == 401
        with pytest.raises(ProxyError):
            ProxyClient(running.url, token=TOKEN + "x").proxies()


def test_a_taken_port_is_said(proxies: Running) -> None:
    ended = run("-port", str(proxies.port))
    assert ended.returncode == 3
    assert ended.stderr.strip().endswith(f"127.0.0.1:{proxies.port}: Address already in use")


@pytest.mark.parametrize("flags", [("-port", "x"), ("-port", "70000"), ("-nonsense",)])
def test_a_wrong_flag_could_not_start(flags: tuple[str, ...]) -> None:
    refused = run(*flags)
    assert refused.returncode == 3
    assert "the proxy cannot start: " in refused.stderr
    assert flags[-1] in refused.stderr


def test_version_flag() -> None:
    assert "2.12.0" in run("-version").stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(echo_server: Upstream, number: int) -> None:
    running = running_module.start()
    sock = running.connect(running.create(echo_server.address))
    sock.sendall(b"x")
    assert sock.recv(1) == b"x"
    running.process.send_signal(number)
    assert running.process.wait(5) == 0
    assert sock.recv(1) == b""
    running_module.stop(running)


def test_the_client_says_what_to_do_when_nobody_answers() -> None:
    client = ProxyClient("http://127.0.0.1:1", timeout_s=1)
    with pytest.raises(ProxyUnreachableError, match="fix: is it running"):
        client.proxies()
    with pytest.raises(ProxyUnreachableError, match=r"not ready in 0\.05 s"):
        client.wait_ready(0.05)


def test_it_starts_fast() -> None:
    def start_s() -> float:
        before_s = time.monotonic()
        running = running_module.start()
        took_s = time.monotonic() - before_s
        running_module.stop(running)
        return took_s

    assert min(start_s() for _ in range(5)) < 0.25


def test_the_server_needs_the_standard_library_only() -> None:
    code = (
        "import sys, blackstart.proxy.server, blackstart.proxy.client\n"
        "print([m for m in sys.modules if m.split('.')[0] not in sys.stdlib_module_names"
        " and not m.startswith(('blackstart', '__', '_', 'sitecustomize'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
