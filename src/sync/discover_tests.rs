use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, UdpSocket};

use simple_dns::rdata::{MX, RData, SRV};
use simple_dns::{CLASS, Name, Packet, PacketFlag, QTYPE, ResourceRecord, TYPE};

use super::*;

/// Answers questions about names, as long as somebody asks; with what `records` says of a name and a kind.
fn name_server(records: fn(&str, TYPE) -> Vec<RData<'static>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = socket.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut buffer) {
            let asked = Packet::parse(&buffer[..length]).unwrap();
            let mut answer = Packet::new_reply(asked.id());
            answer.set_flags(PacketFlag::RESPONSE);
            let question = &asked.questions[0];
            let name = question.qname.to_string();
            let QTYPE::TYPE(kind) = question.qtype else { continue };
            for data in records(&name, kind) {
                answer.answers.push(ResourceRecord::new(Name::new(&name).unwrap().into_owned(), CLASS::IN, 60, data));
            }
            socket.send_to(&answer.build_bytes_vec().unwrap(), from).unwrap();
        }
    });
    at
}

/// Serves one file over HTTP to whoever asks for a path that begins so.
fn web(begins: &'static str, file: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut line = String::new();
            BufReader::new(&stream).read_line(&mut line).unwrap();
            let (status, body) =
                if line.starts_with(&format!("GET {begins}")) { ("200 OK", file) } else { ("404 Not Found", "") };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    format!("http://127.0.0.1:{port}")
}

/// Sends everybody on to another address.
fn redirecting(to: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            BufReader::new(&stream).read_line(&mut String::new()).unwrap();
            let _ = write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn mx(preference: u16, exchange: &'static str) -> RData<'static> {
    RData::MX(MX { preference, exchange: Name::new(exchange).unwrap() })
}

fn srv(priority: u16, port: u16, target: &'static str) -> RData<'static> {
    RData::SRV(SRV { priority, weight: 0, port, target: Name::new(target).unwrap() })
}

fn looks(at: SocketAddr, files: &[String]) -> Lookup {
    Lookup { name_servers: vec![at], files: files.to_vec(), within: ALL }
}

#[test]
fn who_takes_a_domains_mail_tells_the_provider() {
    let at = name_server(|name, kind| match (name, kind) {
        ("shop.de", TYPE::MX) => vec![mx(20, "backup.example.net"), mx(10, "aspmx.l.google.com")],
        _ => vec![],
    });
    let found = looks(at, &[]).servers("support@shop.de");
    assert_eq!(found.preset.map(|preset| preset.name), Some("gmail"));
}

#[test]
fn what_the_name_system_says_of_services_is_taken_secured_ones_first() {
    let at = name_server(|name, kind| match (name, kind) {
        ("_imaps._tcp.shop.de", TYPE::SRV) => vec![srv(20, 994, "b.shop.de"), srv(10, 993, "a.shop.de")],
        ("_imap._tcp.shop.de", TYPE::SRV) => vec![srv(0, 143, "a.shop.de")],
        ("_submission._tcp.shop.de", TYPE::SRV) => vec![srv(0, 587, "out.shop.de")],
        _ => vec![],
    });
    let found = looks(at, &[]).servers("support@shop.de");
    let listens = |host: &str, port, security| Some(Listens { host: host.to_owned(), port, security });
    assert_eq!(found.imap, listens("a.shop.de", 993, Security::Tls));
    assert_eq!(found.smtp, listens("out.shop.de", 587, Security::StartTls));
    assert_eq!(found.source, Some(Source::Names));
}

#[test]
fn a_domain_that_says_of_a_service_that_it_has_none_is_believed() {
    let at = name_server(|name, kind| match (name, kind) {
        ("_imaps._tcp.shop.de", TYPE::SRV) => vec![srv(0, 0, ".")],
        _ => vec![],
    });
    assert_eq!(looks(at, &[]).servers("support@shop.de"), Servers::default());
}

/// Tells that an answer does not fit into one packet, and gives it over TCP, a byte now and then. Returns how many bytes were taken.
fn trickling_name_server(length: u16) -> (SocketAddr, std::sync::mpsc::Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let socket = UdpSocket::bind(at).unwrap();
    let (send, taken) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 512];
        let (got, from) = socket.recv_from(&mut buffer).unwrap();
        let mut answer = Packet::new_reply(Packet::parse(&buffer[..got]).unwrap().id());
        answer.set_flags(PacketFlag::RESPONSE | PacketFlag::TRUNCATION);
        socket.send_to(&answer.build_bytes_vec().unwrap(), from).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        let bytes = length.to_be_bytes().into_iter().chain(std::iter::repeat_n(0, usize::from(length)));
        let is_taken = |byte: &u8| {
            // The rest of the question, or nothing: that makes the pause.
            let _ = stream.read(&mut buffer);
            stream.write_all(&[*byte]).is_ok()
        };
        let _ = send.send(bytes.take_while(is_taken).count());
    });
    (at, taken)
}

#[test]
fn an_answer_that_comes_byte_by_byte_is_not_waited_for_to_its_end() {
    let (at, taken) = trickling_name_server(1000);
    let names = names::Names::new(std::slice::from_ref(&at), Patience::begin(Duration::from_millis(100), ALL));
    assert_eq!(names.takers("shop.de"), names::Asked::Nobody);
    let taken = taken.recv().unwrap();
    assert!(taken < 1002, "{taken}");
}

