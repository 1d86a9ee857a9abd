"""The tags of heroicons. A page only names its icons: their drawings are in one file, which a browser loads once.

The tag is evaluated when a template is loaded, because a full approval queue has a hundred icons.
"""

import re
from functools import partial

import heroicons
from django import template
from django.conf import settings
from django.template.base import TextNode, token_kwargs
from django.templatetags.static import static

SPRITE = "img/icons.svg"
STYLES = {"micro": 16, "mini": 20, "outline": 24, "solid": 24}  # pixels
_USED = re.compile(r'{% heroicon_(\w+) "([\w-]+)"')

register = template.Library()


def _svg(style, name, size=None):
    """Return the beginning of the icon's <svg>, and what is drawn in it."""
    start, _, drawn = heroicons._render_icon(style, name, size, {}).partition(">")
    return start, drawn.removesuffix("</svg>").strip()


def _icon(style, parser, token):
    _, name, *size = token.split_contents()
    options = {key: value.resolve(template.Context()) for key, value in token_kwargs(size, parser).items()}
    name = name.strip('"')
    start, _ = _svg(style, name, **({"size": STYLES[style]} | options))
    return TextNode(f'{start}><use href="{static(SPRITE)}#{style}-{name}"/></svg>')


for style in STYLES:
    register.tag(f"heroicon_{style}", partial(_icon, style))


def sprite():
    """Return the file with the drawings of all icons in our templates."""
    templates = (settings.BASE_DIR / "templates").rglob("*.html")
    used = sorted({icon for file in templates for icon in _USED.findall(file.read_text())})
    drawings = [f'<g id="{style}-{name}">{_svg(style, name)[1]}</g>' for style, name in used]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *drawings, "</svg>"])
