"""Whose space the sentences of a page speak of: « votre espace » to its holder, « l’espace de Léo » to who helps Léo.

A page is written once, in the words of the holder. In the space of somebody else (`espace.portal.spaces`) its `gettext`
and the `translate` of its templates take the sentence that `espace.portal.whose_words` gives instead, with the name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation

from espace.portal.whose_words import OF_ANOTHER

_HELPED: ContextVar[str] = ContextVar("espace.portal.whose", default="")
_VOWELS = frozenset("aeiouyàâäéèêëîïôöùûüh")


@contextmanager
def speaking_of(name: str) -> Iterator[None]:
    """Within, what is said is said of somebody else: `name` is « Léo Duval », "" to speak to the holder."""
    before = _HELPED.set(_given(name))
    try:
        yield
    finally:
        _HELPED.reset(before)


def speak_of(name: str) -> None:
    """The same from now on; within a `speaking_of`, which ends it."""
    _HELPED.set(_given(name))


def _given(name: str) -> str:
    """« Léo »; never with what would put something else into a sentence."""
    return name.split(" ")[0].translate({ord(one): None for one in "%{}"})


def helped_name() -> str:
    """The given name of whom the person who reads helps; "" in their own space."""
    return _HELPED.get()


def gettext(said: str) -> str:
    """A sentence in the language of the page, said to the holder, or of whom the reader helps."""
    name = helped_name()
    return (of_another(said, name) if name else None) or translation.gettext(said)


def of_another(said: str, name: str) -> str | None:
    """What is said of `name` in place of a sentence to the holder; None where it is the same."""
    other = OF_ANOTHER.get(said)
    return other and translation.gettext(other).replace("{of}", of_person(name)).replace("{name}", name)


def of_person(name: str) -> str:
    """« de Léo Duval », « d’Anne Morel »."""
    said = translation.gettext("d’%(name)s") if name[:1].casefold() in _VOWELS else translation.gettext("de %(name)s")
    return said % {"name": name}
