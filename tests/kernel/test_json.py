"""Values of ours, read back from JSON: by many threads at once too."""

import subprocess
import sys

import msgspec
import pytest

from espace.kernel.json import decode
from espace.kernel.words import Kinds

MANY_AT_ONCE = """
import dataclasses, msgspec, sys, threading
from espace.kernel.json import decode

sys.setswitchinterval(1e-6)
FIELDS, PARTS, TIMES, THREADS = 60, 20, 12, 6
PART = [{f"f{n}": n for n in range(FIELDS)}]
TEXT = msgspec.json.encode({f"f{n}": PART for n in range(PARTS)})


def fresh(number):
    part = dataclasses.make_dataclass(f"Part{number}", [(f"f{n}", "int | None", None) for n in range(FIELDS)])
    part.__module__ = __name__
    return dataclasses.make_dataclass(f"Whole{number}", [(f"f{n}", tuple[part, ...], ()) for n in range(PARTS)])


def read(kind, start):
    start.wait()
    decode(TEXT, kind)


for number in range(TIMES):
    kind, start = fresh(number), threading.Barrier(THREADS)
    threads = [threading.Thread(target=read, args=(kind, start)) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
"""
"""Types that nobody read before, read by threads that start together: with `msgspec.json.decode`, the process dies."""


def test_threads_that_read_a_new_type_together_all_live() -> None:
    done = subprocess.run([sys.executable, "-c", MANY_AT_ONCE], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_value_is_read_as_its_type() -> None:
    assert decode(b'{"listed":["60591-5"],"others":false}', Kinds) == Kinds(frozenset({"60591-5"}))


@pytest.mark.parametrize("text", [b"", b"{", b'{"listed":3}', b'{"others":"yes"}'])
def test_what_is_none_of_that_type_is_refused(text: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text, Kinds)
