"""Values that never change, the same ones with something else in them, and what they consist of.

Most are frozen dataclasses. Those of which a request reads a thousand are `msgspec.Struct`, made and read several times
faster (ADR 0038).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import NODEFAULT, Struct, structs

if TYPE_CHECKING:
    from dataclasses import replace  # the type checker knows the fields of either
else:
    import dataclasses

    def replace(value, /, **changes):
        """As `copy.replace` of Python 3.13: the same value but for these fields."""
        made = structs.replace if isinstance(value, Struct) else dataclasses.replace
        return made(value, **changes)


__all__ = ["NO_DEFAULT", "defaults", "is_value", "replace"]

NO_DEFAULT: Any = object()


def is_value(thing: object) -> bool:
    """Whether a thing is a value with fields."""
    return isinstance(thing, Struct) or (is_dataclass(thing) and not isinstance(thing, type))


def _read(kind: Any) -> dict[str, Any]:
    said: Any = structs.fields(kind) if issubclass(kind, Struct) else fields(kind)
    return {one.name: _default(one.default, one.default_factory) for one in said}


def _default(value: Any, factory: Any) -> Any:
    if factory not in (MISSING, NODEFAULT):
        return factory()
    return NO_DEFAULT if value in (MISSING, NODEFAULT) else value


defaults: Callable[[Any], Mapping[str, Any]] = cache(_read)
"""The fields of a type of values, in order, each with its default or NO_DEFAULT."""
