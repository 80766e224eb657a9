"""Flows: a verb from its key to its entry. Each asks what it needs on forms, and hands one request to the desk.

A refusal puts the form back with all that was typed; a conflict says what a colleague did and lets the person go on.
"""

import importlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from seccon.screens.flows.frame import Desk

Flow = Callable[[Desk, int], Awaitable[None]]
BulkFlow = Callable[[Desk, Sequence[int]], Awaitable[bool]]
"""Gives True when it was done."""

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
    "policy": "annotate:policy",
    "acknowledged": "annotate:acknowledged",
    "propose": "embargo:propose",
    "restart": "embargo:restart",
    "agree": "embargo:agree",
    "reject": "embargo:reject",
    "enforce": "embargo:enforce",
    "end": "embargo:end",
    "wish": "embargo:wish",
    "latest": "latest:latest",
    "list-told": "latest:list_told",
    "second": "second:second",
    "unseal": "second:unseal",
    "wait": "waiting:wait",
    "checklist": "checklist:checklist",
    "needs-info": "checklist:needs_info",
    "scope": "scope:scope",
    "cvss": "cvss:cvss",
    "cve": "cve:cve",
    "bug": "results:bug",
    "fix": "results:fix",
    "texts": "texts:texts",
    "announce": "announce:announce",
    "published": "results:announce",
    "no-leak": "announce:no_leak",
    "archive": "archive:archive",
    "everyone": "everyone:everyone",
    "reporter": "reporter:reporter",
    "advisory-words": "advisory:words",
    "advisory-pass": "advisory:let_pass",
    "credit": "reporter:credit",
    "permission": "reporter:permission",
    "staff": "reporter:staff",
    "membership": "reporter:membership",
    "moderate": "reporter:moderate",
    "join": "join:join",
    "part": "join:part",
    "undo": "join:undo",
}
"""Verb -> module and function; loaded when a person uses it."""


_BULK = {"scope": "scope:scope_all"}
"""Verb -> module and function for several cases."""


def flow(verb: str) -> Flow:
    """Find the flow of a verb."""
    found: Flow = _found(_FLOWS[verb])
    return found


def bulk_flow(verb: str) -> BulkFlow:
    """Find the flow of a verb for several cases."""
    found: BulkFlow = _found(_BULK[verb])
    return found


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(f"seccon.screens.flows.{module}"), name)
