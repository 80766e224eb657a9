"""Open an encrypted mail: on the person's action only (features, R9)."""

from collections.abc import Callable

from seccon.core.ids import MessageId
from seccon.core.ports import Unlock
from seccon.desk.read_mail import MailView, ReadMail
from seccon.screens.flows.frame import Desk
from seccon.screens.flows.secret import keep_passphrase, kept_passphrase, way_to_open


async def unlock(desk: Desk, mail: MessageId, show: Callable[[MailView], None]) -> None:
    """Ask how, and read the mail so; a wrong passphrase is asked for again."""
    read: MailView = await desk.ask(ReadMail(mail=mail))
    if not read.mail.locked:
        show(read)
        desk.say("Nothing in this mail is locked.")
        return
    problem = read.mail.locked if read.mail.card else ""
    kept = None if read.mail.card else await kept_passphrase(desk)  # a card would count it as a wrong PIN
    if kept is not None:
        read = await desk.ask(ReadMail(mail=mail, unlock=Unlock.TYPED, passphrase=kept))
        show(read)
        if not read.mail.locked:
            return
        problem = f"With the passphrase out of the keyring: {read.mail.locked}"
    while True:
        card = read.mail.card
        way = await way_to_open(desk, "Open an encrypted mail", problem, card)
        if way is None:
            return
        read = await desk.ask(ReadMail(mail=mail, unlock=way[0], passphrase=way[1]))
        show(read)
        if not read.mail.locked:
            if way[1] is not None and desk.keeps_passphrase and not card:
                await keep_passphrase(desk, way[1])
            return
        problem = read.mail.locked
        desk.say(problem, wrong=True)
