"""A worker in a process of its own, to be killed: posts letters, or sends until nothing is left."""

import sys
import time
from datetime import datetime, timedelta

import django

FASTER = 600
"""By how much the workers' clock is faster, so that a quarter of an hour's doubt is soon over."""


def main(verb: str, number: int) -> None:
    """`post N` leaves N letters in the outbox, `work T` sends what is there.

    T is the second of the system's clock at which it is noon for all workers.
    """
    django.setup()
    # Models, and what uses them, only after Django is set up.
    from tests.outbox.mails import NOON, a_letter
    from tocsin.outbox.destinations import MailDomain
    from tocsin.outbox.installation import bind
    from tocsin.outbox.models import Message
    from tocsin.outbox.post import post_message
    from tocsin.outbox.send import send_due
    from tocsin.outbox.take_back import take_back_due

    def clock() -> datetime:
        return NOON + timedelta(seconds=(time.time() - number) * FASTER)

    if verb == "post":
        bind()
        for each in range(number):
            mail = a_letter(recipient=f"deputy{each}@parliament.example")
            post_message(lane="letter", mail=mail, now=NOON)
        # The pace has its own test; here the deputies take all they can get.
        MailDomain.objects.update(per_hour=10**8, burst=30_000, connections=30_000)
        return
    unfinished = Message.objects.exclude(state__in=("sent", "failed", "held"))
    while unfinished.exclude(state="in_doubt", doubts__gt=0).exists():
        take_back_due(now=clock())
        send_due(now=clock())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
