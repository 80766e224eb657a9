"""What the process does before it touches a secret: no core dump, not readable by a debugger of the same user, private files."""

import contextlib
import ctypes
import os
import resource
import sys

_PR_SET_DUMPABLE = 4


def harden() -> None:
    """Switch off core dumps and ptrace by the same user, and make new files private (hostile input, 5)."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # a libc without prctl: the limit above still holds
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
