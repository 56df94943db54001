#!/usr/bin/env python3
"""Writes the corpus that compares DNSWire with dnspython: one message a line, hex, tab, what dnspython makes of it.

usage: generate.py > messages.tsv        (needs dnspython 2.x; the output depends on nothing else)

The second column is `reject` or a canonical form: header, then each question, record and OPT field with names
uncompressed and RDATA in hex. DNSWireTests renders the same form and compares line by line.
"""
import random
import struct
import sys

import dns.exception
import dns.message
import dns.name
import dns.rdatatype

rng = random.Random(20261123)


def name(text):
    return dns.name.from_text(text).to_wire()


def canonical(wire):
    try:
        m = dns.message.from_wire(wire, one_rr_per_rrset=True, question_only=False)
    except Exception:  # every reason to refuse counts the same; DNSWireTests has its own for each
        return "reject"
    out = [f"id={m.id:04x} flags={struct.unpack('!H', wire[2:4])[0]:04x}"]
    for q in m.question:
        out.append(f"Q {q.name.to_wire().hex()} {q.rdtype:d} {q.rdclass:d}")
    for tag, section in (("AN", m.answer), ("NS", m.authority), ("AR", m.additional)):
        for rrset in section:
            for rd in rrset:
                out.append(f"{tag} {rrset.name.to_wire().hex()} {rrset.rdtype:d} {rrset.rdclass:d} {rrset.ttl} {rd.to_wire().hex()}")
    if m.opt is not None:
        options = b"".join(struct.pack("!HH", o.otype, len(o.to_wire())) + o.to_wire() for o in m.opt[0].options)
        out.append(f"OPT {int(m.opt.rdclass)} {m.opt.ttl:08x} {options.hex()}")
    return "; ".join(out)


def rr(owner, rtype, data, ttl=30, rclass=1):
    return owner + struct.pack("!HHIH", rtype, rclass, ttl, len(data)) + data


def message(questions=(), answers=(), authority=(), additional=(), flags=0x8180, mid=None):
    counts = [len(questions), len(answers), len(authority), len(additional)]
    head = struct.pack("!HHHHHH", rng.randrange(65536) if mid is None else mid, flags, *counts)
    return head + b"".join(questions) + b"".join(answers) + b"".join(authority) + b"".join(additional)


def question(owner, rtype=1, rclass=1):
    return owner + struct.pack("!HH", rtype, rclass)


def opt(size=1232, ttl=0, options=()):
    data = b"".join(struct.pack("!HH", c, len(d)) + d for c, d in options)
    return b"\0" + struct.pack("!HHIH", 41, size, ttl, len(data)) + data


