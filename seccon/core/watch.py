"""How long work tells how far it is, and hears that nobody waits for it any more. Shared by two threads; plain attributes."""


class Watch:
    """One piece of work. Who does it calls `tell`; who waits for it reads `said`, `done`, `total`, or calls `stop`."""

    def __init__(self) -> None:
        self.said = ""
        self.done = 0
        self.total = 0
        self.stopped = False

    def tell(self, said: str, done: int = 0, total: int = 0) -> None:
        """Say what is being done."""
        self.said, self.done, self.total = said, done, total

    def stop(self) -> None:
        """Have it end as soon as it can; nothing is recorded then."""
        self.stopped = True
