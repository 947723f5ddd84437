"""Make the keys that are missing; let a list of readers count."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tocsin.campaigns.sealed_for import lists_dir
from tocsin.kit.seal import make_keys
from tocsin.readers.files import SignerChanged, accept_list, pin_of
from tocsin.readers.signed_list import MOST_BYTES, ListRefused, ReaderList, in_groups, read_list

COMPARE = """
Ask whoever made the list for its fingerprint, by telephone, and compare every digit. If one is
different, this is not their list: type nothing, and find out who changed it.
"""
NEW_SIGNER = (
    "%s. Somebody else than before may have made it. If the organisation tells you by telephone "
    "that it began anew, give the word --new-signer."
)


class Command(BaseCommand):
    """`tocsin keys`: once, before the first start; `tocsin keys accept`: who may read records."""

    help = (
        "Makes the keys that are missing in TOCSIN_KEYS_DIR. It never overwrites one. "
        "`tocsin keys accept FILE` lets the signed list of an organisation's readers count; "
        "`tocsin keys new` and `tocsin keys change` make such lists, on another machine."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether there is a list, and what the person has compared already."""
        parser.add_argument("what", nargs="?", choices=["accept"], help="let a list count")
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the list")
        parser.add_argument(
            "--fingerprint", metavar="F", help="the fingerprint as it was told: do not ask"
        )
        parser.add_argument(
            "--new-signer", action="store_true", help="it is signed by another hand than before"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        """Say which keys were made, or that all were there; or what list counts now."""
        if options["what"]:
            if options["file"] is None:
                raise CommandError("which list? tocsin keys accept FILE")
            self._accept(options["file"], options)
            return
        try:
            made = make_keys(settings.KEYS_DIR)
        except OSError as error:
            raise CommandError(f"Cannot write to {settings.KEYS_DIR}: {error.strerror}.") from None
        for name in made:
            self.stdout.write(f"made {settings.KEYS_DIR / name}")
        if not made:
            self.stdout.write(f"all keys are in {settings.KEYS_DIR}")

    def _accept(self, path: Path, options: dict[str, Any]) -> None:
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            readers = read_list(content)
            self._show(readers)
            self._refuse_signer(readers, is_told=options["new_signer"])
            self._compare(readers, options["fingerprint"])
            done = accept_list(lists_dir(), content, new_signer=options["new_signer"])
        except SignerChanged as refused:
            raise CommandError(NEW_SIGNER % str(refused).capitalize()) from None
        except ListRefused as refused:
            raise CommandError(f"{path} is refused: {refused}.") from None
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}.") from None
        if done.is_new:
            self.stdout.write(f"Records of {readers.organisation} are sealed for these from now on")
        else:
            self.stdout.write(f"This is the list of {readers.organisation} that counts already")

    def _show(self, readers: ReaderList) -> None:
        self.stdout.write(
            f"List number {readers.number} of {readers.organisation}, made on {readers.made}, "
            f"counts until {readers.until}:"
        )
        for each in readers.everybody:
            self.stdout.write(f"  {each.label}: {each.key}")
        self.stdout.write(f"Fingerprint: {in_groups(readers.fingerprint)}")

    def _refuse_signer(self, readers: ReaderList, *, is_told: bool) -> None:
        """Before the person is asked to compare anything; it counts when it is accepted."""
        pin = None if is_told else pin_of(lists_dir(), readers.organisation)
        if pin and pin.signer != readers.signer:
            raise SignerChanged("it is signed by another hand than the lists before it")

    def _compare(self, readers: ReaderList, told: str | None) -> None:
        if told is None:
            self.stdout.write(COMPARE)
            try:
                told = input("Type the fingerprint that they read to you: ")
            except EOFError:
                told = ""
        if "".join(told.split()).lower() != readers.fingerprint:
            raise CommandError("the fingerprint is another one: nothing was changed.")
