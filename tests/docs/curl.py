"""The few words of curl that the pages use, for machines without curl: same options, same files."""

import argparse
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path


def arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="curl", allow_abbrev=False)
    parser.add_argument("-s", "-S", action="store_true")
    parser.add_argument("-X", dest="method")
    parser.add_argument("-G", dest="in_address", action="store_true")
    parser.add_argument("-o", dest="output", type=Path)
    parser.add_argument("-w", dest="summary", default="")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("--data-binary", dest="data")
    parser.add_argument("--data-urlencode", dest="encoded", action="append", default=[])
    parser.add_argument("url")
    return parser.parse_args(words)


def request(said: argparse.Namespace) -> urllib.request.Request:
    """`@file` is the bytes of a file; `name=value` is percent-encoded; -G puts it in the address, else in the body."""
    pairs = [one.partition("=") for one in said.encoded]
    query = "&".join(f"{name}={urllib.parse.quote(value, safe='')}" for name, _, value in pairs)
    url = f"{said.url}?{query}" if said.in_address and query else said.url
    form = query.encode() if query and not said.in_address else None
    data = Path(said.data[1:]).read_bytes() if said.data else form
    headers = dict(header.split(": ", 1) for header in said.headers)
    return urllib.request.Request(url, data, headers, method=said.method)


def main(words: list[str]) -> None:
    said = arguments(words)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request(said), timeout=30) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            status, body = refused.code, refused.read()
    if said.output:
        said.output.write_bytes(body)
    else:
        sys.stdout.buffer.write(body)
    sys.stdout.write(said.summary.replace("%{http_code}", str(status)).replace("\\n", "\n"))


if __name__ == "__main__":
    main(sys.argv[1:])
