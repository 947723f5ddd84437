"""Real-looking names of people from many scripts, as (language, given names, family name)."""

# One line per language, `given|family`; an empty family name where custom knows one name only.
# Zero-width joiners are written as escapes so that a reader sees them.
_TABLE = """
Uyghur: ئالىم|ئەخمەت; گۈلنار|تۇرسۇن; ئابدۇۋەلى|روزى; مەھمۇتجان|قۇربان; رىزۋانگۈل|قادىر
Uyghur: ئايگۈل|مەمەت; تۇرغۇنجان|ئوسمان; پەرىدە|ياقۇپ; ئەركىن|ھاشىم; خالمۇرات|نىياز
Uyghur: دىلنۇر|ئىمىن; ئۆمەر|بارات; ئۇچقۇن|ئېلى; ئابدۇكېرىم|سەمەت; ژۇلدۇز|ۋەلى; مىھرىگۈل|
Uyghur: مۇھەممەد\u200cئىمىن|ئابلىمىت; نۇر\u200cمۇھەممەد|زۇنۇن; ئابدۇ\u200cرېھىم|سابىر
Uyghur: گۈل\u200cبوستان|ئابدۇ\u200cللا; ئاي\u200cنۇر|ھاجى; سەيپىدىن\u200cجان|
Uyghur (Latin): Gülnar|Tursun; Ötkür|Hëmit; Méhrigül|Yasin; Abduweli|Sawut-Oghli
Kazakh: Әлия|Қасымова; Ғалымжан|Өтегенов; Нұрсұлтан|Үмбетов; Іңкәр|Һасанқызы; Дәурен|Жүнісов
Kazakh: Айгүл|Сәрсенбай; Қуаныш|Ғабдуллин; Ұлан|Ыбыраев; Еңлік|Төлегенқызы; Бақытжан|Мұқашев
Kazakh: Гүлзада|Әуелханова; Серік|Қайратұлы; Өмірбек|Шәріпхан; Жаңыл|Оңдасын; Мәриям|
Kazakh (Latin): Älia|Qasymova; Ğalym|Ötegen; Nūrsūltan|Ümbet; Äygül|Şäripova; Jaŋyl|Bağdat
Kazakh (Arabic): نۇرلان|قابدەش; گۇلجان|تۇرسىنقىزى; ەربول|ساۋىتبەك
Kyrgyz: Айпери|Өмүралиева; Үсөн|Жээнбеков; Нургүл|Төрөбаева; Кубанычбек|Ыбраимов
Uzbek: Oʻktam|Gʻofurov; Dilnoza|Toʻxtayeva; Sheroz|Yoʻldoshev; Gʻayrat|
Tatar: Әлфия|Җәләлетдинова; Илдус|Мөхәммәтҗанов; Зөлфәт|Һадиев
Tajik: Ҷамшед|Қурбонов; Гулрухсор|Ғафурова; Ӯктам|Ҳакимзода
Turkmen: Ýazgül|Öwezowa; Ňurmuhammet|Jumaýew
Chinese (simplified): 丽|王; 小明|张; 慧敏|欧阳; 志强|刘; 玥|司马; 萌|吕; 建国|邓; 一|丁
Chinese (traditional): 曉薇|陳; 國豪|黃; 淑芬|蕭; 雅婷|龔; 子軒|諸葛; 美玲|鄭; 靜|范姜
Chinese (rare): 𠀾|王; 𣵀|李; 喆|𡛟; 堃|𬀩; 㛃|㐱; 𪚥|刘
Chinese (Cantonese): Ka-wai|Ng; Siu-ming|Wong; Mei-yin|Au-Yeung
Tibetan: བསྟན་འཛིན|; ཚེ་རིང་སྒྲོལ་མ|; རྡོ་རྗེ|; པདྨ་མཚོ|; བློ་བཟང་རྒྱ་མཚོ|; སྐལ་བཟང|ལྷ་རྩེ
Tibetan: ཀརྨ|དབང་ཕྱུག
Dzongkha: ཨོ་རྒྱན|དབང་ཕྱུག; བསོད་ནམས་ལྷ་མོ|; དཀོན་མཆོག|
Mongolian: Батбаяр|Дорж; Энхтуяа|Мөнхбат; Өлзийхутаг|Цэрэндорж; Үүрийнтуяа|; Ганзориг|Бат-Эрдэнэ
Mongolian (script): ᠪᠠᠲᠤ|; ᠰᠠᠷᠠᠨᠭᠡᠷᠡᠯ|; ᠲᠡᠮᠦᠷ|; ᠰᠠᠷ\u180eᠠ|; ᠨᠠᠷ\u180eᠠ|ᠪᠣᠷᠵᠢᠭᠢᠨ
Arabic: محمد|الحسيني; فاطمة الزهراء|بن علي; عبد الرحمن|آل ثاني; ليلى|أبو غزالة; يحيى|المنصوري
Arabic: هدى|إبراهيم; مُحَمَّد|القَاضِي; آمنة|عطاءالله; عيسى|ابن الرومي; رؤى|الشيخ; سُمَيَّة|
Arabic (Maghreb): Abd el-Kader|Benaïssa; Fatima-Zohra|Aït Ahmed; M’hamed|El Ouafi
Arabic (Maghreb): Lalla|Bent M'Barek
Persian: علی\u200cرضا|محمدی; زهرا|نجف\u200cآبادی; امیر\u200cحسین|کریمی; پگاه|ده\u200cنمکی
Persian: مهسا|رضایی
Persian: غلام\u200cحسین|بی\u200cنیاز; ژاله|گل\u200cمحمدی; نازنین\u200cزهرا|پور\u200cعلی; آرش|چمنی
Persian: شه\u200dلا|
Dari: گل\u200cآغا|شیرزی; فرشته|; نجیبه|هزاره
Pashto: ګلالۍ|ځدراڼ; زرغونه|وردګ; پښتنه|; ټیک\u200cمحمد|څمکنی
Urdu: عائشہ|صدیقی; محمد علی|بٹ; ڈاکٹر نورین|چوہدری; فہمیدہ|نور\u200cالدین; گُل|ڑائچ
Kurdish (Sorani): ئاڤان|ڕەسوڵ; هێمن|عەبدوڵڵا; شیلان|ۆردوخانی; گوڵاڵە|
Kurdish (Kurmanji): Şêrîn|Çelebî; Ciwan|Êzdîn; Rojîn|
Sindhi: ڀٽائي|ٻگھيو; سنڌو|ڏاهري
Balochi: مہلب|بلوچ; گل\u200cبانو|رند
Hebrew: נועה|לוי; דוד|בן־גוריון; שׁוּלָמִית|כֹּהֵן; צ׳רלי|ז׳בוטין; יעקב|פרידמן; רחל|בר-לב
Hebrew: ש״י|עמית
Yiddish: מענדל|פֿריילעך; רייזל|גאָלדבערג; חײם|
Syriac: ܐܦܪܝܡ|ܒܪ ܨܘܡܐ; ܫܡܘܢܝ|; ܝܘܚܢܢ|ܬܘܡܐ
Dhivehi: އައިޝަތު|ނަޝީދު; އިބްރާހީމް|; މަރިޔަމް|ޝަރީފް
Russian: Анна|Иванова; Фёдор|Щёголев; Мария-Луиза|Римская-Корсакова; Юлия|Эйхенбаум; Ия|Ё
Russian: Пётр|Цой
Ukrainian: Їжакевич|Ґалаґан; Дем’ян|Об'єдков; Мар’яна|Лук’яненко; Євгенія|Їжак; Ігор|Ющенко-Біда
Belarusian: Аўген|Ўладзіміраў; Святлана|Быкаўская; Янка|Дзям’янаў
Bulgarian: Щилияна|Бъчварова; Георги|Ѝванов
Serbian: Љубица|Ђорђевић; Његош|Џаџић; Ђурђица|Ћосић
Macedonian: Ѓорѓи|Ќосевски; Љупка|Ѕвездановска
Ossetian: Æхсар|Хъодзаты; Мадинӕ|Дзӕгойты
Chechen: Зелимхан|Ӏадаев; Пет\u04c0имат|
Greek: Ελένη|Παπαδοπούλου; Γιώργος|Οικονόμου; Αϊσέ|Μπουμπουλίνα; Άννα-Μαρία|Ξύδη
Greek: Ὀδυσσεύς|Ἀνδρεάδης
Turkish: İpek|Işık; Çağla|Şahin; Gülşah|Öğüt; Iğdır|Yıldız; Ümit|Kılıç; Âdem|Uğurlu
Azerbaijani: Əli|Məmmədov; Gülçöhrə|Əliyeva; Xədicə|Qızıoğlu; Ənvər|İsmayılov
Vietnamese: Thị Ánh|Nguyễn; Văn Đức|Trần; Ngọc Huyền|Đặng; Quỳnh|Võ; Ỷ Lan|Lê; Ữu|Phạm; Bảo|Hồ
Icelandic: Þórður|Ægisson; Guðrún|Jónsdóttir; Ásgeir|Þorvaldsson; Ö|Eiðsdóttir; Ýmir|Örn; Æsa|
Faroese: Jógvan|Petersen; Bjørg|í Lágabø; Ró|á Høvdanum
Polish: Łukasz|Żółć; Świętosława|Brzęczyszczykiewicz; Grażyna|Ćwikła-Wójcik; Bożena|Źrebiec
Polish: Jędrzej|Ńko
Czech: Jiří|Dvořák; Šárka|Hřebíčková; Zdeněk|Žďárský; Růžena|Ňuchalová; Přemysl|Ťapák
Slovak: Ľubomír|Ďurčanský; Ĺubica|Šťastná; Jozef|Vŕba
Hungarian: Győző|Szűcs; Ildikó|Kővári-Őry; Árpád|Széchényi; Örs|Üveges; Zsófia|dr. Nagyné Kiss
Romanian: Ștefania|Țurcanu; Ion|Brâncoveanu; Mădălina|Ţepeş; Ană|Hășdeu
Croatian: Željka|Šćepanović; Đuro|Čačić; Ǆafer|Ǌegovan
Slovene: Živa|Črnigoj; Špela|Žgajnar
Lithuanian: Žydrūnas|Šimkutė; Rūta|Ąžuolaitė; Eglė|Įdas-Ųsė
Latvian: Ģirts|Ķēniņš; Ļena|Ņikitina; Ēriks|Ozoliņš
Estonian: Õnne|Pärn; Jüri|Šõtš
Finnish: Äiti|Yrjö-Koskinen; Väinö|Öörni
Sámi: Áilu|Ŋálgu; Máret|Đuoddar-Ŧuolbba
Swedish: Åsa|Öström; Å|Ek; Göran|af Klintberg
Danish: Søren|Ærø; Åse|Bjørn-Østergård
Norwegian: Øystein|Ås; Kjærsti|Bø
German: Jürgen|Groß; Änne|von der Mühlen; Hans-Peter|Freiherr zu Eltz; Käthe|GROẞMANN; Ute|Ö
Dutch: Daan|van der Berg; Mies|’t Hooft; Jan|'t Hart; Anneke|van 's-Gravesande; Ĳsbrand|de Ĳ
Dutch: Zoë|Ten Broek
Frisian: Sjûkje|Tsjerkstra; Fokke|fan ’e Dyk
French: Anaïs|Lefèvre; Jean-François|de la Tour d’Auvergne; Maëlys|N'Guessan; Gaëtan|L’Haÿ
French: Œdipe|Cœur
French: Zoé|D'Hérouville; Éloïse|Le Goff; Çigdem|Saint-Exupère; Ève|Y; Ninon|de Lʼisle
Breton: Gwenaël|Kerc'hrist; Soaz|an Dreizhour
Spanish: María José|Núñez de la Peña; Íñigo|Güemes; Ángel|Ortiz y Gasset; Begoña|Ibáñez-Martín
Spanish: Ó|O
Catalan: Gal·la|Paral·lel; Lluïsa|Puig i Cadafalch
Basque: Ander|Etxeberria Goñi; Itziar|Ruiz de Azúa
Galician: Uxía|Castiñeira; Breogán|Mariño
Portuguese: João|dos Santos e Silva; Conceição|Simões; Antônio|Guimarães Prado; Inês|d'Orey
Portuguese: Luís|Sá
Italian: Niccolò|Dell'Acqua; Chiara|Dalla Costa; Giosuè|D’Ambrosio; Zoe|Lo Cicero
Maltese: Ġużeppi|Għarb; Ċensa|Ħaż-Żebbuġ
Albanian: Shqipe|Çela; Ëngjëll|Gjoka
Irish: Aoife|Ní Bhriain; Pádraig|Ó Súilleabháin; Seán|Mac an tSaoi; Niamh|O’Connor; Ḃríd|Ó Dá
Scottish: Màiri|NicDhòmhnaill; Iain|MacKay of Strath
Welsh: Siân|ap Gŵyr; Llŷr|Llewelyn-Ŵyn; Rhŷs|ab Ifan
Hawaiian: Kaʻiulani|Kahananui; Keʻalohi|Kamakawiwoʻole-Hoʻopili; Liliʻulani|; Nāinoa|Kūʻē
Māori: Tāwhirimātea|Te Rangi; Ngāhuia|Wēpiha
Samoan: Fa'amausili|Sapolu; Tuʻilaʻepa|
Hindi: प्रिया|शर्मा; कृष्णकांत|त्रिवेदी; श्रीनिवास|द्विवेदी; ज्योत्स्ना|
Hindi: विद्या|लक्ष्मी\u200cनारायण; राज\u200cकुमार|
Marathi: ज्ञानेश्वर|कुऱ्हाडे; र\u094d\u200dयाश|तऱ्हाळे; मुक्ता|
Nepali: सञ्जय|श्रेष्ठ; पासाङ\u200cल्हामु|शेर्पा
Bengali: অনিন্দিতা|চট্টোপাধ্যায়; মোঃ রহিম|খাঁ; র\u200d\u09cdযাচেল|বড়ুয়া; ঋত্বিক|সেন
Assamese: ৰূপৱতী|শইকীয়া; ভূপেন|হাজৰিকা
Punjabi: ਗੁਰਪ੍ਰੀਤ|ਸਿੰਘ; ਹਰਲੀਨ|ਕੌਰ; ਜ਼ੋਰਾਵਰ|ਢਿੱਲੋਂ
Gujarati: ધર્મેન્દ્ર|પટેલ; કૃષ્ણા|ત્રિવેદી
Odia: ସୁଭଦ୍ରା|ମହାପାତ୍ର; ଜଗନ୍ନାଥ|ଦାଶ
Tamil: கார்த்திகேயன்|; மு. தமிழ்ச்செல்வி|; இளங்கோ|சுப்பிரமணியன்; ஸ்ரீதேவி|கிருஷ்ணமூர்த்தி
Tamil: செ|இராசு
Telugu: వెంకటేశ్వర్లు|తాడేపల్లి; లక్ష్మీ\u200cప్రసన్న|చౌదరి; శ్రీను|
Kannada: ಶ್ರೀನಿವಾಸ|ಕುಲಕರ್ಣಿ; ರ\u200d್ಯಾಚೆಲ್|ಗೌಡ; ಅನುಷಾ|
Malayalam: അഞ്ജലി|മേനോൻ; രാജൻ|; നമ്പൂതിരിപ്പാട\u0d4d\u200c|; കണ്ണന\u0d4d\u200d|നായര\u0d4d\u200d
Malayalam: ശ്രീകുമാർ|തമ്പി
Sinhala: ප\u0dca\u200dරියන්ත|වික\u0dca\u200dරමසිංහ; ශ\u0dca\u200dරී|දිසානායක
Sinhala: චන්ද\u0dca\u200dරිකා|; සමන්|පෙරේරා
Thai: สมชาย|ใจดี; ณัฐธิดา|ศรีสุวรรณ; กฤษณ์|ณ อยุธยา; ป้อม|
Lao: ສົມພອນ|ວົງສາ; ນາງ ແກ້ວ|; ຄຳໝັ້ນ|ໄຊຍະວົງ
Khmer: សុខា|ចាន់; ស្រីមុំ|; ណារ៉េត|នរោត្តម; គន្ធបុប្ផា|ហ៊ុន
Burmese: အောင်|; မြင့်မြင့်ခင်|; ဒေါ်ခင်လှ|; ကျော်စွာ|ဦးသန့်; နန်းဆိုင်ခမ်း|
Shan: ၸၢႆးသႅင်|; ၼၢင်းၶမ်း|
Karen: နီၢ်ဖီဖီ|
Javanese: ꦱꦸꦩꦂꦤꦶ|; ꦫꦢꦺꦤ꧀ꦥꦚ꧀ꦗꦶ|
Balinese: ᬯᬬᬦ᭄|; ᬫᬤᬾ|
Indonesian: Sukarni|; I Gusti Ayu|Made; Siti Aminah|binti Yusof
Tagalog: Maria Niña|de los Reyes; Jun-Jun|Dela Cruz y Peña
Georgian: ნინო|ჯაფარიძე; შოთა|წულუკიანი; ეკატერინე|ჭავჭავაძე; ჟუჟუნა|ღვინიაშვილი; Ჟ|Ჰ
Armenian: Անահիտ|Հովհաննիսյան; Գևորգ|Տեր-Պետրոսյան; Շուշանիկ|Ճգնավորյան; Եւա|
Amharic: አበበ|በቀለ; ጽዮን|ኃይለማርያም; ወልደ ገብርኤል|; ዘውዲቱ|ተስፋዬ
Tigrinya: ሰላም|ኣብርሃም; ጎይትኦም|
Japanese: 花子|山田; さくら|髙橋; ケンジ|﨑本; 翔太|渡邊; ゑい|; ヴィクトル|小野寺; 々子|佐々木
Japanese: 葛\U000e0100葉|
Korean: 민준|김; 서연|남궁; 하늘|; 지우|제갈; 은|독고
Yoruba: Adébáyọ̀|Ògúnṣọlá; Ọláolúwa|Ẹniọlá; Títílayọ̀|Àṣàkẹ́; Ṣọlá|
Igbo: Chị́nedu|Ọkọ́ńkwọ̀; Ńkechi|Ụzọ̀; Ṅgọzi|Ị́dị̀
Hausa: Ɗanladi|Ƙofar Mata; Ɓala|'Yar'aduwa; Ƴan|
Ewe: Kɔfi|Ɖɔtsɛ; Ƒafa|Ŋutsu
Akan: Kwabena|Ɔfɔri-Atta; Ɛsi|Boatɛŋ
Swahili: Ng'ang'a|wa Kariũki; Mwanaisha|bin Juma
Zulu: Nqobile|kaMpande; Xoliswa|
Wolof: Ndèye|Ñaŋ; Ñilaan|
Khoekhoe: ǀGawaseb|ǃNaruseb; ǁKhauxas|ǂGâseb
Lingála: Mpɔ́|Bɔtɛ́mbɛ; Ekángá|
Amazigh: ⵜⵉⵏⵀⵉⵏⴰⵏ|; ⵎⴰⵙⵉⵏⵉⵙⴰ|ⴰⵢⵜ ⵉⵔⴰⵜⵏ; Σli|At Yiraten; Ɛmer|
N’Ko: ߛߏߟߏߡߣߊ߫|ߞߊ߲ߕߍ߫; ߝߊ߲ߕߊ߫|
Adlam: 𞤀𞤥𞤭𞤲𞤢𞤼𞤵|𞤄𞤢𞤪𞤪𞤭; 𞤋𞤦𞤢|
Vai: ꕉꔤ|; ꗞꖷ|ꔎꔌ
Navajo: Hózhó|Yázhí; Naałnish|Tsʼosí; Nizhóní|Atsidí Łį́į́ʼ; Bįįh|
Cherokee: ᏎᏉᏯ|; ᎠᏂᏔ|ᎤᏪᏥ; ᏣᎵ|ꮳꮃꭹ
Inuktitut: ᐊᓪᓚᒃ|ᐃᖃᓗᒃ; ᓴᐃᓚ|ᐅᓛᔪᖅ; ᒥᐊᓕ|
Cree: ᐋᓃᔥ|ᓂᐱᓰᐢ; ᒪᐢᑭᐦᑯᐢ|
Lakota: Tȟatȟáŋka|Wašté; Wiŋyáŋ|Lúta-Wiŋ
Squamish: Sḵwx̱wú7mesh|Siyám̓; T’uy’t’tanat|
Nahuatl: Xōchitl|; Citlālli|Cuauhtémoc
Quechua: T'ika|Q’ispi; Ñusta|Mamani
Guaraní: Ára|Poty G̃uarã; Ỹvoty|
Romani: Rromèn|Ćirikli; Luludźi|
Crimean Tatar: Ñiyar|Çelebioğlu; Emine|Kırımoğlu
English: O|U; E|Ng; Anna|O'Neill; D’Angelo|St.John-Smythe; Martin|Keane Jr.; Henry|Foss III
English: John|Smith 3rd; Ludwig|van Beveren, Sr.; Null|Null; J. R.|Reuel; Renée|Zoë; X|Æ
English: Nan|True; Test|None; Hubert|Oberwolfenschlegelbergerhausendorffswaldsteiner
English: Kate|Cole (née Brown); Rose|Smith/Jones; Mary Ann|Evans; Bo|Li; Ó|Ó; U|
Sanskrit (Latin): Śrī Kṛṣṇa|Bhaṭṭācārya; Ṛṣabha|Āḷvār
Very long: Pedro Diego José Francisco de Paula Juan María de los Dolores|Ruiz de la Prada
Very long: Kealiʻi|Kahoʻolemanaʻolanakilakeikialohaokalani
Very long: ശ്രീകൃഷ്ണപുരത്ത് രാമചന്ദ്രൻ|കുഞ്ഞിക്കുട്ടൻ തമ്പുരാൻ
"""


def _read(table: str) -> list[tuple[str, str, str]]:
    names: list[tuple[str, str, str]] = []
    for line in table.strip().splitlines():
        language, people = line.split(": ", 1)
        for person in people.split("; "):
            given, family = person.split("|")
            names.append((language, given, family))
    return names


REAL_NAMES = _read(_TABLE)
