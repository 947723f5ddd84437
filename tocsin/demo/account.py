"""The account under which a program runs that refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tocsin.demo.refusal import Refusal

# The one right that is kept: to look into directories (a home is often 0700). Nothing can be
# written or changed with it, so no permission on the way has to be opened for anybody.
LOOK_ONLY = (
    *("--clear-groups", "--securebits", "+no_setuid_fixup"),
    *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
)


class NoAccount(Refusal):
    """Root has no unprivileged account that could run the program."""


@dataclass(frozen=True)
class Account:
    """Who runs a child: we ourselves, or (started by root) `nobody`, perhaps by way of setpriv."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def own(self, directory: Path) -> None:
        """Gives a directory of ours to the account."""
        if not self.is_ours:
            os.chown(directory, self.uid, self.gid)

    def popen(
        self, command: Sequence[str], *, env: Mapping[str, str], output: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Starts the command in a session of its own, out of reach of a terminal's Ctrl-C."""
        drop = not self.is_ours and not self.prefix
        return subprocess.Popen(
            [*self.prefix, *command],
            cwd="/",
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid if drop else None,
            group=self.gid if drop else None,
            extra_groups=[] if drop else None,
        )


def unprivileged_account(*, reach: Sequence[Path]) -> Account:
    """Who may run a program that must reach these paths; raises NoAccount with the remedy."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise NoAccount(
            "PostgreSQL does not run as root, and there is no account 'nobody' to run it: "
            "start as an ordinary user."
        ) from None
    prefix = _setpriv(nobody.pw_uid, nobody.pw_gid)
    closed = None if prefix else _first_closed(reach, uid=nobody.pw_uid)
    if closed:
        raise NoAccount(
            f"PostgreSQL does not run as root, and 'nobody' may not enter {closed}: "
            "start as an ordinary user, or choose a directory that others may enter."
        )
    return Account(nobody.pw_uid, nobody.pw_gid, prefix)


def _setpriv(uid: int, gid: int) -> tuple[str, ...]:
    """The words that become that account and keep the right to look; none where that is refused."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return ()
    words = (setpriv, "--reuid", str(uid), "--regid", str(gid), *LOOK_ONLY)
    # A container may have taken the right away from root itself.
    tried = subprocess.run([*words, "true"], capture_output=True, check=False)
    return words if tried.returncode == 0 else ()


def _first_closed(reach: Sequence[Path], *, uid: int) -> Path | None:
    """The first directory on the way to any of these paths that strangers may not enter."""
    for path in reach:
        for parent in reversed(path.absolute().parents):
            found = parent.stat()
            if not found.st_mode & stat.S_IXOTH and found.st_uid != uid:
                return parent
    return None
