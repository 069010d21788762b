"""OpenAPI descriptions made for the tests, written from RevCent's documentation and not from the package's tables."""

from __future__ import annotations

import json
from typing import Any

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
WHOLE = {"type": "integer"}
IDS = {"type": "array", "items": TEXT}
ID = {"$ref": "#/components/schemas/Id"}
PERMISSIONS = (
    "contact_modify",
    "credit_card_add",
    "credit_card_remove",
    "credit_card_set_default",
    "shipping_modify_ship_to",
    "subscription_renew",
    "subscription_activate",
    "subscription_suspend",
    "subscription_cancel",
    "trial_expire",
    "trial_cancel",
    "salvage_transaction_process",
)


def obj(*required: str, **properties: Any) -> dict[str, Any]:
    """Return a closed object schema."""
    named = {name.rstrip("_"): schema for name, schema in properties.items()}
    return {"type": "object", "properties": named, "required": list(required), "additionalProperties": False}


EMAIL = obj("from", from_=TEXT, from_name=TEXT, subject=TEXT, cc=IDS, bcc=IDS, html=TEXT)
RECORDS = {"type": "array", "items": obj(type=TEXT, name=TEXT, value=TEXT)}
DOMAIN = {"name": TEXT, "description": TEXT, "url_parameter_sets": IDS}
PROFILE = {
    "name": TEXT,
    "description": TEXT,
    "enabled": FLAG,
    "host": TEXT,
    "port": WHOLE,
    "secure": {"type": "string", "enum": ["none", "starttls", "tls"]},
    "username": TEXT,
}
PORTAL = {
    "name": TEXT,
    "description": TEXT,
    "enabled": FLAG,
    "tracking_domain": ID,
    "smtp_profile": ID,
    "customer_emails": obj(
        "customer_account_confirmation",
        "customer_account_password_reset",
        customer_account_confirmation={"$ref": "#/components/schemas/Email"},
        customer_account_password_reset={"$ref": "#/components/schemas/Email"},
    ),
    "customer_permissions": obj(**dict.fromkeys(PERMISSIONS, FLAG)),
    "customer_filters": obj(campaign=IDS, third_party_shop=IDS),
    "display_name": TEXT,
    "footer_html": TEXT,
    "create_non_existing_customer": FLAG,
    "campaign": ID,
}
CAPTCHA = obj("site_key", "secret_key", site_key=TEXT, secret_key=TEXT)
PARAMETERS = {
    "type": "array",
    "items": obj("url_parameter", "metadata_name", url_parameter=TEXT, metadata_name=TEXT),
}
SET = {"name": TEXT, "description": TEXT, "enabled": FLAG, "url_parameters": PARAMETERS}
NAMED = {"id": TEXT, "name": TEXT, "description": TEXT, "enabled": FLAG, "created_date_unix": WHOLE}


def answer(**fields: Any) -> dict[str, Any]:
    """Return the responses of an operation whose answer holds these fields beside the envelope."""
    schema = {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": fields}]}
    return {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}


def post(name: str, /, body: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    """Return a POST operation."""
    described: dict[str, Any] = {"operationId": name, "responses": answer(**fields)}
    if body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": body}}}
    return described


def listing(name: str, item: dict[str, Any]) -> dict[str, Any]:
    """Return a GET of a list."""
    return {
        "operationId": name,
        "parameters": [{"$ref": "#/components/parameters/Limit"}, {"name": "page", "in": "query", "required": True}],
        "responses": answer(current_count=WHOLE, results={"type": "array", "items": obj(**item)}),
    }


def get(name: str, /, **fields: Any) -> dict[str, Any]:
    """Return a GET of one object."""
    return {"operationId": name, "responses": answer(**fields)}


def agreeing() -> dict[str, Any]:
    """Return the description of a RevCent that is exactly as expected."""
    domain = {
        "id": TEXT,
        **DOMAIN,
        "domain": TEXT,
        "a_records": RECORDS,
        "ssl": obj(status=TEXT, cname_records=RECORDS),
        "dns": obj(status=TEXT),
    }
    portal = {
        "id": TEXT,
        **PORTAL,
        "tracking_domain": obj(**NAMED),
        "recaptcha": obj(site_key=TEXT),
        "logo": TEXT,
        "created_date_unix": WHOLE,
    }
    domain_paths = {
        "/tracking_domains": {
            "post": post(
                "CreateTrackingDomain",
                obj("name", "domain", **DOMAIN, domain=TEXT),
                tracking_domain_id=TEXT,
                a_records=RECORDS,
            ),
            "get": listing("GetTrackingDomains", domain),
        },
        "/tracking_domains/{tracking_domain_id}": {
            "parameters": [{"name": "tracking_domain_id", "in": "path", "required": True}],
            "get": get("GetTrackingDomain", **domain),
            "post": post("EditTrackingDomain", obj(**DOMAIN), tracking_domain_id=TEXT),
        },
        "/tracking_domains/{tracking_domain_id}/initialize_ssl": {"post": post("InitializeTrackingDomainSSL")},
        "/tracking_domains/{tracking_domain_id}/initialize_dns": {"post": post("InitializeTrackingDomainDNS")},
    }
    profile_paths = {
        "/smtp_profiles": {
            "post": post(
                "CreateSMTPProfile",
                obj("name", "host", "port", "username", "password", **PROFILE, password=TEXT),
                smtp_profile_id=TEXT,
            )
        },
        "/smtp_profiles/{smtp_profile_id}": {
            "post": post("EditSMTPProfile", obj(**PROFILE, password=TEXT), smtp_profile_id=TEXT)
        },
    }
    needed = ("name", "tracking_domain", "recaptcha", "smtp_profile", "customer_emails")
    portal_paths = {
        "/customer_portals": {
            "post": post("CreateCustomerPortal", obj(*needed, **PORTAL, recaptcha=CAPTCHA), customer_portal_id=TEXT),
            "get": listing("GetCustomerPortals", portal),
        },
        "/customer_portals/{customer_portal_id}": {
            "get": get("GetCustomerPortal", **portal),
            "post": post("EditCustomerPortal", obj(**PORTAL, recaptcha=CAPTCHA), customer_portal_id=TEXT),
        },
    }
    lookup_paths = {
        "/campaigns": {"get": listing("GetCampaigns", NAMED)},
        "/campaigns/{campaign_id}": {"get": get("GetCampaign", **NAMED)},
        "/user_shops": {"get": listing("GetUserShops", {**NAMED, "url": TEXT})},
        "/user_shops/{user_shop_id}": {"get": get("GetUserShop", **NAMED, url=TEXT)},
        "/url_parameter_sets": {
            "post": post("CreateUrlParameterSet", obj("name", **SET), url_parameter_set_id=TEXT),
            "get": listing("GetUrlParameterSets", {"id": TEXT, **SET}),
        },
        "/url_parameter_sets/{url_parameter_set_id}": {
            "get": get("GetUrlParameterSet", id=TEXT, **SET),
            "post": post("EditUrlParameterSet", obj(**SET), url_parameter_set_id=TEXT),
        },
    }
    other = {"/customers": {"get": {"operationId": "GetCustomers", "responses": {}}}}
    paths = {**domain_paths, **profile_paths, **portal_paths, **lookup_paths, **other}
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "RevCent", "version": "2"},
        "servers": [{"url": "https://api.revcent.com"}],
        "paths": {f"/v2{path}": item for path, item in paths.items()},
        "components": {
            "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 25}}},
            "schemas": {
                "Id": {"type": "string", "minLength": 20, "maxLength": 20},
                "Email": EMAIL,
                "Envelope": obj("code", api_call_id=TEXT, api_call_unix=WHOLE, code=WHOLE, result=TEXT),
            },
        },
    }
    made: dict[str, Any] = json.loads(json.dumps(whole))  # so that no two places share a part
    return made


