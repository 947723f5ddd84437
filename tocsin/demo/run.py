"""The whole of Tocsin on one machine: `tocsin demo`."""

import argparse
import contextlib
import http.client
import json
import os
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tocsin.demo.children import Children, end_left_over, tail_of
from tocsin.demo.home import Home, default_home, write_whole
from tocsin.demo.interruption import Interrupted, Interruption
from tocsin.demo.ports import LOOPBACK, PortTaken, claim_port, is_free
from tocsin.demo.post_box import PostBox
from tocsin.demo.post_box_page import PostBoxPage
from tocsin.demo.postgres import Cluster
from tocsin.demo.reader_keys import Provided, provide_readers
from tocsin.demo.refusal import Refusal

OFFICE_USER = "chiara"
POST_BOX_PORT = 8025
READY_SECONDS = 120.0
NOT_INHERITED = ("TOCSIN_", "DATABASE_URL", "DJANGO_", "PG")
"""What a shell may hold for another Tocsin; its mail relay, for one, must not be ours."""


OWN_READERS = """\
The demo made keys of readers for itself: who takes part from now on is sealed for them. They are
in {directory}, beside the server's keys and not among them. A real organisation makes its own,
on a machine that is not the server: tocsin keys new."""

SEALED_FOR_OURS = """\
Who takes part is sealed to keys that the demo made for itself ({directory}/); a real organisation
makes and keeps its own."""
SEALED_FOR_OTHERS = "Who takes part is sealed to the readers of the list that was accepted here."


class NotReady(Refusal):
    """The pages did not answer, or what they are is not known."""


@dataclass(frozen=True)
class Options:
    """What the person asked for."""

    port: int
    mail_port: int
    post_box_port: int | None
    home: Path
    fresh: bool
    states: bool
    ready_file: Path | None


@dataclass(frozen=True)
class Ports:
    """Where the demo listens."""

    web: int
    mail: int
    post_box: int


def main(arguments: Sequence[str]) -> int:
    """Runs the demo until somebody stops it; returns the exit code."""
    options = read_options(arguments)
    os.umask(0o077)
    interruption = Interruption()
    interruption.listen()
    demo = Demo(options, interruption)
    try:
        demo.run()
    except Interrupted:
        say("Stopped. The data stay for the next start.")
        return 0 if demo.is_ready else 128 + (interruption.sign or 0)
    except Refusal as refusal:
        return _refuse(str(refusal))
    except OSError as error:
        return _refuse(f"{error.filename or 'the system'}: {error.strerror or error}")
    return 0


def read_options(arguments: Sequence[str]) -> Options:
    """The options; a wrong one ends the process with code 2 and a line that says so."""
    parser = argparse.ArgumentParser(
        prog="tocsin demo",
        description="Runs all of Tocsin on this machine: database, web, worker, and a post box "
        "that keeps every mail. Nothing leaves the machine. Ctrl-C stops it; the data stay.",
    )
    for option, default, help_text in (
        ("--port", 8000, "of the pages (default: 8000)"),
        ("--mail-port", 2525, "of the mail server (default: 2525)"),
        ("--post-box-port", None, "of the post box's page (default: 8025 if free, or any)"),
    ):
        parser.add_argument(option, type=_port, default=default, metavar="N", help=help_text)
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="where everything is kept (default: $TOCSIN_DEMO_DATA, or var/demo in our source, "
        "or ~/.local/share/tocsin/demo)",
    )
    parser.add_argument("--fresh", action="store_true", help="delete the data of former runs first")
    parser.add_argument(
        "--states",
        action="store_true",
        help="where nothing is there yet: beside the example a small campaign in every state",
    )
    parser.add_argument(
        "--ready-file",
        type=_place_for_a_file,
        metavar="PATH",
        help="once everything answers, write there where it is, as JSON; removed at the end",
    )
    given = parser.parse_args(arguments)
    return Options(
        port=given.port,
        mail_port=given.mail_port,
        post_box_port=given.post_box_port,
        home=given.data or default_home(),
        fresh=given.fresh,
        states=given.states,
        ready_file=given.ready_file,
    )


