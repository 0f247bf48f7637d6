//! A small desk: three agents, two inboxes, a handful of conversations, at a fixed time.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use postroom::app::{Event, Layer, Surroundings};
use postroom::config::{Account, AfterClose, Notify, Remote};
use postroom::keymap::Keymap;
use postroom::model::address::Address;
use postroom::model::agent::{Agent, Inbox, RecordTeam, Team};
use postroom::model::change::Change;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId};
use postroom::model::list_look::ListLook;
use postroom::model::own::OwnView;
use postroom::model::panel::Panel;
use postroom::model::view::Sort;
use postroom::op::record::Author;
use postroom::runtime::backend::StoreBackend;
use postroom::runtime::{Harness, Writing};
use postroom::service::customer::{Panels, Payload};
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::serverless::deliver;

/// Friday 20 November 2026, 10:00 UTC.
pub const NOW: i64 = 1_795_168_800;

/// What the worker calls itself that works off the queue at a screen.
pub const WORKER: &str = "box/1";

pub struct Desk {
    pub store: Store,
    pub clock: Clock,
    /// As `external_editor_first` in the config.
    pub editor_first: bool,
    /// As `sort` in the config.
    pub sort: Sort,
    /// As `glyphs = "ascii"` in the config.
    pub ascii: bool,
    /// As `after_close` in the config.
    pub after_close: AfterClose,
    /// As `reply_takes` in the config, which is left out of most tests: what they count is what they do.
    pub reply_takes: bool,
    /// As `mouse` in the config.
    pub mouse: bool,
    /// As `linear` in the config.
    pub linear: bool,
    /// Whether `motion` in the config is reduced.
    pub reduced_motion: bool,
    /// As `density` and `columns` in the config.
    pub look: ListLook,
    /// The theme, by its name.
    pub theme: String,
    /// As `[view.NAME]` in the config.
    pub own_views: Vec<OwnView>,
    /// As `[notify]` in the config.
    pub notify: Notify,
    _dir: Arc<tempfile::TempDir>,
}

pub struct Mail {
    pub id: &'static str,
    pub from: &'static str,
    pub subject: &'static str,
    pub refs: &'static str,
    /// Minutes before now.
    pub ago: i64,
    pub body: &'static str,
}

pub const MAILS: [Mail; 9] = [
    Mail {
        id: "order@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Refund for order 4412",
        refs: "",
        ago: 1_500,
        body: "Hello,\n\nthe lamp of order 4412 came broken. Can I have my money back?\n\nThe details are at https://shop.example/orders/4412.\n\n-- \nAna Lima\nLima Studio",
    },
    Mail {
        id: "order2@team",
        from: "Support <support@team.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop",
        ago: 1_420,
        body: "Dear Ana,\n\nplease send us a photo of the lamp.\n\nSupport",
    },
    Mail {
        id: "order3@shop",
        from: "Ana Lima <ana@lima.example>",
        subject: "Re: Refund for order 4412",
        refs: "order@shop order2@team",
        ago: 12,
        body: "Here it is. The shade has a crack from the top to the foot, and the bulb did not survive either.\n\nOn Thu, 19 Nov 2026 at 10:20, Support wrote:\n> Dear Ana,\n>\n> please send us a photo of the lamp.",
    },
    Mail {
        id: "invoice@north",
        from: "Jonas Berg <jonas@north.example>",
        subject: "Invoice 2026-118 has the wrong address",
        refs: "",
        ago: 95,
        body: "Our new address is Hafengasse 3, Kiel. Please send the invoice again.",
    },
    Mail {
        id: "login@dana",
        from: "Dana Levi <dana@levi.example>",
        subject: "לא מצליחה להתחבר (login)",
        refs: "",
        ago: 200,
        body: "שלום, אני לא מצליחה להתחבר לחשבון שלי מאז אתמול.\nThe page says \"error 12\".",
    },
    Mail {
        id: "ship@li",
        from: "李雷 <li@lei.example>",
        subject: "请问我的包裹什么时候到？",
        refs: "",
        ago: 3_000,
        body: "你好，我上周订购的台灯还没有收到。请告诉我包裹现在在哪里，谢谢你们的帮助，祝你们工作愉快，期待你们的回复。",
    },
    Mail {
        id: "quote@south",
        from: "Mia South <mia@south.example>",
        subject: "A quote for 200 lamps",
        refs: "",
        ago: 4_400,
        body: "We want to light a hotel. What do 200 lamps cost?",
    },
    Mail {
        id: "press@daily",
        from: "Daily <press@daily.example>",
        subject: "Interview about lighting",
        refs: "",
        ago: 9_000,
        body: "May we talk next week?",
    },
    Mail {
        id: "thanks@omar",
        from: "Omar Said <omar@said.example>",
        subject: "Thank you!",
        refs: "",
        ago: 12_000,
        body: "The lamp is beautiful.",
    },
];

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn agent(name: &str, full: &str) -> Agent {
    let address = Some(Address::new(full, format!("{name}@team.example")));
    Agent {
        handle: handle(name),
        name: full.into(),
        address,
        title: None,
        addresses: std::collections::BTreeSet::new(),
    }
}

