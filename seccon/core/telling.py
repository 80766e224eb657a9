"""Entries of the journal as sentences that a colleague reads: who did what, without ids, enum words or fields.

`SENTENCES` goes on behind a person's name. `[…]` falls away where a field in it is empty. A field is written by what it is:
times, people, mails, keys in the form of the screens; any other text is a stranger's and stands in quotes. A kind without a
sentence is told by its fields.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal import Body, Entry
from seccon.core.journal.cases import Assessed, CaseClaimed, MailArrived, ReportLinked
from seccon.core.journal.embargoes import EmbargoProposed
from seccon.core.journal.parties import PartyInvited
from seccon.core.journal.replies import ReplyDiscarded, ReplyFailed, ReplyQueued, ReplySent
from seccon.core.keys import grouped
from seccon.core.report import Correspondent
from seccon.core.second import SEALED, WORDS

SENTENCES: dict[str, str] = {
    "case-opened": "opened the file[{quiet:; its mails are old: nothing is owed until new mail comes}]",
    "report-linked": "filed the report of {reporter}, {subject}[, which came {arrived}][, out of case {from_case}]",
    "report-unlinked": "took {report:mail} out of the case[, into case {to_case}]",
    "reporter-set": "named {reporter} as the reporter of {report:mail}",
    "credit-set": "recorded how {report:reporter} wants to be credited: {credit}",
    "mail-arrived": "saw a mail come in from {sender}[, {subject}][, as one of {party:party}][, {encrypted:encrypted}]"
    "[, {automatic:sent by a program}]",
    "mail-conflict": "found different mails that bear one Message-ID, that of {mail:mail}",
    "case-accepted": "accepted the report as {id}",
    "case-closed": "closed the case: {outcome:word}[, by the clause {clause}][, the same as case {other}]",
    "scope-judged": "judged it {outcome:word}[, by the clause {clause}]",
    "case-reopened": "reopened the case",
    "case-merged": "moved all reports to case {into}",
    "case-unmerged": "took the merging back: the reports are here again",
    "case-claimed": "wrote down who answers for the case: {owner:person}",
    "case-released": "gave the case back: nobody answers for it",
    "policy-moved": "had the case judged by {to} from here on",
    "acknowledged": "saw that {member} told {report:reporter} on {when} that the report was received ({signature:word})",
    "assessed": "rated it {severity:rank}[, where {suggested:rank} was suggested][; the worst case: {impact}][; CVSS {cvss}]",
    "second-rated": "gave a second rating[, {blind:before seeing the first}]",
    "rating-shown": "had the sealed rating shown before rating",
    "publicity-flagged": "flagged it as {public:public|not public}, {exploited:exploited in the wild|not exploited}",
    "note-added": "noted {text}",
    "embargo-proposed": "recorded that {party:party} proposes {until}[ ({restart:a new embargo})]",
    "embargo-agreed": "recorded that {party:party} agrees to {proposal:proposal}",
    "embargo-rejected": "recorded that {party:party} does not agree to {proposal:proposal}",
    "embargo-wished": "recorded what {report:reporter} wishes of the date[: {until}][: {length}]",
    "list-told": "recorded that the list {list} {told:was|was not} told[, on {when}]",
    "embargo-set": "set the embargo until {until} ({change:change})[, beyond the limit {overrides:word}]",
    "embargo-communicated": "recorded that {report:reporter} was told the date, {until}",
    "embargo-taken-back": "took back the embargo that had come with a report of another case",
    "embargo-ended": "ended the embargo: {reason:word}[, see {url}]",
    "reply-queued": "approved {purpose:purpose} to {recipients:people}, {protection:protection}",
    "reply-sent": "handed over {reply:reply}[; the server refused {refused}]"
    "[; {put_off:are} tried again at {retry}][: {problem}]",
    "reply-failed": "could not hand over {reply:reply}: {problem}[ ({perhaps_sent:it may have left})]",
    "reply-discarded": "took {reply:reply} out of the outbox",
    "send-decided": "decided before sending: {choice:word}, {rule:word}[, for {recipient}]",
    "key-pinned": "confirmed the key {fingerprint} for {address}[, compared {how}][; it replaces {replaces}]",
    "key-unpinned": "took back the trust in the key {fingerprint} for {address}",
    "waiting-set": "set it to wait for {whom:party}[ until {until}]",
    "waiting-ended": "took it up again",
    "item-ticked": "ticked “{item:word}”: the report {held:holds it|lacks it}",
    "permission-recorded": "recorded that {report:reporter} {granted:permits|forbids} that {whom} is told",
    "staff-told": "told {staff} of the staff of {member}",
    "cve-requested": "recorded that {cna} was asked for a CVE id, by {how:word}",
    "cve-published": "recorded that the record of {cve} is public[ since {when}][, see {url}]",
    "cve-assigned": "recorded {cve}[, allocated by {by}]",
    "cve-withdrawn": "withdrew {cve}",
    "bug-opened": "opened the bug {url}[, {public:which everybody can read}]",
    "bug-closed": "closed the bug[ {url}][, fixed in {commit}]",
    "branch-set": "recorded the branch {branch} as {state:word}[, commit {commit}]",
    "fix-proposed": "recorded version {version:number} of the fix[, commit {commit}][; reviewed by {reviewers}]"
    "[; tested by {testers}][; it is faulty: {faulty}]",
    "announced": "recorded the announcement on {list}[, see {url}]",
    "advisory-set": "wrote the words of the advisory[, {title}][, with the number {notice}][; let pass: {passed}]",
    "announcement-unproved": "found the mail {mail} on {list}[ by {sender}], which looks like the announcement; nothing proves it"
    "[, see {url}]",
    "announcement-seen": "saw that {list} sent the announcement out[ on {when}][, see {url}]",
    "leak-suspected": "saw {mail:mail} on {list}, which may tell of the issue[; it names itself as from {sender}]",
    "leak-dismissed": "judged that {mail:mail} tells nothing of the issue",
    "archived": "recorded that the private list has the details of {report:mail}",
    "post-held": "saw that {list} holds a post of {sender}, {subject}",
    "post-released": "recorded that the held post {mail:mail} left moderation[ ({discarded:discarded})]",
    "party-invited": "invited {party:party} to take part as {role:word}[, {agrees:who must agree to the date}]",
    "party-told": "recorded that {party:party} was told[ on {when}][, by {mail:mail}][, with version {patch:number} of the fix]"
    "[, of the date {until}]",
    "party-answered": "recorded that {party:party} {affected:affected}[, by {mail:mail}][, {signature:signature}]",
    "party-ready": "recorded that {party:party} {ready:can publish|cannot publish}[ with version {patch:number} of the fix]"
    "[, by {mail:mail}][, {signature:signature}]",
    "party-removed": "let {party:party} take part no longer: what they were told they know",
    "seat-opened": "opened a seat for {vendor}",
    "seat-closed": "closed the seat of {vendor}",
    "member-nominated": "nominated {name} <{address}>[ of {company}][ as {role}]",
    "member-vouched": "vouched for {address}",
    "member-pledged": "recorded the pledge of {address} to honour embargoes",
    "member-approved": "approved the membership of {address}",
    "member-declined": "recorded that {address} does not become a member",
    "member-left": "recorded that {address} left the team[; to be rotated: {rotate}]",
}
"""By kind. `{field:form}`: a form of `Telling._field`; of a yes or no, what to say."""

_OURS = "saw a mail of ours, from {sender}[, {subject}][, on the thread with {party:party}][, {encrypted:encrypted}]"
"""Our own copy of what we wrote, or what a colleague wrote with another program."""
_REASONS = (("why", "Why"), ("evidence", "Evidence"), ("proof", "Proved by"))
_SILENT = frozenset({"v", "kind", "digest"})
_CHANGES = {"initial": "the first", "extension": "extended", "shortening": "shortened", "restart": "a new one"}
_PROTECTION = {"encrypted": "encrypted", "signed": "signed, readable on the way", "clear": "in clear text"}
_AFFECTED = {"yes": "is affected", "no": "is not affected", "unknown": "does not know yet whether it is affected"}
_PROVED = {"good": "which is signed by them", "unproved": "of which nothing proves that it is theirs"}
_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_PIECE = re.compile(r"\[([^\[\]]*)\]|\{[^{}]*\}")


class Telling:
    """Tells the entries of one case. `name_of` names people by login, `when` writes a time, `quoted` sets off strangers' text."""

    def __init__(
        self,
        entries: Sequence[Entry],
        name_of: Callable[[str], str],
        when: Callable[[Instant], str],
        quoted: Callable[[str], str],
    ) -> None:
        self._name_of, self._when, self._quoted = name_of, when, quoted
        self._mails: dict[str, MailArrived | ReportLinked] = {}
        self._proposals: dict[str, EmbargoProposed] = {}
        self._replies: dict[str, ReplyQueued] = {}
        self._parties: dict[str, str] = {}
        self._reporters: dict[str, Correspondent] = {}
        for entry in entries:
            self._learn(entry.body)

    def _learn(self, body: Body) -> None:
        match body:
            case ReportLinked(report=report, reporter=reporter):
                self._mails.setdefault(report, body)
                self._reporters[report] = reporter
            case MailArrived(mail=mail):
                self._mails[mail] = body
            case EmbargoProposed(proposal=proposal):
                self._proposals[proposal] = body
            case ReplyQueued(reply=reply):
                self._replies[reply] = body
            case PartyInvited(party=party, name=name) if name:
                self._parties[address_key(party)] = name
            case _:
                pass

    def who(self, entry: Entry) -> str:
        """Give what the one who made the entry is called."""
        return self._name_of(entry.by)

    def sentence(self, entry: Entry) -> str:
        """Tell what was done, to stand behind a name."""
        pattern = SENTENCES.get(entry.kind)
        if pattern is None:
            return ", ".join((f"recorded {entry.kind.replace('-', ' ')}", *self.fields(entry)))
        body = entry.body
        if isinstance(body, MailArrived) and body.direction == "out":
            pattern = _OURS
        if isinstance(body, CaseClaimed) and body.owner == entry.by:
            return "took the case"
        if body == SEALED:
            return WORDS
        if isinstance(body, Assessed) and body.suggested == body.severity:
            body = msgspec.structs.replace(body, suggested="")
        if isinstance(body, ReplySent | ReplyFailed | ReplyDiscarded) and body.recipients:
            pattern = pattern.replace("{reply:reply}", "{reply:part} to {recipients}" + self._share(body))
        # One pass over the pattern, never over what was filled in: a stranger's text may hold brackets of all kinds.
        return _PIECE.sub(lambda found: self._section(found[1], body) if found[1] else self._filled(found[0], body), pattern)

    def reasons(self, entry: Entry) -> Iterator[str]:
        """Give why, and what proves it."""
        for name, title in _REASONS if entry.body != SEALED else ():
            value = getattr(entry.body, name, None)
            if value:
                said = self._mail(value) if name == "proof" and isinstance(value, str) else self._value(value)
                yield f"{title}: {said}"

    def fields(self, entry: Entry) -> Iterator[str]:
        """Give every field that says something, as it stands in the journal."""
        if entry.body == SEALED:
            yield WORDS
            return
        for name in entry.body.__struct_fields__:
            value = getattr(entry.body, name)
            if name not in _SILENT and value not in ("", None, (), False, {}):
                yield f"{name} {self._value(value)}"

    def _section(self, pattern: str, body: Body) -> str:
        return self._filled(pattern, body) if all(getattr(body, name) for name, _ in _FIELD.findall(pattern)) else ""

    def _filled(self, pattern: str, body: Body) -> str:
        return _FIELD.sub(lambda found: self._field(getattr(body, found[1]), found[2] or ""), pattern)

    def _field(self, value: Any, form: str) -> str:
        if isinstance(value, bool):
            yes, _, no = form.partition("|")
            return yes if value else no
        if isinstance(value, tuple) and form == "word":
            return ", ".join(map(_word, value))
        known: dict[str, Callable[[Any], str]] = {
            "word": _word, "person": self._name_of, "party": self._party, "mail": self._mail, "reporter": self._reporter,
            "proposal": self._proposal, "reply": self._reply, "part": self._part, "purpose": _purpose,
            "protection": lambda one: _PROTECTION.get(one, one),
            "number": str,
            "affected": lambda one: _AFFECTED[one],
            "signature": lambda one: _PROVED.get(one, one),
            "change": lambda one: _CHANGES.get(one, one),
            "rank": lambda one: one or "no security issue",
            "are": lambda some: f"{self._value(some)} {'are' if len(some) > 1 else 'is'}",
            "people": lambda some: ", ".join(self._quoted(one.address) for one in some),
        }  # fmt: skip
        return known[form](value) if form in known else self._value(value)

    def _value(self, value: Any) -> str:
        match value:
            case Instant():
                return self._when(value)
            case bool():
                return "yes"
            case int():
                return f"#{value}" if value > 0 else str(value)
            case Correspondent(name=name, address=address):
                return self._quoted(name or address)
            case dict():
                return "; ".join(f"{key}: {self._value(item)}" for key, item in value.items())
            case list() | tuple():
                return ", ".join(map(self._value, value))
            case msgspec.Struct():
                given = (getattr(value, name) for name in value.__struct_fields__)
                return " ".join(self._value(one) for one in given if one)
        text = "" if value is None else str(value)
        return grouped(text) if re.fullmatch(r"[0-9A-F]{40}", text) else self._quoted(text)

    def _party(self, party: str) -> str:
        return f"the {party}" if party in ("team", "reporter") else self._quoted(self._parties.get(address_key(party), party))

    def _reporter(self, report: str) -> str:
        """Name a reporter where the case has several."""
        found = self._reporters.get(report)
        return self._value(found) if found and len(self._reporters) > 1 else "the reporter"

    def _mail(self, mail: str) -> str:
        found = self._mails.get(MessageId(mail))
        if found is None:
            ours = next((one for one in self._replies.values() if one.mail == mail), None)
            if ours:
                return f"our mail to {self._people(ours)}"
            return f"the mail {self._quoted(mail)}" if _is_id(mail) else self._quoted(mail)
        who = found.sender if isinstance(found, MailArrived) else found.reporter
        came = f" of {self._when(found.arrived)}" if found.arrived else ""
        return f"the mail from {self._value(who)}{came}"

    def _proposal(self, proposal: str) -> str:
        found = self._proposals.get(proposal)
        return f"{self._when(found.until)}, proposed by {self._party(found.party)}" if found else self._quoted(proposal)

    def _reply(self, reply: str) -> str:
        found = self._replies.get(reply)
        if found is None:
            return "a reply"
        return f"{self._part(reply)} to {self._people(found)}"

    def _part(self, reply: str) -> str:
        """Name it by what it is for, without its recipients."""
        found = self._replies.get(reply)
        return f"the reply ({_word(found.purpose)})" if found and found.purpose else "the reply"

    def _share(self, body: ReplySent | ReplyFailed | ReplyDiscarded) -> str:
        """Say for how many it was taken, where not for all."""
        missed = len(body.refused) + len(body.put_off) if isinstance(body, ReplySent) else 0
        return f"; taken for {len(body.recipients) - missed} of {len(body.recipients)}" if missed else ""

    def _people(self, reply: ReplyQueued) -> str:
        return ", ".join(self._quoted(one.address) for one in reply.recipients)


def _is_id(text: str) -> bool:
    """Say whether it may be a Message-ID; a proof may also be a person's words, or what git says."""
    return "@" in text and not re.search(r"\s", text)


def _word(text: str) -> str:
    return text.replace("-", " ")


def _purpose(text: str) -> str:
    return f"a reply ({_word(text)})" if text else "a reply"
