"""What mail servers say when they refuse for ever, each with what it means."""

REFUSALS = {
    "mailbox_invalid": """
        Postfix | rcpt | 550 5.1.1 <a@mfa.example>: User unknown in virtual mailbox table
        Postfix | rcpt | 554 5.7.1 <a@mfa.example>: Recipient address rejected: User unknown
        Postfix | rcpt | 550 5.1.1 undeliverable address: host mx.example said: 550 No such user
        Exim | rcpt | 550 Unrouteable address
        Exim | rcpt | 550 No such person at this address
        Sendmail | rcpt | 550 5.1.1 <a@mfa.example>... User unknown
        qmail | rcpt | 550 sorry, no mailbox here by that name. (#5.1.1)
        qmail | dot | 554 delivery error: no mailbox by that name (#5.1.1)
        Cisco IronPort | rcpt | 550 #5.1.0 Address rejected.
        Exchange | rcpt | 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found
        Microsoft 365 | rcpt | 550 5.4.1 Recipient address rejected: Access denied. [AM6.example]
        Microsoft 365 | rcpt | 550 5.1.10 RESOLVER.ADR.RecipientNotFound by SMTP address lookup
        Outlook.com | rcpt | 550 5.5.0 Requested action not taken: mailbox unavailable
        Gmail | rcpt | 550-5.1.1 The email account that you tried to reach does not exist.
        Yahoo | dot | 554 delivery error: dd This user doesn't have a yahoo.example account
        Yahoo | dot | 554 delivery error: dd Not a valid recipient
        Orange (fr) | rcpt | 550 5.1.1 Adresse d au moins un destinataire invalide. OFR_416 [416]
        La Poste (fr) | rcpt | 550 5.1.1 Adresse d au moins un destinataire invalide. LPN007_416
        SFR | rcpt | 550 5.1.1 <a@mfa.example>: Recipient address rejected: user unknown
        GMX | rcpt | 550 Requested action not taken: mailbox unavailable
        web.de (de) | rcpt | 550 Benutzer nicht bekannt/User unknown
        T-Online | rcpt | 550 5.1.1 User unknown
        QQ | rcpt | 550 Mailbox not found. http://service.example/cgi-bin/help
        QQ | rcpt | 501 Bad address syntax. http://service.example/cgi-bin/help
        163 | rcpt | 550 User not found: a@163.example
        126 | rcpt | 553 Requested action not taken: NO such user
        Coremail (zh) | rcpt | 550 收件人不存在
        Sohu | rcpt | 550 RC:NE The email account does not exist.
        Mail.ru | rcpt | 550 Message was not accepted -- invalid mailbox. User not found
        Yandex | rcpt | 550 5.7.1 No such user!
        Proofpoint | rcpt | 550 5.1.1 User Unknown
        Mimecast | rcpt | 550 Invalid Recipient
        MessageLabs | rcpt | 550-Invalid recipient a@mfa.example (#5.1.1)
        Barracuda | rcpt | 550 permanent failure for one or more recipients (a:550 no such user)
        any house | rcpt | 553 5.1.3 bad address syntax
        any house | rcpt | 550 5.1.2 host not found
        any house | rcpt | 551 5.1.6 mailbox has moved
        any house | rcpt | 551 User not local; please try a@other.example
        any house | rcpt | 556 5.1.10 Domain does not accept mail (nullMX)
        any house | dot | 550 5.1.1 unknown after all
        a ministry (fr) | rcpt | 550 Utilisateur inconnu
        a ministry (de) | rcpt | 550 Empfänger unbekannt, Postfach existiert nicht
        a ministry (es) | rcpt | 550 Usuario desconocido
        a ministry (pt) | rcpt | 550 Usuário não encontrado
        a ministry (it) | rcpt | 550 Destinatario sconosciuto o casella inesistente
        a ministry (ru) | rcpt | 550 Пользователь не найден
        a ministry (zh) | rcpt | 550 用户不存在
        a ministry (tr) | rcpt | 550 Kullanıcı bulunamadı
        a ministry (ar) | rcpt | 550 المستخدم غير موجود
        a ministry (pl) | rcpt | 550 Nieznany użytkownik
        a ministry (nl) | rcpt | 550 Onbekende gebruiker
        a ministry (ja) | rcpt | 550 宛先が不明です
        Kerio | rcpt | 550 5.1.1 user a.b@mfa.example unknown
        Merak | rcpt | 550 no account by that name here
        Lotus Domino | rcpt | 550 a@mfa.example not listed in public Name & Address Book
        qmail | rcpt | 550 this recipient is not in my validrcptto list
        a ministry (es) | rcpt | 550 No existe dicha persona
        a ministry (it) | rcpt | 550 Nessun utente simile in questo indirizzo
    """,
    "mailbox_refusing": """
        Gmail | rcpt | 550-5.2.1 The email account that you tried to reach is disabled.
        any house | rcpt | 550 5.2.1 not taking part
        Exchange | dot | 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; not allowed
        Exchange | rcpt | 550 5.7.1 RESOLVER.RST.AuthRequired; authentication required
        Exchange | dot | 550 5.7.129 RESOLVER.RST.RestrictedToRecipientsPermission; not allowed
        Yahoo | dot | 554 delivery error: dd This account has been disabled or discontinued
        Free | rcpt | 550 5.2.1 This mailbox has been blocked due to inactivity
        GMX | rcpt | 550 5.2.1 User is inactive
        QQ | rcpt | 550 Mail is rejected by recipients
        QQ | rcpt | 550 Mailbox not found or access denied
        QQ | rcpt | 550 Mailbox unavailable or access denied
        163 | rcpt | 550 User suspended
        Sina | rcpt | 550 user is locked
        Mail.ru | rcpt | 550 Local mailbox is unavailable: account is disabled
        a ministry (fr) | rcpt | 550 Ce compte est désactivé
        a ministry (de) | rcpt | 550 Das Postfach ist gesperrt
        a ministry (es) | rcpt | 550 La cuenta está deshabilitada
        a ministry (ru) | rcpt | 550 Почтовый ящик заблокирован
        a ministry (zh) | rcpt | 550 该账号已被停用
        a ministry (tr) | rcpt | 550 Bu hesap kapatıldı
        a ministry (ar) | rcpt | 550 الحساب معطل
        any house | rcpt | 550 no
        any house | rcpt | 550 this address no longer accepts mail
    """,
    "policy": """
        Postfix | rcpt | 554 5.7.1 Service unavailable; Client host [198.51.100.7] blocked using x
        Postfix | mail | 553 5.1.8 <b@letters.example>: Domain not found
        Postfix | mail | 550 5.1.1 unknown
        Exim | rcpt | 550 Administrative prohibition
        Exim | rcpt | 550 Sender verify failed
        Sendmail | mail | 553 5.1.8 Domain of sender address does not exist
        qmail | rcpt | 553 sorry, your mail was administratively denied. (#5.7.1)
        Gmail | dot | 550-5.7.26 This mail has been blocked because the sender is unauthenticated.
        Gmail | dot | 550-5.7.1 Our system has detected an unusual rate of unsolicited mail
        Gmail | dot | 550 5.7.25 The IP address sending this message has no PTR record
        Gmail | dot | 552 5.7.0 This message was blocked because of its content
        Microsoft 365 | dot | 550 5.7.515 Access denied, sending domain does not meet the level
        Microsoft 365 | rcpt | 550 5.7.708 Access denied, traffic not accepted from this IP
        Microsoft 365 | rcpt | 550 5.7.606 Access denied, banned sending IP [198.51.100.7]
        Microsoft 365 | dot | 550 5.7.509 Access denied, does not pass DMARC verification
        Outlook.com | mail | 550 5.7.1 messages weren't sent: part of their network is on our list
        Outlook.com | mail | 550 SC-001 Mail rejected by Outlook.com for policy reasons
        Yahoo | mail | 553 5.7.1 [BL21] Connections will not be accepted: Spamhaus PBL
        Yahoo | dot | 554 5.7.9 Message not accepted for policy reasons
        Orange (fr) | rcpt | 550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]
        La Poste (fr) | rcpt | 550 5.5.0 Service refuse. Service refused. LPN007_510
        Free | dot | 550 spam detected
        Free | rcpt | 550 Too many spams from your IP, visit http://postmaster.example
        GMX | dot | 554 Transaction failed Reject due to policy restrictions
        T-Online | rcpt | 554 IP=198.51.100.7 - A problem occurred. Ask your postmaster.
        T-Online | dot | 550 5.7.0 Message considered as spam or virus, rejected
        QQ | dot | 550 Mail content denied. http://service.example/cgi-bin/help
        QQ | rcpt | 550 Suspected spam sender
        QQ | dot | 550 DMARC check failed
        163 | dot | 554 DT:SPM 198.51.100.7
        163 | mail | 554 HL:ITC 198.51.100.7
        163 | mail | 553 MI:SPB 198.51.100.7
        Mail.ru | dot | 550 spam message rejected. Please visit http://help.example/notspam
        Yandex | dot | 554 5.7.1 [1] Message rejected under suspicion of SPAM
        Proofpoint | rcpt | 554 Blocked - see https://ipcheck.proofpoint.example/?ip=198.51.100.7
        Mimecast | rcpt | 550 Administrative prohibition - envelope blocked
        Mimecast | dot | 554 Email rejected due to security policies
        Mimecast | rcpt | 554 Host network not allowed
        Barracuda | rcpt | 550 permanent failure for one or more recipients (a@x.example:blocked)
        Cisco IronPort | mail | 554 Your access to this mail system has been rejected: reputation
        MessageLabs | mail | 501 Connection rejected by policy [7.7] 12345
        Sophos | dot | 550 5.7.1 Message rejected as spam
        a ministry | rcpt | 550 5.1.1 user unknown; see our anti-spam policy
        a ministry | rcpt | 550 your account has been suspended for abuse of this sender
        a ministry (fr) | dot | 550 Message considéré comme indésirable
        a ministry (de) | rcpt | 550 Ihr Absender steht auf unserer Sperrliste
        a ministry (es) | rcpt | 550 Su servidor está en una lista negra
        a ministry (pt) | rcpt | 550 Endereço do remetente não existe
        a ministry (it) | rcpt | 550 Il suo server è in una lista nera
        a ministry (ru) | rcpt | 550 Адрес отправителя не существует
        a ministry (zh) | dot | 550 邮件内容被拒绝,疑似垃圾邮件
        a ministry (tr) | rcpt | 550 Gönderen adresi bulunamadı
        a ministry (ar) | rcpt | 550 عنوان المرسل غير صحيح
        anybody | dot | 550 no
        anybody | mail | 550 no
        anybody | data | 554 no
        any house | mail | 550 Hosts with dynamic IP may not connect
        any house | rcpt | 550 too many unwanted messages have come from there
        any house | rcpt | 554 invalid rDNS record of your mail server
        any house | rcpt | 550 rejected - bulk email
        Google Groups | rcpt | 550 you are not subscribed to this group
    """,
    "letter_fault": """
        Postfix | dot | 552 5.3.4 Message size exceeds fixed limit
        Postfix | mail | 552 size exceeds the fixed maximum
        Exim | dot | 550 maximum allowed line length is 998 octets, got 1200
        Gmail | dot | 552 5.2.3 Your message exceeded Google's message size limits
        Mimecast | dot | 554 Maximum email size exceeded
        Exchange | dot | 554 5.6.0 Corrupt message content
        Postfix | dot | 550 5.6.7 SMTPUTF8 is required
        163 (zh) | dot | 550 邮件过大
        a ministry (fr) | dot | 550 Message trop volumineux
        any house | dot | 550 message header size exceeds limit
    """,
    "our_fault": """
        Postfix | rcpt | 500 5.5.2 Error: bad syntax
        Postfix | mail | 555 5.5.4 Unsupported option: BODY
        any relay | data | 555 parameters not recognised
        any relay | rcpt | 503 5.5.1 bad sequence
        any relay | rcpt | 550 5.5.4 bad parameters
        Exim | data | 554 SMTP synchronization error
        Postfix as our relay | rcpt | 554 5.7.1 <a@mfa.example>: Relay access denied
        Exchange as our relay | rcpt | 550 5.7.1 Unable to relay
        Exim as our relay | rcpt | 550 relay not permitted
        qmail as our relay | rcpt | 553 that domain isn't in my list of allowed rcpthosts (#5.7.1)
        MessageLabs as our relay | rcpt | 553-you are trying to use me [server-5.example] to relay
        Sendmail as our relay | rcpt | 550 5.7.1 Relaying denied
        Postfix as our relay | mail | 553 5.7.1 Sender address rejected: not owned by user tocsin
        Microsoft 365 as our relay | dot | 550 5.7.60 Client may not send as this sender
        Amazon SES | dot | 554 Message rejected: Email address is not verified.
        SendGrid | mail | 550 The from address does not match a verified Sender Identity.
        any relay | rcpt | 550 this system is not configured to relay mail
    """,
    "their_fault": """
        Postfix | dot | 554 5.4.6 Too many hops
        Postfix | dot | 554 5.4.0 Error: too many hops
        Postfix | rcpt | 550 5.4.4 Host or domain name not found
        Sendmail | rcpt | 554 5.3.5 Local configuration error
        Exchange | dot | 554 5.4.14 Hop count exceeded - possible mail loop
        Exchange | mail | 554 5.3.2 not accepting network messages
        Sina | dot | 550 looping message
        any house | mail | 521 no mail here
        any house | rcpt | 550 5.3.0 system error
        any house | dot | 554 no space left on device
    """,
}
