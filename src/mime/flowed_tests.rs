use super::*;

#[test]
fn flowed_lines_are_joined_within_one_depth() {
    assert_eq!(unflow("one \ntwo\nthree", false), "one two\nthree");
    assert_eq!(unflow("> a \n> b\n>> c \ntext", false), "> a b\n>> c \ntext");
}

#[test]
fn delsp_takes_the_space_away() {
    assert_eq!(unflow("漢 \n字", true), "漢字");
}

#[test]
fn stuffed_spaces_and_the_signature_mark_are_kept_apart() {
    assert_eq!(unflow(" >not a quote\n -- \n-- \nme", false), ">not a quote\n-- \n-- \nme");
    assert_eq!(unflow("text \n-- \nme", false), "text \n-- \nme");
}
