"""What the record is searched by, and the pages that a search is answered with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

from espace.wire.fhir.searching import Value


class Attribute(StrEnum):
    """What a document or a set may be searched by: what its sender stated, and what the platform knows of it."""

    ID = "id"
    UNIQUE_ID = "unique_id"
    STATUS = "status"
    TYPE = "type"
    CLASS = "class"
    FORMAT = "format"
    PRACTICE_SETTING = "practice_setting"
    FACILITY_TYPE = "facility_type"
    EVENT = "event"
    CONFIDENTIALITY = "confidentiality"
    MIME_TYPE = "mime_type"
    AUTHOR_GIVEN = "author_given"
    AUTHOR_FAMILY = "author_family"
    AUTHOR_ID = "author_id"
    AUTHOR_PERSON = "author_person"
    CREATED = "created"
    CREATED_OR_DEPOSITED = "created_or_deposited"
    CHANGED = "changed"
    SERVICE = "service"
    SERVICE_START = "service_start"
    SERVICE_STOP = "service_stop"
    REFERENCE_ID = "reference_id"
    REPLACES = "replaces"
    RELATION = "relation"
    SET_KIND = "set_kind"
    CONTENT_TYPE = "content_type"
    SOURCE_ID = "source_id"
    SUBMITTED = "submitted"
    TITLE = "title"
    LIST_CODE = "list_code"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One attribute is any of `values` (none of them with `negated`); `missing`: it is, or is not, there at all."""

    attribute: Attribute
    values: tuple[Value, ...] = ()
    negated: bool = False
    missing: bool | None = None


Criteria = tuple[Criterion, ...]
"""All of them hold."""


@dataclass(frozen=True, slots=True)
class Order:
    """By one attribute, upwards or down; what has it not comes last."""

    attribute: Attribute
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What a search asks for, in what order (newest deposit first unless said), and which page of it: `after` the id
    that ended the page before, at most `count`; None means from the beginning, to the end."""

    criteria: Criteria = ()
    order: tuple[Order, ...] = ()
    after: UUID | None = None
    count: int | None = None


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a search: `total` counts every page, `more` says that another one follows."""

    found: tuple[T, ...]
    total: int
    more: bool
