"""Mails that are kept byte for byte, because they are broken or hostile on purpose.

Their files hold no byte that could harm who looks at them: such bytes stand as `{hex:1b5d}`.
"""

import re
from datetime import UTC
from email.utils import format_datetime
from pathlib import Path

from seccon.core.errors import ConfigError
from seccon.core.ids import MessageId
from seccon.core.instants import Instant

_HEX = re.compile(rb"\{hex:([0-9a-f ]+)\}")
_REPEAT = re.compile(rb"\{repeat:(\d+):([^{}]+)\}")


def raw_letter(path: Path, mail: MessageId, written: Instant, arrived: Instant) -> bytes:
    """Fill in `{date}`, `{arrived}`, `{message-id}`, `{hex:…}`, `{repeat:COUNT:TEXT}`. Raises ConfigError."""
    try:
        message = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"The demo's mail {path} cannot be read: {error.strerror}.") from None
    for name, value in (
        ("date", format_datetime(written.astimezone(UTC))),
        ("arrived", format_datetime(arrived.astimezone(UTC))),
        ("message-id", mail),
    ):
        message = message.replace(f"{{{name}}}".encode(), value.encode())
    message = _REPEAT.sub(lambda found: found[2] * int(found[1]), message)
    return _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), message)
