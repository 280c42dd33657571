"""AdhocQueryResponse: what a stored query is answered (ITI TF-2, 3.18.4.1.3), values → bytes."""

from collections.abc import Iterable, Sequence

from espace.wire.ebxml.responses import FAILURE, SUCCESS, RegistryError, error_list
from espace.wire.ebxml.schemes import QUERY, RS
from espace.wire.ebxml.writing import object_list


def found(objects: Iterable[str]) -> bytes:
    """What was found, in order: objects or references to them."""
    return _response(SUCCESS, "", objects)


def failed(errors: Sequence[RegistryError]) -> bytes:
    return _response(FAILURE, error_list(errors), ())


def _response(status: str, errors: str, objects: Iterable[str]) -> bytes:
    """The list of objects is there even when nothing may be in it (query.xsd)."""
    return (
        f'<q:AdhocQueryResponse xmlns:q="{QUERY}" xmlns:rs="{RS}" status="{status}">{errors}{object_list(objects)}'
        "</q:AdhocQueryResponse>"
    ).encode()
