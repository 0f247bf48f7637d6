"""A display of one's own (Xvfb) whose picture is read from memory, cell by cell: no tool for pictures is needed."""
import ctypes
import mmap
import os
import signal
import struct
import subprocess

MAGENTA = b"\xff\x00\xff"


def dies_with_us():
    """Called in a child: it ends when whoever started it ends, however that comes."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Display:
    """Xvfb on a number that nobody has."""

    def __init__(self, directory, size=(1600, 900)):
        reader, writer = os.pipe()
        command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "%dx%dx24" % size, "-fbdir", directory,
                   "-nolisten", "tcp", "-noreset"]
        self.process = subprocess.Popen(command, pass_fds=[writer], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                        preexec_fn=dies_with_us)
        os.close(writer)
        with os.fdopen(reader) as number:
            self.name = ":" + number.readline().strip()
        if self.name == ":":
            raise OSError("Xvfb ended at once")
        path = os.path.join(directory, "Xvfb_screen0")
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        head = struct.unpack(">25I", self.memory[:100])
        self.width, self.height, self.stride = head[4], head[5], head[12]
        self.start = head[0] + head[19] * 12
        if head[7] != 0 or head[11] != 32:
            raise OSError("Xvfb keeps pixels in an order that is not known here")

    def picture(self):
        return bytes(self.memory[self.start:self.start + self.stride * self.height])

    def boxes(self, picture):
        """Returns left, top, width and height of the first magenta rectangle."""
        for y in range(self.height):
            row = picture[y * self.stride:y * self.stride + self.width * 4]
            at = find_pixel(row)
            if at is None:
                continue
            width = 0
            while row[(at + width) * 4:(at + width) * 4 + 3] == MAGENTA:
                width += 1
            height = 0
            while picture[(y + height) * self.stride + at * 4:(y + height) * self.stride + at * 4 + 3] == MAGENTA:
                height += 1
            return at, y, width, height
        return None

    def close(self):
        self.memory.close()
        self.process.terminate()
        self.process.wait()


def find_pixel(row):
    at = row.find(MAGENTA)
    while at >= 0 and at % 4:
        at = row.find(MAGENTA, at + 1)
    return None if at < 0 else at // 4


class Cells:
    """Where a terminal's cells are in the picture."""

    def __init__(self, display, left, top, width, height):
        self.display, self.left, self.top, self.width, self.height = display, left, top, width, height

    def grid(self):
        return Grid(self, self.display.picture())


class Grid:
    """What each cell showed at a moment: which of its pixels bear ink, as bits of a number."""

    tables = {}

    def __init__(self, cells, picture):
        self.cells, self.picture, self.known = cells, picture, {}

    def ink(self, row, column):
        key = (row, column)
        if key not in self.known:
            self.known[key] = self.look(row, column)
        return self.known[key]

    def look(self, row, column):
        cells, stride = self.cells, self.cells.display.stride
        left = (cells.left + column * cells.width) * 4 + 1
        top = cells.top + row * cells.height
        green = b"".join(
            self.picture[y * stride + left:y * stride + left + cells.width * 4 - 1:4]
            for y in range(top, top + cells.height))
        if len(green) != cells.width * cells.height:
            return 0
        shades = set(green)
        if len(shades) == 1:
            return 0
        ground = max(shades, key=green.count)
        most = max(abs(shade - ground) for shade in shades)
        if most < 40:
            return 0
        table = self.tables.get((ground, most))
        if table is None:
            table = bytes(49 if abs(shade - ground) * 2 > most else 48 for shade in range(256))
            self.tables[(ground, most)] = table
        return int(green.translate(table), 2)

    def strip(self, row, column, width):
        return [self.ink(row, column + n) for n in range(width)]


def bits(number):
    return bin(number).count("1")


def distance(a, b, least=0):
    """Returns 0 for strips that look alike, 1 for strips that share no ink. Letters lap over into a blank beside them a little: less ink than
    `least` makes no strip."""
    all_ink = max(sum(bits(x | y) for x, y in zip(a, b)), least)
    return 0.0 if all_ink == 0 else sum(bits(x ^ y) for x, y in zip(a, b)) / all_ink


def find(grid, strip, rows, columns, limit):
    """Returns where the strip comes nearest to standing in these rows, within these columns: (distance, row, column)."""
    best = (1.0, None, None)
    inky = [n for n, ink in enumerate(strip) if ink]
    if not inky:
        return best
    probe = inky[:3]
    probe_total = sum(bits(strip[n]) for n in probe)
    for row in rows:
        for column in range(columns[0], columns[1] - len(strip) + 1):
            near = sum(bits(strip[n] ^ grid.ink(row, column + n)) for n in probe)
            if near <= limit * 3 * probe_total:
                away = distance(strip, grid.strip(row, column, len(strip)))
                if away < best[0]:
                    best = (away, row, column)
    return best
