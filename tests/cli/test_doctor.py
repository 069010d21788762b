from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.testing import CliRunner

from pulumi_revcent_portal.cli.doctor import doctor
from pulumi_revcent_portal.doctor.catalogue import CHECKS
from pulumi_revcent_portal.sandbox import Sandbox
from tests.dns.servers import World, silence, world
from tests.doctor.certificates import Authority
from tests.doctor.exports import CAPTCHA_SECRET, PASSWORD, brand, export
from tests.doctor.listening import MailServer, saying, tls_server

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command("doctor")(doctor)

KEY_CANARY = "canary-live-key-of-the-doctor"
USER = "portal@acme.test"
GOOD_TEXTS = '@ 300 TXT "v=spf1 ip4:192.0.2.1 -all"\n_dmarc 300 TXT "v=DMARC1\\; p=reject"\n'


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("API_KEY", "BASE_URL", "RESOLVERS", "OFFLINE", "CONTRACT", "TIMEOUT", "MAX_RETRIES"):
        monkeypatch.delenv(f"REVCENT_{name}", raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def run(*arguments: object, given: bytes | str | None = None, **environment: str) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error."""
    result = CliRunner().invoke(app, [*map(str, arguments)], input=given, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def checks_of(printed: str) -> dict[str, dict[str, Any]]:
    content = json.loads(printed)
    assert content["version"] == 1
    return {check["check"]: check for check in content["checks"]}


class Scene:
    """A brand whose every part runs on this machine: RevCent, DNS, the portal's host, the mail server."""

    def __init__(self, stack: ExitStack, authority: Authority, folder: Path) -> None:
        self.authority = authority
        self.sandbox = stack.enter_context(Sandbox.start())
        self.dns: World = stack.enter_context(world())
        self.mail = MailServer(USER, PASSWORD)
        self.mail_port = stack.enter_context(self.mail.running(starttls=authority.context("localhost")))
        self.tls_port = stack.enter_context(tls_server(authority.context("acme.test")))
        self.key = self.sandbox.add_key("doctor", key=KEY_CANARY)
        domain_id = self.sandbox.add(
            "tracking_domain", {"domain": "acme.test", "ssl_status": "issued", "dns_status": "complete"}
        )
        profile = self.sandbox.add("smtp_profile", {"name": "Acme mail", "host": "localhost", "port": self.mail_port})
        email = {"from_address": USER, "html": "{{email_code}}"}
        self.portal_id = self.sandbox.add(
            "customer_portal",
            {
                "name": "Acme customer portal",
                "enabled": True,
                "tracking_domain": domain_id,
                "smtp_profile": profile,
                "customer_emails": {"confirmation": email, "password_reset": email},
            },
        )
        self.ids = (domain_id, profile, self.portal_id)
        self.folder = folder
        named = self.sandbox.object("tracking_domain", domain_id)
        self.records = [*named["a_records"], *(named.get("cname_records") or [])]
        lines = [f"{each['name']}. 300 {each['type']} {self._target(each)}\n" for each in self.records]
        self.dns.zone("acme.test", GOOD_TEXTS + "".join(lines), (1, 2))

    @staticmethod
    def _target(record: dict[str, str]) -> str:
        return f"{record['value']}." if record["type"] == "CNAME" else record["value"]

    def export(self, *, shown: bool = True, **portal: Any) -> Path:
        path = self.folder / "state.json"
        resources = brand(host="localhost", port=self.mail_port, ids=self.ids, shown=shown, **portal)
        path.write_bytes(export(*resources))
        return path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "REVCENT_API_KEY": self.key,
            "REVCENT_BASE_URL": self.sandbox.api_url,
            "REVCENT_RESOLVERS": str(self.dns.resolver),
        }

    @property
    def places(self) -> list[object]:
        """The options that lead everything to this machine."""
        return [
            "--connect", f"127.0.0.1:{self.tls_port}", "--ca-file", self.authority.file, "--timeout", 5,
            "--siteverify-url", self.sandbox.siteverify_url,
        ]  # fmt: skip

    def examined(self, *arguments: object, **environment: str) -> tuple[int, str, str]:
        return run(*self.places, *arguments, **{**self.environment, **environment})


@pytest.fixture
def scene(authority: Authority, tmp_path: Path) -> Iterator[Scene]:
    with ExitStack() as stack:
        yield Scene(stack, authority, tmp_path)


# --- a whole brand -------------------------------------------------------------------------------------------


def test_a_brand_that_works_passes_every_check_and_is_only_read(scene: Scene) -> None:
    scene.sandbox.clear_calls()
    code, printed, told = scene.examined("--export", scene.export(), "--json")
    found = checks_of(printed)
    assert {check: entry["status"] for check, entry in found.items()} == dict.fromkeys(
        [each.id for each in CHECKS], "ok"
    )
    assert (code, told) == (0, "")
    assert {call["method"] for call in scene.sandbox.calls} == {"GET"}
    assert scene.mail.handler.mails == []


