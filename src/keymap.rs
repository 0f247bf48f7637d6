//! What each key means.
//!
//! One table names every action ([`crate::command::Action`]); `keymaps/default.toml` binds them and the user's file is read over it, key by
//! key. Help, palette, hint line and the README's table are all made from these two. This room decides *what* a key asks for; it must
//! never do it.

pub mod key;
mod load;
mod table;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use crate::command::{Action, Need};
pub use key::{Code, Key, parse_keys, write_keys};
pub use table::table_markdown;

/// Where a key is pressed: which table of the keymap is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Everywhere but in text fields.
    Global,
    /// In the list of conversations.
    List,
    /// In an open conversation.
    Conversation,
    /// In an open conversation, while hits of what is looked for stand.
    Find,
    /// In the pane of the customer.
    Customer,
    /// In the column of views.
    Views,
    /// In help, the log, notices and other pages that are only read.
    Page,
    /// In a line of text: search, prompts, the palette, pickers.
    Input,
    /// While a mail is written.
    Compose,
    /// While a mail is written and its text does not have the keys.
    Mail,
    /// While a mail is looked over before it is sent.
    Review,
    /// While a mail that was stopped stands beside what stopped it.
    Collision,
    /// In the outbox and among the drafts.
    Outbox,
}

impl Context {
    /// Every context, in the order of help.
    pub const ALL: [Context; 13] = [
        Context::List,
        Context::Conversation,
        Context::Find,
        Context::Customer,
        Context::Views,
        Context::Global,
        Context::Page,
        Context::Input,
        Context::Compose,
        Context::Mail,
        Context::Review,
        Context::Collision,
        Context::Outbox,
    ];

    /// Returns the name of the table in a keymap file.
    pub fn name(self) -> &'static str {
        match self {
            Context::Global => "global",
            Context::List => "list",
            Context::Conversation => "conversation",
            Context::Find => "find",
            Context::Customer => "customer",
            Context::Views => "views",
            Context::Page => "page",
            Context::Input => "input",
            Context::Compose => "compose",
            Context::Mail => "mail",
            Context::Review => "review",
            Context::Collision => "collision",
            Context::Outbox => "outbox",
        }
    }

    /// Returns the heading that help shows.
    pub fn title(self) -> String {
        match self {
            Context::Global => say!("keys-global"),
            Context::List => say!("keys-list"),
            Context::Conversation => say!("keys-conversation"),
            Context::Find => say!("keys-find"),
            Context::Customer => say!("keys-customer"),
            Context::Views => say!("keys-views"),
            Context::Page => say!("keys-page"),
            Context::Input => say!("keys-input"),
            Context::Compose => say!("keys-compose"),
            Context::Mail => say!("keys-mail"),
            Context::Review => say!("review-title"),
            Context::Collision => say!("keys-collision"),
            Context::Outbox => say!("keys-outbox"),
        }
    }

    /// Returns where a key is looked up that this context doesn't know, one after the other.
    pub fn around(self) -> &'static [Context] {
        match self {
            Context::Find => &[Context::Conversation, Context::Global],
            Context::List | Context::Conversation | Context::Customer | Context::Views | Context::Page => {
                &[Context::Global]
            }
            _ => &[],
        }
    }
}

/// What keys are bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// An action.
    Action(Action),
    /// A line of the command language with all that it needs, such as `assign bob`.
    Line(String),
}

impl Bound {
    /// Returns what a keymap file calls it.
    pub fn name(&self) -> &str {
        match self {
            Bound::Action(action) => action.name(),
            Bound::Line(line) => line,
        }
    }

    /// Returns what it does; a line says that by itself.
    pub fn sentence(&self) -> String {
        match self {
            Bound::Action(action) => action.sentence(),
            Bound::Line(line) => line.clone(),
        }
    }

    /// Returns the action, where it is one.
    pub fn action(&self) -> Option<Action> {
        match self {
            Bound::Action(action) => Some(*action),
            Bound::Line(_) => None,
        }
    }
}

/// What a sequence of keys means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// More keys must follow: each that can, with what it leads to.
    Pending(Vec<Hint>),
    /// The sequence is complete.
    Matched(Bound),
    /// Nothing begins so.
    Unknown,
}

/// What can follow a half-typed sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The next key.
    pub key: Key,
    /// What it leads to; `None` where still more keys follow.
    pub bound: Option<Bound>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Leaf(Bound),
    Branch(BTreeMap<Key, Node>),
}

/// The bindings of every context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    tries: BTreeMap<Context, BTreeMap<Key, Node>>,
    labels: Labels,
}

/// The shortest keys of the actions in each context, found when the first of them is wanted: a screen names a dozen in every frame, and the
/// palette all. They follow from the bindings, so that keymaps are compared without them.
#[derive(Clone, Debug, Default)]
struct Labels([OnceLock<BTreeMap<Action, String>>; Context::ALL.len()]);

impl PartialEq for Labels {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Labels {}

/// What stands in the way of a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Clash {
    /// The same keys are bound already.
    Same,
    /// The keys begin a longer sequence that is bound.
    Prefix,
    /// A beginning of the keys is bound by itself.
    Beyond,
}

impl Keymap {
    /// Returns what `keys`, pressed one after the other, mean in `context`.
    pub fn resolve(&self, context: Context, keys: &[Key]) -> Resolved {
        let mut found = self.look(context, keys);
        for around in context.around() {
            match &mut found {
                Resolved::Unknown => found = self.look(*around, keys),
                Resolved::Pending(hints) => {
                    if let Resolved::Pending(more) = self.look(*around, keys) {
                        let is_new = |hint: &Hint| !hints.iter().any(|known| known.key == hint.key);
                        let more: Vec<Hint> = more.into_iter().filter(is_new).collect();
                        hints.extend(more);
                    }
                }
                Resolved::Matched(_) => break,
            }
        }
        found
    }

