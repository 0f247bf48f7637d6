use super::*;

fn kinds(text: &str) -> Vec<(Kind, String)> {
    split(text).into_iter().map(|(kind, lines)| (kind, lines.join("|"))).collect()
}

/// Returns what the author wrote, one line after the other.
fn own(text: &str) -> String {
    split(text)
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
    ] {
        assert_eq!(own(&format!("mine\n\n{line}\n\n> yours\n")), "mine|", "{line}");
    }
}

#[test]
fn outlook_headers_begin_a_quote_to_the_end() {
    for head in [
        "-----Original Message-----\nFrom: a@x\nSent: Monday\nTo: b@y\nSubject: z",
        "________________________________\nVon: a@x\nGesendet: Montag\nAn: b@y\nBetreff: z",
        "De : a@x\nEnvoyé : lundi\nÀ : b@y\nObjet : z",
        "发件人: a@x\n发送时间: 2022年1月4日\n收件人: b@y\n主题: z",
        "差出人: a@x\n送信日時: 2022年1月4日\n宛先: b@y\n件名: z",
        "من: a@x\nتاريخ الإرسال: الاثنين\nإلى: b@y\nالموضوع: z",
        "Kimden: a@x\nGönderildi: Pazartesi\nKime: b@y\nKonu: z",
        "*From:* a@x\n*Sent:* Monday\n*To:* b@y\n*Subject:* z",
    ] {
        assert_eq!(own(&format!("mine\n\n{head}\n\nyours\nmore\n")), "mine|", "{head}");
    }
}

#[test]
fn signatures_are_told_apart() {
    assert_eq!(
        kinds("text\n-- \nme\nphone"),
        [(Kind::Text, "text".to_owned()), (Kind::Signature, "-- |me|phone".to_owned())]
    );
    assert_eq!(own("text\n\nSent from my iPhone"), "text|");
    assert_eq!(own("text\n\nVon meinem iPhone gesendet\n\nAm 1.2.2022 schrieb Joe <j@x>:\n> q"), "text|");
    assert_eq!(
        own("I have it.\nSent from my office yesterday.\nThanks"),
        "I have it.|Sent from my office yesterday.|Thanks"
    );
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
fn a_forwarded_mail_with_nothing_above_it_is_text_under_its_headers() {
    assert_eq!(
        own("---------- Forwarded message ----------\nFrom: a@x\nDate: Mon\nSubject: z\nTo: b\n\nplease read"),
        "please read"
    );
}

#[test]
fn what_a_report_says_below_the_headers_of_the_mail_that_it_is_about_is_text() {
    let report = "Your message\n\n From:  John Smith <john@example.com>\n To:    Fred <fred@example.net>\n Subj:  foo\n Sent:  2026-11-25 10:23\n\n\
                  has encountered a delivery problem.\n\nReason: Spam\nThe message seems to be spam and was not delivered.\n";
    let raw = format!(
        "From: System Administrator <postmaster@example.net>\nSubject: Non delivery report: 5.9.8 (Spam)\n\n{report}"
    );
    let shown = crate::mime::readable(raw.as_bytes()).snippet(300);
    assert_eq!(
        shown.as_str(),
        "Your message has encountered a delivery problem. Reason: Spam The message seems to be spam and was not delivered."
    );
    let copy = "No such user.\n\n-----Original Message-----\nFrom: a@x\nSent: Monday\nTo: b@y\nSubject: z\n\nyours\n";
    let own = |(kind, _): &(Kind, Vec<&str>)| *kind == Kind::Text;
    assert_eq!(split_report(copy).into_iter().filter(own).count(), 1, "an announced copy is folded to its end");
}
