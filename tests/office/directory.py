"""What the tests of the directory have in common: who is there, and what they type."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client

from tocsin.targets.models import Target


def a_client(*permissions: str) -> Client:
    """Somebody in the office who may do that."""
    client = Client(headers={"accept-language": "en"})
    user = User.objects.create_user(f"staff-{User.objects.count()}")
    names = ("access_admin", *permissions)
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    return client


def rows(prefix: str, typed: list[dict[str, str]], *, were: int = 0) -> dict[str, str]:
    """Rows of a part of the form, as a browser sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": str(len(typed)), f"{prefix}-INITIAL_FORMS": str(were)}
    for number, row in enumerate(typed):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


NAME = {"language": "fr", "name": "Le ministère", "salutation": "Excellence,"}


def typed(
    *,
    names: list[dict[str, str]] | None = None,
    addresses: list[dict[str, str]] | None = None,
    were: tuple[int, int] = (0, 0),
    **post: str,
) -> dict[str, str]:
    """The form of a target; `were` is how many names and addresses there were before."""
    return {
        "do": "save",
        "slug": "ministry-cn",
        "kind": "ministry",
        "country": "CN",
        "seat": "",
        "language": "fr",
        **rows("names", [NAME] if names is None else names, were=were[0]),
        **rows("addresses", addresses or [], were=were[1]),
        **post,
    }


def mark_of(client: Client, target: Target) -> str:
    """What the page of the target was like when it was opened."""
    context: Any = client.get(f"/office/targets/edit/{target.pk}/").context
    return str(context["mark"])


def text(answer: Any) -> str:
    """What the page says."""
    return str(answer.content.decode())
