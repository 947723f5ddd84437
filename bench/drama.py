"""The canary run, act by act: people come through every path, and everything fails once."""

import base64
import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from bench import visits
from bench.office import look_around
from bench.stage import OFFICE_PASSWORD, WEBHOOK_SECRET, Stage
from bench.visits import PAGE, Form, Person, Visit, forms_in
from tests.wait import until

AT_ONCE = 6
FRESH = 4.0  # seconds until a form may be sent
FATES = 12
"""Of so many people the first comes while everything fails, and the mail of the last is refused."""

BREAK = """
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'refused: %', NEW; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON tocsin_consent FOR EACH ROW EXECUTE FUNCTION fail();
    ALTER TABLE tocsin_datamail ADD CONSTRAINT never CHECK (false) NOT VALID
"""
MEND = "DROP FUNCTION fail() CASCADE; ALTER TABLE tocsin_datamail DROP CONSTRAINT never"
IMPATIENT = "ALTER DATABASE tocsin SET statement_timeout = {0}"
CUT_ALL = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = 'tocsin'
"""
UNWRITTEN = "SELECT count(*) FROM tocsin_action WHERE state = 'released'"
UNSENT = "SELECT count(*) FROM tocsin_message WHERE state IN ('ready', 'leased', 'sending')"
IN_HAND = "SELECT count(*) FROM tocsin_message WHERE state IN ('leased', 'sending')"
TRIED = "SELECT message_id, number FROM tocsin_attempt LIMIT %s"
COMMANDS = (
    *(("doctor",), ("doctor", "--json"), ("outbox",), ("outbox", "--json"), ("audit",)),
    *(("retention",), ("suppress", "nobody@mail.example"), ("work", "--no-such-option")),
)


class Drama:
    """The people of one run; `acts` counts what they did, and what failed."""

    def __init__(self, stage: Stage, *, people: int) -> None:
        self.stage = stage
        self.people = [Person(number) for number in range(people)]
        self.unlucky = self.people[::FATES]
        self.refused = self.people[FATES - 1 :: FATES]
        apart = {*self.unlucky, *self.refused}
        self.early = [each for each in self.people if each not in apart]
        self.acts: Counter[str] = Counter()

    def play(self, *, also: Callable[[Stage], int] = lambda _: 0) -> None:
        """Everything, from the first visit to the last error; `also` lets more people come."""
        self.stage.serve()
        self.stage.start("work")
        self.form = self._open()
        self._take_part()
        self._confirm()
        self._ask_for_data()
        self.acts["came with a browser"] += also(self.stage)
        self._fail()
        self._refuse_mails()
        self._report()
        self._look_after()
        self.stage.back_up()
        self._abort()

    def _open(self) -> Form:
        """The form of the campaign's page, old enough to be sent."""
        with Visit(self.stage.port, self.people[0]) as visit:
            page = visit.ask(PAGE)
        form = next(form for form in forms_in(page.text) if "/letter/take/" in form.action)
        threading.Event().wait(FRESH)
        return form

    def _each(self, act: Callable[[Visit], object], who: Sequence[Person], *, name: str) -> None:
        """Let all of them do that, some at once; the first that goes wrong ends the run."""

        def alone(person: Person) -> None:
            with Visit(self.stage.port, person) as visit:
                act(visit)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(alone, who))
        self.acts[name] += len(who)

    def _of(self, *last_digits: int) -> list[Person]:
        return [each for each in self.early if each.number % 10 in last_digits]

    def _take_part(self) -> None:
        def arrive(visit: Visit) -> None:
            if visit.person.number % 3:
                visits.mistype(visit, self.form)
            if visit.person.number % 3 != 1:
                visits.go_astray(visit, self.form)
            if visit.person.number % 8 == 1:
                visits.sign_in(visit)
            if visit.person.number % 4 == 2:
                visits.write_alone(visit, self.form)
            sent = visits.take_part(visit, self.form)
            assert sent.status == 303, (sent.status, sent.text[:3000])  # noqa: S101
            if visit.person.number % 10 == 4:
                visits.check_mail(visit, sent)

        self._each(arrive, self.early, name="mistyped, went astray, took part")
        again = self._of(2)
        self._each(lambda v: visits.take_part(v, self.form), again, name="wrote it anew")
        self._wait_for_mails(self.early)

    def _confirm(self) -> None:
        links = self.stage.spool.links()

        def link(visit: Visit) -> str:
            return links[visit.person.address]

        self._each(
            lambda v: visits.refuse(v, link(v)), self._of(5), name="said that it was not them"
        )
        self.acts["never confirmed"] += len(self._of(6))
        own = self._data_links(self._of(7))
        self._each(
            lambda v: visits.correct(v, own[v.person.address]), self._of(7), name="corrected it"
        )
        confirming = self._of(0, 1, 2, 3, 4, 7, 8, 9)

        def say_yes(visit: Visit) -> None:
            reply = visits.confirm(visit, link(visit))
            assert reply.status == 200, (reply.status, reply.text[:3000])  # noqa: S101

        self._each(say_yes, confirming, name="confirmed")
        self._each(lambda v: visits.take_part(v, self.form), self._of(9), name="came once more")
        self._wait_for_none(UNWRITTEN, what="the letters to be written")
        self._wait_for_none(UNSENT, what="the letters to be sent")

    def _ask_for_data(self) -> None:
        links = self._data_links(self._of(1, 3, 8))
        for digit, act in {1: visits.withdraw, 3: visits.erase, 8: visits.look_at_data}.items():

            def behind_the_link(visit: Visit, act: Callable[..., object] = act) -> None:
                act(visit, links[visit.person.address])

            self._each(behind_the_link, self._of(digit), name=f"their data: {act.__name__}")

    def _fail(self) -> None:
        """Each error is forced while somebody is in the middle of taking part."""

        def try_everything(visit: Visit) -> None:
            visits.take_part(visit, self.form)
            visits.mistype(visit, self.form)
            visits.go_astray(visit, self.form)
            visit.post("/fr/your-data/", {"email": visit.person.address})

        say = self.stage.say
        with _meanwhile(lambda: say(BREAK), lambda: say(MEND)):
            self._each(try_everything, self.unlucky, name="the database refused the row")
        with self.stage.without_keys():
            self._each(try_everything, self.unlucky, name="the keys were away")
        for name, crash in {
            "a worker was killed": lambda: self.stage.kill("work", signal.SIGKILL),
            "all sessions were cut": lambda: say(CUT_ALL),
            "every statement was too slow": lambda: say(IMPATIENT.format("'1ms'") + ";" + CUT_ALL),
            "the database crashed": self.stage.crash_database,
        }.items():
            coming = threading.Thread(
                target=self._each, args=(try_everything, self.unlucky), kwargs={"name": name}
            )
            coming.start()
            crash()
            coming.join()
            say(IMPATIENT.format("DEFAULT"))
        say(CUT_ALL)
        self.stage.start("work")

    def _refuse_mails(self) -> None:
        """Mail systems refuse, and repeat in every way whose mail it was."""
        spool = self.stage.spool
        letters, confirmations = self.refused[::2], self.refused[1::2]
        self._each(lambda v: visits.take_part(v, self.form), letters, name="their letter refused")
        self._wait_for_mails(letters)
        links = spool.links()
        words = [each.word("m") for each in self.refused]
        spool.refuses = lambda said: any(word in said for word in words)
        self._each(lambda v: visits.confirm(v, links[v.person.address]), letters, name="confirmed")
        until(lambda: spool.refused, within=120, what="a letter to be refused")
        before = spool.refused
        self._each(
            lambda v: visits.take_part(v, self.form), confirmations, name="their mail refused"
        )
        until(lambda: spool.refused > before, within=120, what="a confirmation to be refused")
        self._wait_for_none(UNWRITTEN, what="the letters to be written")
        self._wait_for_none(IN_HAND, what="answers to be written down")
        spool.refuses = lambda _: False
        self.acts["answers that quoted"] += spool.refused

    def _report(self) -> None:
        """A provider's reports of our mails, which quote as well."""
        with self.stage.session() as session:
            tried = session.execute(TRIED, [len(self.people)]).fetchall()
        secret = base64.b64encode(WEBHOOK_SECRET.encode()).decode()
        numbers = {
            person: f"{message.hex}.{number}"
            for person, (message, number) in zip(self.people, tried, strict=False)
        }

        def report(visit: Visit) -> None:
            word = visit.person.word("h")
            for body in (_report_on(visit.person, numbers[visit.person]), '{"' + word):
                visit.ask(
                    f"/hooks/postmark/?{word}",
                    method="POST",
                    body=body,
                    kind="application/json",
                    Authorization=f"Basic {secret}",
                )

        self._each(report, list(numbers), name="reports of a provider")

    def _look_after(self) -> None:
        """The staff looks at everything; what they see is searched as well."""
        seen = self.stage.log / "office"
        seen.mkdir()
        pages = look_around(self.stage.url, user="chiara", password=OFFICE_PASSWORD)
        for number, (_path, content) in enumerate(pages):
            (seen / f"{number}.html").write_bytes(content)
            self.acts["pages of the office"] += 1
        for words in COMMANDS:
            self.stage.tocsin(*words)
            self.acts["commands of the staff"] += 1

    def _abort(self) -> None:
        """Both programs end as by a fault in a library: with a core, if they may."""
        for name in ("work", "serve"):
            self.stage.kill(name, signal.SIGABRT)
            self.acts["programs aborted"] += 1

    def _data_links(self, who: Sequence[Person]) -> dict[str, str]:
        before = {to: len(mails) for to, mails in self.stage.spool.mails().items()}
        self._each(
            lambda v: v.post("/fr/your-data/", {"email": v.person.address}),
            who,
            name="asked for their data",
        )
        self._wait_for_mails(who, more_than=before)
        return self.stage.spool.links()

    def _wait_for_mails(
        self, who: Sequence[Person], more_than: dict[str, int] | None = None
    ) -> None:
        def missing() -> list[str]:
            mails = self.stage.spool.mails()
            known = more_than or {}
            return [
                p.address for p in who if len(mails.get(p.address, ())) <= known.get(p.address, 0)
            ]

        until(lambda: not missing(), within=120 + len(who), what="mails")

    def _wait_for_none(self, statement: str, *, what: str) -> None:
        def none_is_left() -> bool:
            with self.stage.session() as session:
                return session.execute(statement.encode()).fetchone() == (0,)

        until(none_is_left, within=120 + len(self.people), what=what)


@contextmanager
def _meanwhile(begin: Callable[[], object], end: Callable[[], object]) -> Iterator[None]:
    begin()
    try:
        yield
    finally:
        end()


def _report_on(person: Person, reference: str) -> str:
    word = person.word("h")
    told = {
        "RecordType": "Bounce",
        "Type": ("HardBounce", "SoftBounce", "SpamComplaint")[person.number % 3],
        "Email": person.address,
        "From": f"{word}@{visits.DOMAIN}",
        "BouncedAt": "2026-03-10T12:00:00Z",
        "Description": f"{person.address} is unknown",
        "Details": f"smtp;550 5.1.1 <{person.address}> unknown",
        "Subject": word,
        "Content": word,
        "Metadata": {"tocsin": reference},
    }
    return json.dumps(told)
