"""The providers of mail that we can speak to, and what each of them lets us say."""

from collections.abc import Mapping
from dataclasses import dataclass

COPIED = frozenset(
    {"Auto-Submitted", "Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post"}
)
"""Headers of a mail that are worth asking a provider for; it writes all others itself."""

OWN_ID = COPIED | {"Message-ID"}
OWN_DATE = OWN_ID | {"Date"}


@dataclass(frozen=True)
class Esp:
    """A provider (ESP), in the names that django-anymail has for its settings.

    Of its address `user`, `secret` and `host` are settings; the settings in `more` may stand
    behind a question mark. `headers` are those that it lets us write, `extra_headers` what it has
    to be told so that it does. `once` says where it takes a key by which it recognises a request
    that it has had, `returns` whether it keeps our envelope sender. Its reports may be signed with
    one of the settings `signed_by`; who `must_sign` has no other way to show who it is.
    """

    secret: str = "api_key"  # noqa: S105 - the name of a setting
    user: str = ""
    host: str = ""
    more: tuple[str, ...] = ()
    headers: frozenset[str] = COPIED
    extra_headers: tuple[tuple[str, str], ...] = ()
    once: str = ""
    signed_by: tuple[str, ...] = ()
    must_sign: bool = False
    returns: bool = False


ESPS: Mapping[str, Esp] = {
    "brevo": Esp(once="body"),
    # Headers of our own are for its largest customers only.
    "mailersend": Esp(
        secret="api_token",  # noqa: S106
        more=("signing_secret",),
        headers=frozenset(),
        signed_by=("signing_secret",),
        must_sign=True,
    ),
    "mailgun": Esp(
        host="sender_domain",
        more=("webhook_signing_key",),
        headers=OWN_DATE,
        signed_by=("webhook_signing_key", "api_key"),
    ),
    "mailjet": Esp(user="api_key", secret="secret_key"),  # noqa: S106
    "mailtrap": Esp(
        secret="api_token",  # noqa: S106
        more=("sandbox_id", "tracking_secret"),
        signed_by=("tracking_secret",),
    ),
    "mandrill": Esp(more=("webhook_key",), signed_by=("webhook_key",), must_sign=True),
    "postal": Esp(
        host="api_url",
        more=("webhook_key",),
        signed_by=("webhook_key",),
        must_sign=True,
        returns=True,
    ),
    "postmark": Esp(
        secret="server_token",  # noqa: S106
        more=("message_stream",),
        headers=OWN_ID,
        extra_headers=(("X-PM-KeepID", "true"),),
    ),
    "resend": Esp(once="header"),
    "scaleway": Esp(
        secret="secret_key",  # noqa: S106
        user="project_id",
        more=("region",),
    ),
    "sendgrid": Esp(
        more=("tracking_webhook_verification_key",),
        signed_by=("tracking_webhook_verification_key",),
    ),
    "sparkpost": Esp(more=("subaccount",)),
    "test": Esp(secret="", headers=OWN_DATE, returns=True),
    "unisender_go": Esp(host="api_url", signed_by=("api_key",)),
}
"""By the names that django-anymail gives them; Amazon SES is reached by SMTP."""
