"""A fleet file becomes what a program would have written: references, texts in files, and what is wrong with them."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.output import Unknown

from pulumi_revcent_portal.components.roster import assemble
from pulumi_revcent_portal.fleet.loading import FLAGS, FleetFile, load_fleet, told
from pulumi_revcent_portal.models.base import Problem
from tests.wrong_brands import SHARED

PASSWORD = "correct-horse-battery"
CONFIG = {"smtpPassword": PASSWORD, "other:key": "of-another-namespace"}
ENVIRONMENT = {"ACME_SECRET": "secret-of-the-environment"}
BRANDS = "brands: {acme: {name: Acme}}\n"


class Folder:
    """A directory with a fleet file in it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self, text: str, **how: Any) -> FleetFile:
        file = self.path / "brands.yaml"
        file.write_text(text, encoding="utf-8")
        given: dict[str, Any] = {"config": CONFIG.get, "environment": ENVIRONMENT, "shown": "brands.yaml"}
        return load_fleet(file, **{**given, **how})


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def problems(read: FleetFile) -> list[str]:
    return [str(problem) for problem in read.problems]


# --- the parts ------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_file(folder: Folder) -> None:
    read = folder.load(
        """
        defaults: {footer_html: Terms, account: eu}
        smtp_profiles: {main: {host: smtp.acme.test, password: config:smtpPassword}}
        accounts: {eu: {api_key: env:ACME_SECRET}}
        brands:
          bolt: {name: Bolt, ttl: 300, enabled: false, description: null}
          acme: {name: Acme}
        """
    )
    assert problems(read) == []
    assert read.defaults == {"footer_html": "Terms", "account": "eu"}
    assert read.smtp_profiles == {"main": {"host": "smtp.acme.test", "password": PASSWORD}}
    assert read.accounts == {"eu": {"api_key": "secret-of-the-environment"}}
    assert read.brands == [
        {"key": "bolt", "name": "Bolt", "ttl": 300, "enabled": False, "description": None},
        {"key": "acme", "name": "Acme"},
    ]
    assert (read.left_out, read.unresolved) == ([], [])


@pytest.mark.parametrize(
    ("text", "told_there"),
    [
        ("", ["brands.yaml:1: the file is empty."]),
        ("# nothing\n", ["brands.yaml:1: the file is empty."]),
        ("[]", ["brands.yaml:1: the file holds a list at the top."]),
        ("{}", ["brands.yaml:1: brands: is required: the brands by their keys"]),
        ("defaults: {}\n", ["brands.yaml:1: brands: is required"]),
        ("brands:\n", ["brands.yaml:1: brands: is required"]),
        ("brands: {}\n", ["brands.yaml:1: brands: is required"]),
        ("brands: []\n", ["brands.yaml:1: brands: must be a mapping, not a list."]),
        ("brands: canary-of-a-file\n", ["brands.yaml:1: brands: must be a mapping, not a string."]),
        ("brandz: {}\n", ["brands.yaml:1: brandz: there is no input 'brandz' here. Did you mean 'brands'?"]),
        ("default: {}\n" + BRANDS, ["brands.yaml:1: default: there is no input 'default' here. Did you mean"]),
        ("defaults: []\n" + BRANDS, ["brands.yaml:1: defaults: must be a mapping, not a list."]),
        ("defaults: ''\n" + BRANDS, ["brands.yaml:1: defaults: must be a mapping, not a string."]),
        (BRANDS + "smtp_profiles: canary-of-a-file", ["brands.yaml:2: smtp_profiles: must be a mapping, not a str"]),
        (BRANDS + "accounts: [x]", ["brands.yaml:2: accounts: must be a mapping, not a list."]),
        ("brands:\n  acme: canary-of-a-file\n", ["brands.yaml:2: brands.acme: must be a mapping with the fields of a"]),
        ("brands:\n  acme:\n", ["brands.yaml:2: brands.acme: must be a mapping with the fields of a brand, not None."]),
        (
            "brands:\n  acme: {key: a}\n",
            ["brands.yaml:2: brands.acme.key: is not a field here: the brand's key is 'ac"],
        ),
        ("brands: {acme: {name: 'A}}", ["brands.yaml:1: the quote that opens here is never closed"]),
    ],
)
def test_a_part_of_another_type_is_told(folder: Folder, text: str, told_there: list[str]) -> None:
    read = folder.load(text)
    assert [found[: len(wanted)] for found, wanted in zip(problems(read), told_there, strict=True)] == told_there
    assert "canary" not in " ".join(problems(read))
    assert told(read, []) == read.problems


