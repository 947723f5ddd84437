"""A worker in a process of its own, to be killed: posts letters, or sends until nothing is left."""

import sys

import django


def main(verb: str, number: int) -> None:
    """`post N` leaves N letters in the outbox, `work 0` sends what is there."""
    django.setup()
    # Models, and what uses them, only after Django is set up.
    from tests.outbox.mails import NOON, a_letter
    from tocsin.outbox.models import Message
    from tocsin.outbox.post import post_message
    from tocsin.outbox.send import send_due

    for each in range(number if verb == "post" else 0):
        mail = a_letter(recipient=f"deputy{each}@parliament.example")
        post_message(lane="letter", mail=mail, now=NOON)
    unfinished = Message.objects.exclude(state__in=("sent", "failed", "held"))
    while verb == "work" and unfinished.exclude(state="in_doubt", doubts__gt=0).exists():
        send_due(now=NOON)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
