"""Let a letter leave: judged again, protected, written into the journal and the outbox in one transaction (features, R2-R4)."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar

import msgspec

from seccon.core.case import last
from seccon.core.errors import ConflictError, LedgerError, RefusedError
from seccon.core.guard import encryption_keys
from seccon.core.ids import TEAM_FILE, MessageId
from seccon.core.journal import Body, Entry
from seccon.core.journal.replies import ReplyQueued, SendDecided, SentTo
from seccon.core.letter import ARCHIVE, Choice, Letter, Line, Sheet, Stamp
from seccon.core.ports import Book, Phrase
from seccon.core.post import OutItem, OutState
from seccon.core.unseen import crossing
from seccon.desk.office import Office
from seccon.desk.request import Request, require_member
from seccon.desk.room import Judged, Known, judge_letter, room, team_entries
from seccon.desk.roster import roster_of


class SendReply(Request, frozen=True, kw_only=True):
    """Send a letter that a person approved by its sheet: `digest` is that sheet's."""

    beside: ClassVar[bool] = True

    letter: Letter
    digest: str
    passphrase: Phrase = None
    """What opens the signing key; None: only a key that the agent holds open."""
    seen: int | None = None
    """The last entry that its writer had before their eyes; None: what others wrote meanwhile does not matter."""

    def perform(self, office: Office) -> OutItem:
        """Queue it, encrypted. Raises ConflictError if it is not what was shown, RefusedError, CryptoError: nothing left."""
        require_member(office)
        known = Known(office.keyring)
        entries = office.ledger.entries(self.letter.case)
        team = team_entries(office)
        judged = judge_letter(office, self.letter, entries, team, known)
        _require_approved(judged.sheet, self.digest)
        now = office.clock()
        sheet = judged.sheet
        stamp = Stamp(_new_id(sheet.sender.address), now, sheet.sender, sheet.outer, _offered(office, sheet))
        message = self._written(office, judged, stamp)
        item = _item(self.letter, judged, stamp, message, office.person)
        with office.ledger.writing(office.person, now) as book:
            self._record(office, book, judged, item, known, last(team))
        drawer = room(office).drawer
        if drawer is not None:
            with suppress(LedgerError):  # it is queued: a draft that stays behind must not look as if it were not
                drawer.drop(self.letter.id)
        return item

    def _written(self, office: Office, judged: Judged, stamp: Stamp) -> bytes:
        sheet = judged.sheet
        leaving = msgspec.structs.replace(self.letter, recipients=sheet.recipients)
        keys = encryption_keys(sheet, judged.signer, stamp.date) if sheet.protection == "encrypted" else ()
        mail = room(office).writer.write(leaving, stamp, keys, sheet.signer, self.passphrase)
        return mail.replace(b"\r\n", b"\n")  # as files hold it: the sent copy has this digest

    def _require_first(self, office: Office, entries: Sequence[Entry]) -> None:
        """Refuse what lies in the outbox already, and what somebody else has answered since its writer looked."""
        if any(one.id == self.letter.id and one.state is not OutState.DISCARDED for one in office.ledger.items()):
            raise ConflictError("This letter lies in the outbox already. Nothing was sent.")
        crossed = () if self.seen is None else crossing(_since(entries, self.seen), office.person, self.letter)
        if crossed:
            who = ", ".join(dict.fromkeys(roster_of(office).display(one.by) for one in crossed))
            raise ConflictError(f"{who} wrote to them meanwhile. Nothing was sent.", crossed)

    def _record(self, office: Office, book: Book, judged: Judged, item: OutItem, known: Known, team: int) -> tuple[Entry, ...]:
        """Write it, if case and pins still let it leave: while gpg worked, somebody may have changed them.

        `team` is the last entry of the team's file that it was judged by.
        """
        entries = book.entries(self.letter.case)
        self._require_first(office, entries)
        pins = book.entries(TEAM_FILE)
        if (last(entries), last(pins)) != (judged.case.seq, team):
            again = judge_letter(office, self.letter, entries, pins, known)
            _require_approved(again.sheet, self.digest, _since(entries, judged.case.seq))
        bodies: list[Body] = [*_decisions(self.letter, judged.sheet), _queued(self.letter, judged.sheet, item)]
        book.put_item(item)
        book.drop_draft(self.letter.id)
        return book.append(self.letter.case, last(entries), judged.case.policy, *bodies)


