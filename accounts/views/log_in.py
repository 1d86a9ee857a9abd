from functools import partial

from allauth.account.views import LoginView, LogoutView

from accounts import mailboxes
from accounts.forms.log_in import drop_last_dots
from accounts.names import drop_invisible
from accounts.offered_again import OfferedAgainMixin
from accounts.second_press import do_once, session_key_sent
from accounts.views.mixins import WinsOverWaitingMixin


class LogInView(OfferedAgainMixin, WinsOverWaitingMixin, LoginView):
    """allauth's view, for a page that is pressed twice or was open while somebody logged in or out in another tab."""

    def form_valid(self, form):
        """Log in once: a second log-in would lose what the session holds, such as a request to join.

        Without a session there is nothing to lose. The password was checked before the transaction of do_once() begins,
        so that on SQLite nobody waits for that.
        """
        log_in = partial(super().form_valid, form)
        return do_once(self.request, log_in) if session_key_sent(self.request) else log_in()

    def was_sent_by(self, user):
        typed = drop_last_dots(drop_invisible(self.request.POST.get("login", "")).lower())
        return not {typed, mailboxes.normalize(typed)}.isdisjoint({user.username, user.email} - {""})


class LogOutView(LogoutView):
    """allauth's view; it also empties the session of somebody who stops in the middle of logging in (T49)."""

    def logout(self):
        if not self.request.user.is_authenticated:
            self.request.session.flush()
        super().logout()


def clear_browser_again(request):
    """Tell the browser again to clear its data, because it may never have read the first answer (T62)."""
    request.has_logged_out = True
