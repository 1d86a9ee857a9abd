"""The admin pages for operators. They are read-only, except for a few acts.

The acts call the same model methods as the site's own pages, so that they appear in the class's history.
"""

from tempfile import TemporaryFile

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format

from accounts.admin import SHOWN_ROWS, ChoiceFilter, ReadOnlyMixin, asks_first, name_fields
from accounts.admin_question import question
from accounts.folding import InOrder
from accounts.models import User
from accounts.post_data import post_data
from accounts.second_press import once
from accounts.times import last_day
from classroom.acts.export_school import export_school
from classroom.acts.hand_over import hand_over_orphaned
from classroom.exceptions import Refusal, SchoolUnknown
from classroom.forms.export_school import ExportSchoolForm
from classroom.forms.owner import HandOverOrphanedForm
from classroom.models import Classroom, CoTeacherInvitation, Event, KeptOut, Membership
from classroom.rights import OWNER


class HasNoOwnerFilter(ChoiceFilter):
    title = parameter_name = "owner"
    offers = {
        "gone": ("Owner has left", lambda classes: classes.orphaned()),
        "none": ("Without a manager", lambda classes: classes.without_manager()),
    }


class IsArchivedFilter(ChoiceFilter):
    title = parameter_name = "state"
    offers = {
        "current": ("Not archived", lambda classes: classes.filter(archived_at=None)),
        "archived": ("Archived", lambda classes: classes.exclude(archived_at=None)),
    }


class ReadOnlyInline(ReadOnlyMixin, admin.TabularInline):
    template = "admin/classroom/classroom/people.html"
    extra = 0

    def has_add_permission(self, request, obj):
        return False


class OperatedMixin(ReadOnlyMixin):
    """Read-only, except that actions marked with the permission "act" need the model's change permission."""

    def has_act_permission(self, request):
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename('change', self.opts)}")

    def act_on_each(self, request, rows, act, done):
        """Call `act(row)` for each row, and say how many are `done`. If one is refused, the others still run."""
        how_many, refused = 0, []
        for row in rows:
            try:
                act(row)
            except Refusal as refusal:
                refused.append(f"{row}: {refusal.message}")
            else:
                self.log_change(request, row, done.capitalize())
                how_many += 1
        self.message_user(request, f"{how_many} {done}.")
        self.show_refused(request, refused)

    def show_refused(self, request, sentences):
        for sentence in sentences[:SHOWN_ROWS]:
            self.message_user(request, sentence, messages.ERROR)
        if more := len(sentences[SHOWN_ROWS:]):
            self.message_user(request, f"{more} more: nothing has changed.", messages.ERROR)


class CoTeacherUntilMixin:
    """Mixin: the last day of somebody's co-teacher rights, as on the site's own pages; they end with it."""

    readonly_fields = ["ends"]

    @admin.display(description="co-teacher until", empty_value="")
    def ends(self, member):
        until = member.ends_as_co_teacher
        return date_format(last_day(until), "j M Y") if until else ""


