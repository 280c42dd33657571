"""AdhocQueryRequest → a stored query and its parameters (ITI TF-2, 3.18.4.1.2).

Everything wrong is said at once, at its place. A parameter that the query does not have is refused, never passed
over: what it would have left out must not be shown. Extensions (`urn:…`, ITI TF-3, 4.2.3.1.6) alone are.
"""

import re
from dataclasses import dataclass

from espace.kernel.reasons import querying as reasons
from espace.kernel.values import replace
from espace.kernel.words import Problem, RefusedProblems
from espace.wire.ebxml import query_forms as forms
from espace.wire.ebxml.query_forms import Form, Value
from espace.wire.ebxml.query_table import QUERIES, Parameter, Shape
from espace.wire.ebxml.schemes import QUERY, RIM, StoredQuery
from espace.wire.xds import PatientStatement
from espace.wire.xml import Element

REQUEST = f"{{{QUERY}}}AdhocQueryRequest"
MAX_SLOTS = 60
MAX_VALUES = 200
"""Of all parameters together."""
MAX_LENGTH = 300

_RIM = f"{{{RIM}}}"
_RETURNS = {"LeafClass": True, "ObjectRef": False}
_LITERAL = re.compile(r"[ \t\r\n]*+(?:'((?:[^']|'')*+)'|([0-9]{1,18}+))[ \t\r\n]*+")


@dataclass(frozen=True, slots=True)
class Said:
    """One slot of a query: any of `values` will do."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A stored query: whether objects are asked for or their ids alone, its slots, all of which must hold, and for
    the log the slots as they were written, without whoever is the patient."""

    kind: StoredQuery
    whole: bool
    slots: tuple[Said, ...]
    written: tuple[tuple[str, str], ...] = ()

    def named(self, name: str) -> tuple[Said, ...]:
        return tuple(one for one in self.slots if one.name == name)

    @property
    def patient(self) -> PatientStatement | None:
        """Whom a Find query names."""
        said = ((one.name, value) for one in self.slots for value in one.values)
        found = (replace(value, place=place_of(name)) for name, value in said if isinstance(value, PatientStatement))
        return next(found, None)


def read(request: Element) -> Query:
    """Raises RefusedProblems: QUERY_MALFORMED, STORED_QUERY_UNKNOWN, QUERY_PARAMETER_…"""
    return _Reading().read(request)


def literals(text: str) -> tuple[tuple[str, bool], ...]:
    """The values of one Value element, and whether each was in quotes; none where it cannot be read (3.18.4.1.2.3.5):
    `'a'`, `12`, `('a', 'b')`, a quote within being written twice."""
    body = text.strip(" \t\r\n")
    listed = body[1:-1] if body.startswith("(") and body.endswith(")") else None
    found, at, inside = list[tuple[str, bool]](), 0, body if listed is None else listed
    while one := _LITERAL.match(inside, at):
        found.append((one[1].replace("''", "'"), True) if one[1] is not None else (one[2], False))
        at = one.end()
        if at == len(inside):
            return tuple(found) if listed is not None or len(found) == 1 else ()
        if inside[at] != ",":
            return ()
        at += 1
    return ()


