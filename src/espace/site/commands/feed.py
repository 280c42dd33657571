"""`./espace feed FILE…`: deposit CDA files through the FHIR door, as a member of the cast would."""

import argparse
import http.client
import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

from espace.kernel.words import RefusedProblems
from espace.site.commands.token import LIFETIME, ORGANISATIONS
from espace.site.config import Config
from espace.site.runtime import close_connections, opened
from espace.site.terminal import Failed, say

FHIR = "application/fhir+json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a CDA R2 document")
    parser.add_argument("--as", dest="sender", choices=ORGANISATIONS, default="hospital", help="who deposits")
    parser.add_argument("--replaces", help="uniqueId or DocumentReference/ID of the document that is replaced")
    parser.add_argument(
        "--bundle", action="store_true", help="write the ITI-65 bundle on standard output, send nothing"
    )
    parser.epilog = "Demonstration and test homes only; the server must be running, but for --bundle."


def run(options: argparse.Namespace) -> int:
    with opened(marked=True) as config:
        from espace.site.demo import tokens

        try:
            token = tokens.of_organisation(options.sender, lifetime=LIFETIME)
        finally:
            close_connections()
        source_id = tokens.MEMBERS[options.sender].source_id
        results = [_feed(path, options, config, token, source_id) for path in options.files]
    return 0 if all(results) else 1


def _feed(path: Path, options: argparse.Namespace, config: Config, token: str, source_id: str) -> bool:
    from espace import edge
    from espace.site.feeding import bundle_of

    try:
        bundle = bundle_of(path.read_bytes(), source_id=source_id, at=edge.now(), replaces=options.replaces)
    except OSError as error:
        raise Failed(f"{path} cannot be read: {error.strerror}.") from error
    except RefusedProblems as refused:
        say(f"{path.name}: " + "; ".join(f"{p.reason.code} {p.place}" for p in refused.problems))
        return False
    if options.bundle:
        sys.stdout.write(bundle.decode() + "\n")
        return True
    status, answer = _post(config, token, bundle)
    say(f"{path.name}: {status} {_told(answer)}")
    return status < 300


def _post(config: Config, token: str, bundle: bytes) -> tuple[int, bytes]:
    address = urlsplit(config.public_url)
    connection_type = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = connection_type(address.hostname or "localhost", address.port, timeout=60)
    try:
        connection.request(
            "POST", "/fhir", bundle, {"Authorization": f"Bearer {token}", "Content-Type": FHIR, "Accept": FHIR}
        )
        answer = connection.getresponse()
        return answer.status, answer.read()
    except OSError as error:
        raise Failed(f"no server answers at {config.public_url}: start it with ./espace demo.") from error
    finally:
        connection.close()


def _told(answer: bytes) -> str:
    """The places of what was filed, or the reasons of what was not."""
    resource = json.loads(answer)
    if resource.get("resourceType") == "OperationOutcome":
        return " | ".join(issue.get("diagnostics") or issue["details"]["text"] for issue in resource["issue"])
    return " ".join(entry["response"].get("location", "") for entry in resource.get("entry", ()))
