"""The admin, for operators. It never shows a Code (T07). An operator who needs one can reset it."""

from itertools import groupby

from django.contrib import admin, messages

from accounts.admin import ReadOnlyMixin, name_fields
from classroom.admin import OperatedMixin
from classroom.exceptions import Refusal
from joins.acts.queue import Decision, decide
from joins.models import ClassNetwork, Guess, JoinCode, JoinRequest, JoinURL, KnownNetwork, SignUp

BY_CLASS = ["classroom__name", "classroom__public_id"]


class IsCurrent(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("current", "Current"), ("unlocked", "Unlocked")]

    def queryset(self, request, join_codes):
        which = {"current": join_codes.current, "unlocked": join_codes.unlocked}
        return which.get(self.value(), join_codes.all)()


@admin.register(JoinCode)
class JoinCodeAdmin(OperatedMixin, admin.ModelAdmin):
    list_display = ["__str__", "created_at", "locks_at", "locked_at", "retired_at"]
    list_filter = [IsCurrent]
    list_select_related = ["classroom"]
    search_fields = BY_CLASS
    exclude = ["code"]
    actions = ["lock", "reset"]

    @admin.action(description="Lock the Code: anyone with it has to ask", permissions=["act"])
    def lock(self, request, join_codes):
        self.act_on_each(request, _with_class(join_codes), lambda code: code.lock(by=request.user), "locked")

    @admin.action(
        description="Reset the Code: a new one, and the old one no longer works", permissions=["act"]
    )
    def reset(self, request, join_codes):
        self.act_on_each(request, _with_class(join_codes), lambda code: code.reset(by=request.user), "reset")


@admin.register(JoinURL)
class JoinURLAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["classroom", "address"]
    list_select_related = ["classroom"]
    search_fields = BY_CLASS


@admin.register(JoinRequest)
class JoinRequestAdmin(OperatedMixin, admin.ModelAdmin):
    list_display = ["asked_at", "classroom", "user", "door", "status", "decided_at", "decided_by"]
    list_filter = ["status", "door"]
    list_select_related = ["classroom", "user", "decided_by"]
    search_fields = [*BY_CLASS, *name_fields("user__")]
    actions = ["approve", "deny"]

    @admin.action(description="Let in", permissions=["act"])
    def approve(self, request, join_requests):
        self._decide(request, join_requests, Decision.APPROVE)

    @admin.action(description="Say no", permissions=["act"])
    def deny(self, request, join_requests):
        self._decide(request, join_requests, Decision.DENY)

    def _decide(self, request, join_requests, decision):
        by_class = join_requests.select_related("classroom").order_by("classroom")
        for classroom, of_class in groupby(by_class, key=lambda join_request: join_request.classroom):
            ids = [join_request.pk for join_request in of_class]
            try:
                outcomes = decide(classroom, ids, decision, by=request.user)
            except Refusal as refusal:
                self.message_user(request, f"{classroom}: {refusal.message}", messages.ERROR)
            else:
                self._show_outcomes(request, outcomes)

    def _show_outcomes(self, request, outcomes):
        for outcome in outcomes:
            if outcome.is_new:
                name, status = outcome.join_request.name, outcome.join_request.get_status_display()
                self.message_user(request, f"{name}: {status}.")
            else:
                self.message_user(request, str(outcome), messages.WARNING)


@admin.register(SignUp)
class SignUpAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["user", "join_code", "at"]
    list_select_related = ["user", "join_code__classroom"]
    search_fields = ["join_code__classroom__name", "join_code__classroom__public_id", *name_fields("user__")]


@admin.register(Guess)
class GuessAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """The networks and accounts that typed wrong Codes in the last hour."""

    list_display = ["at", "network", "account", "from_unknown_network"]
    list_filter = ["from_unknown_network"]
    list_select_related = ["account"]
    search_fields = ["network", *name_fields("account__")]
    exclude = ["session"]


@admin.register(KnownNetwork)
class KnownNetworkAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["network", "joined_at"]
    search_fields = ["network"]


@admin.register(ClassNetwork)
class ClassNetworkAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """The networks from which classes are joined and taught."""

    list_display = ["network", "classroom", "seen_at"]
    list_select_related = ["classroom"]
    search_fields = ["network", *BY_CLASS]


def _with_class(join_codes):
    """Leave out retired Codes: nothing can be done with them, and their class may be deleted."""
    return join_codes.current().select_related("classroom")
