"""A child process with a group of its own, and its end: shared by what runs gpg and what runs git."""

import os
import signal
import subprocess
from contextlib import suppress


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started, if it still runs. It must lead its own group (`start_new_session`)."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
