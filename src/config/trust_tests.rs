use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use super::*;

const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\n\
    carol:x:1002:1000::/home/carol:/bin/sh\ndan:x:1003:1003::/home/dan:/bin/sh\nbroken line\n";
const GROUP: &str =
    "root:x:0:\nalice:x:1000:\nbob:x:1001:\nstaff:x:50:alice,bob\nown:x:60:bob\ndan:x:1003:root,dan\nbroken\n";

fn judged(uid: u32, gid: u32, mode: u32, is_folder: bool) -> Option<Why> {
    wrong(Held { uid, gid, mode }, 1001, is_folder, |gid| is_private(gid, 1001, PASSWD, GROUP))
}

#[test]
fn what_belongs_to_the_user_or_to_root_and_only_they_write_is_trusted() {
    for (uid, mode) in [(1001, 0o100_600), (1001, 0o100_644), (0, 0o100_644), (0, 0o100_444)] {
        assert_eq!(judged(uid, 1001, mode, false), None, "{uid} {mode:o}");
    }
    assert_eq!(judged(1001, 1001, 0o40_755, true), None);
}

#[test]
fn what_belongs_to_another_user_is_refused_however_its_mode_is() {
    assert_eq!(judged(1000, 1000, 0o100_600, false), Some(Why::Anothers(1000)));
    assert_eq!(judged(1000, 1000, 0o40_700, true), Some(Why::Anothers(1000)));
    assert_eq!(judged(1000, 1000, 0o41_777, true), Some(Why::Anothers(1000)));
}

#[test]
fn what_everybody_writes_is_refused_but_for_a_folder_where_nobody_replaces_the_files_of_others() {
    assert_eq!(judged(1001, 1001, 0o100_602, false), Some(Why::OthersWrite));
    assert_eq!(judged(0, 0, 0o40_777, true), Some(Why::OthersWrite));
    assert_eq!(judged(0, 0, 0o41_777, true), None);
}

#[test]
fn a_group_may_write_where_it_has_no_member_but_the_user() {
    assert_eq!(judged(1001, 1001, 0o100_664, false), None, "a group of one's own");
    assert_eq!(judged(1001, 60, 0o100_664, false), None, "a group that lists one alone");
    assert_eq!(judged(1001, 50, 0o100_664, false), Some(Why::GroupWrites(50)), "a group that lists another");
    assert_eq!(judged(1001, 1000, 0o40_775, true), Some(Why::GroupWrites(1000)), "the group that others log in with");
    assert_eq!(judged(1001, 1003, 0o100_664, false), Some(Why::GroupWrites(1003)), "the group of another");
    assert_eq!(judged(1001, 77, 0o100_664, false), Some(Why::GroupWrites(77)), "a group that is listed nowhere");
}

#[test]
fn a_folder_above_that_others_write_is_refused_by_the_way_that_is_given_and_by_the_one_that_links_lead_to() {
    let dir = tempfile::tempdir().unwrap();
    let own = dir.path().join("home/config/postroom");
    std::fs::create_dir_all(&own).unwrap();
    let file = own.join("config.toml");
    std::fs::write(&file, "").unwrap();
    let open = |folder: &Path, mode: u32| std::fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
    for folder in ["", "home", "home/config", "home/config/postroom"] {
        open(&dir.path().join(folder), 0o755);
    }
    let link = dir.path().join("link.toml");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    assert!(guard(&file).is_ok() && guard(&link).is_ok());
    for above in ["home", "home/config", "home/config/postroom"] {
        let above = dir.path().join(above);
        for (mode, is_fine) in [(0o777, false), (0o1777, true), (0o755, true)] {
            open(&above, mode);
            for given in [&file, &link] {
                assert_eq!(guard(given).is_ok(), is_fine, "{} {mode:o} {}", above.display(), given.display());
            }
        }
    }
    let (between, hop, far) = (dir.path().join("between"), dir.path().join("between/hop"), dir.path().join("far.toml"));
    std::fs::create_dir(&between).unwrap();
    std::os::unix::fs::symlink(&file, &hop).unwrap();
    std::os::unix::fs::symlink("between/hop", &far).unwrap();
    for (mode, is_fine) in [(0o755, true), (0o777, false)] {
        open(&between, mode);
        assert_eq!(guard(&far).is_ok(), is_fine, "a link between two: {mode:o}");
    }
    open(dir.path(), 0o777);
    assert!(guard(&file).unwrap_err().message().contains(&*dir.path().to_string_lossy()));
}

#[test]
fn in_a_container_the_hosts_root_is_known_and_elsewhere_nobody_is_root() {
    assert_eq!(hosts_users("         0          0 4294967295\n", "65534\n"), None);
    assert_eq!(hosts_users("      1000       1000          1\n", "65534\n"), Some(65534));
    assert_eq!(hosts_users("", "65534"), None);
    assert_eq!(hosts_users("0 100000 65536\n", ""), None);
}
