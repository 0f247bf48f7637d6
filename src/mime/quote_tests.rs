use super::*;

fn kinds(text: &str) -> Vec<(Kind, String)> {
    split(text, &mut Around::default()).into_iter().map(|(kind, lines)| (kind, lines.join("|"))).collect()
}

/// Returns what the author wrote, one line after the other.
fn own(text: &str) -> String {
    own_around(text, &mut Around::default())
}

fn own_around(text: &str, around: &mut Around<'_>) -> String {
    split(text, around)
        .into_iter()
        .filter(|(kind, _)| *kind == Kind::Text)
        .flat_map(|(_, lines)| lines)
        .collect::<Vec<_>>()
        .join("|")
}

#[test]
fn a_quote_with_its_attribution_is_one_and_answers_between_quotes_are_text() {
    assert_eq!(
        kinds("On Mon, Joe <j@x> wrote:\n> a\n> b\nyes\n> c\nno"),
        [
            (Kind::Quote, "On Mon, Joe <j@x> wrote:|> a|> b".to_owned()),
            (Kind::Text, "yes".to_owned()),
            (Kind::Quote, "> c".to_owned()),
            (Kind::Text, "no".to_owned()),
        ]
    );
}

#[test]
fn marks_that_nothing_announces_are_text_where_a_mail_answers_none() {
    for text in [
        "Please send\n\n> 5 pieces red\n> 3 pieces blue\n\nby Friday.",
        "This fails:\n> npm install\n> npm start\nError: EACCES",
        "> 5 EUR is too much",
    ] {
        let first = own_around(text, &mut Around { first: true, ..Around::default() });
        assert_eq!(first, text.replace('\n', "|"));
        assert!(!own(text).contains('>'), "an answer: {text}");
    }
    let forward = "Look:\n\nAna <ana@x> hat geantwortet:\n> yours\nmine";
    let first = own_around(forward, &mut Around { first: true, ..Around::default() });
    assert_eq!(first, "Look:||Ana <ana@x> hat geantwortet:|mine", "in a language that is not known");
    for (head, shown) in [("", true), ("In-Reply-To: <a@x>\n", false), ("Subject: SV: order\n", false)] {
        let raw = format!("From: a@x\n{head}\nPlease send\n\n> 5 pieces red\n");
        assert_eq!(crate::mime::readable(raw.as_bytes()).snippet(300).as_str().contains("5 pieces"), shown, "{head}");
    }
}

#[test]
fn marks_that_nothing_announces_are_compared_with_what_is_held() {
    let held = held(OURS);
    let text = "> thank you for your order 4412. Which size do\n> you need, and which colour may it be?\n\nRed:\n> 5 pieces M\n> 3 pieces L\n\n> We don't send it before we know that.\nok";
    assert_eq!(own_beside(text, &held, false), "Red:|> 5 pieces M|> 3 pieces L||ok");
}

