"""Archives of IHE XDM, written out by hand or by Python's own writer, to be spoiled one piece at a time."""

import io
import zipfile
from collections.abc import Mapping

import soaping

DOCUMENT = "DOC0001.TXT"
HEAD = (
    '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
    'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">\n<rim:RegistryObjectList>\n'
)
END = "\n</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"


def metadata(*objects: str) -> bytes:
    """METADATA.XML, an object a line."""
    return (HEAD + "\n".join(objects) + END).encode()


def uri(name: str = DOCUMENT) -> str:
    return soaping.slot("URI", name)


def subset(content: bytes = soaping.CONTENT, name: str = DOCUMENT, **said: object) -> dict[str, bytes]:
    """The files of one set with one document; `said` as `soaping.document` has it, `set_uid` for the set."""
    set_uid = str(said.pop("set_uid", soaping.SET_UID))
    cx = str(said.get("cx", soaping.CX))
    stated = {"content": content, "more": uri(name), **said}
    described = soaping.document(**stated)  # type: ignore[arg-type]  # as the caller has them
    return {
        "METADATA.XML": metadata(described, soaping.submission_set(uid=set_uid, cx=cx), soaping.member()),
        name: content,
    }


def files(*subsets: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of IHE_XDM, by their names in an archive."""
    return {
        f"IHE_XDM/SUBSET{number:02}/{name}": data
        for number, one in enumerate(subsets, start=1)
        for name, data in one.items()
    }


def zipped(held: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, data in held.items():
            made.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 9, 30, 0)), data, made.compression)
    return out.getvalue()


def archive(*subsets: Mapping[str, bytes]) -> bytes:
    """A whole archive, with what is there for people."""
    return zipped({"INDEX.HTM": b"<html/>", "README.TXT": b"...", **files(*subsets)})
