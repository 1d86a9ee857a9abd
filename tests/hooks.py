"""Reads a page by its hooks and its own words, so that tests hold in every language."""

import re
from html import unescape


def hooks(answer, name):
    """Every value of this attribute on the page, from top to bottom."""
    return [unescape(value) for value in re.findall(rf'\s{name}="([^"]*)"', answer.content.decode())]


def shown_before(answer):
    """The hidden fields by which a form says what its page has shown in the others."""
    found = re.findall(r'name="(initial-\w+)"(?: value="([^"]*)")?', answer.content.decode())
    return {name: unescape(value) for name, value in found}


def alerts(answer):
    """The sentences in role="alert", without their markup."""
    found = re.findall(r'<(\w+)[^>]*role="alert"[^>]*>(.*?)</\1>', answer.content.decode(), re.DOTALL)
    return [_words(inner) for _, inner in found if "data-refused" not in inner and _words(inner)]


def asks_for_the_log_in(answer):
    """Whether the log-in page comes next, directly or by a link beside what was typed (ADR 25)."""
    if answer.status_code == 302:
        return answer.url.split("?")[0] == "/accounts/login/"
    return answer.status_code == 403 and alerts(answer)[0].startswith("You've been logged out here")


def pop_ups(answer):
    """The texts of the pop-up (J6), one for each time that it is on the page."""
    return [
        _words(text)
        for text in re.findall(r"<dialog data-asked.*?<p>(.*?)</p>", answer.content.decode(), re.DOTALL)
    ]


def page_text(answer):
    """The whole text of the page, without its markup."""
    return _words(answer.content.decode())


def _words(markup):
    markup = re.sub(r"</?(bdi|strong)\b[^>]*>", "", markup)  # within a sentence
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", markup).split()))
