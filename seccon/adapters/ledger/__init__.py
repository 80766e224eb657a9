"""The ledger on SQLite: the journal, what lists know of it, drafts and the outbox, in one file of the team's."""

from seccon.adapters.ledger.ledger import Ledger

__all__ = ["Ledger"]
