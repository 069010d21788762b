"""Accounts in a program: what is wrong is told at its line, what is right reaches its own account and no other."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.api.settings import Settings
from pulumi_revcent_portal.providers.ownership import OWNER_KEY
from pulumi_revcent_portal.readiness import gate
from pulumi_revcent_portal.readiness.gate import Gate
from pulumi_revcent_portal.readiness.steps import Step
from pulumi_revcent_portal.readiness.watcher import Wish
from pulumi_revcent_portal.resources import base, program
from pulumi_revcent_portal.resources.account import account_of
from pulumi_revcent_portal.resources.program import program_client, settings_now
from tests.providers.engine import Secret
from tests.providers.programs import CAPTCHA, DOMAIN, IDENTITY, MAIL, PARAMETER_SET, PORTAL
from tests.resources.program import run

KEY = "canary-key-of-bolt"
mistaken: Any = revcent.Account
"""The class to whoever does not listen to type checkers."""


def plain(value: Any) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(value)


def within(provider: Any, **others: Any) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(provider=provider, **others)


def refusal(program: Callable[[], Any], **how: Any) -> revcent.InvalidInputs:
    """What a program ends with."""
    with pytest.raises(revcent.InvalidInputs) as caught:
        run(program, **how)
    return caught.value


def line_of(needle: str) -> str:
    """`file:line` where a piece of this module stands for the first time."""
    lines = inspect.getsource(inspect.getmodule(line_of)).splitlines()  # type: ignore[arg-type]
    return f"test_account.py:{next(number for number, line in enumerate(lines, 1) if needle in line)}"


# --- what it is given -----------------------------------------------------------------------------------------------

WRONG = [
    ("api_key", None, "is empty: pass the key, for instance config.require_secret(...)"),
    ("api_key", "", "is empty"),
    ("api_key", " ", "is empty"),
    ("api_key", "canary with blanks", "holds characters that no API key has"),
    ("api_key", b"canary", "must be a string, a number, True or False, not a bytes object"),
    ("api_key", {"key": "canary"}, "not a dict"),
    ("base_url", "http://api.revcent.com/v2", "must begin with https://"),
    ("base_url", "api.revcent.com", "is not a URL such as https://api.revcent.com/v2"),
    ("base_url", "https://u:canary@api.revcent.com", "holds a user name or password"),
    ("base_url", ["https://api.revcent.com/v2"], "not a list"),
    ("requests_per_minute", 0, "'0' must be a whole number from 1 to 1000000"),
    ("requests_per_minute", 1.5, "must be a whole number"),
    ("requests_per_minute", True, "must be a whole number"),
    ("timeout", 601, "must be a number of seconds above 0 and up to 600"),
    ("timeout", float("nan"), "must be a number of seconds"),
    ("max_retries", 11, "must be a whole number from 0 to 10"),
    ("offline", "perhaps", "must be true or false"),
    ("ownership_mark", "perhaps", "must be True or False"),
    ("ownership_mark", pulumi.Output, "must be True or False, and no Output"),
    ("resolvers", "ns1.example.com", "is no list of name servers"),
    ("resolvers", ["127.0.0.1", "ns1"], "is no list of name servers"),
    ("resolvers", {"127.0.0.1"}, "not a set"),
]


@pytest.mark.parametrize(("option", "value", "says"), WRONG)
def test_a_wrong_option_is_refused_with_its_name_and_the_cure(option: str, value: Any, says: str) -> None:
    registered: list[str] = []

    def program() -> None:
        mistaken("bolt", **{"api_key": KEY, option: value})

    with pytest.raises(revcent.InvalidInputs) as caught:
        registered += run(program).names
    assert registered == []
    (problem,) = caught.value.problems
    assert problem.field == option
    assert says in problem.message
    assert "canary" not in f"{caught.value}{caught.value!r}"


def test_every_option_has_a_wrong_value_in_the_table() -> None:
    parameters = inspect.signature(revcent.Account.__init__).parameters.values()
    options = {each.name for each in parameters if each.kind is each.KEYWORD_ONLY} - {"opts"}
    assert {option for option, _, _ in WRONG} == options - {"contract"}, "any text may be the path of a file"


def test_all_that_is_wrong_is_told_at_once_at_the_line_of_the_program() -> None:
    error = refusal(lambda: mistaken("bolt", base_url="ftp://x", requests_per_minute=0, timeout=[1]))
    assert str(error).splitlines()[0] == f'{line_of("ftp" + "://x")}: Account "bolt" is not valid:'
    assert [each.field for each in error.problems] == ["timeout", "api_key", "base_url", "requests_per_minute"]
    assert isinstance(error, pulumi.RunError)


def test_a_misspelt_argument_is_explained() -> None:
    error = refusal(lambda: mistaken("bolt", apikey=KEY))
    assert "there is no input 'apikey' here. Did you mean 'api_key'?" in str(error)


async def later(value: str) -> str:
    return value


@pytest.mark.parametrize("given", [lambda: KEY, lambda: plain(KEY), lambda: later(KEY)])
def test_the_key_is_a_secret_however_it_is_passed(given: Callable[[], Any]) -> None:
    found = run(lambda: revcent.Account("bolt", api_key=given())).resources["bolt"]
    assert found.kind == "pulumi:providers:pulumi-python"
    assert found.inputs == {
        "revcent:apiKey": Secret(KEY),
        "revcent:explicitAccount": "true",
        "revcent:accountName": "bolt",
    }


OPTIONS: dict[str, Any] = {
    "base_url": "http://127.0.0.1:8787/v2",
    "requests_per_minute": 60,
    "timeout": 2.5,
    "max_retries": 0,
    "contract": "contract.json",
    "offline": True,
    "resolvers": ["192.0.2.53", "127.0.0.1:8053"],
}
BOLT = Settings(
    **OPTIONS | {"resolvers": ("192.0.2.53", "127.0.0.1:8053"), "ownership_mark": False},
    api_key=KEY,
    key_source="account",
    account="bolt",
)


@pytest.mark.parametrize("wrap", [lambda value: value, plain], ids=["plain", "Outputs"])
def test_its_provider_and_the_program_read_the_same_from_it(
    wrap: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVCENT_API_KEY", "key-of-another")
    monkeypatch.setenv("REVCENT_BASE_URL", "https://another.example")

    def program() -> Settings:
        given = {name: wrap(value) for name, value in OPTIONS.items()}
        return settings_now(revcent.Account("bolt", api_key=wrap(KEY), ownership_mark=False, **given))

    done = run(
        program, config={"revcent:apiKey": "key-of-the-stack", "revcent:timeout": "7"}, secret=["revcent:apiKey"]
    )
    assert done.result == BOLT
    inputs = {
        name: value.value if isinstance(value, Secret) else value
        for name, value in done.resources["bolt"].inputs.items()
    }
    assert inputs == {
        "revcent:apiKey": KEY,
        "revcent:baseUrl": "http://127.0.0.1:8787/v2",
        "revcent:requestsPerMinute": "60",
        "revcent:timeout": "2.5",
        "revcent:maxRetries": "0",
        "revcent:contract": "contract.json",
        "revcent:offline": "true",
        "revcent:ownershipMark": "false",
        "revcent:resolvers": "192.0.2.53,127.0.0.1:8053",
        "revcent:explicitAccount": "true",
        "revcent:accountName": "bolt",
    }


def test_the_stacks_own_settings_are_known_at_once() -> None:
    found = run(lambda: settings_now(None), config={"revcent:timeout": "7"}).result
    assert (found.timeout, found.account) == (7.0, "")


def test_name_servers_are_those_of_the_network_that_the_program_runs_in() -> None:
    def program() -> list[tuple[str, ...]]:
        accounts = [revcent.Account("one", api_key=KEY), revcent.Account("two", api_key=KEY, resolvers="127.0.0.1")]
        return [settings_now(account).resolvers for account in accounts]

    assert run(program, config={"revcent:resolvers": "none"}).result == [("none",), ("127.0.0.1",)]


def test_an_option_that_is_not_given_by_an_output_is_as_if_left_out() -> None:
    found = run(lambda: settings_now(revcent.Account("bolt", api_key=KEY, base_url=plain(None)))).result
    assert found.base_url == Settings().base_url


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: revcent.Account("bolt", api_key=plain("")), 'api_key is empty.* Account "bolt"'),
        (lambda: revcent.Account("bolt", api_key=KEY, timeout=plain(0)), "timeout '0' must be a number of seconds"),
        (
            lambda: revcent.Account("bolt", api_key=revcent.SmtpProfile("mail", **MAIL).id),
            'Account "bolt": an option is not known before `pulumi up`',
        ),
    ],
)
def test_what_the_program_cannot_know_in_time_is_said(make: Callable[[], Any], says: str) -> None:
    with pytest.raises(pulumi.RunError, match=says):
        run(lambda: settings_now(make()), preview=True)


# --- which account a resource belongs to -----------------------------------------------------------------------------


class Component(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("acme:portal:Component", name, opts=opts)


def under(opts: pulumi.ResourceOptions | None) -> pulumi.Resource:
    return Component("brand", opts)


WAYS: dict[str, Callable[[dict[str, Any]], pulumi.ResourceOptions | None]] = {
    "no options": lambda _: None,
    "other options": lambda _: pulumi.ResourceOptions(protect=False),
    "provider": lambda the: within(the["bolt"]),
    "providers, a list": lambda the: pulumi.ResourceOptions(providers=[the["bolt"]]),
    "providers, a dict": lambda the: pulumi.ResourceOptions(providers={"pulumi-python": the["bolt"]}),
    "parent": lambda the: pulumi.ResourceOptions(parent=under(within(the["bolt"]))),
    "parent with providers": lambda the: pulumi.ResourceOptions(
        parent=under(pulumi.ResourceOptions(providers=[the["bolt"]]))
    ),
    "parent without": lambda _: pulumi.ResourceOptions(parent=under(None)),
    "grandparent": lambda the: pulumi.ResourceOptions(
        parent=Component("inner", pulumi.ResourceOptions(parent=under(within(the["bolt"]))))
    ),
    "provider over parent": lambda the: within(the["bolt"], parent=under(within(the["acme"]))),
    "providers over parent": lambda the: pulumi.ResourceOptions(
        providers=[the["bolt"]], parent=under(within(the["acme"]))
    ),
    "another package's provider": lambda the: within(
        pulumi.ProviderResource("aws", "aws"), parent=under(within(the["bolt"]))
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_account_of_a_resource_is_the_provider_that_the_sdk_takes(way: str) -> None:
    def program() -> tuple[Any, ...]:
        accounts = {name: revcent.Account(name, api_key=KEY) for name in ("acme", "bolt")}
        opts = WAYS[way](accounts)
        return accounts["bolt"], account_of(opts), revcent.SmtpProfile("mail", **MAIL, opts=opts)._provider

    done = run(program)
    bolt, found, taken = done.result
    assert found is taken
    assert found is (None if way in {"no options", "other options", "parent without"} else bolt)
    owner = done.resources["mail"].inputs[OWNER_KEY]
    assert owner.get("account") == ("bolt" if found else None)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (lambda: pulumi.ProviderResource("pulumi-python", "own"), "provider: 'own' is no account of RevCent"),
        (
            lambda: {"revcent": revcent.Account("bolt", api_key=KEY)},
            "providers: Pulumi overlooks Account \"bolt\" under the key 'revcent'. Write providers=[account].",
        ),
    ],
)
@pytest.mark.parametrize("inherited", [False, True])
def test_what_the_sdk_would_take_for_another_account_is_refused(
    given: Callable[[], Any], says: str, inherited: bool
) -> None:
    def program() -> None:
        provider = given()
        opts = pulumi.ResourceOptions(providers=provider) if isinstance(provider, dict) else within(provider)
        if inherited:
            opts = pulumi.ResourceOptions(parent=Component("brand", opts))
        revcent.SmtpProfile("mail", **MAIL, opts=opts)

    error = refusal(program)
    assert says in str(error)
    assert "ResourceOptions(...) is not valid" in str(error)


def test_marks_are_the_accounts_own_choice() -> None:
    def program() -> None:
        for name, mark in (("with", True), ("without", False), ("by-default", None)):
            account = revcent.Account(name, api_key=KEY, ownership_mark=mark)
            revcent.SmtpProfile(f"{name}-mail", **MAIL, opts=within(account))
        revcent.SmtpProfile("own-mail", **MAIL)

    done = run(program, config={"revcent:ownershipMark": "false"})
    marked = {name for name, each in done.resources.items() if "identity" in each.inputs.get(OWNER_KEY, {})}
    assert marked == {"with-mail", "by-default-mail"}
    assert done.names.count(IDENTITY.name) == 1


def test_a_program_of_accounts_only_needs_no_settings_of_the_stack() -> None:
    def program() -> None:
        account = revcent.Account("bolt", api_key=KEY)
        revcent.PortalDomain("domain", domain="bolt.com", opts=within(account))

    done = run(program, config={"revcent:timeout": "soon", "revcent:apiKey": "in-the-clear"})
    assert done.warnings == []
    assert "domain-ready" in done.resources


def test_keys_and_dns_records_belong_to_no_account() -> None:
    def program() -> None:
        bolt = revcent.Account("bolt", api_key=KEY)
        captcha = revcent.Recaptcha("captcha", **CAPTCHA)
        portal = {**PORTAL, "recaptcha": captcha}
        revcent.CustomerPortal("portal", **portal, opts=within(bolt))
        revcent.Recaptcha("other", **CAPTCHA, opts=within(bolt))

    assert "account" not in run(program).resources["other"].inputs[OWNER_KEY]


# --- references from one account into another ------------------------------------------------------------------------


class Wrapped(pulumi.ComponentResource):
    """A user's own component that stands for a domain."""

    def __init__(self, name: str, inner: pulumi.ResourceOptions | None, *, empty: bool = False) -> None:
        super().__init__("acme:portal:Wrapped", name)
        self.tracking_domain_id = plain("D" * 20)
        if not empty:
            merged = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self), inner)
            self.tracking_domain_id = revcent.PortalDomain(
                f"{name}-domain", domain="acme.com", opts=merged
            ).tracking_domain_id


