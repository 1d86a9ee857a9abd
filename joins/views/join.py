"""Joining by Code, by Join URL, and by sign-up with a Code."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.offered_again import offered_again
from accounts.views import SignUpView
from classroom.access import not_found_if_deleted
from classroom.exceptions import AlreadyMember, Refusal
from joins import wish
from joins.acts.ask import ask_by_join_url, refusal_by_join_url
from joins.acts.by_code import use_typed_code
from joins.exceptions import AskingPaused
from joins.forms import CodeForm, SignUpWithCodeForm
from joins.models import JoinRequest, JoinURL
from joins.throttle import CodeThrottle
from joins.views.home import show_home


@offered_again(CodeForm)
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request):
    is_typed = request.method == "POST"
    form = CodeForm(request.POST) if is_typed else CodeForm(initial=wish.initial_code(request))
    if not form.is_valid():
        return _show_join(request, form, status=422 if form.is_bound else 200)
    if not request.user.is_authenticated:
        wish.store(request, code=form.cleaned_data["code"])
        return redirect(f"{reverse('joins:sign_up_student')}?{wish.JUST_TYPED}")
    wish.forget(request)
    try:
        throttle = CodeThrottle(request, request.user)
        return _redirect_after(request, use_typed_code(form.cleaned_data["code"], request.user, throttle))
    except AlreadyMember as already:
        return _redirect_member(request, already)
    except Refusal as refusal:
        form.add_error("code", refusal.message)
        return _show_join(request, form, refusal.status, refusal.retry_after)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@not_found_if_deleted
def join_url(request, key):
    found = get_object_or_404(JoinURL.objects.select_related("classroom"), key=key)
    if request.method != "POST":
        return _show_join_url(request, found)
    if not request.user.is_authenticated:
        wish.store(request, join_url=found.key)
        return redirect("account_login")
    try:
        return _redirect_after(request, ask_by_join_url(found, request.user))
    except AlreadyMember as already:
        return _redirect_member(request, already)
    except Refusal as refusal:
        return _show_join_url(request, found, refusal)


@login_not_required
@require_POST
def forget_wish(request):
    """Forget the wish and go back to the page that showed it. A second press does the same (J10, T49)."""
    wish.forget(request)
    messages.success(request, "Forgotten. Nobody joins or asks to join with it.")
    page = request.POST.get("next")
    return HttpResponseRedirect(page if get_adapter().is_safe_url(page) else reverse("joins:join"))


@require_POST
@not_found_if_deleted
def withdraw_request(request, request_id):
    mine = request.user.join_requests.select_related("classroom")
    join_request = get_object_or_404(mine, pk=request_id)
    join_request.user = request.user
    try:
        join_request.withdraw()
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return show_home(request, status=refusal.status)
    messages.success(request, f"You have cancelled your request to join {join_request.class_name}.")
    return redirect("joins:home")


class SignUpStudentView(SignUpView):
    """The sign-up of students, which needs a Code. A stored wish stays stored, and the log-in fulfils it (J7)."""

    form_class = SignUpWithCodeForm
    template_name = "joins/sign_up_student.html"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"throttle": CodeThrottle(self.request)}

    def get_initial(self):
        return wish.initial_code(self.request)

    def form_invalid(self, form):
        """Store the Code, in case this person has an account already and logs in next (J11)."""
        answer = super().form_invalid(form)
        code = form.cleaned_data.get("code")
        if code and not self.request.user.is_authenticated:  # they are if the form was sent twice (A9)
            wish.store_code_of_sign_up(self.request, code)
        return answer


def _redirect_after(request, outcome):
    wish.show_outcome(request, outcome)
    return redirect("joins:home" if isinstance(outcome, JoinRequest) else outcome.path)


def _redirect_member(request, already):
    messages.info(request, already.message)
    return redirect(already.classroom.path)


def _show_join(request, form, status, retry_after=None):
    response = render(request, "joins/join.html", {"form": form}, status=status)
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _show_join_url(request, found, refused=None):
    classroom = found.classroom
    context = {"classroom": classroom, "owner": classroom.owner, "join_url": found, "refused": refused}
    if request.user.is_authenticated:
        refusal = refused or refusal_by_join_url(found, request.user)
        pending = classroom.join_requests.pending().filter(user=request.user)
        context |= {"refusal": refusal, "pending": not refusal and pending.exists()}
        context |= {"is_member": isinstance(refusal, AlreadyMember)}
        context |= {"paused": isinstance(refusal, AskingPaused)}
    else:
        context |= {"shut": classroom.is_archived or not classroom.memberships.managers().exists()}
        context |= {"paused": found.paused_at}
    return render(request, "joins/join_url.html", context, status=refused.status if refused else 200)
