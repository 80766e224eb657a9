"""Delivers through a local `sendmail`, or what calls itself so (msmtp, nullmailer, postfix). Success is its exit status."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from seccon.adapters.couriers.wording import said
from seccon.core.errors import CourierError
from seccon.core.ids import address_key
from seccon.core.ports import Receipt

LIMIT = 120
"""Seconds after which the command is ended."""
_WORDS = {
    64: "was called wrongly",
    65: "did not like the mail",
    66: "found no input",
    67: "does not know a recipient",
    68: "does not know the host",
    69: "has no service now",
    70: "failed inside",
    71: "was refused by the operating system",
    72: "lacks a system file",
    73: "cannot write its spool",
    74: "had an input or output error",
    75: "cannot deliver at the moment",
    76: "had a protocol error",
    77: "was denied the permission",
    78: "is configured wrongly",
}
"""sysexits.h: the only promise that all of them keep."""
_LATER = 75
_FROM_HEADERS = re.compile(r"-[iv]*t[iv]*|--read-recipients")
"""What says that the recipients are those of the headers; Exim then sends nothing to whom the command line names too."""


class Sendmail:
    """Hands mail to a command's standard input. With `-t` the recipients are those of the headers, and must be the ones meant."""

    def __init__(self, command: Sequence[str] = ("/usr/sbin/sendmail", "-t", "-i"), limit: float = LIMIT) -> None:
        self._command = tuple(command)
        self._limit = limit

    def deliver(self, message: bytes, sender: str, recipients: Sequence[str]) -> Receipt:
        """Hand over one mail. Raises CourierError; a command that had to be ended perhaps sent it."""
        command = [*self._command]
        if any(_FROM_HEADERS.fullmatch(one) for one in command[1:]):
            _same_recipients(message, recipients)
        else:
            command += ["--", *recipients]
        unix = message.replace(b"\r\n", b"\n")  # a local program counts lines, and adds its own CR
        status, told = self._run(command, unix)
        if status == 0:
            return Receipt(via=self._command[0])
        words = _WORDS.get(status, f"ended with status {status}")
        detail = f": {told}" if told else ""
        hint = "It is tried again." if status == _LATER else "Mend it, then send again from the outbox."
        raise CourierError(f"{self._command[0]} {words}{detail}.", hint, final=status != _LATER)

    def _run(self, command: list[str], message: bytes) -> tuple[int, str]:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            hint = "Look at [courier] command in the configuration."
            raise CourierError(f"{self._command[0]} cannot be run: {error.strerror}.", hint, final=True) from None
        with process:
            try:
                _, told = process.communicate(message, timeout=self._limit)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                sentence = f"{self._command[0]} gave no answer within {self._limit:g} seconds and was ended."
                raise CourierError(sentence, "Perhaps it sent the mail.", final=True, perhaps_sent=True) from None
        if process.returncode < 0:
            sentence = f"{self._command[0]} was ended by signal {-process.returncode}."
            raise CourierError(sentence, "Perhaps it sent the mail.", final=True, perhaps_sent=True)
        return process.returncode, said(told)

    def check(self) -> tuple[str, ...]:
        """Say whether the command is there."""
        if not self._command:
            return ("[courier] command is empty.",)
        if shutil.which(self._command[0]) is None:
            return (f"{self._command[0]} is not there or cannot be run: install a sendmail, or set [courier] command.",)
        return ()


def _same_recipients(message: bytes, recipients: Sequence[str]) -> None:
    """With `-t` a header decides: it must say what was approved, no more and no less."""
    head = BytesHeaderParser().parsebytes(message)
    found = [str(value) for name in ("To", "Cc", "Bcc") for value in head.get_all(name, [])]
    if {address_key(one) for _, one in getaddresses(found)} != set(map(address_key, recipients)):
        raise CourierError(
            "The mail's headers name other recipients than those that were approved; nothing was sent.",
            "Take it out of the outbox and write it anew.",
            final=True,
        )
