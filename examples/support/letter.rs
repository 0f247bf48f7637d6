//! A mail in plain text to the team, as a customer writes it.

use fastrand::Rng;
use postroom::model::clock::Timestamp;

/// Words of such mail.
pub const WORDS: [&str; 16] = [
    "parcel", "invoice", "refund", "hello", "regards", "order", "broken", "please", "thanks", "delivery", "account",
    "password", "late", "question", "address", "tomorrow",
];
/// Words of such mail from elsewhere.
pub const ABROAD: [&str; 8] = ["Bestellung", "Rechnung", "merci", "commande", "返品", "注文", "заказ", "سؤال"];

/// What stands in one.
pub struct Letter<'a> {
    /// The part of its id before `@bench`.
    pub id: String,
    /// The ids that it answers, likewise; the last is what it was written to.
    pub answers: Vec<String>,
    /// Who wrote it: a number.
    pub customer: u32,
    /// The part of their domain behind `example`.
    pub domain: String,
    /// The part of the inbox's address before `@team.example`.
    pub to: &'a str,
    pub subject: String,
    pub at: Timestamp,
    pub body: String,
}

impl Letter<'_> {
    /// Returns it as bytes.
    pub fn raw(&self) -> Vec<u8> {
        let ids: Vec<String> = self.answers.iter().map(|id| format!("<{id}@bench>")).collect();
        let references = match ids.last() {
            Some(last) => format!("References: {}\r\nIn-Reply-To: {last}\r\n", ids.join(" ")),
            None => String::new(),
        };
        let date = jiff::Timestamp::from_millisecond(self.at.0).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000");
        format!(
            "Message-ID: <{id}@bench>\r\nFrom: Customer {customer} <customer{customer}@example{domain}.net>\r\n\
             To: {to}@team.example\r\nSubject: {subject}\r\n{references}Date: {date}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n",
            id = self.id,
            customer = self.customer,
            domain = self.domain,
            to = self.to,
            subject = self.subject,
            body = self.body,
        )
        .into_bytes()
    }
}

/// Returns so many of all these words, by chance.
pub fn words(seed: &mut Rng, many: usize) -> String {
    let word = |at: usize| WORDS.iter().chain(&ABROAD).nth(at).copied().unwrap_or_default();
    let words: Vec<&str> = (0..many).map(|_| word(seed.usize(..WORDS.len() + ABROAD.len()))).collect();
    words.join(" ")
}