fn inbox(name: &str, folder: Option<&str>) -> Inbox {
    Inbox {
        id: InboxId::new(name).unwrap(),
        account: AccountId::new("main").unwrap(),
        address: Address::new("", format!("{name}@team.example")),
        aliases: Vec::new(),
        folder: folder.map(str::to_owned),
        language: None,
    }
}

fn open(dir: &Path, who: &str, seed: u64, clock: &Clock) -> Store {
    open_with(dir, who, seed, clock, vec![inbox("support", None), inbox("sales", None)], vec![billing()])
}

/// A team that alice, who sits at the screens, is not in.
fn billing() -> RecordTeam {
    team("billing", &["bob", "cleo"])
}

fn team(name: &str, members: &[&str]) -> RecordTeam {
    RecordTeam { name: handle(name), members: members.iter().map(|member| handle(member)).collect() }
}

fn open_with(dir: &Path, who: &str, seed: u64, clock: &Clock, inboxes: Vec<Inbox>, groups: Vec<RecordTeam>) -> Store {
    let author = Author { actor: handle(who), host: "box".into(), clock: clock.clone(), ids: Ids::counted(seed) };
    let team = Team {
        agents: vec![agent("alice", "Alice Moor"), agent("bob", "Bob Dale"), agent("cleo", "Cleo Finn")],
        inboxes,
        groups,
        authserv: [(AccountId::new("main").unwrap(), "mx.team.example".to_owned())].into(),
        ..Team::default()
    };
    Store::open(dir, StoreOptions { author, team, history_after: 30 * Timestamp::DAY }).unwrap()
}

impl Desk {
    pub fn empty() -> Self {
        let dir = Arc::new(tempfile::tempdir().unwrap());
        let clock = Clock::fixed(Timestamp::from_seconds(NOW));
        let store = open(dir.path(), "alice", 1, &clock);
        Self {
            store,
            clock,
            editor_first: false,
            ascii: false,
            sort: Sort::Activity,
            after_close: AfterClose::Next,
            reply_takes: false,
            mouse: false,
            linear: false,
            reduced_motion: false,
            look: ListLook::default(),
            theme: "dark".into(),
            own_views: Vec::new(),
            notify: Notify::default(),
            _dir: dir,
        }
    }

    pub fn new() -> Self {
        let desk = Self::empty();
        MAILS.iter().zip(1..).for_each(|(mail, uid)| desk.mail(uid, mail));
        desk
    }

    /// Works on the outbox, as the screen does where no account has a server. Returns how many mails were filed.
    pub fn deliver(&self) -> usize {
        let accounts: BTreeSet<AccountId> =
            self.store.team().inboxes.iter().map(|inbox| inbox.account.clone()).collect();
        let accounts: Vec<Account> = accounts.into_iter().map(|id| Account { id, remote: Remote::Local }).collect();
        deliver(&self.store, &accounts).unwrap()
    }

    /// The same conversations; the inbox sales is of another account than support, where all of them lie.
    pub fn of_two_accounts() -> Self {
        let mut desk = Self::new();
        let sales = Inbox { account: AccountId::new("second").unwrap(), ..inbox("sales", None) };
        desk.store = open_with(desk._dir.path(), "alice", 2, &desk.clock, vec![inbox("support", None), sales], vec![]);
        desk
    }

    /// The same store with a config that names another account alone.
    pub fn of_another_account(mut self) -> Self {
        let sales = Inbox { account: AccountId::new("second").unwrap(), ..inbox("sales", None) };
        self.store = open_with(self._dir.path(), "alice", 3, &self.clock, vec![sales], vec![]);
        self
    }

