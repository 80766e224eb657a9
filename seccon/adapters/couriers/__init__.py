"""Couriers: the ways in which mail leaves. Each hands one mail over and says in words what happened."""

from typing import Literal, Protocol

from seccon.core.ports import Courier, Secrets


class CourierChoice(Protocol):
    """What the configuration says of `[courier]`."""

    @property
    def kind(self) -> Literal["sendmail", "smtp", "maildir"]: ...
    @property
    def command(self) -> tuple[str, ...]: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def security(self) -> Literal["tls", "starttls", "none"]: ...
    @property
    def user(self) -> str: ...
    @property
    def path(self) -> str: ...


def courier_of(choice: CourierChoice, secrets: Secrets) -> Courier:
    """Make the courier that is configured; the password is asked for when a server wants it."""
    match choice.kind:
        case "smtp":
            from seccon.adapters.couriers.smtp import Smtp

            name = f"smtp:{choice.user}@{choice.host}"  # `CourierTable.secret`: the console remembers under it what is typed
            return Smtp(
                choice.host, choice.port or None, choice.security, choice.user, lambda: secrets.password(name),
                refused=lambda: secrets.refused(name),
            )  # fmt: skip
        case "maildir":
            from seccon.adapters.couriers.maildir import Maildir

            return Maildir(choice.path)
        case _:
            from seccon.adapters.couriers.sendmail import Sendmail

            return Sendmail(choice.command)
