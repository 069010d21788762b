"""A fleet file full of mistakes: one preview tells all of them, each with its line, and asks for nothing but lists."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from pulumi_revcent_portal.sandbox import Sandbox
from tests.engine.programs import SECRET_KEY, SITE_KEY
from tests.engine.stack import Stack

pytestmark = pytest.mark.engine

IN_THE_FILE = "hunter2-canary"
IN_THE_STACK = "canary.of.the.stack"

PROGRAM = """\
import pulumi
import pulumi_revcent_portal as revcent

fleet = revcent.PortalFleet.from_yaml("portals", "brands.yaml")
pulumi.export("portals", fleet.portals)
"""

# What stands behind "#!" is the field that is wrong in the line, and some words of what is told about it.
FILE = f"""\
defautls: {{}}  #! defautls | Did you mean 'defaults'?
defaults:
  smtp_profile: mian  #! defaults.smtp_profile | there is no mail profile 'mian' in this fleet. Did you mean 'main'?
  customer_permissions:
    use_cases: [payment_method_updaet]  #! defaults.customer_permissions.use_cases[0] | 'payment_method_update'
    subscription_cancle: true  #! defaults.customer_permissions.subscription_cancle | 'subscription_cancel'
  footer_html: "<a href='https://[[ domian ]]/'>[[ brand ]]</a>"  #! defaults.footer_html | line 1 of the template
  customer_emails:
    accent: teal  #! defaults.customer_emails.accent | 'teal' is not a colour
  campaign: Acme UK  #! defaults.campaign | there is no campaign 'Acme UK' in this account. Near are: 'Acme EU'
smtp_profiles:
  main:
    name: Brands' mail
    host: smtp.brands.example:25  #! smtp_profiles.main.host | Write host='smtp.brands.example' and port=25
    port: "587"  #! smtp_profiles.main.port | must be a whole number such as 587, without quotes
    username: portal@brands.example
    password: {IN_THE_FILE}  #! smtp_profiles.main.password | must be a reference, not a string
  other: {IN_THE_FILE}  #! smtp_profiles.other | must be SmtpProfile(...), or a dict of its fields, not a string
accounts:
  eu: {{api_key: env:EU_KEY, timeout: 0}}  #! accounts.eu.api_key | EU_KEY is not set & accounts.eu.timeout | seconds
  us: {{apikey: config:usKey}}  #! accounts.us.api_key | is empty & accounts.us.apikey | config:usKey is not set
