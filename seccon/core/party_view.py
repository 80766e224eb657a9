"""Where each party of a case stands, in words: who can publish on the date, and what is missing of whom (features, F5)."""

from collections.abc import Iterator

import msgspec

from seccon.core.card import Tone
from seccon.core.case import Case
from seccon.core.facts import is_public, may_tell, told_go
from seccon.core.ids import MessageId, address_key
from seccon.core.instants import Instant
from seccon.core.journal.parties import PartyAnswered, PartyReady
from seccon.core.journal.work import PermissionRecorded
from seccon.core.party import Party
from seccon.core.policy import Policy

_PROVED = {"good": ", signed by them", "unproved": ", not proved to be theirs", "": ""}
_PURPOSES = {"party-invite": "told of it", "party-patch": "sent the patch", "party-date": "told the date", "party-go": "told: go"}


class PartyLine(msgspec.Struct, frozen=True):
    """One party. Texts that came from outside are still hostile here."""

    address: str
    label: str
    role: str
    permitted: bool
    told: Instant | None
    how: str
    """By what they were told last."""
    holds: int
    """The newest version of the patch that they have; 0: none."""
    affected: str
    """`yes`, `no`, `?`; empty: no answer yet."""
    patch: str
    state: str
    tone: Tone = ""
    gap: str = ""
    """What is missing, to stand behind the name in a sentence; empty: they can publish."""
    due: str = ""
    """What is to be done next about them: `permission`, `tell`, `go`, `patch`, `date`, `answer`; empty: nothing by us."""
    gone: bool = False
    said: tuple[tuple[str, str, Tone], ...] = ()
    """All that is known, each under its name."""

    @property
    def ready(self) -> bool:
        """They can publish."""
        return not self.gap and not self.gone


class Standing(msgspec.Struct, frozen=True):
    """What a party's state comes to."""

    state: str
    gap: str
    tone: Tone = ""
    due: str = ""


def party_lines(case: Case, policy: Policy) -> tuple[PartyLine, ...]:
    """Give everybody who takes part, in the order of invitation; then who was removed and knows."""
    parties = tuple(_line(case, policy, one) for one in case.work.parties)
    return (*parties, *(_line(case, policy, one, gone=True) for one in case.work.outside.knowing))


def readiness(lines: tuple[PartyLine, ...]) -> str:
    """Say in one line how near simultaneous release is, and what is missing of whom."""
    here = [line for line in lines if not line.gone]
    knows = [f"{line.label} takes part no longer, and knows" for line in lines if line.gone]
    if not here:
        return "; ".join(["Nobody outside takes part", *knows])
    ready = sum(line.ready for line in here)
    gaps = [f"{line.label} {line.gap}" for line in here if line.gap]
    said = f"All {len(here)}" if ready == len(here) > 1 else f"{ready} of {len(here)}"
    return "; ".join([f"{said} ready for simultaneous release", *gaps, *knows])


def _line(case: Case, policy: Policy, party: Party, *, gone: bool = False) -> PartyLine:
    newest = case.work.patch
    told = party.told[-1] if party.told else None
    found = Standing("removed, and knows", "", "warn") if gone else _standing(case, party)
    patch = f"v{party.holds} of {newest}" if newest and party.holds else "none" if newest else ""
    return PartyLine(
        address=party.address,
        label=party.label,
        role=party.role,
        permitted=may_tell(case, party.address) or is_public(case),
        told=party.told_at,
        how=_mail(case, told.mail) if told and told.mail else told.evidence if told else "",
        holds=party.holds,
        affected={"yes": "yes", "no": "no"}.get(party.affected, "?") if party.answered else "",
        patch=patch,
        state=found.state,
        tone=found.tone,
        gap=found.gap,
        due=found.due,
        gone=gone,
        said=tuple(_said(case, policy, party, gone=gone)),
    )


def _standing(case: Case, party: Party) -> Standing:
    """Give the first thing that stands between a party and its release."""
    embargo, newest = case.embargo, case.work.patch
    if not (may_tell(case, party.address) or is_public(case)):
        if party.told:
            return Standing(
                "told; a reporter must permit it (P)", "was told, and not every reporter permits it", "alarm", "permission"
            )
        return Standing("a reporter must permit it (P)", "may not be told yet", "warn", "permission")
    if party.wrote:
        return Standing(_wrote(case, party), "wrote: their word is to be recorded", "warn", "answer")
    if not party.told:
        return Standing("to be told (t)", "was not told yet", "warn", "tell")
    if party.affected == "no":
        if embargo.active and party.until != embargo.until and not is_public(case):  # what they know they keep until then
            return Standing("the date to be told (t)", "", "warn", "date")
        return Standing("not affected", "", "good")
    if is_public(case) and not told_go(case, party.address):
        return Standing("to be told: go (t)", "was not told that it is released", "warn", "go")
    if party.holds < newest:
        holds = f"holds v{party.holds} of {newest}" if party.holds else "holds no patch yet"
        return Standing(f"v{newest} to be sent (t)", holds, "warn", "patch")
    if embargo.active and party.until != embargo.until:
        return Standing("the date to be told (t)", "was not told the date in force", "warn", "date")
    return _waited_for(case, party)


