"""Reads the text of a PDF that Chromium has printed, and where on the paper it stands."""

import re
import zlib
from typing import NamedTuple

_OBJECT = re.compile(rb"\n(\d+) 0 obj\s(.*?)\sendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)


class Words(NamedTuple):
    """Text that is drawn at once; `x` counts from the left edge of the page, in the units of the page."""

    x: float
    text: str


def pages_of(pdf):
    """Return a list of Words for each page."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    pages = [body for _, body in sorted(objects.items()) if re.search(rb"/Type /Page\b", body)]
    return [_words(objects, page) for page in pages]


def _words(objects, page):
    fonts = {
        name: _letters(objects, int(number))
        for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", page + _resources(objects, page))
    }
    content = _text(objects[int(re.search(rb"/Contents (\d+) 0 R", page)[1])])
    return [_read(block, fonts) for block in re.findall(rb"BT\n(.*?)ET", content, re.DOTALL)]


def _resources(objects, page):
    found = re.search(rb"/Resources (\d+) 0 R", page)
    return objects[int(found[1])] if found else b""


def _read(block, fonts):
    letters = fonts[re.search(rb"/(F\d+) ", block)[1]]
    x = float(re.search(rb"(\S+) \S+ Tm", block)[1])
    glyphs = b"".join(re.findall(rb"<([0-9A-F]+)> Tj", block))
    return Words(x, "".join(letters.get(glyphs[at : at + 4], "?") for at in range(0, len(glyphs), 4)))


def _letters(objects, font):
    """Return a dict: the number of a glyph, as four hexadecimal digits -> the letters that it stands for."""
    table = _text(objects[int(re.search(rb"/ToUnicode (\d+) 0 R", objects[font])[1])])
    letters = {}
    for ranges in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.DOTALL):
        for first, last, letter in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", ranges):
            for step in range(int(last, 16) - int(first, 16) + 1):
                letters[b"%04X" % (int(first, 16) + step)] = chr(int(letter, 16) + step)
    for pairs in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.DOTALL):
        for glyph, letter in re.findall(rb"<(\w+)> <(\w+)>", pairs):
            letters[glyph] = bytes.fromhex(letter.decode()).decode("utf-16-be")
    return letters


def _text(body):
    data = _STREAM.search(body)[1]
    return zlib.decompress(data) if b"/FlateDecode" in body.split(b"stream")[0] else data