    fn look(&self, context: Context, keys: &[Key]) -> Resolved {
        let Some(mut level) = self.tries.get(&context) else { return Resolved::Unknown };
        let mut rest = keys.iter();
        while let Some(key) = rest.next() {
            match level.get(key) {
                Some(Node::Leaf(bound)) if rest.as_slice().is_empty() => return Resolved::Matched(bound.clone()),
                Some(Node::Branch(next)) => level = next,
                _ => return Resolved::Unknown,
            }
        }
        let hints = level.iter().map(|(key, node)| {
            let bound = match node {
                Node::Leaf(bound) => Some(bound.clone()),
                Node::Branch(_) => None,
            };
            Hint { key: *key, bound }
        });
        Resolved::Pending(hints.collect())
    }

    /// Binds `keys`, taking the place of whatever stands in the way.
    pub(crate) fn bind(&mut self, context: Context, keys: &[Key], bound: Bound) {
        fn insert(level: &mut BTreeMap<Key, Node>, keys: &[Key], bound: Bound) {
            let Some((first, rest)) = keys.split_first() else { return };
            if rest.is_empty() {
                level.insert(*first, Node::Leaf(bound));
                return;
            }
            if let Some(Node::Leaf(_)) = level.get(first) {
                level.remove(first);
            }
            if let Node::Branch(next) = level.entry(*first).or_insert_with(|| Node::Branch(BTreeMap::new())) {
                insert(next, rest, bound);
            }
        }
        self.labels = Labels::default();
        insert(self.tries.entry(context).or_default(), keys, bound);
    }

    /// Takes the binding of `keys` away, and every longer one that begins with them.
    pub(crate) fn unbind(&mut self, context: Context, keys: &[Key]) {
        fn remove(level: &mut BTreeMap<Key, Node>, keys: &[Key]) {
            let Some((first, rest)) = keys.split_first() else { return };
            if rest.is_empty() {
                level.remove(first);
            } else if let Some(Node::Branch(next)) = level.get_mut(first) {
                remove(next, rest);
                if next.is_empty() {
                    level.remove(first);
                }
            }
        }
        self.labels = Labels::default();
        if let Some(level) = self.tries.get_mut(&context) {
            remove(level, keys);
        }
    }

    /// Returns every binding of `context`, in the order of the keys.
    pub fn bindings(&self, context: Context) -> Vec<(Vec<Key>, Bound)> {
        fn walk(level: &BTreeMap<Key, Node>, before: &mut Vec<Key>, out: &mut Vec<(Vec<Key>, Bound)>) {
            for (key, node) in level {
                before.push(*key);
                match node {
                    Node::Leaf(bound) => out.push((before.clone(), bound.clone())),
                    Node::Branch(next) => walk(next, before, out),
                }
                before.pop();
            }
        }
        let mut out = Vec::new();
        if let Some(level) = self.tries.get(&context) {
            walk(level, &mut Vec::new(), &mut out);
        }
        out
    }

    /// Returns the keys that lead to `action` in `context`, global ones included that the context leaves to it; shortest first.
    pub(crate) fn keys_of(&self, context: Context, action: Action) -> Vec<Vec<Key>> {
        let of_action = self.leading(context).filter(|(_, of)| *of == action);
        let mut found: Vec<Vec<Key>> = of_action.map(|(keys, _)| keys).collect();
        found.sort_by_key(|keys| how_short(keys));
        found
    }

    /// Returns the keys that lead to some action in `context`, each with it: those of the context itself first.
    fn leading(&self, context: Context) -> impl Iterator<Item = (Vec<Key>, Action)> {
        let around = context.around().iter().copied();
        let bound = std::iter::once(context).chain(around).flat_map(move |of| {
            self.bindings(of).into_iter().filter_map(move |(keys, bound)| Some((of, keys, bound.action()?)))
        });
        bound.filter_map(move |(of, keys, action)| {
            let leads = of == context
                || matches!(self.resolve(context, &keys), Resolved::Matched(bound) if bound.action() == Some(action));
            leads.then_some((keys, action))
        })
    }

    /// Returns the shortest keys for `action` in our notation, empty where it is not bound.
    pub fn label(&self, context: Context, action: Action) -> String {
        let labels = self.labels.0.get(context as usize).map(|labels| labels.get_or_init(|| self.labels_of(context)));
        labels.and_then(|labels| labels.get(&action)).cloned().unwrap_or_default()
    }

    /// Returns the label of every action that is bound in `context`: the first of its [`Keymap::keys_of`].
    fn labels_of(&self, context: Context) -> BTreeMap<Action, String> {
        let mut shortest: BTreeMap<Action, Vec<Key>> = BTreeMap::new();
        for (keys, action) in self.leading(context) {
            let is_shorter = shortest.get(&action).is_none_or(|known| how_short(&keys) < how_short(known));
            if is_shorter {
                shortest.insert(action, keys);
            }
        }
        shortest.into_iter().map(|(action, keys)| (action, write_keys(&keys))).collect()
    }
}

/// By what the keys of an action are put in order, the shortest first.
fn how_short(keys: &[Key]) -> (usize, Option<(bool, bool, bool, Code)>) {
    (keys.len(), keys.first().map(|key| key.rank()))
}

#[cfg(test)]
#[path = "keymap_tests.rs"]
mod tests;
