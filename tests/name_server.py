"""A name server on loopback that answers from a dict: it can fail, keep silent, cut answers off."""

import socket
import struct
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Self

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Mood = Literal["fails", "refuses", "keeps silent", "cuts off"]
Zone = Mapping[tuple[str, str], Sequence[str]]
"""By name and kind, records as they stand in a zone file, text without its quotes."""

DEADLINE = 10.0


@dataclass
class NameServer:
    """A context manager. `moods` says how it takes questions about a name; `asked` what was asked.

    `cuts off` answers by UDP that there is more, and whole by TCP. Nothing is answered before the
    `gate` is open.
    """

    zone: Zone = field(default_factory=dict)
    moods: Mapping[str, Mood] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    gate: threading.Event | None = None

    def __enter__(self) -> Self:
        self.udp, self.tcp = _two_doors()
        self.clerks = [
            threading.Thread(target=clerk, daemon=True)
            for clerk in (self._serve_packets, self._serve_lines)
        ]
        for clerk in self.clerks:
            clerk.start()
        return self

    def __exit__(self, *_: object) -> None:
        # An empty packet wakes whoever waits for one; a listening socket is shut down.
        self.udp.sendto(b"", self.udp.getsockname())
        self.tcp.shutdown(socket.SHUT_RDWR)
        for clerk in self.clerks:
            clerk.join(DEADLINE)
        self.udp.close()
        self.tcp.close()

    @property
    def place(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self.udp.getsockname()
        return str(host), int(port)

    def _serve_packets(self) -> None:
        while True:
            packet, whence = self.udp.recvfrom(4096)
            if not packet:
                return
            if answer := self._answer(packet, "udp"):
                self.udp.sendto(answer, whence)

    def _serve_lines(self) -> None:
        while True:
            try:
                line, _ = self.tcp.accept()
            except OSError:
                return
            with line:
                (length,) = struct.unpack("!H", line.recv(2, socket.MSG_WAITALL))
                answer = self._answer(line.recv(length, socket.MSG_WAITALL), "tcp")
                if answer:
                    line.sendall(struct.pack("!H", len(answer)) + answer)

    def _answer(self, packet: bytes, way: str) -> bytes | None:
        query = dns.message.from_wire(packet)
        (question,) = query.question
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind, way))
        if self.gate:
            self.gate.wait(DEADLINE)
        answer = dns.message.make_response(query)
        match self.moods.get(name):
            case "keeps silent":
                return None
            case "fails":
                answer.set_rcode(dns.rcode.SERVFAIL)
            case "refuses":
                answer.set_rcode(dns.rcode.REFUSED)
            case "cuts off" if way == "udp":
                answer.flags |= dns.flags.TC
            case _:
                self._fill(answer, name, kind)
        return answer.to_wire()

    def _fill(self, answer: dns.message.Message, name: str, kind: str) -> None:
        """The records; an alias (CNAME) is followed, as a resolver does."""
        if alias := self.zone.get((name, "CNAME")):
            answer.answer.append(_rrset(name, "CNAME", alias))
            name = alias[0].removesuffix(".")
        if records := self.zone.get((name, kind)):
            answer.answer.append(_rrset(name, kind, records))
        elif not any(known == name for known, _ in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)


def _two_doors() -> tuple[socket.socket, socket.socket]:
    """For packets and for lines, at the same port; one that is free for both is looked for."""
    while True:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            return udp, tcp


def _rrset(name: str, kind: str, records: Sequence[str]) -> dns.rrset.RRset:
    if kind == "TXT":
        records = [_quoted(text) for text in records]
    return dns.rrset.from_text_list(dns.name.from_text(name), 300, "IN", kind, records)


def _quoted(text: str) -> str:
    """In pieces of at most 255 bytes, each byte that could mean something else as its number."""
    raw = text.encode()
    pieces = [raw[start : start + 255] for start in range(0, len(raw), 255)] or [b""]
    return " ".join('"' + "".join(f"\\{each:03d}" for each in piece) + '"' for piece in pieces)
