from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_revcent_portal.api.codec import security_word
from pulumi_revcent_portal.api.contract import Contract
from pulumi_revcent_portal.api.fields import Field, Kind, Spelling

CONTRACT = Contract.default()
ID = "Abcdefghij0123456789"
OTHER = "Zbcdefghij0123456789"
EMAIL = {
    "from_address": "a@acme.com",
    "from_name": "Acme",
    "subject": "Hi",
    "cc": [],
    "bcc": ["b@acme.com"],
    "html": "x",
}
WIRE_EMAIL = {"from": "a@acme.com", "from_name": "Acme", "subject": "Hi", "cc": [], "bcc": ["b@acme.com"], "html": "x"}


def test_a_portal_is_sent_under_revcents_keys() -> None:
    sent = CONTRACT.encode(
        "customer_portal",
        "create",
        {
            "name": "Acme",
            "enabled": True,
            "tracking_domain": ID,
            "smtp_profile": OTHER,
            "recaptcha": {"site_key": "s", "secret_key": "k"},
            "customer_emails": {"confirmation": EMAIL, "password_reset": EMAIL},
            "customer_permissions": {"contact_modify": True, "trial_cancel": False},
            "customer_filters": {"campaign": [ID], "third_party_shop": []},
            "display_name": "Acme",
            "footer_html": "<b>",
            "create_non_existing_customer": False,
            "campaign": None,
        },
    )
    assert sent == {
        "name": "Acme",
        "enabled": True,
        "tracking_domain": ID,
        "smtp_profile": OTHER,
        "recaptcha": {"site_key": "s", "secret_key": "k"},
        "customer_emails": {
            "customer_account_confirmation": WIRE_EMAIL,
            "customer_account_password_reset": WIRE_EMAIL,
        },
        "customer_permissions": {"contact_modify": True, "trial_cancel": False},
        "customer_filters": {"campaign": [ID], "third_party_shop": []},
        "display_name": "Acme",
        "footer_html": "<b>",
        "create_non_existing_customer": False,
    }


def test_what_was_sent_reads_back_as_it_was() -> None:
    settings = {
        "name": "Acme mail",
        "description": "d",
        "enabled": False,
        "host": "smtp.acme.com",
        "port": 587,
        "secure": "starttls",
        "username": "u",
    }
    assert CONTRACT.decode("smtp_profile", CONTRACT.encode("smtp_profile", "create", settings)) == settings


@pytest.mark.parametrize(
    ("entity", "action", "settings", "named"),
    [
        ("customer_portal", "create", {"logo": "x"}, "logo"),
        ("customer_portal", "create", {"recaptcha": {"sitekey": "x"}}, "recaptcha.sitekey"),
        (
            "customer_portal",
            "create",
            {"customer_emails": {"confirmation": {"to": "x"}}},
            "customer_emails.confirmation.to",
        ),
        ("tracking_domain", "edit", {"domain": "acme.com"}, "domain"),
        ("tracking_domain", "create", {"a_records": []}, "a_records"),
        ("campaign", "create", {"name": "x"}, "name"),
        ("url_parameter_set", "create", {"url_parameters": [{"value": "x"}]}, "url_parameters.value"),
    ],
)
def test_writing_refuses_names_that_the_action_does_not_have(
    entity: str, action: str, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=f"^'{named}' cannot be sent in this {action}"):
        CONTRACT.encode(entity, action, settings)


@pytest.mark.parametrize(
    ("entity", "settings", "named"),
    [
        ("smtp_profile", {"password": 12345}, "password"),
        ("smtp_profile", {"password": ["hunter22"]}, "password"),
        ("smtp_profile", {"port": "587"}, "port"),
        ("smtp_profile", {"port": 587.5}, "port"),
        ("smtp_profile", {"port": True}, "port"),
        ("smtp_profile", {"enabled": "yes"}, "enabled"),
        ("smtp_profile", {"secure": True}, "secure"),
        ("customer_portal", {"customer_filters": [ID]}, "customer_filters"),
        ("customer_portal", {"customer_filters": {"campaign": ID}}, "customer_filters.campaign"),
        ("customer_portal", {"customer_filters": {"campaign": [1]}}, "customer_filters.campaign"),
        ("customer_portal", {"tracking_domain": {"id": ID}}, "tracking_domain"),
        ("url_parameter_set", {"url_parameters": {"url_parameter": "a"}}, "url_parameters"),
        ("url_parameter_set", {"url_parameters": ["a"]}, "url_parameters"),
    ],
)
def test_writing_refuses_other_shapes_without_showing_the_value(
    entity: str, settings: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValueError, match=f"^'{named}' must be of the kind") as caught:
        CONTRACT.encode(entity, "create", settings)
    assert "hunter22" not in str(caught.value)
    assert "12345" not in str(caught.value)