#[test]
fn a_service_at_what_is_no_host_is_none() {
    let at = name_server(|name, kind| match (name, kind) {
        ("_imaps._tcp.shop.de", TYPE::SRV) => vec![srv(0, 993, "in_or@out.shop.de")],
        _ => vec![],
    });
    assert_eq!(looks(at, &[]).servers("support@shop.de"), Servers::default());
}

const FILE: &str = r#"<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="shop.de">
    <incomingServer type="pop3"><hostname>pop.shop.de</hostname><port>995</port><socketType>SSL</socketType></incomingServer>
    <incomingServer type="imap"><hostname>in.shop.de</hostname><port>143</port><socketType>plain</socketType></incomingServer>
    <incomingServer type="imap"><hostname>in.%EMAILDOMAIN%</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILLOCALPART%</username></incomingServer>
    <outgoingServer type="smtp"><hostname>out.shop.de</hostname><port>587</port><socketType>STARTTLS</socketType></outgoingServer>
    </emailProvider></clientConfig>"#;

#[test]
fn the_file_for_mail_programs_is_read_where_the_name_system_says_nothing() {
    let at = name_server(|_, _| vec![]);
    let server = web("/mail/config-v1.1.xml?emailaddress=support%2Bx@shop.de", FILE);
    let files = [format!("{server}/not-there"), format!("{server}/mail/config-v1.1.xml?emailaddress={{address}}")];
    let found = looks(at, &files).servers("support+x@shop.de");
    let (imap, smtp) = (found.imap.unwrap(), found.smtp.unwrap());
    assert_eq!((imap.host.as_str(), imap.port, imap.security), ("in.shop.de", 993, Security::Tls));
    assert_eq!((smtp.host.as_str(), smtp.port, smtp.security), ("out.shop.de", 587, Security::StartTls));
    assert_eq!((found.user.as_deref(), found.source), (Some("support+x"), Some(Source::Autoconfig)));
}

#[test]
fn a_file_that_is_none_or_names_no_place_for_a_password_is_nothing() {
    for xml in [
        "",
        "<html><body>Not found",
        "<clientConfig/>",
        "<clientConfig><emailProvider/></clientConfig>",
        &FILE.replace(">SSL<", ">plain<"),
        &FILE.replace("in.%EMAILDOMAIN%", "in.example/evil"),
        &FILE.replace("in.%EMAILDOMAIN%", "%UNKNOWN%"),
        &FILE.replace("in.%EMAILDOMAIN%", "-"),
        &FILE.replace("in.%EMAILDOMAIN%", "."),
        &FILE.replace("993", "99999"),
    ] {
        assert_eq!(autoconfig::read(xml, "support@shop.de"), None, "{xml}");
    }
}

#[test]
fn reserved_domains_and_a_machine_without_name_servers_ask_nobody() {
    let at = name_server(|_, _| vec![mx(0, "aspmx.l.google.com")]);
    for address in
        ["a@shop.example", "a@example.com", "a@mail.example.org", "a@localhost", "a@mail.test", "nonsense", "a@"]
    {
        assert_eq!(looks(at, &[]).servers(address), Servers::default(), "{address}");
        assert_eq!(looks(at, &[]).domain(address), None, "{address}: nothing is said to be looked for");
    }
    assert_eq!(looks(at, &[]).domain("a@bücher.de").as_deref(), Some("xn--bcher-kva.de"));
    let nobody = Lookup { name_servers: vec![], files: vec!["http://127.0.0.1:1/".to_owned()], within: ALL };
    assert_eq!(nobody.servers("support@shop.de"), Servers::default());
    assert_eq!(nobody.domain("support@shop.de"), None);
}

#[test]
fn nobody_is_asked_once_the_time_for_all_is_over() {
    let at = name_server(|_, _| vec![mx(0, "aspmx.l.google.com")]);
    let late = Lookup { within: Duration::ZERO, ..looks(at, &[web("/", FILE)]) };
    assert_eq!(late.servers("support@shop.de"), Servers::default());
}

#[test]
fn a_web_server_sends_us_on_a_few_times_and_over_https_alone() {
    let to = |url: &str| reqwest::Url::parse(url).unwrap();
    assert!(autoconfig::follows(&to("https://autoconfig.hoster.example/x.xml"), 1));
    assert!(!autoconfig::follows(&to("http://autoconfig.hoster.example/x.xml"), 1));
    assert!(!autoconfig::follows(&to("https://autoconfig.hoster.example/x.xml"), 4));
    let there = web("/", FILE);
    let leads = redirecting(format!("{there}/config.xml"));
    assert_eq!(autoconfig::fetch(&leads, ONE), None, "it is not over HTTPS");
    assert!(autoconfig::fetch(&there, ONE).is_some());
}

#[test]
fn name_servers_are_read_as_the_system_has_them() {
    let text = "# none\nsearch lan\nnameserver 127.0.0.53\n nameserver ::1 # six\nnameserver bad\nnameserver 10.0.0.1\nnameserver 10.0.0.2\n";
    let found: Vec<String> = names::name_servers(text).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["127.0.0.53:53", "[::1]:53", "10.0.0.1:53"]);
}
