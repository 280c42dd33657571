"""The tables of the stored queries: their parameters, and what values look like."""

from docs.markdown import code, table
from espace.wire.ebxml import query_forms
from espace.wire.ebxml.query_forms import ASIDE, Form
from espace.wire.ebxml.query_table import QUERIES, Parameter, Shape
from espace.wire.ebxml.schemes import StoredQuery


def _name(kind: StoredQuery) -> str:
    """FIND_DOCUMENTS_BY_REFERENCE → FindDocumentsByReferenceId, as the standard calls it."""
    words = "".join(word.capitalize() for word in kind.name.split("_"))
    return f"{words}Id" if kind is StoredQuery.FIND_DOCUMENTS_BY_REFERENCE else words


def queries() -> str:
    rows = ((f"{_name(kind)}<br>{code(kind)}", _needed(shape), _optional(shape)) for kind, shape in QUERIES.items())
    return table(("query", "needs", "may have"), rows)


def _needed(shape: Shape) -> str:
    said = [_said(name, one) for name, one in shape.parameters.items() if one.required]
    chosen = " or ".join(_said(name, shape.parameters[name]) for name in shape.one_of)
    return "<br>".join([*said, *([chosen] if chosen else [])])


def _optional(shape: Shape) -> str:
    return "<br>".join(
        _said(name, one)
        for name, one in shape.parameters.items()
        if not one.required and name not in shape.one_of and one.form is not ASIDE
    )


def _said(name: str, one: Parameter) -> str:
    """With + where it takes a list, ++ where it may be said again too."""
    return code(name) + ("++" if one.repeats else "+" if one.many else "")


def values() -> str:
    forms = [one for one in vars(query_forms).values() if isinstance(one, Form) and one is not ASIDE]
    used = [
        sorted({name for shape in QUERIES.values() for name, one in shape.parameters.items() if one.form is form})
        for form in forms
    ]
    rows = ((form.expected, "<br>".join(map(code, names))) for form, names in zip(forms, used, strict=True))
    return table(("value", "of"), rows)
