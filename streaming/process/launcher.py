"""How a child is begun: a chain of small programs that each become the next, down to the program itself.

Nothing of ours runs between fork and exec, so that Python may use vfork(2), which copies nothing
(docs/decisions/010-children-start-through-a-launcher.md). All of the chain is one process: its id is the program's.
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
"""What any program may need of our environment: to find programs, libraries, room, certificates, and the language."""
_KEPT_PREFIXES = ("LC_", "FONTCONFIG_")
_TRIES_WITHIN_SECONDS = 10
_SHELL = "/bin/sh"
_GUARD = 'test "$PPID" = "$1" || exit 1; shift; '
"""Whoever was orphaned before the kernel knew what to do about it ends here: `PPID` is read after that."""
_BY_PYTHON = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
"""prctl(PR_SET_PDEATHSIG, SIGKILL), for a Linux without setpriv(1): another 7 ms, but in the child."""


def launched(command: Sequence[str], *, niceness: int = 0, memory_mb: int = 0) -> list[str]:
    """The command line that ends as `command`, killed when our process ends, however it ends.

    It leaves the processor to others by `niceness`, and may hold at most `memory_mb`, where those are given.
    Raises OSError for a program that is not there.
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
    """What of an environment (ours) a program that works for us may know: neither tokens nor proxies nor settings."""
    whole = os.environ if environment is None else environment
    return {name: value for name, value in whole.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)}


def _found(program: str) -> str:
    """The program's path: the shell would tell of one that is missing only by its exit code."""
    path = shutil.which(program)
    if path is None:
        missing = errno.EACCES if os.path.exists(program) else errno.ENOENT  # noqa: PTH110  (may be a bare name)
        raise OSError(missing, os.strerror(missing), program)
    return path


def _memory_limit(memory_mb: int) -> str:
    """Limits what a process can write to (setrlimit(2), RLIMIT_DATA): its heap, and the stacks of its threads.

    Unlike the address space, this does not grow with what an allocator or a graphics library only reserves.
    """
    if not memory_mb or sys.platform != "linux":  # elsewhere it bounds next to nothing
        return ""
    _, most_bytes = resource.getrlimit(resource.RLIMIT_DATA)
    kib = memory_mb << 10 if most_bytes == resource.RLIM_INFINITY else min(memory_mb << 10, most_bytes >> 10)
    return f"ulimit -d {kib}; "


@cache
def _nice() -> str:
    return shutil.which("nice") or ""


@cache
def _killed_with_us() -> tuple[str, ...]:
    """What asks the kernel to kill the child when its parent dies; nothing where no kernel does that."""
    if sys.platform != "linux":
        return ()
    setpriv = shutil.which("setpriv")
    if setpriv and _works((setpriv, "--pdeathsig", "KILL", "--")):  # Busybox has one that knows no such option
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
