"""Board, lists and exports over a million actions, beside their limits: `python -m bench.board`.

`--quick` has fifty times fewer rows. What is measured is the time until the first byte of the
answer inside of the process that serves it, and the rows of a streamed file in a second.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from bench.ground import Ground
from bench.work import resident

ACTIONS = 1_200_000
CAMPAIGNS = 10
MOST_SECONDS = 2.0
LEAST_ROWS = 20_000  # a second
MOST_GROWTH = 50_000  # KB
ROUNDS = 3
BUSY = 1.5
"""From this load on, what else runs here is measured as well."""

PAGES = (
    "board/?span=today",
    "board/?span=30",
    "board/?span=all",
    "board/campaign-0/?span=all",
    "board/?span=all&now=1",
    "actions/",
    "actions/?p=200",
    "actions/?state=pending",
    "actions/?country=KZ&state=lent",
    "actions/?campaign={campaign}&since=2026-01-10&until=2026-01-12",
    "letters/",
    "letters/?p=200",
    "letters/?state=sent",
    "letters/?state=bounced",
    "letters/?state=in_doubt",
    "letters/?campaign={campaign}&country=FR",
    "exports/",
)
EXPORTS = (
    ("actions", "csv"),
    ("actions", "excel"),
    ("letters", "csv"),
    ("actions", "xlsx"),
    ("board", "csv"),
)

FILL = (
    """
    INSERT INTO tocsin_supporter (id, sealed) SELECT lpad(to_hex(g), 32, '0')::uuid, ''
    FROM generate_series(1, {actions}) AS g
    """,
    """
    INSERT INTO tocsin_action (id, campaign_id, supporter_id, blind, state, way, revision, language,
        country, day, variant, is_own, sealed_words, counted, draw)
    SELECT gen_random_uuid(), {first} + g % {campaigns},
        lpad(to_hex(g), 32, '0')::uuid, decode(lpad(to_hex(g), 32, '0'), 'hex'),
        CASE WHEN g % 20 = 0 THEN 'pending' WHEN g % 20 < 3 THEN 'lent' ELSE 'written' END,
        CASE WHEN g % 20 IN (1, 2) THEN 'lent' WHEN g % 5 = 0 THEN 'shielded' ELSE 'open' END,
        1, (ARRAY['fr', 'en', 'de', 'ug', 'kk', 'tr', 'es', 'zh-hans'])[1 + g % 8],
        (ARRAY['FR','DE','US','KZ','TR','GB','CA','ES','NL','BE','SE','NO','CH','AT','JP','AU',
               'IT','PL','IE','DK'])[1 + (g * 7 % 397) % 20],
        -- As they come: the older first.
        date '2026-03-10' - (({actions} - g)::bigint * 300 / {actions})::int,
        1 + g % 3, g % 4 = 0, '', g % 20 <> 0, ''
    FROM generate_series(1, {actions}) AS g
    """,
    """
    INSERT INTO tocsin_message (id, lane, mailbox_id, sending_domain_id, mailing_id, state, reason,
        priority, due_at, attempts, tried, doubts, lease_number)
    SELECT gen_random_uuid(), 'letter', {box}, {ours}, mailing_id,
        CASE WHEN number % 1000 = 0 THEN 'bounced' WHEN number % 1000 = 1 THEN 'failed'
             WHEN number % 1000 = 2 THEN 'held' WHEN number % 20000 = 3 THEN 'in_doubt'
             WHEN number % 10 = 4 THEN 'ready' ELSE 'sent' END,
        '', 20, timestamptz '2026-03-10 12:00+00', 1, 1, 0, 0
    FROM (SELECT mailing_id, row_number() OVER () AS number FROM tocsin_action
          JOIN tocsin_campaign ON tocsin_campaign.id = campaign_id
          CROSS JOIN generate_series(1, 2) WHERE tocsin_action.state = 'written') AS found
    """,
    """
    INSERT INTO tocsin_letter (id, action_id, target_id, message_id, language, code)
    SELECT gen_random_uuid(), action_id, target_id, message_id, 'en', lpad(number::text, 8, '0')
    FROM (SELECT tocsin_action.id AS action_id, target.id AS target_id, mailing_id,
              row_number() OVER (PARTITION BY mailing_id) AS place,
              row_number() OVER () AS number
          FROM tocsin_action JOIN tocsin_campaign ON tocsin_campaign.id = campaign_id
          CROSS JOIN tocsin_target AS target WHERE tocsin_action.state = 'written') AS action
    JOIN (SELECT id AS message_id, mailing_id,
              row_number() OVER (PARTITION BY mailing_id) AS place FROM tocsin_message) AS message
        USING (mailing_id, place)
    """,
    """
    INSERT INTO tocsin_tally (campaign_id, confirmed, erased, voices, erased_voices)
    SELECT campaign_id, count(*), 0, count(*) FILTER (WHERE way = 'lent'), 0
    FROM tocsin_action WHERE counted GROUP BY 1
    """,
    """
    INSERT INTO tocsin_daycount (campaign_id, by, day, name, number)
    SELECT campaign_id, known.by, day, known.name, count(*)
    FROM tocsin_action CROSS JOIN LATERAL (VALUES
        ('country', country), ('language', language), ('way', way),
        ('variant', variant::text)) AS known (by, name)
    WHERE counted GROUP BY 1, 2, 3, 4
    """,
)


def fill(ground: Ground, *, actions: int) -> tuple[int, int]:
    """Campaigns with so many actions, and two letters of each that writes any; both numbers."""
    from tocsin.campaigns.models import Campaign
    from tocsin.organisations.models import Organisation
    from tocsin.outbox.destinations import Mailbox, MailDomain
    from tocsin.outbox.routes import SendingDomain
    from tocsin.targets.models import Target

    table = Organisation.objects.create(
        slug="table", name="The Letter Table", mail_domain="letters.example", contact="a@b.example"
    )
    made = [
        Campaign.objects.create(organisation=table, slug=f"campaign-{number}", goal=1000).pk
        for number in range(CAMPAIGNS)
    ]
    for number in range(2):
        Target.objects.create(slug=f"target-{number}", kind="ministry", country="CN", language="en")
    domain = MailDomain.objects.create(name="mfa.example")
    box = Mailbox.objects.create(address="minister@mfa.example", domain=domain)
    ours = SendingDomain.objects.create(name="letters.example", bounce_domain="b.letters.example")
    values = {
        "actions": actions,
        "campaigns": CAMPAIGNS,
        "first": made[0],
        "box": box.pk,
        "ours": ours.pk,
    }
    with ground.session() as session:
        # What the rows refer to was made a moment ago: it need not be looked up a million times.
        session.execute("SET session_replication_role = replica")
        session.execute("SET statement_timeout = 0")
        for statement in FILL:
            session.execute(statement.format(**values).encode())
        session.execute("VACUUM ANALYZE")
        found = session.execute("SELECT count(*) FROM tocsin_letter").fetchone()
    return made[0], found[0] if found else 0


def a_client() -> Any:
    """Somebody with the run of the office."""
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"accept-language": "fr"}, SERVER_NAME="localhost")
    client.force_login(User.objects.create_superuser("chiara"))
    return client


def expect(found: object, wanted: object, *, about: str) -> None:
    """What is not as it should be is not measured: RuntimeError."""
    if found != wanted:
        raise RuntimeError(f"{about}: {found} instead of {wanted}")


def time_page(client: Any, path: str) -> tuple[float, int]:
    """The slowest of some rounds in seconds, after one that does not count; how many queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    slowest, asked = 0.0, 0
    for count in range(ROUNDS + 1):
        with CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            answer = client.get(f"/office/{path}")
            took = time.perf_counter() - began
        expect(answer.status_code, 200, about=path)
        slowest, asked = max(slowest, took if count else 0.0), len(queries)
    return slowest, asked


