//! Who can change the config. It names programs that are run (for passwords, hooks, panels, the editor) and servers that get passwords, so
//! whoever can write it, or put another in its place, can do all that its reader can.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::error::{ErrorKind, UserError};

/// What decides who can write a file or folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Held {
    uid: u32,
    gid: u32,
    mode: u32,
}

/// Why a file or folder is not ours alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// It belongs to a user who is neither the one who runs this nor root.
    Anothers(u32),
    /// Its mode lets others write it.
    OthersWrite,
    /// Its mode lets a group write it that has other members.
    GroupWrites(u32),
}

/// The superuser, who can write everything anyway.
const ROOT: u32 = 0;
/// In a folder with this bit, nobody but its owner renames or deletes a file (`/tmp`).
const STICKY: u32 = 0o1000;
/// The most links that are followed: Linux opens nothing that is behind more (path_resolution(7)).
const LINKS_MAX: usize = 40;

/// Refuses a config, or a keymap beside it, that somebody else can change: it and every folder above it, by the path that is given and by the
/// ones that links lead to, belong to the user or to root, and nobody else may write them.
///
/// # Errors
/// With the first of them that somebody else can write. What can't be looked at is passed over: reading it fails by itself.
pub fn guard(config: &Path) -> Result<(), UserError> {
    let me = rustix::process::geteuid().as_raw();
    let given = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
    let ways = ways(given);
    let hosts = hosts_users(&read("/proc/self/uid_map"), &read("/proc/sys/kernel/overflowuid"));
    let mut looked_at: Vec<&Path> = Vec::new();
    for path in &ways {
        for (above, place) in path.ancestors().enumerate() {
            if looked_at.contains(&place) {
                continue;
            }
            looked_at.push(place);
            let Ok(meta) = std::fs::metadata(place) else { continue };
            let held = Held { uid: meta.uid(), gid: meta.gid(), mode: meta.mode() };
            // The file and its folder are the user's own affair; above them stands what the host made.
            let held = if above > 1 && Some(held.uid) == hosts { Held { uid: ROOT, ..held } } else { held };
            let is_alone = |gid| is_private(gid, me, &read("/etc/passwd"), &read("/etc/group"));
            if let Some(why) = wrong(held, me, meta.is_dir(), is_alone) {
                return Err(refusal(place, config, why));
            }
        }
    }
    Ok(())
}

/// Returns the path that is given and each that a link on the way leads to: whoever can change one of several links in a row leads all of
/// it elsewhere.
fn ways(given: PathBuf) -> Vec<PathBuf> {
    let mut ways = vec![given];
    let mut at = 0;
    while let Some(way) = ways.get(at).filter(|_| at < LINKS_MAX).cloned() {
        at += 1;
        for place in way.ancestors() {
            let (Ok(to), Some(folder)) = (std::fs::read_link(place), place.parent()) else { continue };
            let mut next = folder.join(to);
            if let Ok(below) = way.strip_prefix(place)
                && below != Path::new("")
            {
                next.push(below);
            }
            if !ways.contains(&next) {
                ways.push(next);
            }
        }
    }
    ways
}

/// Returns the number under which the users of the host are seen in a container that knows not all of them (user_namespaces(7)), its root
/// among them.
fn hosts_users(uid_map: &str, overflow: &str) -> Option<u32> {
    let knows_all = uid_map.split_whitespace().eq(["0", "0", "4294967295"]);
    if uid_map.trim().is_empty() || knows_all { None } else { overflow.trim().parse().ok() }
}

fn read(file: &str) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// Judges one file or folder for user `me`; `is_alone` tells whether a group has no member but `me`.
fn wrong(held: Held, me: u32, is_folder: bool, is_alone: impl Fn(u32) -> bool) -> Option<Why> {
    if held.uid != me && held.uid != ROOT {
        return Some(Why::Anothers(held.uid));
    }
    if is_folder && held.mode & STICKY != 0 {
        return None;
    }
    if held.mode & 0o002 != 0 {
        return Some(Why::OthersWrite);
    }
    (held.mode & 0o020 != 0 && !is_alone(held.gid)).then_some(Why::GroupWrites(held.gid))
}

/// Tells whether nobody but user `me` and root is in a group, by passwd(5) and group(5). Many systems give each user a group of their own
/// and let it write all that the user makes. A group that is listed elsewhere may have anybody in it.
fn is_private(gid: u32, me: u32, passwd: &str, group: &str) -> bool {
    let number = |field: Option<&&str>| field.and_then(|field| field.parse::<u32>().ok());
    let fields = |line: &'_ str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let users: Vec<Vec<String>> = passwd.lines().map(fields).collect();
    let uid_of = |user: &[String]| number(user.get(2).map(String::as_str).as_ref());
    let is_ours = |uid: Option<u32>| uid == Some(me) || uid == Some(ROOT);
    let named = |name: &str| users.iter().find(|user| user.first().is_some_and(|known| known == name));
    let mut groups =
        group.lines().map(fields).filter(|group| number(group.get(2).map(String::as_str).as_ref()) == Some(gid));
    let Some(found) = groups.next() else { return false };
    let members = found.get(3).map(String::as_str).unwrap_or_default();
    let listed = members.split(',').filter(|name| !name.is_empty());
    let by_list = listed.into_iter().all(|name| named(name).is_some_and(|user| is_ours(uid_of(user))));
    let by_login = users
        .iter()
        .filter(|user| number(user.get(3).map(String::as_str).as_ref()) == Some(gid))
        .all(|user| is_ours(uid_of(user)));
    by_list && by_login
}

fn refusal(place: &Path, config: &Path, why: Why) -> UserError {
    let path = place.display().to_string();
    let what = match why {
        Why::Anothers(uid) => phrase!("config-anothers", path = &path, uid = uid.to_string()),
        Why::OthersWrite => phrase!("config-others-write", path = &path),
        Why::GroupWrites(gid) => phrase!("config-group-writes", path = &path, gid = gid.to_string()),
    };
    let hint = match why {
        Why::Anothers(_) => phrase!("hint-config-own", config = config.display().to_string()),
        Why::OthersWrite | Why::GroupWrites(_) => phrase!("hint-config-chmod", path = path),
    };
    UserError::new(ErrorKind::Config, what).hint(hint)
}

#[cfg(test)]
#[path = "trust_tests.rs"]
mod tests;