def portal(opts: Any, **given: Any) -> Any:
    return revcent.CustomerPortal("portal", **{**PORTAL, **given}, opts=opts)


REFERENCES: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "a portal's domain": (
        "tracking_domain: PortalDomain",
        lambda theirs, ours: portal(
            ours, tracking_domain=revcent.PortalDomain("other", domain="acme.com", opts=theirs)
        ),
    ),
    "a portal's domain in steps": (
        "tracking_domain: TrackingDomain ",
        lambda theirs, ours: portal(ours, tracking_domain=revcent.TrackingDomain("other", **DOMAIN, opts=theirs)),
    ),
    "a portal's domain in a component of one's own": (
        "tracking_domain: Wrapped",
        lambda theirs, ours: portal(ours, tracking_domain=Wrapped("other", theirs)),
    ),
    "a portal's mail profile": (
        "smtp_profile: SmtpProfile",
        lambda theirs, ours: portal(ours, smtp_profile=revcent.SmtpProfile("other", **MAIL, opts=theirs)),
    ),
    "the domain of a certificate": (
        "tracking_domain: TrackingDomain ",
        lambda theirs, ours: revcent.TrackingDomainSsl(
            "ssl", tracking_domain=revcent.TrackingDomain("other", **DOMAIN, opts=theirs), opts=ours
        ),
    ),
    "the domain of a last step": (
        "tracking_domain: TrackingDomain ",
        lambda theirs, ours: revcent.TrackingDomainDns(
            "ready", tracking_domain=revcent.TrackingDomain("other", **DOMAIN, opts=theirs), opts=ours
        ),
    ),
    "a URL parameter set in a list": (
        "url_parameter_sets[1]: UrlParameterSet",
        lambda theirs, ours: revcent.TrackingDomain(
            "domain", **DOMAIN, opts=ours,
            url_parameter_sets=["U" * 20, revcent.UrlParameterSet("other", **PARAMETER_SET, opts=theirs)],
        ),
    ),
}  # fmt: skip
CROSSED = {
    "theirs and the stack's": ("theirs", None),
    "the stack's and ours": (None, "ours"),
    "two": ("theirs", "ours"),
}


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("crossed", CROSSED)
def test_a_resource_of_another_account_is_refused_at_the_line_that_refers_to_it(
    reference: str, crossed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVCENT_API_KEY", KEY)
    says, declare = REFERENCES[reference]

    def program() -> None:
        declare(*(within(revcent.Account(name, api_key=KEY)) if name else None for name in CROSSED[crossed]))

    error = refusal(program)
    assert str(error).startswith("test_account.py:")
    (problem,) = error.problems
    assert str(problem).startswith(says)
    theirs, ours = (f'Account "{name}"' if name else "the stack's own account" for name in CROSSED[crossed])
    assert f'"other" is in {theirs}, and this resource in {ours}, which does not know it.' in problem.message
    assert "opts=pulumi.ResourceOptions(provider=...)" in problem.message


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("explicit", [False, True])
def test_a_resource_of_the_same_account_is_accepted(reference: str, explicit: bool) -> None:
    def program() -> None:
        opts = within(revcent.Account("bolt", api_key=KEY)) if explicit else None
        REFERENCES[reference][1](opts, opts)

    assert "other" in run(program).names


def test_two_references_are_told_at_once() -> None:
    def program() -> None:
        theirs, ours = (within(revcent.Account(name, api_key=KEY)) for name in ("theirs", "ours"))
        domain = revcent.PortalDomain("domain", domain="acme.com", opts=theirs)
        portal(ours, tracking_domain=domain, smtp_profile=revcent.SmtpProfile("mail", **MAIL, opts=theirs))

    error = refusal(program)
    assert [each.field for each in error.problems] == ["tracking_domain", "smtp_profile"]


def test_a_component_that_declares_nothing_of_ours_may_stand_for_any_account() -> None:
    def program() -> None:
        portal(within(revcent.Account("bolt", api_key=KEY)), tracking_domain=Wrapped("other", None, empty=True))

    assert "portal" in run(program).names


# --- waiting --------------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What the watchers of a program were asked: account, key, domain. The engine here knows no hooks."""
    asked: list[tuple[str, str, str]] = []

    class Watching:
        def __init__(self, settings: Settings) -> None:
            self._settings = settings

        async def until(self, wish: Wish) -> str:
            asked.append((self._settings.account, self._settings.api_key, wish.domain_id))
            return "not yet" if self._settings.account == "acme" else ""

    monkeypatch.setattr(base, "under_mocks", lambda: False)
    monkeypatch.setattr(Gate, "_watcher", lambda _, settings: Watching(settings))
    monkeypatch.setattr(Gate, "hooks", lambda _: pulumi.ResourceHookBinding())
    return asked


def test_each_domain_is_waited_for_in_its_own_account(
    asked: list[tuple[str, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gates: list[Gate] = []
    hold = Gate.hold

    def noted(self: Gate, held: gate.Held) -> pulumi.Input[str]:
        gates.append(self)
        return hold(self, held)

    monkeypatch.setattr(Gate, "hold", noted)

    def program() -> None:
        acme, bolt = revcent.Account("acme", api_key="key-of-acme"), revcent.Account("bolt", api_key=plain(KEY))
        portal(within(acme), tracking_domain="A" * 20)
        revcent.TrackingDomainSsl("ssl", tracking_domain="B" * 20, opts=within(bolt))
        revcent.TrackingDomainDns("dns", tracking_domain="C" * 20)

    done = run(program, config={"revcent:apiKey": "key-of-the-stack"}, secret=["revcent:apiKey"])
    assert sorted(asked) == [
        ("", "key-of-the-stack", "C" * 20),
        ("acme", "key-of-acme", "A" * 20),
        ("bolt", KEY, "B" * 20),
    ]
    assert len(set(gates)) == 1, "or two hooks would have one name, which ends the program"
    verdicts = {urn.rpartition("::")[2]: verdict for urn, (_, verdict) in gates[0]._verdicts.items()}
    assert verdicts == {"portal": 'Account "acme": not yet', "ssl": "", "dns": ""}
    assert done.resources["portal"].inputs["tracking_domain"] == "A" * 20, "and no secret, though the key is one"
    assert done.resources["ssl"].inputs["tracking_domain"] == "B" * 20


def test_an_account_that_cannot_be_used_is_a_verdict_and_not_the_end(asked: list[tuple[str, str, str]]) -> None:
    done = run(lambda: portal(within(revcent.Account("bolt", api_key=plain("two words")))))
    assert asked == []
    assert "portal" in done.names


def test_a_verdict_fails_the_resource_that_it_is_about_and_a_portal_only_when_it_changes_its_domain() -> None:
    chosen = Gate(program_client)
    chosen._verdicts = {
        "portal": (Step.SERVICE, "not yet"),
        "dns": (Step.DNS, "not yet"),
        "ssl": (Step.CERTIFICATE, ""),
    }

    def fails(urn: str, old: str, new: str) -> bool:
        args: Any = SimpleNamespace(urn=urn, old_inputs={"tracking_domain": old}, new_inputs={"tracking_domain": new})
        try:
            chosen._give_verdict(args)
        except gate.NotReady:
            return True
        return False

    assert [fails("portal", "A", "B"), fails("portal", "A", "A"), fails("unknown", "A", "B")] == [True, False, False]
    assert [fails("dns", "A", "A"), fails("ssl", "A", "A")] == [True, False]


def test_a_watcher_is_shared_by_equal_settings_only() -> None:
    one = Settings(api_key=KEY, account="one")
    watch = Gate(program_client)._watcher
    assert watch(one) is watch(Settings(api_key=KEY, account="one"))
    assert watch(one) is not watch(Settings(api_key=KEY, account="two"))
    assert watch(one)._lookup is not None
    assert watch(Settings(api_key=KEY, resolvers=("none",)))._lookup is None


def test_unit_tests_with_mocks_ask_nobody() -> None:
    assert run(program.under_mocks).result is True
