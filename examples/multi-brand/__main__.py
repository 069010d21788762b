"""Three brands in one RevCent account: the list says what a brand is, the configuration what its account holds."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

import pulumi_revcent_portal as revcent


@dataclass(frozen=True)
class Brand:
    """What is the same in every account: how the portal looks, and what customers may do in it."""

    key: str
    name: str
    accent: str
    permissions: revcent.CustomerPermissions
    footer: str


BRANDS = [
    Brand(
        key="acme",
        name="Acme",
        accent="#1f4e8c",
        permissions=revcent.CustomerPermissions.for_use_cases(
            "payment_method_update", "subscription_management", subscription_cancel=False
        ),
        footer="<a href='https://acme.example/terms'>Terms</a>",
    ),
    Brand(
        key="acmeStore",
        name="Acme Store",
        accent="#0b6e4f",
        permissions=revcent.CustomerPermissions.for_use_cases("account_update"),
        footer="<a href='https://shop.acme.example/returns'>Returns</a>",
    ),
    Brand(
        key="bolt",
        name="Bolt",
        accent="#ffb000",
        permissions=revcent.CustomerPermissions.for_use_cases("payment_recovery", "trial_management"),
        footer="<a href='https://bolt.example/terms'>Terms</a> | <a href='https://bolt.example/privacy'>Privacy</a>",
    ),
]

config = pulumi.Config()
sender = config.require("sender")
accounts = config.require_object("accounts")
captcha_secrets = config.require_secret_object("captchaSecretKeys")
dns = config.get_secret_object("dns")  # without a publisher the program names the DNS records to add, and waits

# One mail profile for all: its sender is the address of every brand's emails, under the brand's own name.
mail = revcent.SmtpProfile(
    "mail",
    name=config.get("smtpName") or "Brands' mail",
    host=config.require("smtpHost"),
    port=config.get_int("smtpPort") or 587,
    secure="starttls",
    username=config.get("smtpUsername") or sender,
    password=config.require_secret("smtpPassword"),
    sender=sender,
)


def setting(brand: Brand, name: str) -> str:
    """Return what the configuration must say about a brand."""
    value = accounts.get(brand.key, {}).get(name)
    if value is None:
        raise pulumi.RunError(f"pulumi config set --path 'accounts.{brand.key}.{name}' <value>: {brand.name} needs it")
    return str(value)


def declare(brand: Brand) -> revcent.CustomerPortal:
    """Declare a brand's domain, keys and portal."""
    domain = revcent.PortalDomain(f"{brand.key}-domain", domain=setting(brand, "domain"), dns=dns)
    captcha = revcent.Recaptcha(
        f"{brand.key}-captcha",
        site_key=setting(brand, "captchaSiteKey"),
        secret_key=captcha_secrets.apply(lambda secrets: secrets[brand.key]),
    )
    account = accounts[brand.key]
    return revcent.CustomerPortal(
        f"{brand.key}-portal",
        name=f"{brand.name} portal",
        display_name=brand.name,
        tracking_domain=domain,
        smtp_profile=mail,
        recaptcha=captcha,
        customer_emails=revcent.CustomerEmails.branded(brand=brand.name, from_address=sender, accent=brand.accent),
        customer_permissions=brand.permissions,
        customer_filters=revcent.CustomerFilters(
            campaign=account.get("campaigns", []), third_party_shop=account.get("shops", [])
        ),
        footer_html=brand.footer,
    )


portals = {brand.key: declare(brand) for brand in BRANDS}
pulumi.export("portal_ids", {key: portal.id for key, portal in portals.items()})
