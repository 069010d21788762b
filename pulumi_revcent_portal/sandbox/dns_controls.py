"""The hands on the sandbox's DNS: what a test can do to its zones past the name server. No sockets in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterable, Mapping, Sequence

    from dns.name import Name

    from pulumi_revcent_portal.sandbox.store import Store
    from pulumi_revcent_portal.sandbox.values import Clock
    from pulumi_revcent_portal.sandbox.zones import Zone

_LONGEST_TTL: Final = 2**31 - 1


class DnsControls:
    """The zones of a sandbox, and the means to look at them and to change them.

    Args:
        store: where the zones are kept.
        keys: the TSIG keys of the seed, each with `name` and `secret`.
        lock: held while the zones are used.
        clock: the sandbox's time.
    """

    def __init__(self, store: Store, keys: Sequence[Mapping[str, str]], lock: threading.RLock, clock: Clock) -> None:
        # The client of a remote sandbox inherits nothing from here, and does without dnspython.
        from pulumi_revcent_portal.sandbox.dns_gateway import DnsGateway  # noqa: PLC0415
        from pulumi_revcent_portal.sandbox.zones import Zones  # noqa: PLC0415

        self._dns_keys = list(keys)
        self._dns_lock = lock
        self.zones = Zones(store)
        self.dns = DnsGateway(self.zones, {key["name"]: key["secret"] for key in keys}, lock, clock)
        self._dns_address = ""

    @property
    def dns_address(self) -> str:
        """Where the name server answers over UDP and TCP, such as "127.0.0.1:8053"; empty: it does not run."""
        return self._dns_address

    @property
    def dns_port(self) -> int:
        """The port of the name server; 0: it does not run."""
        return int(self._dns_address.rpartition(":")[2] or 0)

    @property
    def dns_key_name(self) -> str:
        """The name of the first TSIG key (hmac-sha256), which may update every zone."""
        return self._dns_key()["name"]

    @property
    def dns_key_secret(self) -> str:
        """The secret of that key, in base64."""
        return self._dns_key()["secret"]

    def _dns_key(self) -> Mapping[str, str]:
        if not self._dns_keys:
            raise ValueError('The seed of this sandbox holds no TSIG key; give it "dns_keys".')
        return self._dns_keys[0]

    @property
    def dns_zones(self) -> list[str]:
        """The names of all zones."""
        with self._dns_lock:
            return sorted(_shown(zone.origin) for zone in self.zones)

    @property
    def dns_calls(self) -> list[dict[str, Any]]:
        """Every message that came to the name server, oldest first, without secrets.

        Keys: at (Unix seconds), transport ("udp" or "tcp"), kind ("query" or "update"), name and type of the question
        (an update's is its zone), key_name, changes (an update's, a line each), answer (such as "NOERROR"; None: there
        was none), fault (the kind it met).
        """
        return self.dns.copied_calls()

    def add_zone(self, name: str) -> None:
        """Make a zone, or leave it as it is when it is there; a ValueError says when the name is none."""
        with self._dns_lock:
            self.zones.add(name)

    def records(self, zone: str) -> list[dict[str, Any]]:
        """Return what a zone holds, SOA and NS included: a list of name, type, ttl, values.

        Names have no dot at their end, and TXT values no quotation marks.

        Raises:
            KeyError: there is no such zone.
        """
        from pulumi_revcent_portal.sandbox.zones import owner_name, shown_set  # noqa: PLC0415 - see above

        with self._dns_lock:
            found = self.zones.named(owner_name(zone))
            if found is None:
                raise KeyError(self._no_zone(zone))
            return [shown_set(owner, kept) for owner, kept in found]

    def set_record(self, name: str, type: str, values: Iterable[str], ttl: int = 300) -> None:  # noqa: A002 - DNS's own word
        """Set the records of one type at a name, whatever it held of this type before.

        Args:
            name: the complete name, with or without the dot at its end.
            type: the type, such as "A".
            values: as in a zone file, but that names are complete, and that a TXT value is the plain text.
            ttl: how long the records may be remembered, in seconds.

        Raises:
            KeyError: the name is in none of the zones.
            ValueError: type, values or TTL cannot be, a CNAME would stand beside other records, or it is a SOA record:
                a zone keeps its own itself.
        """
        from pulumi_revcent_portal.sandbox.zones import owner_name, record_set  # noqa: PLC0415 - see above

        given = [values] if isinstance(values, str) else list(values)
        if not given:
            raise ValueError("Give at least one value, or use remove_record().")
        if isinstance(ttl, bool) or not isinstance(ttl, int) or not 0 <= ttl <= _LONGEST_TTL:
            raise ValueError(f"A TTL is a number of seconds from 0 to {_LONGEST_TTL}, not {ttl!r}.")
        wanted = record_set(type, given, ttl)
        if type.upper() == "SOA":
            raise ValueError("A zone keeps its SOA record itself.")
        with self._dns_lock:
            zone, owner = self._zone_of(owner_name(name))
            zone.put_alone(owner, wanted)
            self.zones.save(zone)

    def remove_record(self, name: str, type: str) -> None:  # noqa: A002 - DNS's own word
        """Remove the records of one type at a name.

        Raises:
            KeyError: there are none, or the name is in none of the zones.
            ValueError: the zone cannot be without them.
        """
        from pulumi_revcent_portal.sandbox.zones import owner_name, record_type  # noqa: PLC0415 - see above

        kind = record_type(type)
        with self._dns_lock:
            zone, owner = self._zone_of(owner_name(name))
            if kind not in zone.at(owner):
                raise KeyError(f"There is no {type} record {_shown(owner)}.")
            if owner == zone.origin and type.upper() in ("SOA", "NS"):
                raise ValueError(f"A zone cannot be without its {type} record.")
            zone.drop(owner, kind)
            self.zones.save(zone)

    def dns_fault(self, kind: str, name: str | None = None, after: int = 0, times: int | None = 1) -> None:
        """Arm a fault of the name server.

        Args:
            kind: "timeout" (no answer), "timeout_after" (no answer, but an update is carried out), "servfail",
                "refused" or "truncate" (UDP only: the client is to ask over TCP).
            name: only messages about a name that matches this regular expression (searched in lower case, without the
                dot at the end); an update is about its zone and every name that it changes.
            after: how many matching messages pass first.
            times: how many messages it meets; None: all from then on.

        Raises:
            ValueError: there is no such kind, or a value cannot be.
        """
        from pulumi_revcent_portal.sandbox.dns_faults import DnsFault  # noqa: PLC0415 - as its neighbours above

        with self._dns_lock:
            self.dns.faults.arm(DnsFault(kind, name, after, times))

    def _zone_of(self, owner: Name) -> tuple[Zone, Name]:
        found = self.zones.holding(owner)
        if found is None:
            raise KeyError(self._no_zone(_shown(owner)))
        return found.copy(), owner

    def _no_zone(self, name: str) -> str:
        there = ", ".join(self.dns_zones) or "none"
        return f"{name} is in none of the zones of this sandbox: {there}. Make one with add_zone()."


def _shown(name: Name) -> str:
    return name.to_text(omit_final_dot=True)
