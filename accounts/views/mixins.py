from accounts.models import User


class WinsOverWaitingMixin:
    """A posted form wins over a log-in that still waits for a code, which somebody else may have left here (T49, T62).

    allauth would redirect to the page of that code, and what was typed would be lost. We let it do so if the form is
    from the person who waits, because they have pressed again.
    """

    def _redirect_to_pending_stage(self, request, stage):
        # There is no account if the address of a sign-up is taken, and the answer must not tell (T54).
        waiting = stage.login.user or User(email=stage.login.email)
        if request.method == "POST" and not self.was_sent_by(waiting):
            return None
        return super()._redirect_to_pending_stage(request, stage)


class LogsOutByPressMixin:
    """Opening a link from a mail logs nobody out (J5). allauth does so if the link is another person's."""

    def logout(self):
        if self.request.method == "POST":
            super().logout()
