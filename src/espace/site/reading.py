"""One value of the environment: a number within its bounds, a switch, words. What is wrong is said by its name."""

from collections.abc import Mapping

from espace.site.variables import bounds, text_default, whole_default

_DIGITS = 19
"""More is no number that anybody means."""


class BadConfiguration(Exception):
    """A variable, or the home, cannot be used; the message is a sentence for the operator."""


def whole(environment: Mapping[str, str], name: str, default: int | None = None) -> int:
    """A number between the bounds that `variables` has for it; absent, the default that was worked out, else the one
    written there. Raises BadConfiguration."""
    if (said := environment.get(name)) is None:
        return whole_default(name) if default is None else default
    least, most = bounds(name)
    if not (said.isascii() and said.isdigit() and len(said) < _DIGITS and least <= int(said) <= most):
        raise BadConfiguration(f"{name} must be a whole number between {least} and {most}.")
    return int(said)


def text(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, text_default(name))


def switch(environment: Mapping[str, str], name: str, *, default: bool | None = None) -> bool:
    said = environment.get(name, str(whole_default(name) if default is None else int(default)))
    if said not in ("0", "1"):
        raise BadConfiguration(f"{name} must be 0 or 1.")
    return said == "1"


def words(said: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in said.split(",") if word.strip())
