"""Flows: a verb from its key to its entry. Each asks what it needs on forms, and hands one request to the desk.

A refusal puts the form back with all that was typed; a conflict says what a colleague did and lets the person go on.
"""

import importlib
from collections.abc import Awaitable, Callable

from seccon.screens.flows.frame import Desk

Flow = Callable[[Desk, int], Awaitable[None]]

_FLOWS = {
    "acknowledge": "reply:acknowledge",
    "reply": "reply:reply",
    "tell": "reply:tell",
    "accept": "claim:accept",
    "own": "claim:own",
    "assess": "assess:assess",
    "close": "close:close",
    "reopen": "close:reopen",
    "note": "annotate:note",
    "publicity": "annotate:publicity",
    "acknowledged": "annotate:acknowledged",
    "propose": "embargo:propose",
    "restart": "embargo:restart",
    "agree": "embargo:agree",
    "reject": "embargo:reject",
    "enforce": "embargo:enforce",
    "end": "embargo:end",
    "second": "assess:second",
    "wait": "waiting:wait",
    "cve": "results:cve",
    "bug": "results:bug",
    "fix": "results:fix",
    "branches": "results:branches",
    "announce": "results:announce",
    "archive": "results:archive",
}
"""Verb -> module and function; loaded when a person uses it."""


def flow(verb: str) -> Flow:
    """Find the flow of a verb."""
    module, _, name = _FLOWS[verb].partition(":")
    found: Flow = getattr(importlib.import_module(f"seccon.screens.flows.{module}"), name)
    return found
