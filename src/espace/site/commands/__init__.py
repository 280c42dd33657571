"""The commands: one module each, with `arguments(parser)` and `run(options) -> exit code`."""

COMMANDS: dict[str, str] = {
    "demo": "everything for a first look, in one go: database, people, documents, server",
    "test": "everything for the tests: databases, browser where there is one, the whole suite",
    "serve": "the server alone",
    "worker": "the reactions to what happened: notices, indicators, the sealed log",
    "outbox": "what waits for the worker and what it gave up; retries it",
    "alerts": "what looks like abuse: the queue, one alert, closing it by two people",
    "lookups": "who asked about people who have no space, and how often",
    "fsck": "check that no document lost its bytes and no bytes their document; repairs what is safe",
    "verify": "check a proof file of the access log, as its holder would",
    "migrate": "bring the databases to the present tables and rights",
    "seed": "put the demonstration's people and documents in a demonstration home",
    "backup": "copy the databases, the contents and the keys to two places, while the server serves",
    "restore": "put a back-up back into an empty home, as it was last or at a moment",
    "reset": "delete a demonstration home",
    "check": "the static checks: style, types, architecture",
    "token": "print one hour's bearer token of a member of the cast",
    "client": "register the public key of a software of the cast, for private_key_jwt",
    "enrol": "open spaces from a CSV file",
    "directory": "bring the directory of professionals up to date from a file",
    "mandate": "enter who stands for whom by an authority's word; list and end what is contested",
    "adviser": "name digital advisers, list them, remove one and end their sessions",
    "matrix": "bring the entitlement matrix from a CSV file, or print the one in force",
    "bench": "measure this machine: deposits, searches, readings or first pages, beside what PostgreSQL does alone",
    "feed": "deposit documents as a member of the cast would",
}
"""Name → what it does, in the order of the help; the module has the name of the command."""
