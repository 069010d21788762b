"""The same number of resources with the same inputs, by a provider that only echoes them."""

from typing import Any

import brands
import pulumi
from pulumi.dynamic import Resource
from trivial_provider import TrivialProvider


class Trivial(Resource, module="bench", name="Trivial"):
    """A resource that does nothing."""

    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(TrivialProvider(), name, dict(props), opts)


config = pulumi.Config("bench")
mails = [Trivial(f"mail{number}", brands.mail(number)) for number in range(config.require_int("mails"))]
for number in range(config.require_int("brands")):
    key = f"brand{number}"
    mail = mails[number % len(mails)]
    domain = Trivial(f"{key}-domain", brands.domain(number))
    ssl = Trivial(f"{key}-ssl", {"tracking_domain": domain.id})
    ready = Trivial(f"{key}-dns", {"tracking_domain": domain.id}, pulumi.ResourceOptions(depends_on=[ssl]))
    Trivial(f"{key}-portal", {"tracking_domain": ready.id, "smtp_profile": mail.id, **brands.portal(number)})
    if config.get_bool("components"):  # as many resources as the fleet's components
        Trivial(f"{key}-domain-component", {"tracking_domain": ready.id})
        Trivial(f"{key}-brand-component", {"tracking_domain": ready.id})
