"""Triage and severity on one form; the suggestion follows the answers (features, T1 T2 T4 T5)."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

import msgspec

from seccon.core.journal.cases import Answer, Assessed
from seccon.core.policy import Consideration, Policy
from seccon.core.precedent import Precedent, told
from seccon.core.scoring import score
from seccon.core.second import Wish, difference, veiled
from seccon.core.severity import asked, suggest
from seccon.desk.assess import Assess, sealed
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.precedents import FindPrecedents
from seccon.desk.request import Request
from seccon.screens.flows.frame import Desk, fill
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

YesNo = Literal["yes", "no", "unknown"]
_ANSWERS = ("yes", "no", "unknown")
_NONE = "-"
_PROCESS = "process"
_WISHES = {_PROCESS: "as the process asks", "none": "no", "open": "yes, seeing mine", "blind": "yes, blind"}
_CVSS_HELP = {
    "optional": "Optional. V, on the case, makes one metric by metric.",
    "3.1": "The process rates by CVSS 3.1. V, on the case, makes a vector metric by metric.",
    "4.0": "The process rates by CVSS 4.0. V, on the case, makes a vector metric by metric.",
}


async def assess(desk: Desk, case: int, vector: str = "") -> None:
    """Rate a case, with the past cases in sight that are like it; `vector` is a CVSS vector that was made for it."""
    precedents: tuple[Precedent, ...] = await desk.ask(FindPrecedents(case=case))

    def form(view: CaseView, values: Values) -> FormScreen:
        return _form(view, values, precedents, vector, difference(view.case, desk.name_of))

    def request(view: CaseView, given: Values) -> Request:
        wish = cast("Wish", "" if given["second"] == _PROCESS else given["second"])
        return Assess(case=case, seen=view.case.seq, rating=msgspec.structs.replace(rating_from(given), second=wish))

    view: CaseView = await desk.ask(OpenCase(case=case))
    if veiled(view.case) and not view.case.closed:
        raise sealed(view.case, view.policy)
    await fill(desk, case, form, request, "The rating is recorded.")


def _form(view: CaseView, values: Values, precedents: Sequence[Precedent], vector: str, differ: str) -> FormScreen:
    both = (Line(plain(differ, lines=False, limit=200), "warn"),) if differ else ()
    before = values or (values_from(view.case.assessment.body) if view.case.assessment else {})
    if vector and not values:
        before = {**before, "cvss": vector}

    def laid_out(given: Mapping[str, str]) -> Sequence[Field]:
        return (*fields(view.policy, given), _wish(view, given))

    return FormScreen(
        f"Assess {view.case.label}  {view.row.subject if view.row else ''}",
        laid_out(before),
        advise=lambda given: (*both, *advice(view.policy, given), *_likened(precedents, given)),
        adapt=laid_out,
    )


def _wish(view: CaseView, values: Mapping[str, str]) -> Field:
    """Ask whether a colleague shall rate it too."""
    rule = view.policy.severity.second
    options = ("none", "open", "blind") if rule.how == "none" or view.case.work.seconds else (_PROCESS, "none", "open", "blind")
    help_ = "'blind': until a colleague has rated it too, nobody else is shown this rating, and nothing follows from it."
    said = " ".join(filter(None, (help_, rule.sentence)))
    value = values.get("second", options[0])
    return Field("second", "a colleague rates too", "choice", value, options, shown=_WISHES, help=said, source=rule.source)


def fields(policy: Policy, values: Mapping[str, str]) -> Sequence[Field]:
    """Lay out the policy's questions; those that follow from an answer come with it."""
    questions = {question.id: question for question in policy.severity.question}
    levels = {level.name: level for level in policy.severity.level}
    meaning = "  ".join(f"{name}: {level.meaning}." for name, level in levels.items())
    words = tuple(reversed(policy.severity.scale))

    def ask(name: str, label: str, kind: Literal["choice", "text"], options: tuple[str, ...] = (), default: str = "") -> Field:
        question = questions.get(name)  # type: ignore[call-overload]
        given = values.get(name, default)
        return Field(
            name, label, kind, given, options, help=question.ask if question else "", source=question.source if question else ""
        )

    found = [
        Field("", "Triage", "head"),
        ask("genuine", "genuine?", "choice", _ANSWERS, "unknown"),
        ask("misuse", "misuse possible?", "choice", _ANSWERS, "unknown"),
        ask("impact", "worst case, in words", "text"),
        Field(
            "apparent",
            "worst case, as rated",
            "choice",
            values.get("apparent", ""),
            words,
            help=meaning,
            source=policy.severity.source,
        ),
    ]
    considered = asked(policy, _answers(values))
    if considered:
        found.append(Field("", "Considerations (a note says why)", "head"))
    for one in considered:
        found += _consideration(one, values)
    found += [
        Field("", "Decision", "head"),
        Field("severity", "severity", "choice", values.get("severity", ""), (*words, _NONE),
              shown={_NONE: "not a security issue"},
              help=meaning, source=policy.severity.source),
        Field("why", "why", value=values.get("why", ""), help="Needed where you decide otherwise than the answers suggest."),
    ]  # fmt: skip
    if policy.severity.cvss != "none":
        found.append(Field("cvss", "CVSS vector", value=values.get("cvss", ""), help=_CVSS_HELP[policy.severity.cvss]))
    return found


