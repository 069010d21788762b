from __future__ import annotations

import asyncio
import inspect
import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pulumi_revcent_portal.components.roster import assemble
from pulumi_revcent_portal.fleet.document import read_document
from pulumi_revcent_portal.fleet.loading import PARTS, load_fleet, told
from pulumi_revcent_portal.fleet.references import is_reference
from pulumi_revcent_portal.fleet.schema import AccountOptions, fleet_schema
from pulumi_revcent_portal.models.base import InvalidInputs, Model, model_of, validate
from pulumi_revcent_portal.models.fleet import Brand, BrandDefaults, BrandEntry, key_problem
from pulumi_revcent_portal.models.publishers import PUBLISHERS
from pulumi_revcent_portal.models.smtp import SmtpProfileInputs, SmtpProfileOfStack, SmtpProfileRef
from pulumi_revcent_portal.resources.account import Account
from tests.docs.pages import CHECKOUT, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE_KEY = "6L" + "a" * 38
SECRET_KEY = "6L" + "b" * 38
ID = "a1B2c3D4e5F6g7H8i9J0"
CONFIG = {
    "captchaSecretKey": SECRET_KEY,
    "captchaSiteKey": SITE_KEY,
    "smtpPassword": "hunter2",
    "apiKey": "key",
    "tsig": "c2VjcmV0",
    "domain": "bolt.com",
    "enabled": "true",
    "dns": '{"kind": "route53", "hosted_zone_id": "Z0123456789ABCDEFGHIJ"}',
    "acme:address": "portal@bolt.com",
}

FULL = """
accounts:
  eu:
    api_key: config:apiKey
    base_url: https://eu.revcent.example/v2
    requests_per_minute: 600
    timeout: 12.5
    max_retries: 3
    contract: contract.json
    offline: false
    ownership_mark: true
    resolvers: [192.0.2.53, "[2001:db8::53]:53"]
  us: {api_key: env:US_KEY, resolvers: none, requests_per_minute: env:BUDGET}
smtp_profiles:
  main:
    name: Acme mail
    description: For the portals
    enabled: true
    host: smtp.acme.com
    port: 587
    secure: starttls
    username: portal@acme.com
    password: config:smtpPassword
    adopt: false
    adopt_id: a1B2c3D4e5F6g7H8i9J0
  existing: {id: a1B2c3D4e5F6g7H8i9J0, sender: portal@bolt.com}
  shared: {stack: acme/mail/prod, output: profile}
defaults:
  smtp_profile: main
  recaptcha: {site_key: config:captchaSiteKey, secret_key: config:captchaSecretKey}
  dns: config:dns
  wait: {timeout: 1h30m}
  ttl: 300
  overwrite: false
  customer_emails:
    accent: "#1f4e8c"
    support_email: help@acme.com
    logo_url: https://acme.com/logo.png
    cc: [archive@acme.com]
  customer_permissions:
    use_cases: [payment_method_update, payment_recovery]
    subscription_cancel: true
  footer_html: {file: footer.html}
  variables: {address: 1 Main Street, founded: 1999, vat: true}
  rules: {portal-open-to-everyone: off, two-senders: warning}
brands:
  acme:
    name: Acme
    domain: acme.com
    account: eu
    group: emea
    former_keys: [acme-old]
    zone: acme.com
    dns: {kind: route53, hosted_zone_id: Z0123456789ABCDEFGHIJ, region: eu-west-1, profile: dns}
    url_parameter_sets: [utm]
    portal_name: Portal of [[ brand ]]
    display_name: "[[ brand ]]"
    description: The first one
    portal_url: https://portal.acme.com
    customer_filters: {campaign: [Acme US], third_party_shop: [acme-woo]}
    create_non_existing_customer: true
    campaign: Acme US
    enabled: true
    adopt: false
    protect: true
    retain_on_delete: false
  bolt-2:
    name: Bolt
    domain: config:domain
    account: us
    smtp_profile: existing
    dns:
    wait: false
    customer_emails:
      from_address: config:acme:address
      from_name: Bolt
      bcc: []
      confirmation: {subject: Welcome, html: '{{email_code}}', cc: [a@bolt.com]}
      password_reset: {html: {file: reset.html}, bcc: [b@bolt.com]}
  crate:
    name: Crate
    smtp_profile:
    wait: config:enabled
    tracking_domain: a1B2c3D4e5F6g7H8i9J0
    dns:
      {kind: rfc2136, server: ns1.crate.com, key_name: k, key_secret: config:tsig, port: 53, key_algorithm: hmac-md5}
  dune:
    name: Dune
    domain: dune.com
    smtp_profile: shared
    customer_emails: {from_address: portal@dune.com}
    enabled: config:enabled
    ttl: env:BUDGET
    dns: {kind: octodns, provider: octodns_x.XProvider, settings: {account_id: 7}, secrets: {token: env:TOKEN}}
"""
SMALL = """
brands:
  a: {name: A, domain: a.com, smtp_profile: a1B2c3D4e5F6g7H8i9J0, customer_emails: {from_address: p@a.com},
      recaptcha: {site_key: config:captchaSiteKey, secret_key: config:captchaSecretKey}}
accounts:
defaults:
smtp_profiles:
"""
ENVIRONMENT = {"US_KEY": "key", "TOKEN": "token", "BUDGET": "600"}


