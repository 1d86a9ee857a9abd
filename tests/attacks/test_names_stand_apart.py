"""A name may be written from right to left. What stands beside it stays in its place."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.threat("T43")

# Mails are plain text.
PAGES = [path for path in Path("templates").rglob("*.html") if "email" not in path.parts]
# The order matters. A sentence (notification, message or error) is one text without markup.
NOT_SHOWN_BESIDE_ANYTHING = [
    r"{#.*?#}",
    r"{% block \w+ %}{% endblock %}",  # a template that extends this one fills it, maybe within the title
    r"{% block (head_)?title %}.*?{% endblock %}",  # a title has no markup
    r"{%.*?%}",
    r'<span class="for-screen-reader">.*?</span>',  # read aloud, not seen
    r"{{[^}]*\|(?:with_username|left_to_right) }}",  # they put each in bdi
]
NAMES_ALONE = r"<bdi\b[^>]*>(\s|{{[^}]*}})*</bdi>"  # without words of ours
TYPED_ALONE = r'\bdir="ltr"\s+translate="no"[^>]*>(\s|{{[^}]*}})*</'
TAG = r"<[^>]*>"  # an attribute has no markup either
OF_PEOPLE = r"(full|first|last|shown|user)_?name|email"
OF_CLASSES = r"class_name|\.name|subject|grade"
NAMES = re.compile(rf"{{{{[^}}]*?({OF_PEOPLE}|{OF_CLASSES}|\bq)\b[^}}]*}}}}")


def bare_names(template):
    for pattern in (*NOT_SHOWN_BESIDE_ANYTHING, NAMES_ALONE, TAG):
        template = re.sub(pattern, "", template, flags=re.DOTALL)
    return [found[0] for found in NAMES.finditer(template)]


def test_every_name_on_a_page_stands_in_bdi():
    bare = {f"{path}: {name}" for path in PAGES for name in bare_names(path.read_text())}

    assert sorted(bare) == []


def test_the_walk_sees_a_name_without():
    with_both = (
        '<p title="{{ a.name }}">{% if b %}<bdi>{{ b.full_name }}</bdi>{% endif %} {{ b.username|lower }}</p>'
    )

    assert bare_names(with_both) == ["{{ b.username|lower }}"]
    assert bare_names("<bdi>By {{ a.full_name }}</bdi>") == ["{{ a.full_name }}"]


@pytest.mark.rule("I2")
def test_what_is_typed_stands_from_left_to_right_on_every_page():
    """A translator of pages must not change it either. tests/browser/eyes.py looks where its letters stand."""
    bare = {f"{path}: {typed}" for path in PAGES for typed in bare_typing(path.read_text())}

    assert sorted(bare) == []
    assert bare_typing("<b>{{ code.in_threes }}</b> {{ user.username }}") == [
        "{{ code.in_threes }}",
        "{{ user.username }}",
    ]


def bare_typing(template):
    """Return the Codes and usernames that a page shows as it shows any word."""
    for pattern in (*NOT_SHOWN_BESIDE_ANYTHING, TYPED_ALONE, TAG):
        template = re.sub(pattern, "", template, flags=re.DOTALL)
    return re.findall(r"{{ [\w.|]*(?:username|login_name|in_threes|given_code)[^}]*}}", template)
