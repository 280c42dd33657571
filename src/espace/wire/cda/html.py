"""Writing HTML safely: escaping, names of anchors, the closed lists of classes and of links."""

import re
from html import escape

from espace.wire.xml import Element

_CONTROLS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI = re.compile(f"[{_CONTROLS}]")
_SPECIAL = re.compile(f"[&<>{_CONTROLS}]")
_NAME = re.compile(r"[\w.\-]{1,200}")
_HTTPS = re.compile(
    r"https://[a-z0-9](?:[a-z0-9.\-]*[a-z0-9])?(?::[0-9]{1,5})?(?:[/?#][^\s\x00-\x20\"'<>\\`\x7f-\x9f]*)?",
    re.IGNORECASE,
)
_STYLES = {
    "bold": "cda-bold",
    "italics": "cda-italics",
    "italic": "cda-italics",
    "emphasis": "cda-italics",
    "bolditalics": "cda-bold cda-italics",
    "underline": "cda-underline",
    "lrule": "cda-lrule",
    "rrule": "cda-rrule",
    "toprule": "cda-toprule",
    "botrule": "cda-botrule",
    "xallindent": "cda-indent",
}
_ALIGNMENTS = {"left": "cda-left", "center": "cda-center", "right": "cda-right", "justify": "cda-justify"}


def text(value: str) -> str:
    """Escaped text; each control of writing direction becomes U+FFFD, seen and without effect (XML-10)."""
    if not _SPECIAL.search(value):
        return value
    for control in _CONTROLS if _BIDI.search(value) else ():
        value = value.replace(control, "\ufffd")
    return escape(value, quote=False)


def attr(name: str, value: str) -> str:
    """` name="value"`, escaped, without direction controls; nothing for an empty value."""
    return f' {name}="{escape(_BIDI.sub("", value))}"' if value else ""


def note(sentence: str, tag: str = "span") -> str:
    """Words that are ours and not the document's: always marked `cda-note`."""
    return f'<{tag} class="cda-note">{escape(sentence)}</{tag}>'


def anchor(identifier: str) -> str:
    """The HTML id of a narrative ID, or "" when it is no plain name; never one of ours."""
    return f"cda-n-{identifier}" if _NAME.fullmatch(identifier) else ""


def external(href: str) -> str:
    """The address when it is https with a plain host and nothing before it, else "" (CDA-01 to CDA-05)."""
    href = href.strip()
    return href if _HTTPS.fullmatch(href) and not _BIDI.search(href) else ""


def classes(element: Element, *fixed: str) -> str:
    """The class attribute from `styleCode` and `align`, both through closed lists: nothing can hide."""
    found = list(fixed)
    if style := element.get("styleCode"):
        found += [_STYLES[code] for code in style.lower().split()[:8] if code in _STYLES]
    if align := element.get("align"):
        found += filter(None, [_ALIGNMENTS.get(align.strip().lower())])
    return attr("class", " ".join(found))


def span(element: Element, name: str, most: int) -> str:
    """` colspan="n"` between 2 and `most`; a billion columns are a way to hang a reader (CDA-15)."""
    value = (element.get(name) or "").strip()
    if not re.fullmatch(r"[0-9]{1,9}", value) or int(value) < 2:
        return ""
    return f' {name}="{min(int(value), most)}"'
