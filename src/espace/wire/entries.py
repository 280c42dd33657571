"""CDA header → XDS DocumentEntry, once for every door.

Sources: CI-SIS « volet structuration minimale » (type = code; practice setting = standardIndustryClassCode of the
performer; facility = healthCareFacility/code; start = low of the main act), after IHE PCC « Medical Document Binding
to XDS » and MHD 4.2, 1:33.6, « CDA to DocumentEntry ». `cda.header` reads the elements; the class follows from the
type (X04), the format from the templates (A11) or from the file embedded (IHE XDS-SD).
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from espace.kernel.values import replace
from espace.wire import nomenclature
from espace.wire.cda import CdaDocument
from espace.wire.xds import Coded, Data, DocumentEntry

_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def entry_of(
    header: CdaDocument,
    content: Data,
    *,
    stated: Mapping[str, Any] = _NOTHING,
    usual: Mapping[str, Any] = _NOTHING,
) -> DocumentEntry:
    """The entry of a CDA whose bytes are `content`.

    Both mappings have names of DocumentEntry as keys. `stated` is what the caller says over the header, empty values
    too; `usual` is what holds where neither says anything. Then class and format follow from the tables, hash and size
    from the content. What nothing gives stays empty, a class of an unknown type among it. An `id` that is a UUID
    becomes `urn:uuid:` in lower case, the form of FHIR; any other is kept as the header has it.
    """
    known = replace(header.entry, unique_id=_unique_id(header.entry.unique_id))
    entry = replace(known, **stated)
    entry = replace(entry, **{name: value for name, value in usual.items() if not getattr(entry, name)})
    deduced = replace(entry, class_=entry.class_ or _class(entry.type), format=entry.format or _format(header))
    return described(deduced, content)


def described(entry: DocumentEntry, content: Data) -> DocumentEntry:
    """Hash (SHA-1, base64) and size are those of the content where they are not stated; where they are, the record
    compares."""
    digest = base64.b64encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()
    return replace(entry, hash=entry.hash or digest, size=len(content) if entry.size is None else entry.size)


def _unique_id(root: str) -> str:
    lower = root.lower()
    return f"urn:uuid:{lower}" if _UUID.fullmatch(lower) else root


def _class(kind: Coded | None) -> Coded | None:
    return nomenclature.CLASSES.get(nomenclature.class_of(kind.code) or "") if kind else None


def _format(header: CdaDocument) -> Coded:
    """The format that the templates or the embedded file give, else that of a document without a published model."""
    embedded = header.media[0].media_type if header.body_level == 1 and header.media else None
    found = nomenclature.FORMATS[nomenclature.format_of(header.templates, embedded) or nomenclature.NO_PROFILE]
    return Coded(found.code, found.system, found.label_fr)
