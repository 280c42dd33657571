"""The search language of R4 (search.html), as ITI-66 and ITI-67 use it: name-value pairs ⇄ typed values.

What is compared with these values, and how it is found, is the record's business (`record.rules.searching`).
"""

from espace.wire.fhir.searching.dates import compares
from espace.wire.fhir.searching.parameters import DOCUMENTS, LISTS, PATIENTS, Parameter, Table
from espace.wire.fhir.searching.query import Query, Sorting, Summary, read
from espace.wire.fhir.searching.reading import Criterion, Language, fold, place_of, problem
from espace.wire.fhir.searching.values import (
    How,
    Numbered,
    Pattern,
    Prefix,
    Span,
    Target,
    Text,
    Token,
    Value,
    When,
)

__all__ = [
    "DOCUMENTS",
    "LISTS",
    "PATIENTS",
    "Criterion",
    "How",
    "Language",
    "Numbered",
    "Parameter",
    "Pattern",
    "Prefix",
    "Query",
    "Sorting",
    "Span",
    "Summary",
    "Table",
    "Target",
    "Text",
    "Token",
    "Value",
    "When",
    "compares",
    "fold",
    "place_of",
    "problem",
    "read",
]
