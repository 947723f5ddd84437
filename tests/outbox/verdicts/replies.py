"""What mail servers say, each with what it means: that they took it, or not yet."""

import re
from dataclasses import dataclass
from typing import cast

from tests.outbox.verdicts.refusals import REFUSALS
from tocsin.outbox.verdicts.answers import Phase, Receipt

# who says it (in which language) | after which of our words | the answer; - where none came
ANSWERS = {
    "sent": """
        Postfix | done | 250 2.0.0 Ok: queued as 4F1A2B3C4D
        Exim | done | 250 OK id=1tGx3K-0004Xy-2B
        Exchange | done | 250 2.6.0 <x@y.example> [InternalId=1] Queued mail for delivery
        Gmail | done | 250 2.0.0 OK 1764000000 x-20020a05 - gsmtp
        qmail | done | 250 ok 1764000000 qp 12345
        Coremail (zh) | done | 250 邮件已接收
        anybody | done | 251 will forward
        anybody | done | 250 2.0.0 accepted, looks like spam
        a line that keeps no count of its words | dot | 250 2.0.0 taken
    """,
    "in_doubt": """
        nobody | dot | - hung up
        nobody | dot | - TimeoutError: timed out
        anybody | dot | 354 go ahead
        anybody | dot | 999 what a day
        anybody | dot | 45 half a number
    """,
    "route_fault": """
        nobody | connect | - ConnectionRefusedError: [Errno 111] Connection refused
        nobody | connect | - gaierror: name or service not known
        Orange (fr) | connect | 421 Service refuse. Veuillez essayer plus tard. OFR004_105
        T-Online | connect | 554 IP=198.51.100.7 - A problem occurred. Ask your postmaster.
        Postfix | connect | 421 4.3.2 All server ports are busy
        Postfix | connect | 554 5.7.1 Service unavailable; blocked using rbl.example
        Exchange | connect | 421 4.3.2 Service not active
        nobody | tls | - SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED
        Postfix | tls | 454 4.7.0 TLS not available due to local problem
        Postfix | auth | 535 5.7.8 Error: authentication failed: bad credentials
        Exchange | auth | 535 5.7.139 Authentication unsuccessful, user is locked by policy
        Gmail | auth | 534 5.7.9 Application-specific password required
        nobody | auth | - no suitable method of authentication
        Postfix | mail | 530 5.7.0 Must issue a STARTTLS command first
        Exchange | mail | 530 5.7.57 Client was not authenticated to send anonymous mail
        Amazon SES | mail | 530 Authentication required
        any relay | mail | 538 5.7.11 Encryption required for requested mechanism
        any relay | rcpt | 535 session expired
        Postfix | mail | 454 4.7.0 Temporary authentication failure: connection lost
        any relay | mail | 454 4.3.0 TLS was lost on the way
        Postfix as our relay | rcpt | 454 4.7.1 <a@mfa.example>: Relay access denied
        SendGrid | mail | 451 Authentication failed: You have exceeded your messaging limits
        SendGrid | mail | 550 Unauthenticated senders not allowed
        Amazon SES | dot | 454 Throttling failure: Maximum sending rate exceeded.
        Amazon SES | dot | 454 Throttling failure: Daily message quota exceeded.
        Amazon SES | dot | 554 Message rejected: Sending paused for this account.
        Gmail as our relay | dot | 550 5.4.5 Daily user sending limit exceeded.
        Gmail as our relay | mail | 550 5.4.5 Daily SMTP relay limit exceeded for customer.
        Mail.ru as our relay | mail | 550 message sending for this account is disabled
        Ionos as our relay | mail | 550 SMTP authentication required
    """,
    "lost": """
        nobody | mail | - SMTPServerDisconnected: hung up
        nobody | rcpt | - TimeoutError: timed out
        nobody | data | - hung up
        nobody | body | - ConnectionResetError: connection reset by peer
    """,
    "rate": """
        Gmail | rcpt | 421 4.7.0 [198.51.100.7 15] Our system has detected an unusual rate of mail
        Gmail | dot | 421-4.7.28 Gmail has detected an unusual rate of unsolicited mail
        Gmail | rcpt | 450 4.2.1 The user you are trying to contact is receiving mail too quickly
        Gmail | rcpt | 550 5.2.1 The user is receiving mail at a rate that prevents more of it
        Yahoo | mail | 421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume
        Microsoft 365 | rcpt | 451 4.7.500 Server busy. Please try again later from [198.51.100.7].
        Microsoft 365 | mail | 451 4.7.650 The mail server has been temporarily rate limited (S775)
        Microsoft 365 | dot | 432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded
        Microsoft 365 | rcpt | 550 5.2.121 Recipient's per hour message receive limit exceeded
        Postfix | rcpt | 450 4.7.1 Error: too much mail from 198.51.100.7, slow down
        Postfix | mail | 421 4.7.0 mx.example Error: too many connections from 198.51.100.7
        Exim | mail | 451 Sender rate overlimit - 120.3 / 1h
        Sendmail | mail | 421 4.3.2 Connection rate limit exceeded.
        Cisco IronPort | rcpt | 452 Too many recipients received this hour
        Orange (fr) | mail | 421 Trop de connexions, verifiez votre configuration. OFR004_104 [104]
        Orange | mail | 421 Service refused, please try later. OFR_999 [999]
        Orange | mail | 421 Service refused, please try later
        La Poste (fr) | rcpt | 450 4.7.1 Client host rejected: Service refuse. LPN027_503
        SFR | rcpt | 450 4.7.1 Service refused due to bad behavior. SFR_IN_101
        GMX | mail | 421 Rate limit reached. Please try again later
        Posteo (de) | rcpt | 450 Zu viele Nachrichten in kurzer Zeit, Limit erreicht
        Movistar (es) | rcpt | 451 Demasiados mensajes desde su servidor
        UOL (pt) | rcpt | 451 Muitas mensagens enviadas, limite de envio excedido
        Libero (it) | rcpt | 421 Troppe connessioni da questo indirizzo
        Mail.ru | rcpt | 451 Ratelimit exceeded for this mailbox. Try again later.
        Rambler (ru) | rcpt | 450 Слишком много писем, превышен лимит
        163 | mail | 421 HL:ICC 198.51.100.7 too many concurrent connections
        163 | rcpt | 550 RP:TRC 198.51.100.7
        126 | mail | 554 HL:IFC 198.51.100.7
        QQ | rcpt | 550 Sender frequency limited
        QQ (zh) | rcpt | 451 发信过于频繁,请稍后再试
        Turkcell (tr) | rcpt | 451 Çok fazla ileti, sınır aşıldı
        a ministry (ar) | rcpt | 451 عدد كبير من الرسائل، حاول لاحقا
        Mimecast | dot | 554 Too many connections, rate limit in force
        any house | rcpt | 550 exceeds per-domain connection limit
    """,
    "mailbox_full": """
        Gmail | rcpt | 452-4.2.2 The recipient's inbox is out of storage space.
        Gmail | rcpt | 552 5.2.2 The email account that you tried to reach is over quota.
        Exchange | dot | 552 5.2.2 STOREDRV.Deliver.Exception:QuotaExceededException
        Postfix | rcpt | 452 4.2.2 <a@mfa.example>: Mailbox full
        Dovecot | dot | 552 5.2.2 <a@mfa.example> Quota exceeded (mailbox for user is full)
        Exim | rcpt | 450 The mailbox is full
        Yandex | rcpt | 552 5.2.2 Mailbox size limit exceeded
        Mail.ru | rcpt | 550 user has exceeded quota
        QQ | rcpt | 552 Quota exceeded or service disabled.
        any house | rcpt | 552 Requested mail action aborted: exceeded storage allocation
        web.de | rcpt | 550 User has exhausted allowed storage space.
        web.de (de) | rcpt | 550 Benutzer hat das Speichervolumen ueberschritten.
        Free (fr) | rcpt | 552 La boîte de ce destinataire est pleine
        a ministry (de) | rcpt | 452 Das Postfach ist voll
        a ministry (es) | rcpt | 452 El buzón del destinatario está lleno
        a ministry (pt) | rcpt | 452 A caixa postal do destinatário está cheia
        Aruba (it) | rcpt | 552 La casella del destinatario è piena
        a ministry (ru) | rcpt | 452 Почтовый ящик получателя переполнен
        Coremail (zh) | rcpt | 552 收件人邮箱空间不足,邮箱已满
        a ministry (tr) | rcpt | 452 Alıcının posta kutusu dolu
        a ministry (ar) | rcpt | 452 صندوق البريد ممتلئ
        Onet (pl) | rcpt | 552 Skrzynka odbiorcy jest pełna
        any house | rcpt | 550 mailbox has exceeded its disk space limit
        any house | rcpt | 550 would be over the allowed quota
        maildrop | dot | 554 maildir delivery failed: UserDisk quota
    """,
    "transient": """
        Postgrey | rcpt | 450 4.2.0 Greylisted, see http://postgrey.example/help/mfa.example.html
        milter-greylist | rcpt | 451 4.7.1 Greylisting in action, please come back in 00:04:32
        rspamd | dot | 451 4.7.1 Greylisted, try again later
        Sophos | rcpt | 451 4.7.1 Recipient address rejected: Greylisted for 300 seconds
        a ministry (fr) | rcpt | 450 4.7.1 Mis en liste grise, revenez dans 5 minutes
        a ministry (de) | rcpt | 450 4.7.1 Graue Liste, bitte in 5 Minuten erneut
        Postfix | rcpt | 450 4.1.1 <a@mfa.example>: unverified address: User unknown
        Postfix | mail | 450 4.1.8 <b@letters.example>: Sender address rejected: Domain not found
        Postfix | dot | 451 4.3.0 Error: queue file write error
        Postfix | mail | 452 4.3.1 Insufficient system storage
        Postfix | dot | 451 4.3.5 Server configuration error
        Postfix | mail | 421 4.4.2 mx.example Error: timeout exceeded
        Exchange | mail | 452 4.3.1 Insufficient system resources
        Exchange | dot | 451 4.4.0 Temporary server error. Please try again later. PRX4
        Exim | rcpt | 451 Temporary local problem - please try later
        Sendmail | rcpt | 451 4.1.8 Domain of sender address does not resolve
        qmail | rcpt | 451 qq temporary problem (#4.3.0)
        Mimecast | rcpt | 451 Internal resource temporarily unavailable
        Barracuda | dot | 421 The message has been deferred due to suspect content.
        163 | dot | 451 DT:SPM, please try again
        GMX | rcpt | 450 Requested mail action not taken: mailbox unavailable
        Yandex | dot | 421 4.3.0 Service shutting down
        Seznam (cs) | rcpt | 451 Zkuste to prosím později
        a ministry (fr) | rcpt | 451 Erreur temporaire, réessayez plus tard
        a ministry (ru) | rcpt | 451 Временная ошибка, повторите попытку позже
        a ministry (zh) | rcpt | 451 系统繁忙,请稍后再试
        any house that means for now | rcpt | 550 Greylisted, please try again in 10 minutes
    """,
    "unknown": """
        anybody | rcpt | 999 what a day
        anybody | rcpt | 0 nothing
        anybody | data | 250 ok
        anybody | rcpt | 354 go ahead
        anybody | mail | 220 mx.example ESMTP
    """,
}


@dataclass(frozen=True)
class Reply:
    """One answer, who gives it, and the reason that is to be found in it."""

    who: str
    receipt: Receipt
    reason: str


def receipt_of(phase: Phase, answer: str) -> Receipt:
    """The answer as a transport tells it."""
    found = re.fullmatch(r"(?:-|(\d+)[ -])\s?(?:([245]\.\d+\.\d+) )?(.*)", answer)
    assert found, answer
    return Receipt(phase, int(found[1]) if found[1] else None, found[2] or "", found[3])


def replies() -> list[Reply]:
    """Every line of the tables."""
    found: list[Reply] = []
    for reason, lines in [*ANSWERS.items(), *REFUSALS.items()]:
        for line in lines.strip().splitlines():
            who, phase, answer = (part.strip() for part in line.split(" | ", 2))
            found.append(Reply(who, receipt_of(cast(Phase, phase), answer), reason))
    return found
