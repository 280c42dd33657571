"""A real S3 server that a campaign kills too: SeaweedFS from its wheel, one process, its data in a folder of its own.

What it acknowledged is in its files, that a kill does not take away.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from espace.site.processes import start_child, stop_child
from espace.site.terminal import Failed

BUCKET, PREFIX, REGION = "espace-crash", "contents", "us-east-1"
PARTS = ("master", "volume", "filer", "s3")
ANSWER = timedelta(seconds=5)
READY_SECONDS = 90


@dataclass
class Seaweed:
    """The server; it runs from `begin` to `kill`."""

    folder: Path
    ports: Mapping[str, int]
    access: str
    secret: str
    child: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def settings(self) -> dict[str, str]:
        """What an installation is told, for its contents to be here."""
        return {
            "ESPACE_CONTENT_URL": f"s3://{BUCKET}/{PREFIX}?endpoint=http://127.0.0.1:{self.ports['s3']}",
            "ESPACE_CONTENT_ACCESS_KEY": self.access,
            "ESPACE_CONTENT_SECRET_KEY": self.secret,
        }

    def begin(self) -> None:
        with (self.folder / "server.log").open("ab") as output:
            self.child = start_child(self._command(), output=output, death_signal=signal.SIGKILL)

    def alive(self) -> bool:
        return self.child is not None and self.child.poll() is None

    def answers(self) -> bool:
        """Whether it takes an object: a volume to write to is the last thing that it gets."""
        try:
            obstore.put(self._client(), "probe", b"?", use_multipart=False)
        except (BaseError, OSError):
            return False
        return True

    def wait(self) -> None:
        """Until it answers. Raises Failed when it never does."""
        limit = time.monotonic() + READY_SECONDS
        while not self.answers():
            if not self.alive() or time.monotonic() > limit:
                raise Failed(f"The S3 server did not start: {(self.folder / 'server.log').read_text()[-500:]}")
            time.sleep(0.05)

    def read(self, name: UUID) -> bytes:
        """One content; OSError where there is none."""
        return bytes(obstore.get(self._client(), f"{PREFIX}/{name.hex}").bytes())

    def kill(self) -> bool:
        """SIGKILL; whether it ran."""
        if not (ran := self.alive()) or self.child is None:
            return ran
        stop_child(self.child, by=signal.SIGKILL)
        for part in PARTS:  # it puts these there, wherever its data are
            Path(f"/tmp/seaweedfs-{part}-grpc-{self.ports[f'{part}.grpc']}.sock").unlink(missing_ok=True)  # noqa: S108
        return ran

    def _client(self) -> S3Store:
        return S3Store(
            BUCKET,
            endpoint=f"http://127.0.0.1:{self.ports['s3']}",
            region=REGION,
            access_key_id=self.access,
            secret_access_key=self.secret,
            virtual_hosted_style_request=False,
            client_options={"allow_http": True, "timeout": ANSWER},
            retry_config={"max_retries": 0, "retry_timeout": ANSWER},
        )

    def _command(self) -> list[str | Path]:
        ports = [word for part in PARTS for word in self._ports_of(part)]
        return [
            program(), "-logtostderr", "server", f"-dir={self.folder}/data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
            "-filer", "-s3", *ports, f"-s3.config={self.folder}/s3.json", "-s3.port.iceberg=0", "-s3.port.lance=0",
            "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=16",
            f"-filer.localSocket={self.folder}/filer.sock", f"-s3.localSocket={self.folder}/s3.sock",
            "-master.electionTimeout=1s", "-master.heartbeatInterval=100ms",
        ]  # fmt: skip

    def _ports_of(self, part: str) -> tuple[str, str]:
        return f"-{part}.port={self.ports[part]}", f"-{part}.port.grpc={self.ports[f'{part}.grpc']}"


def program() -> Path:
    """The server's program, that comes with the tools of development. Raises Failed where it is absent."""
    found = Path(sys.executable).with_name("weed")
    if not os.access(found, os.X_OK):
        raise Failed("The S3 server (SeaweedFS) is not installed: ./espace check installs it with the other tools.")
    return found


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """A server that runs, with its own words of access; nothing of it is left after the block."""
    program()
    folder = Path(tempfile.mkdtemp(prefix="espace-s3-"))
    (folder / "data").mkdir()
    access, secret = secrets.token_hex(8), secrets.token_hex(16)
    credentials = [{"accessKey": access, "secretKey": secret}]
    identity = {"name": "espace", "credentials": credentials, "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="ascii")
    server = Seaweed(folder, _free_ports(*PARTS, *(f"{part}.grpc" for part in PARTS)), access, secret)
    try:
        server.begin()
        server.wait()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports(*names: str) -> dict[str, int]:
    with ExitStack() as held:
        sockets = {name: held.enter_context(socket.socket()) for name in names}
        for one in sockets.values():
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in sockets.items()}
