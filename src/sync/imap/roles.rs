//! What a folder is for: by SPECIAL-USE (RFC 6154), and by the names that mail programs gave it where the server does not tell.

use super::account::ImapAccount;
use super::error::ImapError;
use super::names::same_name;
use super::session::{Listed, Session};
use crate::store::FolderRole;

/// What mail programs call the folder of sent mail, in lower case.
const SENT: &[&str] = &[
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "sent-mail",
    "outbox sent",
    "gesendet",
    "gesendete objekte",
    "gesendete elemente",
    "gesendete nachrichten",
    "gesendete mails",
    "envoyés",
    "messages envoyés",
    "éléments envoyés",
    "objets envoyés",
    "courrier envoyé",
    "enviados",
    "mensajes enviados",
    "elementos enviados",
    "correo enviado",
    "itens enviados",
    "mensagens enviadas",
    "inviati",
    "posta inviata",
    "messaggi inviati",
    "elementi inviati",
    "verzonden",
    "verzonden items",
    "verzonden berichten",
    "wysłane",
    "elementy wysłane",
    "odeslané",
    "odeslaná pošta",
    "odoslané",
    "elküldött",
    "elküldött elemek",
    "elküldött üzenetek",
    "trimise",
    "elemente trimise",
    "skickat",
    "skickade objekt",
    "skickade meddelanden",
    "sendt",
    "sendte elementer",
    "sendt post",
    "sendte e-mails",
    "lähetetyt",
    "lähetetyt viestit",
    "saadetud",
    "nosūtītie",
    "išsiųsta",
    "išsiųsti",
    "отправленные",
    "надіслані",
    "изпратени",
    "poslano",
    "poslane stavke",
    "poslato",
    "послато",
    "απεσταλμένα",
    "gönderilmiş öğeler",
    "gönderilenler",
    "gönderilmiş postalar",
    "נשלח",
    "פריטים שנשלחו",
    "العناصر المرسلة",
    "المرسلة",
    "البريد المرسل",
    "ส่งแล้ว",
    "已发送",
    "已发送邮件",
    "已傳送",
    "寄件備份",
    "寄件備份匣",
    "送信済み",
    "送信済みアイテム",
    "送信済みメール",
    "보낸 편지함",
    "보낸 메일함",
    "thư đã gửi",
    "terkirim",
];

/// What mail programs call the folder of drafts, in lower case.
const DRAFTS: &[&str] = &[
    "drafts",
    "draft",
    "entwürfe",
    "brouillons",
    "borradores",
    "rascunhos",
    "bozze",
    "concepten",
    "kopie robocze",
    "szkice",
    "koncepty",
    "rozepsané",
    "piszkozatok",
    "ciorne",
    "utkast",
    "kladder",
    "luonnokset",
    "черновики",
    "чернетки",
    "чернови",
    "nacrti",
    "osnutki",
    "πρόχειρα",
    "taslaklar",
    "טיוטות",
    "المسودات",
    "ฉบับร่าง",
    "แบบร่าง",
    "草稿",
    "草稿箱",
    "草稿匣",
    "下書き",
    "임시 보관함",
    "임시보관함",
    "thư nháp",
    "draf",
];

/// What mail programs call the folder of mail that is dealt with, in lower case.
const ARCHIVE: &[&str] = &[
    "archive",
    "archives",
    "archived",
    "archiv",
    "archivo",
    "archivos",
    "archivados",
    "arquivo",
    "arquivados",
    "archivio",
    "archief",
    "archiwum",
    "archív",
    "archívum",
    "arhiva",
    "arhivă",
    "arhiv",
    "arkiv",
    "arkisto",
    "arhiiv",
    "arhīvs",
    "archyvas",
    "архив",
    "архів",
    "архива",
    "αρχείο",
    "αρχειοθήκη",
    "arşiv",
    "ארכיון",
    "الأرشيف",
    "أرشيف",
    "เก็บถาวร",
    "归档",
    "存档",
    "封存",
    "アーカイブ",
    "보관함",
    "lưu trữ",
    "arsip",
];

