"""Joins the style sheets, scripts and icons into six files, so that a first visit needs few requests.

Write small files; templates refer to the joined ones, with DEBUG too. Style sheets are named here, because their order
counts. Comments are left out. Neither Django nor WhiteNoise joins files, and a bundler would bring Node and a build
step (ADR 9).
"""

import os
import re
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from config import icons

STYLE_SHEETS = [  # in the order of their cascade layers
    "css/_global.css",
    "css/reset.css",
    "css/base.css",
    "css/layout.css",
    "css/bar.css",
    "css/buttons.css",
    "css/badges.css",
    "css/fields.css",
    "css/panels.css",
    "css/flash.css",
    "css/rows.css",
    "css/register.css",
    "css/chart.css",
    "css/menu.css",
    "css/card.css",
    "css/dialogs.css",
    "css/tiles.css",
    "css/door.css",
    "css/acts.css",
    "css/board.css",
    "css/classroom.css",
    "css/books.css",
    "css/joins.css",
    "css/queue.css",
    "css/bulk.css",
    "css/class_list.css",
    "css/leak.css",
    "css/large_letters.css",
    "css/timeline.css",
    "css/handout.css",
    "css/help.css",
    "css/utilities.css",
    "css/forced.css",
    "css/print.css",
]
# Only pages that are made to be printed load these, because a first visit needs few bytes.
PAPER_STYLE_SHEETS = ["css/paper_list.css", "css/slips.css"]
# For the administration, after Django's own style sheets.
ADMIN_STYLE_SHEETS = [
    "css/admin_colours.css",
    "css/admin_bar.css",
    "css/admin_acts.css",
    "css/admin_lists.css",
    "css/admin_first_page.css",
    "css/admin_print.css",
]
# These run before the page's text appears; the others wait until the page is parsed.
EARLY_SCRIPTS = ["js/ignore_double_press.js", "js/send_once.js"]
_EVERY_SCRIPT = {f"js/{file.name}" for file in (settings.BASE_DIR / "static/js").glob("*.js")}
SCRIPTS = sorted(_EVERY_SCRIPT - {*EARLY_SCRIPTS})


def _text(name):
    return Path(finders.find(name)).read_text()


def _style_sheet(name):
    """Without comments, which are a quarter of what would be sent. No string of ours has "/*" in it."""
    return re.sub(r"/\*.*?\*/", "", _text(name), flags=re.DOTALL)


def _script(name):
    """Without comments. Behind code, one with a quote in it stays, because the // may be part of a string."""
    return re.sub(r"^ *//.*\n|(?<! ) +// [^\"'`\n]*$", "", _text(name), flags=re.MULTILINE)


def _module(name):
    """Wrap a script in a function, so that its names are its own, as in a module."""
    return f';(() => {{\n"use strict"\n{_script(name)}\n}})()\n'


JOINED = {
    "css/homeroom.css": lambda: "\n".join(map(_style_sheet, STYLE_SHEETS)),
    "css/paper.css": lambda: "\n".join(map(_style_sheet, PAPER_STYLE_SHEETS)),
    "css/admin.css": lambda: "\n".join(map(_style_sheet, ADMIN_STYLE_SHEETS)),
    icons.SPRITE: icons.sprite,
    "js/presses.js": lambda: "\n;".join(map(_script, EARLY_SCRIPTS)),
    "js/homeroom.js": lambda: "".join(map(_module, SCRIPTS)),
}


class JoinedFiles(finders.BaseFinder):
    """A finder that writes the joined files when Django asks for them: collectstatic, runserver and tests."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(settings.VAR_DIR / "static")

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False):
        if path not in JOINED:
            return []
        file = Path(self.storage.path(path))
        _write(file, JOINED[path]())
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns):
        for path in JOINED:
            self.find(path)
            yield path, self.storage


def _write(file, text):
    """Write to a temporary file, then rename it, so that nobody reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False) as draft:
        draft.write(text)
    os.replace(draft.name, file)
