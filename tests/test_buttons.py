"""The words of a button are one piece: its parts stand beside each other, as an icon and its words do."""

import re
from pathlib import Path

BUTTON = re.compile(r'(?s)<(a|button)\b(?=[^<>]*\bclass="button\b)(?:[^<>"]|"[^"]*")*>(.*?)</\1>')
NOT_SHOWN = re.compile(r'(?s){#.*?#}|{%.*?%}|<span class="for-screen-reader">.*?</span>')
INNERMOST = re.compile(r"(?s)<(\w+)[^>]*>[^<]*</\1>")


def pieces(words):
    """The texts and elements that a button lays out on their own. Its icon is a tag, and so not among them."""
    words, found = NOT_SHOWN.sub("", words), True
    while found:
        words, found = INNERMOST.subn("\0", words)
    return [piece for piece in re.split("(\0)", words) if piece.strip()]


def test_on_a_narrow_screen_no_button_is_broken_into_columns():
    """ "Join Biology 9B as co-teacher" stood in three columns, with "Biolog" above "y 9B" in the middle one."""
    buttons = [
        (path, " ".join(button[2].split()))
        for path in sorted(Path("templates").rglob("*.html"))
        for button in BUTTON.finditer(path.read_text())
    ]
    assert len(buttons) > 100
    assert [button for button in buttons if len(pieces(button[1])) > 1] == []