svc = name("kubernetes.default.svc.cluster.local")
ptr = b"\xc0\x0c"  # the question's name
zone = b"\xc0\x23"  # cluster.local in the same question
soa = name("ns.dns.cluster.local") + name("hostmaster.cluster.local") + struct.pack("!IIIII", 1, 7200, 1800, 86400, 5)
well = [
    message([question(svc)], flags=0x0100),
    message([question(svc, 28)], additional=[opt()], flags=0x0120),
    message([question(svc)], [rr(ptr, 1, bytes([10, 96, 0, 1]))], flags=0x8580),
    message([question(svc, 28)], [rr(ptr, 28, bytes(range(16)))], additional=[opt(4096, 0x8000)]),
    message([question(svc, 28)], authority=[rr(zone, 6, soa, 5)], flags=0x8583),
    message([question(svc, 6)], [rr(ptr, 6, b"\x02ns" + zone + b"\x01h" + zone + bytes(20))]),
    message([question(svc, 5)], [rr(ptr, 5, b"\x03www" + zone), rr(b"\x03www" + zone, 1, b"\x01\x02\x03\x04")]),
    message([question(svc, 2)], [rr(ptr, 2, b"\x02ns" + zone)], additional=[rr(b"\x02ns" + zone, 1, bytes(4))]),
    message([question(svc, 15)], [rr(ptr, 15, b"\0\x0a" + b"\x02mx" + zone)]),
    message([question(svc, 16)], [rr(ptr, 16, b"\x051.1.0"), rr(ptr, 16, b"\x01a\x00\x02bc")]),
    message([question(svc, 33)], [rr(ptr, 33, struct.pack("!HHH", 0, 100, 443) + svc)]),
    message([question(svc, 33)], [rr(ptr, 33, struct.pack("!HHH", 0, 100, 443) + ptr)]),
    message([question(svc, 12)], [rr(ptr, 12, svc)]),
    message([question(svc, 13)], [rr(ptr, 13, b"\x03cpu\x02os")]),
    message([question(svc, 65280)], [rr(ptr, 65280, bytes(20)), rr(ptr, 1000, b"")]),
    message([question(svc, 1, 3)], [rr(ptr, 16, b"\x01x", rclass=3)]),
    message([question(b"\0", 2)], [rr(b"\0", 2, name("a.root-servers.net"))]),
    message([question(b"\x04a\0\xff.\x01b\0")], flags=0x0100),
    message([question(name("CaSe.ExAmPlE"))], [rr(name("case.example"), 1, bytes(4))]),
    message([question(svc), question(svc, 28)], flags=0x0100),
    message(flags=0x0100),
    message(flags=0x9004),
    message([question(svc)], additional=[opt(512, 0x01018000, [(10, bytes(8)), (65001, b"xyz"), (3, b"")])]),
    message([question(svc)], [rr(ptr, 1, bytes([198, 18, 6, i]), ttl=2**31 - 1) for i in range(29)]),
    message([question(name(".".join(["x" * 63] * 3 + ["y" * 61])))], flags=0x0100),
    message([question(name("77.1.168.192.in-addr.arpa"), 12)], flags=0x0110),
]
cases = list(well)
base = struct.pack("!HHHHHH", 7, 0x0100, 1, 0, 0, 0)
tail = b"\0\x01\0\x01"
cases += [
    base + b"\xc0\x0c" + tail,
    base + b"\xc0\x20" + tail,
    base + b"\xc0\x04" + tail,
    base + b"\xc0\x0b" + tail,
    base + b"\x01a\xc0\x0c" + tail,
    base + b"\x01a\xc0\x0a" + tail,
    base + b"\x40" + b"a" * 64 + b"\0" + tail,
    base + b"\x41a\0" + tail,
    base + b"\x81a\0" + tail,
    base + (b"\x3f" + b"z" * 63) * 4 + b"\0" + tail,
    base + b"\x05ab",
    base,
    base[:11],
    b"",
    struct.pack("!HHHHHH", 7, 0x0100, 65535, 0, 0, 0) + svc + tail,
    struct.pack("!HHHHHH", 7, 0x0100, 1, 1, 0, 0) + svc + tail,
    message([question(svc)], additional=[opt(), opt()]),
    message([question(svc)], [opt()]),
    message([question(svc)], additional=[b"\x01a" + opt()]),
    message([question(svc)], additional=[opt() + b"x"]),
    message([question(svc)], additional=[opt()[:-1] + b"\x05" + b"\0\x0a\0\x08\x01"]),
    message([question(svc)], [rr(ptr, 1, bytes(3))]),
    message([question(svc)], [rr(ptr, 1, bytes(5))]),
    message([question(svc)], [rr(ptr, 28, bytes(4))]),
    message([question(svc)], [rr(ptr, 16, b"")]),
    message([question(svc)], [rr(ptr, 16, b"\x05ab")]),
    message([question(svc)], [rr(ptr, 13, b"\x01a")]),
    message([question(svc)], [rr(ptr, 13, b"\x01a\x01b\x01c")]),
    message([question(svc)], [rr(ptr, 5, b"")]),
    message([question(svc)], [rr(ptr, 5, b"\0\0")]),
    message([question(svc)], [rr(ptr, 6, bytes(21))]),
    message([question(svc)], [rr(ptr, 1, bytes(4), ttl=2**31)]),
    message([question(svc)], [rr(ptr, 33, bytes(6))]),
    message([question(svc)]) + b"\0\0",
]
# Pointers of every depth: a chain of names, each one label and a pointer to the one before.
for depth in (2, 10, 60, 126):
    answers, offset, previous = [], 12 + len(question(b"\x01r\0")), 12
    for _ in range(depth):
        owner = b"\x01a" + struct.pack("!H", 0xC000 | previous)
        previous = offset
        answers.append(rr(owner, 1, bytes(4)))
        offset += len(answers[-1])
    cases.append(message([question(b"\x01r\0")], answers))
for wire in well[2:14]:
    cases += [wire[:i] for i in range(0, len(wire), 3)]
for wire in well:
    for _ in range(36):
        mutant = bytearray(wire)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            mutant[rng.randrange(len(mutant))] = rng.choice((0, 1, 0x3F, 0x40, 0xC0, 0xFF, rng.randrange(256)))
        cases.append(bytes(mutant))
    for index in range(4):  # counts that lie
        mutant = bytearray(wire)
        mutant[5 + 2 * index] = (mutant[5 + 2 * index] + rng.choice((1, 2, 255))) % 256
        cases.append(bytes(mutant))
for _ in range(60):
    cases.append(struct.pack("!HHHHHH", 1, 0x8180, 1, 1, 0, 0) + rng.randbytes(rng.randrange(80)))

seen = set()
for wire in cases:
    if wire not in seen:
        seen.add(wire)
        sys.stdout.write(f"{wire.hex()}\t{canonical(wire)}\n")
