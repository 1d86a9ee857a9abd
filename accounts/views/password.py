from allauth.account.views import PasswordResetFromKeyView, PasswordResetView
from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse

from accounts import forgotten_password
from accounts.models import AnonymousSessions
from accounts.views.mixins import LogsOutByPressMixin


class ForgottenPasswordView(PasswordResetView):
    """allauth's view; it also keeps where the person wanted to go until they log in with the new password."""

    def form_valid(self, form):
        if AnonymousSessions.objects.may_store(self.request):
            forgotten_password.begin(self.request, to=self.get_next_url())
        return super().form_valid(form)

    def get_success_url(self):
        return self.passthrough_next_url(str(self.success_url))  # allauth would go to `next` straight away


class NewPasswordByLinkView(LogsOutByPressMixin, PasswordResetFromKeyView):
    pass


@login_not_required
def new_password_chosen(request):
    """The page after choosing a new password. Its link to log in leads on to where the person wanted to go."""
    context = {"next": forgotten_password.next_page(request)}
    return TemplateResponse(request, "account/password_reset_from_key_done.html", context)
