"""The admin for operators. It's read-only, apart from the acts on the page of an account (admin_pages.py) and the
actions that close or reopen accounts."""

from functools import partial, wraps

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.admin import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Prefetch, Sum
from django.shortcuts import redirect
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.timezone import localtime

from accounts import admin_pages, administration
from accounts.admin_question import question
from accounts.folding import InOrder
from accounts.models import Digest, Letter, Notification, User
from accounts.second_press import do_once

admin.site.unregister(Group)  # rights come from roles in classes (C2)
admin.site.unregister(Authenticator)  # its pages would show the keys of second factors
admin.site.unregister(EmailAddress)  # read-only below: nobody may verify another's address

LONGEST_KEY = 19  # digits: a longer number is no primary key
SHOWN_ROWS = 5  # how many rows a question or an answer names
CHOSEN = ["action", "select_across", ACTION_CHECKBOX_NAME]  # fields: what is to be done, and with which rows


def name_fields(path=""):
    """Return search_fields that find people. `path` is the look-up that leads to the person, such as "user__"."""
    return [f"{path}{name}" for name in ("username", "first_name", "last_name", "search_name", "email")]


def _is_key(value):
    return value.isdecimal() and len(value) < LONGEST_KEY


def _parameter_of(list_filter):
    """Return the query parameter of a filter, which is a field, a pair (field, class) or a class with its own name."""
    if isinstance(list_filter, tuple):
        return list_filter[0]
    return getattr(list_filter, "parameter_name", list_filter)


def asks_first(one, many, leaves=None):
    """Decorate an action of a list: a page says how many rows it's about, and the button of that page does it.

    Django's button "Go" acts at once, also on all the accounts of a site. If these are other rows by now, the page asks
    again. `one` and `many` say what is done, `many` with "{}" for the number.
    `leaves(request, rows)` returns what is left behind, as a list of LeftBehind, which the page says too.
    """

    def decorate(action):
        @wraps(action)
        def decorated(model_admin, request, rows):
            act = partial(_ask_or_act, action, one, many, leaves, model_admin, request, rows)
            return do_once(request, act, atomic=False) if "sure" in request.POST else act()

        return decorated

    return decorate


def _left_behind(request, people):
    return administration.left_behind(people.exclude(pk=request.user.pk))


def _ask_or_act(action, one, many, leaves, model_admin, request, rows):
    found = rows.aggregate(how_many=Count("pk"), sum=Sum("pk"))
    how_many, sure = found["how_many"], "{how_many}-{sum}".format(**found)
    act = one if how_many == 1 else many.format(how_many)
    if request.POST.get("sure") == sure:
        return action(model_admin, request, rows) or redirect(request.get_full_path())
    chosen = [(name, value) for name in CHOSEN for value in request.POST.getlist(name)]
    return question(
        model_admin,
        request,
        title=f"{act}?",
        button=act,
        form=forms.Form(),
        sentences=[left.question for left in leaves(request, rows)] if leaves else [],
        back=request.get_full_path(),
        rows=rows[:SHOWN_ROWS],
        more_rows=max(how_many - SHOWN_ROWS, 0),
        sent=[*chosen, ("sure", sure)],
    )


