"""Browsers without scripts: in its first two seconds, a page that answers a press takes no press about anybody (J10).

Rows have moved up on it, so the second press of a double click would be about somebody else. On the board it would
unlock the Code that the first has locked, and in the pop-up it would cancel the request that the first has made. With
scripts, ignore_double_press.js and the rows themselves see to that.
"""

import time

from django import forms
from django.contrib.messages import get_messages

from classroom.exceptions import PressedTooSoon

AT_LEAST = 2_000  # milliseconds


class DrawnForm(forms.Form):
    """`drawn` is when the page was drawn, in milliseconds since the epoch."""

    drawn = forms.IntegerField(required=False, widget=forms.HiddenInput)


def drawn_at(request):
    """Return what the page's forms send as `drawn`, or None if the page doesn't answer a press."""
    answers_press = request.method == "POST" or len(get_messages(request)) > 0
    return _now() if answers_press else None


def check_not_too_soon(request):
    """Raise PressedTooSoon if a browser without scripts has just been shown the page that it was pressed on."""
    form = DrawnForm(request.POST)
    if request.htmx or not form.is_valid():
        return
    drawn = form.cleaned_data["drawn"]
    if drawn is not None and _now() - drawn < AT_LEAST:
        raise PressedTooSoon


def _now():
    return int(time.time() * 1000)
