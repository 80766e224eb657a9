"""Drafts and the outbox in their tables: each change of an item's state is one transaction, and sending begins once."""

from typing import Any

import msgspec

from seccon.adapters.ledger import taker
from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.tables import DraftTable, ItemTable, insert, names_of, select
from seccon.core.errors import ConflictError, LedgerError
from seccon.core.instants import Instant, from_text, to_text
from seccon.core.post import Draft, OutItem, OutState

_DRAFT = names_of(DraftTable)
_ITEM = tuple(name for name in names_of(ItemTable) if name != "taker")
_LISTS = ("recipients", "late", "refused")
_PUT_DRAFT = insert(_DRAFT, "draft", ("id",))
_PUT_ITEM = insert((*_ITEM, "taker"), "outbox", ("id",))
_ONE_ITEM = select(_ITEM, "outbox", "WHERE id = ?")
_TAKE = "UPDATE outbox SET state = ?, taker = ? WHERE id = ? AND state = ? AND (retry = '' OR retry <= ?)"


class Post:
    """The drafts and the outbox of a ledger."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def save_draft(self, draft: Draft) -> None:
        """Keep a draft, or replace it by id: the old text is there until the new one is."""
        values = (draft.id, draft.person, draft.case, to_text(draft.saved), draft.sealed, int(draft.encrypted))
        with self._db.door, self._db.change():
            self._db.run(_PUT_DRAFT, values)

    def drafts(self, person: str, case: int | None = None) -> tuple[Draft, ...]:
        """Give a person's drafts, newest first."""
        where, values = ("", ()) if case is None else (' AND "case" = ?', (case,))
        statement = select(_DRAFT, "draft", f"WHERE person = ?{where} ORDER BY saved DESC, id")
        with self._db.door:
            return tuple(_draft(*row) for row in self._db.run(statement, (person, *values)))

    def drop_draft(self, draft: str) -> None:
        """Forget a draft."""
        with self._db.door, self._db.change():
            self._db.run("DELETE FROM draft WHERE id = ?", (draft,))

    def items(self, *states: OutState, since: Instant | None = None) -> tuple[OutItem, ...]:
        """Give outbox items (all states where none is named), oldest first; with `since` those that were queued after it."""
        asked = tuple(map(str, states or OutState))
        where = f"WHERE state IN ({', '.join('?' * len(asked))}) AND queued > ? ORDER BY queued, id"
        with self._db.door:
            found = self._db.run(select(_ITEM, "outbox", where), (*asked, to_text(since) if since else ""))
            return tuple(item_from(row) for row in found)

    def item(self, name: str) -> OutItem | None:
        """Give one outbox item, whatever its state; None where there is none."""
        with self._db.door:
            found = self._db.run(_ONE_ITEM, (name,)).fetchone()
        return None if found is None else item_from(found)

    def take_item(self, item: str, now: Instant) -> OutItem | None:
        """Take a waiting item for sending: to `sending`, once; None when somebody else has it or it is not due."""
        here = msgspec.json.encode(taker.myself()).decode()
        with self._db.door, self._db.change():
            taken = self._db.run(_TAKE, (str(OutState.SENDING), here, item, str(OutState.WAITING), to_text(now)))
            if taken.rowcount != 1:
                return None
            return item_from(self._db.run(_ONE_ITEM, (item,)).fetchone())

    def recover_items(self, *, mine: bool = False) -> tuple[OutItem, ...]:
        """Turn what a process that died was sending to perhaps-sent; give these items. What a live one has is left alone.

        With `mine`, what this process took too: the caller knows that nobody in it hands anything over now.
        """
        with self._db.door, self._db.change():
            return recover_items(self._db, mine=mine)


def put_item(db: Database, item: OutItem) -> None:
    """Put into the outbox, or replace by id. Only `take_item` brings an item to `sending`: it says who has it.

    Raises ConflictError for what was sent, or is being sent by another process: a stale answer must not send it twice. To
    `perhaps-sent` it may always come: that sends nothing.
    """
    if item.state is OutState.SENDING:
        raise LedgerError("An outbox item was to be marked as being sent, but nobody has taken it.")
    _check_ours(db, item)
    values = {
        **msgspec.structs.asdict(item),
        **{name: msgspec.json.encode(getattr(item, name)).decode() for name in _LISTS},
        "state": str(item.state),
        "queued": to_text(item.queued),
        "retry": to_text(item.retry) if item.retry else "",
    }
    db.run(_PUT_ITEM, (*(values[name] for name in _ITEM), ""))


def _check_ours(db: Database, item: OutItem) -> None:
    found = db.run("SELECT state, taker FROM outbox WHERE id = ?", (item.id,)).fetchone()
    if found is None:
        return
    state, who = found
    if state == OutState.SENT and item.state is not OutState.SENT:
        raise ConflictError(f"The mail '{item.label or item.id}' was sent meanwhile.")
    if state == OutState.SENDING and item.state is not OutState.PERHAPS:
        has = msgspec.json.decode(who, type=taker.Taker)
        if has != taker.myself() and taker.lives(has):
            raise ConflictError(f"The mail '{item.label or item.id}' is being sent by another console at this moment.")


def recover_items(db: Database, *, mine: bool = False) -> tuple[OutItem, ...]:
    """Do it inside a transaction that is open."""
    here = taker.myself() if mine else None
    found = db.run(select(("id", "taker"), "outbox", "WHERE state = ?"), (str(OutState.SENDING),)).fetchall()
    takers = [(item, msgspec.json.decode(who, type=taker.Taker)) for item, who in found]
    lost = [item for item, who in takers if who == here or not taker.lives(who)]
    for item in lost:
        db.run("UPDATE outbox SET state = ?, taker = '' WHERE id = ?", (str(OutState.PERHAPS), item))
    return tuple(item_from(db.run(_ONE_ITEM, (item,)).fetchone()) for item in lost)


def item_from(row: tuple[Any, ...]) -> OutItem:
    """Make an item of its columns."""
    fields = dict(zip(_ITEM, row, strict=True))
    fields |= {name: msgspec.json.decode(fields[name], type=tuple[str, ...]) for name in _LISTS}
    fields["state"] = OutState(fields["state"])
    fields["queued"] = from_text(fields["queued"])
    fields["retry"] = from_text(fields["retry"]) if fields["retry"] else None
    return OutItem(**fields)


def _draft(draft: str, person: str, case: int, saved: str, sealed: bytes, encrypted: int) -> Draft:
    return Draft(draft, person, case, from_text(saved), sealed, bool(encrypted))
