"""Pupils of nine can read their pages: Flesch-Kincaid's grade is at most 5."""

import re
from html.parser import HTMLParser

import pytest

from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.models import JoinRequest
from tests.joins.test_sign_up_with_code import GRACE, UNKNOWN_CODE

pytestmark = [pytest.mark.django_db, pytest.mark.engine_free, pytest.mark.rule("M2")]
HIGHEST = 5.0  # the grade of ten-year-olds in the United States
SIGN_UP, LOG_IN, CHANGE = "/accounts/signup/student/", "/accounts/login/", "/accounts/password/change/"
LONGEST = 15  # words of a sentence
WITHIN = {"a", "bdi", "span", "strong", "svg", "path", "time"}  # tags that end no sentence
UNREAD = {"script", "svg", "nav"}
BREAK = "\n\n"


class Sentences(HTMLParser):
    """The whole sentences of a page: what ends with a full stop or a question mark. Short buttons and headings would
    only make it look easier."""

    def __init__(self, html):
        super().__init__()
        self.text, self.unread = "", 0
        self.feed(html)
        blocks = [" ".join(block.split()) for block in self.text.split(BREAK)]
        self.found = [
            sentence.strip() for block in blocks for sentence in re.findall(r"[^.?]*\w[.?](?=\s|$)", block)
        ]

    def handle_starttag(self, tag, attrs):
        self.unread += tag in UNREAD
        self.text += "" if tag in WITHIN else BREAK

    def handle_endtag(self, tag):
        self.unread -= tag in UNREAD
        self.text += "" if tag in WITHIN else BREAK

    def handle_data(self, data):
        self.text += "" if self.unread else data


def read(answer):
    """The sentences between the bar and what the page says only if the network is down."""
    html = answer.content.decode()
    return Sentences(html[html.index("<body") : html.index('class="offline"')]).found


def words_of(sentence):
    return re.findall(r"[A-Za-z][A-Za-z'’]*", sentence)


def syllables(word):
    """Count groups of vowels, without a silent e at the end. Right for nearly all of our words."""
    bare = re.sub(r"(?<=[^aeiouyl])(e|es|ed)$|(?<=[aeiouy]l)(e|es|ed)$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouy]+", bare)) + bool(re.search(r"[td]ed$", word.lower())))


def grade(sentences):
    """Flesch and Kincaid's grade."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.fixture
def walk(client, biology, biology_code, ms_okafor, amara, leo, sign_in):
    """Every page that a pupil comes to, by its name."""
    pages = {}
    join_url = biology.join_url
    code = biology_code().code
    pages["front page"] = client.get("/")
    pages["join"] = client.get("/join/")
    for typed in ("", "BDK", "O" + UNKNOWN_CODE[1:], "X" + UNKNOWN_CODE[1:], "B" * 500, "B" * 11):
        pages[f"join: {typed[:12]}"] = sign_in(amara).post("/join/", {"code": typed})
    pages["unknown Code"] = sign_in(amara).post("/join/", {"code": UNKNOWN_CODE})
    pages["Join URL, signed out"] = client.get(join_url.path)
    pages["Join URL"] = sign_in(leo).get(join_url.path)
    pages["asked"] = sign_in(leo).post(join_url.path, follow=True)
    pages["asks again"] = sign_in(leo).get(join_url.path)
    pages["sign-up"] = client.get(SIGN_UP)
    wrong = {"code": code, "first_name": "", "username": "a b", "password1": "short", "email": "no"}
    pages["sign-up with errors"] = client.post(SIGN_UP, wrong)
    pages["sign-up, taken"] = client.post(SIGN_UP, GRACE | {"code": code, "username": "amara"})
    pages["card"] = client.post(SIGN_UP, GRACE | {"code": code}, follow=True)
    client.logout()
    pages["log in"] = client.get(LOG_IN)
    pages["wrong password"] = client.post(LOG_IN, {"login": "amara", "password": "wrong"})
    pages["forgot"] = client.get("/accounts/password/reset/")
    biology_code().lock(by=ms_okafor)
    pages["card of one who waits"] = client.post(
        SIGN_UP, GRACE | {"code": code, "username": "grace2"}, follow=True
    )
    join_request = JoinRequest.objects.get(user=leo)
    queue.decide(biology, [join_request.pk], "deny", by=ms_okafor)
    pages["denied"] = sign_in(leo).get(join_url.path)
    pages["denied, home"] = sign_in(leo).get("/")
    pages["denied, message"] = sign_in(leo).get("/notifications/")
    ask_by_join_url(join_url, by=amara)
    queue.decide(biology, [JoinRequest.objects.get(user=amara).pk], "keep-out", by=ms_okafor)
    pages["blocked"] = sign_in(amara).get(join_url.path)
    pages["blocked, with the Code"] = sign_in(amara).post("/join/", {"code": code})
    amara.give_one_time_password()
    pages["one-time password"] = sign_in(amara).get(CHANGE)
    pages["404"] = sign_in(leo).get("/classes/nowhere/")
    return pages


def test_the_count_of_syllables_is_right():
    words = "code letters teacher username password asked waited people share changed request"
    assert [syllables(word) for word in words.split()] == [1, 2, 2, 3, 2, 1, 2, 2, 1, 1, 2]


def test_a_pupil_of_nine_can_read_every_page(walk):
    hard = {}
    for name, page in walk.items():
        sentences = read(page)
        assert sentences, name
        print(f"{name}: grade {grade(sentences):.1f}")
        if grade(sentences) > HIGHEST:
            hard[name] = grade(sentences)
        hard |= {sentence: name for sentence in sentences if len(words_of(sentence)) > LONGEST}

    assert hard == {}


def test_so_can_they_the_help(client):
    html = client.get("/help/").content.decode()
    sentences = Sentences(html[html.index('id="pupils"') : html.index('id="parents"')]).found

    assert grade(sentences) <= HIGHEST
    assert [sentence for sentence in sentences if len(words_of(sentence)) > LONGEST] == []
