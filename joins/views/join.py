"""Joining by a typed Code, and by sign-up with a Code. The page of a Join URL is in join_url.py."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import too_soon
from accounts.offered_again import offered_again
from accounts.views.sign_up import SignUpView
from classroom.exceptions import AlreadyMember, Refusal
from classroom.redirects import redirect_to_next
from joins import wish
from joins.acts.by_code import use_typed_code
from joins.forms.code import CodeForm
from joins.forms.sign_up import SignUpWithCodeForm
from joins.throttle import CodeThrottle

TRY_LATER = "joins/try_later.html"
CODE_NOT_SAVED = (
    "So many people are joining right now that we couldn't save the Code. Type it here again, or after you have "
    "logged in."
)


@offered_again(CodeForm)
@login_not_required
def join(request):
    is_typed = request.method == "POST"
    form = CodeForm(request.POST) if is_typed else CodeForm(initial=wish.initial_values(request))
    if not form.is_valid():
        return _show_join(request, form, status=422 if form.is_bound else 200)
    if not request.user.is_authenticated:
        if not wish.store(request, code=form.cleaned_data["code"], just_typed=True):
            messages.info(request, CODE_NOT_SAVED)
        return redirect("joins:sign_up_student")
    wish.forget(request)
    try:
        throttle = CodeThrottle(request, request.user)
        return redirect_after(request, use_typed_code(form.cleaned_data["code"], request.user, throttle))
    except AlreadyMember as already:
        return redirect_member(request, already)
    except Refusal as refusal:
        form.add_error("code", refusal.message)
        return _show_join(request, form, refusal.status, refusal.retry_after)


@login_not_required
@require_POST
def forget_wish(request):
    """Forget the wish and go back to the page that showed it. A second press does the same (J10, T49)."""
    wish.forget(request)
    messages.success(request, "We've forgotten the Code or link.")
    return redirect_to_next(request, "joins:join")


class SignUpStudentView(SignUpView):
    """The sign-up of students, which needs a Code. A stored wish stays stored, and the log-in fulfils it (J7)."""

    form_class = SignUpWithCodeForm
    template_name = "joins/sign_up_student.html"

    def get_form_kwargs(self):
        throttle, is_too_soon = CodeThrottle(self.request), too_soon.is_too_soon(self.request)
        return super().get_form_kwargs() | {"throttle": throttle, "is_too_soon": is_too_soon}

    def get_initial(self):
        return wish.take_initial_values_of_sign_up(self.request)

    def form_invalid(self, form):
        """Store a right Code, in case this person has an account already and logs in next (J11)."""
        if form.can_only_wait:
            self.template_name = TRY_LATER
        answer = super().form_invalid(form)
        code = form.cleaned_data.get("code")
        # They are logged in if the form was sent twice (A9).
        if code and form.checked_code and not self.request.user.is_authenticated:
            wish.store_code_of_sign_up(self.request, code)
        return answer


def redirect_after(request, result):
    wish.show_result(request, result)
    return HttpResponseRedirect(result.classroom.path if result.is_member else reverse("joins:home"))


def redirect_member(request, already):
    messages.info(request, already.message)
    return HttpResponseRedirect(already.classroom.path)


def _show_join(request, form, status, retry_after=None):
    template = TRY_LATER if retry_after else "joins/join.html"
    response = render(request, template, {"form": form}, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response
