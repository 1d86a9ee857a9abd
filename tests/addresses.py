"""Every address of Homeroom but the operators', as the URLs themselves tell, with its places filled in."""

import re

from django.urls import URLPattern, get_resolver

# Nobody, a member, one who waits, the owner, a stranger.
VISITORS = ["nobody", "amara", "leo", "ms_okafor", "mr_brandt"]


def addresses(**known):
    """All paths; `known` says what stands in the places: classroom_id, username, key …"""
    return sorted(set(_walk(get_resolver().url_patterns, "/", known)))


def _walk(patterns, before, known):
    for entry in patterns:
        here = before + _filled(str(entry.pattern), known)
        if isinstance(entry, URLPattern):
            yield here
        elif entry.namespace != "admin":
            yield from _walk(entry.url_patterns, here, known)


def _filled(route, known):
    """`<str:key>` of a path and `(?P<key>…)` of a regular expression alike."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)|<\w+:(\w+)>", lambda place: str(known[place[1] or place[2]]), route)
    return route.lstrip("^").rstrip("$")
