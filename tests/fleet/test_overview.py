from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pulumi_revcent_portal.components.roster import assemble
from pulumi_revcent_portal.fleet.loading import load_fleet, told
from pulumi_revcent_portal.fleet.overview import Overview, look
from pulumi_revcent_portal.models.base import is_plain

SITE_KEY = "6L" + "a" * 38
ID = "a1B2c3D4e5F6g7H8i9J0"
SECRET = "hunter2-and-more"
CONFIG = {"siteKey": SITE_KEY, "secretKey": "6L" + "b" * 38, "smtpPassword": SECRET, "apiKey": SECRET}

HEAD = """\
defaults:
  recaptcha: {site_key: config:siteKey, secret_key: config:secretKey}
smtp_profiles:
  main: {name: Mail, host: smtp.acme.com, port: 587, username: portal@acme.com, password: config:smtpPassword}
accounts:
  eu: {api_key: config:apiKey}
brands:
"""
ACME = "  acme: {name: Acme, domain: acme.com}\n"


def seen(folder: Path, text: str, **environment: str) -> Overview:
    path = folder / "brands.yaml"
    path.write_text(text, encoding="utf-8")
    return look(path, environment=environment, shown="brands.yaml")


def said(overview: Overview, key: str = "") -> list[str]:
    return [str(each) for each in (overview.problems_of(key) if key else overview.problems)]


def portal(overview: Overview, key: str) -> dict[str, Any]:
    brand = overview.brands[key]
    assert overview.problems == ()
    assert brand is not None
    return dict(brand.whole.portal)


# -- what is right ----------------------------------------------------------------------------------------------------


def test_a_brand_is_complete_without_a_stack(tmp_path: Path) -> None:
    found = seen(tmp_path, f"{HEAD}{ACME}  bolt: {{name: Bolt, domain: bolt.com, account: eu, group: emea}}\n")
    assert found.problems == ()
    assert list(found.brands) == ["acme", "bolt"]
    bolt = found.brands["bolt"]
    assert bolt is not None
    assert (bolt.key, bolt.group, bolt.account, bolt.profile) == ("bolt", "emea", "eu", "main")
    assert bolt.whole.portal["name"] == "Bolt customer portal"
    assert portal(found, "acme")["customer_emails"]["confirmation"]["from_address"] == "portal@acme.com"


REFERENCES = """
defaults:
  recaptcha: {site_key: config:siteKey, secret_key: env:SECRET_KEY}
  account: config:account
  smtp_profile: config:profile
  dns: config:dns
  zone: env:ZONE
  ttl: config:ttl
  overwrite: config:overwrite
  wait: {timeout: config:timeout}
  url_parameter_sets: [config:utm]
  portal_url: config:portalUrl
  create_non_existing_customer: config:register
  campaign: config:campaign
  enabled: config:enabled
  adopt: config:adopt
  protect: config:protect
  customer_permissions: {use_cases: [config:useCase], trial_cancel: config:trials}
  customer_filters: {campaign: [config:campaign]}
  rules: {two-senders: config:twoSenders}
smtp_profiles:
  main: {name: config:mailName, host: config:host, port: config:port, secure: config:secure, username: config:user,
         password: config:smtpPassword, sender: config:sender, adopt_id: config:mailId, enabled: config:mailEnabled}
  other: {id: config:mailId, sender: config:otherSender}
  shared: {stack: config:stack}
accounts:
  eu: {api_key: config:apiKey, timeout: config:timeout}
brands:
  acme:
    name: config:name
    domain: config:domain
    group: config:group
    former_keys: [config:formerKey]
    portal_name: config:portalName
    display_name: "[[ word ]] of [[ domain ]]"
    footer_html: "<a href='[[ logo_url ]]'>[[ support_email|upper ]]</a> [[ accent ]]"
    variables: {word: config:word}
    customer_emails:
      from_address: config:from
      from_name: env:FROM
      accent: config:accent
      support_email: config:support
      logo_url: config:logo
      cc: [config:copy, env:COPY]
      confirmation: {subject: config:subject, bcc: [env:COPY]}
  bolt: {name: Bolt, tracking_domain: config:tracking}
"""


