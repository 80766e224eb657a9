"""The journal: what happened, entry by entry. Kinds are for ever: add, never rename (docs/journal.md lists them all)."""

from seccon.core.journal.body import Body
from seccon.core.journal.entry import KINDS, Entry, body_from_json, chain_hash, entry_from_json, entry_to_json, unread

__all__ = ["KINDS", "Body", "Entry", "body_from_json", "chain_hash", "entry_from_json", "entry_to_json", "unread"]
