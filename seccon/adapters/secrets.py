"""Passwords: from the desktop's keyring if its backend is a safe one, from a command, or typed and then in memory only.

What is asked, a keyring or a command, runs without a terminal: a pinentry that draws would draw over the console. What was typed
is never written anywhere.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from seccon.adapters.couriers.wording import said
from seccon.adapters.ring import Answer
from seccon.core.errors import SecretError

_LIMIT = 60
"""Seconds for a keyring or a command: a person may have to type a PIN elsewhere."""
_HOUSE = str(Path(__file__).resolve().parents[2])
_ASK = "import sys; sys.path.insert(0, sys.argv.pop(1)); from seccon.adapters.ring import main; main()"
_UNLOCK = "Unlock it, then try again: a desktop's by its own means; pass by `pass show` in another terminal, which opens its key."
_INSTALL = "install keyring-pass, which suits a host without a desktop; else it is asked for and kept in memory."
_COMMAND = 'Set password_command in [{table}], such as ["pass", "show", "NAME"], or '


class KeyringSecrets:
    """Gives passwords by name, such as `smtp:user@host`. Only a server's (`server`) may come from a command."""

    def __init__(
        self, command: Sequence[str] = (), *, server: bool = True, limit: float = _LIMIT, table: str = "courier"
    ) -> None:
        self._command = tuple(command)
        self._ways_out = f"{_COMMAND.format(table=table)}{_INSTALL}" if server else f"{_INSTALL[0].upper()}{_INSTALL[1:]}"
        self._limit = limit
        self._typed: dict[str, str] = {}
        self._given: dict[str, str | None] = {}
        self._wrong: dict[str, str | None] = {}

    def remember(self, name: str, password: str) -> None:
        """Keep what a person typed, in memory, until the program ends."""
        self._typed[name] = password
        self._wrong.pop(name, None)

    def refused(self, name: str) -> None:
        """Forget what was typed; what the keyring keeps is given again only when it is another. A command is asked anew."""
        self._typed.pop(name, None)
        self._wrong[name] = self._given.pop(name, None)

    def password(self, name: str) -> str | None:
        """Give the password kept under `name`; None where there is none. Raises SecretError with the ways out."""
        if name in self._typed:
            found: str | None = self._typed[name]
        elif self._command:
            return self._ask_command()
        else:
            found = self._ask_keyring("get", name, "give")
        self._given[name] = found
        return None if found == self._wrong.get(name) else found

    def keep(self, name: str, password: str) -> None:
        """Keep a password in the keyring. Raises SecretError where there is no safe one, or it does not take it."""
        self._ask_keyring("put", name, "take", password)

    def check(self) -> tuple[str, ...]:
        """Say what is wrong with where passwords come from; asks for none."""
        if self._command:
            import shutil

            found = shutil.which(self._command[0])
            return () if found else (f"password_command: {self._command[0]} is not there or cannot be run.",)
        try:
            self._ask_keyring("look", "", "answer")
        except SecretError as error:
            return (str(error),)
        return ()

    def _ask_command(self) -> str:
        """Run the command; its first line is the password."""
        told = f"password_command {self._command[0]}"
        code, out, err = _run(self._command, b"", self._limit, told)
        password = out.split(b"\n")[0].decode("utf-8", "replace")
        if code != 0 or not password:
            why = f": {said(err)}" if err.strip() else ""
            raise SecretError(f"{told} ended with status {code}{why}.", "Run it by hand.")
        return password

    def _ask_keyring(self, verb: str, name: str, doing: str, password: str = "") -> str | None:
        """Have a process of its own ask. Raises SecretError, which names the backend."""
        command = (sys.executable, "-P", "-c", _ASK, _HOUSE, verb, name)
        code, out, err = _run(command, password.encode("utf-8", "surrogateescape"), self._limit, "The keyring")
        try:
            answer = msgspec.json.decode(out, type=Answer)
        except msgspec.DecodeError:
            sentence = f"The keyring ended with status {code}: {said(err) or 'it said nothing'}."
            raise SecretError(sentence, self._ways_out) from None
        if answer.backend and answer.problem:
            why = said(_gpg_lines(err) or err) or said(answer.problem)
            raise SecretError(f"The keyring {answer.backend} did not {doing} the password: {why}.", _UNLOCK)
        if answer.unsafe:
            found = ", ".join(answer.unsafe)
            sentence = f"The keyring found is {found}: it does not keep secrets safely, and is not used."
            raise SecretError(sentence, self._ways_out)
        if not answer.backend:
            raise SecretError(f"No keyring can be used: {said(err) or said(answer.problem) or 'none was found'}.", self._ways_out)
        return answer.password


def _gpg_lines(told: bytes) -> bytes:
    """Give the lines in which gpg, below a backend, says what is wrong; `pass` has harmless ones of mkdir behind them."""
    return b"\n".join(line for line in told.split(b"\n") if line.startswith(b"gpg: "))


def _run(command: Sequence[str], given: bytes, limit: float, told: str) -> tuple[int, bytes, bytes]:
    """Run a program to its end, without a terminal to write to or to ask on; give status, output, error. Raises SecretError."""
    bare = {name: value for name, value in os.environ.items() if name != "GPG_TTY"}
    pipe = subprocess.PIPE
    try:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=bare, start_new_session=True)
    except OSError as error:
        raise SecretError(f"{told} cannot be run: {error.strerror}.") from None
    with process:
        try:
            out, err = process.communicate(given, timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise SecretError(f"{told} gave no answer within {limit:g} seconds.", _UNLOCK) from None
    return process.returncode, out, err
