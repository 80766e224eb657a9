"""Asking for passwords and passphrases: nothing is typed twice that a safe keyring may keep."""

from seccon.core.errors import SecretError
from seccon.desk.secret import KeepPassphrase, KeptPassphrase, RememberPassword, WantsPassword
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Field

_KEEP = {"no": "in memory, until the console ends", "yes": "in the keyring"}


async def ask_passphrase(desk: Desk, said: str, *, again: bool = False) -> bytes | None:
    """Give the kept passphrase, else ask; `again`: what was given before was wrong, so it is asked for."""
    kept = None if again else await _kept(desk)
    if kept is not None:
        return kept
    wished = desk.keeps_passphrase
    help_ = (
        f"{said} {'It is kept in your keyring, as the configuration wishes.' if wished else 'It is used once and kept nowhere.'}"
    )
    given = await desk.wait_for(FormScreen("Passphrase", (Field("word", "passphrase", "secret", help=help_),)))
    if not given or not given["word"]:
        return None
    word = given["word"].encode()
    if wished:
        try:
            await desk.ask(KeepPassphrase(passphrase=word))
        except SecretError as error:
            desk.show_error(error)
    return word


async def _kept(desk: Desk) -> bytes | None:
    if not desk.keeps_passphrase:
        return None
    try:
        found: bytes | None = await desk.ask(KeptPassphrase())
    except SecretError as error:
        desk.show_error(error)
        return None
    return found


async def ask_password(desk: Desk) -> None:
    """Ask for the mail server's password where it wants one and none is to be had; leaving the form leaves it so."""
    name: str = await desk.ask(WantsPassword())
    if not name:
        return
    given = await desk.wait_for(
        FormScreen(
            f"Password for {name.removeprefix('smtp:')}",
            (
                Field("word", "password", "secret", help="The mail server wants it. Without it the mail waits in the outbox."),
                Field(
                    "keep",
                    "keep it",
                    "choice",
                    "no",
                    tuple(_KEEP),
                    shown=_KEEP,
                    help="A keyring that keeps no secrets is refused.",
                ),
            ),
        )
    )
    if given and given["word"]:
        try:
            await desk.ask(RememberPassword(name=name, password=given["word"], keep=given["keep"] == "yes"))
        except SecretError as error:
            desk.show_error(error)
