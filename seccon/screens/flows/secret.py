"""Asking for passwords, passphrases and PINs: nothing is typed twice that a safe keyring may keep, and a PIN is never kept."""

from seccon.core.errors import SecretError
from seccon.core.ports import Phrase, Unlock
from seccon.desk.secret import KeepPassphrase, KeptPassphrase, RememberPassword, WantsPassword
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Field

_KEEP = {"no": "in memory, until the console ends", "yes": "in the keyring"}


_WAYS = {
    Unlock.TYPED: "type it here",
    Unlock.AGENT: "gpg-agent asks (forwarded agent, a pinentry with a window)",
}


async def ask_passphrase(desk: Desk, said: str, *, card: str = "", again: bool = False) -> Phrase:
    """Give the kept passphrase, else ask; `again`: what was given before was wrong. With `card` it is a PIN: never kept."""
    kept = None if again or card else await kept_passphrase(desk)
    if kept is not None:
        return kept
    wished = desk.keeps_passphrase and not card
    fate = "It is kept in your keyring, as the configuration wishes." if wished else "It is used once and kept nowhere."
    given = await way_to_open(desk, "Sign or open" if card else "Passphrase", f"{said} {fate}", card)
    if given is None:
        return None
    way, word = given
    if way is Unlock.AGENT:
        return Unlock.AGENT
    if word and wished:
        await keep_passphrase(desk, word)
    return word or None


async def way_to_open(desk: Desk, title: str, said: str = "", card: str = "") -> tuple[Unlock, bytes | None] | None:
    """Ask for the passphrase or the card's PIN, or for the agent to ask; None: the person leaves it locked."""
    way = Field(
        "way", "how", "choice", Unlock.TYPED, tuple(_WAYS), shown={str(key): said for key, said in _WAYS.items()},
        help="A forwarded agent, or a pinentry with a window, asks by its own means: not on this terminal.",
    )  # fmt: skip
    word = Field("word", "its PIN" if card else "passphrase", "secret", help=said or "It is used once and kept nowhere.")
    given = await desk.wait_for(FormScreen(f"{title}: card {card}" if card else title, (word, way)))
    if given is None:
        return None
    how = Unlock(given["way"])
    return how, given["word"].encode() if how is Unlock.TYPED else None


async def keep_passphrase(desk: Desk, word: bytes) -> None:
    """Have the keyring keep a passphrase; that it does not is shown, and stops nothing."""
    try:
        await desk.ask(KeepPassphrase(passphrase=word))
    except SecretError as error:
        desk.show_error(error)


async def kept_passphrase(desk: Desk) -> bytes | None:
    """Give the passphrase that the keyring keeps, if the configuration wishes one kept; what is wrong with it is shown."""
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
