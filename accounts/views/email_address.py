from allauth.account.views import EmailView
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse

from accounts import mailed_code, too_soon
from accounts.models import FormSubmission, User
from accounts.second_press import session_key_sent


class EmailAddressView(EmailView):
    """allauth's view, for a page that was open while the address was changed in another tab.

    Once an address has been added or removed, an earlier one can be added again at once. That is no second press.
    """

    def dispatch(self, request, *args, **kwargs):
        """Hold the person's row first, as an erasure does: in another order, the two could wait for each other."""
        if request.method == "POST" and not User.objects.active().hold_row(request.user):
            return HttpResponseRedirect(reverse("account_login"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **context):
        """Add the address that a code was mailed to: people leave its page to read the mail, and come back here."""
        waiting = mailed_code.waiting_for(self.request.session)
        return super().get_context_data(**context) | {"mailed_code_to": waiting.get("email")}

    def form_valid(self, form):
        FormSubmission.objects.forget_answers(session_key_sent(self.request))
        return super().form_valid(form)

    def _get_email_address(self, request):
        """allauth does nothing if the address of the button has gone since, and says nothing either."""
        found = super()._get_email_address(request)
        if not found:
            gone = f"{request.POST['email']} isn't here any more, so your press changed nothing."
            messages.error(request, gone)
        return found

    def _action_remove(self, request):
        if too_soon.is_too_soon(request):
            messages.error(request, too_soon.PRESSED_TOO_SOON)
            return None
        FormSubmission.objects.forget_answers(session_key_sent(request))
        return super()._action_remove(request)

    def _action_primary(self, request):
        """Do nothing. No button of ours sends this, and allauth would store an address before anybody has proved it.

        If another account has that address, the database refuses it, and the answer would tell that somebody has (T54).
        """
