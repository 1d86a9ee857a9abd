"""Every address of Homeroom except the admin's, read from the URL conf and with its parameters filled in."""

import re

from django.urls import URLPattern, get_resolver

# Somebody logged out, a member, one who waits, the owner, a stranger.
VISITORS = ["nobody", "amara", "leo", "ms_okafor", "mr_brandt"]


def addresses(**known):
    """All paths. `known` gives the values of the parameters: public_id, username, key …"""
    return sorted(set(_walk(get_resolver().url_patterns, "/", known)))


def _walk(patterns, before, known):
    for entry in patterns:
        here = before + _filled(str(entry.pattern), known)
        if isinstance(entry, URLPattern):
            yield here
        elif entry.namespace != "admin":
            yield from _walk(entry.url_patterns, here, known)


def _filled(route, known):
    """Handles `<str:key>` of a path and `(?P<key>…)` of a regular expression."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)|<\w+:(\w+)>", lambda place: str(known[place[1] or place[2]]), route)
    return route.lstrip("^").rstrip("$")