def test_references_without_a_value_stand_for_themselves_wherever_they_are_shown(tmp_path: Path) -> None:
    found = seen(tmp_path, REFERENCES)
    made = portal(found, "acme")
    assert found.shown(made["name"]) == "config:portalName"
    assert found.shown(made["display_name"]) == "config:word of config:domain"
    assert found.shown(made["footer_html"]) == "<a href='config:logo'>config:support</a> #1f4e8c"
    email = made["customer_emails"]["confirmation"]
    assert found.shown(email["from_address"]) == "config:from"
    assert found.shown(email["from_name"]) == "env:FROM"
    assert found.shown(email["subject"]) == "config:subject"
    assert [found.shown(each) for each in (*email["cc"], *email["bcc"])] == ["config:copy", "env:COPY", "env:COPY"]
    assert '<img src="config:logo" alt="config:name"' in found.shown(email["html"])
    assert 'href="mailto:config:support"' in found.shown(email["html"])
    acme, bolt = found.brands["acme"], found.brands["bolt"]
    assert acme is not None
    assert bolt is not None
    assert (acme.group, acme.account, acme.profile) == ("config:group", "config:account", "config:profile")
    assert found.shown(str(acme.whole.domain)) == "config:domain"
    assert found.shown(bolt.whole.brand["tracking_domain"]) == "config:tracking"


def test_the_environment_is_read(tmp_path: Path) -> None:
    found = seen(tmp_path, REFERENCES.replace("config:domain", "env:DOMAIN"), DOMAIN="acme.com", FROM="Acme", COPY="")
    made = portal(found, "acme")
    assert made["display_name"] == "config:word of acme.com"
    assert made["customer_emails"]["confirmation"]["from_name"] == "Acme"
    assert found.shown(made["customer_emails"]["confirmation"]["bcc"][0]) == "env:COPY"


def test_ten_references_do_not_get_mixed_up(tmp_path: Path) -> None:
    copies = ", ".join(f"config:copy{number}" for number in range(12))
    found = seen(tmp_path, f"{HEAD}  acme: {{name: A, domain: a.com, customer_emails: {{cc: [{copies}]}}}}\n")
    email = portal(found, "acme")["customer_emails"]["confirmation"]
    assert ", ".join(map(found.shown, email["cc"])) == copies


@pytest.mark.parametrize(
    ("profile", "brand", "address"),
    [
        ("username: u, sender: config:sender", "", "config:sender"),
        ("username: u, sender: config:sender", "from_address: portal@acme.com", "portal@acme.com"),
        ("username: u, sender: portal@acme.com", "from_address: config:from", "config:from"),
        ("username: config:user", "", "config:user"),
        ("username: config:user, sender: portal@acme.com", "", "portal@acme.com"),
    ],
)
def test_a_sender_that_is_not_known_contradicts_no_address(
    tmp_path: Path, profile: str, brand: str, address: str
) -> None:
    head = HEAD.replace("username: portal@acme.com", profile)
    found = seen(tmp_path, f"{head}  acme: {{name: A, domain: a.com, customer_emails: {{{brand}}}}}\n")
    assert found.shown(portal(found, "acme")["customer_emails"]["confirmation"]["from_address"]) == address


@pytest.mark.parametrize("profile", ["elsewhere", "config:profile", "shared"])
def test_of_a_profile_that_is_not_in_the_file_the_sender_is_unknown(tmp_path: Path, profile: str) -> None:
    head = HEAD.replace("smtp_profiles:\n", "smtp_profiles:\n  shared: {stack: acme/mail/prod}\n")
    found = seen(tmp_path, f"{head}  acme: {{name: A, domain: a.com, smtp_profile: {profile}}}\n")
    assert not is_plain(portal(found, "acme")["customer_emails"]["confirmation"]["from_address"])
    brand = found.brands["acme"]
    assert brand is not None
    assert brand.profile == profile


