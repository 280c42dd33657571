"""An archive of documents (IHE XDM; CI-SIS, volet échange de documents de santé) as a feeder makes it."""

import io
import zipfile

from espace.site.conform.making import ebxml
from espace.site.conform.staging import Stage

MEDIA_TYPE = "application/zip"
_FILE = "DOC0001.XML"
_MADE = (2026, 3, 4, 9, 30, 0)


def archive(stage: Stage, name: str = "first", *, spoiled: bool = False) -> bytes:
    """IHE_XDM.ZIP of one set of one document; another document than its METADATA.XML tells of where it is `spoiled`."""
    content = stage.letter(name).content
    held = {
        "INDEX.HTM": b"<!DOCTYPE html><title>IHE_XDM</title>",
        "README.TXT": b"Banc de conformite",
        "IHE_XDM/SUBSET01/METADATA.XML": ebxml.metadata(stage, name, _FILE).encode(),
        f"IHE_XDM/SUBSET01/{_FILE}": content.replace(b"sans valeur", b"avec valeur") if spoiled else content,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for path, data in held.items():
            made.writestr(zipfile.ZipInfo(path, _MADE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