#[test]
fn attributions_of_many_languages_begin_a_quote() {
    for line in [
        "On Tue, 4 Jan 2022 at 10:00, Joe Doe <joe@example.com> wrote:",
        "Le mar. 4 janv. 2022 à 10:00, Joe <joe@example.com> a écrit :",
        "Am Di., 4. Jan. 2022 um 10:00 Uhr schrieb Joe <joe@example.com>:",
        "El mar, 4 ene 2022 a las 10:00, Joe (<joe@example.com>) escribió:",
        "Il giorno mar 4 gen 2022 alle ore 10:00 Joe <joe@example.com> ha scritto:",
        "Em ter., 4 de jan. de 2022 às 10:00, Joe <joe@example.com> escreveu:",
        "Op di 4 jan. 2022 om 10:00 schreef Joe <joe@example.com>:",
        "Den tis 4 jan. 2022 kl 10:00 skrev Joe <joe@example.com>:",
        "wt., 4 sty 2022 o 10:00 Joe <joe@example.com> napisał(a):",
        "вт, 4 янв. 2022 г. в 10:00, Joe <joe@example.com>:",
        "4 января 2022 г. 10:00 пользователь Joe <joe@example.com> написал:",
        "Joe <joe@example.com>, 4 Oca 2022 Sal, 10:00 tarihinde şunu yazdı:",
        "في الثلاثاء، 4 يناير 2022 في 10:00 ص تمت كتابة ما يلي بواسطة Joe <joe@example.com>:",
        "\u{202b}בתאריך יום ג׳, 4 בינו׳ 2022 ב-10:00 מאת Joe <\u{202a}joe@example.com\u{202c}\u{200f}>:",
        "ในวันที่ อ. 4 ม.ค. 2022 เวลา 10:00 Joe <joe@example.com> เขียนว่า:",
        "2022年1月4日(火) 10:00 Joe <joe@example.com>:",
        "Joe <joe@example.com> 于2022年1月4日周二 10:00写道：",
        "2022년 1월 4일 (화) 오전 10:00, Joe <joe@example.com>님이 작성:",
        "في الأحد، ٢٩ نوفمبر ٢٠٢٦ في ٣:١٠ ص تمت كتابة ما يلي بواسطة \u{202a}Support\u{202c}\u{200f} <\u{202a}support@example.com\u{202c}\u{200f}>:",
        "في الأحد، 29 نوفمبر 2026 في 3:10 ص، كتب Support <support@example.com>:",
        "در تاریخ یکشنبه ۲۹ نوامبر ۲۰۲۶ ساعت ۳:۱۰ Support <support@example.com> نوشت:",
        "Vào CN, 29 thg 11, 2026 vào lúc 03:10 Support <support@example.com> đã viết:",
        "ໃນວັນທີ ອາ. 29 ພ.ຈ. 2026 ເວລາ 03:10 Support <support@example.com> ຂຽນວ່າ:",
        "នៅ ថ្ងៃអាទិត្យ ទី29 ខែវិច្ឆិកា ឆ្នាំ2026 ម៉ោង 3:10 Support <support@example.com> បានសរសេរ៖",
    ] {
        assert_eq!(own(&format!("mine\n\n{line}\n\n> yours\n")), "mine|", "{line}");
    }
}

#[test]
fn what_we_write_above_a_quote_begins_one_in_every_language() {
    use crate::mime::compose::attribution;
    use crate::model::address::Address;
    use crate::model::clock::Timestamp;
    use crate::model::language::Language;
    use crate::model::message::Envelope;
    let of = Envelope { date: Some(Timestamp(1_795_341_600_000)), ..Envelope::default() };
    for language in Language::ALL {
        for name in ["Carla Diaz", "محمد علي", "สมชาย ใจดี", "田中太郎", "Dr. Anna-Maria von der Heide"]
        {
            let line = attribution(&of, Some(&Address::new(name, "c@x.example")), language);
            assert!(line.contains(name) && line.contains("10:00 UTC"), "{line}");
            assert_eq!(own(&format!("mine\n\n{line}\n\n> yours\n")), "mine|", "{language}: {line}");
            assert_eq!(own(&format!("mine\n\n{line}\n> yours\n> more\n")), "mine|", "{language}: {line}");
            assert!(ends_in_attribution(&["mine", &line]), "{language}: {line}");
        }
        let line = attribution(&of, None, language);
        assert_eq!(own(&format!("mine\n\n{line}\n\n> yours\n")), "mine|", "{language}: {line}");
    }
}

#[test]
fn a_separator_with_a_full_header_block_begins_a_quote_to_the_end() {
    for head in [
        "-----Original Message-----\nFrom: a@x\nSent: 4 January 2022\nTo: b@y\nSubject: z",
        "________________________________\nVon: a@x\nGesendet: 4. Januar 2022\nAn: b@y\nBetreff: z",
        "________________________________\n\nDe : a@x\nEnvoyé : 4 janvier 2022\nÀ : b@y\nObjet : z",
        "-----邮件原件-----\n发件人: a@x\n发送时间: 2022年1月4日\n收件人: b@y\n主题: z",
        "-----元のメッセージ-----\n差出人: a@x\n送信日時: 2022年1月4日\n宛先: b@y\n件名: z",
        "-----الرسالة الأصلية-----\nمن: a@x\nتاريخ الإرسال: ٤ يناير\nإلى: b@y\nالموضوع: z",
        "-----Orijinal İleti-----\nKimden: a@x\nGönderildi: 4 Ocak 2022\nKime: b@y\nKonu: z",
        "-----Özgün İleti-----\nKimden: A [mailto:a@x]\nGönderme: 4 Ocak 2022 Salı 10:00\nKime: b@y\nKonu: z",
        "-----O\u{308}zgu\u{308}n I\u{307}leti-----\nKimden: a@x\nTarih: 4 Ocak 2022\nKime: b@y\nKonu: z",
        "________________________________\nاز: A <a@x>\nارسال شده: یکشنبه, ۲۹ نوامبر ۲۰۲۶\nبه: b@y\nموضوع: z",
        "________________________________\nTừ: A <a@x>\nĐã gửi: 29 Tháng Mười Một 2026 3:10\nTới: b@y\nChủ đề: z",
        "________________________________\nTừ: A <a@x>\nNgày: 29 tháng 11, 2026\nĐến: b@y\nTiêu đề: z",
        "________________________________\nຈາກ: A <a@x>\nສົ່ງ: 29 ພະຈິກ 2026\nເຖິງ: b@y\nຫົວຂໍ້: z",
        "________________________________\nពី: A <a@x>\nបានផ្ញើ: 29 វិច្ឆិកា 2026\nជូន: b@y\nប្រធានបទ: z",
        "-------- Oprindelig besked --------\nFra: A <a@x>\nDato: 04.07.2026  17.45  (GMT+01:00)\nTil: b@y\nEmne: z",
        "________________________________\n*From:* a@x\n*Sent:* Monday, 4 January\n*To:* b@y\n*Subject:* z",
    ] {
        assert_eq!(own(&format!("mine\n\n{head}\n\nyours\nmore\n")), "mine|", "{head}");
    }
}

