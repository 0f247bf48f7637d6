"""The mails that are looked at. Of each script a sender, a subject and lines that fit where they are shown, and a paragraph that does not."""
import email
import email.header
import email.policy
import email.utils
import glob
import os
import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage

# (name, sender, subject, lines of the body, a word to look for, a long paragraph)
MAILS = [
    ("latin", "Ana Lima", "Refund for order 4412", ["The bell is missing, order 4412 (urgent)."], "refund",
     "The bicycle came yesterday but the bell was not in the box and I would like to know when you will send the part that is missing because I need it"),
    ("arabic", "سامح يوسف", "استفسار عن الطلب 4440", [
        "السلام عليكم ورحمة الله",
        "طلبت يوم 12/11/2026 دراجة X-200 برقم 4440 (عاجل).",
        "الرابط https://example.com/track?id=4440 لا يعمل",
    ], "استفسار", "وصلتني الدراجة أمس ولكن الجرس غير موجود في الصندوق وأريد أن أعرف متى سترسلون القطعة الناقصة لأنني "
     "أحتاج إليها قبل نهاية الأسبوع وقد دفعت ثمنها كاملا مع الشحن السريع"),
    ("arabic marks", "مُحَمَّد", "بِسْمِ اللَّهِ", ["مُحَمَّدٌ رَسُولٌ", "المبلغ 1,250.50 EGP والخصم 10%."], "محمد", ""),
    ("hebrew", "דויד כהן", "שאלה על הזמנה 4440", [
        "שלום רב,",
        "הזמנתי אופניים X-200 (דחוף) ביום 12/11.",
        'הוא אמר "לא" ואז C++ עובד.',
    ], "שאלה", "קיבלתי את האופניים אתמול אבל הפעמון לא היה בקופסה ואני רוצה לדעת מתי תשלחו את החלק החסר כי אני צריך אותו "
     "לפני סוף השבוע וכבר שילמתי על משלוח מהיר"),
    ("persian", "زهرا رضایی", "سفارش ۴۴۴۰ نرسید", ["می‌خواهم سفارش ۴۴۴۰ را پس بدهم."], "سفارش",
     "دوچرخه دیروز رسید اما زنگ آن در جعبه نبود و می‌خواهم بدانم چه زمانی قطعهٔ گم شده را می‌فرستید زیرا پیش از پایان هفته به آن نیاز دارم"),
    ("mixed", "Omar عمر", "Order 44: مرحبا بالعالم (new)", [
        "Latin first: أحمد الخطيب (order 4440) left.",
        "The course C++\u200f هو جيد today.",
    ], "order مرحبا",
     "The customer أحمد الخطيب wrote that the bell of order 4440 is missing and said لا يوجد جرس في الصندوق so we shall send him another one today"),
    ("thai", "สมชาย ใจดี", "สอบถามเรื่องสินค้า", ["สวัสดีครับ สินค้าหมายเลข 4440 ยังไม่มา"], "สินค้า", ""),
    ("lao", "ສົມພອນ", "ສິນຄ້າບໍ່ມາ", ["ສະບາຍດີ ສິນຄ້າ 4440"], "ສິນຄ້າ", ""),
    ("khmer", "សុខា", "ទំនិញមិនមក", ["សួស្តី ទំនិញ 4440"], "ទំនិញ", ""),
    ("hindi", "राहुल शर्मा", "ऑर्डर की जानकारी", ["नमस्ते ऑर्डर 4440 नहीं आया"], "ऑर्डर",
     "साइकिल कल आ गई लेकिन घंटी डिब्बे में नहीं थी और मैं जानना चाहता हूँ कि आप छूटा हुआ हिस्सा कब भेजेंगे क्योंकि मुझे सप्ताह के अंत से पहले चाहिए"),
    ("bengali", "রহিম", "টাকা ফেরত চাই", ["আমার টাকা ফেরত দিন 4440"], "টাকা",
     "সাইকেলটি গতকাল এসেছে কিন্তু বাক্সে ঘণ্টা ছিল না এবং আমি জানতে চাই আপনারা কবে বাকি অংশটি পাঠাবেন কারণ আমার এটি সপ্তাহ শেষের আগে দরকার"),
    ("tamil", "குமார்", "ஆர்டர் பற்றி", ["வணக்கம் ஆர்டர் 4440"], "ஆர்டர்",
     "மிதிவண்டி நேற்று வந்தது ஆனால் பெட்டியில் மணி இல்லை விடுபட்ட பகுதியை எப்போது அனுப்புவீர்கள் என்று அறிய விரும்புகிறேன் ஏனெனில் வார இறுதிக்குள் வேண்டும்"),
    ("han", "田中太郎", "注文四四四〇について", ["お世話になります。注文4440です。"], "注文", ""),
    ("korean", "김민수", "주문 문의", ["안녕하세요 주문 4440"], "주문", ""),
    ("pictures", "Eva 👋🏽", "Thanks 🙏🏽 ok", ["Great 👍🏽 and 😀 done", "Family 👨‍👩‍👧 end"], "thanks", ""),
    ("turkish", "Ayşe Şahin", "Sipariş İptali", ["Kırık çıktı, ığdır İSTANBUL"], "sipariş",
     "Bisiklet dün geldi ama zil kutuda yoktu ve eksik parçayı ne zaman göndereceğinizi öğrenmek istiyorum çünkü hafta sonundan önce ona ihtiyacım var"),
    ("cyrillic", "Анна Ёлкина", "Возврат заказа", ["Здравствуйте, заказ 4440"], "возврат",
     "Велосипед пришёл вчера но звонка в коробке не было и я хочу знать когда вы пришлёте недостающую часть потому что она нужна мне до конца недели"),
]

