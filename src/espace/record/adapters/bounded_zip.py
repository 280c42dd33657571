"""The bounded process that opens archives: run by `archives` as a script, on its own, never imported.

It reads one line of JSON and an archive on its standard input, bounds itself, and answers on its standard output: one
line of JSON with the names and sizes of the files that were asked for, then their bytes; or with what is wrong.
"""

import json
import sys
from pathlib import Path

MEMORY = 512 * 1024 * 1024
"""Beside what the archive and its files take themselves."""
CPU_SECONDS = 15


def main() -> None:
    sys.path.append(str(Path(__file__).parents[3]))  # run as a script, it is told of no package
    from espace.edge.bounds import bound
    from espace.wire import unzip

    asked = json.loads(sys.stdin.buffer.readline())
    folder, most = asked["folder"].casefold(), asked["most"]
    data = sys.stdin.buffer.read(asked["size"])
    bound(memory=MEMORY + 2 * most + len(data), cpu_seconds=CPU_SECONDS)
    try:
        found = list(unzip.members(data, most=most, wanted=lambda name: name.casefold().startswith(folder)))
    except unzip.Unreadable as wrong:
        sys.stdout.write(json.dumps({"fault": wrong.fault, "detail": wrong.detail}))
        return
    except MemoryError:
        sys.stdout.write(json.dumps({"fault": "outsized", "detail": "memory"}))
        return
    sys.stdout.write(json.dumps({"files": [[name, len(one)] for name, one in found]}) + "\n")
    sys.stdout.flush()
    for _, one in found:
        sys.stdout.buffer.write(one)


if __name__ == "__main__":
    main()
