"""What closes the ears of those who are written to: looked for in the browser alone, as a hint.

A word with a star begins others too. In whichever language somebody reads the page, they may write
in any.
"""

HARSH = {
    "en": "idiot* moron* stupid bastard* scum filth murderer* liar liars monster* nazi* fascist* "
    "butcher* barbarian* savages disgusting fuck* shit*",
    "fr": "idiot* imbécile* crétin* salaud* salope* ordure* connard* connasse* merde* putain* "
    "enfoiré* assassin* menteur* menteuse* monstre* nazi* fasciste* barbare* pourriture*",
    "es": "idiota* imbécil* estúpid* cabrón* cabrones puta putas mierda* asesino* mentiros* "
    "monstruo* nazi* fascista* bárbaro* cerdo cerdos maldito malditos basura",
    "de": "idiot* dummkopf* schwein schweine arschl* scheiß* scheiss* mörder* lügner* nazi* "
    "faschist* monster* abschaum bastard* barbar barbaren verbrecherbande*",
    "tr": "aptal* salak* gerizekalı* şerefsiz* alçaklar namussuz* piç piçler orospu* katil "
    "katiller katilsiniz yalancı* canavar* faşist* nazi* domuz*",
    "kk": "ақымақ* жексұрын* оңбаған* қанішер* өтірікші* сатқын* фашист* нацист* иттер доңыз* "
    "шошқа*",
    "zh": "白痴 混蛋 王八蛋 畜生 杀人犯 刽子手 骗子 傻逼 他妈 去死 垃圾 走狗 纳粹 "
    "法西斯 不要脸 禽兽 魔鬼",
    "ug": "ئەخمەق* ھارامزادە* قاتىل* يالغانچى* ئىپلاس* لۈكچەك* فاشىست* ناتسىست* چوشقا* جاللات* "
    "ۋەھشىي*",
}
"""Insults and what judges instead of asking, by language: short lists, for a hint."""

TITLES = (
    "Mr Mrs Ms Dr Monsieur Madame Mme Mlle Señor Señora Sr Sra Don Doña Herr Frau Herrn Bay Bayan"
)
"""Before a name that begins with a capital."""


def harsh_words() -> list[str]:
    """All of them, each once."""
    return sorted({word for words in HARSH.values() for word in words.split()})


def titles() -> list[str]:
    """Those that stand before the name of a person."""
    return TITLES.split()
