"""What a person does with a mail in the outbox."""

from contextlib import suppress

from seccon.core.errors import ConflictError
from seccon.core.post import OutItem, OutState
from seccon.desk.hand_over import HandOver
from seccon.desk.outbox import ConfirmSent, Discard, SendAgain
from seccon.screens.flows.frame import Desk, record
from seccon.screens.flows.secret import ask_password
from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Field

_OPEN = (OutState.FAILED, OutState.PERHAPS, OutState.WAITING)


async def send(desk: Desk, item: OutItem | None) -> None:
    """Hand over what waits; what failed waits again first, what was perhaps sent only when the person says so twice."""
    if item is not None and item.state in _OPEN:
        sure = item.state is not OutState.PERHAPS
        if not sure:
            choice = Field(
                "sure", "send it again?", "choice", "no", ("no", "yes"), help="It was perhaps sent: they may get it twice."
            )
            given = await desk.wait_for(FormScreen("Perhaps sent", (choice,)))
            if not given or given["sure"] != "yes":
                return
        if not await _wake(desk, item, sure):
            return
    await ask_password(desk)
    meant: tuple[OutItem, ...] = await desk.ask(HandOver(items=(item.id,) if item and item.state in _OPEN else ()))
    for one in meant:
        if one.state is OutState.SENDING:
            desk.say(f"{one.label}: another console is handing it over.")
        else:
            desk.say(f"{one.label}: {one.state}. {one.problem}".strip(), wrong=one.state is not OutState.SENT)
    if not meant:
        desk.say("Nothing waits.")


async def _wake(desk: Desk, item: OutItem, sure: bool) -> bool:
    """Let it wait for the courier anew; what waited leaves by itself, perhaps just now."""
    if item.state is OutState.WAITING:
        with suppress(ConflictError):
            await desk.ask(SendAgain(item=item.id))
        return True
    return await record(desk, lambda: SendAgain(item=item.id, even_if_sent=not sure), "It is handed over now.")


async def discard(desk: Desk, item: OutItem | None) -> None:
    """Take it out, with the reason."""
    if item is not None:
        given = await desk.wait_for(FormScreen(f"Discard {item.label}", (Field("why", "why", help="Why is it not sent?"),)))
        if given is not None:
            await record(desk, lambda: Discard(item=item.id, why=given["why"]), "Discarded.")


async def confirm(desk: Desk, item: OutItem | None) -> None:
    """Say that it did arrive, with the evidence."""
    if item is not None:
        field = Field("evidence", "how known", help="How do you know that it arrived?")
        given = await desk.wait_for(FormScreen(f"{item.label} was sent", (field,)))
        if given is not None:
            await record(desk, lambda: ConfirmSent(item=item.id, evidence=given["evidence"]), "Recorded as sent.")
