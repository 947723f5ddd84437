"""How mail servers put it, in the languages they speak: patterns for what an answer is about."""


def _one_of(*patterns: str) -> str:
    return "|".join(patterns)


GREYLISTED = _one_of(
    r"\bgr[ea]y.?list|post-?grey|graue liste|graylst",
    r"liste grise|lista gris|lista cinza|lista grigia|灰名单|серы\w+ спис|gri liste",
)
"""They want to see us come back; nobody was too fast."""

TOO_FAST = _one_of(
    r"\brate\b|rate.?limit|too many|throttl|too fast|too quickly|slow(ing)? down|frequency",
    r"(limit|quota) (has been )?(exceeded|reached)|limits? exceeded|thread limit|unexpected volume",
    r"received this hour|OFR_?(004_10[45]|999)|LPN027|SFR_IN_",
    r"trop de (connexions|messages|mails|courriels|requ)|service refus",  # French
    r"zu viele|limit .{0,12}erreicht",  # German
    r"demasiad[ao]s|l[ií]mite .{0,20}(excedido|superado|alcanzado)",  # Spanish
    r"muit[ao]s (mensagens|conex|e-?mails)|limite .{0,20}excedido",  # Portuguese
    r"tropp[ei] |limite .{0,20}superato",  # Italian
    r"слишком (много|часто)|превышен\w* (лимит|предел|ограничение)",  # Russian
    r"过于频繁|頻繁|频率|超过.{0,8}限制|过多",  # Chinese
    r"çok (fazla|sık)|s[ıi]n[ıi]r[ıi]? aş",  # Turkish
    r"عدد كبير|كثيرة جد|تجاوز الحد",  # Arabic
)
"""For an answer that is for now: we said too much in too short a time."""

TOO_FAST_FOR_EVER = _one_of(
    r"rate.?limit|throttl|receiving mail (at a rate|too quickly)",
    r"too many (mails|messages|e-?mails|connections|concurrent)|thread limit",
    r"per hour .{0,9}limit|e-?mails per hour|connection limit|try again slower",
    r"trop de (connexions|messages)|zu viele (verbindungen|nachrichten)|过于频繁|频率",
    r"слишком (много|часто)|demasiad[ao]s (mensajes|conexiones)",
)
"""The same as TOO_FAST, by servers that say no for ever and mean for now."""

TOO_FAST_IN_CHINA = (
    r"\b(RP:(TRC|QRC|QMC|RCL|DRC)|HL:I[CF]C|MI:(SFQ|DMC|STC))\b|frequency (is )?limited"
)
"""163 and 126 have letters for each of their limits; QQ names the sender in the same breath."""

MAILBOX_FULL = _one_of(
    r"\b(mailbox|inbox|account|user|recipient|maildir)\b.{0,25}\b(full|over ?quota)\b",
    r"over (the |its |his |disk |storage |mail )*quota|storage full|mailbox size limit",
    r"(?<!sending )(?<!message )\bquota (limit )?(is |has been )?(exceeded|full|reached)",
    r"exceed\w* (the |its |his |their |allowed |disk |storage |mailbox )*(quota|storage)",
    r"disk ?space (quota|limit)|user ?disk|quota (usage|violation)",
    r"over the allowed quota|full mailbox",
    r"(not|enough|insufficient) .{0,20}storage space|maximum allowed storage|reached disk quota",
    r"exceeded (the|its|his) (local |disk ?|space )*limit|mail ?folder is full",
    r"exhausted.{0,12}storage|out of storage|over its? limit|too many messages on the server",
    r"bo[iî]te .{0,25}pleine|quota .{0,10}d[ée]pass",  # French
    r"postfach .{0,12}(voll|[üu]berf)|speicher(platz|volumen) .{0,24}([üu]e?berschritten|ersch)",
    r"buz[oó]n .{0,24}llen[oa]|cuota .{0,16}(superada|excedida)",  # Spanish
    r"caixa .{0,28}cheia|cota .{0,16}excedida",  # Portuguese
    r"casella .{0,24}piena|quota .{0,9}superata",  # Italian
    r"ящик .{0,16}(переполнен|заполнен)|квот\w+ .{0,16}превышен|превышен\w* квот",  # Russian
    r"(邮箱|信箱|郵箱|空间|容量).{0,6}(已满|已滿|不足)|超出.{0,6}容量|容量已满",  # Chinese
    r"posta kutusu .{0,9}dolu|kota(s[ıi])? .{0,9}a[sş][ıi]l",  # Turkish
    r"(صندوق|بريد).{0,20}(ممتلئ|ممتلى)|تجاوز.{0,12}الحصة",  # Arabic
    r"skrzynka .{0,16}(pe[łl]na|przepe[łl])|postvak .{0,9}vol\b|満杯|容量.{0,6}超え",
)
"""The mailbox is there, and has no room; never the disk of the whole system."""