/// Names beyond these are not compared with one that is missing.
const NEAREST_MAX: usize = 2000;

/// A folder to sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The name in UTF-8.
    pub name: String,
    /// What it is for.
    pub role: FolderRole,
}

/// Chooses the folders that an account syncs, INBOX first; and names those that the config asks for and the server does not have. Of an
/// account whose mail comes into another folder, neither INBOX nor anything else is chosen that is not the team's.
pub fn choose(account: &ImapAccount, listed: &[Listed]) -> (Vec<Wanted>, Vec<String>) {
    let log = |name: &str| is_log(account, name, listed);
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut missing = Vec::new();
    let find = |name: &str| listed.iter().find(|l| l.is_selectable() && same_name(&l.name, name));
    match &account.inbox_folder {
        None => {
            let inbox = find("INBOX").map_or_else(|| "INBOX".to_owned(), |l| l.name.clone());
            wanted.push(Wanted { name: inbox, role: FolderRole::Inbox });
        }
        Some(name) => match find(name) {
            Some(folder) => wanted.push(Wanted { name: folder.name.clone(), role: FolderRole::Inbox }),
            None => missing.push(name.clone()),
        },
    }
    let mut add = |name: &str, role| {
        if !log(name) && !wanted.iter().any(|w| same_name(&w.name, name)) {
            wanted.push(Wanted { name: name.to_owned(), role });
        }
    };
    match &account.sent {
        Some(name) => match find(name) {
            Some(folder) => add(&folder.name, FolderRole::Sent),
            None => missing.push(name.clone()),
        },
        None => {
            if let Some(folder) = sent(account, listed) {
                add(&folder.name, FolderRole::Sent);
            }
        }
    }
    for name in &account.folders {
        match find(name) {
            Some(folder) => add(&folder.name, FolderRole::Other),
            None => missing.push(name.clone()),
        }
    }
    // Behind those of the config: one that is named there is a folder like any other.
    if let Some(folder) = archive(account, listed).filter(|_| account.sync_archive) {
        add(&folder.name, FolderRole::Archive);
    }
    (wanted, missing)
}

/// A folder of the config that the server does not have under this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// As the config says.
    pub name: String,
    /// What the server calls a folder that is probably meant: the same name below its prefix.
    pub called: Option<String>,
}

/// Chooses as [`choose`] does, and looks for what is missing below the prefix of the server. The folder of sent mail is taken there; of
/// others only the name is told, because inboxes are told apart by what the config calls their folders.
///
/// # Errors
/// Errors of the connection.
pub fn chosen(
    session: &mut Session,
    account: &ImapAccount,
    listed: &[Listed],
) -> Result<(Vec<Wanted>, Vec<Missing>), ImapError> {
    let (mut wanted, mut missing) = choose(account, listed);
    let mut called = account.clone();
    for name in [&mut called.config.inbox_folder, &mut called.config.sent].into_iter().flatten() {
        if missing.contains(name)
            && let Some(found) = session.find_folder(listed, name)?
        {
            *name = found;
        }
    }
    if called != *account {
        (wanted, missing) = choose(&called, listed);
    }
    let mut named = Vec::with_capacity(missing.len());
    for name in missing {
        let called = session.find_folder(listed, &name)?;
        named.push(Missing { name, called });
    }
    Ok((wanted, named))
}

/// Finds the folder of sent mail.
pub fn sent<'l>(account: &ImapAccount, listed: &'l [Listed]) -> Option<&'l Listed> {
    match own(account, listed) {
        Some(of_team) => by_name(&of_team, SENT),
        None => by_role(listed, "\\sent", SENT),
    }
}

/// Finds the archive.
fn archive<'l>(account: &ImapAccount, listed: &'l [Listed]) -> Option<&'l Listed> {
    match own(account, listed) {
        Some(of_team) => by_name(&of_team, ARCHIVE),
        None => by_role(listed, "\\archive", ARCHIVE),
    }
}

