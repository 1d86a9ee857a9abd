"""{% url %} and {% static %} do what Django's do, and an address without a variable is found once."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.base import TextNode
from django.templatetags.static import static


@pytest.mark.parametrize(
    ("tag", "drawn"),
    [
        ('{% url "joins:join" %}', "/join/"),
        ("{% url name %}", "/join/"),
        ('{% url "joins:queue" public_id %}', "/classes/abcdefghjkmn/requests/"),
        ('{% url "joins:join" as page %}{{ page }}', "/join/"),
        ('{% url "nowhere" as page %}{{ page }}', ""),
        ('{% static "css/homeroom.css" %}', static("css/homeroom.css")),
        ("{% static file %}", static("css/homeroom.css")),
        ('{% static "css/homeroom.css" as file %}{{ file }}', static("css/homeroom.css")),
    ],
)
def test_they_draw_what_djangos_draw(tag, drawn):
    known = {"name": "joins:join", "public_id": "abcdefghjkmn", "file": "css/homeroom.css"}
    assert engines["django"].from_string(tag).render(known) == drawn


@pytest.mark.parametrize("tag", ['{% url "joins:join" %}', '{% static "css/homeroom.css" %}'])
def test_an_address_without_a_variable_is_text_in_the_template(tag):
    (node,) = engines["django"].from_string(tag).template.nodelist
    assert type(node) is TextNode


def test_no_template_loads_djangos_tag_instead():
    templates = [path.read_text() for path in Path("templates").rglob("*.html")]
    assert [text for text in templates if re.search(r"{% load [^%]*\bstatic\b", text)] == []