MAILBOX_CLOSED = _one_of(
    r"(?<!your )\b(mailbox|account|user|recipient|inbox)\b.{0,30}\b(disabled|inactive|inactivity"
    r"|suspended|discontinued|closed|locked|deactivated|terminated|expired|hangup)\b",
    r"(?<!your )\b(account|user|mailbox) (disabled|inactive|suspended|closed|hangup)",
    r"rejected by (the )?recipients?\b|recipient refuses|resolver\.rst\.",
    r"recipient has (rejected|blocked)",
    r"(mailbox|recipient|user|this address) .{0,12}(not|no longer) accept\w*"
    r" .{0,9}(mail|message)s?(?! f)",
    r"(compte|bo[iî]te) .{0,16}(d[ée]sactiv|ferm[ée]|suspendu)",  # French
    r"(postfach|konto|benutzer) .{0,16}(gesperrt|deaktiviert|inaktiv|stillgelegt)",  # German
    r"(cuenta|buz[oó]n) .{0,16}(desactivad|deshabilitad|suspendid|inactiv)",  # Spanish
    r"conta .{0,16}(desativad|suspens|inativ)|caixa .{0,16}(desativad|bloquead)",  # Portuguese
    r"(casella|utente|account) .{0,16}(disattivat|disabilitat|sospes)",  # Italian
    r"(ящик|аккаунт|уч[её]тная запись) .{0,20}(заблокирован|отключ[её]н|удал[её]н)",  # Russian
    r"(用户|帐号|账号|帐户|账户|邮箱).{0,6}(被锁|锁定|冻结|停用|禁用|注销)",  # Chinese
    r"(hesap|hesab[ıi]|posta kutusu) .{0,16}(devre d|kapat[ıi]l|ask[ıi]ya)",  # Turkish
    r"(الحساب|صندوق البريد) .{0,9}(معطل|موقوف|مغلق)",  # Arabic
)
"""The mailbox is known, and takes no letters, or none from outside."""

NOBODY_THERE = _one_of(
    r"\b(user|recipient|mailbox|address|account)s?( \S{1,80})? (is |was |were )?(unknown|unavail)",
    r"unknown (or illegal )?(user|recipient|mailbox|alias|address|local)",
    r"not an? (known|valid|local|active) (user|recipient|mailbox|address)",
    r"> not found|not listed in",
    r"(address|mailbox|recipient) (is )?(not (present|local|ok)|invalid|no longer valid)",
    r"no (account by|mail ?box|mail box|valid recipient|one at this)",
    r"home directory|rcptto|wrong or no",
    r"no such (user|recipient|mailbox|person|address|account)|no mailbox here|marked as invalid",
    r"does(n't| not?) exists?\b|not exist\b|doesn't have an? .{1,40} account|terminated",
    r"(invalid|bad) (or unknown )?(recipient|mailbox|user|destination|address)|address invalid",
    r"(user|recipient|address|mailbox|account)\b( \S+)? (was )?not (be )?(found|known|listed)",
    r"undeliverable address|unrout(e?able) (address|mail)|(?<!sender )address rejected",
    r"utilisateur .{0,9}inconnu|destinataire .{0,9}(inconnu|invalide)|n['’]existe pas",  # French
    r"adresse .{0,30}(invalide|inexistante|inconnue)|bo[iî]te .{0,20}inexistante",
    r"(benutzer|empf[äa]e?nger|postfach|adresse) .{0,20}(unbekannt|nicht (be|ge|vor|ex))",  # German
    r"unbekannte[rn]? (benutzer|empf)|existiert nicht",
    r"(usuario|destinatario|buz[oó]n|cuenta|direcci[oó]n) .{0,9}(desconocid|no (exis|enc)|inexist)",
    r"no existe (dich\w+|es[ea]|el|la)\b|nessun utente",
    r"(usu[áa]rio|destinat[áa]rio|caixa|conta) .{0,9}(desconhecid|n[ãa]o (exis|enc)|inexistente)",
    r"(utente|destinatario|indirizzo|casella) .{0,16}(sconosciut|inesistente|non (trov|esis))",
    r"(пользовател|получател|адрес|ящик)\w* .{0,20}не (найден|существу|зарег)",  # Russian
    r"нет такого (пользователя|ящика|адреса)|неизвестн\w+ (пользовател|получател)",
    r"(用户|用戶|收件人|邮箱|郵箱|地址|账号|帐号).{0,6}(不存在|未找到|无效)|无此用户",
    r"(kullan[ıi]c[ıi]|al[ıi]c[ıi]|posta kutusu|adres)\S* .{0,9}(bulunamad|yok|bilinm|ge[çc]ersiz)",
    r"(المستخدم|المستلم|صندوق البريد|العنوان) .{0,9}غير (موجود|معروف|صحيح)",  # Arabic
    r"nie istnieje|nieznany (u[żz]ytk|odb)|bestaat niet|onbekende (gebr|ontv)",
    r"宛先.{0,9}(不明|存在)",
)
"""Nobody has that mailbox."""