def test_a_domain_alone_is_filled_in_by_revcent(scene: Scene) -> None:
    code, printed, _ = scene.examined("acme.test", "--json")
    found = checks_of(printed)
    assert code == 0
    assert found["portal"]["subject"] == "Acme customer portal"
    assert found["records"]["seen"].startswith(f"All {len(scene.records)} records")
    assert found["spf"]["subject"] == "acme.test"
    assert "smtp" not in found


def test_everything_that_is_wrong_is_named_with_its_cure(scene: Scene) -> None:
    for number in (1, 2):
        server = scene.dns[number]
        server.remove("acme.test", "A")
        server.set("acme.test", "CAA", '0 issue ";"')
        server.set("acme.test", "TXT", '"v=spf1 -all"', '"v=spf1 ~all"')
        server.remove("_dmarc.acme.test", "TXT")
    scene.sandbox.change("tracking_domain", scene.ids[0], {"ssl_status": "failed"})
    scene.sandbox.change("customer_portal", scene.portal_id, {"enabled": False})
    scene.sandbox.switch(bad_recaptcha_secrets=[CAPTCHA_SECRET])
    scene.mail._password = b"another"
    with tls_server(scene.authority.context("acme.test", days=-1)) as port:
        scene.tls_port = port
        code, printed, _ = scene.examined("--export", scene.export(), "--json")
    found = checks_of(printed)
    statuses = {check: entry["status"] for check, entry in found.items() if entry["status"] != "ok"}
    assert code == 1
    failing = ("records", "caa", "domain", "certificate", "portal", "recaptcha", "smtp", "spf")
    assert statuses == {**dict.fromkeys(failing, "failed"), "dmarc": "warning"}
    assert all(entry["cure"] for entry in found.values() if entry["status"] != "ok")
    assert "acme.test. 300 IN A 203.0.113.10" in found["records"]["lines"]


def test_the_table_is_for_people_and_a_pipe_gets_whole_lines(scene: Scene) -> None:
    scene.dns[2].remove("acme.test", "A")
    code, printed, told = scene.examined("--export", scene.export())
    assert code == 1
    assert told == ""
    assert re.search(
        r"^  FAILED   records      2 of \d+ records not visible everywhere: A acme\.test", printed, re.MULTILINE
    )
    assert re.search(r"^ +cure: Publish these records in the zone\.", printed, re.MULTILINE)
    assert "    acme.test. 300 IN A 203.0.113.10\n" in printed
    assert re.search(r"^1 failed, 10 ok \(11 checks in \d+\.\d s\)$", printed.splitlines()[-1])


def test_one_brand_of_an_export_is_chosen_and_an_unknown_one_refused(scene: Scene) -> None:
    code, printed, _ = scene.examined(
        "--export", scene.export(), "--brand", "acme-portal", "--json", "--only", "portal"
    )
    assert (code, list(checks_of(printed))) == (0, ["portal"])
    code, _, told = scene.examined("--export", scene.export(), "--brand", "Nil")
    assert code == 2
    assert "There are: acme-portal" in told


def test_a_domain_chooses_from_the_export_too(scene: Scene) -> None:
    code, printed, _ = scene.examined("ACME.test", "--export", scene.export(), "--only", "portal", "--json")
    assert (code, list(checks_of(printed))) == (0, ["portal"])


def test_an_export_may_come_from_standard_input(scene: Scene) -> None:
    arguments = ("--export", "-", "--only", "portal", "--json")
    code, printed, _ = run(*arguments, given=scene.export().read_bytes(), **scene.environment)
    assert (code, list(checks_of(printed))) == (0, ["portal"])
    code, _, told = run(*arguments, given=b"nonsense")
    assert code == 2
    assert "standard input is not JSON" in told


# --- secrets -------------------------------------------------------------------------------------------------


def test_no_secret_shows_anywhere_whatever_servers_repeat(scene: Scene) -> None:
    scene.sandbox.switch(echo=True)
    scene.sandbox.fault("status", status=500, times=None, path="tracking_domains")
    scene.sandbox.revoke(scene.key)

    def repeat(line: str) -> str:
        return "250-me\r\n250 AUTH PLAIN\r\n" if line.upper().startswith("EHLO") else f"535 {line} {PASSWORD}\r\n"

    for shape in ([], ["--json"]):
        with saying("220 hello\r\n", repeat) as port:
            resources = brand(host="localhost", port=port, secure="none", ids=scene.ids)
            (scene.folder / "loud.json").write_bytes(export(*resources))
            code, printed, told = scene.examined("--export", scene.folder / "loud.json", *shape)
        assert code == 1
        for secret in (PASSWORD, CAPTCHA_SECRET, KEY_CANARY):
            assert secret not in printed + told
        assert "[secret]" in printed


