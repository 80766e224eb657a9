"""Hand the outbox to the courier. Each recipient gets a mail once: what a dead console left is *perhaps sent*, never sent again.

Order of one mail: taken (`sending`, with the name of this process), handed over, copy filed, recorded.
"""

from threading import Lock
from typing import ClassVar

import msgspec

from seccon.core.case import fold, last
from seccon.core.errors import CourierError, SecretError
from seccon.core.journal.replies import ReplyFailed, ReplySent
from seccon.core.ports import Receipt
from seccon.core.post import OutItem, OutState
from seccon.core.standing import standing
from seccon.desk.follow import follows
from seccon.desk.office import Office
from seccon.desk.request import Request
from seccon.desk.room import room
from seccon.desk.sent_copy import filed

_TURN = Lock()
"""Within one process one hands over at a time: whoever comes second finds what became of a mail, not a mail on its way."""
_LOST = "What became of this mail was not recorded, the console or the disk failed it: perhaps it was sent."


class Deliver(Request, frozen=True, kw_only=True):
    """Hand over everything that is due."""

    beside: ClassVar[bool] = True
    away: ClassVar[bool] = True

    hasten: tuple[str, ...] = ()
    """Items that a person wants to leave now."""

    def perform(self, office: Office) -> tuple[OutItem, ...]:
        """Give the items that moved, as they are now. Raises LedgerError; what a courier says is in the items."""
        with _TURN:
            _hasten(office, self.hasten)
            moved = list(_recovered(office))
            for item in office.ledger.items(OutState.WAITING):
                if item.retry is None or item.retry <= office.clock():
                    taken = office.ledger.take_item(item.id, office.clock())
                    if taken is not None:
                        moved.append(_hand_over(office, taken))
        return tuple(moved)


def _hasten(office: Office, names: tuple[str, ...]) -> None:
    """Let them not wait for a try that came before the person's word, such as one while the password was being typed."""
    if not names:
        return
    with office.ledger.writing(office.person, office.clock()) as book:
        for item in office.ledger.items(OutState.WAITING):
            if item.id in names and item.retry is not None and not item.late:  # who was put off is not to be pressed
                book.put_item(msgspec.structs.replace(item, retry=None))


def _hand_over(office: Office, item: OutItem) -> OutItem:
    """Hand it over to everybody, or to those who were put off: never again to who took it."""
    try:
        receipt = office.courier.deliver(item.message, item.sender, item.late or item.recipients)
    except CourierError as error:
        problem = error.sentence if item.late else str(error)
        return _not_taken(office, item, problem, final=error.final, perhaps=error.perhaps_sent)
    except SecretError as error:
        return _not_taken(office, item, str(error), final=False, perhaps=False)
    return _taken(office, item, receipt, filed(office, item))


def _taken(office: Office, item: OutItem, receipt: Receipt, trouble: str) -> OutItem:
    """Record who has it, what follows from that for the case, and who is still to get it."""
    now = office.clock()
    tries, late = item.tries + 1, _named(item, receipt.put_off)
    retry = room(office).backoff(tries, now) if late else None
    state = OutState.SENT if not late else OutState.FAILED if retry is None else OutState.WAITING
    after = msgspec.structs.replace(
        item, state=state, retry=retry, tries=tries, late=late, refused=(*item.refused, *receipt.refused)
    )
    said = _words(receipt.put_off)
    done = _told(after, said, trouble)
    sent = ReplySent(
        reply=item.id, mail=item.mail, when=now, via=receipt.via, refused=_named(item, receipt.refused), put_off=late,
        retry=retry, problem=said, recipients=item.late or (item.recipients if receipt.refused or late else ()),
    )  # fmt: skip
    given_up = [ReplyFailed(reply=item.id, problem=said, recipients=late)] if state is OutState.FAILED else []
    with office.ledger.writing(item.by, now) as book:
        entries = book.entries(item.case)
        book.append(item.case, last(entries), fold(entries).policy, sent, *follows(office, entries, item, sent), *given_up)
        book.put_item(done)
    return done


def _told(item: OutItem, *problems: str) -> OutItem:
    """Let the item say where it stands; whom the server refused for good stays told."""
    why, *more = problems
    said = [standing(item, why), *(f"refused {one}" for one in item.refused), *more]
    return msgspec.structs.replace(item, problem="; ".join(filter(None, said)))


def _named(item: OutItem, told: tuple[str, ...]) -> tuple[str, ...]:
    """Give the recipients of whom the server said something, as they are approved."""
    return tuple(one for one in item.recipients if any(each.startswith(f"{one}: ") for each in told))


def _words(told: tuple[str, ...]) -> str:
    """Give what the server said, without the address where there is one only."""
    return told[0].split(": ", 1)[-1] if len(told) == 1 else "; ".join(told)


def _not_taken(office: Office, item: OutItem, problem: str, *, final: bool, perhaps: bool) -> OutItem:
    """Wait and try again, or record that it failed."""
    now = office.clock()
    tries = item.tries + 1
    retry = None if final or perhaps else room(office).backoff(tries, now)
    state = OutState.PERHAPS if perhaps else OutState.FAILED if retry is None else OutState.WAITING
    after = _told(msgspec.structs.replace(item, state=state, retry=retry, tries=tries), problem)
    with office.ledger.writing(item.by, now) as book:
        if state is not OutState.WAITING:
            entries = book.entries(item.case)
            failed = ReplyFailed(reply=item.id, problem=problem, perhaps_sent=perhaps, recipients=item.late)
            book.append(item.case, last(entries), fold(entries).policy, failed)
        book.put_item(after)
    return after


def _recovered(office: Office) -> list[OutItem]:
    """Record what was left in `sending`: by dead consoles, or by this one, whose turn it is, when it could not write."""
    if not office.ledger.items(OutState.SENDING):
        return []
    with office.ledger.writing(office.person, office.clock()) as book:
        lost = [_told(item, _LOST) for item in book.recover_items(mine=True)]
        for item in lost:
            entries = book.entries(item.case)
            failed = ReplyFailed(reply=item.id, problem=_LOST, perhaps_sent=True, recipients=item.late)
            book.append(item.case, last(entries), fold(entries).policy, failed)
            book.put_item(item)
    return lost