@cache
def schema() -> dict[str, Any]:
    return fleet_schema()


def refusals(data: Any) -> list[Any]:
    return list(Draft202012Validator(schema()).iter_errors(data))


def problems(folder: Path, text: str) -> list[str]:
    """What `PortalFleet.from_yaml` would say."""
    path = folder / "brands.yaml"
    path.write_text(text, encoding="utf-8")
    (folder / "footer.html").write_text("<p>[[ brand ]]</p>", encoding="utf-8")
    (folder / "reset.html").write_text("<p>{{email_code}}</p>", encoding="utf-8")
    read = load_fleet(path, config=CONFIG.get, environment=ENVIRONMENT)
    roster = assemble(
        brands=read.brands,
        defaults=read.defaults,
        smtp_profiles=read.smtp_profiles,
        accounts=read.accounts,
        told=read.told,
    )
    loop = asyncio.get_event_loop()
    for task in asyncio.all_tasks(loop):  # of Outputs that were made of what is wrong
        loop.run_until_complete(asyncio.wait([task]))
    return [str(each) for each in told(read, roster.problems)]


def as_data(folder: Path, text: str) -> dict[str, Any]:
    path = folder / "read.yaml"
    path.write_text(text, encoding="utf-8")
    document = read_document(path)
    assert document.problems == ()
    return document.data


# -- the schema itself ------------------------------------------------------------------------------------------------


def test_it_is_a_schema_of_the_draft_that_it_names() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["title"]
    assert "$id" not in str(schema())


def definitions() -> dict[str, dict[str, Any]]:
    """The schemas of mappings, by name; the file's own is called so."""
    return {
        "the file": schema(),
        **{name: each for name, each in schema()["$defs"].items() if each["type"] == "object"},
    }


@pytest.mark.parametrize("name", list(definitions()))
def test_every_field_is_documented_and_no_other_is_allowed(name: str) -> None:
    definition = definitions()[name]
    assert definition["description"]
    assert definition["additionalProperties"] is False
    for field, each in definition["properties"].items():
        assert re.fullmatch(r"\S.*\.", each["description"]), field
        assert "title" not in each


def test_every_definition_is_used() -> None:
    assert set(re.findall(r"#/\$defs/(\w+)", str(schema()))) == schema()["$defs"].keys()


def nested(model: type[Model]) -> Iterator[type[Model]]:
    yield model
    for field in model.model_fields.values():
        inner = model_of(field)
        if inner is not None:
            yield from nested(inner)


MODELS = {
    each.__name__: each
    for model in (
        BrandEntry,
        BrandDefaults,
        SmtpProfileInputs,
        SmtpProfileRef,
        SmtpProfileOfStack,
        *PUBLISHERS.values(),
    )
    for each in nested(model)
}


def test_it_knows_the_keys_of_the_models_and_no_others() -> None:
    known = {name: list(each["properties"]) for name, each in definitions().items()}
    assert set(known.pop("the file")) == set(PARTS)
    assert known.pop("TextFile") == ["file"]
    assert known.pop("AccountOptions") == list(AccountOptions.model_fields)
    assert known == {name: list(model.model_fields) for name, model in MODELS.items()}
    assert Brand.model_fields.keys() - BrandEntry.model_fields.keys() == {"key"}


def test_what_is_required_is_what_the_models_require() -> None:
    required = {name: set(each.get("required", ())) for name, each in definitions().items() if name in MODELS}
    publishers = {model.__name__ for model in PUBLISHERS.values()}
    assert required == {
        name: {key for key, field in model.model_fields.items() if field.is_required()}
        | ({"kind"} if name in publishers else set())
        for name, model in MODELS.items()
    }


