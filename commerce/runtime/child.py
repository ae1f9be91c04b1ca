"""Becomes one of the supervised programs: `python child.py LOG SUPERVISOR_PID PROGRAM ARGUMENT…`.

Before it turns into the program it points the output at the log file and asks the kernel for a SIGTERM when the
supervisor dies in whatever way, so that a supervisor killed with -9 leaves no process behind.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> None:
    """Turn into the program named on the command line."""
    log, supervisor, *command = sys.argv[1:]
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(output, 1)
    os.dup2(output, 2)
    die_with_parent()
    if os.getppid() != int(supervisor):  # it died before the kernel was asked
        sys.exit(1)
    os.execvp(command[0], command)


def die_with_parent() -> None:
    """Have the kernel send SIGTERM to this process when its parent ends. Other systems than Linux cannot."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    main()