class ManagersInline(CoTeacherUntilMixin, ReadOnlyInline):
    """Only the managers: a class may have thousands of members, and operators can search those in MembershipAdmin."""

    model = Membership
    verbose_name_plural = "managers"
    fields = ["user", "role", "ends", "joined_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).managers().select_related("classroom", "user")


class KeptOutInline(ReadOnlyInline):
    model = KeptOut
    fk_name = "classroom"
    verbose_name_plural = "blocked people"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("classroom", "user", "by")


@admin.register(Classroom)
class ClassroomAdmin(OperatedMixin, admin.ModelAdmin):
    about = "All classes and groups. Here you hand one over whose owner has left, archive it or restore it."
    ordering = [InOrder("sort_name"), "pk"]
    list_display = ["name", "kind", "owner_name", "created_at", "archived_at"]
    list_filter = [HasNoOwnerFilter, "kind", IsArchivedFilter]
    search_fields = ["name", "public_id", *name_fields("memberships__user__")]
    fields = ["name", "owner_name", "public_id", "kind", "subject", "grade", "created_at"]
    fields += ["archived_at", "archived_by"]
    inlines = [ManagersInline, KeptOutInline]
    actions = ["archive", "restore"]

    def get_queryset(self, request):
        owners = Membership.objects.filter(classroom=OuterRef("pk"), role=OWNER)
        user_fields = {
            name: f"user__{name}" for name in ("first_name", "last_name", "username", "email", "kind")
        }
        return (
            super()
            .get_queryset(request)
            .annotate(
                owned_by=Subquery(owners.values_list(JSONObject(**user_fields))),
                owner_sorted=Subquery(owners.values("user__sort_name")),
            )
        )

    @admin.display(description="owner", ordering="owner_sorted")
    def owner_name(self, classroom):
        return User(**classroom.owned_by)

    def get_urls(self):
        hand_over = self.admin_site.admin_view(once(self.hand_over))
        export = self.admin_site.admin_view(self.export)
        return [
            path("export/", export, name="classroom_classroom_export"),
            path("<int:pk>/hand-over/", hand_over, name="classroom_classroom_hand_over"),
            *super().get_urls(),
        ]

    def export(self, request):
        """Give the operator a zip for the school's other systems. It is pressed as often as it is needed."""
        if not self.has_act_permission(request):
            raise PermissionDenied
        form = ExportSchoolForm(post_data(request))
        if form.is_valid():
            file_format = form.cleaned_data["file_format"]
            file = TemporaryFile()  # noqa: SIM115 – the answer closes it
            try:
                export_school(file, file_format, by=request.user)
            except SchoolUnknown as refusal:
                file.close()
                form.add_error(None, refusal.message)
            else:
                file.seek(0)
                return FileResponse(file, as_attachment=True, filename=f"{file_format}.zip")
        return question(
            self,
            request,
            title="Export for other systems",
            button="Export",
            form=form,
            back=reverse("admin:classroom_classroom_changelist"),
            sentences=[
                "The file has the name of every class that isn't archived, and of everybody in it. It has the email "
                "addresses of teachers, and none of students.",
                "The history of each class shows your name.",
            ],
        )

    def hand_over(self, request, pk):
        """Give a class whose owner has left to another teacher (C6).

        There is no extra question "Are you sure?": choosing the new owner takes its place.
        """
        if not self.has_act_permission(request):
            raise PermissionDenied
        classroom = get_object_or_404(Classroom, pk=pk)
        form = HandOverOrphanedForm(post_data(request), classroom=classroom)
        if form.is_valid():
            to = form.cleaned_data["to"]
            try:
                hand_over_orphaned(classroom, to, by=request.user)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                # By number: an erasure doesn't find a name in the log of a class (T93).
                self.log_change(request, classroom, f"Handed over to account {to.pk}")
                self.message_user(request, f"{to} owns {classroom.name} now.")
                return redirect("admin:classroom_classroom_change", classroom.pk)
        has_left = Classroom.objects.orphaned().filter(pk=pk).exists()
        return question(
            self,
            request,
            title=f"Hand over {classroom.name}",
            button="Hand over",
            form=form if has_left or form.errors else None,
            back=reverse("admin:classroom_classroom_change", args=[pk]),
            template="admin/classroom/classroom/hand_over.html",
            subject=classroom.name,
            classroom=classroom,
            has_left=has_left,
        )

    @admin.action(description="Archive: nobody can join any more", permissions=["act"])
    @asks_first("Archive 1 class", "Archive {} classes")
    def archive(self, request, classes):
        classes = classes.filter(archived_at=None)
        self.act_on_each(request, classes, lambda classroom: classroom.archive(by=request.user), "archived")

    @admin.action(description="Restore, with the Code locked", permissions=["act"])
    @asks_first("Restore 1 class", "Restore {} classes")
    def restore(self, request, classes):
        classes = classes.exclude(archived_at=None)
        self.act_on_each(request, classes, lambda classroom: classroom.restore(by=request.user), "restored")


@admin.register(Membership)
class MembershipAdmin(CoTeacherUntilMixin, ReadOnlyMixin, admin.ModelAdmin):
    about = "Who is in which class, and in which role."
    only_of = ["classroom", "user"]
    list_display = ["classroom", "user", "role", "ends", "door", "joined_at"]
    list_filter = ["role", "door"]
    list_select_related = ["classroom", "user"]
    search_fields = ["classroom__name", "classroom__public_id", *name_fields("user__")]
    fields = list_display  # without the Code's letters (T07)


@admin.register(CoTeacherInvitation)
class CoTeacherInvitationAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Which colleagues were invited by email to be co-teachers, in the last two weeks. Owners invite and cancel."
    list_display = ["email", "classroom", "by", "created_at", "ended_at", "used_by"]
    list_select_related = ["classroom", "by", "used_by"]
    search_fields = ["email", "classroom__name", "classroom__public_id", *name_fields("by__")]
    fields = list_display


@admin.register(KeptOut)
class KeptOutAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Who can't join which class. The teachers of the class unblock them."
    list_display = ["classroom", "user", "by", "at"]
    list_select_related = list_display[:3]
    search_fields = ["classroom__name", "classroom__public_id", *name_fields("user__")]


@admin.register(Event)
class EventAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Who did what in a class, and when."
    only_of = ["classroom", "by", "user"]
    list_display = ["at", "classroom", "kind", "by", "user", "door"]
    list_filter = ["kind", "door"]
    search_fields = ["classroom__name", "classroom__public_id", *name_fields("by__"), *name_fields("user__")]
    fields = list_display  # without the Code's letters (T07)

    def get_queryset(self, request):
        """The title of an entry is its sentence, with everybody whom that names."""
        return super().get_queryset(request).select_related("classroom", "by", "user", "rename")
