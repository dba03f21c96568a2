#!/usr/bin/env python3
"""Writes normalization.bin: the decompositions, compositions and combining classes of Unicode 9.0.

The reference tokenizer normalises by Unicode 9.0 whatever the machine's ICU knows, so the table is pinned to it. Python's
newer data serves because assigned characters never change their normalisation; what was assigned later is left out.
Usage: make_normalization_data.py OUTPUT
"""
import sys
import unicodedata

# Characters of Unicode 10 to 14 with a decomposition.
LATER_DECOMPOSITIONS = [(0x32FF, 0x32FF), (0xA7F2, 0xA7F4), (0xAB69, 0xAB69), (0x10781, 0x107BA), (0x11938, 0x11938),
                        (0x1F16C, 0x1F16C), (0x1FBF0, 0x1FBF9)]
# Characters of Unicode 10 to 14 with a combining class other than 0.
LATER_MARKS = [(0x7FD, 0x7FD), (0x898, 0x89F), (0x8CA, 0x8D3), (0x9FE, 0x9FE), (0xC3C, 0xC3C), (0xD3B, 0xD3C),
               (0xEBA, 0xEBA), (0x1715, 0x1715), (0x1ABF, 0x1ACE), (0x1DF6, 0x1DFA), (0xA82C, 0xA82C),
               (0x10D24, 0x10D27), (0x10EAB, 0x10EAC), (0x10F46, 0x10F50), (0x10F82, 0x10F85), (0x11070, 0x11070),
               (0x1133B, 0x1133B), (0x1145E, 0x1145E), (0x11839, 0x1183A), (0x1193D, 0x1193E), (0x11943, 0x11943),
               (0x119E0, 0x119E0), (0x11A34, 0x11A34), (0x11A47, 0x11A47), (0x11A99, 0x11A99), (0x11D42, 0x11D45),
               (0x11D97, 0x11D97), (0x16FF0, 0x16FF1), (0x1E130, 0x1E136), (0x1E2AE, 0x1E2AE), (0x1E2EC, 0x1E2EF)]
HANGUL = range(0xAC00, 0xD7A4)  # computed, not stored
SURROGATES = range(0xD800, 0xE000)


def within(ranges, code):
    return any(low <= code <= high for low, high in ranges)


def varint(out, value):
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)


def main():
    canonical, compatible, compositions, marks = [], [], [], []
    for code in range(0x110000):
        if code in SURROGATES or code in HANGUL:
            continue
        text = chr(code)
        if not within(LATER_DECOMPOSITIONS, code):
            nfd, nfkd = unicodedata.normalize("NFD", text), unicodedata.normalize("NFKD", text)
            if nfd != text:
                canonical.append((code, [ord(c) for c in nfd]))
            if nfkd != nfd:
                compatible.append((code, [ord(c) for c in nfkd]))
            parts = unicodedata.decomposition(text).split()
            if len(parts) == 2 and not parts[0].startswith("<") and unicodedata.normalize("NFC", nfd) == text:
                compositions.append((code, int(parts[0], 16), int(parts[1], 16)))
        if unicodedata.combining(text) and not within(LATER_MARKS, code):
            marks.append((code, unicodedata.combining(text)))

    out = bytearray()
    for table in (canonical, compatible):
        varint(out, len(table))
        previous = 0
        for code, parts in table:
            varint(out, code - previous)
            previous = code
            varint(out, len(parts))
            for part in parts:
                varint(out, part)
    varint(out, len(compositions))
    for code, first, second in compositions:
        varint(out, code)
        varint(out, first)
        varint(out, second)
    varint(out, len(marks))
    previous = 0
    for code, kind in marks:
        varint(out, code - previous)
        previous = code
        varint(out, kind)
    with open(sys.argv[1], "wb") as file:
        file.write(out)
    print(len(canonical), len(compatible), len(compositions), len(marks), len(out))


main()
