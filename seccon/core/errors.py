"""What can go wrong, as sentences for the person who reads them. Raised where it is known, shown in one place."""


class SecconError(Exception):
    """A sentence that says what happened and where; `hint` says what to do about it."""

    exit_status = 2
    """What the command line exits with."""

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.sentence} {self.hint}".strip()


class ConfigError(SecconError):
    """The configuration or a policy cannot be used as it is."""


class StoreError(SecconError):
    """The mail store cannot answer."""


class MailNotFoundError(SecconError):
    """No such mail, or its file has vanished."""


class LedgerError(SecconError):
    """The ledger cannot be opened, read or written."""


class CryptoError(SecconError):
    """GnuPG could not do what was asked; nothing was produced.

    `locked` means that a passphrase, or another one, would help; `card` is the number of the smartcard that has the key.
    """

    def __init__(self, sentence: str, hint: str = "", *, locked: bool = False, card: str = "") -> None:
        super().__init__(sentence, hint)
        self.locked = locked
        self.card = card


class CourierError(SecconError):
    """The mail could not be handed over. `final` means that trying again will not help."""

    def __init__(self, sentence: str, hint: str = "", *, final: bool = False, perhaps_sent: bool = False) -> None:
        super().__init__(sentence, hint)
        self.final = final
        self.perhaps_sent = perhaps_sent


class CveServiceError(SecconError):
    """CVE Services did not do what was asked. `perhaps`: it may have been done all the same; what it reserved is listed there."""

    def __init__(self, sentence: str, hint: str = "", *, perhaps: bool = False) -> None:
        super().__init__(sentence, hint)
        self.perhaps = perhaps


class SecretError(SecconError):
    """A passphrase or password is not to be had."""


class ConflictError(SecconError):
    """Somebody else changed the case meanwhile; `since` are the entries that the asker had not seen."""

    def __init__(self, sentence: str, since: tuple[object, ...] = ()) -> None:
        super().__init__(sentence, "Look at what changed, then decide again.")
        self.since = since


class RefusedError(SecconError):
    """The process forbids it: which rule, in words, and where the rule comes from."""

    exit_status = 3

    def __init__(self, rule: str, sentence: str, source: str = "", hint: str = "") -> None:
        super().__init__(sentence, hint)
        self.rule = rule
        self.source = source

    def __str__(self) -> str:
        source = f" ({self.source})" if self.source else ""
        return f"{self.sentence}{source} {self.hint}".strip()


class RepositoryError(SecconError):
    """A local clone cannot be read, or git cannot say."""


class StoppedError(RepositoryError):
    """The person did not want to wait any longer; nothing was recorded."""
