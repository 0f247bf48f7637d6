use super::*;
use proptest::prelude::*;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// A Sunday, 10:15 in Berlin.
fn now() -> Timestamp {
    let now: Zoned = "2026-11-22T10:15[Europe/Berlin]".parse().unwrap();
    Timestamp(now.timestamp().as_millisecond())
}

fn read_as(text: &str) -> String {
    let then = parse_when(text, now(), &zone()).unwrap_or_else(|e| panic!("{e}"));
    let then = Instant::from_millisecond(then.0).unwrap().to_zoned(zone());
    then.strftime("%a %F %H:%M").to_string()
}

#[test]
fn times_are_read_as_people_write_them() {
    for (text, expected) in [
        ("3h", "Sun 2026-11-22 13:15"),
        ("in 90 minutes", "Sun 2026-11-22 11:45"),
        ("2d", "Tue 2026-11-24 10:15"),
        ("2d 9:00", "Tue 2026-11-24 09:00"),
        ("1mo", "Tue 2026-12-22 10:15"),
        ("tomorrow", "Mon 2026-11-23 09:00"),
        ("tomorrow 9", "Mon 2026-11-23 09:00"),
        ("Tomorrow at 3pm", "Mon 2026-11-23 15:00"),
        ("tomorrow evening", "Mon 2026-11-23 18:00"),
        ("tonight", "Sun 2026-11-22 20:00"),
        ("tonight 22", "Sun 2026-11-22 22:00"),
        ("today 18:00", "Sun 2026-11-22 18:00"),
        ("18:00", "Sun 2026-11-22 18:00"),
        ("9:00", "Mon 2026-11-23 09:00"),
        ("12am", "Mon 2026-11-23 00:00"),
        ("noon", "Sun 2026-11-22 12:00"),
        ("mon", "Mon 2026-11-23 09:00"),
        ("mon 14:30", "Mon 2026-11-23 14:30"),
        ("sunday", "Sun 2026-11-29 09:00"),
        ("next fri", "Fri 2026-11-27 09:00"),
        ("next week", "Mon 2026-11-23 09:00"),
        ("next month", "Tue 2026-12-01 09:00"),
        ("weekend", "Sat 2026-11-28 09:00"),
        ("1 dec", "Tue 2026-12-01 09:00"),
        ("march 3rd 8:30", "Wed 2027-03-03 08:30"),
        ("2026-12-01", "Tue 2026-12-01 09:00"),
        ("2026-12-01 14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01T14:00", "Tue 2026-12-01 14:00"),
        ("2026-12-01T14:00:00Z", "Tue 2026-12-01 15:00"),
        ("2026-12-01T14:00+03:00", "Tue 2026-12-01 12:00"),
        ("mon 5pm", "Mon 2026-11-23 17:00"),
        ("tues", "Tue 2026-11-24 09:00"),
        ("tmr 9:30", "Mon 2026-11-23 09:30"),
    ] {
        assert_eq!(read_as(text), expected, "{text:?}");
    }
}

#[test]
fn a_time_that_the_clock_skips_is_the_next_one_there_is() {
    // Clocks go forward at 02:00.
    assert_eq!(read_as("2027-03-28 02:30"), "Sun 2027-03-28 03:30");
}

#[test]
fn errors_say_what_is_accepted_or_that_it_has_passed() {
    for text in
        ["", "soon", "9", "0h x", "25:00", "2026-13-01", "tomorrow 99", "13pm", "31 feb", "m", "99999999999h", "today"]
    {
        let error = parse_when(text, now(), &zone()).unwrap_err();
        assert!(
            matches!(error, WhenError::Unreadable(_)) && error.to_string().contains("tomorrow 9"),
            "{text:?}: {error}"
        );
    }
    for text in ["2026-11-22 10:15", "today 9:00", "0h", "1999-01-01"] {
        assert!(matches!(parse_when(text, now(), &zone()), Err(WhenError::Past(_))), "{text:?}");
    }
}

