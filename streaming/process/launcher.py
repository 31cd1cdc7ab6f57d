"""The command line of a child: a chain of small programs that each replace the one before, up to the program itself.

No code of this process runs between fork and exec, so Python may use vfork(2), which copies nothing
(docs/decisions/010-children-start-through-a-launcher.md). The chain is one process: its id is the program's.
"""

import errno
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache

_KEPT = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "LANGUAGE", "TZ", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"}
)
"""What a child gets of the environment: paths of programs, libraries, folders and certificates, and the language."""
_KEPT_PREFIXES = ("LC_", "FONTCONFIG_")
_TRIES_WITHIN_SECONDS = 10
_SHELL = "/bin/sh"
_GUARD = 'test "$PPID" = "$1" || exit 1; shift; '
"""Ends a child whose parent died before the kernel was asked to kill it: `PPID` is read after that."""
_BY_PYTHON = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
"""prctl(PR_SET_PDEATHSIG, SIGKILL), for a Linux without setpriv(1): another 7 ms, but in the child."""


def launched(command: Sequence[str], *, niceness: int = 0, memory_mb: int = 0) -> list[str]:
    """The command line that runs `command` and is killed when this process ends, however it ends.

    `niceness` leaves the processor to others, and `memory_mb` limits the memory, where given. Raises OSError when the
    program does not exist.
    """
    program = _found(command[0])
    limit = _memory_limit(memory_mb)
    nice = _nice() if niceness else ""
    return [
        *_killed_with_us(),
        *(_SHELL, "-c", f'{_GUARD}{limit}exec {f"{nice} -n {niceness} " if nice else ""}"$@"'),
        *(_SHELL, str(os.getpid()), program, *command[1:]),
    ]


def bare_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """The part of an environment that a child gets: no tokens, proxies or settings."""
    whole = os.environ if environment is None else environment
    return {name: value for name, value in whole.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}


def _found(program: str) -> str:
    """The program's path. The shell would report a missing program only by its exit code."""
    path = shutil.which(program)
    if path is None:
        missing = errno.EACCES if os.path.exists(program) else errno.ENOENT  # noqa: PTH110  (may be a bare name)
        raise OSError(missing, os.strerror(missing), program)
    return path


def _memory_limit(memory_mb: int) -> str:
    """The shell command that limits writable memory (setrlimit(2), RLIMIT_DATA): heap and stacks of threads.

    Unlike the address space, this does not grow with memory that an allocator or a graphics library only reserves.
    """
    if not memory_mb or sys.platform != "linux":  # elsewhere it limits almost nothing
        return ""
    _, most_bytes = resource.getrlimit(resource.RLIMIT_DATA)
    kib = memory_mb << 10 if most_bytes == resource.RLIM_INFINITY else min(memory_mb << 10, most_bytes >> 10)
    return f"ulimit -d {kib}; "


@cache
def _nice() -> str:
    return shutil.which("nice") or ""


@cache
def _killed_with_us() -> tuple[str, ...]:
    """The command prefix that asks the kernel to kill the child with its parent; empty where no kernel does."""
    if sys.platform != "linux":
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv and _works((setpriv, "--pdeathsig", "KILL", "--")):  # that of Busybox has no such option
        return (setpriv, "--pdeathsig", "KILL", "--")
    return (sys.executable, "-I", "-S", "-c", _BY_PYTHON)


def _works(prefix: Sequence[str]) -> bool:
    try:
        return (
            subprocess.run(
                [*prefix, _SHELL, "-c", ":"],
                check=False,
                capture_output=True,
                timeout=_TRIES_WITHIN_SECONDS,
                env=bare_environment(),
            ).returncode
            == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False
