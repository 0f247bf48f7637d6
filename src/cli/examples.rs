//! What stands below the help of each verb: examples, and for those that take a query the language in short.

/// The text below a verb's help; with `queries` the language stands below the examples.
macro_rules! below {
    ($($example:literal),+) => { concat!("Examples:\n", $("  ", $example, "\n"),+) };
    (queries: $($example:literal),+) => {
        concat!("Examples:\n", $("  ", $example, "\n"),+, "\n",
            "Queries: words and \"phrases\", side by side means both, `a or b` either, -word the opposite.\n",
            "  status:open,waiting  assignee:bob  tag:vip  inbox:support  from:eve  subject:invoice\n",
            "  is:mine  is:unassigned  is:snoozed  is:any  has:attachment  older:2d  waiting:>1d\n",
            "In front of a query that begins with -word put --. `postroom help query` has the whole language, \
             `postroom help batch` what targets are.")
    };
}

pub const DOCTOR: &str = below!(
    "postroom doctor",
    "postroom doctor --only-wrong",
    "postroom doctor --offline              what needs no server",
    "postroom doctor --jq 'select(.level == \"fault\").code'"
);
pub const LIST: &str = below!(queries: "postroom list", "postroom list is:unassigned 'waiting:>1d'",
    "postroom list --sort waiting -n 10", "postroom list --view waiting from:eve", "postroom list --fields short,title",
    "postroom list tag:press --format ids | postroom assign carol -");
pub const SHOW: &str = below!(queries: "postroom show x6c0", "postroom show 'from:eve' --json");
pub const VIEWS: &str = below!("postroom views", "postroom views --json", "postroom list --view vip");
pub const COUNT: &str = below!(queries: "postroom count is:unassigned", "postroom count tag:vip --ok-if-empty");
pub const CUSTOMER: &str = below!("postroom customer ana@example.org", "postroom customer x6c0 --json");
pub const NEXT: &str = below!(queries: "postroom next", "postroom next inbox:billing --lease 30m --json",
    "postroom next --count 5 --worker bot-1", "postroom next --id x6c0", "postroom next --release x6c0",
    "postroom next --release --worker bot-1");
pub const TRIAGE: &str = below!(queries: "postroom triage 'from:@bigcorp.example' --add-tag vip --assign carol",
    "postroom triage tag:newsletter --status closed --dry-run --json > plan");
pub const APPLY: &str = below!(
    "postroom triage tag:press --assign bob --dry-run --json > plan",
    "postroom apply plan",
    "postroom apply plan --again     what was carried out and undone since, once more"
);
pub const BATCH: &str = concat!(
    below!(
        "postroom batch changes.txt --dry-run",
        "postroom batch changes.txt --atomic --max 500",
        "printf 'tag vip x6c0\\nassign carol \"tag:press status:open\"\\n' | postroom batch - --json"
    ),
    "\nA line is what stands behind `postroom` on a command line. `postroom help batch` has the rest."
);
pub const ASSIGN: &str = below!(queries: "postroom assign me x6c0 --wait", "postroom assign nobody assignee:alice",
    "postroom list tag:press --format ids | postroom assign carol - is:unassigned");
pub const STATUS: &str = below!(queries: "postroom status closed x6c0",
    "postroom status closed 'status:waiting older:30d' --max 200");
pub const TAG: &str = below!(queries: "postroom tag vip x6c0 jm3n", "postroom tag late,-new 'waiting:>2d'");
pub const NOTE: &str = below!(queries: "postroom note 'called her, @bob please check' x6c0",
    "postroom note 'outage of 3 May' tag:outage --once outage-0503");
pub const SEEN: &str = below!(queries: "postroom seen is:mentioned", "postroom seen --unread x6c0");
pub const REPLY: &str = below!(queries: "postroom reply x6c0 --body 'Thank you, it is on its way.' --send",
    "postroom reply tag:outage --saved outage --send --max 300 --once outage-0503 --skip-unfit");
