"""What providers report, in the forms that they publish, about one mail of ours."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

SIGNING_KEY = "key-of-mailgun-that-nobody-else-has"


def postmark_bounce(ref: str) -> dict[str, Any]:
    return {
        "RecordType": "Bounce",
        "ID": 42,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Name": "Hard bounce",
        "Tag": "",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Metadata": {"tocsin": ref},
        "ServerID": 1234,
        "MessageStream": "outbound",
        "Description": "The server was unable to deliver your message (ex: unknown user).",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "Email": "minister@mfa.example",
        "From": "amina.yusuf.4821@letters.lumiere.example",
        "BouncedAt": "2026-03-10T13:05:33Z",
        "DumpAvailable": True,
        "Inactive": True,
        "CanActivate": True,
        "Subject": "Libérez les personnes détenues au Xinjiang",
    }


def postmark_delivery(ref: str) -> dict[str, Any]:
    return {
        "RecordType": "Delivery",
        "ServerID": 1234,
        "MessageStream": "outbound",
        "MessageID": "00000000-0000-0000-0000-000000000000",
        "Recipient": "minister@mfa.example",
        "Tag": "",
        "DeliveredAt": "2026-03-10T13:05:33Z",
        "Details": "Test delivery webhook details",
        "Metadata": {"tocsin": ref},
    }


def postmark_complaint(ref: str) -> dict[str, Any]:
    return {
        **postmark_bounce(ref),
        "RecordType": "SpamComplaint",
        "Type": "SpamComplaint",
        "TypeCode": 512,
        "Name": "Spam complaint",
        "Description": "The subscriber explicitly marked this message as spam.",
        "Details": "Test spam complaint details",
    }


def mailgun_bounce(ref: str, *, key: str = SIGNING_KEY) -> dict[str, Any]:
    stamp, token = "1773147933", "c23a3bbeafad1e8a9eb09f1a5ec9b9f34c2bb5a8ba3a2d1a2c"
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    return {
        "signature": {"timestamp": stamp, "token": token, "signature": signature},
        "event-data": {
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1773147933.309821,
            "event": "failed",
            "severity": "permanent",
            "reason": "bounce",
            "log-level": "error",
            "recipient": "minister@mfa.example",
            "recipient-domain": "mfa.example",
            "delivery-status": {
                "attempt-no": 1,
                "code": 550,
                "description": "",
                "message": "550 5.1.1 The email account that you tried to reach does not exist",
                "session-seconds": 0.433,
            },
            "flags": {"is-routed": False, "is-authenticated": True, "is-test-mode": False},
            "message": {"headers": {"message-id": "20260310130533.1@mg.example", "to": "x"}},
            "tags": [],
            "user-variables": {"tocsin": ref},
        },
    }


def brevo_bounce(ref: str) -> dict[str, Any]:
    return {
        "event": "hard_bounce",
        "email": "minister@mfa.example",
        "id": 26224,
        "date": "2026-03-10 14:05:33",
        "ts": 1773147933,
        "message-id": "<202603101205.60155436437@smtp-relay.mail.example>",
        "ts_event": 1773147933,
        "subject": "Libérez les personnes détenues au Xinjiang",
        "X-Mailin-custom": json.dumps({"tocsin": ref}),
        "sending_ip": "192.0.2.7",
        "ts_epoch": 1773147933000,
        "reason": "550 5.1.1 user unknown",
        "tag": "",
    }


def sendgrid_bounce(ref: str) -> list[dict[str, Any]]:
    common = {
        "email": "minister@mfa.example",
        "timestamp": 1773147933,
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "tocsin": ref,
    }
    return [
        {**common, "event": "processed", "sg_event_id": "rbtnWrG1DVDGGGFHFyun0A=="},
        {
            **common,
            "event": "bounce",
            "sg_event_id": "6g4ZI7SA-xmRDv57GoPIPw==",
            "reason": "550 5.1.1 The email account that you tried to reach does not exist.",
            "status": "5.1.1",
            "type": "bounce",
            "tls": 1,
        },
    ]


def mailjet_bounce(ref: str) -> list[dict[str, Any]]:
    return [
        {
            "event": "bounce",
            "time": 1773147933,
            "MessageID": 13792286917004336,
            "Message_GUID": "8c5a3b4e-2b0b-4d1a-9d3c-1d2b6a9f3e11",
            "email": "minister@mfa.example",
            "mj_campaign_id": 0,
            "mj_contact_id": 0,
            "customcampaign": "",
            "CustomID": "",
            "Payload": json.dumps({"tocsin": ref}),
            "blocked": False,
            "hard_bounce": True,
            "error_related_to": "recipient",
            "error": "user unknown",
            "comment": "550 5.1.1 user unknown",
        }
    ]


BOUNCES: dict[str, Callable[[str], Any]] = {
    "postmark": postmark_bounce,
    "mailgun": mailgun_bounce,
    "brevo": brevo_bounce,
    "sendgrid": sendgrid_bounce,
    "mailjet": mailjet_bounce,
}
"""How each of them says that nobody has that mailbox."""
