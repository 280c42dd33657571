"""Manifests of imaging examinations (DICOM key object selections) written out element by element, to be spoiled."""

from collections.abc import Mapping
from typing import Any

KOS = "1.2.840.10008.5.1.4.1.1.88.59"
EXPLICIT, IMPLICIT, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.1.99"
SOP = "1.2.276.0.7230010.3.1.4.17"
STUDY = "2.16.840.1.113669.632.20.1211.10000231621"
INS, AUTHORITY = "279035121518989", "1.2.250.1.213.1.4.10"
UNDEFINED = 0xFFFF_FFFF
Elements = Mapping[tuple[int, int, str], Any]
_LONG = frozenset({"OB", "OW", "SQ", "UN", "UT"})


def issuer(oid: str) -> list[Elements]:
    return [{(0x0040, 0x0032, "UT"): oid, (0x0040, 0x0033, "CS"): "ISO"}]


def content(number: str = INS, authority: str = AUTHORITY, sop: str = SOP, **changed: Any) -> dict[Any, Any]:
    """The elements of a manifest; `changed` by keyword, as `x00100030=("DA", "19790305")`; None leaves one out."""
    found: dict[Any, Any] = {
        (0x0008, 0x0005, "CS"): "ISO_IR 100",
        (0x0008, 0x0016, "UI"): KOS,
        (0x0008, 0x0018, "UI"): sop,
        (0x0008, 0x0050, "SH"): "",
        (0x0008, 0x0060, "CS"): "KO",
        (0x0010, 0x0010, "PN"): "PAT-UN^DOMINIQUE",
        (0x0010, 0x0020, "LO"): number,
        (0x0010, 0x0021, "LO"): "ASIP-SANTE-INS-NIR",
        (0x0010, 0x0024, "SQ"): issuer(authority),
        (0x0010, 0x0030, "DA"): "",
        (0x0010, 0x0040, "CS"): "",
        (0x0020, 0x000D, "UI"): STUDY,
        (0x0040, 0xA370, "SQ"): [{(0x0008, 0x0050, "SH"): "ACC-5", (0x0040, 0x2016, "LO"): "ORDER-9"}],
        (0x0040, 0xA375, "SQ"): [
            {
                (0x0008, 0x1115, "SQ"): [{(0x0008, 0x1190, "UT"): "https://images.example.org/wado/studies"}],
                (0x0020, 0x000D, "UI"): STUDY,
            }
        ],
    }
    for name, said in changed.items():
        tag = int(name[1:5], 16), int(name[5:9], 16)
        found = {key: value for key, value in found.items() if key[:2] != tag}
        if said is not None:
            found[(*tag, said[0])] = said[1]
    return dict(sorted(found.items()))


def written(elements: Elements, *, explicit: bool = True, open_: bool = False) -> bytes:
    """A data set; with `open_`, sequences and items have delimiters in place of lengths."""
    return b"".join(_element(*key, value, explicit, open_) for key, value in elements.items())


def _element(group: int, number: int, kind: str, value: Any, explicit: bool, open_: bool) -> bytes:
    tag = group.to_bytes(2, "little") + number.to_bytes(2, "little")
    data, length = _value(kind, value, explicit, open_)
    if not explicit:
        return tag + length.to_bytes(4, "little") + data
    if kind in _LONG:
        return tag + kind.encode() + b"\0\0" + length.to_bytes(4, "little") + data
    return tag + kind.encode() + length.to_bytes(2, "little") + data


def _value(kind: str, value: Any, explicit: bool, open_: bool) -> tuple[bytes, int]:
    if kind != "SQ":
        data = value if isinstance(value, bytes) else value.encode("latin-1")
        data += (b"\0" if kind in ("UI", "OB", "UN") else b" ") * (len(data) % 2)
        return data, len(data)
    items = [written(one, explicit=explicit, open_=open_) for one in value]
    if open_:
        ended = [b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + one + b"\xfe\xff\x0d\xe0\0\0\0\0" for one in items]
        return b"".join(ended) + b"\xfe\xff\xdd\xe0\0\0\0\0", UNDEFINED
    data = b"".join(b"\xfe\xff\x00\xe0" + len(one).to_bytes(4, "little") + one for one in items)
    return data, len(data)


def file_of(
    data: bytes, *, syntax: str = EXPLICIT, sop: str = SOP, kind: str = KOS, preamble: bytes = bytes(128)
) -> bytes:
    """A DICOM file around a data set."""
    meta = written(
        {
            (2, 1, "OB"): b"\0\1",
            (2, 2, "UI"): kind,
            (2, 3, "UI"): sop,
            (2, 0x10, "UI"): syntax,
            (2, 0x12, "UI"): "1.2.250.1.999.1",
        }
    )
    return preamble + b"DICM" + written({(2, 0, "UL"): len(meta).to_bytes(4, "little")}) + meta + data


def manifest(*, explicit: bool = True, open_: bool = False, **said: Any) -> bytes:
    """A whole file; `said` as `content` has it."""
    data = written(content(**said), explicit=explicit, open_=open_)
    return file_of(data, syntax=EXPLICIT if explicit else IMPLICIT, sop=said.get("sop", SOP))
