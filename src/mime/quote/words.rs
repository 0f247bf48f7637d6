//! The words by which mail programs of many languages mark what is quoted and what is a signature. All in lower case.

/// Verbs of attribution lines: "On … X *wrote*:".
pub(super) const WROTE: &[&str] = &[
    "wrote", "writes", "said", "a écrit", "schrieb", "schreibt", "escribió", "escribio", "ha scritto", "scrisse", "escreveu", "schreef",
    "skrev", "skreiv", "kirjoitti", "napisał", "pisze", "napsal", "napísal", "napisao", "napisal", "je pisao", "написал", "пишет", "писал",
    "написав", "пише", "написа", "έγραψε", "yazdı", "yazmış", "كتب", "כתב", "เขียน", "写道", "寫道", "写到", "書きました", "書き込みました",
    "wrote", "작성", "썼습니다", "a scris", "írta", "rašė", "rakstīja", "kirjutas", "đã viết", "menulis", "ha escrit", "escribiu", "skrifaði",
    "idatzi du", "नें लिखा", "ने लिखा", "נכתב", "نوشت", "napisala", "napísala",
];

/// Words that attribution lines begin with, each followed by a space or a date.
pub(super) const ON: &[&str] = &[
    "on", "le", "am", "el", "il", "em", "op", "den", "dne", "w dniu", "w", "dnia", "på", "pe", "la", "на", "в", "у", "вт", "ср", "чт", "пт",
    "сб", "вс", "пн", "στις", "στη", "στην", "في", "ב", "בתאריך", "ในวัน", "เมื่อ", "vào", "pada", "u", "dana", "dňa", "em", "at", "a", "os",
    "no dia", "ti", "ke", "to", "pe", "la", "su", "ma", "tors", "fre", "lør", "lör", "søn", "sön", "man", "mån", "tir", "tis", "ons",
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lun",
    "mar", "mer", "jeu", "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom", "seg", "ter", "qua", "qui", "sex", "mo", "di", "mi", "do",
    "fr", "sa", "so", "pon", "wt", "śr", "czw", "pt", "sob", "niedz", "dom.", "quoting", "citando", "el día", "da", "von", "from", "в сообщении",
    "понедельник", "вторник", "среда", "среду", "четверг", "пятница", "пятницу", "суббота", "субботу", "воскресенье",
];

/// Labels of who sent it, in quoted header blocks.
pub(super) const FROM: &[&str] = &[
    "from", "von", "de", "da", "van", "från", "fra", "od", "от", "від", "kimden", "gönderen", "lähettäjä", "feladó", "发件人", "寄件者",
    "寄件人", "差出人", "送信者", "보낸 사람", "보낸사람", "من", "מאת", "จาก", "από", "de la", "expéditeur", "remitente", "mittente", "remetente",
    "afzender", "avsändare", "avsender", "nadawca", "odesílatel", "отправитель", "відправник", "từ", "dari", "saatja", "nuo", "no", "发自",
];

/// Labels of when.
pub(super) const SENT: &[&str] = &[
    "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviada em", "enviado em", "enviada", "fecha", "data",
    "inviato", "verzonden", "skickat", "sendt", "dato", "wysłano", "wysłane", "odesláno", "отправлено", "дата", "надіслано", "gönderilme",
    "gönderildi", "tarih", "gönderme tarihi", "lähetetty", "päivämäärä", "päiväys", "elküldve", "dátum", "发送时间", "日期", "发送日期", "时间",
    "寄件日期", "傳送時間", "送信日時", "日時", "日付", "보낸 날짜", "날짜", "تاريخ الإرسال", "التاريخ", "تم الإرسال", "نشر", "נשלח", "תאריך", "ส่ง",
    "วันที่", "ημερομηνία", "εστάλη", "στάλθηκε", "trimis", "poslano", "ngày", "dikirim", "tanggal", "date and time", "kuupäev", "sendt dato",
];

/// Labels of to whom.
pub(super) const TO: &[&str] = &[
    "to", "an", "à", "para", "a", "aan", "till", "til", "do", "komu", "кому", "kime", "alıcı", "vastaanottaja", "címzett", "收件人", "收件者",
    "宛先", "받는 사람", "받는사람", "إلى", "אל", "ถึง", "προς", "către", "za", "prima", "destinatario", "destinataire", "đến", "kepada", "cc", "cc:",
    "kopie", "kopia", "копия", "副本", "抄送", "참조", "نسخة", "bilgi", "reply-to", "antwort an", "répondre à", "responder a", "rispondi a",
    "antwoord aan", "ответить", "reply to", "svar til", "svara till", "kopi", "dw", "cc/копия", "cópia", "kinek",
];

