"""The tags of heroicons, each icon drawn once: drawing the hundred of a full queue took longer than its rows."""

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
