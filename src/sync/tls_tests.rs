use super::*;

#[test]
fn what_openssl_says_is_told_without_its_source_files() {
    let verify = "error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:\
        ssl/statem/statem_clnt.c:2092: (hostname mismatch)";
    let version = "error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version:ssl/record/rec_layer_s3.c:1605:SSL alert number 70";
    let plain = "error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl/record/ssl3_record.c:354:";
    for (given, told) in [
        (verify, "hostname mismatch"),
        (version, "tlsv1 alert protocol version"),
        (plain, "wrong version number"),
        ("unexpected EOF", "unexpected EOF"),
        ("Connection reset by peer (os error 104)", "Connection reset by peer (os error 104)"),
        ("", ""),
        ("error:", "error:"),
        ("()", "()"),
    ] {
        assert_eq!(words(given), told, "{given}");
    }
}

#[test]
fn a_certificate_that_is_refused_needs_a_person_and_a_broken_connection_does_not() {
    let refused = "error:0A000086:SSL routines:f:certificate verify failed:ssl/x.c:1: (self-signed certificate)";
    assert!(matches!(of_handshake(refused), TlsError::Untrusted(why) if why == "self-signed certificate"));
    let broken = "error:0A000126:SSL routines:ssl3_read_n:unexpected eof while reading:ssl/record/rec_layer_s3.c:303:";
    assert!(matches!(of_handshake(broken), TlsError::Failed(why) if why == "unexpected eof while reading"));
}
