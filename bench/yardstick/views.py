"""The product's acts as the barest possible Django views, with the same SQL.

They check no rights, validate no forms, show no messages and refuse nothing.
"""

from functools import cache

from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import Exists, Q
from django.db.models.functions import Now
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines

from bench.yardstick.models import (
    Classroom,
    Event,
    JoinCode,
    JoinRequest,
    JoinURL,
    KeptOut,
    Membership,
    Notification,
    User,
)

ROWS = """<!doctype html><title>{{ classroom.name }}</title>{% for row in page %}<form method="post">{% csrf_token %}
<p>{{ row.user.first_name }} {{ row.user.last_name }} {{ row.user.username }} {{ row.door }}</p><button>Go</button>
</form>
{% endfor %}"""
BARE = [
    "SELECT id FROM classroom_classroom WHERE id = %(classroom)s FOR NO KEY UPDATE",
    """SELECT id, locked_at IS NULL AND locks_at > now() FROM joins_joincode
      WHERE code = %(code)s AND retired_at IS NULL""",
    """SELECT EXISTS (SELECT 1 FROM classroom_membership WHERE classroom_id = %(classroom)s AND user_id = %(user)s),
      EXISTS (SELECT 1 FROM classroom_keptout WHERE classroom_id = %(classroom)s AND user_id = %(user)s),
      EXISTS (SELECT 1 FROM classroom_membership m JOIN accounts_user u ON u.id = m.user_id
        WHERE m.classroom_id = %(classroom)s AND m.role IN ('owner', 'co-teacher') AND u.is_active)""",
    """INSERT INTO classroom_membership (classroom_id, user_id, role, door, code)
      VALUES (%(classroom)s, %(user)s, 'member', 'code', %(code)s) ON CONFLICT DO NOTHING""",
    """INSERT INTO classroom_event (classroom_id, kind, by_id, door, code)
      VALUES (%(classroom)s, 'join', %(user)s, 'code', %(code)s)""",
]


@login_required
@transaction.atomic
def join_in_bare_sql(request):
    """Join with hand-written SQL: the least that a join costs if the ORM builds no SQL. Not part of the yardstick."""
    values = {"code": request.POST["code"], "user": request.user.pk}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT classroom_id FROM joins_joincode WHERE code = %(code)s AND retired_at IS NULL", values
        )
        values["classroom"] = cursor.fetchone()[0]
        for statement in BARE:
            cursor.execute(statement, values)
    return HttpResponseRedirect("/")


@login_required
def join(request):
    current = JoinCode.objects.filter(code=request.POST["code"], retired_at=None)
    with transaction.atomic():
        classroom = _held(current.values_list("classroom", flat=True)[0])
        code = (
            current.annotate(is_unlocked=Exists(current.filter(locked_at=None, locks_at__gt=Now())))
            .get()
            .code
        )
        _standing(classroom, request.user)
        mine = {"classroom": classroom, "door": "code", "code": code}
        _enroll([{"user": request.user, **mine}])
        Event.objects.create(kind="join", by=request.user, **mine)
    return HttpResponseRedirect(f"/classes/{classroom.public_id}/")


@login_required
def ask(request, key):
    found = JoinURL.objects.select_related("classroom").get(key=key)
    with transaction.atomic():
        classroom = _held(found.classroom_id)
        _standing(classroom, request.user)
        JoinRequest.objects.filter(classroom=classroom, user=request.user).order_by("-pk").first()
        mine = {"classroom": classroom, "door": "join-url"}
        join_request = JoinRequest.objects.create(
            user=request.user, name="A", class_name=classroom.name, **mine
        )
        Event.objects.create(kind="ask", by=request.user, **mine)
        managing = Membership.objects.filter(classroom=classroom, role="owner").select_related("user")
        about = {"text": "asks to join", "link": "/", "about": f"join-request:{join_request.pk}"}
        Notification.objects.bulk_create(Notification(user=one.user, **about) for one in managing)
    return HttpResponseRedirect("/")


@login_required
def decide(request, public_id):
    membership = _mine(request, public_id)
    with transaction.atomic():
        classroom = _held(membership.classroom_id)
        join_requests = JoinRequest.objects.filter(
            classroom=classroom, pk__in=request.POST.getlist("request")
        )
        waiting = list(join_requests.select_related("user"))
        join_requests.filter(status="pending").update(
            status="approved", decided_at=Now(), decided_by=request.user
        )
        alike = [{"classroom": classroom, "user": one.user, "door": one.door} for one in waiting]
        _enroll(alike)
        Event.objects.bulk_create(Event(kind="approve_request", by=request.user, **one) for one in alike)
        about = [f"join-request:{one.pk}" for one in waiting]
        Notification.objects.filter(about__in=about, read_at=None).update(read_at=Now())
        Notification.objects.bulk_create(Notification(user=one.user, text="in", link="/") for one in waiting)
    return HttpResponseRedirect("/")


@login_required
def class_page(request, public_id):
    classroom = _mine(request, public_id).classroom
    JoinCode.objects.get(classroom=classroom, retired_at=None)
    JoinURL.objects.get(classroom=classroom)
    JoinRequest.objects.filter(classroom=classroom, status="pending").count()
    members = (
        Membership.objects.filter(classroom=classroom).select_related("user").order_by("user__last_name")
    )
    return _page(request, classroom, members)


@login_required
def queue(request, public_id):
    classroom = _mine(request, public_id).classroom
    waiting = JoinRequest.objects.filter(classroom=classroom, status="pending").select_related("user")
    return _page(request, classroom, waiting.order_by("asked_at", "pk"))


def log_in(request):
    user = authenticate(request, username=request.POST["login"], password=request.POST["password"])
    login(request, user)
    return HttpResponseRedirect("/")


def sign_up(request):
    user = User(username=request.POST["username"], first_name="A", last_name="B", kind="student")
    user.set_password(request.POST["password1"])
    with transaction.atomic():
        user.save()
        request.user = user
        answer = join.__wrapped__(request)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return answer


def _enroll(arrivals):
    Membership.objects.bulk_create(
        [Membership(role="member", **one) for one in arrivals], ignore_conflicts=True
    )


def _held(pk):
    return Classroom.objects.select_for_update(no_key=True).get(pk=pk)


def _mine(request, public_id):
    return Membership.objects.select_related("classroom").get(
        user=request.user, classroom__public_id=public_id
    )


def _standing(classroom, user):
    members = Membership.objects.filter(classroom=classroom)
    managers = members.filter(Q(role="owner") | Q(role="co-teacher"), user__is_active=True)
    is_kept_out = Exists(KeptOut.objects.filter(classroom=classroom, user=user))
    mine = Classroom.objects.filter(pk=classroom.pk)
    return mine.values_list(Exists(members.filter(user=user)), is_kept_out, Exists(managers)).get()


def _page(request, classroom, rows):
    page = Paginator(rows, 50).get_page(1)
    return HttpResponse(_rows().render({"classroom": classroom, "page": page}, request))


@cache
def _rows():
    return engines["django"].from_string(ROWS)
