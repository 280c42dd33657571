"""The names that files come with: never a path, and nothing that a page would not show as it is."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[/\\]")
_SUFFIX = re.compile(r"\.([a-z][a-z0-9]{0,4})$", re.IGNORECASE)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of what is not shown: controls, directions and joiners, halves of pairs, unassigned."""


def plain(text: str) -> str:
    """One line of text: what does not show is dropped (a right-to-left override among it), spaces are single."""
    spaced = re.sub(r"\s", " ", unicodedata.normalize("NFC", text))
    return " ".join("".join(one for one in spaced if unicodedata.category(one) not in _HIDDEN).split())


def title_of(name: str) -> str:
    """What a file's name says, without the folders before it nor the type behind it; "" where nothing is left."""
    last = plain(_SEPARATORS.split(name)[-1])
    return _SUFFIX.sub("", last).strip(" .")


def suffix_of(name: str) -> str:
    """The type that a name ends with, in lower case and without its dot; "" where it has none."""
    found = _SUFFIX.search(plain(_SEPARATORS.split(name)[-1]))
    return found[1].lower() if found else ""
