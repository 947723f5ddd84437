"""Which messages a relay took for certain, as its own log tells."""

import re
from collections.abc import Container, Iterable
from typing import TypeVar

MOST_OPEN = 100_000  # queue ids that are remembered until their mail is complete
LONGEST_LINE = 8192

STAMP = (
    r"(?:<[\w.]{1,20}> ?)?"
    r"(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20})"
)
POSTFIX = re.compile(
    rf"{STAMP} (?P<host>\S+) (?P<instance>[\w.-]+)(?:/[\w.-]+)*/(?P<daemon>\w+)\[(?P<pid>\d+)\]: "
    r"(?:(?P<queue_id>[0-9A-Za-z]{5,25}): )?(?P<words>.*)"
)
ACTIVE = re.compile(r"from=<.*>, size=\d+, nrcpt=\d+ \(queue active\)")
MESSAGE_ID = re.compile(r"message-id=<([^<>\s]{1,998})>")
ENDED = re.compile(r"removed|(?:milter-)?(?:reject|discard): .*")
BROKE_OFF = re.compile(r"(?:lost connection|timeout) after (?:DATA|BDAT)\b.*")

EXIM = re.compile(
    rf"(?:{STAMP} \S+ exim\d?\[\d+\]: )?"
    r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [+-]\d{4})? )?(?:\[\d+\] )?"
    r"[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4} <= [^\s\"]+ .* S=\d+ .*"
)

Value = TypeVar("Value")
Key = tuple[str, str, str]
"""Host, instance of Postfix, queue id or process: two of them may write into one log."""


def taken_by_relay(lines: Iterable[str], *, among: Container[str] | None = None) -> set[str]:
    """The Message-IDs, without brackets, of the mails that Postfix or Exim took for certain.

    What is not found may have been taken all the same: the log may be of another day. The lines
    come in the order of the log. Of a long log only the ids `among` those asked for are kept.
    """
    log = _PostfixLog()
    taken: set[str] = set()
    for line in lines:
        words = line.rstrip("\r\n")
        if len(words) > LONGEST_LINE:
            continue
        found = log.read(words) or _arrived_at_exim(words)
        if found and (among is None or found in among):
            taken.add(found)
    return taken


class _PostfixLog:
    """Follows each queue id from the line of its Message-ID to the line that makes it certain.

    The first alone proves nothing: it is written while the mail comes in, and the other side may
    hang up before the dot. Only a complete mail becomes active. A queue id may be given out again,
    so each sign of an end, and of a new beginning, makes us forget.
    """

    def __init__(self) -> None:
        self._open: dict[Key, str | None] = {}  # None: broken off, whatever is still written
        self._spoken_to: dict[Key, Key] = {}

    def read(self, line: str) -> str | None:
        """The Message-ID that became certain by this line, if any did."""
        found = POSTFIX.fullmatch(line)
        if not found:
            return None
        where, daemon, words = (found["host"], found["instance"]), found["daemon"], found["words"]
        process = (*where, found["pid"])
        if not found["queue_id"]:
            if daemon == "smtpd" and BROKE_OFF.fullmatch(words) and process in self._spoken_to:
                _remember(self._open, self._spoken_to.pop(process), None)
            return None
        mail = (*where, found["queue_id"])
        if daemon.endswith("qmgr") and ACTIVE.fullmatch(words):
            return self._open.pop(mail, None)
        if daemon == "smtpd" and words.startswith("client="):
            _remember(self._spoken_to, process, mail)
        if daemon == "cleanup" and words.startswith("message-id="):
            self._begin(mail, words)
        elif ENDED.fullmatch(words) or words.startswith(("client=", "uid=")):
            self._open.pop(mail, None)
        return None

    def _begin(self, mail: Key, words: str) -> None:
        if mail in self._open and self._open[mail] is None:
            return  # the cleanup writes its line at times after the news of the broken line
        self._open.pop(mail, None)
        if found := MESSAGE_ID.fullmatch(words):
            _remember(self._open, mail, found[1])


def _remember(memory: dict[Key, Value], key: Key, value: Value) -> None:
    """Keep it, and let go of the oldest when there are too many."""
    memory.pop(key, None)
    if len(memory) >= MOST_OPEN:
        del memory[next(iter(memory))]
    memory[key] = value


def _arrived_at_exim(line: str) -> str | None:
    """Exim writes its line of arrival when the mail is on disk, and never before the dot."""
    head, *_ = line.split(' T="', 1)  # a subject may say anything
    if not EXIM.fullmatch(head) or head.count(" S=") != 1 or head.count(" id=") != 1:
        return None
    found = re.search(r" S=\d+ (?:\S+ )*?id=([^\s<>]{1,998})(?: |$)", head)
    return found[1] if found else None
