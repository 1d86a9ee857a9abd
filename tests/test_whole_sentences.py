"""A sentence on a page or in a mail stands there as a whole, once for each case: nobody can translate halves of it."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.rule("I1")

WITHIN_A_SENTENCE = r"</?(a|b|bdi|em|i|span|strong|time)\b"
NOT_READ = [
    r"{#.*?#}",
    r"{% comment %}.*?{% endcomment %}",
    r"<(style|script)\b.*?</\1>",
    r"{% (autoescape|csrf_token|drawn|endautoescape|endwith|load|now|static|url|with)\b[^%]*%}",
    r"&nbsp;",
]
BORDER = "¶"  # of a sentence: a tag that isn't within one, or another template
TAG = re.compile(r'<(?:{%.*?%}|{{.*?}}|"[^"]*"|[^<>"])*>', re.DOTALL)
ASIDE = re.compile(r"{% (include|block|endblock|extends|heroicon\w*|rows|endrows)\b[^%]*%}")
CONTROL = re.compile(r"{% (if|elif|else|endif|for|empty|endfor)\b[^%]*%}")


def read(template):
    """Return what is read of a template, with its branches and borders."""
    for pattern in NOT_READ:
        template = re.sub(pattern, " ", template, flags=re.DOTALL)
    template = TAG.sub(lambda tag: "" if re.match(WITHIN_A_SENTENCE, tag[0]) else BORDER, template)
    return " ".join(ASIDE.sub(BORDER, template).split())


def broken(template):
    """Return the places where a branch begins or ends within a sentence, or a plural is glued to a word."""
    text, found, opened = read(template), [], []
    for branch in CONTROL.finditer(text):
        before, after = text[: branch.start()].rstrip(), text[branch.end() :].lstrip()
        if branch[1] in ("if", "for"):
            opened.append(_sentence_before(before))
        begins = opened[-1] and re.match(r"[a-zà-ÿ,;]", after)
        if branch[1] in ("endif", "endfor"):
            opened.pop()
            begins = not before.endswith("·") and re.match(r"[a-zà-ÿ.,;:?!)]", after)
        if begins:
            found.append(text[max(0, branch.start() - 40) : branch.end() + 40])
    return [*found, *re.findall(r".{0,40}\|pluralize.{0,20}", text)]


def _sentence_before(text):
    """Return whether a sentence is under way at the end of this text, before the branches that begin or end there."""
    around = rf"({CONTROL.pattern.replace('if|elif|else|', 'if|').replace('empty|', '')}\s*)+$"
    return bool(re.search(r"[\w,;)}”’]$", re.sub(around, "", text).rstrip()))


def test_no_sentence_of_a_template_is_broken():
    paths = [path for path in Path("templates").rglob("*") if path.suffix in (".html", ".txt")]
    found = {f"{path}: {place}" for path in paths for place in broken(path.read_text())}

    assert len(paths) > 100
    assert sorted(found) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>{{ n }} line{{ n|pluralize }} left out</p>",
        "<p>Join {% if a %}by the Code{% else %}by the Join URL{% endif %}</p>",
        "<p>Nobody{% if a %}, who joined today,{% endif %} has it</p>",
        "<p>{% if a %}Nobody{% else %}No teacher{% endif %} has it</p>",
        "<p>Cancel <b>{% if a %}the{% else %}all{% endif %}</b> slips</p>",
        "{% block content %}You asked{% if code %} with a Code{% endif %}.{% endblock %}",
    ],
)
def test_the_walk_sees_a_broken_one(template):
    assert broken(template)


def test_the_walk_passes_over_whole_ones():
    whole = """
      <p>{% if n == 1 %}1 line left out{% else %}{{ n }} lines left out{% endif %}</p>
      <p class="a{% if b %} b{% endif %}">{% if b %}<bdi>{{ b }}</bdi> ·{% endif %} <time>{{ at }}</time></p>
      <p>{% if a %}by <bdi>{{ a }}</bdi>{% elif b %}in <bdi>{{ b }}</bdi>{% else %}nowhere{% endif %}</p>
      <p>Locked.{% if b %} You can ask.{% endif %} See <a href="{% url 'a' %}">the page</a>.</p>
    """
    assert broken(whole) == []
