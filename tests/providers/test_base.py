"""The skin between the engine and the cores: configuration in, errors for people out."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2  # type: ignore[import-untyped]
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

from pulumi_revcent_portal.providers import base, session
from pulumi_revcent_portal.providers.customer_portal import CustomerPortalProvider
from pulumi_revcent_portal.providers.results import Checked, Difference, ProviderProblem, State
from pulumi_revcent_portal.providers.smtp_profile import SmtpProfileProvider
from tests.providers.account import Account
from tests.providers.programs import KINDS, MAIL

KEY = "key-canary"


@pytest.fixture(autouse=True)
def _as_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "tracebacklimit", 1000, raising=False)
    for name in ("REVCENT_API_KEY", "REVCENT_BASE_URL", "REVCENT_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    session.session_for.cache_clear()
    yield
    session.session_for.cache_clear()


def configured(kind: type[base.Provider] = SmtpProfileProvider, **options: str) -> base.Provider:
    provider = kind()
    raw = {f"revcent:{name}": value for name, value in options.items()}
    provider.configure(ConfigureRequest(Config(raw, "acme")))
    return provider


def printed(error: BaseException) -> str:
    """What the SDK sends to the engine for an exception."""
    return "".join(traceback.format_exception(error)).strip()


# --- configuration --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS.values()])
def test_every_provider_takes_its_configuration_without_a_request(kind: type[base.Provider]) -> None:
    provider = configured(kind, apiKey=KEY, timeout="5")
    settings = provider._core.session.settings
    assert (settings.api_key, settings.timeout, settings.key_source) == (KEY, 5.0, "configuration")
    assert vars(provider._core)["warn"] is base.log_warning


def test_providers_of_one_account_share_a_session() -> None:
    first, second = configured(SmtpProfileProvider, apiKey=KEY), configured(CustomerPortalProvider, apiKey=KEY)
    assert first._core.session is second._core.session
    assert configured(apiKey="other")._core.session is not first._core.session


def test_the_environment_fills_in_and_the_configuration_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVCENT_API_KEY", "from-the-environment")
    monkeypatch.setenv("REVCENT_TIMEOUT", "7")
    settings = configured(timeout="5")._core.session.settings
    assert (settings.api_key, settings.timeout) == ("from-the-environment", 5.0)


def test_an_explicit_account_never_takes_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVCENT_API_KEY", "from-the-environment")
    with pytest.raises(Exception, match=r'api_key is empty.* Account "bolt"'):
        configured(explicitAccount="true", accountName="bolt")
    settings = configured(explicitAccount="true", accountName="bolt", apiKey=KEY)._core.session.settings
    assert (settings.api_key, settings.key_source, settings.account) == (KEY, "account", "bolt")


def test_a_wrong_option_is_named_without_a_traceback() -> None:
    with pytest.raises(Exception, match="revcent:timeout 'soon' must be a number of seconds") as caught:
        configured(timeout="soon")
    assert printed(caught.value).startswith("RevCentError: revcent:timeout")


# --- what the engine prints -----------------------------------------------------------------------------------------


class Scripted:
    """A core that answers or raises what a test wants."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []
        self.session = Account().session(key_source="configuration")

    def _do(self, *asked: Any) -> Any:
        self.asked.append(asked)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    check = diff = create = read = update = delete = _do


def provider_of(core: Any) -> base.Provider:
    provider = SmtpProfileProvider()
    provider._core = core
    return provider


CALLS = {
    "create": lambda provider: provider.create({}),
    "read": lambda provider: provider.read("id", {}),
    "update": lambda provider: provider.update("id", {}, {}),
    "delete": lambda provider: provider.delete("id", {}),
}


@pytest.mark.parametrize("call", CALLS)
def test_an_error_is_one_sentence(call: str) -> None:
    configured(apiKey=KEY)  # sets the limit of tracebacks, as in the provider's process
    assert sys.tracebacklimit == 0
    with pytest.raises(Exception, match="No such thing") as caught:
        CALLS[call](provider_of(Scripted(ProviderProblem("No such thing. Make one."))))
    assert printed(caught.value) == "RevCentError: No such thing. Make one."