/// Labels of what about.
pub(super) const SUBJECT: &[&str] = &[
    "subject", "betreff", "objet", "sujet", "asunto", "oggetto", "assunto", "onderwerp", "ämne", "emne", "temat", "předmět", "predmet", "тема",
    "konu", "aihe", "tárgy", "主题", "主旨", "主旨", "件名", "제목", "الموضوع", "موضوع", "נושא", "เรื่อง", "θέμα", "subiect", "chủ đề", "perihal",
    "subjek", "teema", "tema", "re",
];

/// What stands between dashes above a quoted mail.
pub(super) const ORIGINAL: &[&str] = &[
    "original message", "original appointment", "originalnachricht", "ursprüngliche nachricht", "ursprungliche nachricht", "message d'origine",
    "message d’origine", "message original", "mensaje original", "mensagem original", "messaggio originale", "oorspronkelijk bericht",
    "originalmeddelande", "ursprungligt meddelande", "opprinnelig melding", "original meddelelse", "oprindelig meddelelse",
    "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "původní zpráva", "pôvodná správa", "исходное сообщение",
    "исходное письмо", "оригинальное сообщение", "пересылаемое сообщение", "оригінальне повідомлення", "orijinal ileti", "özgün ileti",
    "orijinal mesaj", "eredeti üzenet", "mesaj original", "originalna poruka", "izvorna poruka", "αρχικό μήνυμα", "الرسالة الأصلية",
    "رسالة أصلية", "הודעה מקורית", "ข้อความต้นฉบับ", "原始邮件", "原始郵件", "邮件原件", "original-nachricht", "元のメッセージ", "original mail",
    "원본 메시지", "원본 메일", "forwarded message", "forwarded by", "weitergeleitete nachricht", "message transféré", "message transmis",
    "message réexpédié", "mensaje reenviado", "mensagem encaminhada", "messaggio inoltrato", "doorgestuurd bericht", "vidarebefordrat",
    "videresendt", "przekazana wiadomość", "wiadomość przekazana", "přeposlaná zpráva", "пересланное сообщение", "переслано",
    "переслане повідомлення", "yönlendirilmiş ileti", "iletilmiş mesaj", "továbbított üzenet", "رسالة معاد توجيهها", "رسالة محولة",
    "转发邮件", "轉寄郵件", "转发的消息", "轉寄訊息", "転送", "转发邮件信息", "전달된 메시지", "reply message", "reply to message", "antwort",
    "begin forwarded message", "anfang der weitergeleiteten", "début du message", "inicio del mensaje", "inizio messaggio", "início da mensagem",
    "begin doorgestuurd", "vidarebefordrat brev", "начало переадресованного", "original email", "回复的原邮件", "回复的邮件", "原邮件",
];

/// How lines begin that a program adds by itself.
pub(super) const SENT_FROM: &[&str] = &[
    "sent from", "sent via", "sent with", "sent by", "get outlook for", "get [outlook", "from my iphone", "from my ipad", "from my android",
    "envoyé depuis", "envoyé de", "envoyé à partir", "envoyé avec", "télécharger outlook", "obtenir outlook", "von meinem", "gesendet von",
    "gesendet mit", "gesendet über", "diese nachricht wurde von", "holen sie sich outlook", "outlook für", "enviado desde", "enviado do",
    "enviado de", "enviado a partir", "enviado con", "enviado pelo", "obtener outlook", "obter o outlook", "inviato da", "inviato con",
    "scarica outlook", "ottieni outlook", "verzonden met", "verzonden vanaf", "verzonden via", "verstuurd vanaf", "verstuurd met", "download outlook",
    "outlook voor", "skickat från", "skickas från", "sendt fra", "sendt med", "hent outlook", "hämta outlook", "lähetetty", "hanki outlook",
    "wysłano z", "wysłane z", "pobierz outlook", "odesláno z", "odoslané z", "отправлено с", "отправлено из", "получить outlook", "надіслано з",
    "послано с", "发自", "發自", "從我的", "从我的", "發送自", "发送自", "获取 outlook", "取得 outlook", "보낸 사람: 내", "나의 iphone", "내 iphone",
    "أرسلت من", "أُرسلت من", "تم الإرسال من", "مرسل من", "مُرسل من", "الحصول على outlook", "נשלח מ", "נשלח מה", "ส่งจาก", "στάλθηκε από",
    "εστάλη από", "trimis de pe", "trimis din", "elküldve", "được gửi từ", "gửi từ", "dikirim dari", "poslano s", "poslano iz", "mit freundlichen grüßen gesendet",
    "outlook for ios", "outlook for android", "sent through", "sent using", "sendt via",
];

/// What such lines hold where the words stand at their end.
pub(super) const SENT_FROM_INSIDE: &[&str] =
    &["gönderildi", "から送信", "에서 보냄", "에서 전송", "傳送", "传送", "dan gönderildi", "someone from mobile", "küldve", "outlook.com/mobile"];
