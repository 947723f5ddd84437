"""Get a program from the packages of the system, where they come by apt and we are root."""

import os
import shutil
import subprocess


def get_package(name: str, *, answers: str = "") -> None:
    """Try to install it; `answers` is what debconf is to know before. Whether it is there, see."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    commands = [
        (["apt-get", "update", "-qq"], ""),
        *([(["debconf-set-selections"], answers)] if answers else []),
        (["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], ""),
    ]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command, words in commands:
        print(f"No {name} yet, trying: {' '.join(command)}", flush=True)
        subprocess.run(
            command,
            input=words.encode(),
            capture_output=True,
            check=False,
            timeout=900,
            env=environment,
        )