def test_numbers_from_pulumi_are_whole_again_when_sent() -> None:
    sent = CONTRACT.encode("smtp_profile", "edit", {"port": 587.0})
    assert sent == {"port": 587}
    assert isinstance(sent["port"], int)


def test_lists_of_objects_are_sent_item_by_item() -> None:
    settings = {"name": "n", "url_parameters": [{"url_parameter": "a", "metadata_name": "b"}]}
    assert CONTRACT.encode("url_parameter_set", "create", settings) == settings
    assert CONTRACT.decode("url_parameter_set", settings) == settings


def test_resolved_spellings_are_sent_per_operation() -> None:
    contract = Contract(
        spellings={
            ("smtp_profile", "create"): {
                "host": Spelling("smtp_host"),
                "secure": Spelling("encryption", words=(("tls", "SSL"),)),
            },
            ("smtp_profile", "edit"): {"secure": Spelling("tls", boolean=True)},
            ("customer_portal", "create"): {"customer_emails.confirmation.html": Spelling("template")},
        }
    )
    assert contract.encode("smtp_profile", "create", {"host": "h", "secure": "tls"}) == {
        "smtp_host": "h",
        "encryption": "SSL",
    }
    assert contract.encode("smtp_profile", "create", {"secure": "none"}) == {"encryption": "none"}
    assert contract.encode("smtp_profile", "edit", {"host": "h", "secure": "starttls"}) == {"host": "h", "tls": True}
    assert contract.encode("smtp_profile", "edit", {"secure": "none"}) == {"tls": False}
    emails = {"confirmation": {"html": "a"}, "password_reset": {"html": "b"}}
    assert contract.encode("customer_portal", "create", {"customer_emails": emails}) == {
        "customer_emails": {
            "customer_account_confirmation": {"template": "a"},
            "customer_account_password_reset": {"html": "b"},
        }
    }


