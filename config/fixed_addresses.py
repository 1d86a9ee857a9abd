"""The tags {% url %} and {% static %}, in every template without {% load %}. They do the same as Django's.

An address without a variable in it is the same on every page, so it is found when the template is loaded. A page has a
dozen of them, and finding them took a seventh of the time in which a short page is drawn.
"""

from django import template
from django.template.base import TextNode
from django.template.defaulttags import url as read_url_tag
from django.templatetags.static import StaticNode

register = template.Library()


@register.tag
def url(parser, token):
    node = read_url_tag(parser, token)
    is_fixed = not (node.args or node.kwargs or node.asvar or node.view_name.is_var)
    return _found_now(node) if is_fixed else node


@register.tag
def static(parser, token):
    node = StaticNode.handle_token(parser, token)
    return node if node.varname or node.path.is_var else _found_now(node)


def _found_now(node):
    return TextNode(node.render(template.Context()))
