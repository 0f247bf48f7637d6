#!/usr/bin/env python3
"""Opens mails of many scripts in the real program in real terminals, and compares what stands there with reference lines that are drawn in
the same terminal and run: each piece of a line alone, in the order of UAX #9 (by fribidi).

    compare.py --program target/debug/postroom [--terminals xterm,vte,vte/tmux] [--pictures DIR]

Prints a table, field by terminal, and ends with 1 where a field differs that known.txt does not name. Terminals that are not installed are told and left out; without Xvfb and fribidi nothing is done.
"""
import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import order
from display import Display, distance
from emulators import KNOWN, Emulator, Trouble, installed
from guest import Guest
from mails import APART, MAILS, cases, raw
from reference import ALIKE, References

SIZE = (132, 40)
CLOCK = "2026-11-29T12:00:00Z"
# What a terminal has not shown by then is not looked at any more; so many are looked at together.
SECONDS_MAX = int(os.environ.get("POSTROOM_TEST_SECONDS", "600"))
TOGETHER = 3
# Behind a terminal's name: the program runs in tmux there.
IN_TMUX = "/tmux"
# The list: two rows a conversation, from the second row on.
ROWS_EACH = 2


class Session:
    """The program in one terminal, and what came out of each field."""

    def __init__(self, name, emulator, program, stores, directory, pictures):
        self.name, self.emulator, self.program, self.stores, self.pictures = name, emulator, program, stores, pictures
        self.tmux = tmux(directory) if name.endswith(IN_TMUX) else []
        self.references = References(emulator, KNOWN[emulator.name][1])
        self.environment = {"HOME": os.path.join(directory, "home"), "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", ""),
                            "POSTROOM_CLOCK": CLOCK}
        self.cases = [(os.path.basename(path)[:-4], *rest) for path, *rest in cases(os.path.dirname(HERE))]
        self.found, self.known = {}, known()
        self.border = None

    def start(self, *argv, store="own"):
        environment = dict(self.environment, POSTROOM_STORE=self.stores[store])
        # What a verb prints would be gone with the session.
        inside = [*self.tmux, "new-session"] if self.tmux and "list" not in argv else []
        return Guest(self.emulator, [*inside, self.program, *argv], environment)

    def close(self, guest):
        guest.close()
        if self.tmux:
            subprocess.run([*self.tmux, "kill-server"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tell(self, script, field, same, note=""):
        """Keeps what came out; of several lines of a field the worst counts."""
        key = (script, field)
        if key not in self.found or self.found[key][0]:
            self.found[key] = (same, note)

    def look(self, guest, name, checks):
        """Looks whether all is as it should be; where it is not, once more a little later: a machine may be slow."""
        for patience in (0.2, 0.8):
            grid = guest.settle(patience)
            came = [(script, field, check(grid)) for script, field, check in checks]
            if not any(note and (self.name, script, field) not in self.known for script, field, note in came):
                break
        self.shot(name, grid)
        for script, field, note in came:
            self.tell(script, field, not note, note)
        return grid

    def shot(self, name, grid):
        if self.pictures:
            path = os.path.join(self.pictures, "%s-%s.ppm" % (self.name.replace("/", "-"), name.replace(" ", "-")))
            save(path, grid, self.emulator)

    def has(self, text, rows, columns=None):
        """Returns what looks whether a text stands in one of these rows, within these columns."""
        columns = columns or (0, self.emulator.columns)
        shown = order.shown(text)

        def check(grid):
            away, row, column, _ = self.references.find(grid, shown, rows, columns)
            if away < ALIKE:
                return ""
            other = self.references.what_else(grid, shown, rows, columns)
            return "%s: %s" % (text, other or "%.2f at %s" % (away, (row, column)))
        return check

    def apart(self, first, last, between, rows, columns):
        """Returns what looks whether two words stand in one of these rows, so many columns apart: between them is what terminals disagree
        about."""
        def check(grid):
            for row in rows:
                left = self.references.find(grid, first, [row], columns)
                right = self.references.find(grid, last, [row], columns)
                if left[0] < ALIKE and right[0] < ALIKE:
                    found = right[2] - left[2] - left[3]
                    return "" if found == between else "%s, %s: %d columns between them, not %d" % (first, last, found, between)
            return "%s, %s: not in one row" % (first, last)
        return check

    # What is looked at.

    def prepare(self):
        texts = ["Latin", "│", "7h", "To", "Subj"]
        for _, sender, subject, lines, word, paragraph in MAILS:
            texts += [sender, subject, word, "Re: " + subject, *lines, *paragraph.split()]
        texts += [word for _, first, last, _ in APART for word in (first, last)]
        for _, sender, subject, lines, *_ in self.cases:
            texts += [sender, subject, *lines]
        self.references.draw([order.shown(text) for text in texts])

    def run(self):
        guest = self.start("--offline")
        try:
            self.find_border(guest.started())
            self.listed(guest)
            self.read(guest, MAILS)
            self.search(guest)
            self.notice(guest)
            self.compose(guest)
        finally:
            self.close(guest)
        self.printed()
        guest = self.start("--offline", store="cases")
        try:
            guest.started()
            self.read(guest, self.cases)
        finally:
            self.close(guest)

    def listed(self, guest):
        checks = []
        for number, (script, sender, subject, *_) in enumerate(MAILS):
            first = 1 + number * ROWS_EACH
            checks += [
                (script, "list: sender", self.has(sender, [first], self.list)),
                (script, "list: subject", self.has(subject, [first + 1], self.list)),
                (script, "list: age", self.has("7h", [first], (3, 5))),
                (script, "list: border", self.straight([first, first + 1])),
            ]
        self.look(guest, "list", checks)

    def find_border(self, grid):
        rows = range(self.emulator.rows - 2)
        _, _, self.border, _ = self.references.find(grid, "│", rows, (0, self.emulator.columns))
        if self.border is None:
            self.shot("no-border", grid)
            raise Trouble("the border between list and conversation is not found")
        inks = [grid.ink(row, self.border) for row in rows]
        self.line = max(inks, key=inks.count)
        self.list, self.pane = (0, self.border), (self.border + 1, self.emulator.columns)

    def straight(self, rows):
        def check(grid):
            wrong = [row for row in rows if distance([grid.ink(row, self.border)], [self.line]) > ALIKE]
            return "rows %s" % wrong if wrong else ""
        return check

    def read(self, guest, mails):
        """Walks through the list: the conversation beside it is another each time, and nothing of the last one stays."""
        rows = range(0, self.emulator.rows - 2)
        for number, (script, sender, subject, lines, _, paragraph) in enumerate(mails):
            if number:
                guest.type("j")
            checks = [
                (script, "head: sender", self.has(sender, rows[1:6], self.pane)),
                (script, "body: border", self.straight(list(rows))),
            ]
            if subject:
                checks.append((script, "head: subject", self.has(subject, [0], self.pane)))
            checks += [(script, "body: lines", self.has(line, rows, self.pane)) for line in lines]
            checks += [(script, "body: columns", self.apart(first, last, between, rows, self.pane))
                       for of, first, last, between in APART if of == script]
            if paragraph:
                checks.append((script, "body: paragraph", self.paragraph(paragraph, rows)))
            before = self.look(guest, "read-" + script, checks)
            if mails is MAILS:
                guest.type("\x0c")
                self.look(guest, "again-" + script, [(script, "nothing stays", self.as_before(before))])

    def as_before(self, before):
        def check(grid):
            width, rows = self.emulator.columns, range(self.emulator.rows)
            left = [row for row in rows if distance(before.strip(row, 0, width), grid.strip(row, 0, width)) > 0.02]
            return "rows %s" % left if left else ""
        return check

    def paragraph(self, text, rows):
        """Each row of a paragraph is some of its words, in order, laid out as one line of it."""
        base = "rtl" if order.pieces(text)[1] else "ltr"

        def check(grid):
            words, near, ends = text.split(), rows, []
            while words:
                for many in range(min(len(words), 24), 0, -1):
                    away, row, column, width = self.references.find(grid, " ".join(words[:many]), near, self.pane, base)
                    if away < ALIKE and (many > 1 or many == len(words)):
                        break
                else:
                    return "row %d: %s" % (len(ends), " ".join(words[:6]))
                words, near = words[many:], [row + 1]
                ends.append(column + width)
            even = len(ends) > 1 and (base == "ltr" or len(set(ends)) == 1)
            return "" if even else "the rows end at %s" % ends
        return check

    def search(self, guest):
        for script, _, _, _, word, _ in MAILS:
            guest.type("/" + word)
            self.look(guest, "search-" + script, [(script, "search: prompt", self.has(word, range(self.emulator.rows)))])
            guest.press("\x1b")

    def notice(self, guest):
        guest.press("gg")
        for number, (script, sender, *_) in enumerate(MAILS):
            if number:
                guest.press("j")
            guest.type("i")
            rows = [self.emulator.rows - 2]
            self.look(guest, "notice-" + script, [(script, "notice: sender", self.has(sender, rows))])
            guest.press("u")

    def compose(self, guest):
        guest.press("gg")
        rows = range(0, self.emulator.rows - 2)
        for number, (script, sender, subject, lines, *_) in enumerate(MAILS):
            if number:
                guest.press("j")
            guest.press("r").type("\x1b[200~" + lines[0] + "\x1b[201~")
            checks = [
                (script, "compose: subject", self.has("Re: " + subject, rows[:6], self.list)),
                (script, "compose: to", self.has(sender, rows[1:3], self.list)),
            ]
            if len(lines[0]) < self.border - 2:
                checks.append((script, "compose: text", self.has(lines[0], rows[3:], self.list)))
            self.look(guest, "compose-" + script, checks)
            guest.press("\x1b").press("\x1b")

    def printed(self):
        guest = self.start("list", "is:any", "--offline")
        try:
            guest.started()
            rows = range(self.emulator.rows)
            checks = []
            for script, sender, subject, *_ in MAILS:
                checks.append((script, "list verb: subject", self.has(subject, rows)))
                checks.append((script, "list verb: sender", self.has(sender, rows)))
            self.look(guest, "list-verb", checks)
        finally:
            guest.close()


def tmux(directory):
    """Returns the command of a tmux of one's own, whose window is as large as the terminal."""
    config = os.path.join(directory, "tmux.conf")
    with open(config, "w") as file:
        file.write("set -g status off\nset -sg escape-time 0\nset -g default-terminal tmux-256color\n")
    return ["tmux", "-u", "-S", os.path.join(directory, "tmux"), "-f", config]


def there(name):
    return installed(name.removesuffix(IN_TMUX)) and (not name.endswith(IN_TMUX) or shutil.which("tmux"))


def save(path, grid, emulator):
    cells, display = grid.cells, grid.cells.display
    width = min(cells.width * emulator.columns + cells.left, display.width)
    height = min(cells.height * emulator.rows + cells.top, display.height)
    with open(path, "wb") as file:
        file.write(b"P6 %d %d 255\n" % (width, height))
        for y in range(height):
            row = grid.picture[y * display.stride:y * display.stride + width * 4]
            out = bytearray(width * 3)
            out[0::3], out[1::3], out[2::3] = row[2::4], row[1::4], row[0::4]
            file.write(out)


def make_stores(program, directory):
    """Makes a store of our own mails and one of the cases, by the program itself."""
    own, others = (os.path.join(directory, name) for name in ("own", "cases"))
    for name in (own, others, os.path.join(directory, "home")):
        os.mkdir(name)
    for path, *_ in cases(os.path.dirname(HERE)):
        shutil.copy(path, others)
    for number, mail in enumerate(MAILS):
        script, sender, subject, lines, _, paragraph = mail
        with open(os.path.join(own, "%02d.eml" % number), "wb") as file:
            file.write(raw(number, script, sender, subject, lines, paragraph))
    environment = {"HOME": os.path.join(directory, "home"), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8",
                   "POSTROOM_CLOCK": CLOCK}
    stores = {}
    for name, mails in (("own", own), ("cases", others)):
        stores[name] = os.path.join(directory, "store-" + name)
        subprocess.run([program, "import", mails, "--open", "--store", stores[name], "--address", "support@example.com"],
                       env=environment, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
    return stores


def look(name, program, pictures):
    """Looks at one terminal; returns what came out, and why it was not all, if so."""
    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS_MAX)
    with tempfile.TemporaryDirectory(prefix="postroom-real-", ignore_cleanup_errors=True) as directory:
        screen, inside, work = (os.path.join(directory, part) for part in ("screen", "terminal", "work"))
        for part in (screen, inside, work):
            os.mkdir(part)
        stores = make_stores(program, work)
        display, emulator, session = Display(screen), None, None
        try:
            emulator = Emulator(name.removesuffix(IN_TMUX), display, inside, SIZE)
            session = Session(name, emulator, program, stores, work, pictures)
            session.prepare()
            session.run()
            return session.found, None
        except Trouble as why:
            return session.found if session else {}, str(why)
        finally:
            signal.alarm(0)
            if emulator:
                emulator.close()
            display.close()


def late(*_):
    raise Trouble("was not through after %d s" % SECONDS_MAX)


def table(results):
    fields = list(dict.fromkeys(field for found in results.values() for _, field in found))
    scripts = list(dict.fromkeys(script for found in results.values() for script, _ in found))
    names = list(results)
    lines = ["%-14s %-20s %s" % ("script", "field", " ".join("%-10s" % name for name in names))]
    for script in scripts:
        for field in fields:
            if any((script, field) in found for found in results.values()):
                cells = [{True: "same", False: "differs", None: "–"}[found.get((script, field), (None,))[0]]
                         for found in results.values()]
                lines.append("%-14s %-20s %s" % (script, field, " ".join("%-10s" % cell for cell in cells)))
    return "\n".join(lines)


def known():
    """Reads which fields are known to differ: terminal, script, field, and why."""
    out = {}
    with open(os.path.join(HERE, "known.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, script, field, why = (part.strip() for part in line.split("|"))
                out[(name, script, field)] = why
    return out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--program", required=True)
    arguments.add_argument("--terminals", default=",".join([*KNOWN, "xterm" + IN_TMUX, "vte" + IN_TMUX]))
    arguments.add_argument("--pictures")
    given = arguments.parse_args()
    if not shutil.which("Xvfb") or not order.FRIBIDI:
        print("skipped: there is no %s here" % ("fribidi" if shutil.which("Xvfb") else "Xvfb"))
        return 0
    if given.pictures:
        os.makedirs(given.pictures, exist_ok=True)
    results = {}
    names = [name for name in given.terminals.split(",") if there(name)]
    for name in given.terminals.split(","):
        if name not in names:
            print("left out: %s is not installed" % name)
    program = os.path.abspath(given.program)
    with ProcessPoolExecutor(min(TOGETHER, os.cpu_count() or 1)) as pool:
        works = {name: pool.submit(look, name, program, given.pictures) for name in names}
        for name, work in works.items():
            results[name], why = work.result()
            if why:
                print("%s %s" % (name, why))
    print(table(results))
    expected, bad = known(), 0
    for name, found in results.items():
        for (script, field), (same, note) in found.items():
            is_named = (name, script, field) in expected
            if not same and not is_named:
                print("differs: %s | %s | %s | %s" % (name, script, field, note))
                bad += 1
            elif same and is_named:
                print("no longer differs: %s | %s | %s" % (name, script, field))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