#[test]
fn headers_that_are_not_full_or_have_no_separator_are_text() {
    for head in [
        "Từ: Hà Nội\nĐến: Huế\nNgày: 3 tháng 3\nChủ đề: Đàn piano",
        "از: تهران\nبه: شیراز\nتاریخ: ۳ مارس\nموضوع: پیانو",
        "-----Özgün İleti-----",
        "Đã gửi từ iPhone của tôi",
        "From: a@x\nSent: 4 January 2022\nTo: b@y\nSubject: z",
        "From: Berlin\nTo: Hamburg\nDate: 3 March 2027\nSubject: Moving a piano",
        "-----Original Message-----\nFrom: Ana\nSent: 4 January 2022\nTo: b@y\nSubject: z",
        "-----Original Message-----\nFrom: a@x\nSent: soon\nTo: b@y\nSubject: z",
        "-----------------\nFrom: a@x\nSent: 4 January 2022\nTo: b@y\nSubject: z",
        "________________________________\nFrom: Lyon\nDate: 3 March\nTo: Paris",
        "-----Original Message-----",
        "Von: Köln\nAn: Bonn\nDatum: 3. März 2027",
        "De : Paris\nÀ : Lyon\nDate : 3 mars 2027\nObjet : piano",
    ] {
        let text = format!("mine\n\n{head}\n\nyours\nmore");
        assert_eq!(own(&text), text.replace('\n', "|"), "{head}");
    }
}

#[test]
fn an_attribution_without_marked_lines_below_hides_nothing() {
    for line in [
        "On 3 May 2026 at 10:15 your colleague Ben <ben@example.com> wrote:",
        "On 3 May 2026 your agent said:",
        "Am 3. Mai 2026 um 10:15 schrieb Ben <ben@example.com>:",
        "Le 3 mai 2026 à 10:15, Ben <ben@example.com> a écrit :",
        "El 3 may 2026 a las 10:15, Ben <ben@example.com> escribió:",
        "3 мая 2026 г. 10:15 пользователь Ben <ben@example.com> написал:",
        "2026年5月3日 10:15 Ben <ben@example.com>:",
        "10:15 Ben <ben@example.com>:",
        "2026-10-05 12:00:01 login failed for <ana@example.com>",
        "On 3 March I sent Ben <ben@example.com> 12.50 EUR for:",
        "* Thu Dec 31 2009 Jane Doe <jane@example.com> - 2.29.5",
    ] {
        let text = format!("Hello,\n\n{line}\nKündigen Sie sofort!\n\nPlease answer.");
        assert_eq!(own(&text), text.replace('\n', "|"), "{line}");
    }
}

