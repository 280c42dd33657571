"""Requests of ITI-57 written out by hand."""

import re
from uuid import UUID

import soaping

ACTION = "urn:ihe:iti:2010:UpdateDocumentSet"
MOVES = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
SUBMITS = "urn:ihe:iti:2010:AssociationType:SubmitAssociation"
APND, XFRM = ("urn:ihe:iti:2007:AssociationType:APND", "urn:ihe:iti:2007:AssociationType:XFRM")
STATUS = {
    "Approved": "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved",
    "Deprecated": "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
    "Archived": "urn:asip:ci-sis:2010:StatusType:Archived",
    "Deleted": "urn:asip:ci-sis:2010:StatusType:Deleted",
}


def request(*objects: str, cx: str = soaping.CX) -> str:
    """The body of a request, its SubmissionSet first."""
    return (
        f'<lcm:SubmitObjectsRequest {soaping.NAMESPACES.partition(" ")[2]}><rim:RegistryObjectList>'
        f"{soaping.submission_set(cx=cx)}{''.join(objects)}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
    )


def move(document: UUID | str, before: str, after: str) -> str:
    """An association that asks for another status."""
    slots = soaping.slot("OriginalStatus", STATUS.get(before, before)) + soaping.slot(
        "NewStatus", STATUS.get(after, after)
    )
    return soaping.association(MOVES, "SubmissionSet01", f"urn:uuid:{document}", slots)


def member(version: int | str = 1, more: str = "") -> str:
    """The HasMember that brings an entry stated anew."""
    slots = soaping.slot("SubmissionSetStatus", "Original") + soaping.slot("PreviousVersion", str(version)) + more
    return soaping.association(soaping.HAS_MEMBER, "SubmissionSet01", "Document01", slots)


def entry(document: UUID | str, stated: str) -> str:
    """The ExtrinsicObject of a deposit as a new version of the metadata of `document`."""
    return stated.replace(" mimeType=", f' lid="urn:uuid:{document}" mimeType=', 1)


def submits(kind: str, source: UUID, target: UUID, name: str = "Link01") -> str:
    """An association that is to be, and the one that asks for it."""
    link = soaping.association(kind, f"urn:uuid:{source}", f"urn:uuid:{target}")
    link = re.sub(r' id="[^"]*"', f' id="{name}"', link, count=1)
    return link + soaping.association(SUBMITS, "SubmissionSet01", name)


def folder(uid: str, title: str = "Grossesse", *, lid: UUID | str = "", cx: str = soaping.CX, code: str = "GRO") -> str:
    """A RegistryPackage of a folder, stated anew where it has a logical id."""
    made = soaping.folder(uid=uid, cx=cx, title=title, code=code)
    return made.replace(' id="Folder01"', f' id="Folder01" lid="urn:uuid:{lid}"', 1) if lid else made


def refiled(uid: str, title: str, lid: UUID | str, version: int = 1, *, cx: str = soaping.CX, code: str = "GRO") -> str:
    """A folder stated anew, with the HasMember that brings it."""
    brings = member(version).replace("Document01", "Folder01")
    return folder(uid, title, lid=lid, cx=cx, code=code) + brings


def restated(document: UUID | str, stated: str, version: int | str = 1) -> str:
    return entry(document, stated) + member(version)


def labelled(stated: str, *labels: str) -> str:
    """An entry with these confidentiality codes and no others."""
    scheme = soaping.SCHEMES["confidentiality"]
    bare = re.sub(
        rf'<rim:Classification classificationScheme="{scheme}".*?</rim:Classification>', "", stated, flags=re.DOTALL
    )
    codes = "".join(soaping.code("confidentiality", "Document01", one, "2.16.840.1.113883.5.25") for one in labels)
    return bare.replace("</rim:ExtrinsicObject>", f"{codes}</rim:ExtrinsicObject>")