def _since(entries: Sequence[Entry], seen: int) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.seq > seen)


def _require_approved(sheet: Sheet, digest: str, since: tuple[Entry, ...] = ()) -> None:
    if sheet.digest != digest:
        raise ConflictError(
            "The mail, or what is known of its recipients, is not what the sheet showed. Nothing was sent.", since
        )
    if sheet.refusals:
        first = sheet.refusals[0]
        raise RefusedError(first.rule, first.sentence, first.source)


def _offered(office: Office, sheet: Sheet) -> bytes:
    """Give our key, to be offered with the mail; nothing where it signs nothing."""
    return office.keyring.public(sheet.signer, sheet.sender.address) if sheet.signer else b""


def _new_id(address: str) -> MessageId:
    """Make a Message-ID that tells the identity's domain and nothing else."""
    return MessageId(f"{secrets.token_hex(16)}@{address.rpartition('@')[2]}")


def _item(letter: Letter, judged: Judged, stamp: Stamp, message: bytes, by: str) -> OutItem:
    return OutItem(
        id=letter.id,
        case=letter.case,
        mail=stamp.mail,
        sender=stamp.sender.address,
        recipients=tuple(one.address for one in judged.sheet.recipients),
        message=message,
        state=OutState.WAITING,
        queued=stamp.date,
        by=by,
        label=f"{letter.purpose or 'reply'} {judged.case.label}",
    )


def _decisions(letter: Letter, sheet: Sheet) -> list[Body]:
    """Give what a person decided on the sheet: rules set aside, recipients left out, clear text accepted."""
    found: list[Body] = []
    for refusal in sheet.settled:
        why = next((one.why for one in letter.choices if _is_about(one, refusal.rule, refusal.recipient)), "")
        found.append(
            SendDecided(reply=letter.id, rule=refusal.rule, choice="overridden", recipient=refusal.recipient, why=why.strip())
        )
    found += [_left_out(letter, line) for line in sheet.lines if line.left_out]
    if sheet.protection != "encrypted":
        found.append(SendDecided(reply=letter.id, rule="clear-text", choice="clear-accepted"))
    return found


def _is_about(choice: Choice, rule: str, recipient: str) -> bool:
    return choice.choice == "overridden" and choice.rule == rule and choice.recipient == recipient


def _left_out(letter: Letter, line: Line) -> SendDecided:
    address = line.recipient.address
    chosen = next((one for one in letter.choices if one.choice == "left-out" and one.recipient == address), None)
    rule, why = (chosen.rule, chosen.why) if chosen else ("", "")
    return SendDecided(reply=letter.id, rule=rule, choice="left-out", recipient=address, why=why.strip())


def _queued(letter: Letter, sheet: Sheet, item: OutItem) -> ReplyQueued:
    to = tuple(SentTo(line.recipient.address, line.recipient.role, line.fingerprint) for line in sheet.lines if not line.left_out)
    told = any(line.recipient.role == "reporter" and not line.left_out for line in sheet.lines) and not letter.party
    return ReplyQueued(
        reply=letter.id,
        mail=item.mail,
        identity=item.sender,
        recipients=to,
        protection=letter.protection,
        purpose=letter.purpose,
        reports=(letter.report,) if told and letter.report else (),
        in_reply_to=letter.answers,
        digest=hashlib.sha256(item.message).hexdigest(),
        attachments=tuple(one.sha256 for one in sheet.enclosed),
        party=letter.party,
        patch=letter.patch,
        archives=(letter.report,) if letter.purpose == ARCHIVE and letter.report else (),
    )
