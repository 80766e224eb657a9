"""What a person does about the team: nominate, vouch, pledge, approve, leave, seats (features, H1)."""

from collections.abc import Callable, Sequence

from seccon.core.errors import RefusedError
from seccon.core.ids import MessageId, message_id
from seccon.core.team_view import TeamLine, TeamView
from seccon.desk.admit import Approve, CloseSeat, Decline, Leave, Nominate, OpenSeat, RecordPledge, TeamRequest, Vouch
from seccon.desk.read_team import ReadTeam
from seccon.screens.flows.frame import Desk, record
from seccon.screens.form_screen import FormScreen, Values
from seccon.widgets.form import Field

Make = Callable[[int, Values], TeamRequest]
"""Last entry of the team's file, values -> what is asked."""
Fields = Callable[[Values], Sequence[Field]]


async def nominate(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Let somebody be considered."""

    def fields(values: Values) -> tuple[Field, ...]:
        company = line.name if line is not None and line.standing == "seat" else ""
        return (
            _text("address", "address", values, "Where they write from: it is what the roster knows them by."),
            _text("name", "name", values, "What they are called."),
            _text("company", "company", values, "Whom they represent; a vendor's seat goes by this name.", company),
            _text("role", "role", values, "What they do there: security engineer, packager, coordinator …"),
            _text("key", "fingerprint", values, "Of their key, as they give it: all 40 digits. No trust until it is pinned."),
            _text("mail", "mail", values, "The Message-ID of the mail that asks for it, if one does."),
            _text("why", "why", values, "Why shall they join?"),
        )  # fmt: skip

    def make(seen: int, given: Values) -> TeamRequest:
        named = ("address", "name", "company", "role", "key", "why")
        return Nominate(seen=seen, mail=_mail(given), **{name: given[name] for name in named})

    await _fill(desk, view, "Nominate for the team", fields, make, "Nominated. A member vouches with v.")


async def vouch(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Give one's word for a nominee."""
    nominee = _one(line, "nominee", "vouch", "Go to a nominee, or nominate somebody with n.")

    def fields(values: Values) -> tuple[Field, ...]:
        return (
            _text("why", "how you know them", values, f"You vouch for {nominee.name} ({nominee.address}). How do you know them?"),
        )

    def make(seen: int, given: Values) -> TeamRequest:
        return Vouch(seen=seen, address=nominee.address, why=given["why"])

    await _fill(desk, view, f"Vouch for {nominee.name}", fields, make, "You vouched. The promise is recorded with p.")


async def pledge(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Record a promise to honour embargoes."""
    if line is None or line.standing not in ("nominee", "member"):
        raise RefusedError("pledge.whom", "Nobody who could promise it is at the cursor.", hint="Go to a nominee or a member.")

    def fields(values: Values) -> tuple[Field, ...]:
        return (
            _text("mail", "mail", values, f"The Message-ID of the mail in which {line.name} promises to honour embargoes."),
            _text("why", "how", values, "Where there is no such mail: how did they promise it?"),
        )

    def make(seen: int, given: Values) -> TeamRequest:
        return RecordPledge(seen=seen, address=line.address, proof=_mail(given), why=given["why"])

    await _fill(desk, view, f"The promise of {line.name}", fields, make, "The promise is recorded.")


async def approve(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Admit a nominee."""
    nominee = _one(line, "nominee", "approve", "Go to a nominee.")

    def fields(values: Values) -> tuple[Field, ...]:
        asked = f"{nominee.name} is a member at once: their mail is the team's, and they may decide."
        return (
            _text("login", "login", values, f"{asked} Their user on this host; empty: they have none, and only write mail."),
            _text("why", "why", values, "What should be known of it in a year?"),
        )

    def make(seen: int, given: Values) -> TeamRequest:
        return Approve(seen=seen, address=nominee.address, login=given["login"], why=given["why"])

    await _fill(
        desk, view, f"Approve {nominee.name}", fields, make, f"{nominee.name} is a member. Pin their key before you encrypt."
    )


async def leave(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Let a member leave, with what is to be rotated; decline a nominee; take a seat away."""
    if line is None or line.standing in ("own", "former"):
        raise RefusedError("leave.whom", "Nobody who could leave is at the cursor.", hint="Go to a member, a nominee or a seat.")
    if line.standing == "member":
        await _departure(desk, view, line)
        return
    said = "has no seat any more" if line.standing == "seat" else "does not join"

    def fields(values: Values) -> tuple[Field, ...]:
        return (_text("why", "why", values, f"{line.name} {said}. Why?"),)

    def make(seen: int, given: Values) -> TeamRequest:
        if line.standing == "seat":
            return CloseSeat(seen=seen, vendor=line.address, why=given["why"])
        return Decline(seen=seen, address=line.address, why=given["why"])

    await _fill(desk, view, f"{line.name} {said}", fields, make, "Recorded.")


async def _departure(desk: Desk, view: TeamView, line: TeamLine) -> None:
    names = {f"rotate:{place}": item for place, item in enumerate(view.rotate)}

    def fields(values: Values) -> tuple[Field, ...]:
        items = (
            Field(
                name,
                "rotate",
                "choice",
                values.get(name, "yes"),
                ("yes", "no"),
                {"yes": item, "no": f"no: {item}"},
                "Had they that?",
            )
            for name, item in names.items()
        )
        why = _text("why", "why", values, f"{line.name} leaves: their mail is not the team's from now on. Why?")
        more = _text("more", "also", values, "What else had they, that must be rotated? With ; between.")
        return (why, *items, more)

    def make(seen: int, given: Values) -> TeamRequest:
        rotate = [item for name, item in names.items() if given[name] == "yes"] + given["more"].split(";")
        return Leave(seen=seen, address=line.address, why=given["why"], rotate=tuple(rotate))

    await _fill(
        desk, view, f"{line.name} leaves the team", fields, make, "Recorded. What must be rotated stands with their line."
    )


async def seat(desk: Desk, view: TeamView, line: TeamLine | None) -> None:
    """Give a vendor a seat."""

    def fields(values: Values) -> tuple[Field, ...]:
        return (
            _text("vendor", "vendor", values, "Which vendor has a seat, also while nobody sits on it?"),
            _text("why", "why", values, "Why: which product, since when?"),
        )

    def make(seen: int, given: Values) -> TeamRequest:
        return OpenSeat(seen=seen, vendor=given["vendor"], why=given["why"])

    await _fill(desk, view, "A vendor's seat", fields, make, "The seat is there.")


async def _fill(desk: Desk, view: TeamView, title: str, fields: Fields, make: Make, said: str) -> None:
    """Ask until it is recorded or left; what was typed stays through refusals and conflicts."""
    values: Values = {}
    seen = view.seen
    while True:
        given = await desk.wait_for(FormScreen(title, fields(values)))
        if given is None:
            return
        values = given
        if await record(desk, lambda seen=seen, given=given: make(seen, given), said):  # type: ignore[misc]
            return
        seen = (await desk.ask(ReadTeam())).seen


def _one(line: TeamLine | None, standing: str, verb: str, hint: str) -> TeamLine:
    if line is None or line.standing != standing:
        raise RefusedError(f"{verb}.whom", f"No {standing} is at the cursor.", hint=hint)
    return line


def _text(name: str, label: str, values: Values, help: str, first: str = "") -> Field:
    return Field(name, label, value=values.get(name, first), help=help)


def _mail(given: Values) -> MessageId | None:
    return message_id(given["mail"]) if given.get("mail", "").strip() else None