proptest! {
    #[test]
    fn what_is_read_lies_in_the_future(
        text in "(in |at |next )?(mon|tomorrow|tonight|[0-9]{1,6}|2026-1[0-9]-[0-9]{2}|dec|week)[ :T]?([0-9]{1,3}|pm|h|d|mo|y)?[ :]?[0-9]{0,2}|\\PC{0,20}",
        at in -70_000_000_000_000i64..300_000_000_000_000,
    ) {
        if let Ok(then) = parse_when(&text, Timestamp(at), &zone()) {
            prop_assert!(then.0 > at);
        }
    }
}

#[test]
fn moments_are_read_in_the_languages_of_the_team() {
    for (text, expected) in [
        // Arabic.
        ("غدا", "Mon 2026-11-23 09:00"),
        ("غداً الساعة ٩", "Mon 2026-11-23 09:00"),
        ("غدا ١٤:٣٠", "Mon 2026-11-23 14:30"),
        ("الاثنين", "Mon 2026-11-23 09:00"),
        ("يوم الإثنين الساعة 3 مساءً", "Mon 2026-11-23 15:00"),
        ("بعد 3 ساعات", "Sun 2026-11-22 13:15"),
        ("بعد ساعتين", "Sun 2026-11-22 12:15"),
        ("بعد ساعة", "Sun 2026-11-22 11:15"),
        ("بعد غد", "Tue 2026-11-24 09:00"),
        ("١ ديسمبر", "Tue 2026-12-01 09:00"),
        ("1 كانون الأول 8:30", "Tue 2026-12-01 08:30"),
        ("الأسبوع القادم", "Mon 2026-11-23 09:00"),
        ("الليلة", "Sun 2026-11-22 20:00"),
        // Thai.
        ("พรุ่งนี้", "Mon 2026-11-23 09:00"),
        ("พรุ่งนี้ ๙:๐๐", "Mon 2026-11-23 09:00"),
        ("พรุ่งนี้ 9 โมง", "Mon 2026-11-23 09:00"),
        ("พรุ่งนี้บ่าย 3 โมง", "Mon 2026-11-23 15:00"),
        ("พรุ่งนี้ 2 ทุ่ม", "Mon 2026-11-23 20:00"),
        ("วันจันทร์ 14.30 น.", "Mon 2026-11-23 14:30"),
        ("อีก 3 ชั่วโมง", "Sun 2026-11-22 13:15"),
        ("สัปดาห์หน้า", "Mon 2026-11-23 09:00"),
        ("1 ธันวาคม", "Tue 2026-12-01 09:00"),
        ("1 ธ.ค. 2569", "Tue 2026-12-01 09:00"),
        // Turkish.
        ("yarın 9:00", "Mon 2026-11-23 09:00"),
        ("YARIN 9:00", "Mon 2026-11-23 09:00"),
        ("yarin saat 9", "Mon 2026-11-23 09:00"),
        ("3 saat sonra", "Sun 2026-11-22 13:15"),
        ("Salı 14:30", "Tue 2026-11-24 14:30"),
        ("İki gün sonra", "Tue 2026-11-24 10:15"),
        ("haftaya", "Mon 2026-11-23 09:00"),
        ("1 Aralık", "Tue 2026-12-01 09:00"),
        ("bu akşam 8", "Sun 2026-11-22 20:00"),
        // Hebrew.
        ("מחר", "Mon 2026-11-23 09:00"),
        ("מחר ב-9", "Mon 2026-11-23 09:00"),
        ("מחר בשעה 9", "Mon 2026-11-23 09:00"),
        ("יום שלישי 14:30", "Tue 2026-11-24 14:30"),
        ("ביום שלישי", "Tue 2026-11-24 09:00"),
        ("בעוד שעתיים", "Sun 2026-11-22 12:15"),
        ("1 בדצמבר", "Tue 2026-12-01 09:00"),
        // Persian.
        ("فردا ساعت ۹", "Mon 2026-11-23 09:00"),
        ("سه‌شنبه ۱۴:۳۰", "Tue 2026-11-24 14:30"),
        ("سه شنبه", "Tue 2026-11-24 09:00"),
        ("۳ ساعت دیگر", "Sun 2026-11-22 13:15"),
        ("پس‌فردا", "Tue 2026-11-24 09:00"),
        // Japanese.
        ("明日9時", "Mon 2026-11-23 09:00"),
        ("明日午後3時半", "Mon 2026-11-23 15:30"),
        ("月曜日14：30", "Mon 2026-11-23 14:30"),
        ("3時間後", "Sun 2026-11-22 13:15"),
        ("３日後", "Wed 2026-11-25 10:15"),
        ("12月1日", "Tue 2026-12-01 09:00"),
        ("2026年12月1日14時", "Tue 2026-12-01 14:00"),
        ("来週の日曜日", "Sun 2026-11-29 09:00"),
        // Chinese.
        ("明天", "Mon 2026-11-23 09:00"),
        ("明天下午3点", "Mon 2026-11-23 15:00"),
        ("明天下午三點半", "Mon 2026-11-23 15:30"),
        ("今晚8点", "Sun 2026-11-22 20:00"),
        ("下周二", "Tue 2026-11-24 09:00"),
        ("週三 9:00", "Wed 2026-11-25 09:00"),
        ("三天后", "Wed 2026-11-25 10:15"),
        ("两个小时后", "Sun 2026-11-22 12:15"),
        ("十二月一日", "Tue 2026-12-01 09:00"),
        // Korean.
        ("내일 오후 3시", "Mon 2026-11-23 15:00"),
        ("월요일 14:30", "Mon 2026-11-23 14:30"),
        ("3시간 후", "Sun 2026-11-22 13:15"),
        ("3일 후", "Wed 2026-11-25 10:15"),
        ("12월 1일", "Tue 2026-12-01 09:00"),
        // German.
        ("in 2 Tagen", "Tue 2026-11-24 10:15"),
        ("morgen 9", "Mon 2026-11-23 09:00"),
        ("morgen früh", "Mon 2026-11-23 09:00"),
        ("morgen um 9 Uhr", "Mon 2026-11-23 09:00"),
        ("Montag 14 Uhr 30", "Mon 2026-11-23 14:30"),
        ("in einer Stunde", "Sun 2026-11-22 11:15"),
        ("1. März", "Mon 2027-03-01 09:00"),
        ("1. Dezember 2026 8:00", "Tue 2026-12-01 08:00"),
        ("nächste Woche Dienstag", "Tue 2026-11-24 09:00"),
        // French.
        ("lundi 9h", "Mon 2026-11-23 09:00"),
        ("demain à 14h30", "Mon 2026-11-23 14:30"),
        ("dans 3 heures", "Sun 2026-11-22 13:15"),
        ("dans 3h", "Sun 2026-11-22 13:15"),
        ("1er décembre", "Tue 2026-12-01 09:00"),
        ("demain 3 heures de l'après-midi", "Mon 2026-11-23 15:00"),
        ("aujourd’hui à 18h", "Sun 2026-11-22 18:00"),
        // Spanish.
        ("mañana", "Mon 2026-11-23 09:00"),
        ("mañana por la mañana", "Mon 2026-11-23 09:00"),
        ("pasado mañana a las 3 de la tarde", "Tue 2026-11-24 15:00"),
        ("dentro de 2 días", "Tue 2026-11-24 10:15"),
        ("1 de diciembre", "Tue 2026-12-01 09:00"),
        ("miércoles", "Wed 2026-11-25 09:00"),
        // Digits of other scripts beside English, and English that nobody mistakes.
        ("tomorrow ９：３０", "Mon 2026-11-23 09:30"),
        ("١٨:٠٠", "Sun 2026-11-22 18:00"),
        ("the day after tomorrow", ""),
        ("day after tomorrow 9", "Tue 2026-11-24 09:00"),
        ("tomorrow 12 am", "Mon 2026-11-23 00:00"),
        ("am Montag um 9", "Mon 2026-11-23 09:00"),
    ] {
        if expected.is_empty() {
            assert!(parse_when(text, now(), &zone()).is_err(), "{text:?}");
        } else {
            assert_eq!(read_as(text), expected, "{text:?}");
        }
    }
}

