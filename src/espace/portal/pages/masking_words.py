"""What the rules of masking are called, on their page and in the history."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_noop, ngettext

from espace.looks.words import counted_documents, kind_label
from espace.portal.whose import gettext
from espace.record.facts import Document
from espace.record.rules.masking import EVERYTHING, NEW
from espace.wire.nomenclature import kind_named

_LINES: Mapping[tuple[str, str], str] = {
    (NEW, "on"): gettext_noop("avez choisi que vos nouveaux documents arrivent masqués aux professionnels"),
    (NEW, "off"): gettext_noop("avez choisi que vos nouveaux documents arrivent visibles des professionnels"),
    (NEW, "shown"): gettext_noop("avez rendu visible des professionnels ce qui était arrivé masqué : %(count)s"),
    (EVERYTHING, "on"): gettext_noop("avez masqué tous vos documents aux professionnels, et ceux à venir : %(count)s"),
    (EVERYTHING, "off"): gettext_noop("avez cessé de masquer tous vos documents aux professionnels : %(count)s"),
    ("topic", "on"): gettext_noop("avez masqué un sujet de santé aux professionnels : %(count)s"),
    ("topic", "off"): gettext_noop("avez cessé de masquer un sujet de santé aux professionnels : %(count)s"),
    ("topic", "made"): gettext_noop("avez créé un sujet de santé"),
    ("topic", "renamed"): gettext_noop("avez renommé un sujet de santé"),
    ("topic", "gone"): gettext_noop("avez supprimé un sujet de santé, et rendu visible : %(count)s"),
    ("topic", "linked"): gettext_noop("avez rattaché à un sujet de santé : %(count)s"),
    ("topic", "linked_masked"): gettext_noop("avez rattaché à un sujet de santé masqué : %(count)s"),
    ("topic", "unlinked"): gettext_noop("avez retiré d’un sujet de santé : %(count)s"),
    ("topic", "chosen"): gettext_noop("avez choisi les sujets de santé d’un document"),
    ("", "on"): gettext_noop("avez masqué aux professionnels, et masquerez à l’avenir, « %(kind)s » : %(count)s"),
    ("", "off"): gettext_noop("avez cessé de masquer aux professionnels « %(kind)s » : %(count)s"),
}
"""By rule ("" for a kind) and act."""


def rule_name(rule: str) -> str:
    """« Analyses de laboratoire »; "" for a rule about no kind."""
    kind = kind_named(rule)
    return kind_label(kind) if kind else ""


def decided(asked: Mapping[str, str]) -> str:
    """What a line of the history says that the holder did; "" where it does not say."""
    rule, count = asked.get("rule", ""), asked.get("count", "")
    kind = rule_name(rule)
    words = _LINES.get(("" if kind else rule, asked.get("act", "")))
    if words is None or not count.isdecimal():
        return ""
    return gettext(words) % {"kind": kind, "count": counted_documents(int(count)).lower()}


def topics_told(document: Document, names: Mapping[UUID, str]) -> str:
    """« Masqué par le sujet de santé « Santé mentale ». »; "" where none of `names`, those that the reader may know of,
    masks it."""
    found = sorted(name for topic, name in names.items() if str(topic) in document.masked_by)
    if not found:
        return ""
    words = ngettext("Masqué par le sujet de santé %(names)s.", "Masqué par les sujets de santé %(names)s.", len(found))
    return words % {"names": ", ".join(gettext("« %(name)s »") % {"name": one} for one in found)}
