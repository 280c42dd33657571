"""Run as `python -m espace.site.demo.share NUMBER`: one share of the crowd of the home that the environment names."""

import sys

from espace.site.runtime import close_connections, set_up_django


def main(share: int) -> None:
    """Put this share, from where it stopped. Its seeding must have begun."""
    set_up_django()
    from espace.site.demo.progress import begun_already
    from espace.site.demo.seed import seed_share

    begun = begun_already()
    if begun is None:
        raise LookupError("the seeding has not begun")
    try:
        seed_share(begun, share, lambda line: None)
    finally:
        close_connections()


if __name__ == "__main__":
    main(int(sys.argv[1]))
