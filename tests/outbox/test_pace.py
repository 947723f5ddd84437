"""Pace: never a letter over any limit, whoever claims, and no limit left unused."""

import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from tests.outbox.mails import CONFIRMATION, NOON, a_letter
from tocsin.outbox.claim import Lease, claim, give_back, may_go_now
from tocsin.outbox.destinations import Mailbox, MailDomain
from tocsin.outbox.models import Message
from tocsin.outbox.post import post_message
from tocsin.outbox.routes import Mailing, SendingDomain

WORKERS = 4
STEP = timedelta(seconds=10)


def letters(
    number: int, *, mailboxes: int = 1, domains: int = 1, mailing: Mailing | None = None
) -> None:
    """So many letters for each mailbox of each domain."""
    for domain, box in itertools.product(range(domains), range(mailboxes)):
        address = f"deputy{box}@house{domain}.example"
        for _ in range(number):
            post_message(lane="letter", mail=a_letter(recipient=address), now=NOON, mailing=mailing)


def taken(now: datetime, *, most: int = 50, route: str = "letters") -> list[Lease]:
    """What one worker claims at that moment; it is sent at once, so that nothing is in hand."""
    leases = claim(route=route, most=most, owner=7, now=now)
    ids = [lease.message_id for lease in leases]
    for state in ("sending", "sent"):
        owner = {} if state == "sending" else {"lease_owner": None, "lease_until": None}
        Message.objects.filter(pk__in=ids).update(state=state, **owner)
    return leases


def moments(long: timedelta) -> Iterator[datetime]:
    return (NOON + STEP * number for number in range(int(long / STEP)))


def most_within(times: list[datetime], width: timedelta) -> int:
    """The largest number of them in any stretch of that width."""
    start = most = 0
    for end, last in enumerate(times):
        while last - times[start] >= width:
            start += 1
        most = max(most, end - start + 1)
    return most


@pytest.mark.django_db
def test_a_mailbox_gets_its_number_an_hour_and_not_one_more() -> None:
    letters(90)
    times = [now for now in moments(timedelta(hours=4)) for _ in taken(now)]
    slot = timedelta(hours=1) / 20
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert min(gaps) >= slot * 0.5
    assert max(gaps) <= slot * 1.25 + STEP
    assert len(set(gaps)) > 5, "chance keeps it from being a metronome"
    for slots in range(1, 40):
        assert most_within(times, slot * slots) <= slots + 1.5
    assert len(times) >= 0.95 * 4 * 20


@pytest.mark.django_db
def test_a_domain_gets_its_number_an_hour_over_all_its_mailboxes() -> None:
    letters(15, mailboxes=40)
    times = [now for now in moments(timedelta(hours=1)) for _ in taken(now)]
    second = timedelta(seconds=12)  # 300 an hour
    for slots in range(1, 300, 7):
        assert most_within(times, second * slots) <= slots + 5, "five may go at once, no more"
    assert 0.95 * 300 <= len(times) <= 300 + 5


@pytest.mark.django_db
def test_a_slow_domain_gets_half_or_a_quarter_of_it() -> None:
    letters(5, mailboxes=40)
    MailDomain.objects.update(slow=4)
    times = [now for now in moments(timedelta(hours=1)) for _ in taken(now)]
    assert 0.95 * 75 <= len(times) <= 75 + 5


@pytest.mark.django_db
def test_no_more_than_its_connections_are_in_hand_for_a_domain() -> None:
    letters(1, mailboxes=9, domains=2)
    leases = claim(route="letters", most=50, owner=7, now=NOON)
    assert sorted(lease.domain_id or 0 for lease in leases) == sorted(
        2 * list(MailDomain.objects.values_list("pk", flat=True))
    )
    assert claim(route="letters", most=50, owner=8, now=NOON) == []


@pytest.mark.django_db
def test_a_new_domain_of_ours_is_warmed_up() -> None:
    letters(1, mailboxes=6, domains=10)
    SendingDomain.objects.update(daily_cap=30)
    MailDomain.objects.update(connections=10, burst=10)
    assert len(taken(NOON)) == 30
    assert taken(NOON + timedelta(hours=1)) == []
    for _ in range(3):
        post_message(lane="confirm", mail=CONFIRMATION, now=NOON)
    assert len(taken(NOON + timedelta(hours=1), route="confirmations")) == 3, "never capped"
    assert SendingDomain.objects.get().sent == 33
    assert len(taken(NOON + timedelta(days=1))) == 30


@pytest.mark.django_db
def test_supporters_with_a_great_provider_share_its_pace_and_others_have_none() -> None:
    for domain in ("gmail.com", "private.example"):
        for each in range(80):
            mail = a_letter(recipient=f"someone{each}@{domain}")
            post_message(lane="confirm", mail=mail, now=NOON)
    MailDomain.objects.update(per_hour=3600, burst=10, connections=100)
    leases = taken(NOON, most=500, route="confirmations")
    by_domain = [lease.domain_id is not None for lease in leases]
    assert (by_domain.count(True), by_domain.count(False)) == (10, 80)
    assert len(taken(NOON + timedelta(seconds=7), route="confirmations")) == 7
    assert list(MailDomain.objects.values_list("name", flat=True)) == ["gmail.com"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "open_"),
    [
        (NOON, True),  # 20:05 in Shanghai
        (NOON + timedelta(hours=2), False),  # 22:05 in Shanghai
    ],
)
def test_a_mailbox_has_its_hours(at: datetime, *, open_: bool) -> None:
    letters(1)
    Mailbox.objects.update(opens=time(8), closes=time(21), time_zone="Asia/Shanghai")
    assert bool(taken(at)) == open_


