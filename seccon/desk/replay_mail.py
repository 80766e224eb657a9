"""What the process would have refused of a history's mails: who was told before it was allowed (features, E10 F6 F7)."""

from collections.abc import Sequence

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.ids import address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.embargoes import ListTold
from seccon.core.journal.parties import PartyTold
from seccon.core.journal.replies import ReplyQueued
from seccon.core.outside import outside_at, public_lists
from seccon.core.policy import Policy
from seccon.core.preflight import needs
from seccon.desk.list_told import RecordListTold
from seccon.desk.party_word import require_permission
from seccon.desk.results import require_free


def judge_told(case: Case, body: Body, policy: Policy, at: Instant) -> None:
    """Judge whom an entry says that was told, or is about to be. Raises RefusedError."""
    match body:
        case ReplyQueued():
            _judge_letter(case, body, policy)
        case ListTold():
            asked = RecordListTold(
                case=case.number, seen=case.seq, list=body.list, told=body.told, when=body.when, why="a history"
            )
            asked.decide(case, policy, at)
            _require_needs(case, [body.list] if body.told else [], policy)
        case PartyTold():
            _require_needs(case, [body.party], policy)
        case _:
            return


def _judge_letter(case: Case, body: ReplyQueued, policy: Policy) -> None:
    going = [one.address for one in body.recipients]
    keys = set(map(address_key, going))
    public = {address_key(one.address) for one in policy.list if one.public} | set(map(address_key, public_lists(policy)))
    if keys & public:
        require_free(case, policy, "A mail to a public list")
    for party in case.work.parties:
        if address_key(party.address) in keys:
            require_permission(case, party, policy)
    _require_needs(case, going, policy)


def _require_needs(case: Case, going: Sequence[str], policy: Policy) -> None:
    for outside in outside_at(policy, going):
        for found in needs(case, policy, outside):
            raise RefusedError(found.rule, found.sentence, found.source)
