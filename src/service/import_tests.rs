use super::*;

#[test]
fn lines_get_the_ends_that_mails_have_where_the_archive_has_others() {
    assert_eq!(within_lines(b"A: b\n\nText\n".to_vec()), b"A: b\r\n\r\nText\r\n");
    assert_eq!(within_lines(b"A: b\n\nText\r\nmore".to_vec()), b"A: b\r\n\r\nText\r\nmore");
    assert_eq!(within_lines(b"A: b\r\n\r\nbare\n".to_vec()), b"A: b\r\n\r\nbare\n", "as it was sent");
    assert_eq!(within_lines(Vec::new()), b"");
}

#[test]
fn a_field_of_a_header_has_a_name_without_spaces() {
    for (line, is) in [
        (&b"Subject: x"[..], true),
        (b"X-Y:z", true),
        (b"Subject : x", true),
        (b"From ana", false),
        (b": x", false),
        (b"a b: c", false),
        (b"", false),
    ] {
        assert_eq!(is_field(line), is, "{}", String::from_utf8_lossy(line));
    }
}

/// Takes as many as there is room for, and gives up then.
struct Full {
    room: usize,
    ended: Option<UserError>,
    named: usize,
}

impl Into for Full {
    fn put(&mut self, mails: Vec<Ready>) -> Result<Vec<End>, UserError> {
        let end = |_: Ready| match self.room {
            0 if self.ended.is_some() => End::NotPut,
            0 => {
                self.ended = Some(UserError::new(crate::error::ErrorKind::Remote, "full"));
                End::Refused("full".into())
            }
            _ => {
                self.room -= 1;
                End::Taken
            }
        };
        Ok(mails.into_iter().map(end).collect())
    }

    fn ended(&mut self) -> Option<UserError> {
        self.ended.take()
    }

    fn told(&mut self, _: &Summary, _: Option<u64>) {}

    fn is_damaged(&mut self, _: &Damaged) {
        self.named += 1;
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

#[test]
fn what_was_taken_before_the_server_takes_no_more_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let mail = |n: usize| format!("From x Tue Dec  1 14:00:00 2026\nSubject: {n}\n\nText\n\n");
    std::fs::write(dir.path().join("old.mbox"), (0..9).map(mail).collect::<String>()).unwrap();
    let author = crate::op::record::Author {
        actor: crate::model::ids::Handle::new("alice").unwrap(),
        host: "test".to_owned(),
        clock: crate::model::clock::Clock::fixed(Timestamp::from_seconds(1_800_000_000)),
        ids: crate::model::clock::Ids::counted(1),
    };
    let options = crate::store::StoreOptions { author, team: Team::default(), history_after: i64::MAX };
    let store = Store::open(dir.path(), options).unwrap();
    let mut sources = Sources::open(&[dir.path().join("old.mbox")]).unwrap();
    let (mut summary, mut to) = (Summary::default(), Full { room: 3, ended: None, named: 0 });
    let ended = run(&store, &mut sources, true, &mut to, &mut summary);
    assert_eq!(ended.unwrap_err().kind, crate::error::ErrorKind::Remote);
    assert_eq!((summary.mails, summary.damaged, summary.all(), to.named), (3, 1, 4, 1));
}
