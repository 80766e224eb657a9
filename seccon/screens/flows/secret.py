"""Asking for passwords, passphrases and PINs: nothing is typed twice that a safe keyring may keep, and a PIN is never kept."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from seccon.core.errors import CryptoError, SecretError
from seccon.core.ports import Phrase, Unlock
from seccon.desk.secret import KeepPassphrase, KeptPassphrase, RememberPassword, WantsPassword
from seccon.screens.flows.frame import Desk
from seccon.screens.form_screen import FormScreen
from seccon.widgets.form import Field

T = TypeVar("T")
_KEEP = {"no": "in memory, until the console ends", "yes": "in the keyring"}


_WAYS = {
    Unlock.TYPED: "type it here",
    Unlock.AGENT: "gpg-agent asks, by its own means",
}


async def with_secret_key(desk: Desk, act: Callable[[Phrase], Awaitable[T]]) -> T | None:
    """Do what needs a secret key, asking for what opens it until it does; None: the person leaves it. Raises what is no lock.

    The kept passphrase is tried before anybody is asked, once, and never on a card; what was typed is kept when it proved right.
    """
    phrase: Phrase = None
    typed = False
    while True:
        try:
            done = await act(phrase)
        except CryptoError as error:
            if not error.locked:
                raise
            kept = await kept_passphrase(desk) if phrase is None and not error.card else None
            typed = kept is None and not error.card
            phrase = kept or await _ask(desk, error)
            if phrase is None:
                return None
            continue
        if typed and isinstance(phrase, bytes) and desk.keeps_passphrase:
            await keep_passphrase(desk, phrase)
        return done


async def _ask(desk: Desk, error: CryptoError) -> Phrase:
    wished = desk.keeps_passphrase and not error.card
    fate = "It is kept in your keyring, as the configuration wishes." if wished else "It is used once and kept nowhere."
    given = await way_to_open(desk, "Sign or open" if error.card else "Passphrase", f"{error.sentence} {fate}", error.card)
    if given is None:
        return None
    return Unlock.AGENT if given[0] is Unlock.AGENT else given[1] or None


async def way_to_open(desk: Desk, title: str, said: str = "", card: str = "") -> tuple[Unlock, bytes | None] | None:
    """Ask for the passphrase or the card's PIN, or for the agent to ask; None: the person leaves it locked."""
    way = Field(
        "way", "how", "choice", Unlock.TYPED, tuple(_WAYS), shown={str(key): said for key, said in _WAYS.items()},
        help="A forwarded agent, or a pinentry with a window, asks by its own means: not on this terminal.",
    )  # fmt: skip
    word = Field("word", "its PIN" if card else "passphrase", "secret", help=said or "It is used once and kept nowhere.")
    given = await desk.wait_for(FormScreen(f"{title}: card {card}" if card else title, (word, way), does="go on"))
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
