"""The note of a class: who writes it, what becomes of its text, and two managers who write at once (M1)."""

import pytest

from tests.hooks import alerts, page_text
from tests.joins.test_offered_again import Fields

pytestmark = [pytest.mark.rule("M1"), pytest.mark.engine_free]

LEAF = "Bring a leaf on Monday.\nMore: https://school.example/leaf"


@pytest.fixture
def write(url):
    """write(browser, "…") -> the answer to the note's form, opened and sent at once."""

    def sent(browser, note, form=None):
        form = form or Fields(browser.get(url("note/"))).sent
        return browser.post(url("note/"), form | {"note": note})

    return sent


@pytest.mark.rule("C2")
@pytest.mark.parametrize("manager", ["ms_okafor", "mr_lind"])
def test_a_managers_note_is_on_top_of_the_class_page(
    manager, request, biology, amara_is_member, amaras_browser, sign_in, url, write, acts
):
    by = request.getfixturevalue(manager)
    assert "data-note" not in amaras_browser.get(biology.path).content.decode()

    page = write(sign_in(by), LEAF)

    assert (page.status_code, page.url) == (302, biology.path)
    seen = amaras_browser.get(biology.path).content.decode()
    assert "Bring a leaf on Monday.\nMore: <a\n" in seen
    assert seen.index("data-note") < seen.index('id="members-title"')
    assert "Edit the note" not in seen
    assert acts() == [("change_note", by.username, None)]


def test_the_history_says_who_changed_it_and_not_what_it_said(okafors_browser, url, write):
    write(okafors_browser, LEAF)

    history = page_text(okafors_browser.get(url("history/")))

    assert "Ngozi Okafor changed the note" in history
    assert "leaf" not in history


def test_an_empty_note_is_none(biology, okafors_browser, write, acts):
    write(okafors_browser, LEAF)
    write(okafors_browser, " \r\n ")

    page = okafors_browser.get(biology.path).content.decode()

    assert "data-note" not in page
    assert "Write a note" in page
    assert len(acts()) == 2


@pytest.mark.rule("J10")
def test_the_same_note_again_changes_and_records_nothing(okafors_browser, url, write, acts):
    form = Fields(okafors_browser.get(url("note/"))).sent

    assert [write(okafors_browser, LEAF, form).status_code for _ in range(2)] == [302, 302]
    assert len(acts()) == 1


@pytest.mark.rule("C4")
def test_an_archived_class_keeps_its_note(
    biology, ms_okafor, okafors_browser, amara_is_member, amaras_browser, write
):
    biology.archive(by=ms_okafor)

    assert write(okafors_browser, LEAF).status_code == 302
    assert "Bring a leaf" in page_text(amaras_browser.get(biology.path))


@pytest.mark.parametrize("first", ["Bring a jar.", ""])
def test_a_text_that_somebody_has_not_read_is_not_replaced(
    biology, okafors_browser, linds_browser, url, write, acts, first
):
    write(okafors_browser, "Bring nothing.")
    form = Fields(linds_browser.get(url("note/"))).sent
    write(okafors_browser, first)

    answer = write(linds_browser, LEAF, form)

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Ngozi Okafor changed the note meanwhile, so yours isn't saved yet.")
    assert (first or "No note.") in page_text(answer)
    form = Fields(answer).sent
    assert form["note"] == LEAF
    biology.refresh_from_db()
    assert (biology.note, len(acts())) == (first, 2)
    # He has seen it now, so his next press counts.
    assert write(linds_browser, LEAF, form).status_code == 302
    biology.refresh_from_db()
    assert biology.note == LEAF


def test_the_same_person_in_two_windows_is_told_so_too(okafors_browser, url, write):
    form = Fields(okafors_browser.get(url("note/"))).sent
    write(okafors_browser, "Bring a jar.")

    answer = write(okafors_browser, LEAF, form)

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("In another window, you changed the note meanwhile")


def test_a_made_up_version_replaces_nothing(okafors_browser, write):
    answer = write(okafors_browser, LEAF, {"version": "made up"})

    assert answer.status_code == 409
    assert alerts(answer)[0].startswith("Somebody changed the note")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("two\r\nlines\r\n\r\nand a gap", "two\nlines\n\nand a gap"),
        ("  blanks around \t\n", "blanks around"),
        ("a\ttab", "a   tab"),
        ("Zoe\u0308", "Zo\xeb"),
        (
            "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
            "family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("a" * 2000, "a" * 2000),
        ("e\u0301" * 2000, "\xe9" * 2000),
        ("a\r\n" * 999 + "ab", "a\n" * 999 + "ab"),
    ],
)
def test_it_is_kept_as_typed(biology, okafors_browser, write, typed, kept):
    assert write(okafors_browser, typed).status_code == 302
    biology.refresh_from_db()
    assert biology.note == kept


@pytest.mark.threat("T43", "T95")
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("a" * 2001, "The note has 2,001 characters. Shorten it to 2,000."),
        ("a" * 20_000, "The note has 20,000 characters."),
        ("first\nBio\u202elogy", "There is an invisible character (U+202E) in line 2."),
        ("Bio\x07logy", "There is an invisible character (U+0007) in line 1."),
        ("Bio\u200blogy", "There is an invisible character (U+200B) in line 1."),
        ("a" + "\u0301" * 9, "In line 1 there are too many marks on one letter."),
    ],
)
def test_what_cannot_be_is_refused_and_comes_back(biology, okafors_browser, write, typed, sentence):
    answer = write(okafors_browser, typed)

    assert (answer.status_code, sentence in page_text(answer)) == (422, True)
    assert Fields(answer).sent["note"] == typed
    biology.refresh_from_db()
    assert biology.note == ""


LINK = '<a\n  class="link"\n  href="{0}"\n  rel="nofollow noopener noreferrer"\n>{1}</a>'


@pytest.mark.threat("T45")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (
            "https://a.example/x?y=1&z=2",
            LINK.format("https://a.example/x?y=1&amp;z=2", "https://a.example/x?y=1&amp;z=2"),
        ),
        ("(see www.a.example).", f"(see {LINK.format('https://www.a.example', 'www.a.example')})."),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("JaVaScRiPt://a.example/%0aalert(1)", "JaVaScRiPt://a.example/%0aalert(1)"),
        ("data:text/html,<script>a()</script>", "data:text/html,&lt;script&gt;a()&lt;/script&gt;"),
        ("ftp://a.example/ file:///etc/passwd", "ftp://a.example/ file:///etc/passwd"),
        ("tel:123 mailto:a@b.example", "tel:123 mailto:a@b.example"),
        ("ms@school.example", "ms@school.example"),
        (
            'http://a.example/"onclick="a()',
            LINK.format("http://a.example/", "http://a.example/") + "&quot;onclick=&quot;a()",
        ),
        (
            "http://a.example/'onclick='a()",
            LINK.format("http://a.example/", "http://a.example/") + "&#x27;onclick=&#x27;a()",
        ),
        (
            "http://a.example/<script>",
            LINK.format("http://a.example/", "http://a.example/") + "&lt;script&gt;",
        ),
        ("http://&quot;onclick=a()", "http://&amp;quot;onclick=a()"),
        ("<b>bold</b> &amp; {{ x }} {% y %}", "&lt;b&gt;bold&lt;/b&gt; &amp;amp; {{ x }} {% y %}"),
    ],
)
def test_only_web_addresses_become_links_and_the_rest_is_text(
    biology, ms_okafor, okafors_browser, typed, shown
):
    biology.change_note(by=ms_okafor, note=typed)

    page = okafors_browser.get(biology.path).content.decode()

    assert f"data-note>{shown}</p>" in page
