"""A program in a terminal that is driven: its bytes go to the terminal, the terminal's to it, and keys are typed."""
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

# What of the terminal's environment a program goes by.
OF_TERMINAL = ("TERM", "COLORTERM", "VTE_VERSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "XTERM_VERSION",
               "ALACRITTY_WINDOW_ID", "MLTERM")


class Guest:
    def __init__(self, emulator, argv, environment):
        self.emulator = emulator
        inherited = {key: emulator.environment[key] for key in OF_TERMINAL if key in emulator.environment}
        environment = dict(environment, **inherited)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.execvpe(argv[0], argv, environment)
            finally:
                os._exit(127)
        size = struct.pack("HHHH", emulator.rows, emulator.columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.over = False
        self.drawn = 0

    def pump(self, seconds):
        """Carries bytes both ways; returns whether the program wrote anything."""
        ready, _, _ = select.select([self.fd, self.emulator.link], [], [], seconds)
        wrote = False
        if self.emulator.link in ready:
            self.emulator.read(0)
        if self.emulator.typed:
            os.write(self.fd, self.emulator.typed)
            self.emulator.typed = b""
        if self.fd in ready:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                self.over = True
            else:
                self.emulator.write(data)
                self.drawn += len(data)
                wrote = True
        return wrote

    def quiet(self, calm=0.1, most=15.0):
        """Waits until the program has written nothing for a while."""
        end = time.monotonic() + most
        calm_at = time.monotonic() + calm
        while time.monotonic() < end and not self.over:
            left = calm_at - time.monotonic()
            if left <= 0:
                break
            if self.pump(left):
                calm_at = time.monotonic() + calm
        return self

    def settle(self, calm=0.2):
        """Waits until the program writes nothing more, and returns what the terminal shows then."""
        return self.quiet(calm).emulator.grid()

    def started(self):
        """Waits for the first bytes, and then for the rest."""
        end = time.monotonic() + 30
        while self.drawn < 200 and not self.over and time.monotonic() < end:
            self.pump(0.2)
        return self.settle(0.6)

    def type(self, text):
        os.write(self.fd, text.encode())
        return self

    def press(self, text):
        """Types, and waits until what follows is written."""
        return self.type(text).quiet()

    def close(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except OSError:
            pass
        try:
            os.waitpid(self.pid, 0)
        except OSError:
            pass
        os.close(self.fd)
        self.emulator.write(b"\x1b[?1049l\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[<u"
                            b"\x1b[8h\x1b[!p\x1b[m\x1b[r\x1b[H\x1b[2J\x1b[?25l")
        self.emulator.where()
