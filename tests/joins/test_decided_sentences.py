"""A manager whose press came too late reads one whole sentence about what was done before (Q3)."""

from itertools import chain

import pytest

from joins import decided_sentences
from joins.decided_sentences import OF_REQUEST, SINCE
from joins.models import JoinRequest
from joins.models.join_request_queryset import DECIDING, UNDOING

pytestmark = pytest.mark.rule("Q3")


def test_there_is_one_for_whatever_became_of_a_request():
    assert set(OF_REQUEST) == {"folded", *JoinRequest.Status.values} - {"pending"}
    assert set(SINCE) == {*DECIDING.values(), *UNDOING.values()}


@pytest.mark.parametrize("sentences", [*OF_REQUEST.values(), *chain.from_iterable(SINCE.values())])
def test_each_names_everything_that_it_is_about(sentences, ms_okafor):
    for sentence in sentences:
        assert sentence.endswith(" on %(at)s.")
        assert ("%(user)s" in sentence) != ("%(number)d" in sentence)
    assert "%(by)s" not in sentences.of_reader
    assert not sentences.of_another.startswith("You")


def test_one_and_several_have_sentences_of_their_own(biology, ms_okafor, mr_lind, amara, leo):
    for user in (amara, leo):
        biology.record("deny_request", mr_lind, user=user)
    events = list(biology.events.filter(kind="deny_request").order_by("pk"))

    def said(events, reader):
        return decided_sentences.say_since("deny_request", mr_lind, reader, events).partition(" on ")[0]

    assert said(events, ms_okafor) == "Jonas Lind said no to 2 people"
    assert said(events, mr_lind) == "You said no to 2 people"
    assert said(events[:1], ms_okafor) == "Jonas Lind said no to Amara Toure"
    assert said(events[:1], mr_lind) == "You said no to Amara Toure"