    /// The same conversations; alice is in the team care.
    pub fn in_a_team() -> Self {
        let mut desk = Self::new();
        let inboxes = vec![inbox("support", None), inbox("sales", None)];
        let groups = vec![billing(), team("care", &["alice", "cleo"])];
        desk.store = open_with(desk._dir.path(), "alice", 4, &desk.clock, inboxes, groups);
        desk
    }

    /// Lets a mail come in; one of ours stands among sent mail.
    pub fn mail(&self, uid: u32, mail: &Mail) {
        let is_ours = mail.from.contains("@team.example");
        let (name, role) = if is_ours { ("Sent", FolderRole::Sent) } else { ("INBOX", FolderRole::Inbox) };
        let folder = self.store.folder(&AccountId::new("main").unwrap(), name, role).unwrap();
        self.store.ingest(folder.id, vec![incoming(uid, mail)]).unwrap();
    }

    /// Lets a mail come in as these bytes.
    pub fn raw_mail(&self, uid: u32, raw: &str) {
        self.raw_mail_in("INBOX", FolderRole::Inbox, uid, raw);
    }

    /// Lets these bytes stand in a folder.
    pub fn raw_mail_in(&self, folder: &str, role: FolderRole, uid: u32, raw: &str) {
        self.bytes_in(folder, role, uid, raw.replace('\n', "\r\n").as_bytes());
    }

    /// Lets these bytes stand in a folder, line ends as they are.
    pub fn bytes_in(&self, folder: &str, role: FolderRole, uid: u32, raw: &[u8]) {
        let folder = self.store.folder(&AccountId::new("main").unwrap(), folder, role).unwrap();
        let raw = raw.to_vec();
        let arrived = Timestamp::from_seconds(NOW);
        let mail = Incoming {
            uid,
            flags: Vec::new(),
            arrived,
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw),
        };
        self.store.ingest(folder.id, vec![mail]).unwrap();
    }

    /// Lets the headers of a mail come in alone.
    pub fn headers(&self, uid: u32, head: &str) {
        self.headers_of(uid, head, 3_000_000);
    }

    /// The same of a mail of so many bytes.
    pub fn headers_of(&self, uid: u32, head: &str, size: u64) {
        let folder = self.store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap();
        let raw = format!("{head}\n\n").replace('\n', "\r\n").into_bytes();
        let arrived = Timestamp::from_seconds(NOW);
        let content = Content::Headers(raw);
        let mail = Incoming { uid, flags: Vec::new(), arrived, size, modseq: None, content };
        self.store.ingest(folder.id, vec![mail]).unwrap();
    }

    /// Lets the body of such a mail come, with its headers.
    pub fn body(&self, uid: u32, raw: &str) {
        let folder = self.store.folder(&AccountId::new("main").unwrap(), "INBOX", FolderRole::Inbox).unwrap();
        self.store.ingest_body(folder.id, uid, raw.replace('\n', "\r\n").as_bytes()).unwrap();
    }

    /// The folder that the store lies in.
    pub fn dir(&self) -> &Path {
        self._dir.path()
    }

    /// Opens the same store as another agent, as a second process would.
    pub fn other(&self, who: &str) -> Store {
        self.other_with(who, 99)
    }

    /// The same with ids of its own, where there are several.
    pub fn other_with(&self, who: &str, seed: u64) -> Store {
        open(self._dir.path(), who, seed, &self.clock)
    }

    pub fn screen(&self, size: (u16, u16)) -> Harness {
        self.screen_writing(size, Writing::default(), Keymap::builtin())
    }

    /// A screen with rows of a keymap file over the built-in keys.
    pub fn screen_with_keys(&self, size: (u16, u16), rows: &str) -> Harness {
        let (keymap, errors) = Keymap::with_user(Keymap::builtin(), Path::new("keys.toml"), rows);
        assert_eq!(errors, []);
        self.screen_writing(size, Writing::default(), keymap)
    }

    /// Where views are kept that are saved on the screen.
    pub fn views_file(&self) -> PathBuf {
        self._dir.path().join("views.toml")
    }

    /// A screen with one of the built-in keymaps.
    pub fn screen_with_preset(&self, size: (u16, u16), name: &str) -> Harness {
        let (keymap, errors) = Keymap::preset(name).unwrap();
        assert_eq!(errors, []);
        self.screen_writing(size, Writing::default(), keymap)
    }

    pub fn screen_with_replies(&self, size: (u16, u16), dir: &Path) -> Harness {
        self.screen_writing(size, Writing { replies_dir: dir.to_owned(), ..Writing::default() }, Keymap::builtin())
    }

    /// A screen with panels; each reads its name, the short id and the customer's address.
    pub fn screen_with_panels(&self, size: (u16, u16), all: Vec<Panel>) -> Harness {
        let payload: Payload = Arc::new(|panel, row, customer| {
            let address = customer.addresses.first().map(|one| one.key.clone()).unwrap_or_default();
            format!("{} {} {address}\n", panel.name, row.short).into_bytes()
        });
        let panels = Panels { all, payload, variables: Vec::new() };
        self.screen_of(size, Writing::default(), Keymap::builtin(), panels)
    }

    fn screen_writing(&self, size: (u16, u16), writing: Writing, keymap: Keymap) -> Harness {
        self.screen_of(size, writing, keymap, Panels::default())
    }

    fn screen_of(&self, size: (u16, u16), writing: Writing, keymap: Keymap, panels: Panels) -> Harness {
        let zone = jiff::tz::TimeZone::UTC;
        let around = Surroundings {
            me: handle("alice"),
            agents: self.store.team().agents.iter().map(|a| (a.handle.clone(), a.name.clone())).collect(),
            inboxes: self.store.team().inboxes.iter().map(|i| i.id.clone()).collect(),
            accounts: self.store.team().inboxes.iter().map(|i| (i.id.clone(), i.account.clone())).collect(),
            zone: zone.clone(),
            screen_order: postroom::model::screen_order::ScreenOrder::default(),
            terminal_bidi: postroom::model::screen_order::TerminalBidi::Auto,
            layout: None,
            ascii: self.ascii,
            editor_first: self.editor_first,
            after_close: self.after_close,
            reply_takes: self.reply_takes,
            sort: self.sort,
            mouse: self.mouse,
            linear: self.linear,
            reduced_motion: self.reduced_motion,
            look: self.look.clone(),
            sends: true,
            own_views: self.own_views.clone(),
            themes: ["dark", "light", "mono"].map(str::to_owned).to_vec(),
            theme: self.theme.clone(),
            notify: self.notify.clone(),
            keymap: Arc::new(keymap),
        };
        let backend = StoreBackend::new(self.store.clone(), zone).with_writing(writing).with_panels(panels);
        let backend = Arc::new(backend.with_views(self.views_file()).with_worker(WORKER));
        Harness::start(backend, around, self.clock.clone(), size).unwrap().with(Arc::clone(&self._dir))
    }
}

