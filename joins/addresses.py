"""Addresses of this site as people get them: built from SITE_URL, and never from the request's Host header (T63)."""

from django.conf import settings
from django.urls import reverse


def full_address(path):
    return settings.SITE_URL + path


def join_page():
    """Return the full address of the page where people type a Code."""
    return full_address(reverse("joins:join"))


def as_typed(address):
    """Return a full address as people type it, without https:// and without a slash at its end.

    Browsers try https:// first and then http://. But a single word keeps its slash: they would search for it.
    """
    typed = address.partition("://")[2].rstrip("/")
    return typed if any(sign in typed for sign in "./:") else f"{typed}/"