def body_of(description: dict[str, Any], path: str, method: str = "post") -> dict[str, Any]:
    """Return the request schema of an operation, to change it."""
    schema: dict[str, Any] = description["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
    return schema


def answer_of(description: dict[str, Any], path: str, method: str = "get") -> dict[str, Any]:
    """Return the properties of an operation's answer, to change them."""
    content = description["paths"][path][method]["responses"]["200"]["content"]
    properties: dict[str, Any] = content["application/json"]["schema"]["allOf"][1]["properties"]
    return properties


def rename(schema: dict[str, Any], old: str, new: str) -> None:
    """Give a property of an object schema another name."""
    properties = schema["properties"]
    properties[new] = properties.pop(old)
    schema["required"] = [new if name == old else name for name in schema["required"]]


def spelt_otherwise() -> dict[str, Any]:
    """Return the description of a RevCent with other spellings wherever some are expected."""
    made = agreeing()
    for path in ("/v2/smtp_profiles", "/v2/smtp_profiles/{smtp_profile_id}"):
        schema = body_of(made, path)
        for old, new in {"host": "smtp_host", "port": "smtp_port", "username": "user", "password": "pass"}.items():
            rename(schema, old, new)
        rename(schema, "secure", "encryption")
        schema["properties"]["encryption"] = {"type": "string", "enum": ["NONE", "STARTTLS", "SSL"]}
    rename(body_of(made, "/v2/tracking_domains"), "domain", "root_domain")
    for path in ("/v2/customer_portals", "/v2/customer_portals/{customer_portal_id}"):
        schema = body_of(made, path)
        rename(schema, "customer_filters", "filters")
        rename(schema, "footer_html", "footer")
        rename(schema, "campaign", "campaign_id")
        rename(schema["properties"]["customer_emails"], "customer_account_confirmation", "account_confirmation")
    rename(made["components"]["schemas"]["Email"], "html", "template_html")
    seen = answer_of(made, "/v2/customer_portals/{customer_portal_id}")
    seen["filters"] = seen.pop("customer_filters")
    domain = made["paths"].pop("/v2/tracking_domains/{tracking_domain_id}/initialize_dns")
    made["paths"]["/v2/tracking_domains/{tracking_domain_id}/dns"] = domain
    return made


def offering_more() -> dict[str, Any]:
    """Return the description of a RevCent that can delete, and read mail profiles."""
    made = agreeing()
    for plural, entity, name in (
        ("tracking_domains", "tracking_domain", "TrackingDomain"),
        ("smtp_profiles", "smtp_profile", "SMTPProfile"),
        ("customer_portals", "customer_portal", "CustomerPortal"),
        ("url_parameter_sets", "url_parameter_set", "UrlParameterSet"),
    ):
        made["paths"][f"/v2/{plural}/{{{entity}_id}}/delete"] = {"post": post(f"Delete{name}")}
    profile = {"id": TEXT, **PROFILE}
    made["paths"]["/v2/smtp_profiles"]["get"] = listing("GetSMTPProfiles", profile)
    made["paths"]["/v2/smtp_profiles/{smtp_profile_id}"]["get"] = get("GetSMTPProfile", **profile)
    return made
