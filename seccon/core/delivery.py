"""One reply of ours from approval to delivery, and who of its recipients has it: each at the time when they got it."""

import msgspec

from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.journal.replies import ReplyDiscarded, ReplyFailed, ReplyQueued, ReplySent


class Reply(msgspec.Struct, frozen=True):
    """One reply of ours; `sent` once anybody took it."""

    queued: ReplyQueued
    by: str
    at: Instant
    state: str = "queued"
    when: Instant | None = None
    """When the first of its recipients took it."""
    problem: str = ""
    got: dict[str, Instant] = {}
    """Who took it, as `address_key` writes them, and when."""
    perhaps: frozenset[str] = frozenset()
    """Who perhaps took it."""
    late: tuple[str, ...] = ()
    """Whom the server put off: it is tried again for them."""

    @property
    def on_its_way(self) -> frozenset[str]:
        """Give those to whom it is still to be handed over."""
        return _all(self.queued) if self.state == "queued" else _keys(self.late)

    def after(self, body: ReplySent | ReplyFailed | ReplyDiscarded) -> "Reply":
        """Give what it becomes by a word of the courier or of a person."""
        match body:
            case ReplySent():
                return self._sent(body)
            case ReplyFailed():
                perhaps = _keys(body.recipients) or _all(self.queued) if body.perhaps_sent else frozenset()
                state = "sent" if body.recipients else "perhaps-sent" if body.perhaps_sent else "failed"
                return msgspec.structs.replace(self, state=state, problem=body.problem, perhaps=perhaps, late=())
            case _:
                state = "sent" if body.recipients else "discarded"
                return msgspec.structs.replace(self, state=state, problem=body.why, perhaps=frozenset(), late=())

    def _sent(self, body: ReplySent) -> "Reply":
        got = {**dict.fromkeys(takers(self.queued, body), body.when), **self.got}
        return msgspec.structs.replace(
            self, state="sent", when=self.when or body.when, problem="", got=got, perhaps=frozenset(), late=body.put_off
        )


def takers(queued: ReplyQueued, sent: ReplySent) -> frozenset[str]:
    """Give who took it with this hand-over, as `address_key` writes them."""
    return (_keys(sent.recipients) or _all(queued)) - _keys((*sent.refused, *sent.put_off))


def _all(queued: ReplyQueued) -> frozenset[str]:
    return _keys(tuple(one.address for one in queued.recipients))


def _keys(addresses: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(address_key, addresses))
