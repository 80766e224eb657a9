"""`[gpg] keep = "passphrase"`: typed once and proved right, kept, used; where it is wrong or not to be had, that is said (R9)."""

from pathlib import Path

import pytest

from seccon.adapters.secrets import KeyringSecrets
from tests.e2e.stage import staged

_BACKEND = """
import os
from keyring.backend import KeyringBackend

class PasswordStoreBackend(KeyringBackend):
    priority = 1
    place = os.path.join(os.path.dirname(__file__), "kept")

    def get_password(self, service, name):
        if os.path.exists(self.place + ".locked"):
            raise RuntimeError("gpg: decryption failed")
        return open(self.place).read() if os.path.exists(self.place) else None

    def set_password(self, service, name, password):
        open(self.place, "w").write(password)
"""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a keyring of a trusted name keeps what it is given."""
    place = tmp_path / "keyring"
    place.mkdir()
    (place / "keyring_pass.py").write_text(_BACKEND)
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring_pass.PasswordStoreBackend")
    return place / "kept"


async def test_a_passphrase_that_opened_a_mail_is_kept_and_opens_the_next(tmp_path: Path, kept: Path) -> None:
    """What was mistyped is not kept; the second time nobody is asked."""
    with staged(tmp_path, passphrase="correct horse") as stage:
        stage.report()
        async with stage.console(passphrases=KeyringSecrets(server=False)) as hand:
            await hand.sees("#1 ")
            stage.gpg.forget()
            await hand.open_case()
            await hand.sees("🔒", "passphrase")
            await hand.press("u")
            await hand.at("FormScreen")
            await hand.give("wrong")
            await hand.hears("wrong")
            assert not kept.exists()
            await hand.until(lambda: hand.typing and not hand.typed, "asked again")
            await hand.give("correct horse")
            await hand.sees("quokkaberry")
            await hand.until(lambda: kept.exists() and kept.read_text() == "correct horse", "it is kept")
        stage.gpg.forget()
        async with stage.console(passphrases=KeyringSecrets(server=False)) as hand:
            await hand.sees("#1 ")
            await hand.open_case()
            await hand.sees("🔒", "passphrase")
            await hand.press("u")
            await hand.sees("quokkaberry")
            assert hand.place == "CaseScreen"


@pytest.mark.parametrize(("state", "words"), [("wrong", "With the passphrase out of the keyring"), ("locked", "did not give")])
async def test_a_kept_passphrase_that_is_wrong_or_locked_away_is_said_and_asked_for(
    tmp_path: Path, kept: Path, state: str, words: str
) -> None:
    kept.write_text("an older one")
    if state == "locked":
        kept.with_name("kept.locked").touch()
    with staged(tmp_path, passphrase="correct horse") as stage:
        stage.report()
        async with stage.console(passphrases=KeyringSecrets(server=False)) as hand:
            await hand.sees("#1 ")
            stage.gpg.forget()
            await hand.open_case()
            await hand.sees("🔒", "passphrase")
            await hand.press("u")
            await hand.at("FormScreen")
            await hand.until(lambda: words in " ".join(f"{hand.said} {hand.screen}".split()), words)
            await hand.give("correct horse")
            await hand.sees("quokkaberry")
            if state == "wrong":
                await hand.until(lambda: kept.read_text() == "correct horse", "the right one is kept instead")


async def test_a_passphrase_that_signed_a_reply_is_kept_and_a_mistyped_one_is_not(tmp_path: Path, kept: Path) -> None:
    kept.write_text("an older one")
    with staged(tmp_path, passphrase="correct horse") as stage:
        stage.report(encrypted=False)
        stage.pin_reporter()
        async with stage.console(passphrases=KeyringSecrets(server=False)) as hand:
            await hand.acknowledge()
            await hand.check()
            stage.gpg.forget()
            await hand.press("S")
            await hand.sees("The passphrase is wrong", "how")
            await hand.give("wrong")
            await hand.until(lambda: hand.typing and not hand.typed, "asked again")
            assert kept.read_text() == "an older one"
            await hand.give("correct horse")
            await hand.hears("Sent.")
            await hand.until(lambda: kept.read_text() == "correct horse", "it is kept")
        assert len(stage.box.taken) == 1
