//! What an author should look at before a mail goes out.

use crate::model::addresses::Fault;
use crate::model::phrase::Phrase;

/// The most bytes of the files of one mail; most servers take less.
pub const FILES_BYTES_MAX: u64 = 100 << 20;

/// Something about a mail that its author should look at before it goes out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// Nobody is to receive it.
    NoRecipient,
    /// An answer that goes to none but our own inboxes, such as this address.
    OnlyOurselves(String),
    /// This recipient is no mail address.
    BadAddress {
        /// The header field that names it.
        field: &'static str,
        /// What stands there.
        given: String,
        /// What is wrong with it.
        fault: Fault,
    },
    /// The subject or the text still holds these variables.
    Unfilled(Vec<String>),
    /// It has no subject.
    NoSubject,
    /// There is no text of its author's own.
    NoText,
    /// An answer that says nothing and brings nothing.
    Silent,
    /// Its files have so many bytes together: more than may go with one mail.
    TooLarge(u64),
    /// Something was changed in the text of the mail that it forwards, so that mail's HTML does not go along.
    ForwardChanged,
    /// The HTML of the mail that it forwards goes along and says more than the text of that mail, which is what its author has read.
    ForwardUnseen,
    /// The mail that it forwards has more files than are taken along.
    FilesLeft {
        /// How many it has.
        all: usize,
        /// How many are taken along.
        most: usize,
    },
    /// An answer to all does not go to this person, who was on an earlier mail with somebody it goes to, and not on the last.
    LeftOut(String),
    /// The text speaks of an attachment, and there is none.
    NoAttachment,
    /// It goes to so many people.
    Many(usize),
    /// A machine wrote what is answered, and the answer goes to where that came from.
    Machine,
    /// The answer goes to another domain than the mail came from, because that mail asks for it (`Reply-To`). Web forms and lists do so
    /// honestly, thieves of invoices do it too.
    Redirected {
        /// Where it goes.
        to: String,
        /// Where the mail came from.
        from: String,
    },
    /// This recipient of an answer took no part in the conversation so far.
    Stranger(String),
    /// The answer to an invitation is given as this address of ours, and it is not among those invited.
    NotInvited(String),
    /// The answer to an invitation goes to its organizer, who is not whom the mail came from.
    Organizer {
        /// Where it goes.
        to: String,
        /// Where the mail came from.
        from: String,
    },
    /// This third party wrote in the conversation after what is answered, and does not get the answer.
    ThirdParty(String),
    /// This login may not write to the log of the account: colleagues would not learn of the mail.
    Unrecorded(String),
    /// The mail that is quoted was written neither by this recipient nor to them.
    Quotes {
        /// Who wrote it.
        who: String,
        /// The recipient.
        to: String,
    },
}

impl Warning {
    /// Tells whether the mail can't be sent so.
    pub fn stops(&self) -> bool {
        matches!(
            self,
            Warning::NoRecipient
                | Warning::OnlyOurselves(_)
                | Warning::BadAddress { .. }
                | Warning::Unfilled(_)
                | Warning::Silent
                | Warning::TooLarge(_)
        )
    }

    /// Tells whether it is to be met before the mail goes out, by what stops it or by a second key.
    pub fn is_red(&self) -> bool {
        self.stops() || matches!(self, Warning::NoText)
    }

    /// Returns what it says.
    pub fn words(&self) -> Phrase {
        match self {
            Warning::NoRecipient => phrase!("warn-no-recipient"),
            Warning::OnlyOurselves(address) => phrase!("warn-only-ourselves", who = address),
            Warning::BadAddress { field, given, fault } => {
                phrase!("address-in-field", field = *field, what = fault.phrase(given))
            }
            Warning::Unfilled(names) => {
                let list: Vec<String> = names.iter().map(|name| format!("{{{name}}}")).collect();
                phrase!("warn-unfilled", names = list.join(", "))
            }
            Warning::NoSubject => phrase!("warn-no-subject"),
            Warning::NoText => phrase!("warn-no-text"),
            Warning::Silent => phrase!("warn-silent"),
            Warning::TooLarge(bytes) => {
                let (has, most) = (bytes.div_ceil(1 << 20), FILES_BYTES_MAX >> 20);
                phrase!("warn-too-large", mebibytes = has.to_string(), most = most.to_string())
            }
            Warning::ForwardUnseen => phrase!("warn-forward-unseen"),
            Warning::FilesLeft { all, most } => phrase!("warn-files-left", all = *all, most = *most),
            Warning::ForwardChanged => phrase!("warn-forward-changed"),
            Warning::LeftOut(who) => phrase!("warn-left-out", who = who),
            Warning::NoAttachment => phrase!("warn-no-attachment"),
            Warning::Many(people) => phrase!("warn-many-people", count = *people),
            Warning::Machine => phrase!("warn-machine"),
            Warning::Redirected { to, from } => phrase!("warn-redirected", to = to, from = from),
            Warning::Stranger(address) => phrase!("warn-stranger", who = address),
            Warning::NotInvited(address) => phrase!("warn-not-invited", who = address),
            Warning::Organizer { to, from } => phrase!("warn-organizer", to = to, from = from),
            Warning::ThirdParty(address) => phrase!("warn-third-party", who = address),
            Warning::Unrecorded(account) => phrase!("warn-unrecorded", account = account),
            Warning::Quotes { who, to } => phrase!("warn-quotes", who = who, to = to),
        }
    }
}