@pytest.mark.parametrize("part", ["defaults", "smtp_profiles", "accounts"])
@pytest.mark.parametrize("nothing", ["", " null", " {}"])
def test_a_part_but_the_brands_may_be_empty(folder: Folder, part: str, nothing: str) -> None:
    assert problems(folder.load(f"{part}:{nothing}\n{BRANDS}")) == []


def test_a_file_that_is_not_there_is_told(folder: Folder) -> None:
    read = load_fleet(folder.path / "nowhere.yaml", config=CONFIG.get, environment={}, shown="nowhere.yaml")
    assert problems(read) == ["nowhere.yaml:1: there is no such file."]
    assert read.brands == []


def test_a_brand_that_is_no_mapping_is_a_brand_all_the_same(folder: Folder) -> None:
    read = folder.load("brands: {acme: [], bolt: {name: Bolt, key: x}}")
    assert read.brands == [{"key": "acme"}, {"key": "bolt", "name": "Bolt"}]
    assert read.told == ["brands.acme", "brands.bolt.key"]


# --- references -----------------------------------------------------------------------------------------------------


def test_references_stand_for_values_in_any_field(folder: Folder) -> None:
    read = folder.load(
        """
        smtp_profiles: {main: {username: env:ACME_SECRET, password: config:other:key}}
        brands: {acme: {name: config:smtpPassword, former_keys: [env:ACME_SECRET, old]}}
        """
    )
    assert problems(read) == []
    assert read.smtp_profiles["main"] == {"username": "secret-of-the-environment", "password": "of-another-namespace"}
    assert read.brands[0]["former_keys"] == ["secret-of-the-environment", "old"]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("ttl", "300", 300),
        ("ttl", "5m", "5m"),
        ("ttl", "²", "²"),
        ("enabled", "true", True),
        ("enabled", "false", False),
        ("enabled", "yes", "yes"),
        ("description", "300", "300"),
        ("description", "true", "true"),
        ("dns", '{"kind": "route53", "hosted_zone_id": "Z01"}', {"kind": "route53", "hosted_zone_id": "Z01"}),
    ],
)
def test_what_a_reference_stands_for_has_the_type_of_its_field(
    folder: Folder, field: str, text: str, value: object
) -> None:
    read = folder.load(f"brands: {{acme: {{{field}: config:x}}}}", config={"x": text}.get)
    assert (problems(read), read.brands[0][field]) == ([], value)


def test_flags_are_those_of_brands_and_of_permissions() -> None:
    assert {"enabled", "protect", "subscription_cancel", "wait"} <= FLAGS
    assert not {"name", "description", "recaptcha", "ttl"} & FLAGS


@pytest.mark.parametrize("text", ["route53", "[1]", '"x"', "{"])
def test_a_publisher_behind_a_reference_is_json(folder: Folder, text: str) -> None:
    (problem,) = problems(folder.load("brands:\n  acme: {dns: config:x}", config={"x": text}.get))
    assert problem.startswith("brands.yaml:2: brands.acme.dns: must be a JSON object there.")


def test_a_text_with_spaces_is_no_reference(folder: Folder) -> None:
    text = "config: the portal of env: nobody"
    assert folder.load(f"brands: {{acme: {{description: '{text}'}}}}").brands[0]["description"] == text


def test_a_reference_without_a_value_is_told_with_the_command_that_sets_it(folder: Folder) -> None:
    read = folder.load(
        "brands:\n  acme:\n    recaptcha: {secret_key: config:no}\n    domain: env:NO\n    zone: 'config:'\n"
    )
    secret, domain, zone = problems(read)
    assert secret.startswith("brands.yaml:3: brands.acme.recaptcha.secret_key: config:no is not set. Set it with 'pulu")
    assert domain.startswith("brands.yaml:4: brands.acme.domain: the environment variable NO is not set. Set it where")
    assert zone.startswith("brands.yaml:5: brands.acme.zone: begins with 'config:', and no key of the stack's conf")
    assert isinstance(read.brands[0]["domain"], Unknown), "so that nothing is said of a value that nobody gave"


