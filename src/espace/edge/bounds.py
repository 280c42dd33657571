"""What a process of ours may use once it reads what somebody sent."""

import resource


def bound(*, memory: int, cpu_seconds: int) -> None:
    """From here on: this much memory (bytes) and time, and no file or connection can be opened (0, 1 and 2 are)."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