def test_an_encrypted_export_skips_what_needs_secrets_and_says_how_to_get_them(scene: Scene) -> None:
    code, printed, _ = scene.examined("--export", scene.export(shown=False), "--json")
    found = checks_of(printed)
    assert code == 0
    for check in ("smtp", "recaptcha"):
        assert found[check]["status"] == "skipped"
        assert "--show-secrets" in found[check]["cure"]


def test_the_mail_password_may_come_from_a_variable_or_be_asked_for(scene: Scene) -> None:
    state = scene.export(shown=False)
    only = ("--export", state, "--only", "smtp", "--json")
    code, printed, _ = scene.examined(*only, "--smtp-password-env", "MAIL_SECRET", MAIL_SECRET=PASSWORD)
    assert (code, checks_of(printed)["smtp"]["status"]) == (0, "ok")
    code, printed, told = run(*only, "--smtp-password-prompt", *scene.places, given=f"{PASSWORD}\n")
    assert (code, checks_of(printed)["smtp"]["status"]) == (0, "ok")
    assert PASSWORD not in printed + told
    code, _, told = scene.examined(*only, "--smtp-password-env", "MAIL_SECRET")
    assert code == 2
    assert "MAIL_SECRET is not set" in told


# --- without an export ---------------------------------------------------------------------------------------


def test_a_mail_server_and_its_sender_can_be_given(scene: Scene) -> None:
    arguments = ("--smtp-host", f"localhost:{scene.mail_port}", "--sender", USER, "--smtp-password-env", "MAIL_SECRET")
    code, printed, _ = scene.examined(*arguments, "--json", "--skip", "key", MAIL_SECRET=PASSWORD)
    assert code == 0
    assert set(checks_of(printed)) == {"smtp", "spf", "dmarc"}
    code, printed, _ = scene.examined(*arguments, "--json", "--only", "smtp", "--smtp-user", "x", MAIL_SECRET=PASSWORD)
    assert code == 1
    assert "does not let x in" in checks_of(printed)["smtp"]["seen"]


def test_records_and_the_host_can_be_given_without_a_key(scene: Scene) -> None:
    scene.dns.zone("bare.test", "@ 300 A 192.0.2.1\n_x 300 CNAME other.example.\n")
    given = ("--a-record", "192.0.2.1", "--cname-record", "_x.bare.test = _y.revcent.example")
    looks = ("--resolver", scene.dns.resolver, "--json")
    code, printed, _ = run("bare.test", *given, "--only", "records", *looks)
    found = checks_of(printed)["records"]
    assert code == 1
    assert "CNAME _x.bare.test is other.example, not _y.revcent.example, on ns1.bare.test" in found["seen"]
    assert found["lines"] == ["_x.bare.test. 300 IN CNAME _y.revcent.example."]
    code, printed, _ = scene.examined("bare.test", "--host", "acme.test", "--only", "certificate", "--json")
    assert (code, checks_of(printed)["certificate"]["subject"]) == (0, "acme.test")


def test_the_authority_that_caa_must_allow_can_be_given(scene: Scene) -> None:
    scene.dns.zone("bare.test", '@ 300 CAA 0 issue "ca.example"\n')
    looks = ("bare.test", "--only", "caa", "--resolver", scene.dns.resolver)
    assert run(*looks)[0] == 0
    assert run(*looks, "--strict")[0] == 1
    assert run(*looks, "--strict", "--issuer", "CA.example.")[0] == 0
    assert run(*looks, "--issuer", "amazon.com")[0] == 1


# --- the rest ------------------------------------------------------------------------------------------------


