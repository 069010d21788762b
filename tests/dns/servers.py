"""Name servers on loopback for tests: zones from text, over UDP and TCP, with faults on request.

A `World` is a resolver and any number of authoritative servers on addresses of their own and one port.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

import dns.flags
import dns.message
import dns.name
import dns.node
import dns.rcode
import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.rrset
import dns.zone

Twist = Callable[[dns.message.Message, dns.message.Message, bool], bytes | list[bytes] | None]
"""From a question, the right answer and whether it came over TCP to the messages that are sent; None for silence."""

HANG_UP = b""
"""For a twist: close the TCP connection."""
START = "@ 300 SOA ns1 hostmaster 1 3600 600 86400 60\n"


def whole(message: dns.message.Message) -> bytes:
    """Return a message however long it is: its question may have allowed for less."""
    return message.to_wire(max_size=65535)


def silence(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> None:
    del question, answer, tcp


def with_rcode(rcode: dns.rcode.Rcode) -> Twist:
    def twist(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
        del answer, tcp
        refusal = dns.message.make_response(question)
        refusal.set_rcode(rcode)
        return refusal.to_wire()

    return twist


def lame(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
    del question, tcp
    answer.flags &= ~dns.flags.AA
    return answer.to_wire()


def garbage(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
    del question, answer, tcp
    return b"\x00" * 5 + b"\xff" * 40


def wrong_id(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
    del tcp
    answer.id = question.id ^ 1
    return answer.to_wire()


def truncated(question: dns.message.Message, answer: dns.message.Message, tcp: bool) -> bytes:
    """Give the whole answer over TCP only; over UDP one that is cut in the middle of a record."""
    if tcp:
        return whole(answer)
    answer.flags |= dns.flags.TC
    answer.use_edns(False)
    wire = whole(answer)
    return wire[:-3] if answer.answer else wire[: len(question.to_wire())]


@dataclass
class Fault:
    twist: Twist
    name: dns.name.Name | None
    rdtype: dns.rdatatype.RdataType | None
    left: int

    def fits(self, question: dns.rrset.RRset) -> bool:
        return self.left > 0 and self.name in (None, question.name) and self.rdtype in (None, question.rdtype)


@dataclass(frozen=True)
class Asked:
    name: str
    type: str
    tcp: bool
    edns: bool


@dataclass
class NameServer:
    """One server: its zones, its faults, and what it was asked.

    Attributes:
        address: an address of this machine.
        port: 0 until it is started, for a free one.
        world: for a resolver the servers whose zones it answers from.
    """

    address: str = "127.0.0.1"
    port: int = 0
    world: list[NameServer] | None = None
    zones: dict[dns.name.Name, dns.zone.Zone] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    delay: float = 0.0
    most_at_once: int = 0
    _at_once: int = 0
    _stop: Callable[[], object] = lambda: None

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def zone(self, origin: str, text: str = "") -> Self:
        """Serve a zone: the text is a zone file without a start of authority."""
        text = START + (text if " NS " in text else f"@ NS ns1\nns1 {_address_line(self)}\n" + text)
        made = dns.zone.from_text(text, origin=origin, relativize=False)
        self.zones[dns.name.from_text(origin)] = made
        return self

    def set(self, name: str, type: str, *values: str, ttl: int = 60) -> None:  # noqa: A002 - the DNS's own word
        owner = dns.name.from_text(name)
        self.zones[self._zone_of(owner)].replace_rdataset(owner, dns.rdataset.from_text("IN", type, ttl, *values))

    def remove(self, name: str, type: str) -> None:  # noqa: A002 - see above
        owner = dns.name.from_text(name)
        self.zones[self._zone_of(owner)].delete_rdataset(owner, type)

    def behave(self, twist: Twist, name: str | None = None, type: str | None = None, times: int = 1 << 30) -> None:  # noqa: A002 - see above
        """Answer otherwise: to all questions, or to those of a name or a type, and so many times."""
        owner = None if name is None else dns.name.from_text(name)
        self.faults.append(Fault(twist, owner, None if type is None else dns.rdatatype.from_text(type), times))

    def questions(self, type: str | None = None) -> list[str]:  # noqa: A002 - see above
        return [each.name for each in self.asked if type in (None, each.type)]

    # answering

    def _zone_of(self, name: dns.name.Name) -> dns.name.Name:
        return max((each for each in self.zones if name.is_subdomain(each)), key=lambda each: len(each.labels))

    def _holder_of(self, name: dns.name.Name) -> dns.zone.Zone | None:
        fitting = [
            (len(origin.labels), zone)
            for server in (self, *(self.world or ()))
            for origin, zone in server.zones.items()
            if name.is_subdomain(origin)
        ]
        return max(fitting, key=lambda each: each[0])[1] if fitting else None

    def answer(self, question: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(question, recursion_available=self.world is not None)
        name, rdtype = question.question[0].name, question.question[0].rdtype
        for _ in range(20):
            zone = self._holder_of(name)
            if zone is None:
                if not answer.answer:
                    self._deny_all(answer)
                return answer
            if self.world is None:
                answer.flags |= dns.flags.AA
            onward = self._answer_from(zone, name, rdtype, answer)
            if onward is None:
                return answer
            name = onward
        return answer

    def _deny_all(self, answer: dns.message.Message) -> None:
        if self.world is None:
            answer.set_rcode(dns.rcode.REFUSED)
        else:
            answer.set_rcode(dns.rcode.NXDOMAIN)
            root = dns.zone.from_text("@ 300 SOA a. b. 1 1 1 1 60\n@ NS a.\n", origin=".", relativize=False)
            answer.authority.append(_rrset(root, dns.name.root, "SOA"))

    def _answer_from(
        self, zone: dns.zone.Zone, name: dns.name.Name, rdtype: dns.rdatatype.RdataType, answer: dns.message.Message
    ) -> dns.name.Name | None:
        origin = zone.origin
        assert origin is not None
        cut = name
        while cut != origin:  # a delegation at the name or above it
            if zone.get_rdataset(cut, "NS") and self.world is None:
                answer.flags &= ~dns.flags.AA
                answer.authority.append(_rrset(zone, cut, "NS"))
                return None
            cut = cut.parent()
        if zone.get_rdataset(name, rdtype):
            answer.answer.append(_rrset(zone, name, dns.rdatatype.to_text(rdtype)))
        elif zone.get_rdataset(name, "CNAME"):
            alias = _rrset(zone, name, "CNAME")
            if alias in answer.answer:
                return None
            answer.answer.append(alias)
            target: dns.name.Name = alias[0].target
            return target
        else:
            known = any(each.is_subdomain(name) for each, node in zone.nodes.items() if node.rdatasets)
            answer.set_rcode(dns.rcode.NOERROR if known else dns.rcode.NXDOMAIN)
            answer.authority.append(_rrset(zone, origin, "SOA"))
        return None

    async def _said(self, wire: bytes, tcp: bool) -> list[bytes]:
        question = dns.message.from_wire(wire)
        asked = question.question[0]
        name, rdtype = asked.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(asked.rdtype)
        self.asked.append(Asked(name, rdtype, tcp, question.edns >= 0))
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            if self.delay:
                await asyncio.sleep(self.delay)
            answer = self.answer(question)
            for fault in self.faults:
                if fault.fits(asked):
                    fault.left -= 1
                    said = fault.twist(question, answer, tcp)
                    return said if isinstance(said, list) else [] if said is None else [said]
            return [whole(answer)]
        finally:
            self._at_once -= 1

    # serving

    def __enter__(self) -> Self:
        started: list[BaseException | None] = []
        ready = threading.Event()

        async def serve() -> None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            self._stop = lambda: loop.call_soon_threadsafe(ended.set)
            try:
                async with contextlib.AsyncExitStack() as stack:
                    await self._listen(stack)
                    started.append(None)
                    ready.set()
                    await ended.wait()
            except OSError as error:
                started.append(error)
                ready.set()

        self._thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        self._thread.start()
        ready.wait(10)
        if started[0] is not None:
            self._thread.join(10)
            raise started[0]
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop listening, for good."""
        if self._thread.is_alive():
            self._stop()
            self._thread.join(10)

    async def _listen(self, stack: contextlib.AsyncExitStack) -> None:
        loop = asyncio.get_running_loop()
        for attempt in range(20):
            datagrams, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(self.address, self.port)
            )
            port = datagrams.get_extra_info("sockname")[1]
            try:
                streams = await asyncio.start_server(self._stream, self.address, port)
            except OSError:  # the free port over UDP is taken over TCP
                datagrams.close()
                if self.port or attempt == 19:
                    raise
                continue
            self.port = port
            stack.callback(datagrams.close)
            stack.callback(streams.close)
            return

    async def _stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            (length,) = struct.unpack("!H", await reader.readexactly(2))
            said = await self._said(await reader.readexactly(length), tcp=True)
            if said != [HANG_UP]:
                for each in said:
                    writer.write(struct.pack("!H", len(each)) + each)
                await writer.drain()
                await reader.read()  # until the client closes
        except (OSError, EOFError):
            pass
        finally:
            writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self.server = server
        self.tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        async def reply() -> None:
            for each in await self.server._said(data, tcp=False):
                self.transport.sendto(each, addr)

        task = asyncio.get_running_loop().create_task(reply())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


