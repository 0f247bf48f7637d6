use super::*;
use crate::model::ids::ConversationId;
use crate::model::text::SafeText;
use crate::store::Overturned;

#[test]
fn a_pass_without_trouble_tells_nothing() {
    let pass = LogPass { pulled: 3, pushed: 2, ..LogPass::default() };
    assert!(pass.told().is_empty());
}

#[test]
fn every_trouble_comes_with_what_to_do() {
    let pass = LogPass {
        read_only: true,
        newer: 1,
        foreign: 2,
        damaged: 1,
        notices: vec![Overturned {
            conversation: ConversationId::from_kept("ab12".to_owned()),
            words: SafeText::line("alice was first and has it: ab12 Lamp"),
        }],
        ..LogPass::default()
    };
    let told = pass.told();
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|error| error.remedy.is_some()));
    assert!(told.iter().any(|error| error.message().starts_with("3 mails")));
}
