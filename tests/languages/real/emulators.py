"""The terminals that are looked at, each run on a display of one's own and handed over by bridge.py."""
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import time

from display import Cells, dies_with_us

HERE = os.path.dirname(os.path.abspath(__file__))
FONT = os.environ.get("POSTROOM_TEST_FONT", "DejaVu Sans Mono")
REPORT = re.compile(rb"\x1b\[(\d+);(\d+)R")


def kitty(columns, rows, *more):
    settings = ["remember_window_size=no", "initial_window_width=%dc" % columns, "initial_window_height=%dc" % rows,
                "font_size=11", "font_family=" + FONT, "cursor_blink_interval=0", "background=#ffffff",
                "foreground=#000000", "update_check_interval=0", *more]
    return ["kitty", "--config", "NONE"] + [part for setting in settings for part in ("-o", setting)]


def mlterm(columns, rows):
    return ["mlterm", "--type=xft", "--geometry=%dx%d" % (columns, rows), "--fontsize=15", "--ctl=true", "-b", "white",
            "-f", "black", "--sbmod=none", "-e"]


# How each is started; what lays out right-to-left text in it once the screen has it: the program ("ours", with joined
# forms or without), or the terminal ("theirs").
KNOWN = {
    "xterm": (lambda c, r: ["xterm", "-fa", FONT, "-fs", "11", "-geometry", "%dx%d" % (c, r), "-bg", "white", "-fg", "black",
                            "-xrm", "XTerm*cursorBlink:false", "-u8", "-e"], "joined"),
    "vte": (lambda c, r: ["sakura", "-c", str(c), "-r", str(r), "-f", FONT + " 11", "-e"], "theirs"),
    "kitty": (kitty, "theirs"),
    "konsole": (lambda c, r: ["konsole", "--nofork", "--separate", "--hide-menubar", "--hide-tabbar", "-p",
                              "TerminalColumns=%d" % c, "-p", "TerminalRows=%d" % r, "-p", "Font=%s,11,-1,5,50,0,0,0,0,0" % FONT,
                              "-p", "ColorScheme=BlackOnWhite", "-p", "ScrollBarPosition=2", "-e"], "theirs"),
    "mlterm": (mlterm, "theirs"),
    "alacritty": (lambda c, r: ["alacritty", "-o", "window.dimensions.columns=%d" % c, "-o", "window.dimensions.lines=%d" % r,
                                "-o", "font.size=11", "-o", "font.normal.family=" + FONT, "-o",
                                'colors.primary.background="#ffffff"', "-o", 'colors.primary.foreground="#000000"', "-e"],
                  "joined"),
}


def installed(name):
    program = KNOWN[name][0](80, 24)[0]
    return shutil.which(program) is not None


class Trouble(Exception):
    """The terminal can't be driven here."""


