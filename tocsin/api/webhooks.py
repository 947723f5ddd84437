"""The door at which a provider reports what became of our mail."""

import json
import logging
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tocsin.outbox.alarm import raise_incident
from tocsin.outbox.feedback import Kind, StillSending, note_event
from tocsin.outbox.transports.providers import ESPS
from tocsin.outbox.transports.request import METADATA
from tocsin.outbox.transports.ways import Provider

KINDS: dict[str, Kind] = {
    "queued": "accepted",
    "sent": "accepted",
    "deferred": "deferred",
    "delivered": "delivered",
    "rejected": "rejected",
    "failed": "rejected",
    "bounced": "bounced",
    "complained": "complained",
}
"""What anymail calls it, and we; nothing else that a provider may report is of interest."""

VIEWS = {
    "brevo": "BrevoTrackingWebhookView",
    "mailersend": "MailerSendTrackingWebhookView",
    "mailgun": "MailgunTrackingWebhookView",
    "mailjet": "MailjetTrackingWebhookView",
    "mailtrap": "MailtrapTrackingWebhookView",
    "mandrill": "MandrillCombinedWebhookView",
    "postal": "PostalTrackingWebhookView",
    "postmark": "PostmarkTrackingWebhookView",
    "resend": "ResendTrackingWebhookView",
    "sendgrid": "SendGridTrackingWebhookView",
    "sparkpost": "SparkPostTrackingWebhookView",
    "unisender_go": "UnisenderGoTrackingWebhookView",
}
"""What of anymail checks and reads the reports of each; we call it without its signals."""

ALSO_SAID = ("status", "error", "comment")
"""Where some providers say why, in words that anymail leaves alone."""

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def reports(request: HttpRequest, esp: str) -> HttpResponse:
    """Take the reports of a provider by which our mail goes; of any other there is no such page.

    What is told twice changes nothing, so that whoever could not be answered may tell it again.
    """
    doors = _doors(esp.replace("-", "_"))
    if not doors:
        raise Http404
    try:
        body = request.body  # once; what is too large is refused here
    except UnreadablePostError:
        return HttpResponse(status=400)
    door = next((door for door in doors if _is_theirs(door, request)), None)
    if door is None:
        return HttpResponse(status=403)
    now = timezone.now()
    again = False
    for event in _events(door, request, body, esp=esp):
        kind, ref = KINDS.get(event.event_type), _reference(event)
        if kind is None or ref is None:
            continue
        message_id, attempt = ref
        try:
            note_event(
                message_id=message_id, attempt=attempt, kind=kind, words=_words(event), now=now
            )
        except StillSending:
            again = True
    return HttpResponse(status=503, headers={"Retry-After": "60"}) if again else HttpResponse()


def _doors(esp: str) -> list[Any]:
    """What checks and reads that provider's reports, one for each of our accounts there."""
    if esp not in VIEWS:
        return []
    view: Callable[..., Any] = getattr(import_module(f"anymail.webhooks.{esp}"), VIEWS[esp])
    ways = [way for way in settings.WAYS.values() if isinstance(way, Provider) and way.esp == esp]
    return [view(**keys) for way in ways if (keys := _keys(way))]


def _keys(way: Provider) -> dict[str, str]:
    """By which a report is known to be theirs; empty if it would be anybody's word."""
    esp = ESPS[way.esp]
    keys = {name: way.settings[name] for name in esp.signed_by if name in way.settings}
    if esp.must_sign and not keys:
        return {}
    return keys | ({"webhook_secret": settings.WEBHOOK_SECRET} if settings.WEBHOOK_SECRET else {})


def _is_theirs(door: Any, request: HttpRequest) -> bool:
    try:
        door.run_validators(request)
    except Exception:  # whatever a stranger sends to break the check, it has not passed
        return False
    return True


def _events(door: Any, request: HttpRequest, body: bytes, *, esp: str) -> list[Any]:
    """What is reported; what cannot be read is counted, and does not keep the rest from us."""
    try:
        return list(door.parse_events(request))
    except Exception as error:
        alone = _apart(body)
        if len(alone) < 2:
            _note_unread(esp, error)
            return []
    found = []
    for each in alone:
        single = SimpleNamespace(
            body=json.dumps([each]).encode(), content_type=request.content_type
        )
        try:
            found += list(door.parse_events(single))
        except Exception as error:
            _note_unread(esp, error)
    return found


def _apart(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _note_unread(esp: str, error: Exception) -> None:
    log.warning("a report of %s cannot be read (%s)", esp, type(error).__name__)
    raise_incident("report", about=esp, words=type(error).__name__, now=timezone.now())


def _reference(event: Any) -> tuple[UUID, int | None] | None:
    """Message and attempt, as we gave them along; None for a mail that is not ours."""
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    name, _, number = str(metadata.get(METADATA, "")).partition(".")
    if len(name) != 32 or not (number.isdecimal() or not number) or len(number) > 9:
        return None
    try:
        return UUID(hex=name), int(number) if number else None
    except ValueError:
        return None


def _words(event: Any) -> str:
    """The answer of the other side, or what the provider says for it."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    said = [event.mta_response, event.description, *(raw.get(name) for name in ALSO_SAID)]
    if event.reject_reason == "invalid":
        said.append("invalid address")
    return " ".join(dict.fromkeys(each for each in said if isinstance(each, str) and each))[:4000]
