use super::*;

#[test]
fn a_question_that_comes_byte_by_byte_is_looked_through_once_and_ends_where_its_end_stands() {
    for end in ["\r\n\r\n", "\n\n"] {
        let question = format!("GET /?code=1 HTTP/1.1\r\nX: {}Host: x{end}", "y\r\n".repeat(10_000));
        let (bytes, mut looked, mut read, mut found) = (question.as_bytes(), 0, 0, Vec::new());
        for come in 1..=bytes.len() {
            let part = fresh(&bytes[..come], looked);
            read += part.len();
            if ENDS.iter().any(|end| memchr::memmem::find(part, end).is_some()) {
                found.push(come);
            }
            looked = come;
        }
        assert_eq!(found.first(), Some(&bytes.len()));
        assert!(read <= 4 * bytes.len(), "{read} of {}", bytes.len());
    }
}

#[test]
fn what_came_in_one_go_is_looked_through_from_its_beginning() {
    for looked in 0..4 {
        assert_eq!(fresh(b"\r\n\r\n", looked).len(), 4);
    }
    assert_eq!(fresh(b"GET / HTTP/1.1\r\n\r\n", 10), b"TTP/1.1\r\n\r\n".as_slice());
}
