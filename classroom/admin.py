"""For operators. Nothing is edited here; the few acts call the verbs that everybody uses, so history has them."""

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import OuterRef, Subquery

from accounts.admin import ReadOnly
from accounts.folding import InOrder
from classroom.exceptions import Refusal
from classroom.models import Classroom, Event, KeptOut, Membership
from classroom.rights import OWNER


class ReadOnlyRows(ReadOnly, admin.TabularInline):
    extra = 0

    def has_add_permission(self, request, obj):
        return False


class Operated(ReadOnly):
    """Read-only, but for acts."""

    def has_act_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")

    def act_on_each(self, request, rows, act, done):
        """Call `act(row)`; each row's outcome is told, and a refusal stops none of the others."""
        for row in rows:
            try:
                act(row)
            except Refusal as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                self.message_user(request, f"{row}: {done}.")


class Managers(ReadOnlyRows):
    """Not every member: a class may have thousands, and Memberships finds them."""

    model = Membership
    verbose_name_plural = "managers"
    fields = ["user", "role", "joined_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).managers().select_related("classroom", "user")


class KeptOutPeople(ReadOnlyRows):
    model = KeptOut
    fk_name = "classroom"
    verbose_name_plural = "kept out"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("classroom", "user", "by")


@admin.register(Classroom)
class ClassroomAdmin(Operated, admin.ModelAdmin):
    ordering = [InOrder("sort_name"), "pk"]
    list_display = ["name", "kind", "owner_username", "created_at", "archived_at"]
    list_filter = ["kind", ("archived_at", admin.EmptyFieldListFilter)]
    search_fields = ["name", "public_id", "memberships__user__username"]
    fields = ["public_id", "name", "kind", "subject", "grade", "created_at", "archived_at", "archived_by"]
    inlines = [Managers, KeptOutPeople]
    actions = ["archive", "restore"]

    def get_queryset(self, request):
        owner = Membership.objects.filter(classroom=OuterRef("pk"), role=OWNER).values("user__username")
        return super().get_queryset(request).annotate(owned_by=Subquery(owner))

    @admin.display(description="owner", ordering="owned_by")
    def owner_username(self, classroom):
        return classroom.owned_by

    @admin.action(description="Archive: shut both doors", permissions=["act"])
    def archive(self, request, classes):
        self.act_on_each(request, classes, lambda classroom: classroom.archive(by=request.user), "archived")

    @admin.action(description="Restore, with the Code locked", permissions=["act"])
    def restore(self, request, classes):
        self.act_on_each(request, classes, lambda classroom: classroom.restore(by=request.user), "restored")


@admin.register(Membership)
class MembershipAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["classroom", "user", "role", "door", "joined_at"]
    list_filter = ["role", "door"]
    list_select_related = ["classroom", "user"]
    search_fields = ["classroom__name", "classroom__public_id", "user__username"]
    fields = list_display  # without the Code's letters (T07)


@admin.register(KeptOut)
class KeptOutAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["classroom", "user", "by", "at"]
    list_select_related = list_display[:3]
    search_fields = ["classroom__name", "classroom__public_id", "user__username"]


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["at", "classroom", "kind", "by", "user", "door"]
    list_filter = ["kind", "door"]
    list_select_related = ["classroom", "by", "user"]
    search_fields = ["classroom__name", "classroom__public_id", "by__username", "user__username"]
    fields = list_display  # without the Code's letters (T07)
