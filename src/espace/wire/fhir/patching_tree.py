"""The one small tree that a PATCH may change, and the steps that lead to a place of it.

RFC 6902 (add, remove, replace, test), RFC 7396 and FHIRPath Patch (R4, fhirpatch.html) all come down to it:
`status`, `securityLabel` and `extension` of one DocumentReference, and nothing else.
"""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from espace.kernel.reasons import care
from espace.kernel.words import Problem

PLACES = ("status", "securityLabel", "extension")
END = "-"
"""The place after the last item of a list (RFC 6901)."""


Kind = Literal["add", "remove", "replace", "test", "discard", "put"]
"""What an operation does at its place; `discard` removes what may not be there, `put` replaces or adds."""


@dataclass(frozen=True, slots=True)
class Where:
    """The items of a list whose `url`, or the code of one of whose codings, is this; without key, every item."""

    key: str = ""
    text: str = ""

    def takes(self, item: object) -> bool:
        if not self.key:
            return True
        if not isinstance(item, dict):
            return False
        if self.key == "url":
            return item.get("url") == self.text
        codings = item.get("coding")
        return isinstance(codings, list) and any(isinstance(c, dict) and c.get("code") == self.text for c in codings)


Step = str | int | Where


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation; `steps` begins with one of PLACES."""

    kind: Kind
    steps: tuple[Step, ...]
    value: Any = None

    @property
    def place(self) -> str:
        return f"DocumentReference.{self.steps[0]}"


class Stopped(Exception):
    """An operation that cannot be done."""


def applied(tree: Mapping[str, Any], operations: tuple[Operation, ...]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The tree after every operation in order, or the first problem: then nothing is done. Never raises."""
    changed: dict[str, Any] = copy.deepcopy(dict(tree))
    for operation in operations:
        try:
            _apply(changed, operation)
        except Stopped as stopped:
            return dict(tree), (Problem(care.CHANGE_REFUSED, operation.place, str(stopped)),)
    return changed, ()


def _apply(tree: dict[str, Any], operation: Operation) -> None:
    holder: Any = tree
    for step in operation.steps[:-1]:
        holder = _inside(holder, step)
    _DOING[operation.kind](holder, operation.steps[-1], copy.deepcopy(operation.value))


def _inside(holder: Any, step: Step) -> Any:
    return holder[_found(holder, step)]


def _found(holder: Any, step: Step) -> Any:
    """The key of what is there."""
    found = _candidates(holder, step)
    if len(found) != 1:
        _stop("no element at this place" if not found else "several elements at this place")
    return found[0]


def _candidates(holder: Any, step: Step) -> list[Any]:
    if isinstance(holder, dict):
        return [step] if isinstance(step, str) and step in holder else []
    if not isinstance(holder, list):
        return []
    if isinstance(step, Where):
        return [index for index, item in enumerate(holder) if step.takes(item)]
    index = _index(step)
    return [index] if 0 <= index < len(holder) else []


def _index(step: Step) -> int:
    """The position that a step names; -1 where it names none (RFC 6901: no sign, no leading zero)."""
    if isinstance(step, int):
        return step
    plain = isinstance(step, str) and len(step) <= 4 and step.isascii() and step.isdigit() and str(int(step)) == step
    return int(step) if plain and isinstance(step, str) else -1


def _add(holder: Any, step: Step, value: Any) -> None:
    if isinstance(holder, dict) and isinstance(step, str):
        holder[step] = value
        return
    if not isinstance(holder, list) or isinstance(step, Where):
        _stop("no element at this place")
    index = len(holder) if step == END else _index(step)
    if not 0 <= index <= len(holder):
        _stop("no such position")
    holder.insert(index, value)


def _remove(holder: Any, step: Step, _: Any) -> None:
    del holder[_found(holder, step)]


def _replace(holder: Any, step: Step, value: Any) -> None:
    holder[_found(holder, step)] = value


def _test(holder: Any, step: Step, value: Any) -> None:
    if not _same(holder[_found(holder, step)], value):
        _stop("the test fails: another value is there")


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)


def _discard(holder: Any, step: Step, _: Any) -> None:
    if _candidates(holder, step):
        _remove(holder, step, None)


def _put(holder: Any, step: Step, value: Any) -> None:
    if _candidates(holder, step):
        _replace(holder, step, value)
    elif isinstance(step, Where):
        _add(holder, END, value)
    else:
        _add(holder, step, value)


def _stop(why: str) -> NoReturn:
    raise Stopped(why)


_DOING: Mapping[Kind, Callable[[Any, Step, Any], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "test": _test,
    "discard": _discard,
    "put": _put,
}
