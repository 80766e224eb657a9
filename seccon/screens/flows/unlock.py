"""Open an encrypted mail: on the person's action only (features, R9)."""

from collections.abc import Callable

from seccon.core.ids import MessageId
from seccon.core.ports import Unlock
from seccon.desk.read_mail import MailView, ReadMail
from seccon.screens.flows.frame import Desk
from seccon.screens.flows.secret import ask_passphrase
from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Field

_WAYS = {
    Unlock.TYPED: "type the passphrase here",
    Unlock.AGENT: "gpg-agent asks (forwarded agent, smartcard)",
}


async def unlock(desk: Desk, mail: MessageId, show: Callable[[MailView], None]) -> None:
    """Ask how, and read the mail so; a wrong passphrase is asked for again."""
    read: MailView = await desk.ask(ReadMail(mail=mail))
    if not read.mail.locked:
        show(read)
        desk.say("Nothing in this mail is locked.")
        return
    if desk.keeps_passphrase:
        kept = await ask_passphrase(desk, "The mail is encrypted.")
        if kept is not None:
            read = await desk.ask(ReadMail(mail=mail, unlock=Unlock.TYPED, passphrase=kept))
            show(read)
            if not read.mail.locked:
                return
    problem = ""
    while True:
        way = await way_to_open(desk, "Open an encrypted mail", problem)
        if way is None:
            return
        read = await desk.ask(ReadMail(mail=mail, unlock=way[0], passphrase=way[1]))
        show(read)
        if not read.mail.locked:
            return
        problem = read.mail.locked
        desk.say(problem, wrong=True)


async def way_to_open(desk: Desk, title: str, problem: str = "") -> tuple[Unlock, bytes | None] | None:
    """Ask for the passphrase, or for the agent to ask; None: the person leaves it locked."""
    way = Field(
        "way", "how", "choice", Unlock.TYPED, tuple(_WAYS), shown={str(key): said for key, said in _WAYS.items()},
        help="A forwarded agent or a smartcard asks by its own means: not on this terminal.",
    )  # fmt: skip
    word = Field("word", "passphrase", "secret", help=problem or "It is used once and kept nowhere.")
    given = await desk.wait_for(FormScreen(title, (word, way)))
    if given is None:
        return None
    how = Unlock(given["way"])
    return how, given["word"].encode() if how is Unlock.TYPED else None