#[test]
fn what_the_author_says_in_the_line_of_an_attribution_stays() {
    for line in [
        "Yes, please refund it. On Wed, Apr 4, 2026 at 3:59 PM, support@example.com wrote:",
        "On 3 May 2026 I asked for my money back and you wrote:",
        "On 3 May 2026 at 10:15 I asked Ben <ben@example.com> and he wrote:",
        "Am 3. Mai 2026 habe ich Ben <ben@example.com> gefragt, der schrieb:",
        "Le 3 mai 2026 je vous ai demandé et Ben <ben@example.com> a écrit :",
        "Nothing came. Ben <ben@example.com> wrote:",
        "I am writing for Joe <joe@example.com>, who wrote:",
        "Order 4412 never came, Ben <ben@example.com> wrote:",
        "Bitte kündigen! Am 4.4.2026 schrieb support@example.com:",
    ] {
        assert_eq!(own(&format!("{line}\n> Refund or exchange?\n")), line, "{line}");
    }
}

#[test]
fn an_attribution_that_names_nobody_or_stands_between_dashes_is_one() {
    for line in [
        "At 6/16/2016 08:32 PM, you wrote:",
        "Am 3.5.2026 um 10:15 schrieben Sie:",
        "---- John Smith wrote ----",
        "---- Max Muster schrieb ----",
        "Max Mustermann <max@example.com> schrieb am Fr., 28. Apr. 2017 um 11:53 Uhr:",
        "Am 03.02.2016 3:35 nachm. schrieb Max Mustermann <max@example.com>:",
    ] {
        assert_eq!(own(&format!("mine\n\n{line}\n\n> yours\n")), "mine|", "{line}");
    }
}

#[test]
fn forwarded_text_stays_whatever_stands_in_it() {
    for separator in [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "--- begin forwarded text",
        "-------- Weitergeleitete Nachricht --------",
        "---------- Message transféré ---------",
        "Début du message réexpédié :",
        "---------- Mensaje reenviado ---------",
        "-------- Messaggio inoltrato --------",
        "-------- Doorgestuurd bericht --------",
        "---------- Пересылаемое сообщение ---------",
        "---------- 转发邮件 ---------",
    ] {
        let head =
            "From: Shipping <ship@example.net>\nDate: Fri, Nov 27, 2026\nSubject: lost\nTo: Ana <ana@example.org>";
        let text = format!(
            "See below.\n\n{separator}\n{head}\n\nIt was lost.\n\n-----Original Message-----\n{head}\n\nWhere?\n\nWhat now?"
        );
        assert_eq!(own(&text), text.replace('\n', "|"), "{separator}");
        // Apple Mail puts its marks around it.
        let marked = head.replace('\n', "\n> ");
        let text = format!("See below.\n\n{separator}\n\n> {marked}\n> \n> It was lost.\n\nWhat now?");
        assert_eq!(own(&text), text.replace('\n', "|"), "{separator}");
    }
    let yahoo = "Please help\n\n> ----- Forwarded Message -----\n> From: a@x\n> lost";
    assert_eq!(own(yahoo), yahoo.replace('\n', "|"));
    let answer = "thanks\n\nOn Mon, Joe <j@x> wrote:\n> ----- Forwarded Message -----\n> From: a@x\n> lost";
    assert_eq!(own(answer), "thanks|", "an answer to one");
}

#[test]
fn a_subject_that_says_forwarded_keeps_what_stands_below_a_separator() {
    let text =
        "See below.\n\n-----Original Message-----\nFrom: a@x\nSent: 4 May 2026\nTo: b@y\nSubject: z\n\nIt was lost.";
    for (subject, shown) in [
        ("Fwd: parcel", true),
        ("WG: Paket", true),
        ("TR: colis", true),
        ("RV: paquete", true),
        ("[External] FW: parcel", true),
        ("Fwd[2]: parcel", true),
        ("转发：包裹", true),
        ("Re: parcel", false),
        ("RE: FW: parcel", false),
        ("parcel", false),
    ] {
        let raw =
            format!("From: b@y\nTo: a@z\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n");
        let snippet = crate::mime::readable(raw.as_bytes()).snippet(300);
        assert_eq!(snippet.as_str().contains("It was lost"), shown, "{subject}: {snippet}");
    }
}

