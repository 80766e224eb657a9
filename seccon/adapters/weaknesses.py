"""Names of weaknesses (CWE), out of the table that is shipped; read when the first one is asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from seccon.adapters.shipped import find
from seccon.core.errors import ConfigError


class Weaknesses(Mapping[str, str]):
    """`CWE-787` -> `Out-of-bounds Write`."""

    @cached_property
    def _names(self) -> dict[str, str]:
        path = find("weaknesses", "cwe.tsv")
        if path is None:
            raise ConfigError("The table of weaknesses is not there.", "Install seccon anew.")
        lines = (line.partition("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
        return {name: said for name, _, said in lines if said}

    def __getitem__(self, name: str) -> str:
        return self._names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
