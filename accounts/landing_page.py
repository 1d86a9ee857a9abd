"""The page that a log-in leads to, instead of the one that the person was on.

While Django sends `user_logged_in`, `joins.wish` sets it, for example to the class that the log-in has joined, and
`joins.receivers.lead_to_only_class` sets it after a one-time password. Directly afterwards, `AccountAdapter.post_login`
takes it.
"""

_KEY = "landing_page"


def set_landing_page(request, path, is_default=False):
    """Set the page. A default doesn't replace a page that is set already."""
    if not (is_default and _KEY in request.session):
        request.session[_KEY] = path


def take_landing_page(request):
    """Return the page's path and forget it; None if there is none."""
    return request.session.pop(_KEY, None)
