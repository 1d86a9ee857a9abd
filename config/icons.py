"""The tags of heroicons. A page only names its icons: their drawings are in one file, which a browser loads once.

The tag is evaluated when a template is loaded, because a full approval queue has a hundred icons.
"""

import re
from functools import cache, partial
from importlib.resources import files
from io import BytesIO
from zipfile import ZipFile

from django import template
from django.conf import settings
from django.template.base import TextNode, token_kwargs
from django.templatetags.static import static

SPRITE = "img/icons.svg"
STYLES = {"micro": 16, "mini": 20, "outline": 24, "solid": 24}  # pixels
_USED = re.compile(r'{% heroicon_(\w+) "([\w-]+)"')

register = template.Library()


@cache
def _archive():
    """The file in which the package keeps its 1,300 drawings.

    The package's own function opens it anew for each icon, which takes longer than all else that a page needs at first.
    It's read into memory, because processes that are forked would share their place in an open file.
    """
    return ZipFile(BytesIO((files("heroicons") / "heroicons.zip").read_bytes()))


def _svg(style, name, size=None):
    """Return the beginning of the icon's <svg>, and what is drawn in it."""
    svg = _archive().read(f"{style}/{name}.svg").decode()
    start, _, drawn = svg.replace(' xmlns="http://www.w3.org/2000/svg"', "").partition(">")
    if size:
        start += f' width="{size}" height="{size}"'
    return start, drawn.strip().removesuffix("</svg>").strip()


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
