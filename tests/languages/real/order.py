"""Text as it stands on a screen, by fribidi (UAX #9), cut into pieces that are right on any terminal when each is drawn alone."""
import ctypes
import ctypes.util
import unicodedata

LTR, RTL, ON = 0x110, 0x111, 0x40
PAR_LTR, PAR_RTL, PAR_WEAK_LTR = LTR, RTL, 0x20

# Embeddings, overrides and isolates: the program does not take them from a sender.
DROPPED = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def library():
    for name in ("libfribidi.so.0", ctypes.util.find_library("fribidi")):
        try:
            return ctypes.CDLL(name) if name else None
        except OSError:
            continue
    return None


FRIBIDI = library()


def clusters(text):
    """Cuts a text where a terminal may begin another cell: marks stay with their letters, and so do the parts of a joined picture."""
    out = []
    for letter in text:
        glued = unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf") and letter not in "\u200e\u200f"
        glued = glued or "\U0001f3fb" <= letter <= "\U0001f3ff"
        if out and (glued or out[-1].endswith("\u200d")):
            out[-1] += letter
        else:
            out.append(letter)
    return out


def shown(text):
    """Returns what the program shows of a text: joined and coloured pictures by the first of each, syllables of
    Korean as one letter, and nothing that is dropped."""
    out = []
    if any("\u1100" <= letter <= "\u11ff" for letter in text):
        text = unicodedata.normalize("NFC", text)
    for cluster in clusters("".join(letter for letter in text if letter not in DROPPED)):
        out.append(cluster[0] if cluster[0] >= "\U0001f000" else cluster)
    return "".join(out)


def levels(text, base=None):
    """Returns the embedding level of each code point, and whether the paragraph runs from right to left."""
    count = len(text)
    wide = (ctypes.c_uint32 * count)(*map(ord, text))
    types = (ctypes.c_uint32 * count)()
    FRIBIDI.fribidi_get_bidi_types(wide, count, types)
    brackets = (ctypes.c_uint32 * count)()
    FRIBIDI.fribidi_get_bracket_types(wide, count, types, brackets)
    direction = ctypes.c_uint32({None: PAR_WEAK_LTR, "ltr": PAR_LTR, "rtl": PAR_RTL}[base])
    if base is None:
        first = next((unicodedata.bidirectional(c) for c in text if unicodedata.bidirectional(c) in ("L", "R", "AL")), "L")
        direction = ctypes.c_uint32(PAR_LTR if first == "L" else PAR_RTL)
    out = (ctypes.c_byte * count)()
    FRIBIDI.fribidi_get_par_embedding_levels_ex(types, brackets, count, ctypes.byref(direction), out)
    return list(out), direction.value == PAR_RTL


def mirrored(letter):
    if not FRIBIDI:
        return letter
    out = ctypes.c_uint32()
    return chr(out.value) if FRIBIDI.fribidi_get_mirror_char(ctypes.c_uint32(ord(letter)), ctypes.byref(out)) else letter


def joined(word):
    """Returns the presentation forms of an Arabic word in its own order: one for each letter, no ligature."""
    count = len(word)
    wide = (ctypes.c_uint32 * count)(*map(ord, word))
    types = (ctypes.c_uint32 * count)()
    FRIBIDI.fribidi_get_bidi_types(wide, count, types)
    joins = (ctypes.c_uint8 * count)()
    FRIBIDI.fribidi_get_joining_types(wide, count, joins)
    level = (ctypes.c_byte * count)(*([1] * count))
    FRIBIDI.fribidi_join_arabic(types, count, level, joins)
    # Presentation forms alone: FRIBIDI_FLAG_SHAPE_ARAB_PRES.
    FRIBIDI.fribidi_shape_arabic(0x100, level, count, joins, wide)
    return "".join(map(chr, wide))


class Piece:
    """A part of a line that is drawn by itself: a word that runs from right to left, or anything else."""

    def __init__(self, text, turned):
        self.text, self.turned = text, turned

    def __repr__(self):
        return "%s%r" % ("<" if self.turned else "", self.text)

    def in_visual_order(self, joins):
        if not self.turned:
            return self.text
        shown = joined(self.text) if joins else self.text
        # Where letters are put one by one nothing is left for these to say.
        shown = shown.replace("\u200c", "").replace("\u200d", "")
        return "".join(reversed(clusters(shown)))


def pieces(text, base=None):
    """Returns the pieces of a line from left to right, and whether its paragraph runs from right to left."""
    level, right = levels(text, base)
    cells, at = [], 0
    for cluster in clusters(text):
        head = cluster[0]
        # Marks and signs of direction are heard and take no place.
        if head not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u00ad\u200b":
            cells.append((cluster, level[at]))
        at += len(cluster)
    order = list(range(len(cells)))
    for depth in range(max((l for _, l in cells), default=0), 0, -1):
        begin = 0
        while begin < len(order):
            if cells[order[begin]][1] < depth:
                begin += 1
                continue
            end = begin
            while end < len(order) and cells[order[end]][1] >= depth:
                end += 1
            order[begin:end] = reversed(order[begin:end])
            begin = end
    out = []
    for index in order:
        cluster, depth = cells[index]
        letters = depth % 2 == 1 and unicodedata.bidirectional(cluster[0]) in ("R", "AL")
        if letters:
            if out and out[-1].turned:
                out[-1].text = cluster + out[-1].text
            else:
                out.append(Piece(cluster, True))
        else:
            shown = mirrored(cluster[0]) + cluster[1:] if depth % 2 == 1 else cluster
            if out and not out[-1].turned:
                out[-1].text += shown
            else:
                out.append(Piece(shown, False))
    return out, right
