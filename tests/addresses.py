"""Every address of Homeroom, read from the URL conf."""

import re

from django.urls import get_resolver

# Somebody logged out, a member, one who waits, the owner, a stranger.
VISITORS = ["nobody", "amara", "leo", "ms_okafor", "mr_brandt"]


def routes(patterns=None, namespace="", before=""):
    """Name, route and view of each address of these patterns; by default, of all of Homeroom."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, pattern.namespace or namespace, route)
        else:
            name = pattern.name or str(pattern.pattern)
            yield f"{namespace}:{name}" if namespace else name, route, pattern.callback


def addresses(**known):
    """All paths except the admin's. `known` gives the values of the parameters: public_id, username, key …"""
    return sorted(
        {f"/{_filled(route, known)}" for name, route, _ in routes() if not name.startswith("admin:")}
    )


def _filled(route, known):
    """Handles `<str:key>` of a path and `(?P<key>…)` of a regular expression."""
    route = re.sub(r"\(\?P<(\w+)>[^)]*\)|<\w+:(\w+)>", lambda place: str(known[place[1] or place[2]]), route)
    return re.sub(r"[$^]", "", route)