pub const FORWARD: &str = below!(queries: "postroom forward x6c0 --to books@example.com --send");
pub const NEW: &str = below!("postroom new --to ana@example.org --subject Hello --body-file text.txt --send");
pub const DRAFT: &str = below!("postroom draft list", "postroom draft send 12");
pub const OUTBOX: &str = below!("postroom outbox list", "postroom outbox retry 12");
pub const REPLIES: &str = below!("postroom replies list", "postroom replies lint");
pub const ATTACHMENT: &str = below!("postroom attachment x6c0", "postroom attachment x6c0 1 --save ~/Downloads");
pub const SNOOZE: &str = below!(queries: "postroom snooze 'tomorrow 9' x6c0", "postroom snooze now is:snoozed");
pub const TITLE: &str = below!(queries: "postroom title 'Recall of HB7' x6c0", "postroom title '' x6c0");
pub const FOLLOW: &str = below!(queries: "postroom follow x6c0", "postroom follow --off --who bob tag:press");
pub const MOVE: &str = below!(queries: "postroom move sales x6c0");
pub const MERGE: &str = below!(queries: "postroom merge --into x6c0 jm3n");
pub const SPLIT: &str = below!("postroom split x6c0 --message 2");
pub const UNDO: &str = below!("postroom undo", "postroom undo 0193d0c0-5b2a-7c3e-9f00-3a1b2c3d4e5f");
pub const REDO: &str = below!("postroom redo");
pub const ERASE: &str = below!(queries: "postroom erase x6c0", "postroom erase x6c0 --yes");
pub const IMPORT: &str = concat!(
    below!(
        "postroom import archive.mbox --store try --address support@example.com     without any config",
        "postroom import ~/Maildir old/ --to archive",
        "postroom import 2019.mbox --to main/Support --sent",
        "zcat old.mbox.gz | postroom import - --to archive --dry-run"
    ),
    "\nAn import that was interrupted goes on when the same command is given again; no mail comes twice. \
     `postroom help import` has the rest."
);
pub const BACKUP: &str = concat!(
    below!(
        "postroom backup ~/backups/postroom",
        "postroom backup ~/backups/postroom --overwrite     every night",
        "postroom backup ~/backups/postroom --check"
    ),
    "\nA screen may be open meanwhile. What is in it, how it is put back, and how a team moves to another server: \
     `postroom help backup`."
);
pub const LOG: &str = below!("postroom log x6c0", "postroom log -n 20 --json");
pub const TEAM: &str = below!(
    "postroom team                           who is on the log, when they were last heard of, with which version",
    "postroom team invite bob > bob.sh       what bob has to run; no password is in it",
    "postroom team show",
    "postroom team set --team billing=alice,bob"
);
pub const WHY: &str = below!("postroom why x6c0");
pub const CONFIG: &str = below!("postroom config check", "postroom config show --json");
pub const KEYS: &str = below!("postroom keys", "postroom keys --json", "postroom keys --preset mutt");
pub const SCHEMA: &str = below!(
    "postroom schema conversation     of a type of objects",
    "postroom schema list             of all that a verb prints",
    "postroom schema > postroom-1.json"
);
pub const HELP: &str = below!("postroom help batch", "postroom help reply");
pub const SYNC: &str = below!("postroom sync", "postroom sync --watch", "postroom sync --status --json");
pub const INIT: &str = below!(
    "postroom init",
    "postroom init --me alice --address support@example.com --password-command 'pass show support'",
    "postroom init --check"
);
pub const LOGIN: &str = concat!(
    below!(
        "postroom login",
        "postroom login main --device",
        "postroom login main --browser --no-open",
        "postroom login main --forget"
    ),
    "\n`postroom help oauth2` tells how a client is registered, and what the config says."
);
pub const DEMO: &str = below!("postroom demo");
pub const INVITE: &str = concat!(
    below!("postroom invite x6c0 accept", "postroom invite x6c0 decline --message 'I am away'"),
    "\nThe answer goes to the organizer, from the inbox, as the address that was invited. A second one changes the first. \
     `postroom help invitations` has the rest."
);
