"""The floor: Homeroom's pages and acts as a bare Django site, written as Django's tutorial would.

It has sessions, users, CSRF protection and the ORM, its own tables with the same facts, and nothing of the product: no
rights beyond "logged in", no texts, no notifications, no history, no limits. bench.compare runs it beside Homeroom.

Only one Django can be set up in a process, so nothing of the benchmark imports this file but bench.floor_visits.
"""

import os
from urllib.parse import urlsplit

import django
from django.conf import settings

DATABASE = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    SECRET_KEY="floor" * 10,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="bench.floor",
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": DATABASE.path[1:],
            "USER": DATABASE.username,
            "PASSWORD": DATABASE.password,
            "HOST": DATABASE.hostname,
            "PORT": DATABASE.port,
            "CONN_MAX_AGE": None,  # kept, as the product keeps its own
        }
    },
    INSTALLED_APPS=[
        "bench.floor",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    PASSWORD_HASHERS=["bench.floor.Argon2"],
)
django.setup()

# Models and whatever needs the settings can be imported only now.
from django.contrib.auth import authenticate, login  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.paginator import Paginator  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models, transaction  # noqa: E402
from django.http import HttpResponse, HttpResponseRedirect  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.template import engines  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402


class Argon2(Argon2PasswordHasher):
    """As expensive as the product's, in config/hashers.py."""

    memory_cost, time_cost, parallelism = 19_456, 2, 1


class Classroom(models.Model):
    name = models.CharField(max_length=100)
    code = models.CharField(max_length=16, unique=True)
    key = models.CharField(max_length=22, unique=True)
    locks_at = models.DateTimeField()

    class Meta:
        app_label = "floor"

    def __str__(self):
        return self.name


class Membership(models.Model):
    classroom = models.ForeignKey(Classroom, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    role = models.CharField(max_length=10, default="member")
    door = models.CharField(max_length=8)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"
        constraints = [models.UniqueConstraint(fields=["classroom", "user"], name="one_membership")]

    def __str__(self):
        return str(self.pk)


class JoinRequest(models.Model):
    classroom = models.ForeignKey(Classroom, models.CASCADE)
    user = models.ForeignKey(User, models.CASCADE)
    door = models.CharField(max_length=8)
    asked_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=9, default="pending")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, models.CASCADE, null=True, related_name="decided")

    class Meta:
        app_label = "floor"
        constraints = [
            models.UniqueConstraint(
                fields=["classroom", "user"],
                condition=models.Q(status="pending"),
                name="one_pending_request",
            )
        ]
        indexes = [
            models.Index(
                fields=["classroom", "asked_at", "id"], condition=models.Q(status="pending"), name="queue"
            )
        ]

    def __str__(self):
        return str(self.pk)


def template(text):
    return engines["django"].from_string(f"<!doctype html><title>Floor</title>{text}")


FRONT = template("<form method=post>{% csrf_token %}<input name=code><button>Join</button></form>")
HOME = template("""{% for mine in memberships %}
<p><a href="/classes/{{ mine.classroom.pk }}/">{{ mine.classroom.name }}</a>
{{ mine.role }} {{ mine.waiting }} waiting</p>
{% endfor %}<form method=post>{% csrf_token %}<input name=code><button>Join</button></form>""")
MEMBERS = template("""<h1>{{ classroom.name }}</h1>
<p>{{ classroom.code }} {{ classroom.key }} {{ classroom.locks_at }} {{ waiting }} waiting</p>
<p>{{ page.paginator.count }} members</p><table>{% for member in page %}<tr id="{{ member.user.username }}">
<td>{{ member.user.last_name }}, {{ member.user.first_name }}<td>{{ member.user.username }}<td>{{ member.role }}
<td>{{ member.door }} {{ member.joined_at }}<td><form method=post>{% csrf_token %}
<button name=remove value={{ member.pk }}>Remove</button><button name=move value={{ member.pk }}>Move</button></form>
</tr>{% endfor %}</table>""")
QUEUE = template("""<h1>{{ classroom.name }}</h1><p>{{ page.paginator.count }} waiting</p><ul>
{% for asked in page %}<li id="r{{ asked.pk }}">{{ asked.user.first_name }} {{ asked.user.last_name }}
{{ asked.user.username }} {{ asked.user.date_joined }} {{ asked.door }} {{ asked.asked_at }}
<form method=post>{% csrf_token %}<input type=hidden name=request value={{ asked.pk }}>
<button name=decision value=approve>Let in</button><button name=decision value=deny>Say no</button></form>
</li>{% endfor %}</ul>""")