def say(text: str) -> None:
    """A line for the person; a closed terminal is no reason to stop in the middle."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


class Demo:
    """One run, from the lock to the last child; what was started is stopped in reverse order."""

    def __init__(self, options: Options, interruption: Interruption) -> None:
        self.options = options
        self.interruption = interruption
        self.home = Home(options.home)
        self.cluster = Cluster(self.home.cluster, log=self.home.log / "postgres.log")
        self.children: Children | None = None
        self.is_ready = False
        self._readers = Provided(is_new=False, count=False)
        self._began = time.monotonic()

    def run(self) -> None:
        """Starts everything and stays; ends by raising Interrupted or a Refusal."""
        with contextlib.ExitStack() as closing:
            self._open_home(closing)
            ports = self._claim_ports()
            say(f"Tocsin demo, with its data in {self.home.path}")
            self._start_database(closing)
            page = self._start_post_box(closing, ports)
            self.children = Children(self.home, environment=self._environment(ports))
            closing.callback(self.children.stop)
            closing.callback(say, "\nStopping …")
            campaign = self._fill(self.children)
            say("Starting the pages and the worker …")
            self.children.start("serve", "--port", str(ports.web))
            self.children.start("work")
            places = self._places(ports, page, campaign)
            for name in ("campaign_url", "campaign_url_en", "post_box_url", "office_url"):
                self._wait_for(places[name])
            self._announce(places, closing)
            while True:
                self._breathe()

    def _open_home(self, closing: contextlib.ExitStack) -> None:
        self.home.open()
        closing.callback(self.home.close)
        end_left_over(self.home)
        if self.options.ready_file:
            self.options.ready_file.unlink(missing_ok=True)
        if self.options.fresh:
            with self.cluster.held():
                self.home.empty()
        self.home.prepare()

    def _claim_ports(self) -> Ports:
        wanted = self.options.post_box_port
        if wanted is None:
            wanted = POST_BOX_PORT if is_free(POST_BOX_PORT) else 0
        ports = Ports(
            web=claim_port(self.options.port, option="--port"),
            mail=claim_port(self.options.mail_port, option="--mail-port"),
            post_box=claim_port(wanted, option="--post-box-port"),
        )
        if len({ports.web, ports.mail, ports.post_box}) < 3:
            raise PortTaken("--port, --mail-port and --post-box-port must differ.")
        return ports

    def _start_database(self, closing: contextlib.ExitStack) -> None:
        say("Starting the database …")
        self.cluster.start(while_waiting=self.interruption.check)
        closing.callback(self.cluster.stop, patience=2.0)

    def _start_post_box(self, closing: contextlib.ExitStack, ports: Ports) -> PostBoxPage:
        say("Opening the post box …")
        closing.enter_context(PostBox(self.home.mail, port=ports.mail))
        return closing.enter_context(PostBoxPage(self.home.mail, port=ports.post_box))

    def _environment(self, ports: Ports) -> dict[str, str]:
        inherited = {
            name: text for name, text in os.environ.items() if not name.startswith(NOT_INHERITED)
        }
        return {
            **inherited,
            "DATABASE_URL": self.cluster.url(),
            "TOCSIN_BASE_URL": f"http://{LOOPBACK}:{ports.web}",
            "TOCSIN_KEYS_DIR": str(self.home.keys),
            "TOCSIN_MAIL_URL": f"smtp://{LOOPBACK}:{ports.mail}",
            "TOCSIN_STATIC_DIR": str(self.home.path / "static"),
            "TOCSIN_MEDIA_DIR": str(self.home.path / "media"),
        }

    def _fill(self, children: Children) -> dict[str, str]:
        """Keys, tables, the example campaign; returns the campaign page's URL per language."""
        say("Making keys, tables and the example campaign where they are missing …")
        self._readers = provide_readers(self.home, today=datetime.now(UTC).date())
        if self._readers.is_new:
            say(OWN_READERS.format(directory=self.home.reader_keys))
        states = ["--states"] if self.options.states else []
        printed = children.run(
            *("prepare", "--office-user", OFFICE_USER, *states),
            while_waiting=self._breathe,
            extra={"TOCSIN_OFFICE_PASSWORD": self.home.office_password()},
        )
        return _campaign_urls(printed)

    def _places(self, ports: Ports, page: PostBoxPage, campaign: dict[str, str]) -> dict[str, str]:
        return {
            "campaign_url": campaign["fr"],
            "campaign_url_en": campaign["en"],
            "post_box_url": page.url,
            "mail_dir": str(self.home.mail),
            "office_url": f"http://{LOOPBACK}:{ports.web}/office/",
            "office_user": OFFICE_USER,
            "office_password": self.home.office_password(),
            "database_url": self.cluster.url(),
        }

    def _wait_for(self, url: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while (problem := _problem_with(url)) is not None:
            if time.monotonic() > deadline:
                last_words = tail_of(self.home.log / "serve.log")
                raise NotReady(f"{url} does not answer as it should ({problem}).\n{last_words}")
            self._breathe()

    def _announce(self, places: dict[str, str], closing: contextlib.ExitStack) -> None:
        if ready_file := self.options.ready_file:
            write_whole(ready_file, json.dumps(places, indent=2) + "\n")
            closing.callback(ready_file.unlink, missing_ok=True)
        self.is_ready = True
        sealed = SEALED_FOR_OURS if self._readers.count else SEALED_FOR_OTHERS
        sealed = sealed.format(directory=self.home.reader_keys.name)
        seconds = time.monotonic() - self._began
        say(_announcement(places, home=self.home, sealed=sealed, seconds=seconds))

    def _breathe(self) -> None:
        """A moment's pause, in which we look whether we should and can go on."""
        time.sleep(0.05)
        self.interruption.check()
        if self.cluster.exit_code() is not None:
            raise self.cluster.death()
        if self.children:
            self.children.check()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


def _place_for_a_file(text: str) -> Path:
    path = Path(text).absolute()
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{path} cannot be written")
    return path


def _campaign_urls(printed: str) -> dict[str, str]:
    lines = printed.strip().splitlines() or [""]
    try:
        told = json.loads(lines[-1])
        return {language: str(told[language]) for language in ("fr", "en")}
    except (ValueError, LookupError, TypeError):
        raise NotReady(
            f"`tocsin sample` did not say where the campaign is: {lines[-1]!r}"
        ) from None


def _problem_with(url: str) -> str | None:
    """What is wrong with a page, or None; asked without any proxy between us."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=3.0):
            return None
    except (OSError, ValueError, http.client.HTTPException) as error:
        return str(error)


def _announcement(places: dict[str, str], *, home: Home, sealed: str, seconds: float) -> str:
    return f"""
Tocsin is ready (after {seconds:.0f} s).

  Campaign page   {places["campaign_url"]}  (français)
                  {places["campaign_url_en"]}  (English)
  Post box        {places["post_box_url"]}  (every mail of this demo lies here)
  Back office     {places["office_url"]}
                  name {places["office_user"]}, password {places["office_password"]}

Everything is kept in {home.path},
also the keys, which were made there ({home.keys.name}/).
{sealed}
Nothing leaves this machine: the domain that its letters come from exists nowhere, and may send
here without being checked.
Stop with Ctrl-C; the next start finds the data again.
"""


def _refuse(message: str) -> int:
    with contextlib.suppress(OSError):
        print(f"tocsin demo: {message}", file=sys.stderr, flush=True)
    return 1
