"""The admin's pages that ask before an operator does something to one account (T59).

Each is a question that names the person. The functions that do it are in accounts/administration.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.crypto import salted_hmac

from accounts import administration
from accounts.admin_question import question
from accounts.forms.fields import CorrectNameForm
from accounts.forms.passwords import GivePasswordForm
from accounts.models import User
from accounts.one_time_passwords import ONE_TIME_HOURS
from accounts.post_data import post_data
from accounts.second_press import once


@dataclass(frozen=True)
class AccountAct:
    link: str  # on the page of the account
    question: str  # before the name
    sentences: list[str]
    done: str  # after the person's name in the message, and in the admin's log
    do: Callable
    is_offered: Callable  # whether this operator is offered it for this person
    form: type[forms.Form] = forms.Form
    leaves: Callable = lambda people: []  # what it leaves behind, as a list of LeftBehind

    @property
    def in_log(self):
        return self.done.capitalize()


def _is_open(person, by):
    return person.is_active and person != by


ACTS = {
    "name": AccountAct(
        "Correct the name",
        "Correct the name of",
        [
            "The username stays. The person gets a notification.",
            "The history of each of their classes shows the old name, the new name and your name.",
        ],
        "name corrected",
        administration.correct_name,
        lambda person, by: person != by,
        CorrectNameForm,
    ),
    "log-out": AccountAct(
        "Log out everywhere",
        "Log out everywhere:",
        ["They're logged out on every device at once. They can log in again with their password."],
        "logged out everywhere",
        administration.log_out_everywhere,
        _is_open,
    ),
    "close": AccountAct(
        "Close the account",
        "Close the account of",
        [
            "They're logged out everywhere and can't log in. Nothing is deleted, and you can reopen the account.",
            "If they own classes, the co-teachers carry on.",
        ],
        "account closed",
        administration.close_account,
        _is_open,
        leaves=administration.left_behind,
    ),
    "reopen": AccountAct(
        "Reopen the account",
        "Reopen the account of",
        [
            "They can log in again with their password, and are in the same classes as before.",
            "A class that you have handed over meanwhile stays with its new owner.",
        ],
        "account reopened",
        administration.reopen_account,
        lambda person, by: not person.is_active,
    ),
    "withdraw-access": AccountAct(
        "Take away the administration",
        "Take the administration away from",
        [
            "They're logged out everywhere and can't open these pages any more. They keep their account and classes.",
            "To give it back, use the command list_access at the server.",
        ],
        "administration taken away",
        administration.withdraw_access,
        lambda person, by: person.is_operator and person != by,
    ),
}


# Its page has a function of its own, because the answer to its press shows the password.
PASSWORD, PASSWORD_LINK = "password", "Give a one-time password"


def acts_for(person, by):
    """Return (address, text) of the links to what this operator is offered for this person; none if erased."""
    if person is None or person.erased_at:
        return []
    offered = [(name, act.link) for name, act in ACTS.items() if act.is_offered(person, by)]
    if _is_open(person, by):
        offered.insert(1, (PASSWORD, PASSWORD_LINK))
    return [(reverse(f"admin:{_url_name(name)}", args=[person.pk]), link) for name, link in offered]


def urls_of(model_admin):
    views = {name: once(partial(_ask, model_admin, act)) for name, act in ACTS.items()}
    views[PASSWORD] = partial(_give_password, model_admin)
    return [
        path(f"<int:pk>/{name}/", model_admin.admin_site.admin_view(view), name=_url_name(name))
        for name, view in views.items()
    ]


def _url_name(act):
    return f"accounts_user_{act.replace('-', '_')}"


def _ask(model_admin, act, request, pk):
    """Ask, and do it once the button is pressed. What is done already is answered as if this press had done it."""
    person = _get_person(model_admin, request, pk)
    names = {"first_name": person.first_name, "last_name": person.last_name}
    leaves = act.leaves(User.objects.filter(pk=pk))
    form = act.form(post_data(request), initial=names)
    if form.is_valid():
        try:
            has_changed = act.do(person, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            person.refresh_from_db()
            if has_changed:
                model_admin.log_change(request, person, act.in_log)
            messages.success(request, f"{person}: {act.done}.")
            for left in leaves:
                messages.warning(request, left.answer)
            return redirect(leaves[0].page) if leaves else redirect("admin:accounts_user_change", pk)
    elif request.method != "POST" and not act.is_offered(person, request.user):
        raise Http404
    title = f"{act.question} {person.full_name}{'' if act.form is CorrectNameForm else '?'}"
    sentences = [*act.sentences, *(left.question for left in leaves)]
    return ask_about(model_admin, request, person, title, sentences, act.link, form)


def _give_password(model_admin, request, pk):
    """Show the password only in the answer to the press. No address, session or message ever contains it (T15)."""
    person = _get_person(model_admin, request, pk)
    form = GivePasswordForm(post_data(request))
    password, before = None, _mark_of_password(person)
    if form.is_valid():
        try:
            password, is_new = administration.give_one_time_password(
                person,
                by=request.user,
                form_key=form.cleaned_data["form_key"],
                is_changed=request.POST.get("before", before) != before,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            if is_new:
                model_admin.log_change(request, person, "One-time password given")
    elif not _is_open(person, request.user):
        raise Http404
    title = f"Give {person.full_name} a one-time password?"
    sentences = [
        f"We show you a password that works for {ONE_TIME_HOURS} hours. When they log in with it, they choose their "
        "own.",
        "Their old password stops working, and they're logged out everywhere. They get a notification.",
        "Give it to nobody else. First make sure that it's really them asking.",
    ]
    if password:
        title = "One-time password (shown only once)"
        sentences = [
            f"Give it to nobody else. It works for {ONE_TIME_HOURS} hours. When they log in with it, they choose their "
            "own password.",
            "Once you leave this page, nobody can see it again, but you can create another one.",
        ]
    button = "Show a one-time password"
    more = {"trail": PASSWORD_LINK, "password": password, "sent": [("before", before)]}
    return ask_about(model_admin, request, person, title, sentences, button, form, **more)


def _mark_of_password(person):
    """Return what tells, without revealing anything, whether the person has the same password as on an older page."""
    return salted_hmac("accounts.page_of_password", person.password, algorithm="sha256").hexdigest()


def _get_person(model_admin, request, pk):
    person = get_object_or_404(User.objects.not_erased(), pk=pk)
    if not model_admin.has_change_permission(request, person):
        raise PermissionDenied
    return person


def ask_about(model_admin, request, person, title, sentences, button, form, **more):
    """Return the page that asks about one account, or that says why not if `form` is None."""
    return question(
        model_admin,
        request,
        title,
        button,
        form,
        back=reverse("admin:accounts_user_change", args=[person.pk]),
        opts=User._meta,
        subject=person.full_name,
        person=person,
        sentences=sentences,
        **more,
    )