#[test]
fn what_a_mail_that_answers_none_brings_of_somebody_else_stays() {
    let text = "Please handle.\n\n-----Original Message-----\nFrom: Shop <shop@x>\nSent: 4 May 2026\nTo: b@y\nSubject: z\n\nIt was lost.";
    for (head, shown) in [
        ("Subject: parcel", true),
        ("To: shop@other.example\nSubject: parcel", false),
        ("Subject: Re: parcel", false),
        ("In-Reply-To: <a@x>", false),
    ] {
        let raw = format!("From: b@y\n{head}\n\n{text}\n");
        let snippet = crate::mime::readable(raw.as_bytes()).snippet(300);
        assert_eq!(snippet.as_str().contains("It was lost"), shown, "{head}: {snippet}");
    }
    let cited = "From: b@y\nContent-Type: text/html\n\n<p>The law:</p><blockquote type=cite>Refund it.</blockquote>";
    assert!(crate::mime::readable(cited.as_bytes()).snippet(300).as_str().contains("Refund it"));
}

#[test]
fn signatures_stand_under_two_dashes_and_a_space() {
    assert_eq!(
        kinds("text\n-- \nme\nphone"),
        [(Kind::Text, "text".to_owned()), (Kind::Signature, "-- |me|phone".to_owned())]
    );
    let lines = |count: usize| format!("text\n-- \n{}", vec!["line"; count].join("\n"));
    assert_eq!(own(&lines(12)), "text");
    assert_eq!(own(&lines(13)), lines(13).replace('\n', "|"), "so long a one is text");
    for mark in ["--", "---", "—", "__", "--------------------", "***", " -- "] {
        let text = format!("Run this:\n\n  git checkout\n{mark}\nand tell me what it says.");
        assert_eq!(own(&text), text.replace('\n', "|"), "{mark}");
    }
    for line in ["Sent by DHL on Monday, still nothing", "Von meinem Konto abgebucht", "Sent from my iPhone"] {
        assert_eq!(own(&format!("text\n\n{line}")), format!("text||{line}"));
    }
}

#[test]
fn sentences_that_only_look_like_quotes_are_text() {
    for text in [
        "He wrote: nothing of it.",
        "I am writing on behalf of Joe, who wrote:\nplease help",
        "From: the beginning\nit was so",
        "On Monday we met.\nThey said yes.",
        ">From the start",
    ] {
        assert_eq!(own(text), text.replace('\n', "|"), "{text}");
    }
}

#[test]
fn a_mail_that_would_show_nothing_shows_everything() {
    for body in [
        "-- \nI want to return order 4412.",
        "> I want to return order 4412.",
        "On Mon, Joe <j@x> wrote:\n> I want to return order 4412.",
        "-----Original Message-----\nFrom: a@x\nSent: 4 May 2026\nTo: b@y\n\nI want to return order 4412.",
    ] {
        let shown = crate::mime::readable(format!("From: a@x\n\n{body}\n").as_bytes());
        assert!(shown.snippet(300).as_str().contains("I want to return order 4412."), "{body}: {:?}", shown.blocks);
    }
}

#[test]
fn what_a_report_says_below_the_headers_of_the_mail_that_it_is_about_is_text() {
    let report = "Your message\n\n From:  John Smith <john@example.com>\n To:    Fred <fred@example.net>\n Subj:  foo\n Sent:  2026-11-25 10:23\n\n\
                  has encountered a delivery problem.\n\nReason: Spam\nThe message seems to be spam and was not delivered.\n";
    let raw = format!(
        "From: System Administrator <postmaster@example.net>\nSubject: Non delivery report: 5.9.8 (Spam)\n\n{report}"
    );
    let shown = crate::mime::readable(raw.as_bytes()).snippet(300);
    assert!(shown.as_str().ends_with(
        "has encountered a delivery problem. Reason: Spam The message seems to be spam and was not delivered."
    ));
}

fn mail<'m>(key: &'m str, author: &'m str, order: i64) -> Mail<'m> {
    Mail { key, author, order: (order, 0, 0) }
}

/// Holds one mail of support's with this text.
fn held(text: &str) -> Held {
    let mut held = Held::default();
    held.add(mail("ours", "support@x", 1), &crate::mime::readable(format!("From: support@x\n\n{text}\n").as_bytes()));
    held
}

/// Returns what is shown of a text beside the mail that is held.
fn own_beside(text: &str, held: &Held, forwarded: bool) -> String {
    own_around(
        text,
        &mut Around { forwarded, beside: Some(held.beside(mail("theirs", "ana@x", 2))), ..Around::default() },
    )
}

const OURS: &str = "Hello Ana,\n\nthank you for your order 4412. Which size do you need, and which colour may it be?\n\nWe don't send it before we know that.\n\nBest regards\nBen";

