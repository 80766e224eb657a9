"""Severity: what the answers suggest, with reasons that a reporter could be sent. A person decides (features, T1 T2)."""

from collections.abc import Mapping

import msgspec

from seccon.core.errors import RefusedError
from seccon.core.journal.cases import Answer, Assessed
from seccon.core.plural import count
from seccon.core.policy import Consideration, Policy


class Suggestion(msgspec.Struct, frozen=True):
    """`word` is on the scale, or empty: no security issue. `decided` is False while too little is known to suggest."""

    word: str
    reasons: tuple[str, ...]
    decided: bool = True

    @property
    def sentence(self) -> str:
        """The suggestion and its reasons in one sentence."""
        if not self.decided:
            return "Nothing is suggested yet: " + "; ".join(self.reasons) + "."
        verdict = f"Suggested: {self.word}" if self.word else "Suggested: not a security issue"
        return f"{verdict}, because " + "; ".join(self.reasons) + "."


def asked(policy: Policy, answers: Mapping[str, Answer]) -> tuple[Consideration, ...]:
    """Give the considerations that are to be asked, given the answers so far."""
    return tuple(
        one
        for one in policy.severity.consideration
        if all(answers.get(other, _OPEN).answer == wanted for other, wanted in one.only_if.items())
    )


_OPEN = Answer(answer="unknown")


def suggest(policy: Policy, genuine: str, misuse: str, apparent: str, answers: Mapping[str, Answer]) -> Suggestion:
    """Suggest a severity from the questions and considerations of the policy."""
    if genuine == "no":
        return Suggestion("", ("the issue is not genuine",))
    if misuse == "no":
        return Suggestion("", ("it cannot be misused for malicious purposes",))
    lowering = [one for one in asked(policy, answers) if answers.get(one.id, _OPEN).answer == one.lowers]
    reasons = tuple(_reason(one, answers) for one in lowering)
    if lowering and len(lowering) == sum(one.lowers != "never" for one in asked(policy, answers)):
        return Suggestion("", (*reasons, "no consideration speaks for a security impact"))
    if lowering:
        word = policy.severity.lowered or policy.severity.scale[0]
        if policy.rank(apparent) >= 0 and policy.rank(apparent) < policy.rank(word):
            word = apparent
        return Suggestion(word, reasons)
    if policy.rank(apparent) < 0:
        return Suggestion("", ("the worst-case impact is not rated",), decided=False)
    unknown = sum(answers.get(one.id, _OPEN).answer == "unknown" for one in asked(policy, answers))
    still = f"{count(unknown, 'consideration is', 'considerations are')} open"
    reasons = (f"its worst case is {apparent}", still if unknown else "nothing lowers it")
    return Suggestion(apparent, reasons if policy.severity.consideration else reasons[:1])


def _reason(one: Consideration, answers: Mapping[str, Answer]) -> str:
    note = answers[one.id].note.strip() if one.id in answers else ""
    return f"{one.because} ({note})" if note else one.because


def check(policy: Policy, rating: Assessed) -> Assessed:
    """Give the rating with the suggestion that its answers make. Raises RefusedError for what the process does not allow."""
    if rating.severity and policy.rank(rating.severity) < 0:
        scale = ", ".join(policy.severity.scale)
        raise RefusedError("severity.scale", f"'{rating.severity}' is not on the scale ({scale}).", policy.severity.source)
    suggestion = suggest(policy, rating.genuine, rating.misuse, rating.apparent, rating.answers)
    if suggestion.decided and rating.severity != suggestion.word and not rating.why.strip():
        wanted = suggestion.word or "not a security issue"
        raise RefusedError(
            "severity.why",
            f"The answers suggest '{wanted}', the decision is '{rating.severity or 'not a security issue'}'.",
            policy.severity.source,
            "Write why you decide otherwise.",
        )
    if not rating.severity and not suggestion.decided and not rating.why.strip():
        raise RefusedError("severity.why", "No severity is chosen.", policy.severity.source, "Choose one, or write why not.")
    vector = _vector(policy, rating)
    return msgspec.structs.replace(rating, suggested=suggestion.word if suggestion.decided else "", cvss=vector)


def _vector(policy: Policy, rating: Assessed) -> str:
    """Give the rating's CVSS vector in its one written form, as far as the process wants one (features, T3)."""
    from seccon.core.scoring import score

    wanted, source = policy.severity.cvss, policy.severity.source
    if not rating.cvss.strip():
        if wanted in ("optional", "none") or not rating.severity:
            return ""
        raise RefusedError(
            "severity.cvss", f"The process rates by CVSS {wanted}, and there is no vector.", source, "V makes one."
        )
    if wanted == "none":
        raise RefusedError("severity.cvss", "The process does not rate by CVSS.", source, "Take the vector out.")
    try:
        found = score(rating.cvss)
    except ValueError as error:
        raise RefusedError("severity.cvss", f"{error}.", source, "V makes a vector metric by metric.") from None
    if wanted not in ("optional", found.version):
        raise RefusedError("severity.cvss", f"The process rates by CVSS {wanted}, the vector is of {found.version}.", source)
    return found.vector