def _waited_for(case: Case, party: Party) -> Standing:
    """Say what we wait for: nothing here is for us to do."""
    if party.ready is not None and not party.ready.ready:
        return Standing(f"cannot publish: {party.ready.why}".rstrip(": "), "cannot publish", "alarm")
    if party.is_ready(case.work.patch):
        return Standing("ready", "", "good")
    if party.answered is None:
        return Standing("no answer yet", "has not answered", "quiet")
    return Standing("not ready yet", "is not ready", "quiet")


def _wrote(case: Case, party: Party) -> str:
    when = next((one.arrived for one in case.mails if one.mail == party.wrote[-1]), None)
    return f"wrote {when:%m-%d}: record it (a)" if when else "wrote: record it (a)"


def _said(case: Case, policy: Policy, party: Party, *, gone: bool) -> Iterator[tuple[str, str, Tone]]:
    agrees = "; agrees to the date" if party.agrees or "parties" in policy.embargo.agree else ""
    yield "party", f"{party.role}{agrees}{'; removed: what they were told they know' if gone else ''}", "warn" if gone else ""
    for report in case.reports:
        yield _permission(case, party, report.id, report.reporter.name or report.reporter.address)
    for told in party.told:
        by = f"by {_mail(case, told.mail)}" if told.mail else told.evidence
        extra = [f"with v{told.patch}"] if told.patch else []
        extra += [f"for the date {told.until:%Y-%m-%d %H:%M}Z"] if told.until else []
        when = f"{told.when:%Y-%m-%d %H:%M}Z " if told.when else ""
        yield "told", ", ".join([f"{when}{by}", *extra]), ""
    for name, word, text in (("answer", party.answered, _answer), ("ready", party.ready, _ready)):
        if word is not None:
            doubt: Tone = "warn" if word.signature == "unproved" else ""
            yield name, f"{text(word)}{_source(case, word)}", doubt
    for mail in party.wrote:
        yield "wrote", f"{_mail(case, mail)}: a records what it says", "warn"
    for one in case.mails:
        if one.joined and address_key(one.party) == address_key(party.address):
            yield "wrote", f"{one.sender.address}, who is not {party.address}, on their thread", "alarm"


def _permission(case: Case, party: Party, report: MessageId, who: str) -> tuple[str, str, Tone]:
    wanted = (address_key(party.address), "anyone")
    said = [one for one in case.work.permissions if one.report == report and address_key(one.whom) in wanted]
    word: PermissionRecorded | None = said[-1] if said else None
    if word is None:
        return "permitted", f"{who} has not said so yet (P)", "warn"
    proof = _mail(case, word.proof) if word.proof else word.why
    return "permitted", f"{who} {'permits' if word.granted else 'forbids'} it: {proof}", "" if word.granted else "alarm"


def _answer(word: PartyAnswered | PartyReady) -> str:
    words = {"yes": "affected", "no": "not affected", "unknown": "not known yet whether affected"}
    return words[word.affected] if isinstance(word, PartyAnswered) else ""


def _ready(word: PartyAnswered | PartyReady) -> str:
    if not isinstance(word, PartyReady):
        return ""
    return f"{'can' if word.ready else 'cannot'} publish{f' with v{word.patch}' if word.patch else ''}"


def _source(case: Case, word: PartyAnswered | PartyReady) -> str:
    by = f", by their {_mail(case, word.mail)}{_PROVED[word.signature]}" if word.mail else ""
    return f"{by}{f': {word.why}' if word.why else ''}"


def _mail(case: Case, mail: MessageId | None) -> str:
    """Name a mail by its day: nobody reads a Message-ID."""
    sent = next((one for one in case.replies if one.queued.mail == mail), None)
    if sent is not None:
        return f"our mail of {sent.when or sent.at:%m-%d %H:%M} ({_PURPOSES.get(sent.queued.purpose, 'written freely')})"
    came = next((one for one in case.mails if one.mail == mail), None)
    return f"mail of {came.arrived:%m-%d %H:%M}" if came and came.arrived else "mail"
