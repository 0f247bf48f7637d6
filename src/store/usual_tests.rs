use super::*;
use crate::store::testing::Bench;

const SECOND: i64 = 1_000;

#[test]
fn nine_of_ten_answers_were_not_later_than_the_usual_wait() {
    assert_eq!(nine_of_ten((1..=100).collect()), Some(90));
    assert_eq!(nine_of_ten((1..=25).rev().collect()), Some(23));
}

#[test]
fn fewer_than_twenty_answers_tell_nothing() {
    assert_eq!(nine_of_ten(vec![5; 19]), None);
    assert_eq!(nine_of_ten(vec![5; 20]), Some(5));
    assert_eq!(nine_of_ten(vec![0; 30]), None);
}

#[test]
fn the_usual_wait_is_that_of_the_answers_that_the_store_holds() {
    let bench = Bench::new();
    for n in 0..20_i64 {
        bench.mail(n * 100, &format!("m{n}@x"), "ana@example.net", "Hello", &[]);
        // Nobody is answered whose mail came alone.
        bench.mail(n * 100, &format!("o{n}@x"), "ben@example.net", "Help", &[]);
        if n < 19 {
            bench.mail(n * 100 + n + 1, &format!("r{n}@x"), "support@team.example", "Re: Hello", &[&format!("m{n}@x")]);
        }
    }
    bench.finish();
    assert_eq!(bench.store.usual_wait().unwrap(), None);
    bench.mail(1_990, "r19@x", "support@team.example", "Re: Hello", &["m19@x"]);
    bench.finish();
    assert_eq!(bench.store.usual_wait().unwrap(), Some(18 * SECOND));
}