def test_the_checks_are_listed() -> None:
    code, printed, _ = run("--list")
    assert code == 0
    assert [line.split()[0] for line in printed.splitlines()] == [check.id for check in CHECKS]
    assert [entry["check"] for entry in json.loads(run("--list", "--json")[1])] == [check.id for check in CHECKS]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Name a domain, or give --export FILE."),
        (["shop.acme.test"], "RevCent wants the root domain"),
        (["acme.test", "--only", "nil"], "--only: there is no check 'nil'. There are: delegation, records"),
        (["acme.test", "--skip", "nil"], "--skip: there is no check 'nil'"),
        (["acme.test", "--only", "caa", "--skip", "caa"], "leave no check"),
        (["acme.test", "--brand", "x"], "--brand chooses from an export"),
        (["acme.test", "--timeout", "0"], "--timeout must be a number of seconds above 0"),
        (["acme.test", "bolt.test", "--a-record", "192.0.2.1"], "belong to one domain"),
        (["acme.test", "--a-record", "x"], "which is no IPv4 address"),
        (["acme.test", "--cname-record", "x"], "is no NAME=TARGET"),
        (["acme.test", "--connect", "host"], "--connect 'host' is no HOST:PORT"),
        (["acme.test", "--connect", "host:"], "is no HOST:PORT"),
        (["acme.test", "--connect", "host:99999"], "is no HOST:PORT"),
        (["acme.test", "--connect", "::1"], "is no HOST:PORT"),
        (["acme.test", "--sender", "x"], "--sender 'x' is no email address"),
        (["acme.test", "--smtp-host", "smtp.test"], "--smtp-host needs --smtp-user"),
        (["acme.test", "--smtp-secure", "ssl"], "none of starttls, tls, none"),
        (["acme.test", "--smtp-password-env", "PATH"], "is for no mail profile here"),
        (["acme.test", "--siteverify-url", "http://acme.test/"], "--siteverify-url: 'http://acme.test/' is not"),
        (["acme.test", "--ca-file", "/nowhere/ca.pem"], "/nowhere/ca.pem cannot be read"),
        (["acme.test", "--resolver", "x"], "x"),
        (["--export", "/nowhere/state.json"], "/nowhere/state.json cannot be read: No such file"),
    ],
)
def test_a_command_that_cannot_be_followed_ends_with_2_and_says_why(arguments: list[str], words: str) -> None:
    code, printed, told = run(*arguments)
    assert (code, printed) == (2, "")
    assert words in told


def test_a_wrong_environment_ends_with_2() -> None:
    code, _, told = run("acme.test", REVCENT_BASE_URL="http://acme.test")
    assert code == 2
    assert "REVCENT_BASE_URL" in told


def test_places_may_be_ipv6_addresses(scene: Scene) -> None:
    _, printed, _ = scene.examined("acme.test", "--only", "certificate", "--json", "--connect", "[::1]:1")
    assert "[::1]:1 shows no certificate" in checks_of(printed)["certificate"]["seen"]


def test_where_nothing_can_be_looked_at_the_exit_code_is_2() -> None:
    code, printed, told = run("acme.test", "--only", "domain")
    assert code == 2
    assert "skipped" in printed
    assert "Nothing could be examined." in told
    assert run("acme.test", "--only", "delegation", REVCENT_RESOLVERS="none")[0] == 2
    assert run("--only", "key")[0] == 2


def test_the_command_ends_in_time_when_nothing_answers(scene: Scene) -> None:
    scene.dns.resolver.behave(silence)
    scene.sandbox.fault("delay", seconds=30.0, times=None)
    began = time.monotonic()
    code, printed, _ = scene.examined("acme.test", "--json", "--timeout", 1)
    assert time.monotonic() - began < 6
    assert code == 1
    assert all(
        entry["status"] in {"failed", "skipped"} or entry["check"] == "certificate"
        for entry in checks_of(printed).values()
    )


PROGRAM = """
import sys
{before}
import typer
from pulumi_revcent_portal.cli.doctor import doctor
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
app.command("doctor")(doctor)
app()
"""


def started(*arguments: object, before: str = "", **options: Any) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", PROGRAM.format(before=before), *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(program, text=True, **pipes)


def test_the_core_alone_is_enough() -> None:
    without = "for name in ('starlette', 'uvicorn', 'jinja2', 'boto3', 'octodns'): sys.modules[name] = None"
    process = started("--list", before=without)
    printed, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, "")
    assert "delegation" in printed


def test_an_interruption_ends_it_at_once_and_without_a_traceback() -> None:
    with world() as dns:
        dns.resolver.behave(silence)
        process = started("acme.test", "--resolver", dns.resolver, "--timeout", 60)
        while not dns.resolver.asked and process.poll() is None:
            time.sleep(0.05)
        began = time.monotonic()
        process.send_signal(2)
        _, told = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert (process.returncode, told) == (130, "Interrupted.\n")


def test_a_terminal_shows_progress_on_standard_error_only() -> None:
    pty = pytest.importorskip("pty")
    with world() as dns:
        dns.zone("acme.test")
        dns.resolver.delay = 0.3
        mine, theirs = pty.openpty()
        process = started(
            "acme.test", "--resolver", dns.resolver, "--only", "delegation",
            env={**os.environ, "TERM": "xterm", "COLUMNS": "60"}, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        shown: list[bytes] = []
        reader = threading.Thread(target=lambda: _drain(mine, shown))
        reader.start()
        printed, _ = process.communicate(timeout=60)
        reader.join(10)
        os.close(mine)
    assert "looking at delegation acme.test" in b"".join(shown).decode()
    assert "looking" not in printed
    assert "  ok       delegation" in printed


def _drain(descriptor: int, into: list[bytes]) -> None:
    while True:
        try:
            some = os.read(descriptor, 1000)
        except OSError:  # how Linux says that nobody has the other end open any more
            return
        if not some:
            return
        into.append(some)
