"""What a field has to look like: its pieces, each drawn alone in the same terminal, put side by side as UAX #9 says."""
import display
import order

PLAIN, BOLD = b"", b"\x1b[1m"
# Pieces nearer than this look alike: neighbours lap over a little. A letter that is not joined or stands elsewhere makes more.
ALIKE = 0.18
# So much of a cell bears ink where there is a letter in it.
LEAST = 0.1
# Ends of letters may reach so far into a blank beside them, and more.
BLANK = 0.5


class References:
    def __init__(self, emulator, layout):
        self.emulator, self.layout, self.drawn = emulator, layout, {}
        # What goes wrong, to tell in words.
        self.wrong = References(emulator, "unjoined") if layout == "joined" else None

    def draw(self, texts):
        """Draws every piece of these lines, each alone in a row behind an `x`, which makes the row run from left to right."""
        wanted = []
        for text in texts:
            for piece in order.pieces(text)[0]:
                for part in parts(piece):
                    for look in (PLAIN, BOLD):
                        if (part, look) not in wanted and (part, look) not in self.drawn:
                            wanted.append((part, look))
        rows = self.emulator.rows - 1
        for begin in range(0, len(wanted), rows):
            batch = wanted[begin:begin + rows]
            out = [b"\x1b[?25l\x1b[m\x1b[H\x1b[2J"]
            for row, ((text, turned), look) in enumerate(batch):
                piece = order.Piece(text, turned)
                shown = text if self.layout == "theirs" else piece.in_visual_order(self.layout == "joined")
                # It turns these though nobody reads them so.
                if self.emulator.name == "kitty" and all(is_eastern_digit(letter) for letter in text):
                    shown = text[::-1]
                out.append(b"\x1b[%d;1Hx %s%s\x1b[m\x1b[6n" % (row + 1, look, shown.encode()))
            ends = self.emulator.reports(b"".join(out), len(batch))
            grid = self.emulator.grid()
            for row, (key, (_, column)) in enumerate(zip(batch, ends)):
                self.drawn[key] = grid.strip(row, 2, column - 3)
        self.emulator.write(b"\x1b[H\x1b[2J")
        self.emulator.where()
        if self.wrong:
            self.wrong.draw(texts)

    def pieces(self, text, look=PLAIN, base=None):
        """Returns a strip for each piece of a text, from left to right."""
        return [self.drawn[(part, look)] for piece in order.pieces(text, base)[0] for part in parts(piece)]

    def find(self, grid, text, rows, columns, base=None):
        """Returns how near the text comes to standing in these rows, within these columns: (distance, row, column, width). A piece that is
        far from what it should be counts, however much else is right."""
        best = (1.0, None, None, 0)
        for look in (PLAIN, BOLD):
            pieces = self.pieces(text, look, base)
            strip = [ink for piece in pieces for ink in piece]
            away, row, column = display.find(grid, strip, rows, columns, 2 * ALIKE)
            if row is None:
                continue
            at = column
            for piece in pieces:
                share = LEAST if any(piece) else BLANK
                least = share * len(piece) * grid.cells.width * grid.cells.height
                away = max(away, display.distance(piece, grid.strip(row, at, len(piece)), least))
                at += len(piece)
            if away < best[0]:
                best = (away, row, column, len(strip))
        return best

    def what_else(self, grid, text, rows, columns, base=None):
        """Returns what stands there instead, where that is known."""
        if self.wrong and self.wrong.find(grid, text, rows, columns, base)[0] < ALIKE:
            return "in order, letters not joined"
        words = self.words(text)
        if words and display.find(grid, words, rows, columns, ALIKE)[0] < ALIKE:
            return "words right, in wrong order"
        return ""

    def words(self, text):
        """Returns the words of a text in the order in which they are written; nothing where that is how they are read."""
        out = []
        for word in text.split():
            for piece in order.pieces(word)[0]:
                for part in parts(piece):
                    out += self.drawn.get((part, PLAIN), [0])
            out.append(0)
        return [] if text.split() == [word for piece in order.pieces(text)[0] for word in piece.text.split()] else out[:-1]


def is_eastern_digit(letter):
    return "\u0660" <= letter <= "\u0669" or "\u06f0" <= letter <= "\u06f9"


def parts(piece):
    """Cuts a piece at its blanks, so that long lines share what they are made of."""
    out, word = [], ""
    for letter in piece.text:
        if letter == " ":
            out += [(word, piece.turned)] * bool(word) + [(" ", False)]
            word = ""
        else:
            word += letter
    return out + [(word, piece.turned)] * bool(word)

