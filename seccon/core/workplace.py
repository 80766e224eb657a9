"""What the desk needs of the person's own place on the host: files that they name, and their editor. Protocols of few methods."""

from typing import Protocol


class Files(Protocol):
    """Files of the person. Raises StoreError with a sentence."""

    @property
    def place(self) -> str:
        """The private directory that is proposed for what is saved."""
        ...

    def save(self, directory: str, name: str, data: bytes) -> str:
        """Write a new file that nobody else can read, never over another one; give its path."""
        ...

    def put(self, path: str, data: bytes, *, private: bool) -> str:
        """Write the file that the person named, whole or not at all, also over what was there; give its path."""
        ...

    def read(self, path: str, limit: int) -> tuple[str, bytes]:
        """Give name and bytes of a plain file of at most `limit` bytes."""
        ...


class Editor(Protocol):
    """The editor that the person named in their environment. Raises StoreError with a sentence."""

    @property
    def warning(self) -> str:
        """What is to be known before it opens secret text; empty where it leaves nothing behind."""
        ...

    def edit(self, text: str) -> str:
        """Let the person edit on this terminal, and give what they made of it; no copy stays on disk."""
        ...

    def leftovers(self) -> tuple[str, ...]:
        """Give the directories that an editing left behind which did not end well."""
        ...
