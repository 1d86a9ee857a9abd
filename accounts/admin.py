"""The admin for operators. It's read-only, apart from new passwords and the actions that close or reopen accounts."""

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from accounts.forms.passwords import OneTimePasswordForm
from accounts.models import Digest, Letter, Notification, User

admin.site.unregister(Group)  # rights come from roles in classes (C2)
admin.site.unregister(Authenticator)  # its pages would show the keys of second factors
admin.site.unregister(EmailAddress)  # read-only below: nobody may verify another's address


def name_fields(path=""):
    """Return search_fields that find people. `path` is the look-up that leads to the person, such as "user__"."""
    return [f"{path}{name}" for name in ("username", "first_name", "last_name", "search_name", "email")]


class FilterLookupsOnlyMixin:
    """Mixin: the address of a list can only ask for what the list's filters offer.

    Django accepts any column. `?code__startswith=B` would reveal, letter by letter, a Code or the link in a mail,
    which no page shows (T07).
    """

    def lookup_allowed(self, lookup, value, request):
        return lookup.split("__")[0] in map(_parameter_of, self.list_filter)


def _parameter_of(list_filter):
    """Return the query parameter of a filter, which is a field, a pair (field, class) or a class with its own name."""
    if isinstance(list_filter, tuple):
        return list_filter[0]
    return getattr(list_filter, "parameter_name", list_filter)


class ReadOnlyMixin(FilterLookupsOnlyMixin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(User)
class AccountAdmin(FilterLookupsOnlyMixin, UserAdmin):
    change_password_form = OneTimePasswordForm
    list_display = ["username", "full_name", "email", "kind", "is_active", "is_staff", "last_login"]
    list_filter = ["kind", "is_active", "is_staff"]
    search_fields = name_fields()
    actions = ["close_accounts", "reopen_accounts"]
    readonly_fields = ["username", "first_name", "last_name", "email", "kind", "time_zone"]
    readonly_fields += ["is_active", "is_staff", "is_superuser", "date_joined", "last_login"]
    fieldsets = [(None, {"fields": [*readonly_fields, "password"]})]

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.action(description="Close the accounts", permissions=["change"])
    def close_accounts(self, request, people):
        chosen = _unfiltered(people)
        chosen.close()
        closed = chosen.filter(is_active=False).count()
        self.message_user(request, f"{closed} closed: logged out everywhere, and nothing is deleted.")

    @admin.action(description="Reopen the accounts", permissions=["change"])
    def reopen_accounts(self, request, people):
        chosen = _unfiltered(people)
        chosen.reopen()
        self.message_user(request, f"{chosen.filter(is_active=True).count()} reopened.")


def _unfiltered(people):
    """Return the same people without the list's filters: once closed, they'd drop out of a list of open accounts."""
    return User.objects.filter(pk__in=[person.pk for person in people])


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["email", "user", "primary", "verified"]
    list_filter = ["primary", "verified"]
    list_select_related = ["user"]
    search_fields = ["email", *name_fields("user__")]


@admin.register(Notification)
class NotificationAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "user", "text", "read_at", "mail_at"]
    list_select_related = ["user"]
    search_fields = [*name_fields("user__"), "topic"]


class GivenUpFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("given-up", "Given up")]

    def queryset(self, request, mails):
        return mails.given_up() if self.value() == "given-up" else mails


@admin.register(Digest)
class DigestAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "user", "topic", "tries", "due_at", "sent_at", "given_up_at"]
    list_filter = [GivenUpFilter]
    list_select_related = ["user"]


@admin.register(Letter)
class LetterAdmin(ReadOnlyMixin, admin.ModelAdmin):
    list_display = ["created_at", "to", "kind", "tries", "due_at", "given_up_at"]
    list_filter = [GivenUpFilter]
    fields = [*list_display, "subject", "ends_at"]  # never the text, which holds codes and links