class _Reading:
    """One request being read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.count = 0

    def read(self, request: Element) -> Query:
        whole = self._returns(request)
        asked = request.findall(f"{_RIM}AdhocQuery")
        if len(asked) != 1:
            self._wrong("AdhocQuery", "one is expected")
        kind = self._kind(asked[0]) if asked else None
        slots = asked[0].findall(f"{_RIM}Slot") if asked else []
        if len(slots) > MAX_SLOTS:
            self._wrong("AdhocQuery", f"more than {MAX_SLOTS} slots")
        if self.problems or kind is None:
            raise RefusedProblems(tuple(self.problems))
        shape = QUERIES[kind]
        said = [one for place, slot in enumerate(slots, 1) if (one := self._slot(slot, place, shape))]
        self._check(said, shape)
        if self.problems:
            raise RefusedProblems(tuple(self.problems))
        return Query(kind, whole, tuple(one for one, _ in said), _written([text for _, text in said]))

    def _wrong(self, place: str, detail: str) -> None:
        self.problems.append(Problem(reasons.QUERY_MALFORMED, place, detail))

    def _returns(self, request: Element) -> bool:
        options = request.findall(f"{{{QUERY}}}ResponseOption")
        said = options[0].get("returnType", "").strip() if len(options) == 1 else ""
        if said not in _RETURNS:
            self._wrong("ResponseOption/@returnType", "LeafClass or ObjectRef is expected")
        return _RETURNS.get(said, False)

    def _kind(self, asked: Element) -> StoredQuery | None:
        try:
            return StoredQuery(asked.get("id", "").strip().lower())
        except ValueError:
            self.problems.append(Problem(reasons.STORED_QUERY_UNKNOWN, "AdhocQuery/@id"))
            return None

    def _slot(self, slot: Element, place: int, shape: Shape) -> tuple[Said, tuple[str, str] | None] | None:
        """One slot, and what the log tells of it."""
        name = slot.get("name", "").strip()
        if name.startswith("urn:"):
            return None
        parameter = shape.parameters.get(name)
        if parameter is None:
            # Its name could hold anything: it is told by its place.
            self._invalid(f"AdhocQuery/Slot[{place}]", "not a parameter of this query")
            return None
        if parameter.form is forms.ASIDE:
            return None
        written = [each.text or "" for each in slot.iterfind(f"{_RIM}ValueList/{_RIM}Value")]
        values = self._values(written, parameter, place_of(name))
        told = None if parameter.form is forms.PATIENT else (name, " ".join(" ".join(written).split()))
        return Said(name, values), told

    def _values(self, written: list[str], parameter: Parameter, place: str) -> tuple[Value, ...]:
        found = list[tuple[str, bool]]()
        for one in written:
            said = literals(one)
            if not said:
                self._invalid(place, "'text', ('a','b') or a number is expected")
                return ()
            found += said
        self.count += len(found)
        if not found or self.count > MAX_VALUES:
            self._invalid(place, f"no value, or more than {MAX_VALUES} in all")
            return ()
        if len(found) > 1 and not parameter.many:
            self.problems.append(Problem(reasons.QUERY_PARAMETER_NUMBER, place, "one value is expected"))
            return ()
        values = [self._value(text, quoted, parameter.form) for text, quoted in found]
        if None in values:
            self._invalid(place, f"{parameter.form.expected} is expected")
        return tuple(value for value in values if value is not None)

    def _value(self, text: str, quoted: bool, form: Form) -> Value | None:
        return form.read(text) if 0 < len(text) <= MAX_LENGTH and (quoted or form.bare) else None

    def _invalid(self, place: str, detail: str) -> None:
        self.problems.append(Problem(reasons.QUERY_PARAMETER_INVALID, place, detail))

    def _check(self, said: list[tuple[Said, tuple[str, str] | None]], shape: Shape) -> None:
        names = [one.name for one, _ in said]
        for name, parameter in shape.parameters.items():
            if parameter.required and name not in names:
                self.problems.append(Problem(reasons.QUERY_PARAMETER_MISSING, place_of(name)))
            if names.count(name) > 1 and not parameter.repeats:
                self.problems.append(Problem(reasons.QUERY_PARAMETER_NUMBER, place_of(name), "said twice"))
        chosen = [name for name in shape.one_of if name in names]
        if shape.one_of and not chosen:
            self.problems.append(Problem(reasons.QUERY_PARAMETER_MISSING, place_of(shape.one_of[0]), _or(shape.one_of)))
        if len(chosen) > 1:
            self.problems.append(Problem(reasons.QUERY_PARAMETER_NUMBER, place_of(chosen[1]), _or(shape.one_of)))


def place_of(name: str) -> str:
    """Where a parameter of the table is, in the places told."""
    return f"AdhocQuery/Slot[@name='{name}']"


def _or(names: tuple[str, ...]) -> str:
    return f"either {' or '.join(names)}"


def _written(said: list[tuple[str, str] | None]) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in said if one)