@pytest.mark.parametrize(
    ("entity", "answer", "read"),
    [
        ("tracking_domain", {"domain_name": "acme.com"}, {"domain": "acme.com"}),
        ("tracking_domain", {"root_domain": "acme.com"}, {"domain": "acme.com"}),
        (
            "tracking_domain",
            {"ssl": {"status": "issued"}, "dns": {"status": "x"}},
            {"ssl_status": "issued", "dns_status": "x"},
        ),
        ("tracking_domain", {"ssl_status": "issued"}, {"ssl_status": "issued"}),
        ("tracking_domain", {"ssl": None, "dns": "complete"}, {}),
        ("tracking_domain", {"created_date_unix": "1700000000"}, {"created_date": 1700000000}),
        ("tracking_domain", {"created_date_unix": 1.7e9}, {"created_date": 1700000000}),
        ("tracking_domain", {"created_date_unix": "yesterday"}, {}),
        ("tracking_domain", {"created_date_unix": True}, {}),
        (
            "tracking_domain",
            {"url_parameter_sets": [{"id": ID, "name": "n"}, OTHER]},
            {"url_parameter_sets": [ID, OTHER]},
        ),
        ("tracking_domain", {"url_parameter_sets": [{"name": "n"}, None, 3]}, {"url_parameter_sets": ["3"]}),
        ("tracking_domain", {"url_parameter_sets": None}, {"url_parameter_sets": []}),
        ("tracking_domain", {"url_parameter_sets": "x"}, {}),
        ("tracking_domain", {"unheard_of": 1, "name": "n"}, {"name": "n"}),
        ("tracking_domain", {"id": 7}, {"id": "7"}),
        ("tracking_domain", {"id": {}}, {}),
        (
            "smtp_profile",
            {"smtp_server": "h", "smtp_port": 25.0, "user": "u"},
            {"host": "h", "port": 25, "username": "u"},
        ),
        ("smtp_profile", {"encryption": "SSL"}, {"secure": "tls"}),
        ("smtp_profile", {"ssl": True}, {"secure": "tls"}),
        ("smtp_profile", {"tls": False}, {"secure": "none"}),
        ("smtp_profile", {"secure": "quantum"}, {"secure": "quantum"}),
        ("smtp_profile", {"secure": 3}, {}),
        ("smtp_profile", {"password": "hunter22", "pass": "hunter22", "name": "n"}, {"name": "n"}),
        ("smtp_profile", {"enabled": 1}, {"enabled": True}),
        ("smtp_profile", {"enabled": 0.0}, {"enabled": False}),
        ("smtp_profile", {"enabled": "TRUE"}, {"enabled": True}),
        ("smtp_profile", {"enabled": "perhaps"}, {}),
        ("smtp_profile", {"enabled": None, "description": None, "port": None}, {"description": ""}),
        (
            "customer_portal",
            {"tracking_domain": ID, "smtp_profile": {"id": OTHER}},
            {"tracking_domain": ID, "smtp_profile": OTHER},
        ),
        ("customer_portal", {"tracking_domain": {"name": "n"}}, {}),
        ("customer_portal", {"campaign": None}, {"campaign": ""}),
        ("customer_portal", {"campaign_id": ID}, {"campaign": ID}),
        ("customer_portal", {"non_existing_customer_campaign": {"id": ID}}, {"campaign": ID}),
        ("customer_portal", {"customer_filter": {"campaign": [{"id": ID}]}}, {"customer_filters": {"campaign": [ID]}}),
        ("customer_portal", {"filters": {"third_party_shop": None}}, {"customer_filters": {"third_party_shop": []}}),
        (
            "customer_portal",
            {"customer_filters": None, "filters": {"campaign": []}},
            {"customer_filters": {"campaign": []}},
        ),
        ("customer_portal", {"customer_filters": "all"}, {}),
        ("customer_portal", {"recaptcha": {"site_key": "s", "secret_key": "k"}}, {"recaptcha": {"site_key": "s"}}),
        (
            "customer_portal",
            {"portal_url": "https://p", "logo": "https://l"},
            {"url": "https://p", "logo": "https://l"},
        ),
        ("customer_portal", {"url": None, "logo": None}, {}),
        ("customer_portal", {"footer": "f"}, {"footer_html": "f"}),
        ("customer_portal", {"custom_footer": "f"}, {"footer_html": "f"}),
        (
            "customer_portal",
            {
                "customer_emails": {
                    "account_confirmation": {"template": "t", "cc": "a@b.c, d@e.f"},
                    "password_reset": {"from": "x"},
                }
            },
            {
                "customer_emails": {
                    "confirmation": {"html": "t", "cc": ["a@b.c", "d@e.f"]},
                    "password_reset": {"from_address": "x"},
                }
            },
        ),
        (
            "customer_portal",
            {"customer_emails": {"confirmation": {"bcc": ["a@b.c", 4], "cc": 5}}},
            {"customer_emails": {"confirmation": {"bcc": ["a@b.c"]}}},
        ),
        ("third_party_shop", {"id": ID, "url": "https://shop"}, {"id": ID, "url": "https://shop"}),
        ("campaign", {"name": None}, {}),
        (
            "url_parameter_set",
            {"url_parameters": [{"url_parameter": "a"}, "junk"]},
            {"url_parameters": [{"url_parameter": "a"}]},
        ),
        ("url_parameter_set", {"url_parameters": {}}, {}),
    ],
)
def test_reading_is_tolerant(entity: str, answer: dict[str, Any], read: dict[str, Any]) -> None:
    assert CONTRACT.decode(entity, answer) == read


@pytest.mark.parametrize(
    ("items", "records"),
    [
        ([{"type": "a", "name": "acme.com", "value": "192.0.2.1"}], [("A", "acme.com", "192.0.2.1")]),
        ([{"type": "A", "host": "acme.com", "ip": "192.0.2.1"}], [("A", "acme.com", "192.0.2.1")]),
        ([{"hostname": "acme.com", "points_to": "192.0.2.1"}], [("A", "acme.com", "192.0.2.1")]),
        (
            [{"record_type": "AAAA", "name": "acme.com", "content": "2001:db8::1"}],
            [("AAAA", "acme.com", "2001:db8::1")],
        ),
        ([{"type": None, "name": "acme.com", "target": "192.0.2.1"}], [("A", "acme.com", "192.0.2.1")]),
        ([{"type": "A", "name": "acme.com"}, {"value": "192.0.2.1"}, {"name": "", "value": "x"}, 7], []),
        ([], []),
    ],
)
def test_records_are_read_in_every_spelling(items: list[Any], records: list[tuple[str, str, str]]) -> None:
    expected = [{"type": kind, "name": name, "value": value} for kind, name, value in records]
    assert CONTRACT.decode("tracking_domain", {"a_records": items}) == {"a_records": expected}