#[test]
fn what_means_two_moments_is_told_and_not_guessed() {
    for (text, one, other) in [
        // The ninth of March, and Tuesday at nine in French and Spanish.
        ("mar 9", "2026-11-24 09:00", "2027-03-09 09:00"),
        // Today is Sunday: next week begins tomorrow, or where weeks begin with Sunday in seven days.
        ("来週の月曜日", "2026-11-23 09:00", "2026-11-30 09:00"),
        // On the hour, or for so long.
        ("3 heures", "2026-11-22 13:15", "2026-11-23 03:00"),
    ] {
        let Err(WhenError::Ambiguous { moments, .. }) = parse_when(text, now(), &zone()) else {
            panic!("{text} was guessed: {:?}", parse_when(text, now(), &zone()));
        };
        assert!(moments.iter().any(|m| m.contains(one)) && moments.iter().any(|m| m.contains(other)), "{moments:?}");
    }
    for text in
        ["พรุ่งนี้ 4 โมง", "halb 9", "مساء 15 صباحا", "3日", "明天12点晚上", "yarın yarın", "morgen 25 Uhr", "غدا 99"]
    {
        assert!(matches!(parse_when(text, now(), &zone()), Err(WhenError::Unreadable(_))), "{text}");
    }
}

#[test]
fn every_example_that_an_agent_is_shown_is_read() {
    for language in Language::ALL {
        for example in examples(Some(language)).into_iter().flat_map(|all| all.split(", ")) {
            assert!(parse_when(example, now(), &zone()).is_ok(), "{language}: {example}");
        }
    }
}

