"""The doors of this worker, served over TLS in this process to the conformance kit, and everything that it asks for."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from django.db import connections

from cast import consents, holder, professional
from door import feeder_token, professional_token
from espace import edge
from espace.exchange.hl7v2 import mllp as door
from espace.site import certifying
from espace.site.conform.equipment import Card, Equipment, Party, Patient
from espace.site.mllp import Answering, Server, tls
from exchange.publishing import FEED
from soap_door import hospital, struct_id


class _Quiet(WSGIRequestHandler):
    """What a front passes on: the certificate of the connection, beside the request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged."""

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        if isinstance(self.connection, ssl.SSLSocket) and (shown := self.connection.getpeercert(binary_form=True)):
            environ["espace.client_certificate"] = shown
        return environ


@contextmanager
def mllp(authority: certifying.Authority) -> Iterator[str]:
    """The address of our MLLP door, over TLS."""
    folder = authority.folder
    [pem] = certifying.server(authority, "localhost", at=edge.now())
    doing = Answering(door.answer, door.misframed, door.turned_away, connections.close_all)
    context = tls(pem, pem.with_suffix(".key"), folder / "authority.pem")
    server = Server("127.0.0.1", 0, context, doing, most=1_000_000, at_once=2)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"localhost:{server.port}"
    finally:
        server.close()
        thread.join()


@contextmanager
def served(application: Any, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address of an application, answered one request after the other in a thread."""
    server = WSGIServer(("127.0.0.1", 0), _Quiet)
    server.set_app(application)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)

    def serve() -> None:
        server.serve_forever(0.01)
        connections.close_all()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"{'https' if context else 'http'}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def context_of(authority: certifying.Authority) -> ssl.SSLContext:
    """TLS that asks for the certificates of this authority, and takes connections without one."""
    [pem] = certifying.server(authority, "localhost", at=edge.now())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, pem.with_suffix(".key"))
    context.load_verify_locations(authority.folder / "authority.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    return context


def card(pem: Path) -> Card:
    return Card(pem, pem.with_suffix(".key"))


def equipped(target: str, authority: certifying.Authority, audience: str) -> Equipment:
    """A patient, a hospital that feeds, a doctor to whom the patient consented: fresh, known here."""
    who = holder(birth_name="CONFORMITE", given_names=("ALICE", "MARIE"), born=date(1985, 5, 14))
    place = hospital()
    doctor = professional(at=place)
    consents(who, doctor, at=edge.now())
    number, at = struct_id(place), edge.now()
    connection, signature = certifying.structure(authority, number, at=at)
    [own] = certifying.person(authority, doctor.national_id, at=at)
    traits = who.traits
    return Equipment(
        target,
        Patient(
            who.ins.number, who.ins.authority, traits.birth_name, traits.given_names, traits.birth_date, traits.sex,
            traits.birth_place,
        ),
        Party(feeder_token(place, scope=FEED), number, number, connection=card(connection), signature=card(signature)),
        Party(
            professional_token(doctor), doctor.national_id, number, connection=card(own), signature=card(own)
        ),
        "1.2.250.1.999.1.1",
        audience,
        authority.folder / "authority.pem",
    )  # fmt: skip
