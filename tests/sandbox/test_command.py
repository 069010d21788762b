"""The command that runs a sandbox: what it prints, how it stops, and what it says when it cannot start."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from pulumi_revcent_portal.cli.sandbox import _warn_about
from pulumi_revcent_portal.cli.sandbox import sandbox as command
from pulumi_revcent_portal.sandbox import MissingExtraError, Sandbox
from pulumi_revcent_portal.sandbox.sockets import bound

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = "import typer; from pulumi_revcent_portal.cli.sandbox import sandbox; typer.run(sandbox)"


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.terminate()
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def start(processes: list[subprocess.Popen[str]], *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start the command, wait until it has said everything, and return it with what it said."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", PROGRAM, "--port", "0", "--dns-port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    processes.append(process)
    assert process.stdout
    said = ""
    for line in process.stdout:
        said += line
        if "Ctrl-C" in line:
            break
    return process, said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_it_is_told_to_stop(
    started: list[subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    process, said = start(started, "--state", str(tmp_path / "state.db"))
    url = re.findall(r"page +(http://\S+)", said)[0]
    remote = Sandbox.connect(url)
    variables = (
        f"REVCENT_BASE_URL={remote.api_url} REVCENT_API_KEY={remote.api_key} REVCENT_RESOLVERS={remote.dns_address}"
    )
    assert f"export {variables}\n" in said
    assert f"DNS       {remote.dns_address}, UDP and TCP: acme-eu.example, acme-store.example, acme-us.example" in said
    assert f"DNS key   {remote.dns_key_name} (hmac-sha256), secret {remote.dns_key_secret}\n" in said
    assert remote.switches["transition"] == "immediate"
    remote.add("campaign", {"name": "Kept"})
    process.send_signal(number)
    rest, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert "has stopped" in rest
    with Sandbox.start(state=tmp_path / "state.db") as again:
        assert "Kept" in [item["name"] for item in again.objects("campaign")]


def test_a_life_by_look_ups_and_a_name_server_on_a_port(started: list[subprocess.Popen[str]]) -> None:
    with bound("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    _, said = start(started, "--life", "lookup", "--dns-port", str(port))
    remote = Sandbox.connect(re.findall(r"page +(http://\S+)", said)[0])
    assert (remote.dns_port, remote.switches["transition"]) == (port, {"lookup": {}})


def test_a_seed_without_zones_and_keys(started: list[subprocess.Popen[str]], tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"keys": [{"name": "k", "key": "k"}], "dns_keys": []}')
    _, said = start(started, "--seed", str(seed))
    assert "UDP and TCP: no zone yet\n" in said
    assert "DNS key   none in the seed" in said


def test_another_life_is_refused() -> None:
    code, said = run("--life", "slow")
    assert code == 2
    assert "immediate" in said


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, ["--dns-port", "0", *arguments])
    return result.exit_code, " ".join(result.output.split())


def test_a_port_in_use() -> None:
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run("--port", str(port))
    assert code == 1
    assert f"cannot listen on 127.0.0.1 port {port}" in said
    assert "Choose another port" in said
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == handlers


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "70000"], "cannot listen on 127.0.0.1 port 70000"),
        (["--port", "0", "--dns-port", "70000"], "cannot listen on 127.0.0.1 port 70000"),
        (["--host", "192.0.2.1", "--port", "0"], "cannot listen on 192.0.2.1"),
        (["--host", "no such host", "--port", "0"], "cannot listen on no such host"),
        (["--port", "0", "--seed", "/nonexistent.json"], "seed file /nonexistent.json cannot be read"),
        (["--port", "0", "--state", "/"], "state file / cannot be used"),
    ],
)
def test_what_cannot_start_says_why(arguments: list[str], message: str) -> None:
    code, said = run(*arguments)
    assert code == 1
    assert message in said
    assert "Traceback" not in said


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith(("starlette", "pulumi_revcent_portal.sandbox.app"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    with pytest.raises(MissingExtraError, match="starlette"):
        Sandbox.start()
    code, said = run("--port", "0")
    assert code == 1
    assert 'pip install "pulumi_revcent_portal[sandbox]"' in said


@pytest.mark.parametrize(
    ("host", "warned"),
    [("127.0.0.1", False), ("localhost", False), ("::1", False), ("0.0.0.0", True)],  # noqa: S104
)
def test_an_address_that_others_can_reach(monkeypatch: pytest.MonkeyPatch, host: str, warned: bool) -> None:
    if host == "::1" and not has_ipv6():
        pytest.skip("this machine has no IPv6")
    stop_at_once = "pulumi_revcent_portal.cli.sandbox._introduce"
    monkeypatch.setattr(stop_at_once, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    code, said = run("--host", host, "--port", "0")
    assert code == 0
    assert ("can be reached from other machines" in said) is warned
    assert said.endswith("The sandbox has stopped.")


def test_a_host_name_may_be_anybodys(capsys: pytest.CaptureFixture[str]) -> None:
    _warn_about("build-host")
    assert "build-host can be reached" in capsys.readouterr().err


def test_it_goes_on_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Timer(1.2, os.kill, (os.getpid(), signal.SIGTERM))
    monkeypatch.setattr("pulumi_revcent_portal.cli.sandbox._introduce", lambda *_: stop.start())
    assert run("--port", "0") == (0, "The sandbox has stopped.")


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_ipv6_addresses_stand_in_brackets() -> None:
    with Sandbox.start(host="::1") as sandbox:
        assert re.fullmatch(r"http://\[::1\]:\d+/v2", sandbox.api_url)
        assert Sandbox.connect(sandbox.url).api_key == sandbox.api_key
