"""What was proved of mails, kept so that lists show it, and what each person has seen."""

import msgspec

from seccon.adapters.ledger.database import Database
from seccon.adapters.ledger.tables import VerdictTable, insert, names_of
from seccon.core.ids import MessageId
from seccon.core.journal import Body
from seccon.core.journal.replies import KeyPinned, KeyUnpinned
from seccon.core.report import Scope, Signature, Verdict

_PUT = insert(names_of(VerdictTable), "verdict", ("mail", "digest"))
_UNSEEN = (
    'SELECT 1 FROM board WHERE number = ? AND mails <> coalesce((SELECT mails FROM seen WHERE person = ? AND "case" = ?), 0)'
)
_SAW = (
    'INSERT INTO seen (person, "case", mails) SELECT ?, number, mails FROM board WHERE number = ?'
    ' ON CONFLICT (person, "case") DO UPDATE SET mails = excluded.mails'
)


class Verdicts:
    """The verdicts of a ledger, and who has seen what."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def saw(self, person: str, case: int) -> None:
        """Remember that a person has now seen all mails of a case."""
        with self._db.door:
            if self._db.run(_UNSEEN, (case, person, case)).fetchone():  # else nobody's list has to be drawn again
                with self._db.change():
                    self._db.run(_SAW, (person, case))

    def keep_verdict(self, mail: MessageId, digest: str, verdict: Verdict) -> None:
        """Keep what was proved of a mail, so that lists can show it."""
        if self.verdict(mail, digest) == verdict:
            return
        text = msgspec.json.encode(verdict).decode()
        with self._db.door, self._db.change():
            self._db.run(_PUT, (mail, digest, mark_of(verdict), verdict.fingerprint or "", text))

    def verdict(self, mail: MessageId, digest: str) -> Verdict | None:
        """Give what was proved of the mail with this id and this content; None where nobody has looked."""
        with self._db.door:
            found = self._db.run("SELECT verdict FROM verdict WHERE mail = ? AND digest = ?", (mail, digest)).fetchone()
        return None if found is None else msgspec.json.decode(found[0], type=Verdict)


def mark_of(verdict: Verdict) -> str:
    """Give the word for the mark that lists draw. A signature that covers a part of a mail earns none."""
    if verdict.trusted:
        return "trusted"
    if verdict.signature in (Signature.NONE, Signature.UNKNOWN_KEY):
        return ""
    if verdict.signature is not Signature.GOOD or not verdict.matches_from:
        return "bad"
    return "weak" if verdict.signed is Scope.WHOLE and not verdict.pinned else ""


def forget_verdicts(db: Database, body: Body) -> None:
    """Let go of verdicts that rested on what a pin has now changed: the key's own, and those where nothing was pinned."""
    if isinstance(body, KeyPinned | KeyUnpinned):
        replaced = body.replaces if isinstance(body, KeyPinned) else None
        db.run(
            "DELETE FROM verdict WHERE mark = 'weak' OR fingerprint IN (?, ?)", (body.fingerprint, replaced or body.fingerprint)
        )
