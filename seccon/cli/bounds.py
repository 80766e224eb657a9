"""How late an embargo may end, as JSON: one shape for every command (docs/json.md)."""

from typing import Any

from seccon.core.solver import Bounds


def bounds_json(found: Bounds) -> dict[str, Any]:
    """Give every rule with its date, and which one decides."""
    return {
        "binding": found.binding.id if found.binding else None,
        "rules": [
            {"id": one.id, "whose": one.whose, "strength": one.strength, "latest": one.latest, "counts": one.counts,
             "sentence": one.sentence, "source": one.source}
            for one in found.rules
        ],
    }  # fmt: skip
