"""The admin's page that erases a person. It isn't in the lists: the page of the account leads to it (T93)."""

from django.contrib import admin, messages
from django.contrib.admin.models import DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from accounts.admin import ReadOnlyMixin
from accounts.admin_pages import ask_about
from accounts.models import User
from accounts.second_press import once
from classroom.exceptions import Refusal
from privacy.forms import EraseSomebodyForm
from privacy.models import Person

WHAT_GOES = [
    "Their name, username and email address are removed from this site. They're logged out and can't log in again.",
    "They leave every class, and requests that wait for an answer are cancelled.",
    "What stays: where they did something in a class, its history shows “Deleted person”.",
    "Backups are deleted a little later, and never bring the person back. You can't undo this.",
]


@admin.register(Person)
class PersonAdmin(ReadOnlyMixin, admin.ModelAdmin):
    def has_module_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return False

    def get_urls(self):
        erase = self.admin_site.admin_view(once(self.erase, atomic=False))
        return [path("<int:pk>/erase/", erase, name="privacy_person_erase")]

    def erase(self, request, pk):
        if not request.user.has_perm("accounts.change_user"):
            raise PermissionDenied
        person = get_object_or_404(Person, pk=pk)
        if person.erased_at:  # by another press of the same button
            return _to_the_list(request)
        is_own = person.pk == request.user.pk
        owned = list(person.owned_classes())
        why_not = _why_not(person, is_own, owned)
        form = None if why_not else EraseSomebodyForm(request.POST or None, person=person)
        if form and form.is_valid():
            try:
                is_first = person.erase()
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                if is_first:
                    erased = User.objects.filter(pk=pk)
                    LogEntry.objects.log_actions(
                        request.user.pk, erased, DELETION, "Erased", single_object=True
                    )
                return _to_the_list(request)
        title = f"You can't erase {person.full_name} yet" if why_not else f"Erase {person.full_name}?"
        sentences = why_not or WHAT_GOES
        return ask_about(self, request, person, title, sentences, "Erase", form, is_grave=True)


def _why_not(person, is_own, owned):
    if is_own:
        return [
            "This is your own account. Ask another administrator to take the administration away from you. "
            "Then you can delete your account on Homeroom's page “My data”."
        ]
    if person.is_operator:
        return [
            "They're an administrator. Take the administration away from them first, on the page of the account."
        ]
    if owned:
        names = ", ".join(classroom.name for classroom in owned)
        return [
            f"They own {names}. Somebody has to look after that first.",
            "If they're still here, ask them to hand it over or delete it. If they have left, close the account. "
            "Then hand the class over on its page under Classes.",
        ]
    return None


def _to_the_list(request):
    messages.success(request, "Erased. Histories show “Deleted person”.")
    return redirect("admin:accounts_user_changelist")