def home(request):
    if not request.user.is_authenticated:
        return HttpResponse(FRONT.render({}, request))
    memberships = request.user.membership_set.select_related("classroom").order_by("classroom__name")
    pending = models.Count(
        "classroom__joinrequest", filter=models.Q(classroom__joinrequest__status="pending")
    )
    return HttpResponse(HOME.render({"memberships": memberships.annotate(waiting=pending)}, request))


@login_required
def join(request):
    with transaction.atomic():
        classroom = get_object_or_404(Classroom, code=request.POST["code"], locks_at__gt=timezone.now())
        Membership.objects.create(classroom=classroom, user=request.user, door="code")
    return HttpResponseRedirect("/")


@login_required
def ask(request, key):
    with transaction.atomic():
        classroom = get_object_or_404(Classroom, key=key)
        JoinRequest.objects.create(classroom=classroom, user=request.user, door="join-url")
    return HttpResponseRedirect("/")


@login_required
def class_page(request, pk):
    classroom = _managed(request, pk)
    members = (
        Membership.objects.filter(classroom=classroom)
        .select_related("user")
        .order_by("user__last_name", "pk")
    )
    page = Paginator(members, 50).get_page(request.GET.get("page"))
    waiting = JoinRequest.objects.filter(classroom=classroom, status="pending").count()
    return HttpResponse(MEMBERS.render({"classroom": classroom, "page": page, "waiting": waiting}, request))


@login_required
def queue(request, pk):
    classroom = _managed(request, pk)
    waiting = JoinRequest.objects.filter(classroom=classroom, status="pending").select_related("user")
    page = Paginator(waiting.order_by("asked_at", "pk"), 50).get_page(request.GET.get("page"))
    return HttpResponse(QUEUE.render({"classroom": classroom, "page": page}, request))


@login_required
def approve(request, pk):
    classroom = _managed(request, pk)
    with transaction.atomic():
        waiting = JoinRequest.objects.filter(
            classroom=classroom, status="pending", pk__in=request.POST.getlist("request")
        )
        let_in = [
            Membership(classroom=classroom, user_id=asked.user_id, door=asked.door) for asked in waiting
        ]
        Membership.objects.bulk_create(let_in, ignore_conflicts=True)
        waiting.update(status="approved", decided_at=timezone.now(), decided_by=request.user)
    return HttpResponseRedirect("/")


def _managed(request, pk):
    return get_object_or_404(Classroom, pk=pk, membership__user=request.user, membership__role="owner")


def log_in(request):
    login(
        request,
        authenticate(request, username=request.POST["login"], password=request.POST["password"]),
    )
    return HttpResponseRedirect("/")


def sign_up(request):
    with transaction.atomic():
        classroom = get_object_or_404(Classroom, code=request.POST["code"], locks_at__gt=timezone.now())
        user = User.objects.create_user(request.POST["username"], password=request.POST["password"])
        Membership.objects.create(classroom=classroom, user=user, door="code")
    login(request, user)
    return HttpResponseRedirect("/")


urlpatterns = [
    path("", home),
    path("join/", join),
    path("j/<str:key>/", ask),
    path("classes/<int:pk>/", class_page),
    path("classes/<int:pk>/requests/", queue),
    path("classes/<int:pk>/requests/approve/", approve),
    path("login/", log_in),
    path("signup/", sign_up),
]

application = get_wsgi_application()
