"""The part of a long list that is held: blocks of rows, the newest-used kept. Pure bookkeeping, no drawing."""

from seccon.core.board import Row

BLOCK = 128
"""Rows that are asked for at once: more than two screens of most terminals."""
KEPT = 24
"""Blocks held at most: 3,072 rows, about 3 MiB."""


class Window:
    """Blocks of rows of a list of `total` rows. `generation` moves when the list becomes another one."""

    def __init__(self) -> None:
        self.total = 0
        self.generation = 0
        self._blocks: dict[int, tuple[Row, ...]] = {}
        self._asked: set[int] = set()

    def forget(self, total: int) -> None:
        """Start anew with a list of `total` rows."""
        self.total = total
        self.generation += 1
        self._blocks.clear()
        self._asked.clear()

    def put(self, start: int, rows: tuple[Row, ...]) -> None:
        """Take the block that begins at `start`; the longest-held block makes room."""
        self._asked.discard(start)
        self._blocks.pop(start, None)
        self._blocks[start] = rows
        while len(self._blocks) > KEPT:
            del self._blocks[next(iter(self._blocks))]

    def row(self, index: int) -> Row | None:
        """Give a row, if it is held."""
        if index < 0:
            return None
        block = self._blocks.get(index - index % BLOCK)
        if block is None or index % BLOCK >= len(block):
            return None
        return block[index % BLOCK]

    def find(self, number: int) -> int | None:
        """Find where a case stands among the rows that are held."""
        for start, block in self._blocks.items():
            for at, row in enumerate(block):
                if row.number == number:
                    return start + at
        return None

    def holds(self, first: int, end: int) -> bool:
        """Say whether every row from `first` to before `end` is here that exists at all."""
        return all(start in self._blocks for start in self._starts(first, end))

    def missing(self, first: int, end: int) -> tuple[int, ...]:
        """Name the blocks in this range that are neither here nor asked for, and count them as asked for."""
        starts = tuple(start for start in self._starts(first, end) if start not in self._blocks and start not in self._asked)
        self._asked.update(starts)
        return starts

    def _starts(self, first: int, end: int) -> range:
        first, end = max(first, 0), min(end, self.total)
        return range(first - first % BLOCK, end, BLOCK) if first < end else range(0)
