"""A file and what is said of it, made ready to send; or why it may not go."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from espace_feed import cda, header, sidecar
from espace_feed.facts import Description, Held, Identity, Prepared, Unfit, Why

MAX_BYTES = 50 * 1024 * 1024
_PDF, _MARK = b"%PDF-", b"\xef\xbb\xbf"
_TAIL = 2048
"""Where readers look for the end of a PDF: one without it was cut while it was copied."""
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]*)){1,62}")
_GENDERS = {"F": "female", "M": "male"}


def is_pdf(path: Path) -> bool:
    """Whether the first bytes of this file are those of a PDF. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(_PDF)) == _PDF


def key_wrong(ins: str) -> bool:
    """Whether the key of these 15 characters is not 97 − (the 13 first modulo 97); 2A and 2B count as 19 and 18."""
    number = ins[:13].replace("2A", "19", 1) if ins[5:7] == "2A" else ins[:13].replace("2B", "18", 1)
    return not number.isdigit() or 97 - int(number) % 97 != int(ins[13:])


def _held(code: str, sentence: str, fix: str, place: str = "") -> Held:
    return Held(Why(code, sentence, place, fix))


def _check_identity(who: Identity) -> None:
    """Raises Held unless somebody says that this identity is qualified, and its INS has the right key."""
    if (not who.ins or not who.oid) and who.qualified is not False:
        fix = "Donnez le matricule INS et l’OID de son autorité, une fois l’identité qualifiée."
        raise _held("ins_absent", "Le patient n’est pas identifié par un INS.", fix, "identity.ins, identity.oid")
    if not who.qualified:
        fix = "Qualifiez l’identité (INSi et pièce d’identité), dites-le dans la fiche, puis libérez le document."
        raise _held("ins_non_qualifie", "L’identité du patient n’est pas qualifiée.", fix, "identity.qualified")
    if key_wrong(who.ins):
        fix = "Relisez le matricule : la clé vaut 97 − (les 13 premiers caractères modulo 97)."
        raise _held("ins_cle", "La clé du matricule INS est fausse.", fix, "identity.ins")


def prepared(data: bytes, beside: bytes | None, usual: Description, made_at: datetime) -> Prepared:
    """What will be sent for these bytes and the sidecar `beside` them. Raises Held (a person must look) and Unfit
    (never, as it is). `usual` holds for a PDF where its sidecar says nothing."""
    if not data:
        raise Unfit(Why("vide", "Le fichier est vide.", "", "Faites-le produire à nouveau."))
    if len(data) > MAX_BYTES:
        raise Unfit(Why("trop_grand", f"Le fichier dépasse {MAX_BYTES} octets.", "", "Réduisez-le ou partagez-le."))
    if data.startswith(_PDF):
        return _pdf(data, usual if beside is None else sidecar.read(beside, usual), made_at)
    if data.removeprefix(_MARK).lstrip().startswith(b"<"):
        return _cda(data, Description() if beside is None else sidecar.read(beside, Description()))
    sentence = "Ce fichier n’est ni un PDF ni un document CDA."
    raise Unfit(Why("type_inconnu", sentence, "", "Déposez un PDF avec sa fiche, ou un CDA R2 en XML."))


def _pdf(data: bytes, said: Description, made_at: datetime) -> Prepared:
    if b"%%EOF" not in data[-_TAIL:]:
        raise Unfit(Why("pdf_tronque", "Ce PDF n’a pas de fin : il est tronqué.", "", "Faites-le produire à nouveau."))
    _check_identity(said.identity)
    own, content = cda.wrapped(said, data, made_at)
    unique_id = f"urn:oid:{own}"
    return Prepared(_key(said, data), unique_id, "text/xml", _stated(said, unique_id), content, said.replaces)


def _cda(data: bytes, said: Description) -> Prepared:
    """A CDA is sent as it is. One that names its patient by an INS states a qualified identity, as the national
    framework has it; its sidecar may hold it back (`qualified` false), name the patient, or what it replaces."""
    found = header.read(data)
    if replace(said, identity=Identity(), replaces="") != Description():
        fix = "Retirez ces noms : la fiche d’un CDA ne dit que identity et replaces."
        raise _held("fiche_superflue", "La fiche contredirait l’en-tête du document, qui part tel quel.", fix)
    if said.identity.ins or not found.ins or said.identity.qualified is False:
        _check_identity(said.identity)
    unique_id = _unique_id(found)
    return Prepared(_key(said, data), unique_id, found.mime_type, _stated(said, unique_id), data, said.replaces)


def _key(said: Description, data: bytes) -> str:
    return sidecar.fingerprint(said, data).hex()


def _unique_id(found: header.Header) -> str:
    """The id of the CDA as FHIR names it; one with an extension becomes a UUID that follows from it (RFC 9562, v5)."""
    if not found.extension:
        if _OID.fullmatch(found.root):
            return f"urn:oid:{found.root}"
        try:
            return f"urn:uuid:{UUID(found.root)}"
        except ValueError:
            pass
    return f"urn:uuid:{uuid5(NAMESPACE_OID, f'{found.root}^{found.extension}')}"


def _stated(said: Description, unique_id: str) -> str:
    return json.dumps(_resource(said, unique_id), ensure_ascii=False, sort_keys=True)


def _resource(said: Description, unique_id: str) -> dict[str, Any]:
    """The DocumentReference without its content: what the header does not say, or what the sidecar says over it."""
    made: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "status": "current",
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": unique_id},
    }
    if said.identity.ins:
        made["contained"] = [_patient(said.identity)]
        made["subject"] = {"reference": "#patient"}
        made["context"] = {"sourcePatientInfo": {"reference": "#patient"}}
    if said.replaces:
        target = {"identifier": {"system": "urn:ietf:rfc:3986", "value": said.replaces}}
        made["relatesTo"] = [{"code": "replaces", "target": target}]
    return made


def _patient(who: Identity) -> dict[str, Any]:
    name = {"use": "official", "family": who.birth_name, "given": who.given_names.split()}
    traits = {
        "name": [{part: value for part, value in name.items() if value}] if who.birth_name else None,
        "gender": _GENDERS.get(who.sex),
        "birthDate": who.birth_date.isoformat() if who.birth_date else None,
    }
    ins = {"system": f"urn:oid:{who.oid}", "value": who.ins}
    known = {name: value for name, value in traits.items() if value}
    return {"resourceType": "Patient", "id": "patient", "identifier": [ins], **known}
