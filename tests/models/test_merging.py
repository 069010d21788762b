"""How brands and defaults become portals: the merge rule, the templates, and whose field a problem is told of."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Iterator
from typing import Any, cast

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi.output import UNKNOWN, Unknown

from pulumi_revcent_portal.models import CustomerEmails, CustomerPermissions, CustomerPortalInputs, InvalidInputs
from pulumi_revcent_portal.models.base import Problem, is_plain, validate
from pulumi_revcent_portal.models.fleet import MERGED, Brand, BrandDefaults, BrandEmails, BrandPermissions
from pulumi_revcent_portal.models.merging import Complete, complete, completed, merge, said
from tests.strategies import address_lists, email_addresses, lines, permissions
from tests.wrong_brands import BRAND, KEYS, SHARED
from tests.wrong_declarations import DOMAIN_ID, PROFILE_ID, SENDER

LEAST: dict[str, Any] = {"key": "acme", "name": "Acme", "domain": "acme.test", "recaptcha": KEYS}


def whole(own: dict[str, Any] | None = None, shared: dict[str, Any] | None = None, sender: Any = SENDER) -> Complete:
    return complete(validate(Brand, {**LEAST, **(own or {})}), validate(BrandDefaults, shared or {}), sender)


def problems(own: dict[str, Any] | None = None, shared: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInputs) as caught:
        whole(own, shared)
    return [(problem.field, problem.message) for problem in caught.value.problems]


def later(value: Any) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(value)


def known(value: Any) -> Any:
    return asyncio.get_event_loop().run_until_complete(cast("Any", pulumi.Output.from_input(value).future()))


@pytest.fixture(autouse=True)
def outputs_are_waited_for(current_loop: None) -> Iterator[None]:  # noqa: ARG001 - it closes the loop
    """Wait for Outputs that a test does not look at, as a program does."""
    yield
    loop = asyncio.get_event_loop()
    while pending := asyncio.all_tasks(loop):
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))


# --- the rule -------------------------------------------------------------------------------------------------------


def _settings() -> st.SearchStrategy[dict[str, Any]]:
    """What brands and defaults say, as a program or a file writes it: any part of it, null in between."""

    def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries({}, optional={name: st.none() | each for name, each in fields.items()})

    email = some(subject=lines(), cc=address_lists(), bcc=address_lists(), html=st.just("<p>{{email_code}}</p>"))
    return some(
        ttl=st.integers(60, 86400),
        wait=st.sampled_from([False, {"timeout": "5m"}]),
        overwrite=st.booleans(),
        url_parameter_sets=st.lists(lines(), max_size=2, unique=True),
        smtp_profile=st.sampled_from(["main", "other"]),
        display_name=lines(),
        enabled=st.booleans(),
        campaign=lines(),
        customer_emails=some(
            accent=st.sampled_from(["#0b6e4f", "#ffffff"]),
            support_email=email_addresses(),
            cc=address_lists(),
            confirmation=email,
            password_reset=email,
        ),
        customer_permissions=permissions(),
        customer_filters=some(
            campaign=st.lists(lines(), max_size=2, unique=True),
            third_party_shop=st.lists(lines(), max_size=2, unique=True),
        ),
        variables=some(tagline=lines(), founded=st.integers()),
        rules=some(**{"nothing-allowed": st.sampled_from(["off", "error"])}),
    )


def leaves(settings: Any, *path: str) -> dict[tuple[str, ...], Any]:
    """What is said in a dict, entry by entry where it is merged so."""
    found: dict[tuple[str, ...], Any] = {}
    for name, value in settings.items():
        inside = name in MERGED if not path else path == ("customer_emails",) and isinstance(value, dict)
        if value is None:
            continue
        if inside:
            found |= leaves(value, *path, name)
        else:
            found[(*path, name)] = value
    return found


def at(settings: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        settings = settings.get(name, {})
    return settings


@given(_settings(), _settings())
def test_what_a_brand_says_wins_and_the_rest_comes_from_the_defaults(shared: Any, own: Any) -> None:
    ours, theirs = (said(validate(BrandDefaults, each)) for each in (own, shared))
    assert leaves(merge(theirs, ours)) == leaves(theirs) | leaves(ours)
    assert leaves(ours).keys() == leaves(own).keys(), "what is null is not said, and all else is"


@given(_settings(), _settings())
def test_lists_are_taken_whole(shared: Any, own: Any) -> None:
    merged = merge(said(validate(BrandDefaults, shared)), said(validate(BrandDefaults, own)))
    for path, value in (leaves(shared) | leaves(own)).items():
        if isinstance(value, list):
            assert at(merged, path) == value


@given(_settings())
def test_defaults_that_say_nothing_change_nothing(own: Any) -> None:
    one = said(validate(BrandDefaults, own))
    assert merge({}, one) == one == merge(one, {}) == merge(one, one)


@given(_settings(), _settings(), _settings())
def test_three_layers_merge_in_either_order_of_brackets(first: Any, second: Any, third: Any) -> None:
    one, two, three = (said(validate(BrandDefaults, each)) for each in (first, second, third))
    assert merge(merge(one, two), three) == merge(one, merge(two, three))


@given(_settings(), _settings())
def test_models_and_dicts_give_the_same(shared: Any, own: Any) -> None:
    as_models = complete(Brand(**{**LEAST, **own}), BrandDefaults(**shared), SENDER)
    assert as_models == whole(own, shared)


@given(_settings(), _settings())
def test_neither_side_is_changed(shared: Any, own: Any) -> None:
    before = copy.deepcopy((shared, own))
    defaults, brand = validate(BrandDefaults, shared), validate(Brand, {**LEAST, **own})
    told = said(defaults), said(brand)
    complete(brand, defaults, SENDER)
    assert (shared, own) == before
    assert (said(defaults), said(brand)) == told


@given(_settings(), _settings())
def test_what_is_merged_is_what_a_portal_takes(shared: Any, own: Any) -> None:
    inputs = {**whole(own, shared).portal, "tracking_domain": DOMAIN_ID, "smtp_profile": PROFILE_ID}
    portal = validate(CustomerPortalInputs, inputs).dump()
    expected = leaves(shared) | leaves(own)
    for (first, *rest), value in expected.items():
        if first in {"customer_permissions", "customer_filters"}:
            assert portal[first][rest[0]] == value
    assert portal["enabled"] == expected.get(("enabled",), True)


def test_every_section_is_merged_and_nothing_else() -> None:
    sections = {name for name, value in SHARED.items() if isinstance(value, dict)}
    assert sections - {"dns", "wait", "recaptcha"} == set(MERGED)
    merged = merge(said(BrandDefaults(**SHARED)), said(validate(BrandDefaults, {"recaptcha": KEYS, "wait": False})))
    assert merged["wait"] is False


def test_one_email_is_merged_by_itself() -> None:
    shared = {"customer_emails": {"confirmation": {"subject": "Hello", "cc": ["a@acme.test"]}, "accent": "#000000"}}
    own = {"customer_emails": {"confirmation": {"subject": "Welcome"}, "password_reset": {"subject": "Reset"}}}
    emails = whole(own, shared).portal["customer_emails"]
    assert (emails["confirmation"]["subject"], emails["confirmation"]["cc"]) == ("Welcome", ["a@acme.test"])
    assert (emails["password_reset"]["subject"], emails["password_reset"]["cc"]) == ("Reset", [])


def test_false_and_empty_are_said() -> None:
    shared = {
        "enabled": True, "customer_filters": {"campaign": ["Acme US"]}, "footer_html": "Footer",
        "customer_permissions": {"contact_modify": True}, "url_parameter_sets": ["Ads"],
    }  # fmt: skip
    own = {
        "enabled": False, "customer_filters": {"campaign": []}, "footer_html": "",
        "customer_permissions": {"contact_modify": False}, "url_parameter_sets": [],
    }  # fmt: skip
    made = whole(own, shared)
    assert (made.portal["enabled"], made.portal["footer_html"]) == (False, "")
    assert made.portal["customer_filters"] == {"campaign": []}
    assert made.portal["customer_permissions"]["contact_modify"] is False
    assert made.domain_settings["url_parameter_sets"] == []


@pytest.mark.parametrize(("shared", "own"), [("domain", "tracking_domain"), ("tracking_domain", "domain")])
def test_a_brands_own_domain_takes_the_place_of_the_shared_one_of_either_kind(shared: str, own: str) -> None:
    values = {"domain": "acme.test", "tracking_domain": DOMAIN_ID}
    brand = validate(Brand, {"key": "acme", "name": "Acme", "recaptcha": KEYS, own: values[own]})
    made = complete(brand, validate(BrandDefaults, {shared: values[shared]}), SENDER)
    assert made.domain == ("acme.test" if own == "domain" else None)
    assert shared not in made.brand
    assert made.brand[own] == values[own]


# --- permissions ----------------------------------------------------------------------------------------------------


@given(permissions(), permissions())
def test_permissions_are_merged_one_by_one(shared: dict[str, bool], own: dict[str, bool]) -> None:
    made = whole({"customer_permissions": own}, {"customer_permissions": shared})
    assert made.portal["customer_permissions"] == CustomerPermissions(**(shared | own)).dump()
    assert made.said == own.keys()


def test_use_cases_of_a_brand_take_the_place_of_those_of_the_defaults() -> None:
    shared = {"customer_permissions": {"use_cases": ["payment_method_update"], "contact_modify": True}}
    made = whole({"customer_permissions": {"use_cases": ["trial_management"]}}, shared)
    granted = CustomerPermissions.for_use_cases("trial_management", contact_modify=True)
    assert made.portal["customer_permissions"] == granted.dump()
    assert made.said == frozenset()


def test_permissions_of_a_portal_are_merged_by_what_they_say() -> None:
    shared = {"customer_permissions": BrandPermissions(use_cases=["cancel_subscription"])}
    own = {"customer_permissions": CustomerPermissions(contact_modify=True)}
    granted = whole(own, shared).portal["customer_permissions"]
    assert {name for name, value in granted.items() if value} == {"contact_modify", "subscription_cancel"}


# --- what a brand leaves out ----------------------------------------------------------------------------------------


def test_the_least_brand_is_a_whole_portal() -> None:
    made = whole()
    assert (made.key, made.name, made.domain, made.domain_settings) == ("acme", "Acme", "acme.test", {})
    emails = CustomerEmails.branded(brand="Acme", from_address=SENDER).dump()
    assert validate(CustomerEmails, made.portal["customer_emails"]).dump() == emails
    assert (made.portal["name"], made.portal["display_name"]) == ("Acme customer portal", "Acme")
    assert not any(made.portal["customer_permissions"].values())
    assert made.rules == {}


def test_emails_look_as_branded_ones_do() -> None:
    emails = copy.deepcopy(BRAND["customer_emails"])
    look = {name: emails[name] for name in ("accent", "support_email", "logo_url", "cc", "bcc")}
    made = whole({"customer_emails": look})
    branded = CustomerEmails.branded(brand="Acme", from_address=SENDER, **look).dump()
    assert validate(CustomerEmails, made.portal["customer_emails"]).dump() == branded


def test_what_is_required_is_named_with_what_it_is_for() -> None:
    found = problems({"domain": None, "recaptcha": None})
    assert [field for field, _ in found] == ["domain", "recaptcha"]
    assert "tracking_domain" in found[0][1]
    assert "site_key, secret_key" in found[1][1]


def test_an_address_to_send_from_is_needed_and_the_profiles_is_taken() -> None:
    with pytest.raises(InvalidInputs) as caught:
        whole(sender=None)
    (problem,) = caught.value.problems
    assert problem.field == "customer_emails.from_address"
    assert "set sender on the profile" in problem.message
    own = {"customer_emails": {"from_address": "hi@acme.test"}}
    assert whole(own, sender=None).portal["customer_emails"]["confirmation"]["from_address"] == "hi@acme.test"


def test_the_sender_of_the_profile_is_held_against_the_address_once() -> None:
    ((field, message),) = problems({"customer_emails": {"from_address": "x@old.test"}})
    assert field == "customer_emails.from_address"
    assert message.startswith(f"'x@old.test' is not the sender '{SENDER}' of the SMTP profile.")


@pytest.mark.parametrize("address", [UNKNOWN, "an output"])
def test_a_sender_that_is_not_known_yet_is_held_against_nothing(address: Any) -> None:
    sender = later(SENDER) if address == "an output" else UNKNOWN
    made = whole({"customer_emails": {"from_address": "x@old.test"}}, sender=sender)
    assert made.portal["customer_emails"]["confirmation"]["from_address"] == "x@old.test"
    assert not is_plain(whole(sender=sender).portal["customer_emails"]["confirmation"]["from_address"])


def test_all_problems_of_a_brand_are_told_by_its_own_fields() -> None:
    emails = {
        "from_address": "x@old.test",
        "from_name": "[[ bran ]]",
        "confirmation": {"subject": "[[ nope ]]", "html": "<p>no code</p>"},
        "password_reset": {"html": "[% if brand %]"},
    }
    own = {
        "domain": None, "recaptcha": None, "portal_name": "[[ brnd ]]", "display_name": "[[ blank ]]",
        "description": "[pulumi x]", "footer_html": "[[ brand|shout ]]", "variables": {"blank": " "},
        "customer_emails": emails,
    }  # fmt: skip
    assert [field for field, _ in problems(own)] == [
        "domain", "recaptcha", "portal_name", "footer_html", "customer_emails.from_name",
        "customer_emails.confirmation.subject", "customer_emails.password_reset.html", "description",
        "customer_emails.confirmation.html", "display_name", "customer_emails.from_address",
    ]  # fmt: skip
    assert set(dict(problems(own))) == {field for field, _ in problems(own)}, "each field is told once"


# --- templates ------------------------------------------------------------------------------------------------------

NAMES = [
    "Acme",
    "A & B",
    "A &amp; B",
    "Acme {US}",
    "{Acme}",
    'O\'Neil "Best" <shop>',
    "Ärzte & Söhne",
    "日本の店",
    "عربي",
    "[[ brand ]]",
    "[% if x %]",
    "100 %",
    "$name ${x}",
    "a\\b",
    "🦊",
]
each_name = pytest.mark.parametrize("name", NAMES)


@each_name
def test_a_plain_text_holds_the_name_as_it_is(name: str) -> None:
    shared = {
        "portal_name": "[[ brand ]] portal", "display_name": "[[ brand ]]", "description": "Of [[ brand ]] &copy",
        "customer_emails": {"from_name": "[[ brand ]] team", "confirmation": {"subject": "Welcome to [[ brand ]]!"}},
    }  # fmt: skip
    portal = whole({"name": name}, shared).portal
    assert (portal["name"], portal["display_name"]) == (f"{name} portal", name)
    assert portal["description"] == f"Of {name} &copy"
    confirmation = portal["customer_emails"]["confirmation"]
    assert (confirmation["from_name"], confirmation["subject"]) == (f"{name} team", f"Welcome to {name}!")


@each_name
def test_html_holds_the_name_escaped_as_the_ready_made_emails_do(name: str) -> None:
    html = "<p>[[ brand ]]: {{email_code}} &copy;</p>"
    made = whole({"name": name}, {"footer_html": html, "customer_emails": {"confirmation": {"html": html}}})
    footer = made.portal["footer_html"]
    assert made.portal["customer_emails"]["confirmation"]["html"] == footer
    inserted = footer.removeprefix("<p>").removesuffix(": {{email_code}} &copy;</p>")
    assert not set(inserted) & set("<>\"'{}")
    assert inserted in whole({"name": name}).portal["customer_emails"]["confirmation"]["html"]


@given(lines(), lines())
def test_text_without_variables_stays_byte_for_byte(portal_name: str, subject: str) -> None:
    if "[[" in portal_name + subject or "[%" in portal_name + subject:
        return
    own = {"portal_name": portal_name, "customer_emails": {"confirmation": {"subject": subject}}}
    made = whole(own).portal
    assert (made["name"], made["customer_emails"]["confirmation"]["subject"]) == (portal_name, subject)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("[[ brand ]]/[[ key ]]", "Acme/acme"),
        ("[[ domain ]]", "acme.test"),
        ("[[ support_email ]] [[ logo_url ]]", "help@acme.test https://acme.test/logo.png"),
        ("[[ accent ]] [[ on_accent ]]", "#0b6e4f #ffffff"),
        ("[[ display_name ]]: [[ portal_name ]]", "Acme!: Acme! portal"),
        ("[[ tagline ]], since [[ founded ]][% if featured %]*[% endif %]", "Best, since 1990*"),
        ("RevCent's own {{customer_first_name}}", "RevCent's own {{customer_first_name}}"),
    ],
)
def test_variables_of_a_template(template: str, text: str) -> None:
    own = {
        "footer_html": template, "display_name": "[[ brand ]]!", "portal_name": "[[ display_name ]] portal",
        "variables": {"tagline": "Best"},
        "customer_emails": {"support_email": "help@acme.test", "logo_url": "https://acme.test/logo.png"},
    }  # fmt: skip
    shared = {
        "variables": {"tagline": "Good", "founded": 1990, "featured": True}, "customer_emails": {"accent": "#0b6e4f"},
    }  # fmt: skip
    assert whole(own, shared).portal["footer_html"] == text


def test_what_a_brand_does_not_have_is_nothing_and_no_empty_text() -> None:
    template = "[% if support_email %]Write to [[ support_email ]][% endif %][[ logo_url|default('-') ]]"
    assert whole({"footer_html": template}).portal["footer_html"] == "-"
    ((field, message),) = problems({"footer_html": "<a href='mailto:[[ support_email ]]'>Help</a>"})
    assert field == "footer_html"
    assert "support_email is not given. Put it between [% if support_email %] and [% endif %]" in message
    ((field, message),) = problems({"domain": None, "tracking_domain": DOMAIN_ID, "footer_html": "x\n[[ domain ]]"})
    assert (field, message.partition(".")[0]) == ("footer_html", "line 2 of the template: domain is not given")


def test_a_misspelt_variable_is_told_with_its_line_and_the_likely_one() -> None:
    assert problems({"footer_html": "<p>\n[[ domian ]]</p>"}) == [
        ("footer_html", "line 2 of the template: there is no variable 'domian'. Did you mean 'domain'?")
    ]


@pytest.mark.parametrize("name", ["display_name", "portal_name"])
def test_a_name_is_no_variable_of_itself(name: str) -> None:
    ((field, message),) = problems({name: f"[[ {name} ]]"})
    assert (field, message.partition(".")[0]) == (name, f"line 1 of the template: there is no variable {name!r}")


def test_what_a_template_gives_is_checked_as_if_it_was_written_so() -> None:
    assert problems({"portal_name": "[[ x ]]", "variables": {"x": " "}})[0][0] == "portal_name"
    assert problems({"display_name": "[[ x ]]", "variables": {"x": "a\nb"}})[0][0] == "display_name"
    own = {"customer_emails": {"from_name": "[[ x ]]", "confirmation": {"html": "x"}}, "variables": {"x": "a\nb"}}
    assert [field for field, _ in problems(own)] == [
        "customer_emails.from_name",
        "customer_emails.confirmation.html",
    ]
    html = "[% if featured %]{{email_code}}[% endif %]"
    own = {"variables": {"featured": False}, "customer_emails": {"password_reset": {"html": html}}}
    assert problems(own)[0][0] == "customer_emails.password_reset.html"


# --- what is not known yet ------------------------------------------------------------------------------------------


def test_a_template_waits_for_what_it_uses_and_for_nothing_else() -> None:
    own = {
        "portal_name": "[[ brand ]] portal",
        "footer_html": "[[ support_email ]] [[ tagline ]] [[ source ]]",
        "variables": {"tagline": later("Best"), "source": "x"},
        "customer_emails": {"support_email": later("help@acme.test"), "confirmation": {"subject": "[[ tagline ]]"}},
    }
    portal = whole(own).portal
    assert portal["name"] == "Acme portal"
    assert known(portal["footer_html"]) == "help@acme.test Best x"
    assert known(portal["customer_emails"]["confirmation"]["subject"]) == "Best"


def test_a_template_that_is_not_known_yet_is_filled_in_when_it_is() -> None:
    own = {
        "footer_html": later("<p>[[ brand ]]</p>"),
        "customer_emails": {"confirmation": {"html": later("&[[ key ]]")}},
    }
    portal = whole({"name": "A & B", **own}).portal
    assert known(portal["footer_html"]) == "<p>A &amp; B</p>"
    assert known(portal["customer_emails"]["confirmation"]["html"]) == "&acme"


def test_a_template_is_checked_before_its_variables_are_known() -> None:
    own = {"variables": {"tagline": later("Best")}, "footer_html": "[[ tagline ]] [[ nope ]]"}
    assert [field for field, _ in problems(own)] == ["footer_html"]


def test_a_template_that_turns_out_to_be_wrong_names_its_brand_and_field() -> None:
    footer = whole({"footer_html": later("[[ nope ]]")}).portal["footer_html"]
    with pytest.raises(
        pulumi.RunError, match=r"^brands\.acme\.footer_html: line 1 of the template: .*'nope'"
    ) as caught:
        known(footer)
    assert not isinstance(caught.value, ValueError), "of which the SDK would show a traceback"


def test_what_was_wrong_is_unknown_and_nothing_follows_from_it() -> None:
    own = {
        "domain": None, "tracking_domain": DOMAIN_ID, "footer_html": "[[ domain ]] [[ support_email ]] [[ x ]]",
        "variables": {"y": UNKNOWN}, "description": "[[ y ]]", "portal_name": UNKNOWN,
    }  # fmt: skip
    told = {"domain", "customer_emails.support_email", "variables"}
    brand = Brand(**{**LEAST, **{name: value for name, value in own.items() if value is not UNKNOWN}})
    made, found = completed(brand, {}, SENDER, is_told=told.__contains__)
    assert found == []
    assert isinstance(made.portal["footer_html"], Unknown)
    assert isinstance(made.portal["description"], Unknown)
    _, found = completed(brand, {}, SENDER)
    assert [problem.field for problem in found] == ["footer_html"]


def test_a_brand_is_completed_as_far_as_it_goes() -> None:
    brand = Brand(key="acme", name="Acme", footer_html="[[ nope ]]", customer_emails=BrandEmails(from_name="[[ no ]]"))
    made, found = completed(brand, {}, None)
    assert {problem.field for problem in found} == {
        "domain", "recaptcha", "footer_html", "customer_emails.from_name", "customer_emails.from_address",
    }  # fmt: skip
    assert made.portal["name"] == "Acme customer portal"
    assert isinstance(made.portal["footer_html"], Unknown)
    assert isinstance(found[0], Problem)