def _consideration(one: Consideration, values: Mapping[str, str]) -> tuple[Field, Field]:
    lowers = f"  ('{one.lowers}' lowers the severity.)" if one.lowers != "never" else ""
    help_ = f"{one.ask}{lowers}"
    answer = Field(
        f"answer:{one.id}", one.id, "choice", values.get(f"answer:{one.id}", "unknown"), _ANSWERS, help=help_, source=one.source
    )
    return answer, Field(f"note:{one.id}", "  note", value=values.get(f"note:{one.id}", ""), help=help_, source=one.source)


def _answers(values: Mapping[str, str]) -> dict[str, Answer]:
    return {
        name.removeprefix("answer:"): Answer(cast("YesNo", value), values.get(f"note:{name.removeprefix('answer:')}", ""))
        for name, value in values.items()
        if name.startswith("answer:")
    }


def advice(policy: Policy, values: Mapping[str, str]) -> tuple[Line, ...]:
    """Say what the answers suggest, and what is still needed."""
    suggestion = suggest(
        policy, values.get("genuine", ""), values.get("misuse", ""), values.get("apparent", ""), _answers(values)
    )
    lines = [Line(suggestion.sentence, "strong" if suggestion.decided else "quiet")]
    chosen = values.get("severity", "")
    if chosen:
        why = f"; why: {plain(values['why'].strip(), lines=False, limit=60)}" if values.get("why", "").strip() else ""
        said = "not a security issue" if chosen == _NONE else chosen
        lines.append(Line(f"Decided: {said}{why}. G goes to the decision.", "quiet"))
    if not chosen:
        lines.append(Line("Not decided: G goes to the decision, at the end; choose the severity; then ^s records it.", "warn"))
    elif suggestion.decided and chosen.removeprefix(_NONE) != suggestion.word and not values.get("why", "").strip():
        lines.append(Line("You decide otherwise: write why.", "warn"))
    return (*lines, *_score(values))


def _likened(precedents: Sequence[Precedent], values: Mapping[str, str]) -> tuple[Line, ...]:
    """Say how like cases were rated."""
    return tuple(Line(plain(one, lines=False, limit=160), "quiet") for one in told(precedents, _answers(values)))


def _score(values: Mapping[str, str]) -> tuple[Line, ...]:
    """Say what the vector comes to, or what is wrong with it."""
    vector = values.get("cvss", "").strip()
    if not vector:
        return ()
    try:
        return (Line(str(score(vector)), "strong"),)
    except ValueError as error:
        return (Line(plain(f"{error}.", lines=False, limit=200), "warn"),)


def rating_from(values: Mapping[str, str]) -> Assessed:
    """Make the rating that stands on the form. Raises ValueError while no severity is chosen."""
    if not values.get("severity"):
        raise ValueError("Choose the severity, or 'not a security issue'.")
    return Assessed(
        genuine=cast("YesNo", values["genuine"]),
        misuse=cast("YesNo", values["misuse"]),
        impact=values["impact"],
        apparent=values["apparent"],
        answers=_answers(values),
        severity=values["severity"].removeprefix(_NONE),
        why=values["why"],
        cvss=values.get("cvss", ""),
    )


def values_from(rating: Assessed) -> Values:
    """Lay an earlier rating on the form."""
    values = {"genuine": rating.genuine, "misuse": rating.misuse, "impact": rating.impact, "apparent": rating.apparent}
    values |= {"severity": rating.severity or _NONE, "why": rating.why, "cvss": rating.cvss}
    for name, answer in rating.answers.items():
        values |= {f"answer:{name}": answer.answer, f"note:{name}": answer.note}
    return values