def test_a_file_without_profiles_leaves_them_to_the_program(tmp_path: Path) -> None:
    text = HEAD.replace("smtp_profiles", "accounts").replace("main: {name", "us: {api_key: env:K} #")
    found = seen(tmp_path, text.replace("accounts:\n  eu: {api_key: config:apiKey}\n", "", 1) + ACME)
    assert portal(found, "acme")["display_name"] == "Acme"
    brand = found.brands["acme"]
    assert brand is not None
    assert brand.profile == ""


# -- what is wrong ----------------------------------------------------------------------------------------------------

WRONG = [
    ("  acme: {domain: acme.com}\n", "brands.yaml:8: brands.acme.name: is required: "),
    ("  acme: {name: Acme}\n", "brands.yaml:8: brands.acme.domain: is required: "),
    ("  acme: {name: Acme, domain: https://acme.com}\n", "brands.yaml:8: brands.acme.domain: 'https://acme.com' holds"),
    ("  acme: {name: Acme, domain: a.com, colour: red}\n", "brands.acme.colour: there is no input 'colour' here. "),
    ("  acme: {name: Acme, domain: a.com, enabled: 'yes'}\n", "brands.acme.enabled: must be True or False"),
    ("  acme: {name: Acme, domain: a.com, rules: {two-sender: off}}\n", "brands.acme.rules.two-sender: there is no"),
    ("  acme: {name: Acme, domain: a.com, footer_html: '[[ x ]]'}\n", "footer_html: line 1 of the template: there is"),
    ("  acme: {name: Acme, domain: a.com, footer_html: {file: no.html}}\n", "footer_html.file: there is no file"),
    (
        "  acme: {name: Acme, domain: a.com, customer_emails: {from_address: x@old.com}}\n",
        "brands.acme.customer_emails.from_address: 'x@old.com' is not the sender 'portal@acme.com' of",
    ),
    (
        "  acme: {name: Acme, domain: a.com, recaptcha: {site_key: config:siteKey, secret_key: abc}}\n",
        "brands.acme.recaptcha.secret_key: must be a reference, not a string",
    ),
    ("  acme corp: {name: Acme, domain: acme.com}\n", "brands.acme corp.key: 'acme corp' is no key."),
]