# --- secrets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "smtp_profiles: {main: {password: SECRET}}",
        "smtp_profiles: {main: {password: 'SECRET with spaces'}}",
        "smtp_profiles: {main: {password: [SECRET]}}",
        "smtp_profiles: {main: {password: {a: SECRET}}}",
        "smtp_profiles: {main: {password: 1234567890}}",
        "accounts: {eu: {api_key: SECRET}}",
        "defaults: {recaptcha: {secret_key: SECRET}}",
        "defaults: {dns: {key_secret: SECRET}}",
        "defaults: {dns: {secrets: {token: SECRET}}}",
        "defaults: {dns: {secrets: {a: {b: SECRET}}}}",
        "defaults: {dns: {secrets: {a: [x, SECRET]}}}",
        "defaults: {variables: {password: SECRET}}",
    ],
)
def test_a_secret_is_a_reference_at_any_depth(folder: Folder, written: str) -> None:
    read = folder.load(f"{written.replace('SECRET', 'hunter2-canary')}\n{BRANDS}")
    assert problems(read)
    for problem in read.problems:
        assert "must be a reference, not " in problem.message
        assert "pulumi config set --secret" in problem.message
    assert "canary" not in f"{problems(read)} {read!r} {told(read, [])}"
    values = json.dumps([read.defaults, read.smtp_profiles, read.accounts], default=lambda _: "unknown")
    assert "canary" not in values
    assert "unknown" in values


def test_what_was_read_shows_no_secret(folder: Folder) -> None:
    read = folder.load(f"smtp_profiles: {{main: {{password: config:smtpPassword}}}}\n{BRANDS}")
    assert read.smtp_profiles["main"]["password"] == PASSWORD
    assert PASSWORD not in repr(read)


def leaves(value: Any, *path: str) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from leaves(item, *path, key)
    else:
        yield path


WHOLE: dict[str, Any] = {
    "defaults": copy.deepcopy(SHARED),
    "smtp_profiles": {
        "main": {
            "name": "Mail", "host": "smtp.acme.test", "port": 587, "secure": "starttls", "username": "portal@acme.test",
            "password": "config:p", "sender": "portal@acme.test", "description": "", "enabled": True, "adopt": False,
            "adopt_id": "A" * 20,
        },
        "other": {"id": "A" * 20, "sender": "portal@acme.test"},
    },
    "accounts": {
        "eu": {
            "api_key": "config:p", "base_url": "https://api.revcent.com/v2", "requests_per_minute": 60, "timeout": 5,
            "max_retries": 1, "contract": "contract.json", "offline": True, "ownership_mark": True, "resolvers": "none",
        },
    },
    "brands": {
        "acme": {"name": "Acme", "group": "emea", "former_keys": [], **copy.deepcopy(SHARED)},
        "bolt": {"name": "Bolt", "tracking_domain": "D" * 20, "smtp_profile": "main"},
    },
}  # fmt: skip
"""Every field that a file may hold."""
CANARIES = (
    "canary-Of-A-Stack 7",
    "canary@wrong.example:25",
    '{"kind": "canary-kind", "canary-key": ["canary-of-json", true]}',
)


def all_told(read: FleetFile) -> str:
    roster = assemble(
        brands=read.brands, defaults=read.defaults, smtp_profiles=read.smtp_profiles, accounts=read.accounts,
        told=read.told, rules={"same-display-name": "error", "nothing-allowed": "error"},
    )  # fmt: skip
    return "\n".join(map(str, told(read, roster.problems)))


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("path", list(leaves(WHOLE)), ids=".".join)
def test_no_message_shows_what_a_reference_stands_for(folder: Folder, path: tuple[str, ...], canary: str) -> None:
    data = copy.deepcopy(WHOLE)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "config:canary"
    config = {"canary": canary, "p": "a-password-that-is-right"}
    message = all_told(folder.load(yaml.safe_dump(data), config=config.get))
    assert "canary-" not in message.casefold()
    assert "canary@" not in message
    assert "wrong.example" not in message


