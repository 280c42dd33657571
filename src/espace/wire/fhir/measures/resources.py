"""The resources that an application sends, as R4 has them: what is kept, and what is accepted and not kept (`ignored`).

An element that would change what the measure means is in neither list: it is refused.
"""

from espace.wire.fhir.resources import (
    Annotation,
    CodeableConcept,
    DeviceName,
    Element,
    Extension,
    Identifier,
    Reference,
    Resource,
)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Said(Extension, frozen=True, kw_only=True):
    """An extension with the values that those of measures have."""

    value_integer: int | None = None
    value_positive_int: int | None = None


class Quantity(Element, frozen=True, kw_only=True):
    value: float | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Component(Element, frozen=True, kw_only=True):
    ignored = _names("interpretation referenceRange")

    code: CodeableConcept | None = None
    value_quantity: Quantity | None = None


class Observation(Resource, frozen=True, kw_only=True, tag="Observation"):
    ignored = _names(
        "language text basedOn partOf encounter issued performer interpretation bodySite method referenceRange"
        " derivedFrom hasMember"
    )

    extension: tuple[Said, ...] = ()
    identifier: tuple[Identifier, ...] = ()
    status: str | None = None
    category: tuple[CodeableConcept, ...] = ()
    code: CodeableConcept | None = None
    subject: Reference | None = None
    effective_date_time: str | None = None
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    component: tuple[Component, ...] = ()
    device: Reference | None = None
    note: tuple[Annotation, ...] = ()


class PhdDevice(Resource, frozen=True, kw_only=True, tag="Device"):
    ignored = _names(
        "language text definition udiCarrier status statusReason distinctIdentifier manufactureDate expirationDate"
        " lotNumber partNumber type specialization version property patient owner contact location url note safety"
        " parent"
    )

    identifier: tuple[Identifier, ...] = ()
    manufacturer: str | None = None
    model_number: str | None = None
    serial_number: str | None = None
    device_name: tuple[DeviceName, ...] = ()