@pytest.mark.parametrize(("brand", "message"), WRONG, ids=[message[:45] for _, message in WRONG])
def test_a_mistake_in_a_brand_is_told_as_the_program_tells_it(tmp_path: Path, brand: str, message: str) -> None:
    found = seen(tmp_path, HEAD + brand)
    assert len(said(found)) == 1
    assert message in said(found)[0]
    assert found.problems_of(next(iter(found.brands))) == list(found.problems)
    read = load_fleet(tmp_path / "brands.yaml", config=CONFIG.get, environment={}, shown="brands.yaml")
    roster = assemble(
        brands=read.brands, defaults=read.defaults, smtp_profiles=read.smtp_profiles, accounts=read.accounts,
        told=read.told,
    )  # fmt: skip
    assert said(found) == [str(each) for each in told(read, roster.problems)]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("defaults:\n", "defaults:\n  name: All\n", "brands.yaml:2: defaults.name: there is no input 'name' here."),
        (
            "defaults:\n",
            "defaults:\n  customer_emails: {from_address: x@old.com}\n",
            ": defaults.customer_emails.from",
        ),
        ("secret_key: config:secretKey", "secret_key: abc", "2: defaults.recaptcha.secret_key: must be a reference"),
        ("host: smtp.acme.com, ", "", "brands.yaml:4: smtp_profiles.main.host: is required"),
        ("host: smtp.acme.com", "host: 'x y'", "4: smtp_profiles.main.host: 'x y' is neither a host name"),
        ("  main: {", "  other: 7\n  main: {", "4: smtp_profiles.other: must be a mapping with the fields of a mail"),
        ("  main: {", "  the mail: {", "4: smtp_profiles.the mail: 'the mail' is no key."),
        ("  eu: {", "  eu: {api_kye: config:x, ", "6: accounts.eu.api_kye: there is no input 'api_kye' here. Did you"),
        ("  eu: {api_key: config:apiKey}", "  eu: {offline: true}", "6: accounts.eu.api_key: is required"),
        ("  eu: {api_key: config:apiKey}", "  eu: config:apiKey", "6: accounts.eu: must be a mapping with the options"),
        ("  eu: {", "  the eu: {", "6: accounts.the eu: 'the eu' is no key."),
        ("defaults:\n", "default: 1\ndefaults:\n", "1: default: there is no input 'default' here. Did you mean"),
    ],
)
def test_a_mistake_elsewhere_is_told_once_however_many_brands_have_it(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in HEAD
    brands = "".join(f"  {key}: {{name: {key}, domain: {key}.com, smtp_profile: main}}\n" for key in ("acme", "bolt"))
    found = seen(tmp_path, HEAD.replace(old, new) + brands)
    assert len(said(found)) == 1
    assert message in said(found)[0]


def test_a_brand_chooses_between_two_profiles(tmp_path: Path) -> None:
    head = HEAD.replace("smtp_profiles:\n", f"smtp_profiles:\n  other: {{id: {ID}}}\n")
    (message,) = said(seen(tmp_path, head + ACME))
    assert message.startswith("brands.yaml:9: brands.acme.smtp_profile: is required")
    assert message.endswith("Known are: other, main.")


def test_an_id_of_a_profile_names_no_sender(tmp_path: Path) -> None:
    (message,) = said(seen(tmp_path, f"{HEAD}  acme: {{name: Acme, domain: acme.com, smtp_profile: {ID}}}\n"))
    assert "brands.acme.customer_emails.from_address: is required" in message


def test_what_is_wrong_with_others_is_told_apart(tmp_path: Path) -> None:
    head = HEAD.replace("smtp_profiles:\n", "smtp_profiles:\n  other: {id: x}\n").replace("eu: {", "eu: {x: 1, ")
    brands = """\
  acme: {name: Acme, domain: acme.com, smtp_profile: main, account: eu}
  acme.eu: {name: Acme, domain: acme.com, smtp_profile: main}
  bolt: {name: Bolt, domain: bolt, smtp_profile: other}
  none:
"""
    found = seen(tmp_path, head + brands)
    assert [message.split(": ")[1] for message in said(found)] == [
        "smtp_profiles.other.id", "accounts.eu.x", "brands.acme.eu.key", "brands.bolt.domain", "brands.none",
    ]  # fmt: skip
    assert [message.split(": ")[1] for message in said(found, "acme")] == ["accounts.eu.x"]
    assert [message.split(": ")[1] for message in said(found, "acme.eu")] == ["brands.acme.eu.key"]
    assert [message.split(": ")[1] for message in said(found, "bolt")] == [
        "smtp_profiles.other.id", "brands.bolt.domain",
    ]  # fmt: skip
    assert found.brands["acme"] is not None
    assert found.brands["none"] is None


def test_a_message_shows_the_reference_and_not_what_stands_for_it(tmp_path: Path) -> None:
    emails = "{cc: [config:copy, config:copy]}"
    (message,) = said(seen(tmp_path, f"{HEAD}  acme: {{name: A, domain: a.com, customer_emails: {emails}}}\n"))
    assert "names 'config:copy' more than once" in message


def test_no_secret_of_the_environment_is_told(tmp_path: Path) -> None:
    head = HEAD.replace("config:smtpPassword", "env:MAIL").replace("port: 587", "port: env:MAIL")
    overview = seen(tmp_path, head + ACME, MAIL=SECRET)
    assert len(overview.problems) == 1
    assert SECRET not in str(overview)


@pytest.mark.parametrize("text", ["", "brands:\n", "brands: [\n", "brands: {a: {name: A\n", "just a text\n"])
def test_a_file_that_is_no_fleet_is_told_and_holds_no_brand(tmp_path: Path, text: str) -> None:
    found = seen(tmp_path, text)
    assert len(found.problems) == 1
    assert found.brands == {}
