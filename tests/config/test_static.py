"""One style sheet and one script are joined from the small files in static/, wherever Django looks for them."""

import re
from pathlib import Path
from zipfile import ZipFile

from django.contrib.staticfiles import finders

from config import icons
from config.static import ADMIN_STYLE_SHEETS, EARLY_SCRIPTS, PAPER_STYLE_SHEETS, SCRIPTS, STYLE_SHEETS

JOINED = {
    "css/homeroom.css": STYLE_SHEETS,
    "css/paper.css": PAPER_STYLE_SHEETS,
    "css/admin.css": ADMIN_STYLE_SHEETS,
    "js/presses.js": EARLY_SCRIPTS,
    "js/homeroom.js": SCRIPTS,
}


def test_every_file_is_joined_once():
    in_static = {str(path.relative_to("static")) for path in Path("static").glob("*/*s")}

    assert sorted(sum(JOINED.values(), [])) == sorted(in_static)
    assert len(in_static) > 30


def test_the_joined_files_hold_all_of_them_in_their_order_without_comments():
    for joined, parts in JOINED.items():
        text = Path(finders.find(joined)).read_text()
        places = [text.find(code_of(Path("static", part))) for part in parts]
        assert -1 not in places
        assert places == sorted(places)
        assert "/*" not in text


def test_every_icon_of_a_template_is_drawn():
    named = {
        f"{style}-{name}"
        for template in Path().glob("*/**/*.html")
        for style, name in re.findall(r"heroicon_(\w+)\s+.([\w-]+)", template.read_text())
    }
    drawn = re.findall(r'<g id="([\w-]+)"><path', Path(finders.find("img/icons.svg")).read_text())

    assert sorted(named) == drawn
    assert len(drawn) > 50


def test_the_archive_of_drawings_is_opened_once(monkeypatch):
    """Each opening reads a list of 1,300 drawings."""
    opened, is_open = [], ZipFile.__init__
    monkeypatch.setattr(ZipFile, "__init__", lambda *given, **how: opened.append(1) or is_open(*given, **how))
    icons._archive.cache_clear()
    icons.sprite()

    assert len(opened) == 1


def code_of(path):
    if path.suffix == ".css":
        return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    return re.sub(r"^ *//.*\n| +// [^\"'`\n]*$", "", path.read_text(), flags=re.MULTILINE)


def test_what_looks_like_a_comment_in_a_string_stays(tmp_path, settings):
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    finders.get_finder.cache_clear()
    changed = tmp_path / "js/send_once.js"
    changed.parent.mkdir()
    try:
        changed.write_text('say("to // see") // a word\n  // a line\nask("https://here") // it\'s\n')
        text = Path(finders.find("js/presses.js")).read_text()
        assert 'say("to // see")\nask("https://here") // it\'s\n' in text
    finally:
        finders.get_finder.cache_clear()


def test_a_file_that_has_been_changed_is_joined_anew(tmp_path, settings):
    """While developing, reloading the page is enough; nothing has to be restarted."""
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    finders.get_finder.cache_clear()
    changed = tmp_path / "css/reset.css"
    changed.parent.mkdir()
    try:
        for text in ("a { color: red }", "a { color: green }"):
            changed.write_text(text)
            assert text in Path(finders.find("css/homeroom.css")).read_text()
    finally:
        finders.get_finder.cache_clear()
