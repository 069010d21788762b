"""What is missing, over all servers: the public face, against name servers on loopback."""

from __future__ import annotations

import asyncio

from pulumi_revcent_portal.dns.lookup import Lookup
from pulumi_revcent_portal.dns.records import Record
from tests.dns.servers import world


def test_what_every_server_has_is_not_missing() -> None:
    with world(2) as servers:
        servers.zone("acme.test", "@ A 203.0.113.10\n@ A 203.0.113.11\n", servers=(1, 2))
        lookup = Lookup([str(servers.resolver)])
        assert asyncio.run(lookup.missing([Record("A", "acme.test", "203.0.113.10")])) == []