def _rrset(zone: dns.zone.Zone, name: dns.name.Name, type: str) -> dns.rrset.RRset:  # noqa: A002 - see above
    rdataset = zone.get_rdataset(name, type)
    assert rdataset is not None
    return dns.rrset.from_rdata_list(name, rdataset.ttl, list(rdataset))


@dataclass
class World:
    """A resolver at 127.0.0.1, and authoritative servers at 127.0.0.2 and on, all on one port."""

    resolver: NameServer
    servers: list[NameServer]

    def __getitem__(self, number: int) -> NameServer:
        """Return the server ns<number>, counted from 1."""
        return self.servers[number - 1]

    @property
    def all(self) -> list[NameServer]:
        return [self.resolver, *self.servers]

    def zone(self, origin: str, text: str = "", servers: tuple[int, ...] = (1,)) -> None:
        """Serve a zone from several servers, which are named ns1, ns2 and so on in it."""
        names = "".join(f"@ 300 NS ns{each}\nns{each} 300 {_address_line(self[each])}\n" for each in servers)
        for each in servers:
            self[each].zone(origin, names + text)


def _address_line(server: NameServer) -> str:
    return f"{'AAAA' if ipaddress.ip_address(server.address).version == 6 else 'A'} {server.address}"


@contextlib.contextmanager
def world(servers: int = 2, more: tuple[str, ...] = ()) -> Iterator[World]:
    """Start a resolver and servers; `more` are further addresses, such as `::1`."""
    addresses = [f"127.0.0.{number + 2}" for number in range(servers)] + list(more)
    for attempt in range(20):
        with ExitStack() as stack:
            try:
                resolver = stack.enter_context(NameServer())
                made = [stack.enter_context(NameServer(each, resolver.port)) for each in addresses]
            except OSError:  # the free port is taken on another address
                if attempt == 19:
                    raise
                continue
            resolver.world = made
            yield World(resolver, made)
            return
