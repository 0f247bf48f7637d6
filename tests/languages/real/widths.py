#!/usr/bin/env python3
"""Asks real terminals how many columns they give each code point and some graphemes: each is written at the left edge, and the cursor's
place is asked for. Writes a table for each terminal, by which tests/terminal draws.

    widths.py DIR [--terminals xterm,vte,kitty]

A line of a table is a range of code points in hex and the columns, `300-36f 0`; behind `=` stand sequences, `1f1e9 1f1ea = 2`.
Code points of one column are left out.
"""
import argparse
import os
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from display import Display
from emulators import Emulator, installed

# Marks and joined pictures as mails bring them.
SEQUENCES = [
    "e\u0301", "\u0e01\u0e33", "\u0e17\u0e35\u0e48", "\u0915\u093e", "\u0915\u094d\u0937", "\u0915\u093f", "\u0995\u09be",
    "\u0995\u09cb", "\u0b95\u0bbe", "\u0b95\u0bca", "\u0d15\u0d3e", "\u0d15\u0d4a", "\u0c95\u0cc2", "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "\u1780\u17b6", "\u1780\u17d2\u1781", "\u1000\u102c", "\u1000\u1039\u1000", "\u0644\u0627", "\u0645\u064f",
    "\u0633\u200c\u0645", "\u05e9\u05c1", "\u1100\u1161", "\u1100\u1161\u11a8", "\u304b\u3099", "\u2764\ufe0f", "\u2764\ufe0e",
    "\u0031\ufe0f\u20e3", "\u00a9\ufe0f", "\U0001f44d\U0001f3fd", "\U0001f1e9\U0001f1ea", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f3f4\u200d\u2620\ufe0f", "\U0001f469\U0001f3fd\u200d\U0001f4bb", "\u26f9\ufe0f\u200d\u2640\ufe0f",
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U0001f600\ufe0e", "\u4e00\U000e0100",
]
LAST = 0x323B0


def assigned():
    for number in list(range(0x20, 0x7F)) + list(range(0xA0, LAST)) + [0xE0001] + list(range(0xE0020, 0xE0080)) + list(
            range(0xE0100, 0xE01F0)):
        if unicodedata.category(chr(number)) not in ("Cn", "Cs", "Cc", "Co"):
            yield number


def measure(emulator, texts):
    out = []
    for begin in range(0, len(texts), 400):
        batch = texts[begin:begin + 400]
        # Behind a letter, since a mark alone at the edge has nothing to stand on.
        data = b"".join(b"\r\x1b[Ka" + text.encode() + b"\x1b[6n" for text in batch)
        out += [column - 2 for _, column in emulator.reports(data, len(batch), 120)]
    return out


def write(path, name, numbers, widths, sequences):
    with open(path, "w", encoding="utf-8") as file:
        file.write("# Columns that %s gives; made by tests/languages/real/widths.py.\n" % name)
        begin = last = None
        kept = None
        for number, width in [*zip(numbers, widths), (None, None)]:
            if begin is not None and (width != kept or number is None):
                if kept != 1:
                    file.write("%x-%x %d\n" % (begin, last, kept) if last > begin else "%x %d\n" % (begin, kept))
                begin = None
            if begin is None and number is not None:
                begin, kept = number, width
            last = number
        for text, width in sequences:
            file.write("%s = %d\n" % (" ".join("%x" % ord(letter) for letter in text), width))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("directory")
    arguments.add_argument("--terminals", default="xterm,vte,kitty")
    given = arguments.parse_args()
    numbers = list(assigned())
    for name in given.terminals.split(","):
        if not installed(name):
            print("left out: %s is not installed" % name)
            continue
        with tempfile.TemporaryDirectory(prefix="postroom-widths-") as directory:
            screen, inside = os.path.join(directory, "screen"), os.path.join(directory, "terminal")
            os.mkdir(screen)
            os.mkdir(inside)
            display, emulator = Display(screen), None
            try:
                emulator = Emulator(name, display, inside, (80, 24))
                widths = measure(emulator, [chr(number) for number in numbers])
                sequences = list(zip(SEQUENCES, measure(emulator, SEQUENCES)))
            finally:
                if emulator:
                    emulator.close()
                display.close()
        path = os.path.join(given.directory, "widths-%s.txt" % name)
        write(path, name, numbers, widths, sequences)
        print("%s: %d code points" % (path, len(numbers)))


if __name__ == "__main__":
    main()