/// A screen of `size` on which the reply to the first conversation is being written.
pub fn replying(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys("r").unwrap();
    screen
}

/// Lets the screen know that the store changed, as the loop would learn within a second.
pub fn look(screen: &mut Harness) -> &mut Harness {
    screen.wait(0).unwrap().happen(Event::StoreChanged(Change::Everything)).unwrap()
}

/// Types the ids of the conversations of different customers that are to become one.
pub fn type_ids(screen: &mut Harness) -> &mut Harness {
    let Some(Layer::Picker(picker)) = screen.app().layers.last() else { panic!("no sheet") };
    let ids = picker.ids_to_merge().join(" ");
    screen.text(&ids).unwrap()
}

/// Presses keys; `IDS` among them are the ids that are asked for there.
pub fn keys_and_ids(screen: &mut Harness, keys: &str) {
    for (n, part) in keys.split("IDS").enumerate() {
        if n > 0 {
            type_ids(screen);
        }
        screen.keys(part).unwrap();
    }
}

fn incoming(uid: u32, mail: &Mail) -> Incoming {
    let at = Timestamp::from_seconds(NOW - mail.ago * 60);
    let refs: String = mail.refs.split_whitespace().map(|id| format!("<{id}> ")).collect();
    let references = if refs.is_empty() { String::new() } else { format!("References: {refs}\r\n") };
    let to = match mail.id {
        id if id.starts_with("quote") => "sales@team.example",
        _ if mail.from.contains("@team.example") => "ana@lima.example",
        _ => "support@team.example",
    };
    let date = jiff::Timestamp::from_millisecond(at.0).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let raw = format!(
        "Message-ID: <{}>\r\nFrom: {}\r\nTo: {to}\r\nDate: {date}\r\nSubject: {}\r\n{references}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        mail.id,
        mail.from,
        mail.subject,
        mail.body.replace('\n', "\r\n")
    );
    Incoming {
        uid,
        flags: Vec::new(),
        arrived: at,
        size: raw.len() as u64,
        modseq: None,
        content: Content::Whole(raw.into_bytes()),
    }
}