class Emulator:
    """A terminal that runs and shows what it is told."""

    def __init__(self, name, display, directory, size):
        self.name, self.display, self.pending, self.typed = name, display, b"", b""
        path = os.path.join(directory, "bridge")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(40)
        home = os.path.join(directory, "home")
        runtime = os.path.join(directory, "runtime")
        os.mkdir(home)
        os.mkdir(runtime, 0o700)
        keep = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH", "FONTCONFIG_PATH") if key in os.environ}
        environment = dict(keep, DISPLAY=display.name, HOME=home, XDG_RUNTIME_DIR=runtime, TMPDIR=directory, LANG="C.UTF-8",
                           LC_ALL="C.UTF-8", LIBGL_ALWAYS_SOFTWARE="1", NO_AT_BRIDGE="1", GTK_A11Y="none",
                           QT_QPA_PLATFORM="xcb", SHELL="/bin/sh")
        inside = os.path.join(directory, "inside.sh")
        with open(inside, "w") as script:
            script.write("#!/bin/sh\nexec '%s' '%s' '%s'\n" % (sys.executable, os.path.join(HERE, "bridge.py"), path))
        os.chmod(inside, 0o755)
        command = KNOWN[name][0](*size) + [inside]
        if name in ("vte", "konsole") and shutil.which("dbus-run-session"):
            command = ["dbus-run-session", "--"] + command
        self.log = os.path.join(directory, "log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True, preexec_fn=dies_with_us)
        try:
            self.link, _ = listener.accept()
        except OSError:
            self.close()
            with open(self.log) as log:
                raise Trouble("did not start: " + " ".join(log.read().split())[-200:]) from None
        finally:
            listener.close()
        head = b""
        while not head.endswith(b"\n"):
            more = self.link.recv(1)
            if not more:
                raise Trouble("ended at once")
            head += more
        self.environment = json.loads(head)["environment"]
        self.calibrate(size)

    def calibrate(self, size):
        """Finds the cells in the picture: by the first and the last one, in a colour of their own."""
        for _ in range(20):
            self.write(b"\x1b[m\x1b[?25l\x1b[H\x1b[2J\x1b[999;999H")
            self.rows, self.columns = self.where()
            self.still(4)
            last = b"\x1b[%d;%dH" % (self.rows, self.columns)
            self.write(b"\x1b[H\x1b[48;5;201m \x1b[m")
            first = self.box()
            self.write(b"\x1b[H\x1b[m " + last + b"\x1b[48;5;201m \x1b[m\x1b[H")
            end = self.box()
            if first and end and (self.rows, self.columns) == self.asked_again():
                left, top, width, height = first
                whole = (end[0] - left == width * (self.columns - 1), end[1] - top == height * (self.rows - 1))
                if whole == (True, True):
                    break
        else:
            raise Trouble("its cells are not found in the picture: %s, %s" % (first, end))
        if self.columns < size[0] or self.rows < size[1]:
            raise Trouble("has %dx%d cells, %dx%d are wanted" % (self.columns, self.rows, *size))
        self.cells = Cells(self.display, left, top, width, height)

    def asked_again(self):
        self.write(b"\x1b[999;999H")
        return self.where()

    def box(self):
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self.where()
            found = self.display.boxes(self.still(2))
            if found:
                return found
        return None

    def write(self, data):
        self.link.sendall(data)

    def read(self, seconds):
        """Takes what the terminal types; returns whether there was anything."""
        ready, _, _ = select.select([self.link], [], [], seconds)
        if not ready:
            return False
        data = self.link.recv(65536)
        if not data:
            raise Trouble("ended")
        self.typed += data
        return True

    def where(self):
        """Asks for the cursor's row and column (from 1): the answer comes when all before it is drawn."""
        return self.reports(b"\x1b[6n", 1)[0]

    def reports(self, data, count, seconds=20):
        """Writes what asks `count` times for the cursor's place, and returns the answers."""
        writer = memoryview(data)
        found, end = [], time.monotonic() + seconds
        while len(found) < count:
            if time.monotonic() > end:
                raise Trouble("does not answer where its cursor is")
            ready, free, _ = select.select([self.link], [self.link] if writer else [], [], 0.2)
            if free:
                writer = writer[self.link.send(writer[:2048]):]
            if ready:
                self.read(0)
            while True:
                match = REPORT.search(self.typed)
                if not match:
                    break
                self.typed = self.typed[:match.start()] + self.typed[match.end():]
                found.append((int(match[1]), int(match[2])))
        return found

    def still(self, seconds=1.2):
        """Returns the picture when it no longer changes."""
        end = time.monotonic() + seconds
        last = self.display.picture()
        calm = 0
        while time.monotonic() < end and calm < 3:
            time.sleep(0.04)
            now = self.display.picture()
            calm = calm + 1 if now == last else 0
            last = now
        return last

    def grid(self):
        self.where()
        self.still()
        return self.cells.grid()

    def close(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, number)
                self.process.wait(3)
                break
            except (OSError, subprocess.TimeoutExpired):
                continue
