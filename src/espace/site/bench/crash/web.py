"""What the web processes of a campaign serve: the same as always, bound anew to the server that forked them."""

from espace.site.processes import bind_to_supervisor
from espace.site.wsgi import application

__all__ = ["application"]

bind_to_supervisor()