def test_the_options_of_an_account_are_those_of_the_class_in_its_words() -> None:
    parameters = inspect.signature(Account.__init__).parameters.values()
    taken = {each.name: each for each in parameters if each.kind is each.KEYWORD_ONLY and each.name != "opts"}
    assert list(AccountOptions.model_fields) == list(taken)
    document = inspect.cleandoc(Account.__doc__ or "")
    said = dict(re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", document, re.MULTILINE))
    for name, field in AccountOptions.model_fields.items():
        assert field.is_required() == (taken[name].default is inspect.Parameter.empty)
        words = " ".join(said[name].split()).casefold()
        assert words.startswith(" ".join(str(field.description).split()).casefold())


def test_a_secret_is_nothing_but_a_reference() -> None:
    secrets = [
        (model.__name__, name)
        for model in MODELS.values()
        for name, field in model.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("secret")
    ]
    assert len(secrets) == 4
    for model, name in [*secrets, ("AccountOptions", "api_key")]:
        validator = Draft202012Validator({"$defs": schema()["$defs"], **definitions()[model]["properties"][name]})
        for value in ("hunter2", "config:hunter2", 7):
            whole = {"token": value} if name == "secrets" else value
            assert validator.is_valid(whole) == (value == "config:hunter2"), (model, name)


# -- what it accepts --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [FULL, SMALL], ids=["everything", "little"])
def test_a_fleet_that_can_be_declared_is_accepted(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text) == []
    assert refusals(as_data(tmp_path, text)) == []


def test_the_example_with_everything_holds_every_field() -> None:
    words = set(re.findall(r"(\w+):", FULL))
    fields = {field for each in definitions().values() for field in each["properties"]}
    permissions = set(schema()["$defs"]["BrandPermissions"]["properties"])
    assert fields - permissions - words == {"role_arn", "endpoint_url"}


def test_null_leaves_out_whatever_may_be_left_out() -> None:
    for name, definition in definitions().items():
        for field, each in definition["properties"].items():
            validator = Draft202012Validator({"$defs": schema()["$defs"], **each})
            assert validator.is_valid(None) == (field not in definition.get("required", ())), (name, field)


# -- what it refuses --------------------------------------------------------------------------------------------------

NOWHERE: Any = object()
WRONG: list[tuple[str, Any]] = [
    ("brand", {}),
    ("brands", {}),
    ("brands", None),
    ("brands", [{"key": "acme", "name": "Acme"}]),
    ("brands.acme", None),
    ("brands.acme corp", {"name": "Acme", "domain": "acme.net"}),
    ("brands.acme.key", "acme"),
    ("brands.acme.name", NOWHERE),
    ("brands.acme.name", 365),
    ("brands.acme.name", " Acme"),
    ("brands.acme.name", ""),
    ("brands.acme.nmae", "Acme"),
    ("brands.acme.domain", "https://acme.com"),
    ("brands.acme.tracking_domain", ID),
    ("brands.crate.tracking_domain", "acme.com"),
    ("brands.acme.group", "North America"),
    ("brands.acme.former_keys", ["acme_"]),
    ("brands.acme.former_keys", "old"),
    ("brands.acme.enabled", "yes"),
    ("brands.acme.wait", "20m"),
    ("brands.acme.ttl", 0),
    ("brands.acme.ttl", "300"),
    ("brands.acme.customer_permissions", "config:permissions"),
    ("brands.acme.portal_url", "http://portal.acme.com"),
    ("brands.acme.customer_filters.campaign", "Acme US"),
    ("brands.acme.customer_filters.campaign", ["Acme US", "Acme US"]),
    ("brands.acme.customer_filters.shop", ["acme-woo"]),
    ("brands.acme.recaptcha", {"site_key": "config:captchaSiteKey"}),
    ("brands.acme.recaptcha", {"site_key": "config:captchaSiteKey", "secret_key": SECRET_KEY}),
    ("brands.acme.recaptcha", {"site_key": "abc", "secret_key": "config:captchaSecretKey"}),
    ("brands.bolt-2.customer_emails.from_address", "Bolt <portal@bolt.com>"),
    ("brands.bolt-2.customer_emails.confirmation.html", 7),
    ("brands.bolt-2.customer_emails.confirmation.html", {"path": "reset.html"}),
    ("brands.bolt-2.customer_emails.confirmation.html", {"file": "reset.html", "encoding": "utf-8"}),
    ("brands.bolt-2.customer_emails.confirmation.from_address", "portal@bolt.com"),
    ("brands.crate.dns.key_secret", "c2VjcmV0"),
    ("brands.crate.dns.kind", "bind"),
    ("brands.crate.dns.kind", NOWHERE),
    ("brands.crate.dns.port", 70000),
    ("brands.dune.dns.secrets.token", "abcdef"),
    ("defaults.name", "Everybody"),
    ("defaults.customer_emails.accent", "#fff"),
    ("defaults.customer_emails.logo_url", "http://acme.com/logo.png"),
    ("defaults.customer_permissions.use_cases", ["payments"]),
    ("defaults.customer_permissions.use_cases", "payment_recovery"),
    ("defaults.customer_permissions.subscription_cancel", "true"),
    ("defaults.customer_permissions.credit_card", True),
    ("defaults.variables", {"my-address": "x"}),
    ("defaults.variables", {"brand": "x"}),
    ("defaults.variables", {"address": ["x"]}),
    ("defaults.rules", {"two-sender": "off"}),
    ("defaults.rules", {"two-senders": "warn"}),
    ("defaults.rules", {"two-senders": False}),
    ("smtp_profiles.main.password", "hunter2"),
    ("smtp_profiles.main.password", NOWHERE),
    ("smtp_profiles.main.port", "587"),
    ("smtp_profiles.main.host", "smtp://smtp.acme.com"),
    ("smtp_profiles.main.secure", "ssl"),
    ("smtp_profiles.existing.name", "Bolt mail"),
    ("smtp_profiles.existing.id", "main"),
    ("smtp_profiles.shared.sender", "portal@dune.com"),
    ("smtp_profiles.main", None),
    ("smtp_profiles.the mail", {"id": ID}),
    ("accounts.eu.api_key", "key-in-the-clear"),
    ("accounts.eu.api_key", NOWHERE),
    ("accounts.eu.requests_per_minute", 0),
    ("accounts.eu.timeout", 601),
    ("accounts.eu.ownership_mark", "true"),
    ("accounts.eu.baseUrl", "https://eu.revcent.example/v2"),
    ("accounts.eu", "config:apiKey"),
]


def _shown(place: str, value: Any) -> str:
    return f"{place} left out" if value is NOWHERE else f"{place}={value}"[:60]


@pytest.mark.parametrize(("place", "value"), WRONG, ids=[_shown(*wrong) for wrong in WRONG])
def test_a_mistake_is_refused_where_it_stands_as_when_the_file_is_loaded(
    tmp_path: Path, place: str, value: Any
) -> None:
    data = deepcopy(as_data(tmp_path, FULL))
    *above, last = place.split(".")
    at = data
    for key in above:
        at = at.setdefault(key, {})
    if value is NOWHERE:
        del at[last]
    else:
        at[last] = value
    found = refusals(data)
    assert found
    for error in found:
        path = ".".join(map(str, error.absolute_path))
        assert place.startswith(path) or path.startswith(place)
    assert problems(tmp_path, yaml.safe_dump(data))


@given(st.from_regex(r"[A-Za-z0-9_. -]{1,66}", fullmatch=True))
def test_it_takes_for_a_key_what_the_models_do(key: str) -> None:
    pattern = schema()["properties"]["brands"]["propertyNames"]["pattern"]
    assert bool(re.search(pattern, key)) == (key_problem(key) is None)


@given(st.from_regex(r"(config|env):[A-Za-z0-9_.: -]{0,9}", fullmatch=True))
def test_it_takes_for_a_reference_what_the_loader_does(text: str) -> None:
    validator = Draft202012Validator(schema()["$defs"]["Reference"])
    assert validator.is_valid(text) == is_reference(text)


LIKELY = {
    "name": st.text(max_size=9),
    "domain": st.sampled_from(["acme.com", "ACME.com", "acme.com.", "müller.de", "xn--mller-kva.de", "acme.co.uk"]),
    "portal_url": st.sampled_from(["https://acme.com", "https://acme.com:8443/x?y#z", "https://[2001:db8::1]/"]),
    "group": st.text("aZ0-_ .", max_size=5),
}


@pytest.mark.parametrize("field", LIKELY)
def test_no_text_is_refused_that_the_models_take(field: str) -> None:
    validator = Draft202012Validator({"$ref": "#/$defs/BrandEntry", "$defs": schema()["$defs"]})

    @given(LIKELY[field])
    def check(value: str) -> None:
        entry = {"name": "Acme", field: value}
        try:
            validate(BrandEntry, entry)
        except InvalidInputs:
            return
        assert validator.is_valid(entry)

    check()


# -- where it is shown ------------------------------------------------------------------------------------------------


FLEETS = {
    f"{page.name} {number}": block.replace("6L...", SITE_KEY)
    for page in pages()
    for number, block in enumerate(page.blocks("yaml"))
    if re.search("^brands:", block, re.MULTILINE) and not block.startswith("# wrong")
} | {
    path.relative_to(CHECKOUT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((CHECKOUT / "examples").rglob("*brands.yaml"))
}


@pytest.mark.parametrize("name", FLEETS)
def test_the_fleets_of_pages_and_examples_are_accepted(tmp_path: Path, name: str) -> None:
    assert refusals(as_data(tmp_path, FLEETS[name])) == []
