"""How often one address may be written to by people who have not proved that it is theirs."""

from datetime import date, datetime, timedelta

from django.db import connection

from tocsin.actions.models import MailGuard
from tocsin.kit.addresses import Address, canonical
from tocsin.kit.seal import blind

MAILS = 2
"""One confirmation, and one reminder: so many mails, over all campaigns, …"""

DAYS = 3
"""… in so many days: nobody can use us to fill a stranger's mailbox."""

NO_SALT = b""
"""The guard looks over all campaigns, so its index has no campaign's salt."""


def may_mail(address: Address, *, now: datetime) -> bool:
    """Count one more unasked mail to the address; False if it has had enough of them for now."""
    today = now.date()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tocsin_mailguard AS guard (blind, since, mails) VALUES (%(b)s, %(t)s, 1)
            ON CONFLICT (blind) DO UPDATE SET
                mails = CASE WHEN guard.since <= %(t)s - %(d)s THEN 1
                             ELSE least(guard.mails + 1, 100) END,
                since = CASE WHEN guard.since <= %(t)s - %(d)s THEN %(t)s ELSE guard.since END
            RETURNING mails
            """,
            {"b": _index(address), "t": today, "d": DAYS},
        )
        (mails,) = cursor.fetchone()
    return bool(mails <= MAILS)


def forget_mails(address: Address) -> None:
    """The person proved that the address is theirs: what was sent before no longer counts."""
    MailGuard.objects.filter(blind=_index(address)).delete()


def mail_no_more(address: Address, *, now: datetime) -> None:
    """Let no unasked mail to the address for the whole of that time."""
    full = {"since": now.date(), "mails": MAILS}
    MailGuard.objects.update_or_create(blind=_index(address), defaults=full)


def noted_mails(address: Address) -> date | None:
    """Since which day unasked mails to the address are counted; None if none are."""
    row = MailGuard.objects.filter(blind=_index(address)).first()
    return row.since if row else None


def forget_due(*, now: datetime) -> int:
    """Station: delete what the guard has no more use for; returns how many addresses it forgot."""
    old = MailGuard.objects.filter(since__lte=now.date() - timedelta(days=DAYS))
    return old.delete()[0]


def _index(address: Address) -> bytes:
    return blind(canonical(address), salt=NO_SALT, purpose="guard")
