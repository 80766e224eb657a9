"""A key on a smartcard: signs and decrypts with its PIN; a missing, removed, wrong or blocked card is said in words (R9)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seccon.adapters.gpg.cipher import GpgCipher
from seccon.adapters.gpg.opener import Opener
from seccon.adapters.gpg.runner import Runner
from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.errors import CryptoError
from seccon.core.keys import Pins
from seccon.core.ports import Phrase, Unlock
from tests import envelope
from tests.cardsmith import NO_TERMINAL, PIN, SHOWN, CardHome

WORDS = "the quokkaberry secret\n"


@pytest.fixture(scope="module")
def made() -> Iterator[CardHome]:
    with CardHome() as home:
        yield home


@pytest.fixture
def home(made: CardHome) -> CardHome:
    """The card is in and new, the person knows its PIN."""
    made.configure(f"scdaemon-program {made.path / 'scd'}")
    made.card()
    made.pinentry(PIN)
    return made


def sealed(home: CardHome) -> bytes:
    return home.run("--armor", "--trust-model", "always", "-r", home.key, "--encrypt", input=WORDS.encode())


@pytest.mark.parametrize("phrase", [PIN.encode(), Unlock.AGENT])
def test_a_card_signs_and_opens_with_its_pin_typed_here_or_asked_by_the_agent(home: CardHome, phrase: Phrase) -> None:
    cipher = GpgCipher(str(home.path))
    secret = cipher.encrypt(WORDS.encode(), [home.key], home.key, phrase)
    assert f"VALIDSIG {home.key}".encode() in home.run("--status-fd", "1", "--decrypt", input=secret)
    home.card()
    assert cipher.decrypt(secret, phrase) == WORDS.encode()
    home.card()
    detached, _ = cipher.sign(b"text\r\n", home.key, phrase)
    assert b"BEGIN PGP SIGNATURE" in detached
    unlock, word = (Unlock.TYPED, phrase) if isinstance(phrase, bytes) else (Unlock.AGENT, None)
    home.card()
    assert Opener(Runner(str(home.path))).decrypt(secret, unlock, word).text == WORDS.encode()
    assert home.tries == 3


TROUBLES: dict[str, tuple[dict[str, Any], str, bool]] = {
    "no card": ({"serial": ""}, f"The card {SHOWN} has the secret key, and is not in the reader", True),
    "another card": ({"serial": "D2760001240103040006876543210000"}, f"The card {SHOWN} has the secret key", True),
    "a wrong PIN": ({"pin": "999999"}, f"The PIN of the card {SHOWN} is wrong", True),
    "the last wrong PIN": ({"tries": 0}, f"The PIN of the card {SHOWN} is blocked", False),
    "taken out": ({"error": 110}, f"The card {SHOWN} was taken out", True),
    "reset": ({"error": 109}, f"The card {SHOWN} was taken out", True),
    "broken": ({"error": 108}, f"The card {SHOWN} or its reader gave an error", False),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_is_wrong_with_a_card_is_said_in_words_that_name_it(home: CardHome, trouble: str) -> None:
    changes, words, mendable = TROUBLES[trouble]
    secret = sealed(home)
    home.card(**changes)
    opened = Opener(Runner(str(home.path))).decrypt(secret, Unlock.TYPED, PIN.encode())
    assert (opened.text, opened.card) == (None, SHOWN)
    assert words in opened.problem
    assert not opened.damaged
    home.card(**changes)
    for doing in (
        lambda: GpgCipher(str(home.path)).sign(b"x", home.key, PIN.encode()),
        lambda: GpgCipher(str(home.path)).encrypt(b"x", [home.key], home.key, PIN.encode()),
        lambda: GpgCipher(str(home.path)).decrypt(secret, PIN.encode()),
    ):
        with pytest.raises(CryptoError, match=words) as met:
            doing()
        assert (met.value.card, met.value.locked) == (SHOWN, mendable)
        home.card(**changes)


@pytest.mark.parametrize("serial", ["D2760001240103040006123456780000", ""])
def test_while_browsing_no_pin_is_asked_for_and_the_card_is_named(home: CardHome, serial: str) -> None:
    """The pinentry would know the PIN: nobody asks it. No try is used up."""
    home.card(serial=serial)
    opened = Opener(Runner(str(home.path))).decrypt(sealed(home))
    assert opened.text is None
    assert f"is on the card {SHOWN}" in opened.problem
    assert home.tries == 3


@pytest.mark.parametrize(
    ("daemon", "words"), [("scdaemon-program /nonexistent", "install scdaemon"), ("disable-scdaemon", "told to use none")]
)
def test_an_agent_that_can_talk_to_no_card_is_told_from_a_missing_card(home: CardHome, daemon: str, words: str) -> None:
    secret = sealed(home)
    home.configure(daemon)
    opened = Opener(Runner(str(home.path))).decrypt(secret, Unlock.TYPED, PIN.encode())
    assert words in opened.problem
    assert SHOWN in opened.problem
    with pytest.raises(CryptoError, match=words):
        GpgCipher(str(home.path)).sign(b"x", home.key, Unlock.AGENT)


def test_a_question_that_was_cancelled_and_one_that_could_not_be_put_are_two_things(home: CardHome) -> None:
    secret, opener = sealed(home), Opener(Runner(str(home.path)))
    home.pinentry("")
    assert f"The question for the card {SHOWN} or its PIN was cancelled." in opener.decrypt(secret, Unlock.AGENT).problem
    home.pinentry("", NO_TERMINAL)
    assert "pinentry has no screen" in opener.decrypt(secret, Unlock.AGENT).problem
    with pytest.raises(CryptoError, match="pinentry has no screen") as met:
        GpgCipher(str(home.path)).sign(b"x", home.key, Unlock.AGENT)
    assert met.value.locked


def test_a_mail_that_a_card_would_open_says_which_card(home: CardHome, tmp_path: Path) -> None:
    raw = envelope.mail(envelope.encrypted(home, home.key, envelope.plain(WORDS)))
    (tmp_path / "mail").write_bytes(raw)
    reader = Reader(str(home.path), GpgKeyring(str(home.path)))
    mail = reader.read(str(tmp_path / "mail"), Pins())
    assert mail.card == SHOWN
    assert mail.locked.startswith(f"The secret key is on the card {SHOWN}")
    home.card()
    opened = reader.read(str(tmp_path / "mail"), Pins(), Unlock.AGENT)
    assert (opened.text, opened.locked, opened.card) == (WORDS, "", "")


def test_a_passphrase_for_a_hidden_recipient_is_never_tried_on_a_card(home: CardHome) -> None:
    """gpg would try every key with it: three such mails from a stranger, and the card is blocked."""
    secret = home.run("--armor", "--trust-model", "always", "-R", home.key, "--encrypt", input=b"x")
    opener = Opener(Runner(str(home.path)))
    opened = opener.decrypt(secret, Unlock.TYPED, b"of another key")
    assert (opened.text, home.tries) == (None, 3)
    assert "hidden recipient" in opened.problem
    assert opener.decrypt(secret, Unlock.AGENT).text == b"x"
