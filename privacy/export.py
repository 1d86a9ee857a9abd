"""The JSON file with everything that is stored about one person, for that person to download (T93)."""

import json

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, OuterRef, Q, Subquery

from classroom.models import Classroom, CoTeacherInvitation, Event, KeptOut, Membership
from joins.models import Guess, JoinRequest, SignUp, Slip

# The file must not tell about others: it has no names of the people who decided requests, and no Codes, because a Code
# belongs to the class.
ACCOUNT = ["username", "first_name", "last_name", "email", "kind", "time_zone", "date_joined", "last_login"]
JOIN_REQUEST = ["name", "class_name", "door", "asked_at", "status", "decided_at", "reminded_at", "helped_at"]
CLASS = {"class": F("classroom__name"), "kind": F("classroom__kind")}
CLASS_ID = F("classroom__public_id")


def stored_data(person):
    """Return everything stored about the person: "account" is a dictionary, all other values are lists of them."""
    mine = {"user": person.pk}
    join_requests = JoinRequest.objects.filter(**mine).order_by("pk")
    acts = Event.objects.filter(Q(by=person.pk) | Q(user=person.pk)).order_by("pk")
    invitations = CoTeacherInvitation.objects.order_by("pk")
    to_me = Q(used_by=person.pk) | Q(email__in=person.addresses())
    slips = Slip.objects.filter(used_by=person.pk)  # without the name on it: it may be another person's
    return {
        "account": {name: getattr(person, name) for name in ACCOUNT},
        "earlier_names": _rows(person.renames.order_by("pk"), "old", "new", "at", was_mine=Q(by=person.pk)),
        "email_addresses": _rows(EmailAddress.objects.filter(**mine), "email", "verified", "primary"),
        "second_factors": _rows(Authenticator.objects.filter(**mine), "type", "created_at", "last_used_at"),
        "made_with_a_code": _rows(SignUp.objects.filter(**mine), "at"),
        "classes": _rows(
            Membership.objects.filter(**mine), "role", "co_teacher_until", "door", "joined_at", **CLASS
        ),
        "slips": _rows(slips.order_by("pk"), "used_at", class_id=F("join_code__classroom__public_id")),
        "invitations_sent": _rows(
            invitations.filter(by=person.pk), "email", "created_at", "ended_at", class_id=CLASS_ID
        ),
        "invitations_received": _rows(
            invitations.filter(to_me), "created_at", "ended_at", used=Q(used_by=person.pk)
        ),
        "notes_of_classes": _rows(_classes_with_note_by(person), "note", class_id=F("public_id")),
        "requests": _rows(join_requests, *JOIN_REQUEST),
        "wrong_codes": _rows(Guess.objects.filter(account=person.pk), "at", "network"),
        "kept_out_of": _rows(KeptOut.objects.filter(**mine), "at", class_id=CLASS_ID),
        "acts": _rows(acts, "kind", "door", "at", class_id=CLASS_ID, was_mine=Q(by=person.pk)),
        "notifications": [_notification(row) for row in person.notifications.order_by("pk")],
        "mails": _rows(person.digests.all(), "topic", "created_at", "sent_at", "given_up_at"),
        "letters": _rows(person.letters.all(), "kind", "to", "created_at", "given_up_at"),
        "set_by_operators": _rows(_set_by_operators(person), "action_time"),
    }


def _classes_with_note_by(person):
    """The classes that have a note which this person was the last to change."""
    changes = Event.objects.filter(kind=Event.Kind.CHANGE_NOTE)
    latest = changes.filter(classroom=OuterRef("pk")).newest_first().values("by")[:1]
    theirs = Classroom.objects.exclude(note="").filter(
        pk__in=changes.filter(by=person.pk).values("classroom")
    )
    return theirs.annotate(note_by=Subquery(latest)).filter(note_by=person.pk)


def as_json(person):
    return json.dumps(stored_data(person), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def _set_by_operators(person):
    of_people = {"content_type__app_label": "accounts", "content_type__model": "user"}
    return LogEntry.objects.filter(**of_people, object_id=str(person.pk))


def _rows(queryset, *fields, **computed):
    return list(queryset.values(*fields, **computed))


def _notification(row):
    text = "(tells of somebody else)" if row.mentions_id else row.sentence
    return {"text": text, "created_at": row.created_at, "read_at": row.read_at, "mail_at": row.mail_at}
