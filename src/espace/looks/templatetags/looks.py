"""`{% load looks %}`: the smallest components, which a page has by dozens."""

from functools import cache
from html import escape

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from espace.looks.health import Source

register = Library()


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """`{% icon "page" %}`: a pictogram by its name. It is the same on every page, so it is made once."""
    return render_to_string(f"looks/icons/{name}.svg")


@register.simple_tag
def source(one: Source) -> SafeString:
    """`{% source row.first %}`: the document where a fact was read, one click away, or that the patient states it."""
    origin = f' <span class="mark mark-origin">{escape(one.origin)}</span>' if one.origin else ""
    says = f' <span class="fact-said">{escape(one.says)}</span>' if one.says else ""
    return SafeString(f"{_read_in(one)}{origin}{says}")


def _read_in(one: Source) -> str:
    date = escape(one.date)
    if not one.path:
        return f'<span class="source">{date}</span>' if date else ""
    said = escape(gettext("Lire dans « %(title)s »,") % {"title": one.title})
    return f'<a class="source" href="{escape(one.path)}">{icon("page")}<span class="unseen">{said} </span>{date}</a>'
