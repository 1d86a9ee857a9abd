"""The admin, for operators. It never shows a Code (T07). An operator who needs one can reset it."""

from itertools import groupby

from django.contrib import admin

from accounts.admin import ChoiceFilter, ReadOnlyMixin, asks_first, name_fields, yes_or_no
from classroom.admin import OperatedMixin
from classroom.exceptions import Refusal
from joins.acts.queue import Decision, decide
from joins.models import ClassNetwork, Guess, JoinCode, JoinRequest, JoinURL, KnownNetwork, SignUp

BY_CLASS = ["classroom__name", "classroom__public_id"]


class IsCurrent(ChoiceFilter):
    title = parameter_name = "state"
    offers = {
        "current": ("Current", lambda codes: codes.current()),
        "unlocked": ("Unlocked", lambda codes: codes.unlocked()),
    }


@admin.register(JoinCode)
class JoinCodeAdmin(OperatedMixin, admin.ModelAdmin):
    about = "The Codes of all classes, without their letters. Here you lock or reset one."
    only_of = ["classroom"]
    list_display = ["__str__", "created_at", "locks_at", "locked_at", "retired_at"]
    list_filter = [IsCurrent]
    list_select_related = ["classroom"]
    search_fields = BY_CLASS
    fields = ["classroom", "created_at", "created_by", "locks_at", "locked_at", "locked_by", "was_crowded"]
    fields += ["crowd_limit", "warned_at", "retired_at", "retired_by"]  # without the Code's letters (T07)
    labels = {"crowd_limit": "Locks at this number of members"}
    actions = ["lock", "reset"]
    was_crowded = yes_or_no("crowded", "locked because too many joined")

    @admin.action(description="Lock the Code: anyone with it has to ask", permissions=["act"])
    @asks_first("Lock 1 Code", "Lock {} Codes")
    def lock(self, request, join_codes):
        unlocked = _with_class(join_codes).unlocked()
        self.act_on_each(request, unlocked, lambda code: code.lock(by=request.user), "locked")

    @admin.action(
        description="Reset the Code: a new one, and the old one no longer works", permissions=["act"]
    )
    @asks_first("Reset 1 Code", "Reset {} Codes")
    def reset(self, request, join_codes):
        self.act_on_each(request, _with_class(join_codes), lambda code: code.reset(by=request.user), "reset")


@admin.register(JoinURL)
class JoinURLAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "The public link of each class."
    list_display = ["classroom", "address"]
    list_select_related = ["classroom"]
    search_fields = BY_CLASS


@admin.register(JoinRequest)
class JoinRequestAdmin(OperatedMixin, admin.ModelAdmin):
    about = "Who asked to join, and what became of it. Here you let somebody in if no teacher can."
    only_of = ["classroom", "user"]
    list_display = ["asked_at", "classroom", "user", "door", "status", "decided_at", "decided_by"]
    list_filter = ["status", "door"]
    list_select_related = ["classroom", "user", "decided_by"]
    search_fields = [*BY_CLASS, *name_fields("user__")]
    fields = ["classroom", "user", "name", "class_name", "asked_at", "door", "join_code", "was_moved"]
    fields += ["status", "decided_at", "decided_by"]
    labels = {"join_code": "Code", "name": "Name at that time", "class_name": "Class at that time"}
    actions = ["approve", "deny"]
    was_moved = yes_or_no("moved_to_queue", "moved to the queue")

    @admin.action(description="Let in", permissions=["act"])
    @asks_first("Let in 1 person", "Let in {} people")
    def approve(self, request, join_requests):
        self._decide(request, join_requests, Decision.APPROVE)

    @admin.action(description="Say no", permissions=["act"])
    @asks_first("Say no to 1 person", "Say no to {} people")
    def deny(self, request, join_requests):
        self._decide(request, join_requests, Decision.DENY)

    def _decide(self, request, join_requests, decision):
        how_many, others = 0, []
        by_class = join_requests.select_related("classroom").order_by("classroom")
        for classroom, of_class in groupby(by_class, key=lambda join_request: join_request.classroom):
            ids = [join_request.pk for join_request in of_class]
            try:
                outcomes = decide(classroom, ids, decision, by=request.user)
            except Refusal as refusal:
                others.append(f"{classroom}: {refusal.message}")
            else:
                how_many += sum(outcome.is_done for outcome in outcomes)
                others += [str(outcome) for outcome in outcomes if not outcome.is_done]
        self.message_user(request, f"{how_many} {'let in' if decision == Decision.APPROVE else 'told no'}.")
        self.show_refused(request, others)


@admin.register(SignUp)
class SignUpAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "With the Code of which class a student created their account."
    list_display = ["user", "join_code", "at"]
    list_select_related = ["user", "join_code__classroom"]
    search_fields = ["join_code__classroom__name", "join_code__classroom__public_id", *name_fields("user__")]


class IsKnownNetworkFilter(ChoiceFilter):
    title = parameter_name = "network"
    offers = {
        "known": ("Known", lambda guesses: guesses.filter(from_unknown_network=False)),
        "unknown": ("Not known", lambda guesses: guesses.filter(from_unknown_network=True)),
    }


@admin.register(Guess)
class GuessAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Who typed a wrong Code within the last hour, and from which network. After too many, they have to wait."
    list_display = ["at", "network", "account", "is_unknown"]
    list_filter = [IsKnownNetworkFilter]
    list_select_related = ["account"]
    search_fields = ["network", *name_fields("account__")]
    fields = [*list_display, "wider"]
    is_unknown = yes_or_no("from_unknown_network", "from a network we don't know")


@admin.register(KnownNetwork)
class KnownNetworkAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Networks named with the command know_network. Wrong Codes from elsewhere don't slow them down."
    list_display = ["network", "joined_at"]
    search_fields = ["network"]


@admin.register(ClassNetwork)
class ClassNetworkAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "From which networks classes are joined and taught."
    list_display = ["network", "classroom", "seen_at"]
    list_select_related = ["classroom"]
    search_fields = ["network", *BY_CLASS]


def _with_class(join_codes):
    """Leave out retired Codes: nothing can be done with them, and their class may be deleted."""
    return join_codes.current().select_related("classroom")
