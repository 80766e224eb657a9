"""The advisory's words, and what a person lets pass at the gate (features, D2 D3). Nothing is filled in from mails."""

from collections.abc import Sequence

import msgspec

from seccon.core.case import Case
from seccon.core.errors import RefusedError
from seccon.core.gate import gate
from seccon.core.ids import cve_id
from seccon.core.instants import Instant
from seccon.core.journal import Body
from seccon.core.journal.disclosure import AdvisorySet, Reference
from seccon.core.policy import Policy
from seccon.desk.request import CaseRequest


class SetAdvisory(CaseRequest, frozen=True, kw_only=True):
    """Write the words anew; what was let pass stays so."""

    words: AdvisorySet

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write them, trimmed; a date that a person sets needs its reason. Raises RefusedError."""
        before = case.work.advisory or AdvisorySet()
        words = msgspec.structs.replace(_trimmed(self.words), passed=before.passed)
        if words == before:
            raise RefusedError("advisory.same", "These are the advisory's words already.")
        if (words.reported or words.published or words.fixed) and not words.dates_because:
            hint = "Clear the date, or say why it is another one."
            raise RefusedError("advisory.dates", "Write why a date is set by hand.", policy.advisory.source, hint)
        return (words,)


class PassFinding(CaseRequest, frozen=True, kw_only=True):
    """Let one finding of the gate pass, with the reason; an empty reason takes that back."""

    finding: str
    why: str

    def decide(self, case: Case, policy: Policy, now: Instant) -> Sequence[Body]:
        """Write it. Raises RefusedError for what is not found, and for what nobody may let pass."""
        words = case.work.advisory or AdvisorySet()
        why = " ".join(self.why.split())
        if not why:
            if self.finding not in words.passed:
                raise RefusedError("gate.why", "Write why it may pass.", "features D3")
            kept = {name: said for name, said in words.passed.items() if name != self.finding}
            return (msgspec.structs.replace(words, passed=kept),)
        found = next((one for one in gate(case, policy, now) if one.id == self.finding), None)
        if found is not None and not found.passable:
            raise RefusedError("gate.embargo", f"{found.sentence} Nobody can let that pass.", policy.embargo.source)
        if found is None and self.finding.partition(":")[0] not in _ABOUT_TEXTS:
            raise RefusedError("gate.none", "The gate finds nothing of the kind (any more).")
        return (msgspec.structs.replace(words, passed={**words.passed, self.finding: why}),)


_ABOUT_TEXTS = (
    "cve.taken", "notice.taken", "text.other",
    "cve.other", "cve.absent", "notice.other", "dates.other", "credits.unwanted", "credits.absent",
)  # fmt: skip
"""Findings about what is not the case's: other cases, an announcement that lies before the person."""


def references(text: str) -> tuple[Reference, ...]:
    """Read links from a line: each may have its kind before it, `fix: https://…`; `;` or a space stands between them."""
    found: list[Reference] = []
    kind = "web"
    for word in text.replace(";", " ").split():
        if word.removesuffix(":") in _KINDS and word.endswith(":"):
            kind = word.removesuffix(":")
        else:
            found.append(Reference(word, kind))  # type: ignore[arg-type]
            kind = "web"
    return tuple(found)


def written(given: Sequence[Reference]) -> str:
    """Write links as `references` reads them."""
    return " ".join(one.url if one.kind == "web" else f"{one.kind}: {one.url}" for one in given)


_KINDS = ("advisory", "fix", "report", "web", "article")


def _trimmed(words: AdvisorySet) -> AdvisorySet:
    try:
        also = tuple(cve_id(one) for one in words.also)
    except ValueError as error:
        raise RefusedError("cve.form", f"{error}.") from None
    plain = {
        name: getattr(words, name).strip()
        for name in ("title", "description", "impact", "workaround", "cwe", "notice", "deployable", "dates_because")
    }
    plain["cwe"] = plain["cwe"].upper()
    return msgspec.structs.replace(words, also=also, **plain)
