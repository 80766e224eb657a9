"""The demo: a private place with mail, keys, a configuration and a history, made out of `data/demo/`.

It owns what it makes and nothing else: no file outside its directory is written, save a short link to its keys where the system's
limit on socket names asks for one, which `DemoPlace.close` takes away again.
"""

from seccon.adapters.demo.build import build
from seccon.adapters.demo.history import Event, apply_history, apply_team, history
from seccon.adapters.demo.place import DemoPlace, reopen

__all__ = ["DemoPlace", "Event", "apply_history", "apply_team", "build", "history", "reopen"]