brands:
  acme:
    name: Acme
    domain: shop.acme-us.example  #! brands.acme.domain | is a sub-domain; RevCent wants the root domain
    recaptcha: {{site_key: {SITE_KEY}, secret_key: config:no}}  #! brands.acme.recaptcha.secret_key | config:no is not
    customer_filters:
      campaign: [Acme US, Volt]  #! brands.acme.customer_filters.campaign[1] | no campaign 'Volt'
      third_party_shop: acme-woo  #! brands.acme.customer_filters.third_party_shop | must be a list
  bolt:
    name: Bolt
    domain: bolt.example
    domain: bolt.com  #! brands.bolt.domain | stands in line BEFORE already. Remove one of the two.
    recaptcha: &keys {{site_key: {SITE_KEY}, secret_key: env:CAPTCHA_SECRET}}
    customer_filters: *filters  #! brands.bolt.customer_filters | no anchor of that name
    description: !text Bolt  #! brands.bolt.description | '!' begins a tag
    customer_emails:
      from_address: hi@bolt.example  #! brands.bolt.customer_emails.from_address | sender 'portal@brands.example'
      confirmation: {{html: {{file: nowhere.html}}}}  #! brands.bolt.customer_emails.confirmation.html.file | no file
      password_reset: {{html: "<p></p>"}}  #! brands.bolt.customer_emails.password_reset.html | {{{{email_code}}}}
    smtp_profile: main
    url_parameter_sets: [Adds]  #! brands.bolt.url_parameter_sets[0] | there is no URL parameter set 'Adds'
  bad key:  #! brands.bad key.key | 'bad key' is no key
    name: Bad
    domain: config:secret  #! brands.bad key.domain | config:secret is secret in the stack's configuration
    recaptcha: *keys
    account: uk  #! brands.bad key.account | there is no account 'uk' in this fleet
    wait: {{timeout: soon}}  #! brands.bad key.wait.timeout | 'soon' is no duration
    rules: {{same-origin: "off"}}  #! brands.bad key.rules.same-origin | Did you mean 'same-origin-twice'?
    url_parameter_set: [utm]  #! brands.bad key.url_parameter_set | Did you mean 'url_parameter_sets'?
    enabled: yes  #! brands.bad key.enabled | must be True or False, without quotes, not the string 'yes'
  7:  #! brands.7 | the key 7 is a number. Put it in quotes: '7'.
    name: Seven
    domain: seven.example
    recaptcha: *keys
  strict:
    name: Strict
    domain: strict.example
    recaptcha: *keys
    rules: {{nothing-allowed: error}}
    customer_permissions: {{use_cases: []}}  #! brands.strict.customer_permissions | [rule nothing-allowed]
  twin:
    name: Strict
    portal_name: Strict customer portal  #! brands.twin.portal_name | of the portal of 'strict' too
    domain: strict.example
    ttl: 300  #! brands.twin.ttl | the brand 'strict' shares the domain strict.example and says another ttl
    recaptcha: {{site_key: short, secret_key: env:CAPTCHA_SECRET}}  #! brands.twin.recaptcha.site_key | 5 characters
    former_keys: [strict]  #! brands.twin.former_keys[0] | 'strict' is the key of a brand
  merged:
    <<: *common  #! brands.merged.<< | no anchor of that name
    name: Merged
    enabled: 1  #! brands.merged.enabled | must be True or False, without quotes, not 1
  empty:  #! brands.empty | must be a mapping with the fields of a brand, not None.
"""


class Expected(NamedTuple):
    """What is told: line, field, words."""

    line: int
    field: str
    words: str


def expected() -> list[Expected]:
    found = []
    for number, line in enumerate(FILE.splitlines(), 1):
        for each in line.partition("#!")[2].split(" & ") if "#!" in line else ():
            field, _, words = each.partition(" | ")
            found.append(Expected(number, field.strip(), words.strip().replace("BEFORE", str(number - 1))))
    return found


def test_one_preview_tells_every_mistake_with_its_line_and_asks_for_lists_only(stack: Stack, sandbox: Sandbox) -> None:
    (stack.directory / "brands.yaml").write_text(FILE)
    stack.write(PROGRAM)
    stack.environment["CAPTCHA_SECRET"] = SECRET_KEY
    stack.pulumi("config", "set", "--secret", "secret", IN_THE_STACK).require()
    before = sandbox.objects("customer_portal")
    sandbox.clear_calls()

    shown = stack.pulumi("preview", "--stack", stack.name).require(ok=False)

    told = [line.strip() for line in shown.out.splitlines() if re.match(r"\s+brands\.yaml:\d+: ", line)]
    wanted = expected()
    assert len(wanted) >= 35
    for line, each in zip(told, wanted, strict=False):
        assert line.startswith(f"brands.yaml:{each.line}: {each.field}: "), (line, each)
        assert each.words in line
    assert len(told) == len(wanted), shown.out
    assert "__main__.py:4: PortalFleet.from_yaml(\"portals\", 'brands.yaml') is not valid:" in shown.out

    assert {call["action"] for call in sandbox.calls} == {"list"}
    entities = [call["entity"] for call in sandbox.calls]
    assert sorted(entities) == sorted(set(entities)), "each list once"
    assert sandbox.objects("customer_portal") == before

    for secret in (IN_THE_FILE, IN_THE_STACK, SECRET_KEY):
        assert secret not in shown.out
    assert "Traceback" not in shown.out
