"""The tags of heroicons with a cache. heroicons builds each icon's XML again, a quarter of a millisecond every time.

A full approval queue has a hundred icons, and without the cache they take longer than its rows.
"""

from functools import cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()
for tag in (
    heroicons.heroicon_micro,
    heroicons.heroicon_mini,
    heroicons.heroicon_outline,
    heroicons.heroicon_solid,
):
    register.simple_tag(cache(tag), name=tag.__name__)
