"""The CVSS vector of a case, metric by metric, with the score that it comes to (features, T3)."""

from collections.abc import Mapping
from functools import partial

import msgspec

from seccon.core.errors import RefusedError
from seccon.core.policy import Policy
from seccon.core.scoring import VERSIONS, Version, metrics, read, score, version_of, write
from seccon.core.second import Wish, veiled
from seccon.core.second import given as given_
from seccon.desk.assess import Assess, sealed
from seccon.desk.open_case import CaseView, OpenCase
from seccon.desk.request import Request, require_open
from seccon.screens.flows.assess import assess
from seccon.screens.flows.frame import Desk, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field
from seccon.widgets.line_view import Line
from seccon.widgets.plain import plain

_GROUPS = {"E": "Threat (may be left)", "CR": "Environment (may be left)"}
"""Metrics before which a new group begins, in both versions."""


async def cvss(desk: Desk, case: int) -> None:
    """Make a vector; it goes into the rating, or, where there is none yet, onto the form of the first."""
    values: Values = {}
    while True:
        view: CaseView = await desk.ask(OpenCase(case=case))
        require_open(view.case)
        if veiled(view.case):
            raise sealed(view.case, view.policy)
        if view.policy.severity.cvss == "none":
            raise RefusedError("severity.cvss", "The process does not rate by CVSS.", view.policy.severity.source)
        given = await desk.wait_for(_form(view, values or _before(view)))
        if given is None:
            return
        values = given
        try:
            vector = score(_vector(values)).vector
        except ValueError as error:
            desk.say(_sentence(error), wrong=True)
            continue
        if view.case.assessment is None:
            await assess(desk, case, vector)
            return
        if await record(desk, partial(_request, view, vector), f"Recorded: {score(vector)}."):
            return


def _request(view: CaseView, vector: str) -> Request:
    if view.case.assessment is None:
        raise ValueError("Nobody has rated the case yet: s rates it.")
    wish: Wish = "none" if given_(view.case) else view.case.assessment.body.second
    rating = msgspec.structs.replace(view.case.assessment.body, cvss=vector, second=wish)
    return Assess(case=view.case.number, seen=view.case.seq, rating=rating)


def _before(view: CaseView) -> Values:
    """Lay the vector that is recorded on the form."""
    vector = view.case.assessment.body.cvss if view.case.assessment else ""
    try:
        return {"version": version_of(vector), **{f"m:{name}": value for name, value in read(vector).items()}} if vector else {}
    except ValueError:
        return {}  # what an older version recorded unchecked


def _form(view: CaseView, values: Values) -> FormScreen:
    title = f"CVSS of {view.case.label}  {view.row.subject if view.row else ''}"
    return FormScreen(title, _fields(view.policy, values), advise=_advice, adapt=partial(_fields, view.policy))


def _fields(policy: Policy, values: Values) -> tuple[Field, ...]:
    wanted = policy.severity.cvss
    offered = VERSIONS if wanted == "optional" else tuple(one for one in VERSIONS if one == wanted)
    version = _version(values, offered[-1])
    found = [Field("version", "CVSS version", "choice", version, offered, help="Which version the process asks for."),
             Field("", "Base", "head")]  # fmt: skip
    for metric in metrics(version):
        if metric.id in _GROUPS:
            found.append(Field("", _GROUPS[metric.id], "head"))
        name = f"m:{metric.id}"
        default = "" if metric.must_be_set else "X"
        value = values.get(name, default)
        value = value if value in metric.values else default
        help_ = f"{metric.id}: {metric.name}. {', '.join(metric.values.values())}."
        shown = {**metric.values, "": "–"}
        found.append(
            Field(name, f"{metric.id:<4}{_short(metric.name)}", "choice", value, tuple(metric.values), shown=shown, help=help_)
        )  # fmt: skip
    return tuple(found)


def _short(name: str) -> str:
    """Leave room for what tells one metric from the next; the help has the whole name."""
    return name.replace(" System Impact ", ": ")


def _version(values: Mapping[str, str], otherwise: Version) -> Version:
    return next((one for one in VERSIONS if one == values.get("version")), otherwise)


def _vector(values: Mapping[str, str]) -> str:
    given = {name.removeprefix("m:"): value for name, value in values.items() if name.startswith("m:")}
    return write(_version(values, VERSIONS[-1]), given)


def _sentence(error: ValueError) -> str:
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."


def _advice(values: Values) -> tuple[Line, ...]:
    """Say the score as it stands."""
    try:
        found = score(_vector(values))
    except ValueError as error:
        return (Line(plain(_sentence(error), lines=False, limit=160), "warn"),)
    tone = "alarm" if found.value >= 7 else "warn" if found.value >= 4 else "good"
    return (Line(f"{found.value:.1f}  {found.rating}", tone), Line(found.vector, "quiet"))
