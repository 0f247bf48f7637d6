//! Keys under other layouts than the Latin one: which key of the key table somebody pressed whose keyboard writes another script. Only for
//! commands; what is typed as text stays as it is.

/// A layout of a keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What the config calls it.
    pub name: &'static str,
    /// The letter of each key behind what the American layout has there; keys that write a sign that Latin keyboards write too are left out.
    keys: &'static str,
}

/// The layouts that are known.
const LAYOUTS: [Layout; 9] = [
    Layout {
        name: "ar",
        keys: "`ذ qض wص eث rق tف yغ uع iه oخ pح [ج ]د aش sس dي fب gل hا jت kن lم ;ك 'ط zئ xء cؤ vر bﻻ nى mة ,و .ز /ظ Qَ Wً Eُ Rٌ Tﻹ Yإ P؛ Aِ Sٍ Gﻷ Hأ Jـ K، Xْ Bﻵ Nآ ?؟ ~ّ",
    },
    Layout {
        name: "el",
        keys: "wς eε rρ tτ yυ uθ iι oο pπ aα sσ dδ fφ gγ hη jξ kκ lλ zζ xχ cψ vω bβ nν mμ EΕ RΡ TΤ YΥ UΘ IΙ OΟ PΠ AΑ SΣ DΔ FΦ GΓ HΗ JΞ KΚ LΛ ZΖ XΧ CΨ VΩ BΒ NΝ MΜ",
    },
    Layout {
        name: "fa",
        keys: "1۱ 2۲ 3۳ 4۴ 5۵ 6۶ 7۷ 8۸ 9۹ 0۰ qض wص eث rق tف yغ uع iه oخ pح [ج ]چ aش sس dی fب gل hا jت kن lم ;ک 'گ zظ xط cز vر bذ nد mپ ,و Qْ Wٌ Eٍ Rً Tُ Yِ Uَ Iّ Aؤ Sئ Dي Fإ Gأ Hآ Jة K» L« Zك Cژ Mء ?؟",
    },
    Layout {
        name: "he", keys: "eק rר tא yט uו iן oם pפ aש sד dג fכ gע hי jח kל lך ;ף zז xס cב vה bנ nמ mצ ,ת .ץ"
    },
    Layout {
        name: "ko",
        keys: "qㅂ wㅈ eㄷ rㄱ tㅅ yㅛ uㅕ iㅑ oㅐ pㅔ aㅁ sㄴ dㅇ fㄹ gㅎ hㅗ jㅓ kㅏ lㅣ zㅋ xㅌ cㅊ vㅍ bㅠ nㅜ mㅡ Qㅃ Wㅉ Eㄸ Rㄲ Tㅆ Oㅒ Pㅖ",
    },
    Layout {
        name: "ru",
        keys: "`ё ~Ё #№ qй wц eу rк tе yн uг iш oщ pз [х ]ъ aф sы dв fа gп hр jо kл lд ;ж 'э zя xч cс vм bи nт mь ,б .ю QЙ WЦ EУ RК TЕ YН UГ IШ OЩ PЗ {Х }Ъ AФ SЫ DВ FА GП HР JО KЛ LД :Ж \"Э ZЯ XЧ CС VМ BИ NТ MЬ <Б >Ю",
    },
    Layout {
        name: "th",
        keys: "1ๅ 4ภ 5ถ 6ุ 7ึ 8ค 9ต 0จ -ข =ช qๆ wไ eำ rพ tะ yั uี iร oน pย [บ ]ล \\ฃ aฟ sห dก fด gเ h้ j่ kา lส ;ว 'ง zผ xป cแ vอ bิ nื mท ,ม .ใ /ฝ @๑ #๒ $๓ %๔ ^ู &฿ *๕ (๖ )๗ _๘ +๙ Q๐ Eฎ Rฑ Tธ Yํ U๊ Iณ Oฯ Pญ {ฐ |ฅ Aฤ Sฆ Dฏ Fโ Gฌ H็ J๋ Kษ Lศ :ซ Cฉ Vฮ Bฺ N์ <ฒ >ฬ ?ฦ",
    },
    Layout { name: "tr", keys: "iı [ğ ]ü ;ş ,ö .ç {Ğ }Ü :Ş <Ö >Ç" },
    Layout {
        name: "uk",
        keys: "\\ґ |Ґ #№ qй wц eу rк tе yн uг iш oщ pз [х ]ї aф sі dв fа gп hр jо kл lд ;ж 'є zя xч cс vм bи nт mь ,б .ю QЙ WЦ EУ RК TЕ YН UГ IШ OЩ PЗ {Х }Ї AФ SІ DВ FА GП HР JО KЛ LД :Ж \"Є ZЯ XЧ CС VМ BИ NТ MЬ <Б >Ю",
    },
];

impl Layout {
    /// Returns the layout of that name.
    pub fn named(name: &str) -> Option<Self> {
        LAYOUTS.into_iter().find(|layout| layout.name == name)
    }

    /// Returns the names of all layouts.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LAYOUTS.into_iter().map(|layout| layout.name)
    }

    /// Returns what the American layout has on the key that writes `c` here; `None` where no key writes it, or a Latin keyboard does too.
    pub fn latin(self, c: char) -> Option<char> {
        let pairs = self.keys.split(' ').filter_map(|pair| pair.chars().next().zip(pair.chars().nth(1)));
        pairs.into_iter().find(|(_, own)| *own == c).map(|(latin, _)| latin)
    }
}

/// Returns the sign of the American layout that a full-width or Arabic one stands for: an input method writes `？` where `?` is meant.
pub fn narrow(c: char) -> Option<char> {
    match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0),
        '　' => Some(' '),
        '؟' => Some('?'),
        '،' => Some(','),
        '؛' => Some(';'),
        _ => None,
    }
}

#[cfg(test)]
#[path = "keyboard_tests.rs"]
mod tests;
