"""One reader, with the keys and pins that all tests of reading mail share; a test file's own fixture of a name goes before."""

from pathlib import Path

import pytest

from seccon.adapters.keyring import GpgKeyring
from seccon.adapters.reader import Reader
from seccon.core.ids import Fingerprint
from seccon.core.keys import Pins
from seccon.core.ports import Unlock
from seccon.core.report import Mail
from tests.keysmith import GpgHome, shared, shared_key
from tests.reading import EVE, HOME, ROE, TEAM, Read


@pytest.fixture
def home() -> GpgHome:
    return shared(HOME)


@pytest.fixture
def roe() -> Fingerprint:
    return shared_key(HOME, ROE)


@pytest.fixture
def eve() -> Fingerprint:
    """A stranger's key, imported and even pinned to her own address: the hardest case."""
    return shared_key(HOME, EVE, "ed25519")


@pytest.fixture
def team() -> Fingerprint:
    return shared_key(HOME, TEAM)


@pytest.fixture
def read(home: GpgHome, roe: Fingerprint, eve: Fingerprint, tmp_path: Path) -> Read:
    """Read bytes as a mail; Roe's key and Eve's are pinned to their addresses."""
    reader = Reader(str(home.path), GpgKeyring(str(home.path)))
    known = Pins({"roe@example.org": roe, "eve@example.net": eve})

    def reading(raw: bytes, unlock: Unlock = Unlock.QUIET, *, pins: Pins | None = None, passphrase: bytes | None = None) -> Mail:
        path = tmp_path / "mail"
        path.write_bytes(raw)
        return reader.read(str(path), known if pins is None else pins, unlock, passphrase)

    return reading