#[test]
fn an_error_names_moments_in_the_language_of_whoever_reads_it_first() {
    assert!(accepted(Some(Language::Tr)).starts_with("yarın 9:00, "), "{}", accepted(Some(Language::Tr)));
    assert!(accepted(Some(Language::ZhHant)).starts_with("明天, "));
    assert!([None, Some(Language::En), Some(Language::Pl)].into_iter().all(|language| accepted(language) == ACCEPTED));
}

#[test]
fn every_name_of_a_weekday_and_month_is_read_alone_as_what_it_is() {
    for words in words::WORDS {
        let names = words.language.names();
        for (index, forms) in names.weekdays.iter().enumerate() {
            for form in forms.split('|').filter(|form| form.chars().count() > 3) {
                let expected = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][index];
                assert!(read_as(form).starts_with(expected), "{form}: {}", read_as(form));
            }
        }
        for (index, month) in names.months.iter().enumerate() {
            let day = if month.ends_with(['月', '월']) { format!("{month}5日") } else { format!("5 {month}") };
            let day = day.replace('日', if month.ends_with('월') { "일" } else { "日" });
            let then = read_as(&day);
            assert!(then.contains(&format!("-{:02}-05 ", index + 1)), "{day}: {then}");
        }
    }
}

proptest! {
    #[test]
    fn words_of_other_languages_never_make_it_stumble(
        text in "(غدا|明天|来週|下周|in|dans|morgen|수|月|พรุ่งนี้|saat|h|後|半|時|분|[0-9٠-٩]{1,4}|:| ){1,8}",
        at in -70_000_000_000_000i64..300_000_000_000_000,
    ) {
        if let Ok(then) = parse_when(&text, Timestamp(at), &zone()) {
            prop_assert!(then.0 > at);
        }
    }
}