/// Returns the folders of the team's mailbox, where that is another one than that of whoever logs in; `None` where it is the same. By
/// their roles they can't be told: the server gives those of whoever logs in too.
fn own<'l>(account: &ImapAccount, listed: &'l [Listed]) -> Option<Vec<&'l Listed>> {
    let inbox = account.inbox_folder.as_deref()?;
    let folder = listed.iter().find(|l| same_name(&l.name, inbox));
    // Where it is not there, or stands alone, nothing is the team's: what a person has of their own never stands in for it.
    let prefix = folder.and_then(|folder| beside(&folder.name, folder.delimiter, ""));
    let is_beside = |l: &&Listed| prefix.as_ref().is_some_and(|prefix| l.name.starts_with(prefix));
    Some(listed.iter().filter(is_beside).collect())
}

/// Returns what another folder of a mailbox is called of which `inbox` is shared: they stand below that, or beside it where it is called
/// INBOX itself. `None` where the server has no levels.
pub fn beside(inbox: &str, delimiter: Option<char>, name: &str) -> Option<String> {
    let delimiter = delimiter?;
    let above = match inbox.rsplit_once(delimiter) {
        Some((above, last)) if last.eq_ignore_ascii_case("INBOX") => above,
        _ => inbox,
    };
    Some(format!("{above}{delimiter}{name}"))
}

/// Finds the folder of drafts.
pub fn drafts(listed: &[Listed]) -> Option<&Listed> {
    by_role(listed, "\\drafts", DRAFTS)
}

/// Returns the folder whose name is most like `name`: it differs in case, stands below another, or was mistyped a little.
pub fn nearest<'l>(name: &str, listed: &'l [Listed]) -> Option<&'l str> {
    let wanted = name.to_lowercase();
    let likeness = |listed: &Listed| {
        let (whole, last) = (listed.name.to_lowercase(), last_level(listed).to_lowercase());
        strsim::damerau_levenshtein(&whole, &wanted).min(strsim::damerau_levenshtein(&last, &wanted))
    };
    let selectable = listed.iter().filter(|l| l.is_selectable()).take(NEAREST_MAX).map(|l| (likeness(l), l));
    let best = selectable.min_by_key(|(likeness, _)| *likeness)?;
    (best.0 <= 3 && best.0 < wanted.chars().count()).then_some(best.1.name.as_str())
}

fn by_name<'l>(listed: &[&'l Listed], names: &[&str]) -> Option<&'l Listed> {
    let selectable = || listed.iter().filter(|l| l.is_selectable());
    names.iter().find_map(|name| selectable().find(|l| last_level(l).to_lowercase() == *name)).copied()
}

fn by_role<'l>(listed: &'l [Listed], attribute: &str, names: &[&str]) -> Option<&'l Listed> {
    let selectable = || listed.iter().filter(|l| l.is_selectable());
    selectable()
        .find(|l| l.attributes.iter().any(|a| a == attribute))
        .or_else(|| names.iter().find_map(|name| selectable().find(|l| last_level(l).to_lowercase() == *name)))
}

/// The log folder's name in the config stands below the server's prefix, such as Courier's `INBOX.`.
fn is_log(account: &ImapAccount, name: &str, listed: &[Listed]) -> bool {
    let log = account.log_folder.as_str();
    name == log || listed.iter().any(|l| l.name == name && ends_with(l, log))
}

/// Tells whether a name is that of the config, below something.
fn ends_with(listed: &Listed, name: &str) -> bool {
    let above = listed.name.strip_suffix(name);
    above.zip(listed.delimiter).is_some_and(|(above, delimiter)| above.ends_with(delimiter))
}

fn last_level(listed: &Listed) -> &str {
    match listed.delimiter {
        Some(delimiter) => listed.name.rsplit(delimiter).next().unwrap_or(&listed.name),
        None => &listed.name,
    }
}

#[cfg(test)]
#[path = "roles_tests.rs"]
mod tests;
