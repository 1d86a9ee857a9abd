"""Each kind of act has whole sentences, with the names of its people in them."""

import re

import pytest

from classroom import history
from classroom.models import Event
from classroom.models.event import Door

EVERY = {
    "by": "Ngozi Okafor",
    "user": "Amara Toure",
    "until": "Friday 4 December 2026",
    "old_name": "Amara Tour",
    "new_name": "Amara Toure",
    "slip_name": "Ana López",
    "username": "amara2",
}
SENTENCES = [sentence for sentences in history.SENTENCES.values() for sentence in sentences]


@pytest.mark.rule("I1")
def test_every_kind_of_act_has_its_sentence():
    kinds, doors = zip(*(key.partition(" ")[::2] for key in history.SENTENCES), strict=True)

    assert set(kinds) == set(Event.Kind.values)
    assert set(doors) <= {"", *Door.values}
    assert set(history.DONE_BEFORE) < set(kinds)


@pytest.mark.parametrize("key", history.SENTENCES)
def test_each_of_its_sentences_can_be_read(key):
    """The first one whose facts are known is read, so one that needs more comes before one that needs less."""
    kind, _, door = key.partition(" ")
    for sentence in history.SENTENCES[key]:
        named = re.findall(r"{(\w+)}", sentence)
        facts = {name: EVERY[name] for name in named}

        assert history.say(kind, door, facts) == sentence.format(**facts)


@pytest.mark.threat("T43")
def test_a_sentence_without_its_actor_begins_with_nobodys_name():
    assert [one for one in SENTENCES if "{by}" in one and not one.startswith("{by}")] == []
    assert [one for one in SENTENCES if "{by}" not in one and one.startswith("{")] == []


@pytest.mark.threat("T43")
@pytest.mark.parametrize("key", history.SENTENCES)
def test_every_name_on_the_page_stands_apart_and_is_only_text(key):
    kind, _, door = key.partition(" ")
    hostile = {name: f"<b>{{by}} %s {name}</b>" for name in EVERY if name != "until"}
    for sentence in history.SENTENCES[key]:
        named = re.findall(r"{(\w+)}", sentence)
        facts = {name: (hostile | EVERY if name == "until" else hostile)[name] for name in named}

        drawn = history.draw(kind, door, facts)

        assert "<b>" not in drawn
        assert drawn.count("<bdi>") == len(set(named) - {"until"})
        for name in set(named) - {"until"}:
            assert f"<bdi>&lt;b&gt;{{by}} %s {name}&lt;/b&gt;</bdi>" in drawn


@pytest.mark.parametrize("facts", [{}, {"by": "Ngozi Okafor"}, {"user": "Amara Toure"}])
def test_a_fact_that_is_missing_is_no_fault(facts):
    for kind in Event.Kind:
        assert "{" not in history.say(kind, "", facts)


@pytest.mark.fault("F27")
def test_what_the_next_release_has_written_is_no_fault(biology, ms_okafor):
    event = Event(classroom=biology, kind="of_next_release", by=ms_okafor)

    assert event.sentence == "Ngozi Okafor did something that this page can't show yet"
    event.by = None
    assert event.drawn_sentence == ("Something happened that this page can't show yet")


def test_somebody_moved_to_the_queue_is_named_inside_the_sentence(biology, ms_okafor, amara):
    event = Event(classroom=biology, kind=Event.Kind.MOVE_TO_QUEUE, by=ms_okafor, user=amara)

    assert event.sentence == "Ngozi Okafor moved Amara Toure to the queue"


@pytest.mark.rule("I1")
def test_who_has_another_name_by_then_is_named_by_it(biology, ms_okafor, amara):
    biology.record(Event.Kind.REMOVE_MEMBER, ms_okafor, user=amara)
    amara.first_name = "Amára"
    amara.save()

    assert biology.events.latest("pk").sentence == "Ngozi Okafor removed Amára Toure"
