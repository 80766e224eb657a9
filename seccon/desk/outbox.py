"""What a person does with a mail that lies in the outbox: send it again, throw it away, say that it was sent."""

import msgspec

from seccon.core.case import fold, last
from seccon.core.errors import ConflictError, RefusedError
from seccon.core.journal.replies import ReplyDiscarded, ReplySent
from seccon.core.ports import Book
from seccon.core.post import OutItem, OutState
from seccon.core.standing import standing
from seccon.desk.follow import follows
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member
from seccon.desk.sent_copy import filed


class SendAgain(Request, frozen=True, kw_only=True):
    """Let a failed mail wait for the courier anew; one that is perhaps sent only with `even_if_sent`."""

    item: str
    even_if_sent: bool = False

    def perform(self, office: Office) -> OutItem:
        """Put it back. Raises RefusedError, ConflictError."""
        require_member(office)
        with office.ledger.writing(office.person, office.clock()) as book:
            item = _item(office, self.item, OutState.FAILED, OutState.PERHAPS, OutState.WAITING)
            if item.state is OutState.PERHAPS and not self.even_if_sent:
                sentence = "This mail was perhaps sent: the reporter may get it twice."
                raise RefusedError(
                    "perhaps-sent", sentence, "each mail is handed over once", "Ask them first, or confirm that it is sent again."
                )
            # `tries` stays: the next lease has a name of its own.
            waits = msgspec.structs.replace(item, state=OutState.WAITING, retry=None)
            return _put(book, waits, problem=standing(waits, ""))


class Discard(Request, frozen=True, kw_only=True):
    """Take a mail out of the outbox, unsent."""

    item: str
    why: str

    def perform(self, office: Office) -> OutItem:
        """Write it. Raises RefusedError, ConflictError."""
        require_member(office)
        if not self.why.strip():
            raise RefusedError("discard", "Write why the mail is not sent.")
        with office.ledger.writing(office.person, office.clock()) as book:
            item = _item(office, self.item, OutState.FAILED, OutState.PERHAPS, OutState.WAITING)
            entries = book.entries(item.case)
            book.append(item.case, last(entries), fold(entries).policy, _discarded(item, self.why.strip()))
            gone = msgspec.structs.replace(item, state=OutState.DISCARDED, retry=None)
            return _put(book, gone, problem=standing(gone, "") or item.problem)


class ConfirmSent(Request, frozen=True, kw_only=True):
    """Say that a mail that was perhaps sent did arrive, with the evidence."""

    item: str
    evidence: str

    def perform(self, office: Office) -> OutItem:
        """Write it, with what follows from it, and file the copy. Raises RefusedError, ConflictError."""
        require_member(office)
        if not self.evidence.strip():
            raise RefusedError("confirm-sent", "Write how you know that it was sent.")
        now = office.clock()
        with office.ledger.writing(office.person, now) as book:
            item = _item(office, self.item, OutState.PERHAPS)
            entries = book.entries(item.case)
            how = f"confirmed: {self.evidence.strip()}"
            sent = ReplySent(reply=item.id, mail=item.mail, when=now, via=how, recipients=item.late)
            book.append(item.case, last(entries), fold(entries).policy, sent, *follows(office, entries, item, sent))
            done = _put(book, item, state=OutState.SENT, retry=None, problem=_told(item), late=())
        trouble = filed(office, done)
        if not trouble:
            return done
        with office.ledger.writing(office.person, now) as book:
            return _put(book, done, problem=_told(item, trouble))


def _told(item: OutItem, *more: str) -> str:
    return "; ".join([*(f"refused {one}" for one in item.refused), *more])


def _discarded(item: OutItem, why: str) -> ReplyDiscarded:
    return ReplyDiscarded(reply=item.id, why=why, recipients=item.late)


def _item(office: Office, name: str, *states: OutState) -> OutItem:
    """Find an item in one of these states. Asked inside the transaction: a second key press finds it gone."""
    found = office.ledger.item(name)
    if found is None or found.state not in states:
        raise ConflictError("This mail is not in the outbox any more, or is being sent now.")
    return found


def _put(book: Book, item: OutItem, **changes: object) -> OutItem:
    changed: OutItem = msgspec.structs.replace(item, **changes)
    book.put_item(changed)
    return changed
