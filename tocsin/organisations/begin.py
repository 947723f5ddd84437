"""Begin an organisation: its row, its teams with what these may do, and the people in them."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction
from django.db.models import Q

from tocsin.kit.addresses import AddressRefused, read_address
from tocsin.organisations.models import Organisation
from tocsin.organisations.teams import Team

EDITS = (
    *("wagtailadmin.access_admin", "tocsin.view_organisation"),
    *("tocsin.view_campaign", "tocsin.add_campaign"),
    *("tocsin.view_action", "tocsin.view_letter", "tocsin.view_target", "tocsin.view_message"),
    *("tocsin.view_mailing", "tocsin.view_sendingdomain"),
    *("tocsin.view_collectiveschedule", "tocsin.view_collectivewording"),
    *("tocsin.view_partner", "tocsin.add_partner", "tocsin.change_partner"),
    *("tocsin.view_witnessconsent", "tocsin.add_witnessconsent", "tocsin.change_witnessconsent"),
    "tocsin.view_papercount",
)
MAY = {
    Team.Role.EDITOR: EDITS,
    Team.Role.PUBLISHER: (
        *EDITS,
        *("tocsin.change_organisation", "tocsin.change_campaign", "tocsin.change_message"),
        *("tocsin.change_mailing", "tocsin.change_collectiveschedule"),
        *("tocsin.change_collectivewording", "tocsin.add_papercount"),
        *("tocsin.view_export", "tocsin.add_export"),
    ),
}
"""What each role may do with rows of its organisation.

Targets are everybody's, and to be looked at. Mailboxes, mail domains, routes and incidents belong
to the installation: to look after these is a permission that no role brings along.
"""


class IsAnother(Exception):
    """There is an organisation of that short name, and it is not as it was told."""


class PlaceTaken(Exception):
    """Another page lies where that of the organisation would; the message is its address."""


class NoDomain(ValueError):
    """Mail cannot come from that."""


class NoSuchRole(ValueError):
    """No team has that role."""


@dataclass(frozen=True)
class Begun:
    """What there is now; `made` counts what was not there before."""

    organisation: Organisation
    made: int


@transaction.atomic
def begin_organisation(*, slug: str, name: str, contact: str, mail_domain: str) -> Begun:
    """Make what is missing of the organisation and its teams.

    Raises ValidationError or NoDomain where a value cannot be, and IsAnother rather than change
    one that is there: its name and contact are changed in the office.
    """
    domain = checked_domain(mail_domain) if mail_domain else ""
    told = {"name": name, "contact": contact, "mail_domain": domain}
    with connection.cursor() as cursor:
        # Whoever comes at the same time waits here until all of it is there, and finds it made.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('begin an organisation'))")
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        found = Organisation(slug=slug, **told)
        found.full_clean()
        found.save()
        made = 1
    else:
        other = [
            each
            for each, value in told.items()
            if value and getattr(found, each).lower() != value.lower()
        ]
        if other:
            raise IsAnother(", ".join(f"{each}: {getattr(found, each)}" for each in other))
        made = 0
    return Begun(found, made + sum(_team(found, role) for role in Team.Role))


def checked_domain(name: str) -> str:
    """The domain as it stands in addresses; raises NoDomain."""
    try:
        return read_address(f"letters@{name}").domain
    except AddressRefused:
        raise NoDomain(name) from None


def join(*, person: str, role: str, organisation: Organisation) -> User | None:
    """Put somebody into a team, by the name or address of their account; None if they were in it.

    Whom nobody knows gets an account, without a password yet. Raises NoSuchRole, ValidationError.
    """
    team = organisation.teams.filter(role=role).first()
    if team is None:
        raise NoSuchRole(role)
    user = User.objects.filter(Q(username=person) | Q(email__iexact=person)).order_by("pk").first()
    if user is None:
        address = person if "@" in person else ""
        user = User(username=person, email=address)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save()
    if user.groups.filter(pk=team.group_id).exists():
        return None
    user.groups.add(team.group)
    return user


def _team(organisation: Organisation, role: Team.Role) -> bool:
    """Whether it had to be made; what it may do is brought up to date in any case."""
    team = organisation.teams.filter(role=role).select_related("group").first()
    is_new = team is None
    if team is None:
        group, _new = Group.objects.get_or_create(name=f"{organisation.slug}: {role.value}")
        team = Team.objects.create(organisation=organisation, group=group, role=role)
    wanted = Q()
    for permission in MAY[role]:
        app, _, codename = permission.partition(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    team.group.permissions.add(*Permission.objects.filter(wanted))
    return is_new
