"""The tables of the configuration page: every variable, as the program itself reads it."""

from collections.abc import Callable, Mapping
from functools import partial

from docs.markdown import code, table
from espace.site import variables
from espace.site.variables import Variable

SECTIONS: Mapping[str, Mapping[str, Variable]] = {
    "general": variables.GENERAL,
    "stores": variables.STORES,
    "limits": variables.LIMITS,
    "sign-in": variables.SIGN_IN,
    "demonstration": variables.DEMONSTRATION,
    "tests": variables.TESTS,
}


def blocks() -> dict[str, Callable[[], str]]:
    return {f"configuration: {name}": partial(section_table, section) for name, section in SECTIONS.items()}


def section_table(section: Mapping[str, Variable]) -> str:
    rows = ((code(name), default_of(one), bounds_of(one), one.meaning) for name, one in section.items())
    return table(("variable", "default", "bounds", "what it is"), rows)


def default_of(one: Variable) -> str:
    if one.computed:
        return one.computed
    return code(one.default) if isinstance(one.default, str) and one.default else str(one.default)


def bounds_of(one: Variable) -> str:
    if one.bounds is None:
        return ""
    least, most = one.bounds
    return f"{least} {'or' if most - least == 1 else 'to'} {most}"
