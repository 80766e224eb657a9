"""What a reading of a mail has gathered: its parts, the text of them, the public keys that came along."""

from collections.abc import Iterator

from seccon.adapters.mime import pgp
from seccon.adapters.mime.bounds import MAX_KEYS, Bounds
from seccon.adapters.mime.content import text
from seccon.adapters.mime.entity import Entity
from seccon.adapters.mime.place import Place
from seccon.core.report import Heading, Part


class Harvest:
    """Parts in the order in which they stand in the mail; `wanted` is the path of one whose bytes are kept."""

    def __init__(self, bounds: Bounds, wanted: str | None = None) -> None:
        self._bounds = bounds
        self._wanted = wanted
        self.parts: list[Part] = []
        self.keys: list[bytes] = []
        self.content: bytes | None = None
        """The bytes of the part that was wanted."""

    def add(
        self,
        entity: Entity,
        place: Place,
        shown: str | None,
        data: bytes,
        *,
        inline: bool,
        truncated: bool = False,
        forwarded: Heading | None = None,
    ) -> None:
        """Take a part, with the text to show of it."""
        path = place.leaf_path()
        if path == self._wanted:
            self.content = data
        self.parts.append(
            Part(
                path=path,
                type=entity.type,
                charset=entity.params.get("charset") or None,
                filename=entity.filename,
                size=len(data),
                encrypted=place.encrypted,
                signed=place.signed,
                text=shown,
                truncated=truncated,
                inline=inline,
                forwarded=forwarded,
            )
        )

    def show(self, entity: Entity, data: bytes, place: Place, *, inline: bool, covered: bool = True) -> None:
        """Take a part whose bytes are text; `covered`: what protects them protects the part's header too."""
        shown, cut = text(entity, data, self._bounds, covered=covered)
        self.add(entity, place, shown, data, inline=inline, truncated=cut)

    def key(self, data: bytes) -> None:
        """Keep public keys that came with the mail."""
        for key in _keys(data):
            if len(self.keys) < MAX_KEYS and key not in self.keys:
                self.keys.append(key)


def _keys(data: bytes) -> Iterator[bytes]:
    """Give the keys in some bytes: each armoured block, or the whole."""
    blocks = [piece.data for piece in pgp.pieces(data) if piece.kind == "key"]
    for block in blocks or [data]:
        if pgp.is_key(block) is not None:
            yield block
