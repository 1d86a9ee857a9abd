"""A copy of everything that is held about a person, and of nobody else."""

import json

import pytest
from django.core.management import CommandError, call_command

from classroom.acts.invite import invite
from joins.acts import queue
from joins.acts.ask import ask_by_join_url
from joins.acts.by_code import use_code
from privacy import export
from privacy.export import as_json
from privacy.models import Person

pytestmark = pytest.mark.threat("T93")
# Columns of the exported tables that the file leaves out. Links to other rows are never in it.
LEFT_OUT = {
    "mfa.Authenticator": {"data"},  # a secret
    "classroom.Membership": {
        "code",
        "co_teacher_warned_at",
    },  # a Code belongs to the class; when a notification was sent
    "classroom.Event": {"code", "co_teacher_until", "joined_at", "role"},  # of a membership that has ended
    "classroom.CoTeacherInvitation": {"digest"},  # of the secret in the link
    "joins.JoinRequest": {"moved_to_queue", "over_quota"},  # how the queue sorts it
    "joins.Guess": {
        "from_unknown_network",
        "session",
        "wider",
    },  # digests, and what the network says already
    "accounts.Digest": {"due_at", "faults", "tries"},  # how often the mail server was tried
    "accounts.Letter": {
        "due_at",
        "ends_at",
        "faults",
        "tries",
        "subject",
        "text",
        "html",
    },  # the text has links
    "admin.LogEntry": {
        "action_flag",
        "change_message",
        "object_id",
        "object_repr",
    },  # the operator's own words
}
OF_THE_CLASS = {"classroom.Classroom"}  # only the note says something about a person


@pytest.fixture
def copy_of():
    return lambda user: json.loads(as_json(Person.objects.get(pk=user.pk)))


def test_it_tells_account_classes_requests_acts_and_what_was_told(
    copy_of, biology, biology_code, amara, ms_okafor
):
    join_request = ask_by_join_url(biology.join_url, by=amara)
    queue.decide(biology, [join_request.pk], "deny", by=ms_okafor)
    use_code(biology_code().code, by=amara)

    copy = copy_of(amara)

    assert copy["account"]["username"] == "amara"
    assert [(row["class"], row["role"], row["door"]) for row in copy["classes"]] == [
        ("Biology 9B", "member", "code")
    ]
    assert [(row["name"], row["status"]) for row in copy["requests"]] == [("Amara Toure", "denied")]
    assert [row["kind"] for row in copy["acts"]] == ["ask", "deny_request", "join"]
    assert "said no" in copy["notifications"][0]["text"]


@pytest.mark.threat("T59", "T07")
def test_it_holds_no_other_persons_name_and_no_code(copy_of, biology, biology_code, amara, ms_okafor):
    ask_by_join_url(biology.join_url, by=amara)
    queue.decide(biology, [amara.join_requests.get().pk], "deny", by=ms_okafor)
    use_code(biology_code().code, by=amara)

    for of, others in [(ms_okafor, ["Amara", "Toure"]), (amara, ["Okafor", "Lind"])]:
        words = json.dumps(copy_of(of))
        assert [name for name in [*others, biology_code().code] if name in words] == []


@pytest.mark.rule("M1")
def test_it_has_the_notes_that_this_person_was_the_last_to_change(copy_of, biology, ms_okafor, mr_lind):
    biology.change_note(by=ms_okafor, note="Bring a leaf.")
    assert copy_of(ms_okafor)["notes_of_classes"] == [
        {"note": "Bring a leaf.", "class_id": biology.public_id}
    ]

    biology.change_note(by=mr_lind, note="Bring a jar.")
    assert copy_of(ms_okafor)["notes_of_classes"] == []
    assert [row["note"] for row in copy_of(mr_lind)["notes_of_classes"]] == ["Bring a jar."]

    biology.change_note(by=mr_lind, note="")
    assert copy_of(mr_lind)["notes_of_classes"] == []


def test_it_has_invitations_and_who_was_invited_only_for_the_inviter(copy_of, biology, ms_okafor, mr_brandt):
    invite(biology, by=ms_okafor, email="ana@school.example")
    invite(biology, by=ms_okafor, email=mr_brandt.email)

    sent = [row["email"] for row in copy_of(ms_okafor)["invitations_sent"]]
    received = copy_of(mr_brandt)["invitations_received"]

    assert sent == ["ana@school.example", mr_brandt.email]
    assert [row.keys() for row in received] == [{"created_at", "ended_at", "used"}]


def test_mail_that_is_owed_stands_there_without_its_link(copy_of, client, ms_okafor):
    client.post("/accounts/password/reset/", {"email": ms_okafor.email})

    [letter] = copy_of(ms_okafor)["letters"]

    assert (letter["kind"], letter["to"]) == ("password_reset_key", ms_okafor.email)
    assert letter.keys() == {"kind", "to", "created_at", "given_up_at"}


def test_every_column_is_in_it_or_left_out_on_purpose(monkeypatch, amara):
    exported, rows = {}, export._rows

    def noted(queryset, *fields, **computed):
        exported.setdefault(queryset.model, set()).update(fields)
        return rows(queryset, *fields, **computed)

    monkeypatch.setattr(export, "_rows", noted)
    as_json(Person.objects.get(pk=amara.pk))

    missing = {
        model._meta.label: {field.name for field in model._meta.concrete_fields if _is_plain(field)} - fields
        for model, fields in exported.items()
        if model._meta.label not in OF_THE_CLASS
    }
    assert {table: columns for table, columns in missing.items() if columns} == LEFT_OUT


def _is_plain(field):
    return not field.primary_key and not field.is_relation


def test_an_operator_prints_it_by_command(amara, capsys):
    call_command("export_person", "amara")

    assert json.loads(capsys.readouterr().out)["account"]["first_name"] == "Amara"
    with pytest.raises(CommandError, match="Nobody"):
        call_command("export_person", "nobody")
