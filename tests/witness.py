"""An outside witness (C2SP tlog-witness), in its own process: it knows a log's key, what it saw last, and nothing else.

    python witness.py VERIFIER_KEY STATE_FILE

Each line on its standard input is a JSON object, `old`, `proof` and `checkpoint`; each answer is one too: `status` 200
with a `cosignature`, 409 with the `size` it saw last, 403 for a signature that is not the log's, 422 for a proof that
proves nothing. It shares no code with the platform.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

NAME = "temoin.example/w1"
COSIGNATURE = 4
AT = 1_800_000_000


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """RFC 6962, 2.1.2, by recursion on the size: both roots are made again from the proof."""
    if old == new:
        return not proof and old_root == new_root
    rest = list(proof)

    def roots(first: int, size: int, whole: bool) -> tuple[bytes, bytes]:
        if first == size:
            found = old_root if whole else rest.pop(0)
            return found, found
        half = 1 << (size - 1).bit_length() - 1
        if first <= half:
            left, right = roots(first, half, whole), rest.pop(0)
            return left[0], node(left[1], right)
        inner = roots(first - half, size - half, False)
        left_root = rest.pop(0)
        return node(left_root, inner[0]), node(left_root, inner[1])

    try:
        return roots(old, new, True) == (old_root, new_root) and not rest
    except IndexError:
        return False


def signed_by(key: str, note: str) -> str | None:
    """The text that this key signed."""
    name, _, rest = key.partition("+")
    identifier, _, encoded = rest.partition("+")
    text, _, lines = note.partition("\n\n")
    for line in lines.splitlines():
        _, signer, data = line.split(" ")
        signature = base64.b64decode(data)
        if (signer, signature[:4].hex()) == (name, identifier):
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode(encoded)[1:])
            try:
                public.verify(signature[4:], f"{text}\n".encode())
            except InvalidSignature:
                return None
            return f"{text}\n"
    return None


def cosigned(text: str, private: Ed25519PrivateKey) -> str:
    public = bytes((COSIGNATURE,)) + private.public_key().public_bytes_raw()
    identifier = hashlib.sha256(NAME.encode() + b"\n" + public).digest()[:4]
    signature = private.sign(f"cosignature/v1\ntime {AT}\n{text}".encode())
    return f"— {NAME} {base64.b64encode(identifier + AT.to_bytes(8) + signature).decode()}\n"


def answer(key: str, state: Path, private: Ed25519PrivateKey, said: dict[str, Any]) -> dict[str, Any]:
    text = signed_by(key, said["checkpoint"])
    if text is None:
        return {"status": 403}
    _, size, root = text.splitlines()
    seen = json.loads(state.read_text()) if state.exists() else {"size": 0, "root": ""}
    if said["old"] != seen["size"] or int(size) < seen["size"]:
        return {"status": 409, "size": seen["size"]}
    proof = [base64.b64decode(step) for step in said["proof"]]
    if seen["size"] and not consistent(
        seen["size"], base64.b64decode(seen["root"]), int(size), base64.b64decode(root), proof
    ):
        return {"status": 422}
    state.write_text(json.dumps({"size": int(size), "root": root}))  # before it answers
    return {"status": 200, "cosignature": cosigned(text, private)}


def main() -> None:
    key, state, private = sys.argv[1], Path(sys.argv[2]), Ed25519PrivateKey.generate()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(key, state, private, json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
