"""Run as `python -m espace.site.provider`: the provider of the home that the environment names, until it is stopped."""

from espace.site.config import load
from espace.site.provider.server import Server, provider_of

if __name__ == "__main__":
    config = load()
    Server(config.provider_port, provider_of(config)).serve_forever()