#[test]
fn a_quote_without_marks_of_a_mail_that_is_held_is_folded() {
    for mark in [
        "On 3 May 2026 at 10:15 Ben <ben@example.com> wrote:",
        "Am 3. Mai 2026 um 10:15 schrieb Ben <ben@example.com>:",
        "From: Support <support@x>\nSent: Monday, October 5, 2026 10:00\nTo: Ana\nSubject: Your order",
        "-----Original Message-----",
        "---------- Forwarded message ---------\nFrom: Support <support@x>\nDate: Fri, Nov 27\nTo: Ana",
    ] {
        let text = format!("Red, please.\n\n{mark}\n\n{OURS}\n");
        assert_eq!(own_beside(&text, &held(OURS), false), "Red, please.|", "{mark}");
        assert_eq!(own(&text), text.trim_end().replace('\n', "|"), "nobody holds it: {mark}");
    }
}

#[test]
fn a_quote_that_is_broken_otherwise_is_found() {
    let wrapped = "Hello Ana, thank you for your order\n4412. Which size do you need, and\nwhich colour may it be? We don’t send\nit *before* we know that. Best regards Ben";
    let text = format!("Red.\n\nOn 3 May 2026 your agent wrote:\n{wrapped}");
    // The line of the attribution may hold words of the author's own.
    assert_eq!(own_beside(&text, &held(OURS), false), "Red.||On 3 May 2026 your agent wrote:");
}

#[test]
fn answers_between_quoted_lines_stay() {
    let text = "Please see my answers below.\n\nFrom: Support <support@x>\nSent: Monday, October 5, 2026 10:00\nTo: Ana\nSubject: Your order\n\n\
                Hello Ana,\n\nthank you for your order 4412. Which size do you need, and which colour may it be? -> M, red\n\nand make it quick\n\n\
                We don't send it before we know that.\n\nBest regards\nBen\n\nP.S. I moved.";
    let shown = own_beside(text, &held(OURS), false);
    for word in ["-> M, red", "and make it quick", "P.S. I moved."] {
        assert!(shown.contains(word), "{word}: {shown}");
    }
    assert!(!shown.contains("before we know"), "{shown}");
    let certain = text.replace("\n\nFrom:", "\n\n________________________________\nFrom:");
    assert!(own_beside(&certain, &held(OURS), false).contains("-> M, red"));
    assert_eq!(own(&certain), "Please see my answers below.|", "a separator and a full header block are certain");
}

#[test]
fn what_is_not_held_stays_though_something_else_is() {
    for text in [
        "Hello,\n\nOn 3 May 2026 your agent said:\nno refund.\nBut the law says yes, so I want my 89 EUR.",
        "Hello,\n\nOn 3 May 2026 Ben <ben@x> wrote:\nHello Ana,\nyou get the money back.\nNothing came.",
        "See.\n\n---------- Forwarded message ---------\nFrom: Post <post@x>\nDate: 3 May 2026\nTo: Ana\n\nBest regards\nBen\nParcel 4412 was lost.",
    ] {
        assert_eq!(own_beside(text, &held(OURS), true), text.replace('\n', "|"));
    }
    let again = format!("On 3 May 2026 Ben wrote:\n{OURS}\n\nWhich size do you need, and which colour may it be?");
    let shown = own_beside(&again, &held(OURS), false);
    assert!(shown.ends_with("may it be?"), "words of the quoted mail that somebody says again: {shown}");
}

#[test]
fn a_text_is_no_quote_of_itself() {
    let held = held(OURS);
    let text = format!("Hi\n\nOn 3 May 2026 Ben <ben@x> wrote:\n{OURS}");
    let shown = own_around(
        &text,
        &mut Around { forwarded: false, beside: Some(held.beside(mail("ours", "support@x", 1))), ..Around::default() },
    );
    assert_eq!(shown, text.replace('\n', "|"));
}

#[test]
fn the_signature_of_another_mail_of_the_same_person_is_one_without_its_mark_too() {
    let held = held("first\n-- \nBen Miller\nPhone 555 0199");
    let text = "second\n\nBen Miller\nPhone 555 0199\n";
    let shown = |author| {
        own_around(
            text,
            &mut Around { forwarded: false, beside: Some(held.beside(mail("theirs", author, 2))), ..Around::default() },
        )
    };
    assert_eq!(shown("support@x"), "second|");
    assert_eq!(shown("ana@x"), text.trim_end().replace('\n', "|"));
}