RELAY_DENIED = _one_of(
    r"relay (access )?(is )?(denied|not|prohibited)|(unable|me .{0,40}) to relay|denies relay",
    r"relaying (is )?(denied|prohibited|not|disallowed)|we do not relay|rcpthosts|not relay\b",
    r"as a relay|no relaying|not an? (open relay|gateway)|relaying mail to",
    r"to relay mail|mail relay",
    r"not .{0,20}permitted to relay|allowed hosts|relais refus[ée]",
    r"ретрансляция запрещена|不允许转发",
)
"""Whoever we hand our mail to does not carry it to others for us."""

NOT_OUR_SENDER = _one_of(
    r"not owned by|as this sender|sendasdenied|not verified|verified sender identity",
    r"mail from .{0,20}must (be|match) .{0,20}(auth|login|user)",
)
"""Our relay does not let us use that address as the sender."""

ACCOUNT_STOPPED = _one_of(
    r"exceeded your (messaging|sending|daily) limits?|unauthenticated senders|credits exceeded",
    r"daily (user |message |smtp relay )+(sending )?(limit|quota)|throttling failure",
    r"sending (is )?(paused|suspended|disabled)|sending for this account",
    r"smtp auth\w* (is )?required|(?<!to )must authenticate before|^authentication (is )?required",
)
"""Our account at the relay: used up, suspended, or not logged in."""

ABOUT_US = _one_of(
    r"spam|spamhaus|spamcop|barracuda|black ?list|block ?list|\bblocked|\b(rb|dnsb)l\b|reputation",
    r"\bpolic(y|ies)|\bspf\b|\bdkim\b|\bdmarc\b|authenticat|unauthori[sz]ed|not permitted",
    r"not allowed|\bbanned",
    r"(?<!not )\blisted (in|at|by|on)\b|reverse dns|\bptr\b|\b[he][eh]lo\b|proofpoint",
    r"unsolicited|unwanted|unexpected volume|complaint|\bbulk\b|advertis|abus(e|ive)|filter",
    r"dynamic ip|\bip (profile|name)|(client|sending|invalid) ips?\b|rdns",
    r"mx record|exchanger|\bbatv\b",
    r"nameserver|dns lookup|go away|submit messages|no access from|smtp server of your|mail from",
    r"not subscribed|non-member|members-only|captcha|attachment|mime header|confirm this",
    r"sender|prohibit|content (is )?(denied|reject)",
    r"(message|mail) (was )?(refused|reject|not accepted(?! -- inv))",
    r"network not allowed|your (ip|host|server|access|email was)|\bIP=|too many (invalid|bad|unkn)",
    r"\b(HL|DT|RP|MI|WM|IP):[A-Z]{2,4}\b|OFR_?50|LPN007_5|\[(BL|PH|TSS?)\d\d\]|virus",
    r"ind[ée]sirable|pourriel|liste noire|exp[ée]diteur|[ée]metteur|mail rejet|service refus",
    r"absender|sperrliste|richtlinie|gesperrt|blockiert|unerw[üu]nscht|abgelehnt, weil",  # German
    r"remitente|remetente|lista negra|bloquead|pol[íi]tica|no deseado|indesejad|autorizad",
    r"mittente|lista nera|bloccat|indesiderat|non autorizzat",  # Italian
    r"отправител|спам|ч[её]рн\w+ спис|заблокирован|политик|репутаци|запрещен",  # Russian
    r"发件|發件|发信|发送方|垃圾|黑名单|黑名單|拒绝|屏蔽|信誉|内容",  # Chinese
    r"g[öo]nder(en|ici)|kara liste|engellen|istenmeyen|itibar|politika",  # Turkish
    r"المرسل|مزعج|محظور|السوداء|سياسة|سمعة|غير مصرح",  # Arabic
    r"nadawc|czarn\w+ list|afzender|迷惑メール|送信者",
)
"""Our address, our sender, our words: whatever may be about us and not about the mailbox."""

TOO_BIG = _one_of(
    r"(message|mail|letter) (is )?(too (big|large|long)|size|exceeds)|maximum .{0,20}(size|length)",
    r"(file|header|length|line) .{0,12}(limit|exceeds)|size limit|too big|taille (limite|maxim)",
    r"line (is )?too long|message trop (gros|volumineux)|nachricht .{0,9}zu gro(ß|ss)",
    r"邮件.{0,6}(过大|太大)",
    r"mensaje .{0,9}demasiado grande|сообщение .{0,9}слишком больш|ileti .{0,9}b[üu]y[üu]k",
)
"""This letter, by its size."""

LOST_IN_THEIR_HOUSE = (
    r"too many hops|(mail|routing) loop|loops back|looping message|(system|host) .{0,20}not accept"
    r"|configuration error|misconfigur|resources? .{0,20}(exceeded|unavailable)"
    r"|no space left|disk full"
    r"|internal (server )?error|queue (file )?error|mail server .{0,20}(down|unavailable)"
)
"""Their own machines do not know what to do with mail."""

BAD_WORDS = r"syntax error|synchroni[sz]ation error|bad sequence|protocol (violation|error)"
"""We spoke out of turn, or not as the protocol has it."""
