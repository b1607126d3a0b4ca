#!/usr/bin/env python3
"""Counts transition identities in an edge's spool and a learner's store.

Written from docs/formats/spool.md and docs/formats/transition.md alone; Python standard library only.

usage: count_identities.py SPOOL STORE
       count_identities.py DIR          (takes DIR/spool and DIR/store)
prints {"recorded": identities in the spool, "stored": identities in the store,
        "lost": in the spool, but neither in the store nor given up by it, "duplicated": repetitions in the store,
        "given_up": in the spool, and given up by the store with whole segments (file `dropped`),
        "damaged": places in either where bytes had to be stepped over}
exit code: 0 when nothing is lost, duplicated or damaged, else 1
"""
import collections
import json
import os
import re
import struct
import sys


def crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


TABLE = crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    table = TABLE
    for byte in data:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def read_header(data, folder):
    """Returns (header length, record lengths), or None where the header is not usable."""
    if len(data) < 82 or data[:8] != b"RBTSPOOL":
        return None
    length, version = struct.unpack_from("<IH", data, 8)
    if version != 1 or length < 120 or length > len(data):
        return None
    if struct.unpack_from("<I", data, length - 4)[0] != crc32c(data[: length - 4]):
        return None
    robot, boot = struct.unpack_from("<QQ", data, 16)
    if "%016x-%016x" % (robot, boot) != folder:
        return None
    frame, privileged, action, _, images, _ = struct.unpack_from("<6i", data, 82)
    ordinary = 124 + 4 * (frame + privileged + 3 * action) + images
    return length, (ordinary, ordinary + 4 * (frame + privileged) + images)


def identities(path, folder):
    """Yields (robot, boot, sequence) of each valid record, and None for each place that had to be stepped over."""
    with open(path, "rb") as file:
        data = file.read()
    header = read_header(data, folder)
    if header is None:
        if data:
            yield None
        return
    at, lengths = header
    damaged = False
    while at + 124 <= len(data):
        length, version = struct.unpack_from("<IH", data, at)
        end = at + length
        valid = (length in lengths and version == 1 and end <= len(data)
                 and struct.unpack_from("<I", data, end - 4)[0] == crc32c(data[at:end - 4]))
        if not valid and not damaged and length in lengths and version == 1 and end > len(data):
            return  # torn end: the record that was being written
        if not valid:
            if not damaged:
                yield None
            damaged = True
            at += 1
            continue
        damaged = False
        yield struct.unpack_from("<QQQ", data, at + 24)
        at = end


def given_up(root):
    """Per robot and boot, the sequence up to which the store has given up segments to keep within its bound."""
    found = {}
    for folder in os.listdir(root) if os.path.isdir(root) else []:
        path = os.path.join(root, folder, "dropped")
        if re.fullmatch("[0-9a-f]{16}-[0-9a-f]{16}", folder) and os.path.exists(path):
            with open(path) as file:
                found[tuple(int(part, 16) for part in folder.split("-"))] = int(file.read().split()[0])
    return found


def count(root):
    found = collections.Counter()
    damaged = 0
    for folder in sorted(os.listdir(root)) if os.path.isdir(root) else []:
        if not re.fullmatch("[0-9a-f]{16}-[0-9a-f]{16}", folder):
            continue
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if not re.fullmatch(r"[0-9]{20}\.seg", name):
                continue
            for identity in identities(os.path.join(root, folder, name), folder):
                if identity is None:
                    damaged += 1
                else:
                    found[identity] += 1
    return found, damaged


def main(arguments):
    if len(arguments) == 1:
        arguments = [os.path.join(arguments[0], "spool"), os.path.join(arguments[0], "store")]
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    spool, damaged_spool = count(arguments[0])
    store, damaged_store = count(arguments[1])
    gone = given_up(arguments[1])
    absent = [identity for identity in spool if identity not in store]
    forgotten = sum(1 for robot, boot, sequence in absent if sequence <= gone.get((robot, boot), 0))
    result = {
        "recorded": len(spool),
        "stored": len(store),
        "lost": len(absent) - forgotten,
        "duplicated": sum(n - 1 for n in store.values()),
        "given_up": forgotten,
        "damaged": damaged_spool + damaged_store,
    }
    print(json.dumps(result))
    return 1 if result["lost"] or result["duplicated"] or result["damaged"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
