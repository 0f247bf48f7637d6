use super::greeted_at;
use crate::model::clock::Timestamp;

#[test]
fn the_time_of_a_greeting_is_read_where_it_says_one() {
    let said = |text| greeted_at(text).map(Timestamp::seconds);
    assert_eq!(said("mx.example.com ESMTP Exim 4.96 Tue, 01 Dec 2026 01:44:00 +0000"), Some(1_796_089_440));
    let exchange = "AM0PR.outlook.example Microsoft ESMTP MAIL Service ready at Tue, 1 Dec 2026 02:44:00 +0100 [08DA]";
    assert_eq!(said(exchange), Some(1_796_089_440));
    assert_eq!(said("smtp.example.com ESMTP ready"), None);
    assert_eq!(said("Mon, Tue, Sun, and no date"), None);
}