# Lines of which only the ends are compared, by the columns between them: (name, first, last, columns between), and the lines themselves.
APART = [
    ("pictures", "Flag", "done", 4),
    ("pictures", "Heart", "beats", 4),
    ("pictures", "Pirate", "sails", 4),
]
ALSO = {
    "pictures": ["Flag 🇩🇪 done", "Heart ❤️ beats", "Pirate 🏴‍☠️ sails"],
    # Where a row may end other than at a blank, a picture does not tell: these are for people to look at.
    "korean": ["자전거는 어제 도착했지만 상자에 벨이 없었습니다 빠진 부품을 언제 보내 주실지 알고 싶습니다 주말 전에 꼭 필요하기 때문에 빨리 답장을 주시면 감사하겠습니다"],
    "thai": ["จักรยานมาถึงเมื่อวานนี้แต่กระดิ่งไม่ได้อยู่ในกล่องและฉันอยากทราบว่าคุณจะส่งชิ้นส่วนที่หายไปเมื่อไรเพราะฉันต้องการใช้ก่อนสุดสัปดาห์นี้"],
    "lao": ["ລົດຖີບມາຮອດມື້ວານນີ້ແຕ່ກະດິ່ງບໍ່ໄດ້ຢູ່ໃນກ່ອງແລະຂ້ອຍຢາກຮູ້ວ່າເຈົ້າຈະສົ່ງຊິ້ນສ່ວນທີ່ຫາຍໄປເມື່ອໃດເພາະວ່າຂ້ອຍຕ້ອງການກ່ອນທ້າຍອາທິດ"],
    "khmer": ["កង់បានមកដល់ម្សិលមិញប៉ុន្តែកណ្ដឹងមិននៅក្នុងប្រអប់ទេហើយខ្ញុំចង់ដឹងថាតើអ្នកនឹងផ្ញើផ្នែកដែលបាត់នៅពេលណាព្រោះខ្ញុំត្រូវការវាមុនចុងសប្តាហ៍"],
    "han": ["自転車は昨日届きましたがベルが箱に入っていませんでした。足りない部品をいつ送っていただけるのか教えてください。週末までに必要なので早めにお返事をいただけると助かります。"],
}


def fits(text):
    """Tells whether a text surely fits into a row of the conversation."""
    return 0 < sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text) < 48


def cases(directory):
    """Returns what is looked at of the mails in a folder, the oldest first: those of their lines that are shown in one row, and no others.
    Mails that belong to one conversation are left out."""
    out, mails, answered = [], [], set()
    for path in sorted(glob.glob(os.path.join(directory, "*.eml"))):
        with open(path, "rb") as file:
            mail = email.message_from_binary_file(file, policy=email.policy.default)
        answered.update((mail["References"] or "").split() + (mail["In-Reply-To"] or "").split())
        mails.append((path, mail))
    for path, mail in sorted(mails, key=lambda pair: pair[1]["Date"].datetime):
        if mail["Message-ID"] in answered or mail["In-Reply-To"] or mail["References"]:
            continue
        # An answer by its subject alone.
        if (mail["Subject"] or "").startswith("رد:"):
            continue
        text = mail.get_body(("plain",))
        paragraphs = text.get_content().replace("\r", "").split("\n\n") if text else []
        lines = [part.strip("\n") for part in paragraphs]
        lines = [line for line in lines if fits(line) and "\n" not in line and not line.startswith((">", "-", " ", "*"))]
        subject = mail["Subject"] or ""
        sender = name_of(path)
        if fits(sender):
            out.append((path, sender, subject if fits(subject) else "", lines[:4], "", ""))
    return out


def name_of(path):
    """Returns the sender's name. Python's address parser keeps the blanks between encoded words, which are none of it (RFC 2047)."""
    with open(path, "rb") as file:
        header = email.message_from_binary_file(file)["From"]
    return email.utils.parseaddr(str(email.header.make_header(email.header.decode_header(header))))[0]


def raw(number, name, sender, subject, lines, paragraph):
    """Returns the mail as bytes."""
    mail = EmailMessage()
    mail["From"] = Address(sender, "c%d" % number, "example.net")
    mail["To"] = "support@example.com"
    mail["Subject"] = subject
    mail["Date"] = "Sun, 29 Nov 2026 %02d:%02d:00 +0000" % (4, number + 1)
    mail["Message-ID"] = "<c%d@lang.example>" % number
    body = "\n\n".join(lines + ALSO.get(name, []) + ([paragraph] if paragraph else []))
    mail.set_content(body + "\n", cte="base64")
    return bytes(mail)
