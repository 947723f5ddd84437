"""A crowd that took part: `python -m bench.crowd N` fills a database, and tells who they are."""

import json
import sys
from datetime import timedelta
from random import Random

import django

DOMAINS = ("gmail.com", "mail.example", "outlook.com", "posteo.de", "some-village.example")
GIVEN = (
    "amina",
    "bruno",
    "chiara",
    "daniel",
    "gulnar",
    "mehmet",
    "zulfiya",
    "li",
    "anne",
    "ulrike",
)
FAMILY = (
    "yusuf",
    "karimova",
    "rossi",
    "meier",
    "dubois",
    "wang",
    "silva",
    "olsen",
    "haddad",
    "kaya",
)


def addresses(number: int, *, seed: int) -> list[str]:
    """So many different addresses, as people have them."""
    chance = Random(seed)  # noqa: S311 - so that they can be had again
    found: dict[str, None] = {}
    while len(found) < number:
        name = f"{chance.choice(GIVEN)}.{chance.choice(FAMILY)}{chance.randrange(10**6)}"
        found[f"{name}{chance.choice(('', '+news', ''))}@{chance.choice(DOMAINS)}"] = None
    return list(found)


def main(number: int) -> None:
    """They take part; of three one has not confirmed, and one has asked for her data."""
    django.setup()
    # Models, and what uses them, only after Django is set up.
    from django.utils import timezone

    from tocsin.actions.models import Action
    from tocsin.actions.release import confirm_action
    from tocsin.actions.take import action_blind, take_action
    from tocsin.actions.words import Words
    from tocsin.campaigns.models import Campaign
    from tocsin.kit.addresses import read_address
    from tocsin.letters.write import write_due
    from tocsin.outbox.hold import suppress
    from tocsin.outcomes.tally import tally_due
    from tocsin.privacy.ask import send_data_link
    from tocsin.supporters.person import Person

    campaign = Campaign.objects.get()
    consents = {campaign.consents.get(purpose="send", language="fr"): True}
    now = timezone.now() - timedelta(hours=1)
    crowd = addresses(number, seed=1)
    for position, text in enumerate(crowd):
        address = read_address(text)
        given, _, family = text.partition("@")[0].title().partition(".")
        take_action(
            campaign=campaign,
            person=Person(given, family, address),
            words=Words(own=f"{given} waits for news."),
            language="fr",
            country="FR",
            consents=consents,
            now=now,
        )
        action = Action.objects.get(blind=action_blind(campaign, address))
        if position % 3:
            confirm_action(action_id=action.pk, revision=1)
        if position % 3 == 1:
            send_data_link(address=address, language="fr", now=now)
        if position % 50 == 2:
            suppress(text, reason="asked", today=now.date())
    write_due(now=now)
    tally_due(now=now)
    print(json.dumps(crowd))


if __name__ == "__main__":
    main(int(sys.argv[1]))