class TitledMixin:
    """Mixin: a page is headed by what it shows. Django's "Select account to change" promises more than it keeps.

    `about` is the sentence that says what a list is for, on the first page and above the list. `only_of` names the
    foreign keys by which other pages lead to the rows of one class or person; a search would read the whole table.
    """

    about = ""
    only_of = ()
    show_facets = admin.ShowFacets.NEVER  # each count beside a filter would read the whole table

    def lookup_allowed(self, lookup, value, request):
        """The address of a list can only ask for what the list's filters offer.

        Django accepts any column. `?code__startswith=B` would reveal, letter by letter, a Code or the link in a mail,
        which no page shows (T07).
        """
        if lookup in self.only_of:
            return _is_key(value)
        return lookup.split("__")[0] in map(_parameter_of, self.list_filter)

    def whose(self, request):
        """Return the class or person whose rows alone are listed, or None."""
        for name in self.only_of:
            if _is_key(pk := request.GET.get(name, "")):
                return self.opts.get_field(name).related_model._base_manager.filter(pk=pk).first()
        return None

    def changelist_view(self, request, extra_context=None):
        action, keys = request.POST.get("action"), request.POST.getlist(ACTION_CHECKBOX_NAME)
        if request.method == "POST" and not (action and keys and all(map(_is_key, keys))):
            messages.warning(
                request, "Nothing has been done. Tick some rows, and choose what to do with them."
            )
            return redirect(request.get_full_path())
        title, whose = capfirst(self.opts.verbose_name_plural), self.whose(request)
        context = {"title": f"{title}: {whose}" if whose else title, "about": self.about}
        return super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(self, request, context, **kwargs):
        context |= {"title": str(kwargs["obj"]), "subtitle": None}
        return super().render_change_form(request, context, **kwargs)

    def history_view(self, request, object_id, extra_context=None):
        context = {"title": "Administrators' log", **(extra_context or {})}
        return super().history_view(request, object_id, context)


def yes_or_no(field, description):
    """A column, or a line of a page, that says "yes" or "no" where Django would draw an icon."""

    @admin.display(description=description, ordering=field)
    def word(model_admin, row):
        return "yes" if getattr(row, field) else "no"

    return word


class ReadOnlyMixin(TitledMixin):
    labels = {}  # what the page of a row calls a field, where the model calls it something else

    def get_form(self, *args, **kwargs):
        return super().get_form(*args, labels=self.labels, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ChoiceFilter(admin.SimpleListFilter):
    """A filter with `offers`: {value in the address: (label, function that filters the rows)}."""

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _) in self.offers.items()]

    def queryset(self, request, rows):
        return self.offers[self.value()][1](rows) if self.value() in self.offers else rows


class IsOpenFilter(ChoiceFilter):
    title = parameter_name = "account"
    offers = {
        "open": ("Open", lambda people: people.filter(is_active=True)),
        "closed": ("Closed", lambda people: people.filter(is_active=False)),
    }


class IsAdministratorFilter(ChoiceFilter):
    title = parameter_name = "rights"
    offers = {"administrator": ("Administrator", lambda people: people.operators())}