@pytest.mark.django_db
def test_what_is_paused_does_not_go_and_what_is_not_goes() -> None:
    mailing = Mailing.objects.create()
    stopped = Mailing.objects.create(stop_at=NOON)
    letters(1, mailing=mailing)
    letters(1, mailing=stopped)
    for lane in ("confirm", "letter"):
        post_message(lane=lane, mail=a_letter(), now=NOON, mailing=mailing)
    Mailing.objects.filter(pk=mailing.pk).update(paused=True)
    assert not may_go_now(route="letters", now=NOON)
    assert taken(NOON) == []
    assert len(taken(NOON, route="confirmations")) == 1, "somebody waits for it"
    Mailing.objects.update(paused=False)
    assert len(taken(NOON)) == 2
    assert Message.objects.get(state="ready").mailing == stopped


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "column"),
    [(Mailbox, "paused"), (MailDomain, "paused")],
)
def test_a_pause_by_hand_holds_one_and_lets_others_go(
    row: type[Mailbox] | type[MailDomain], column: str
) -> None:
    letters(1, domains=2)
    first = row.objects.order_by("pk")[0]
    row.objects.filter(pk=first.pk).update(**{column: True})
    [lease] = taken(NOON)
    assert lease.address == "deputy0@house1.example"


@pytest.mark.django_db
def test_a_domain_that_may_not_send_does_not_send() -> None:
    letters(1)
    SendingDomain.objects.update(reserved=False)
    assert taken(NOON) == [], "not checked yet"
    SendingDomain.objects.update(state="green")
    assert len(taken(NOON)) == 1


@pytest.mark.django_db
def test_what_is_given_back_gives_back_its_slot_and_its_allowance() -> None:
    letters(2, mailboxes=3, domains=2)
    post_message(lane="update", mail=a_letter(recipient="amina@gmail.com"), now=NOON)
    SendingDomain.objects.update(daily_cap=9)
    MailDomain.objects.update(connections=3)

    def allowances() -> list[object]:
        domains = MailDomain.objects.order_by("pk").values_list("booked_until", flat=True)
        ahead = [max(each, NOON) for each in domains]
        may_go = Mailbox.objects.filter(next_at__lte=NOON, booked_until__lte=NOON).count()
        return [ahead, may_go, SendingDomain.objects.get().sent]

    before = allowances()
    leases = claim(route="letters", most=50, owner=7, now=NOON)
    assert allowances() != before
    assert give_back(leases, owner=8, now=NOON) == 0, "another's"
    assert give_back(leases, owner=7, now=NOON) == len(leases) == 7
    assert allowances() == before
    again = claim(route="letters", most=50, owner=7, now=NOON)
    assert {each.message_id for each in again} == {each.message_id for each in leases}


# -- four workers at once --------------------------------------------------------------------------


@pytest.fixture
def at_once() -> Iterator[Callable[[datetime], list[Lease]]]:
    """Four workers with a database session each, all claiming at the same moment."""

    all_of_them = threading.Barrier(WORKERS)

    def work(now: datetime) -> list[Lease]:
        return taken(now, most=20)

    def leave() -> None:
        connection.close()
        all_of_them.wait(30)

    with ThreadPoolExecutor(WORKERS) as pool:
        yield lambda now: list(itertools.chain(*pool.map(work, [now] * WORKERS)))
        list(pool.map(lambda _: leave(), range(WORKERS)))


@pytest.mark.django_db(transaction=True, available_apps=["tocsin"])
def test_four_workers_together_never_exceed_any_limit_and_use_it(
    at_once: Callable[[datetime], list[Lease]],
) -> None:
    letters(22, mailboxes=8, domains=3)
    MailDomain.objects.filter(name="house0.example").update(per_hour=60, burst=3)
    SendingDomain.objects.update(daily_cap=400)
    by_box: dict[str, list[datetime]] = defaultdict(list)
    by_domain: dict[str, list[datetime]] = defaultdict(list)
    seen: set[object] = set()
    for now in moments(timedelta(hours=1)):
        for lease in at_once(now):
            assert lease.message_id not in seen, "claimed twice"
            seen.add(lease.message_id)
            by_box[lease.address].append(now)
            by_domain[lease.address.partition("@")[2]].append(now)
    for times in by_box.values():
        for slots in range(1, 20):
            assert most_within(times, timedelta(minutes=3) * slots) <= slots + 1.5
    limits = {"house0.example": (60, 3), "house1.example": (300, 5), "house2.example": (300, 5)}
    for domain, (per_hour, burst) in limits.items():
        for slots in range(1, per_hour, 5):
            width = timedelta(hours=1) / per_hour * slots
            assert most_within(by_domain[domain], width) <= slots + burst
    # The narrowest limit on the way is used: the domain's 60, the eight mailboxes' 20 each.
    assert len(by_domain["house0.example"]) >= 0.95 * 60
    for domain in ("house1.example", "house2.example"):
        assert len(by_domain[domain]) >= 0.95 * 8 * 20
    assert len(seen) <= 400
