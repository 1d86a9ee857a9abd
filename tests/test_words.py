"""Every sentence that people read has one word for one thing: the words of the glossary in docs/rules.md."""

import ast
import re
from pathlib import Path

from tests.test_architecture import PYTHON, TEMPLATES

# What nobody is told any more, and the word that we use instead.
INSTEAD = {
    r"\bknock": "ask to join",
    r"\bwalk(s|ed)? in\b": "join",
    r"\bcom(e|es|ing) in by\b": "join",
    r"\b[Ww]hoever\b|\b[Ww]homever\b": "anyone, everyone, people",
    r"\bset aside\b": "move to the queue",
    r"\bkeep out\b|\bkept out\b|\bshut out\b": "block",
    r"\bwithdr[ae]w": "cancel your request",
    r"\b[Ee][-\u2011]mail": "email",
    r">\s*(Go back|Keep it|Stay|Stop here|Not now)\s*<": "Cancel",
    r">\s*Go on\s*<": "Continue",
    r"\bWhat is kept\b": "Privacy",
    r"\bWho came today\b": "Joined today",
    r"\bas its time was up\b|\bby itself\b": "automatically",
    r"\bat present\b": "right now",
    r"\bfor ever\b": "for good",
    r"\ba blank\b": "a space",
    r"\b([Yy]our|[Nn]ew|[Ff]or) pupils?\b": "student",
    r"!(?=\s|$)": "a full stop",
    r"\w\u2019\w": "a straight apostrophe",
}


def test_no_template_says_it_in_another_word():
    assert len(TEMPLATES) > 100
    found = [
        f"{path}: {match[0].strip()!r}; say {instead}"
        for path in [*TEMPLATES, *Path("templates").rglob("*.txt")]
        for pattern, instead in INSTEAD.items()
        for match in re.finditer(pattern, _shown(path.read_text()))
    ]
    assert found == []


def test_no_sentence_in_python_says_it_in_another_word():
    found = [
        f"{path}:{line}: {sentence!r}; say {instead}"
        for path in PYTHON
        if path.parts[0] in ("accounts", "classroom", "joins", "privacy") and "migrations" not in path.parts
        for line, sentence in _sentences(ast.parse(path.read_text()))
        for pattern, instead in INSTEAD.items()
        if re.search(pattern, sentence)
    ]
    assert found == []


def _shown(template):
    """The template without its comments and tags. A tag leaves its brackets, which the rule about buttons needs."""
    template = re.sub(
        r"(?s){%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->|<script.*?</script>", "", template
    )
    return re.sub(r"(?s){%.*?%}|{{.*?}}|<[^>]*>", lambda tag: "<>" if tag[0][0] == "<" else "", template)


def _sentences(tree):
    """The line and text of every string of several words that is not a docstring."""
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docs:
            continue
        if isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value