@admin.register(User)
class AccountAdmin(TitledMixin, admin.ModelAdmin):
    about = "Everybody with an account. Here you correct a name, help somebody who can't log in, or erase a person."
    list_display = ["name", "shown_username", "email", "kind", "state", "last_logged_in"]
    ordering = [InOrder("sort_name"), "pk"]
    list_filter = ["kind", IsOpenFilter, IsAdministratorFilter]
    search_fields = name_fields()
    actions = ["close_accounts", "reopen_accounts"]
    readonly_fields = ["first_name", "last_name", "shown_username", "email", "kind", "state"]
    readonly_fields += ["created", "last_logged_in", "time_zone"]
    fieldsets = [(None, {"fields": readonly_fields})]  # without the hash of the password

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        return [*admin_pages.urls_of(self), *super().get_urls()]

    def render_change_form(self, request, context, **kwargs):
        person = kwargs["obj"]
        context |= {
            "acts": admin_pages.acts_for(person, request.user),
            "is_own": person == request.user,
            "may_be_erased": person != request.user and not person.erased_at,
        }
        return super().render_change_form(request, context, **kwargs)

    @admin.display(description="name", ordering="sort_name")
    def name(self, person):
        return person.full_name

    @admin.display(description="username", ordering="username")
    def shown_username(self, person):
        return person.shown_username

    @admin.display(description="account", ordering="is_active")
    def state(self, person):
        if person.erased_at:
            return "erased"
        states = ["open" if person.is_active else "closed", "administrator" if person.is_operator else ""]
        return ", ".join(filter(None, states))

    @admin.display(description="account created", ordering="date_joined")
    def created(self, person):
        return _moment(person.date_joined)

    @admin.display(description="last logged in", ordering="last_login")
    def last_logged_in(self, person):
        return _moment(person.last_login) if person.last_login else "never"

    @admin.action(description="Close the accounts", permissions=["change"])
    @asks_first("Close 1 account", "Close {} accounts", leaves=_left_behind)
    def close_accounts(self, request, people):
        chosen, leaves = people.exclude(pk=request.user.pk), _left_behind(request, people)
        try:
            with transaction.atomic():
                self._log_each(request, chosen.active(), admin_pages.ACTS["close"])
                closed = administration.close_accounts(chosen)
        except ValidationError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            self.message_user(request, f"{closed} closed: logged out everywhere, and nothing is deleted.")
            for left in leaves:
                self.message_user(request, left.answer, messages.WARNING)
            if leaves:
                return redirect(leaves[0].page)
        return None

    @admin.action(description="Reopen the accounts", permissions=["change"])
    @asks_first("Reopen 1 account", "Reopen {} accounts")
    def reopen_accounts(self, request, people):
        with transaction.atomic():
            closed = people.not_erased().filter(is_active=False)
            self._log_each(request, closed, admin_pages.ACTS["reopen"])
            reopened = people.reopen()
        self.message_user(request, f"{reopened} reopened.")

    def _log_each(self, request, people, act):
        """Write what log_change() writes for one, with one statement for all."""
        LogEntry.objects.log_actions(request.user.pk, people, CHANGE, act.in_log)


def _moment(at):
    """Django doesn't do this for what a function returns."""
    return localize(localtime(at))


@admin.register(EmailAddress)
class EmailAddressAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Every email address, whose it is, and whether they have confirmed it."
    list_display = ["email", "person", "is_primary", "is_verified"]
    fields = ["email", "user", "is_primary", "is_verified"]
    labels = {"user": "Person"}
    list_filter = ["primary", "verified"]
    list_select_related = ["user"]
    search_fields = ["email", *name_fields("user__")]
    is_primary = yes_or_no("primary", "primary")
    is_verified = yes_or_no("verified", "confirmed")

    @admin.display(ordering="user")
    def person(self, address):
        return address.user


@admin.register(Notification)
class NotificationAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "What people see behind the bell."
    list_display = ["created_at", "user", "sentence", "read_at", "mail_at"]
    fields = [*list_display, "link"]
    list_select_related = ["user"]
    search_fields = [*name_fields("user__"), "topic"]


class GivenUpFilter(ChoiceFilter):
    title = parameter_name = "state"
    offers = {"given-up": ("Given up", lambda mails: mails.given_up())}


@admin.register(Digest)
class DigestAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = "Emails that say what is new. Those that couldn't be sent are under “Given up”."
    list_display = ["created_at", "user", "news", "tries", "sent_at", "given_up_at"]
    list_filter = [GivenUpFilter]
    list_select_related = ["user"]
    fields = [*list_display, "due_at"]

    def get_queryset(self, request):
        first = Notification.objects.select_related("user").order_by("pk")[:1]
        return super().get_queryset(request).prefetch_related(Prefetch("notifications", first, "first_one"))

    @admin.display(description="about")
    def news(self, digest):
        """The first of the notifications in it. It names the class, which is all that they have in common."""
        return digest.first_one[0].sentence if digest.first_one else None


@admin.register(Letter)
class LetterAdmin(ReadOnlyMixin, admin.ModelAdmin):
    about = (
        "Emails with a code or a link for log-in, and about changes of an account. They go once they're sent."
    )
    list_display = ["created_at", "to", "kind", "tries", "due_at", "given_up_at"]
    list_filter = [GivenUpFilter]
    fields = [*list_display, "subject", "ends_at"]  # never the text, which holds codes and links
