"""A new organisation with all that belongs to it, and what is then still to be done."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from tocsin.campaigns.sealed_for import lists_dir
from tocsin.organisations.begin import Begun, begin_organisation
from tocsin.organisations.models import Organisation
from tocsin.outbox.identity.dkim import KeyUnusable, load_keys
from tocsin.outbox.post import sending_domain_for
from tocsin.outbox.routes import SendingDomain
from tocsin.readers.files import pin_of
from tocsin.readers.signed_list import ListRefused

LayOut = Callable[[Organisation], int]
"""Makes the pages and the collection, which are the pages' to make."""


@transaction.atomic
def set_up(*, slug: str, name: str, contact: str, mail_domain: str, lay_out: LayOut) -> Begun:
    """Make what is missing of it, or nothing; twice is the same as once.

    Raises what begin_organisation() and lay_out() raise.
    """
    begun = begin_organisation(slug=slug, name=name, contact=contact, mail_domain=mail_domain)
    organisation = begun.organisation
    had = SendingDomain.objects.filter(name=organisation.mail_domain).exists()
    sending_domain_for(organisation.mail_domain)
    return Begun(organisation, begun.made + (not had) + lay_out(organisation))


def left_to_do(organisation: Organisation) -> list[str]:
    """What a person has to do before its first campaign can be open, in sentences."""
    domain, slug = organisation.mail_domain, organisation.slug
    found = []
    if not User.objects.filter(groups__team__organisation=organisation, is_active=True).exists():
        found.append(_("Nobody is in its teams: put people into the groups “%(slug)s: …”."))
    if not _is_signed(domain):
        found.append(_("Mail of %(domain)s is not signed: on the server, tocsin dkim %(domain)s."))
    if not SendingDomain.objects.filter(name=domain, state=SendingDomain.State.GREEN).exists():
        found.append(_("The DNS of %(domain)s: tocsin doctor %(domain)s says what is missing."))
    if not _has_list(slug):
        found.append(
            _(
                "It has no readers: tocsin keys new %(slug)s …, away from the server; then, on "
                "it, tocsin keys accept."
            )
        )
    found.append(_("Each campaign needs words of permission of its own, in each of its languages."))
    return [each % {"domain": domain, "slug": slug} for each in found]


def _is_signed(domain: str) -> bool:
    try:
        return settings.RELAY_SIGNS or bool(load_keys(settings.KEYS_DIR / "dkim", domain=domain))
    except (KeyUnusable, OSError):
        return False


def _has_list(slug: str) -> bool:
    try:
        return pin_of(lists_dir(), slug) is not None
    except (ListRefused, OSError):
        return False