def test_a_message_names_the_reference_in_the_place_of_its_value(folder: Folder) -> None:
    read = folder.load("brands:\n acme:\n  name: Acme\n  domain: config:d", config={"d": "shop.acme.com"}.get)
    assert all_told(read).splitlines()[-1] == (
        "brands.yaml:4: brands.acme.domain: 'config:d' is a sub-domain; RevCent wants the root domain. Write '...'."
    )


def test_a_message_about_another_field_names_the_reference_too(folder: Folder) -> None:
    read = folder.load(BRANDS, config={}.get)
    read.values.append(folder.load("brands: {a: {name: config:smtpPassword}}").values[0])
    (problem,) = told(read, [Problem("brands.acme.name", f"{PASSWORD!r} is the name of another: 'horse'.")])
    assert problem.message == "'config:smtpPassword' is the name of another: 'horse'."


# --- brands of other stacks -----------------------------------------------------------------------------------------

SPLIT = """
defaults: {account: us}
smtp_profiles:
  main: {name: Mail, password: config:mainPassword}
  other: {name: Other, password: config:otherPassword}
accounts:
  us: {api_key: config:usKey}
  eu: {api_key: config:euKey}
brands:
  acme: {name: Acme, group: one, smtp_profile: main, recaptcha: {secret_key: config:acmeSecret}}
  bolt: {name: Bolt, group: two, smtp_profile: other, account: eu, recaptcha: {secret_key: config:boltSecret}}
  crate: {name: Crate, group: two, smtp_profile: other, account: eu, domain: config:crateDomain, ttl: 12x}
"""


def split(folder: Folder, group: str, config: dict[str, str], text: str = SPLIT) -> FleetFile:
    return folder.load(text, config=config.get, chosen=lambda _key, brand: brand.get("group") == group)


def test_a_stack_needs_the_values_of_its_own_brands_only(folder: Folder) -> None:
    read = split(folder, "one", {"mainPassword": "m", "usKey": "u", "acmeSecret": "a"})
    assert problems(read) == []
    assert read.unresolved == [
        "brands.bolt.recaptcha.secret_key", "brands.crate.domain", "smtp_profiles.other.password",
        "accounts.eu.api_key",
    ]  # fmt: skip
    assert read.left_out == ["crate"], "of the other one only a secret is not known"
    assert [brand["key"] for brand in read.brands] == ["acme", "bolt", "crate"]
    assert read.smtp_profiles["main"]["password"] == "m"
    assert isinstance(read.smtp_profiles["other"]["password"], Unknown)


def test_a_stack_needs_what_its_own_brands_share(folder: Folder) -> None:
    read = split(folder, "two", {})
    assert [problem.place.field for problem in read.problems] == [
        "brands.bolt.recaptcha.secret_key", "brands.crate.domain", "smtp_profiles.other.password",
        "accounts.eu.api_key",
    ]  # fmt: skip
    assert read.unresolved == ["brands.acme.recaptcha.secret_key", "smtp_profiles.main.password", "accounts.us.api_key"]


def test_a_stack_of_all_brands_needs_everything(folder: Folder) -> None:
    read = folder.load(SPLIT.replace("acme: {name: Acme, group: one, smtp_profile: main", "acme: {name: Acme"))
    assert len(read.problems) == 7
    assert read.unresolved == []


def test_brands_that_name_no_profile_need_the_only_one(folder: Folder) -> None:
    text = SPLIT.replace(", smtp_profile: main", "")
    read = split(folder, "one", {"usKey": "u", "acmeSecret": "a"}, text)
    assert [problem.place.field for problem in read.problems] == [
        "smtp_profiles.main.password",
        "smtp_profiles.other.password",
    ]


def test_what_else_is_wrong_with_the_brands_of_other_stacks_is_told(folder: Folder) -> None:
    text = SPLIT.replace("{secret_key: config:boltSecret}", "{secret_key: hunter2-canary, site_key: config:none}")
    read = split(folder, "one", {"mainPassword": "m", "usKey": "u", "acmeSecret": "a"}, text)
    assert [problem.place.field for problem in read.problems] == ["brands.bolt.recaptcha.secret_key"]
    assert "brands.crate.ttl: " in all_told(read)
    assert "crateDomain" not in all_told(read)


