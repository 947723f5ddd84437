"""What visitors of the canary run do at the pages: take part, mistype, look, take it all back."""

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import quote, urlencode, urlsplit

from bench.canaries import WIDE, canary
from tocsin.campaigns.ways import LENT, OPEN, SHIELDED
from tocsin.demo.ports import LOOPBACK

PAGE = "/fr/sans-nouvelles/"
DOMAIN = "mail.example"
FORM = "application/x-www-form-urlencoded"
PATIENCE = 60  # seconds for one answer


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    text: str
    location: str


@dataclass
class Form:
    """A form of a page as a browser would send it: what is written there, every box ticked."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[str]] = field(default_factory=dict)
    """To a question all that may be answered, in the order of the page."""


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif tag == "textarea" and self.forms:
            self._area = name
            self.forms[-1].fields[name] = ""
        elif tag == "input" and name and self.forms:
            # Of several answers to one question the first.
            self.forms[-1].fields.setdefault(name, given.get("value", ""))
            self.forms[-1].answers.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].fields[self._area] += data


def forms_in(text: str) -> list[Form]:
    """Every form of a page."""
    reader = _Forms()
    reader.feed(text)
    return reader.forms


@dataclass(frozen=True)
class Person:
    """Somebody who types canaries into everything."""

    number: int

    def word(self, name: str) -> str:
        """Their canary for that field."""
        return canary(self.number, name)

    @property
    def address(self) -> str:
        return f"{self.word('m')}@{DOMAIN}"

    @property
    def way(self) -> str:
        """How they take part; who does not do so openly types names all the same."""
        return {0: SHIELDED, 3: SHIELDED, 4: LENT, 8: LENT}.get(self.number % 10, OPEN)

    def typed(self) -> dict[str, str]:
        """What they fill in."""
        return {
            "given": f"{WIDE}{self.word('g')}",
            "family": self.word("f").title(),
            "email": self.address,
            "country": ("FR", "DE", "CA")[self.number % 3],
            "own": f"{WIDE} {self.word('o')} ne répond plus.",
        }

    def headers(self) -> dict[str, str]:
        """What a browser may say of itself, and what a proxy may add."""
        word = self.word("u")
        return {
            "User-Agent": f"Mozilla/5.0 ({word})",
            "Referer": f"https://elsewhere.example/{word}",
            "X-Forwarded-For": f"198.51.100.7, {word}",
            "X-Request-Id": word,
            "Cookie": f"sessionid={self.word('c')}; csrftoken={self.word('c')}; other={word}",
        }


class Visit:
    """One person at the pages, on one connection; a context manager."""

    def __init__(self, port: int, person: Person) -> None:
        self.person = person
        self._line = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: str | bytes | None = None,
        kind: str = FORM,
        **more: str,
    ) -> Reply:
        """One request; that nobody answers is an answer as well, 0."""
        headers = {**self.person.headers(), **({"Content-Type": kind} if body is not None else {})}
        try:
            self._line.request(method, path, body, {**headers, **more})
            answer = self._line.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            self._line.close()
            return Reply(0, "", "")
        return Reply(answer.status, text, answer.getheader("Location") or "")

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        """Send a form."""
        return self.ask(urlsplit(path).path, method="POST", body=urlencode(fields))

    def press(self, reply: Reply, at: str, **fields: str) -> Reply:
        """Press the button of the form on that page whose address has this in it."""
        found = next((form for form in forms_in(reply.text) if at in form.action), None)
        assert found, f"no form {at} on a page that was answered with {reply.status}"  # noqa: S101
        return self.post(found.action, {**found.fields, **fields})

    def follow(self, link: str) -> Reply:
        """Open a link of a mail, or where an answer leads to."""
        parts = urlsplit(link)
        return self.ask(parts.path + (f"?{parts.query}" if parts.query else ""))

    def letter(self, form: Form, **changes: str) -> dict[str, str]:
        """The form filled in, with a letter of their own where their number is even."""
        way = self.person.way
        # The permission that belongs to the way stands in the same place.
        permission = form.answers["send"][form.answers["way"].index(way)]
        chosen = {"way": way, "send": permission}
        filled = {**form.fields, **self.person.typed(), **chosen, "step": "send", **changes}
        if self.person.number % 2 == 0:
            filled["letter"] += f"\n\n{self.person.word('l')}, {WIDE}."
        return filled


def take_part(visit: Visit, form: Form) -> Reply:
    """Preview, then send; the answer leads to `check your mail`."""
    visit.post(form.action, visit.letter(form, step="preview"))
    return visit.post(form.action, visit.letter(form))


def write_alone(visit: Visit, form: Form) -> None:
    """The letters to be sent by oneself, with all that was typed; and the word that it was done."""
    page = visit.post(f"{PAGE}yourself/", visit.letter(form, step="yourself"))
    visit.press(page, "yourself/written", how="post")
    visit.post(f"{PAGE}yourself/", visit.letter(form, own=f"{visit.person.word('w')}\x00"))


def check_mail(visit: Visit, sent: Reply) -> None:
    """The page after it, and its button, twice."""
    page = visit.follow(sent.location)
    for _ in range(2):
        visit.press(page, "check-mail")


def mistype(visit: Visit, form: Form) -> None:
    """Everything that a form refuses, and the page shows again."""
    wrong = visit.person.word("w")
    for changes in (
        {"email": f"{wrong} at {DOMAIN}"},
        {"email": f"{wrong}@{wrong}@{DOMAIN}"},
        {"email": f"{wrong}@nowhere"},
        {"given": f"{wrong}\u202e"},
        {"given": f"{wrong}\x00"},
        {"given": f"{wrong}\nBcc: {wrong}@{DOMAIN}"},
        {"given": wrong * 20},
        {"own": wrong * 200},
        {"letter": wrong * 1000},
        {"country": wrong},
        {"send": wrong},
        {"news": wrong},
        {"issued": wrong},
        {"issued": form.fields["issued"] + wrong},
        {"issued": ""},
        {"step": wrong, "email": ""},
    ):
        visit.post(form.action, visit.letter(form, **changes))
    visit.post("/fr/your-data/", {"email": f"{wrong} at {DOMAIN}"})


def go_astray(visit: Visit, form: Form) -> None:
    """Links that were cut or made up, pages that are not there, bodies that are no form."""
    path, word, other = (visit.person.word(name) for name in "pqb")
    for link in (
        f"/{path}/",
        f"/fr/{path}/{path}.php?{word}={word}",
        f"{PAGE}?utm_source={word}&email={quote(visit.person.address)}",
        f"/fr/letter/confirm/{path}/",
        f"/fr/letter/check-mail/{path}/",
        f"/fr/letter/thanks/{path}:{word}/",
        f"/fr/your-data/open/{path}/",
        f"/fr/your-data/open/{path}/download/?{word}",
        f"/fr/%00{path}/",
        f"/fr/{quote(WIDE)}{path}/",
        f"/office/{path}/",
        f"/documents/1/{path}",
        f"/static/{path}.css",
    ):
        visit.ask(link)
    for method in ("POST", "PUT", "DELETE", path.upper()):
        visit.ask(f"{PAGE}?{word}", method=method, body=f"name={other}")
    visit.ask(form.action, method="POST", body=f"own={other * 30_000}")
    visit.ask(form.action, method="POST", body=f'{{"own": "{other}"}}', kind="application/json")
    visit.ask(form.action, method="POST", body=other, kind=f"multipart/form-data; boundary={other}")
    visit.ask(form.action, method="POST", body=f"own=%ff{other}", kind=f"{FORM}; charset={other}")
    visit.ask(form.action, method="POST", body=f"own={other}", Origin=f"https://{other}.example")
    visit.ask("/fr/", Host=f"{other}.example")
    visit.ask(f"/hooks/postmark/?{word}", method="POST", body=f'{{"Email": "{other}"}}')
    visit.ask("/hooks/mailgun/", method="POST", body=other)


def sign_in(visit: Visit) -> None:
    """Somebody takes the office for a place to sign in at."""
    page = visit.ask("/office/login/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    word = visit.person.word("s")
    token = found[1] if found else word
    body = urlencode({"username": word, "password": word, "csrfmiddlewaretoken": token})
    for cookie in (f"csrftoken={token}", f"csrftoken={word}"):
        visit.ask("/office/login/", method="POST", body=body, Cookie=cookie)


def confirm(visit: Visit, link: str) -> Reply:
    """Open the link of the mail, read, press the button, read on."""
    thanks = visit.press(visit.follow(link), "confirm")
    return visit.follow(thanks.location)


def refuse(visit: Visit, link: str) -> None:
    """It was somebody else."""
    visit.press(visit.follow(link), "refuse")


def look_at_data(visit: Visit, link: str) -> Reply:
    """See what is kept, and take it along."""
    visit.ask(f"{urlsplit(link).path}download/")
    return visit.follow(link)


def correct(visit: Visit, link: str) -> None:
    """Another name, after one that is refused."""
    page = look_at_data(visit, link)
    for path in re.findall(r'href="([^"]*/correct/[^"]*)"', page.text):
        form = visit.ask(path)
        if "/correct/" in form.text or form.status == 200:
            name = visit.person.word("n")
            visit.post(path, {"given": f"{visit.person.word('w')}\u202e", "family": ""})
            visit.post(path, {"given": name, "family": name})


def withdraw(visit: Visit, link: str) -> None:
    """No more news."""
    page = look_at_data(visit, link)
    if any("withdraw" in form.action for form in forms_in(page.text)):
        visit.press(page, "withdraw")


def erase(visit: Visit, link: str) -> None:
    """Everything goes."""
    path = f"{urlsplit(link).path}erase/"
    visit.ask(path)
    visit.post(path, {})