def time_export(client: Any, what: str, form: str) -> tuple[float, int, float, int]:
    """Seconds to the first byte, lines, lines a second, and by how many KB the process grew."""
    from tocsin.outcomes.exports import Export

    before = resident()
    began = time.perf_counter()
    answer = client.post("/office/exports/", {"what": what, "form": form})
    expect(answer.status_code, 200, about=what)
    pieces: Iterator[bytes] = iter(answer.streaming_content)
    next(pieces)
    first = time.perf_counter() - began
    most = before
    for number, _piece in enumerate(pieces):
        if number % 50 == 0:
            most = max(most, resident())
    took = time.perf_counter() - began
    row = Export.objects.latest("pk")
    expect(row.state, "done", about=what)
    return first, row.written, row.written / took, max(0, max(most, resident()) - before)


def judged(text: str, *, good: bool) -> bool:
    """Say it, and whether it is within its limit."""
    print(text if good else f"{text}  MISSED", flush=True)
    return good


def run(*, actions: int) -> bool:
    """Build it, measure it; whether everything is within its limit."""
    with Ground() as ground:
        os.environ.update(ground.environment())
        import django

        django.setup()
        began = time.perf_counter()
        first, letters = fill(ground, actions=actions)
        took = time.perf_counter() - began
        print(
            f"{actions:,} actions, {letters:,} letters in {CAMPAIGNS} campaigns ({took:.0f} s)",
            flush=True,
        )
        if os.getloadavg()[0] > BUSY:
            print(f"load {os.getloadavg()[0]:.1f}: what else runs here is measured as well")
        client = a_client()
        good = []
        for pattern in PAGES:
            path = pattern.format(campaign=first)
            slowest, asked = time_page(client, path)
            text = f"{path}: {slowest:.2f} s, limit {MOST_SECONDS} s, {asked} queries"
            good.append(judged(text, good=slowest <= MOST_SECONDS))
        for what, form in EXPORTS:
            byte, lines, rate, growth = time_export(client, what, form)
            is_large = form != "xlsx" and what != "board"
            is_good = byte <= MOST_SECONDS and growth <= MOST_GROWTH
            is_quick = rate >= LEAST_ROWS or not is_large
            text = (
                f"export of {what} as {form}: first byte {byte:.2f} s, {lines:,} lines, "
                f"{rate:,.0f} a second, {growth / 1024:.0f} MB more"
            )
            good.append(judged(text, good=is_good and is_quick))
        from django.db import connections

        connections.close_all()
    return all(good)


def main() -> int:
    """0 if everything is within its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fifty times fewer rows")
    asked = parser.parse_args()
    return 0 if run(actions=ACTIONS // 50 if asked.quick else ACTIONS) else 1


if __name__ == "__main__":
    sys.exit(main())
