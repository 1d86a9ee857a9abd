"""Browsers without scripts: in its first two seconds, a page that answers a press or a link takes no other press (J10).

Rows have moved up on it, so the second press of a double click would be about somebody else. On the board it would
unlock the Code that the first has locked, in the pop-up it would cancel the request that the first has made, and on a
phone another button comes where "Save" of a class was, or the button that adds an address. With scripts,
ignore_double_press.js and the rows themselves see to that. Plain forms with this field keep it in <noscript>.
"""

import time

from django import forms
from django.contrib.messages import get_messages
from django.utils.http import url_has_allowed_host_and_scheme

PRESSED_TOO_SOON = (
    "That press came just as the page changed, so nothing has happened. Check the page, then press again."
)
AT_LEAST = 2_000  # milliseconds


class DrawnForm(forms.Form):
    """`drawn` is when the page was drawn, in milliseconds since the epoch."""

    drawn = forms.IntegerField(required=False, widget=forms.HiddenInput)


def drawn_at(request):
    """Return what the page's forms send as `drawn`, or None if no press led here: then nothing is pressed twice.

    Where the browser's Referer is a page of ours, a link or a button there led here.
    """
    answers_press = request.method == "POST" or len(get_messages(request)) > 0
    before = request.headers.get("Referer")
    is_led_here = url_has_allowed_host_and_scheme(before, {request.get_host()})
    return _now() if answers_press or is_led_here else None


def is_too_soon(request):
    """Whether a browser without scripts has just been shown the page that it was pressed on."""
    form = DrawnForm(request.POST)
    drawn = form.cleaned_data["drawn"] if form.is_valid() else None
    return not request.htmx and drawn is not None and _now() - drawn < AT_LEAST


def _now():
    return int(time.time() * 1000)