def test_a_mistake_of_ours_is_not_dressed_up() -> None:
    with pytest.raises(KeyError):
        provider_of(Scripted(KeyError("x"))).create({})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("environment", "The key came from the environment variable REVCENT_API_KEY."),
        ("configuration", "The key came from revcent:apiKey."),
        ("account", 'The key came from api_key of Account "bolt".'),
    ],
)
def test_a_refused_key_says_where_it_came_from(source: Any, said: str) -> None:
    account = Account()
    session = account.session(api_key=KEY, key_source=source, account="bolt")
    provider = provider_of(SmtpProfileProvider.core(session, account.warn))
    with pytest.raises(Exception, match="key") as caught:
        provider.create({**MAIL, "port": 587.0})
    assert said in str(caught.value)
    assert ("run them with --run-program" in str(caught.value)) is (source != "environment")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("explicit", [False, True])
def test_an_option_that_a_message_names_is_told_to_be_the_accounts(explicit: bool) -> None:
    account = Account()
    source: Any = {"key_source": "account", "account": "bolt"} if explicit else {}
    provider = provider_of(SmtpProfileProvider.core(account.session(offline=True, **source), account.warn))
    with pytest.raises(Exception, match="revcent:offline is set") as caught:
        provider.create({**MAIL, "port": 587.0})
    assert ('Here that is an argument of Account "bolt" in the program.' in str(caught.value)) is explicit


def test_check_names_the_field_in_the_text_only() -> None:
    result = provider_of(Scripted(Checked({"a": 1}, ["password: is blank."]))).check({}, {})
    assert [(failure.property, failure.reason) for failure in result.failures] == [("", "password: is blank.")]
    assert result.inputs == {"a": 1}


@pytest.mark.parametrize("changes", [True, False, None])
def test_a_difference_is_passed_on(changes: bool | None) -> None:
    result = provider_of(Scripted(Difference(changes, ["domain"]))).diff("id", {}, {})
    assert (result.changes, result.replaces) == (changes, ["domain"])


def test_states_are_passed_on() -> None:
    provider = provider_of(Scripted(State("id", {"a": 1}, {"b": 2})))
    created, read, updated = provider.create({}), provider.read("id", {}), provider.update("id", {}, {})
    assert (created.id, created.outs) == ("id", {"a": 1})
    assert (read.id, read.outs, read.inputs) == ("id", {"a": 1}, {"b": 2})
    assert updated.outs == {"a": 1}
    gone = provider_of(Scripted(State(None))).read("id", {})
    assert (gone.id, gone.outs) == (None, {})


def test_a_core_never_sees_the_sdks_own_property() -> None:
    core = Scripted(Checked({}))
    bag = {"a": 1, "__provider": "blob"}
    provider_of(core).check(bag, bag)
    assert core.asked == [({"a": 1}, {"a": 1})]
    assert "__provider" in bag, "which the SDK reads from the bag afterwards"


# --- warnings -------------------------------------------------------------------------------------------------------


class Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self) -> None:
        self.logged: list[engine_pb2.LogRequest] = []

    def Log(self, request: engine_pb2.LogRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:  # noqa: N802
        if request.message == "refuse":
            context.abort(grpc.StatusCode.INTERNAL, "no")
        self.logged.append(request)
        return empty_pb2.Empty()


@pytest.fixture
def listening(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that hears warnings, at the address that a provider process is started with."""
    engine = Engine()
    server = grpc.server(futures.ThreadPoolExecutor(1))
    engine_pb2_grpc.add_EngineServicer_to_server(engine, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    monkeypatch.setattr(sys, "argv", ["provider", f"127.0.0.1:{port}"])
    base._engine.cache_clear()
    yield engine
    base._engine.cache_clear()
    server.stop(None).wait()


def test_a_warning_reaches_the_resource_that_it_is_about(listening: Engine) -> None:
    base.log_warning("urn:pulumi:dev::acme::t::mail", "Something remains.")
    base.log_warning("", "On the stack.")
    assert [(log.urn, log.message) for log in listening.logged] == [
        ("urn:pulumi:dev::acme::t::mail", "Something remains."),
        ("", "On the stack."),
    ]
    assert {log.severity for log in listening.logged} == {engine_pb2.LogSeverity.Value("WARNING")}


def test_a_warning_that_nobody_hears_fails_nothing(listening: Engine) -> None:
    base.log_warning("", "refuse")
    base.log_warning("", "heard")
    assert [log.message for log in listening.logged] == ["heard"]
