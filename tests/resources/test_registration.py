"""What the resource classes register: type tokens, inputs, secrets, the owner, the provider."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from typing import Any

import dill  # type: ignore[import-untyped]
import pulumi
import pytest
from pulumi.output import Unknown

import pulumi_revcent_portal as revcent
from pulumi_revcent_portal.providers.ownership import OWNER_KEY
from pulumi_revcent_portal.resources import base
from pulumi_revcent_portal.resources.base import _make_secret
from tests.providers.engine import Declared, IsPreview, Ref, Secret
from tests.providers.programs import (
    CAPTCHA,
    DOMAIN,
    DOMAIN_ID,
    IDENTITY,
    KINDS,
    MAIL,
    PARAMETER_SET,
    PORTAL,
    PROFILE_ID,
    SECRET_KEY,
    SITE_KEY,
    brand,
    declared,
)
from tests.resources.program import Registered, run

DECLARE: dict[str, Callable[[], Any]] = {
    "TrackingDomain": lambda: revcent.TrackingDomain("one", **DOMAIN),
    "TrackingDomainSsl": lambda: revcent.TrackingDomainSsl("one", tracking_domain=DOMAIN_ID),
    "TrackingDomainDns": lambda: revcent.TrackingDomainDns("one", tracking_domain=DOMAIN_ID),
    "SmtpProfile": lambda: revcent.SmtpProfile("one", **MAIL),
    "Recaptcha": lambda: revcent.Recaptcha("one", **CAPTCHA),
    "CustomerPortal": lambda: revcent.CustomerPortal("one", **PORTAL),
    "UrlParameterSet": lambda: revcent.UrlParameterSet("one", **PARAMETER_SET),
}
INPUTS: dict[str, dict[str, Any]] = {
    "TrackingDomain": DOMAIN,
    "TrackingDomainSsl": {"tracking_domain": DOMAIN_ID},
    "TrackingDomainDns": {"tracking_domain": DOMAIN_ID},
    "SmtpProfile": MAIL,
    "Recaptcha": CAPTCHA,
    "CustomerPortal": PORTAL,
    "UrlParameterSet": PARAMETER_SET,
}
KNOWN_IDENTITY = "theword"
of_each_kind = pytest.mark.parametrize("kind", DECLARE)


def registered(program: Callable[[], Any], name: str = "one", **how: Any) -> Registered:
    return run(program, **how).resources[name]


def whole_brand() -> None:
    domain = revcent.TrackingDomain("domain", **DOMAIN)
    ssl = revcent.TrackingDomainSsl("ssl", tracking_domain=domain)
    ready = revcent.TrackingDomainDns("ready", tracking_domain=ssl)
    mail = revcent.SmtpProfile("mail", **MAIL)
    captcha = revcent.Recaptcha("captcha", **CAPTCHA)
    given = PORTAL | {"tracking_domain": ready, "smtp_profile": mail, "recaptcha": captcha}
    revcent.CustomerPortal("portal", **given)


# --- what is registered ---------------------------------------------------------------------------------------------


@of_each_kind
def test_the_type_token_is_what_states_refer_to(kind: str) -> None:
    assert registered(DECLARE[kind]).kind == f"pulumi-python:dynamic/revcent:{kind}"


def test_the_identity_has_a_type_token_too() -> None:
    identity = registered(DECLARE["CustomerPortal"], IDENTITY.name)
    assert identity.kind == "pulumi-python:dynamic/revcent:StackIdentity"
    assert identity.inputs.keys() == {"__provider"}


@of_each_kind
@pytest.mark.parametrize("preview", [True, False])
def test_the_provider_tests_run_with_what_is_really_registered(kind: str, preview: bool) -> None:
    """`tests/providers/programs.py` builds programs without the SDK; this is what keeps it honest."""
    inputs = dict(registered(DECLARE[kind], preview=preview).inputs)
    inputs.pop("__provider")
    assert comparable(inputs, preview) == comparable(declared(kind, "one", INPUTS[kind]).props, preview)


def test_a_whole_brand_is_wired_as_the_provider_tests_wire_it() -> None:
    done = run(whole_brand)
    assert done.names == [each.name for each in sorted_as(brand(), done.names)]
    for each in brand()[1:]:
        inputs = dict(done.resources[each.name].inputs)
        inputs.pop("__provider")
        assert comparable(inputs, preview=False) == comparable(each.props, preview=False), each.name


def sorted_as(program: list[Declared], names: list[str]) -> list[Declared]:
    assert sorted(each.name for each in program) == sorted(names)
    return sorted(program, key=lambda each: names.index(each.name))


def comparable(value: Any, preview: bool) -> Any:
    """Inputs with what a reference stands for after a run of `program.run`, numbers as JSON has them."""
    if isinstance(value, Ref):
        known = {"identity": KNOWN_IDENTITY, "sender": MAIL["username"], "site_key": SITE_KEY, "secret_key": SECRET_KEY}
        known |= {"id": value.name.ljust(20, "0"), "tracking_domain_id": value.name.ljust(20, "9")}
        return known[value.output]
    if isinstance(value, Secret):
        inner = comparable(value.value, preview)
        return inner if isinstance(inner, Secret) else Secret(inner)
    if isinstance(value, dict):
        return {key: comparable(item, preview) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item, preview) for item in value]
    if isinstance(value, IsPreview):
        return preview
    return KNOWN_IDENTITY if isinstance(value, Unknown) else value


# --- secrets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrap", [lambda value: value, pulumi.Output.from_input, pulumi.Output.secret])
def test_secrets_are_encrypted_however_they_are_passed(wrap: Callable[[Any], Any]) -> None:
    def program() -> None:
        revcent.SmtpProfile("mail", **{**MAIL, "password": wrap(MAIL["password"])})
        revcent.Recaptcha("captcha", site_key=SITE_KEY, secret_key=wrap(SECRET_KEY))
        keys = {"site_key": SITE_KEY, "secret_key": wrap(SECRET_KEY)}
        revcent.CustomerPortal("portal", **{**PORTAL, "recaptcha": keys})

    resources = run(program).resources
    assert resources["mail"].inputs["password"] == Secret(MAIL["password"])
    assert resources["captcha"].inputs["secret_key"] == Secret(SECRET_KEY)
    assert resources["portal"].inputs["recaptcha"] == {"site_key": SITE_KEY, "secret_key": Secret(SECRET_KEY)}


def test_keys_that_come_as_one_output_are_encrypted_as_a_whole() -> None:
    keys = registered(
        lambda: revcent.CustomerPortal("one", **{**PORTAL, "recaptcha": pulumi.Output.from_input(CAPTCHA)})
    ).inputs["recaptcha"]
    assert keys == Secret(CAPTCHA)


@of_each_kind
def test_nothing_else_is_a_secret(kind: str) -> None:
    inputs = registered(DECLARE[kind]).inputs
    secret = {path for path, value in flat(inputs) if isinstance(value, Secret)}
    assert secret == {"SmtpProfile": {"password"}, "Recaptcha": {"secret_key"}}.get(
        kind, {"recaptcha.secret_key"} if kind == "CustomerPortal" else set()
    )


def flat(inputs: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for key, value in inputs.items():
        found += flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", value)]
    return found


# --- inputs in every form -------------------------------------------------------------------------------------------


def test_models_dicts_and_outputs_are_accepted_alike() -> None:
    emails = PORTAL["customer_emails"]

    def program() -> None:
        revcent.CustomerPortal("dict", **PORTAL)
        revcent.CustomerPortal(
            "model",
            **{
                **PORTAL,
                "customer_emails": revcent.CustomerEmails(
                    confirmation=revcent.CustomerEmail(**emails["confirmation"]),
                    password_reset=revcent.CustomerEmail(**emails["password_reset"]),
                ),
                "customer_permissions": revcent.CustomerPermissions(contact_modify=True),
                "recaptcha": revcent.RecaptchaKeys(**CAPTCHA),
                "customer_filters": revcent.CustomerFilters(),
            },
        )
        outputs: dict[str, Any] = {
            key: pulumi.Output.from_input(value) for key, value in PORTAL.items() if key != "recaptcha"
        }
        revcent.CustomerPortal("outputs", **{**outputs, "recaptcha": CAPTCHA})

    resources = run(program).resources
    by_dict, by_model, by_outputs = (
        {key: value for key, value in resources[name].inputs.items() if key not in (OWNER_KEY, "__provider")}
        for name in ("dict", "model", "outputs")
    )
    assert by_model == by_dict
    assert by_outputs == by_dict | {key: PORTAL[key] for key in PORTAL if key != "recaptcha"}, "check fills in the rest"


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (lambda: PROFILE_ID, {"smtp_profile": PROFILE_ID}),
        (lambda: revcent.SmtpProfileRef(id=PROFILE_ID), {"smtp_profile": PROFILE_ID}),
        (
            lambda: revcent.SmtpProfileRef(id=PROFILE_ID, sender="portal@acme.test"),
            {"smtp_profile": PROFILE_ID, "smtp_sender": "portal@acme.test"},
        ),
        (
            lambda: revcent.SmtpProfile("mail", **MAIL),
            {"smtp_profile": "mail".ljust(20, "0"), "smtp_sender": "portal@acme.test"},
        ),
        (
            lambda: revcent.SmtpProfile("mail", **{**MAIL, "username": pulumi.Output.from_input("portal@acme.test")}),
            {"smtp_profile": "mail".ljust(20, "0"), "smtp_sender": "portal@acme.test"},
        ),
        (
            lambda: revcent.SmtpProfile("mail", **{**MAIL, "username": "apikey"}),
            {"smtp_profile": "mail".ljust(20, "0")},
        ),
    ],
)
def test_a_profile_brings_its_sender_where_it_is_known(profile: Callable[[], Any], expected: dict[str, str]) -> None:
    inputs = registered(lambda: revcent.CustomerPortal("one", **{**PORTAL, "smtp_profile": profile()})).inputs
    assert {key: value for key, value in inputs.items() if key.startswith("smtp_")} == expected


def test_a_sender_of_another_stack_that_does_not_fit_is_refused() -> None:
    reference = revcent.SmtpProfileRef(id=PROFILE_ID, sender="other@acme.test")
    with pytest.raises(revcent.InvalidInputs, match=r"is not the sender 'other@acme.test' of the SMTP profile"):
        run(lambda: revcent.CustomerPortal("one", **{**PORTAL, "smtp_profile": reference}))


@pytest.mark.parametrize(
    ("kind", "filled"), [("TrackingDomain", "0"), ("TrackingDomainSsl", "0"), ("TrackingDomainDns", "9")]
)
def test_whatever_stands_for_a_domain_gives_its_id(kind: str, filled: str) -> None:
    """The last step gives `tracking_domain_id`, which is known only when the domain is ready."""

    def program() -> None:
        revcent.CustomerPortal("portal", **{**PORTAL, "tracking_domain": DECLARE[kind]()})

    assert registered(program, "portal").inputs["tracking_domain"] == "one".ljust(20, filled)


@pytest.mark.parametrize("sequence", [list, tuple])
def test_parameter_sets_are_given_as_resources_or_as_ids(sequence: Callable[[Any], Any]) -> None:
    def program() -> None:
        ads = revcent.UrlParameterSet("ads", **PARAMETER_SET)
        others = ["S" * 20, pulumi.Output.from_input("T" * 20)]
        revcent.TrackingDomain("one", domain="acme.test", url_parameter_sets=sequence([ads, *others]))
        revcent.PortalDomain("all", domain="acme.net", url_parameter_sets=sequence([ads]))

    resources = run(program, answers={"all-domain": {"a_records": []}}).resources
    ads_id = "ads".ljust(20, "0")
    assert resources["one"].inputs["url_parameter_sets"] == [ads_id, "S" * 20, "T" * 20]
    assert resources["all-domain"].inputs["url_parameter_sets"] == [ads_id]


def test_what_is_no_list_of_parameter_sets_is_refused_with_the_cure() -> None:
    mistaken: Any = revcent.TrackingDomain

    def program() -> None:
        mistaken("one", domain="acme.test", url_parameter_sets=revcent.UrlParameterSet("ads", **PARAMETER_SET))

    with pytest.raises(revcent.InvalidInputs, match="url_parameter_sets: must be a list, not a UrlParameterSet"):
        run(program)


def test_parameters_are_given_as_models_dicts_or_outputs() -> None:
    def program() -> None:
        revcent.UrlParameterSet(
            "one",
            name="Ads",
            url_parameters=[
                revcent.UrlParameter(url_parameter="a"),
                {"url_parameter": "b", "metadata_name": "c"},
                pulumi.Output.from_input({"url_parameter": "d"}),
            ],
        )

    assert registered(program).inputs["url_parameters"] == [
        {"url_parameter": "a", "metadata_name": "a"},
        {"url_parameter": "b", "metadata_name": "c"},
        {"url_parameter": "d"},
    ]


@of_each_kind
def test_what_is_not_given_is_not_sent(kind: str) -> None:
    assert None not in [value for _, value in flat(registered(DECLARE[kind]).inputs)]


# --- the owner ------------------------------------------------------------------------------------------------------


def test_one_program_has_one_identity() -> None:
    done = run(whole_brand)
    assert done.names.count(IDENTITY.name) == 1
    owners = {name: each.inputs[OWNER_KEY] for name, each in done.resources.items() if name != IDENTITY.name}
    assert {owner["identity"] for name, owner in owners.items() if name != "captcha"} == {"theword"}
    assert owners["captcha"].keys() == {"urn", "dry"}, "keys are nothing that RevCent holds as an object"
    assert owners["portal"]["urn"] == "urn:pulumi:dev::acme::pulumi-python:dynamic/revcent:CustomerPortal::portal"


def test_the_next_program_of_a_process_has_its_own() -> None:
    for _ in range(2):
        assert run(DECLARE["TrackingDomain"]).names.count(IDENTITY.name) == 1


def test_where_marks_are_off_there_is_no_identity() -> None:
    done = run(whole_brand, config={"revcent:ownershipMark": "false"})
    assert IDENTITY.name not in done.names
    assert done.resources["portal"].inputs[OWNER_KEY].keys() == {"urn", "dry"}


def test_marks_can_be_switched_off_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REVCENT_OWNERSHIP_MARK", "no")
    assert IDENTITY.name not in run(DECLARE["SmtpProfile"]).names


def test_a_wrong_option_ends_the_program_with_its_name() -> None:
    with pytest.raises(pulumi.RunError, match="revcent:ownershipMark 'perhaps' must be true or false"):
        run(DECLARE["SmtpProfile"], config={"revcent:ownershipMark": "perhaps"})


def test_the_owner_knows_its_parents() -> None:
    def program() -> None:
        brand = pulumi.ComponentResource("acme:portal:Brand", "acme")
        revcent.SmtpProfile("mail", **MAIL, opts=pulumi.ResourceOptions(parent=brand))

    urn = registered(program, "mail").inputs[OWNER_KEY]["urn"]
    assert urn == "urn:pulumi:dev::acme::acme:portal:Brand$pulumi-python:dynamic/revcent:SmtpProfile::mail"


@pytest.mark.parametrize(("secret", "warnings"), [([], 1), (["revcent:apiKey"], 0)])
def test_an_api_key_configured_in_the_clear_is_warned_about_once(secret: list[str], warnings: int) -> None:
    done = run(whole_brand, config={"revcent:apiKey": "key-canary"}, secret=secret)
    assert len(done.warnings) == warnings
    assert "canary" not in "".join(done.warnings)
    assert all("pulumi config set --secret revcent:apiKey" in said for said in done.warnings)


# --- the provider ---------------------------------------------------------------------------------------------------


@of_each_kind
def test_states_refer_to_the_provider_class_by_its_path(kind: str) -> None:
    first, second = (registered(DECLARE[kind]).inputs["__provider"] for _ in range(2))
    assert first == second
    assert len(first) < 200
    pickle = base64.b64decode(first)
    provider = KINDS[kind][0]
    assert provider.__module__.encode() in pickle
    assert type(dill.loads(pickle)) is provider  # noqa: S301 - made a line above


def test_no_provider_class_ever_moves() -> None:
    """State files hold these paths: a class that is moved or renamed leaves every stack unable to refresh."""
    paths = {kind: f"{provider.__module__}.{provider.__qualname__}" for kind, (provider, _) in KINDS.items()}
    assert paths == {
        "TrackingDomain": "pulumi_revcent_portal.providers.tracking_domain.TrackingDomainProvider",
        "TrackingDomainSsl": "pulumi_revcent_portal.providers.tracking_domain_ssl.TrackingDomainSslProvider",
        "TrackingDomainDns": "pulumi_revcent_portal.providers.tracking_domain_dns.TrackingDomainDnsProvider",
        "SmtpProfile": "pulumi_revcent_portal.providers.smtp_profile.SmtpProfileProvider",
        "Recaptcha": "pulumi_revcent_portal.providers.recaptcha.RecaptchaProvider",
        "CustomerPortal": "pulumi_revcent_portal.providers.customer_portal.CustomerPortalProvider",
        "DnsRecords": "pulumi_revcent_portal.providers.dns_records.DnsRecordsProvider",
        "UrlParameterSet": "pulumi_revcent_portal.providers.url_parameter_set.UrlParameterSetProvider",
    }
    identity = IDENTITY.provider
    assert f"{identity.__module__}.{identity.__qualname__}" == (
        "pulumi_revcent_portal.providers.stack_identity.StackIdentityProvider"
    )


def test_a_resource_outside_of_a_program_has_an_identity_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a user's unit test that sets mocks without a stack."""
    monkeypatch.setattr("pulumi_revcent_portal.resources.program.get_root_resource", lambda: None)
    assert run(whole_brand).names.count(IDENTITY.name) == 5


def test_an_optional_secret_that_is_not_given_stays_away() -> None:
    props: dict[str, Any] = {"keys": {}}
    _make_secret(props, ("keys", "secret"))
    assert props == {"keys": {}}


def test_a_program_waits_for_one_registration_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    wait = asyncio.wait

    async def counted(outputs: Any, **how: Any) -> Any:
        looked.append(len(outputs))  # all Outputs of a program, whenever one of them is known: a square
        return await wait(outputs, **how)

    monkeypatch.setattr(asyncio, "wait", counted)
    monkeypatch.setattr(base, "under_mocks", lambda: False)
    run(lambda: [revcent.SmtpProfile(f"mail{number}", **MAIL) for number in range(20)])
    assert sum(looked) <= 20


@pytest.mark.parametrize(("username", "sender"), [("portal@acme.com", "portal@acme.com"), ("apikey", None)])
def test_the_sender_of_a_secret_username_is_secret(username: str, sender: str | None) -> None:
    def program() -> None:
        given = {**MAIL, "username": pulumi.Output.secret(username), "sender": None}
        revcent.SmtpProfile("one", **given)

    inputs = registered(program).inputs
    assert (inputs["username"], inputs["sender"]) == (Secret(username), Secret(sender))