def test_cname_records_are_read_from_the_certificate_and_know_their_type() -> None:
    record = {"name": "_x.acme.com", "value": "y.acm"}
    expected = {"cname_records": [{"type": "CNAME", **record}]}
    assert CONTRACT.decode("tracking_domain", {"ssl": {"cname_records": [record]}}) == expected
    assert CONTRACT.decode("tracking_domain", {"cname_records": [record]}) == expected
    assert CONTRACT.decode("tracking_domain", {"ssl": {"cname_records": "none yet"}}) == {}


def test_the_spelling_of_a_contract_file_is_read_first() -> None:
    contract = Contract(
        spellings={
            ("smtp_profile", "create"): {"host": Spelling("smtp_host")},
            ("smtp_profile", "get"): {"host": Spelling("server")},
        }
    )
    assert contract.decode("smtp_profile", {"host": "1", "smtp_host": "2", "server": "3"}) == {"host": "3"}
    assert contract.decode("smtp_profile", {"host": "1", "smtp_host": "2"}) == {"host": "2"}
    assert contract.decode("smtp_profile", {"host": "1"}) == {"host": "1"}


# --- whatever is sent can be read, in whatever spelling --------------------------------------------------------

VALUES: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.STRING: st.text(),
    Kind.INTEGER: st.integers(),
    Kind.BOOLEAN: st.booleans(),
    Kind.STRINGS: st.lists(st.text(), max_size=3),
    Kind.REFERENCE: st.text("abcXYZ012", min_size=20, max_size=20),
    Kind.REFERENCES: st.lists(st.text("abcXYZ012", min_size=20, max_size=20), max_size=3),
    Kind.SECURITY: st.sampled_from(["none", "starttls", "tls"]),
}


def settings_of(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Return a strategy for any settings that a create may send, secrets left out because they never come back."""
    values: dict[str, st.SearchStrategy[Any]] = {}
    for field in fields:
        if "create" not in field.writes or field.secret:
            continue
        nested = settings_of(field.fields) if field.kind.has_fields else VALUES[field.kind]
        values[field.name] = st.lists(nested, max_size=2) if field.kind is Kind.OBJECTS else nested
    return st.fixed_dictionaries({}, optional=values)


def spellings_of(fields: tuple[Field, ...], prefix: str = "") -> dict[str, st.SearchStrategy[Spelling]]:
    found: dict[str, st.SearchStrategy[Spelling]] = {}
    for field in fields:
        found[f"{prefix}{field.name}"] = st.sampled_from([field.wire, *field.alternatives]).map(Spelling)
        if field.kind.has_fields:
            found |= spellings_of(field.fields, f"{prefix}{field.name}.")
    return found


@pytest.mark.parametrize("entity", ["tracking_domain", "smtp_profile", "customer_portal", "url_parameter_set"])
@given(data=st.data())
def test_what_is_sent_can_be_read_in_every_spelling(entity: str, data: st.DataObject) -> None:
    fields = CONTRACT.entity(entity).fields
    settings = data.draw(settings_of(fields))
    spellings = data.draw(st.fixed_dictionaries(spellings_of(fields)))
    respelt = Contract(spellings={(entity, "create"): spellings})
    assert CONTRACT.decode(entity, CONTRACT.encode(entity, "create", settings)) == settings
    assert CONTRACT.decode(entity, respelt.encode(entity, "create", settings)) == settings


@pytest.mark.parametrize(
    ("word", "ours"),
    [
        ("STARTTLS", "starttls"),
        ("Start-TLS", "starttls"),
        ("SSL/TLS", "tls"),
        ("SMTPS", "tls"),
        ("", "none"),
        ("x", None),
    ],
)
def test_words_for_encryption(word: str, ours: str | None) -> None:
    assert security_word(word) == ours
