//! What an answer says of the message that it answers: the line above the quote.

use crate::model::address::Address;
use crate::model::language::Language;
use crate::model::message::Envelope;
use crate::text::long_date;

/// Returns the line above a quote of what an author wrote, in the language of whoever gets it: `On 2026-11-22 10:00 UTC, Carla wrote:`. It
/// stands among our own words, so braces of a name, which would read as a variable of ours, become round.
pub fn attribution(of: &Envelope, author: Option<&Address>, language: Language) -> String {
    let words = words(language);
    let who = author.map_or(words.somebody, |a| a.short());
    let who = who.replace('{', "(").replace('}', ")");
    match of.date.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
        Some(at) => {
            let at = at.to_zoned(jiff::tz::TimeZone::UTC);
            let (date, time) = (long_date(language, at.date()), at.strftime("%H:%M UTC").to_string());
            // The name last: what stands in it is nothing to be filled in.
            words.dated.replace("{date}", &date).replace("{time}", &time).replace("{who}", &who)
        }
        None => words.bare.replace("{who}", &who),
    }
}

/// How a language says who wrote and when.
struct Words {
    dated: &'static str,
    bare: &'static str,
    somebody: &'static str,
}

/// As mail programs in these languages have it, so that they and people know it for what it is.
fn words(language: Language) -> Words {
    let (dated, bare, somebody) = match language {
        Language::Ar => ("في {date} الساعة {time}، كتب {who}:", "كتب {who}:", "شخص ما"),
        Language::De => ("Am {date} um {time} schrieb {who}:", "{who} schrieb:", "jemand"),
        Language::En => ("On {date} {time}, {who} wrote:", "{who} wrote:", "somebody"),
        Language::EnGb | Language::EnUs => ("On {date} at {time}, {who} wrote:", "{who} wrote:", "somebody"),
        Language::Es => ("El {date} a las {time}, {who} escribió:", "{who} escribió:", "alguien"),
        Language::Fa => ("در {date} ساعت {time}، {who} نوشت:", "{who} نوشت:", "کسی"),
        Language::Fr => ("Le {date} à {time}, {who} a écrit\u{a0}:", "{who} a écrit\u{a0}:", "quelqu’un"),
        Language::He => ("ב־{date} בשעה {time}, {who} כתב/ה:", "{who} כתב/ה:", "מישהו"),
        Language::Hi => ("{date} को {time} बजे {who} ने लिखा:", "{who} ने लिखा:", "किसी"),
        Language::It => ("Il {date} alle {time}, {who} ha scritto:", "{who} ha scritto:", "qualcuno"),
        Language::Ja => ("{date} {time} {who}さんが書きました：", "{who}さんが書きました：", "ある方"),
        Language::Ko => ("{date} {time}, {who}님이 작성:", "{who}님이 작성:", "누군가"),
        Language::Nl => ("Op {date} om {time} schreef {who}:", "{who} schreef:", "iemand"),
        Language::Pl => ("W dniu {date} o {time} {who} napisał(a):", "{who} napisał(a):", "ktoś"),
        Language::Pt => ("Em {date} às {time}, {who} escreveu:", "{who} escreveu:", "alguém"),
        Language::Ru => ("{date} в {time} {who} пишет:", "{who} пишет:", "кто-то"),
        Language::Th => ("เมื่อ {date} เวลา {time} {who} เขียนว่า:", "{who} เขียนว่า:", "มีผู้"),
        Language::Tr => ("{date} {time} tarihinde {who} yazdı:", "{who} yazdı:", "biri"),
        Language::Vi => ("Vào {date} lúc {time}, {who} đã viết:", "{who} đã viết:", "ai đó"),
        Language::ZhHans => ("{date} {time} {who} 写道：", "{who} 写道：", "有人"),
        Language::ZhHant => ("{date} {time} {who} 寫道：", "{who} 寫道：", "有人"),
    };
    Words { dated, bare, somebody }
}
