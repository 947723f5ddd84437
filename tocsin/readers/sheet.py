"""What a ceremony prints: what to write down, who gets what, what goes to the server."""

from collections.abc import Mapping
from pathlib import Path

from tocsin.readers.key_text import for_paper
from tocsin.readers.signed_list import ReaderList, in_groups

LOOKS_LIKE_THE_SERVER = """\
{setting} is set: this looks like the server. These keys belong on a machine of the organisation
that is not the server, best without a network. If it is the server, delete what is made now."""

RULE = "-" * 78


def sheet(readers: ReaderList, list_path: Path, secrets: Mapping[Path, tuple[str, str]]) -> str:
    """The whole of it, in the order in which it is to be done."""
    recovery = [key for path, (_label, key) in secrets.items() if path.name == "recovery.key"]
    parts = [
        _heading(readers),
        _who_gets_what(secrets),
        *[_recovery(each) for each in recovery],
        _fingerprint(readers),
        _server(list_path),
        _after(list_path.parent, is_new=any(path.name == "signer.key" for path in secrets)),
    ]
    return f"\n{RULE}\n".join(parts)


def _heading(readers: ReaderList) -> str:
    return (
        f"Keys of {readers.organisation}, list number {readers.number}. "
        f"It counts until {readers.until}."
    )


def _who_gets_what(secrets: Mapping[Path, tuple[str, str]]) -> str:
    lines = ["WHO GETS WHAT. Give each file to its person by hand, on a medium of its own."]
    for path, (label, _secret) in secrets.items():
        if path.name.startswith("reader-"):
            lines.append(f"  {path}  to {label}, who alone keeps it")
        elif path.name == "recovery.key":
            lines.append(f"  {path}  to nobody: on paper, see below")
        else:
            lines.append(f"  {path}  into a safe: it signs the next list, and opens nothing")
    if len(lines) == 1:
        lines = ["WHO GETS WHAT. No new key was made: nobody gets anything."]
    return "\n".join(lines)


def _recovery(secret: str) -> str:
    rows = "\n".join(f"  {row}" for row in for_paper(secret))
    return (
        "WRITE DOWN the recovery key, twice, by hand, and put the two papers into two safes in\n"
        "two places. It opens everything when the readers' keys are lost.\n\n"
        f"{rows}\n\n"
        "Read it back once before you delete recovery.key: tocsin open FILE --key - takes it\n"
        "typed row by row, and notices a wrong letter."
    )


def _fingerprint(readers: ReaderList) -> str:
    who = "\n".join(f"  {each.label}: {each.key}" for each in readers.everybody)
    return (
        "WRITE DOWN the fingerprint of the list. Whoever runs the server reads theirs to you by\n"
        "telephone, and you compare every digit:\n\n"
        f"  {in_groups(readers.fingerprint)}\n\n"
        f"It stands for these, and nobody else:\n{who}"
    )


def _server(list_path: Path) -> str:
    return (
        "TO THE SERVER goes this one file, and none of the others, ever:\n"
        f"  {list_path}\n"
        f"There: tocsin keys accept {list_path.name}"
    )


def _after(directory: Path, *, is_new: bool) -> str:
    signer = "\nWithout signer.key the next list is a new beginning." if is_new else ""
    return (
        f"AT THE END delete {directory} from this machine. It must never be copied to\n"
        f"the server, nor into its backups: who has it can read who took part.{signer}"
    )