# --- texts in files -------------------------------------------------------------------------------------------------


def test_texts_are_read_from_files_beside_the_fleet_file(folder: Folder) -> None:
    (folder.path / "emails").mkdir()
    (folder.path / "emails" / "confirmation.html").write_bytes(b"\xef\xbb\xbf<p>{{email_code}}</p>\r\n\xf0\x9f\xa6\x8a")
    (folder.path / "footer.html").write_text("config:smtpPassword")
    read = folder.load(
        """
        defaults: {footer_html: {file: footer.html}}
        brands:
          acme: {customer_emails: {confirmation: {html: {file: emails/confirmation.html}}}}
          bolt: {customer_emails: {confirmation: {html: {file: ./emails/confirmation.html}}}}
        """
    )
    assert problems(read) == []
    htmls = [brand["customer_emails"]["confirmation"]["html"] for brand in read.brands]
    assert [html.encode() for html in htmls] == [b"<p>{{email_code}}</p>\n\xf0\x9f\xa6\x8a"] * 2
    assert read.defaults["footer_html"] == "config:smtpPassword", "what a file holds is no reference"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.html", "there is no file 'nowhere.html' beside brands.yaml."),
        (".", "'.' cannot be read: Is a directory."),
        ("latin.html", "'latin.html' cannot be read: it is no text in UTF-8."),
        ("huge.html", "'huge.html' has more than 1,000,000 characters, which no email or footer needs."),
        ("''", "must be the path of a file, not the string ''."),
        ("[a.html]", "must be the path of a file, not a list."),
        ("7", "must be the path of a file, not 7."),
    ],
)
def test_a_file_that_cannot_be_read_is_told(folder: Folder, name: str, says: str) -> None:
    (folder.path / "latin.html").write_bytes("Ä".encode("latin-1"))
    (folder.path / "huge.html").write_text("x" * 1_000_001)
    read = folder.load(f"defaults:\n  footer_html:\n    file: {name}\n{BRANDS}")
    assert problems(read) == [f"brands.yaml:3: defaults.footer_html.file: {says}"]


@pytest.mark.parametrize("written", ["{file: a.html, other: x}", "{path: a.html}"])
def test_another_mapping_is_left_to_the_models(folder: Folder, written: str) -> None:
    read = folder.load(f"defaults: {{footer_html: {written}}}\n{BRANDS}")
    assert problems(read) == []
    assert "brands.yaml:1: defaults.footer_html: must be a string, not a dict." in all_told(read)


@pytest.mark.parametrize("field", ["description", "portal_name"])
def test_other_fields_are_no_files(folder: Folder, field: str) -> None:
    assert folder.load(f"defaults: {{{field}: {{file: a.html}}}}\n{BRANDS}").defaults == {field: {"file": "a.html"}}


# --- telling --------------------------------------------------------------------------------------------------------


def test_all_is_told_in_the_order_of_the_file_and_each_field_once(folder: Folder) -> None:
    read = folder.load(
        "brands:\n  acme:\n    recaptcha: {secret_key: x}\n    name: Acme\n  bolt: {name: Bolt, domain: env:NO}\n"
    )
    found = told(
        read,
        [
            Problem("brands.bolt.name", "third"),
            Problem("brands.acme.recaptcha.secret_key", "once more"),
            Problem("brands.acme.recaptcha.secret_key.x", "once more"),
            Problem("brands.bolt.domain", "once more"),
            Problem("brands.acme.name", "second"),
            Problem("brands.acme.nothing.there", "first"),
            Problem("only[0]", "before all"),
        ],
    )
    assert [(problem.place.line, problem.message.partition(" ")[0]) for problem in found] == [
        (1, "before"), (2, "first"), (3, "must"), (4, "second"), (5, "third"), (5, "the"),
    ]  # fmt: skip
    assert str(found[3]) == "brands.yaml:4: brands.acme.name: second"
