//! Questions to the name system: MX (RFC 1035) and SRV (RFC 2782). One packet there and one back; one that does not fit comes over TCP.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Instant;

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};

use super::Patience;
use crate::model::host::is_host_name;

/// The longest answer that comes without TCP, in bytes: no EDNS is asked for.
const UDP_MAX: usize = 1232;
/// Name servers behind these are not asked, as the C library has it.
const SERVERS_MAX: usize = 3;

/// Reads which name servers `resolv.conf` names.
pub(super) fn name_servers(resolv: &str) -> Vec<SocketAddr> {
    let named = resolv.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let address = |rest: &str| rest.split_whitespace().next()?.parse::<IpAddr>().ok();
    named.filter_map(address).take(SERVERS_MAX).map(|ip| SocketAddr::new(ip, 53)).collect()
}

/// What came of a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked<T> {
    /// Somebody answered, perhaps that there is nothing.
    Answered(T),
    /// Nobody did.
    Nobody,
}

/// Tells whether a name is that of a host: the name system takes any bytes.
pub(super) fn is_host(name: &str) -> bool {
    name.is_ascii() && !name.contains('_') && is_host_name(name)
}

/// Whoever answers questions about names.
pub(super) struct Names<'a> {
    servers: &'a [SocketAddr],
    patience: Patience,
}

impl<'a> Names<'a> {
    pub(super) fn new(servers: &'a [SocketAddr], patience: Patience) -> Self {
        Self { servers, patience }
    }

    /// Returns who takes mail for a domain, the preferred first.
    pub(super) fn takers(&self, domain: &str) -> Asked<Vec<String>> {
        let read = |data: &RData<'_>| match data {
            RData::MX(mx) => Some((mx.preference, mx.exchange.to_string())),
            _ => None,
        };
        match self.ask(domain, TYPE::MX, read) {
            Asked::Nobody => Asked::Nobody,
            Asked::Answered(mut found) => {
                found.sort();
                Asked::Answered(found.into_iter().map(|(_, host)| host).collect())
            }
        }
    }

    /// Returns where a service is; `None` where the domain says nothing of it, or that it has none (a target of `.`).
    pub(super) fn service(&self, name: &str) -> Option<(String, u16)> {
        let read = |data: &RData<'_>| match data {
            RData::SRV(srv) => Some(((srv.priority, std::cmp::Reverse(srv.weight)), srv.target.to_string(), srv.port)),
            _ => None,
        };
        let Asked::Answered(found) = self.ask(name, TYPE::SRV, read) else { return None };
        let best = found.into_iter().min()?;
        let host = best.1.trim_end_matches('.').to_owned();
        (is_host(&host) && best.2 > 0).then_some((host, best.2))
    }

    fn ask<T>(&self, name: &str, kind: TYPE, read: impl Fn(&RData<'_>) -> Option<T>) -> Asked<Vec<T>> {
        let mut id = [0; 2];
        // A number that others can't guess: an answer with another is not for us.
        if getrandom::fill(&mut id).is_err() {
            return Asked::Nobody;
        }
        let id = u16::from_be_bytes(id);
        let Some(question) = question(id, name, kind) else { return Asked::Answered(Vec::new()) };
        for server in self.servers {
            let Some(bytes) = over_udp(*server, &question, id, self.patience) else { continue };
            let Ok(packet) = Packet::parse(&bytes) else { continue };
            match packet.rcode() {
                RCODE::NoError => {
                    return Asked::Answered(packet.answers.iter().filter_map(|answer| read(&answer.rdata)).collect());
                }
                RCODE::NameError => return Asked::Answered(Vec::new()),
                _ => {}
            }
        }
        Asked::Nobody
    }
}

fn question(id: u16, name: &str, kind: TYPE) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let name = Name::new(name).ok()?;
    packet.questions.push(Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
    packet.build_bytes_vec().ok()
}

/// Tells whether an answer is to this question.
fn is_to(bytes: &[u8], id: u16) -> bool {
    Packet::parse(bytes).is_ok_and(|packet| packet.id() == id && packet.has_flags(PacketFlag::RESPONSE))
}

fn over_udp(server: SocketAddr, question: &[u8], id: u16, patience: Patience) -> Option<Vec<u8>> {
    let from: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((from, 0)).ok()?;
    socket.set_read_timeout(Some(patience.left()?)).ok()?;
    socket.connect(server).ok()?;
    socket.send(question).ok()?;
    let mut buffer = [0; UDP_MAX];
    let length = socket.recv(&mut buffer).ok()?;
    let bytes = buffer.get(..length).filter(|bytes| is_to(bytes, id))?;
    match Packet::parse(bytes).is_ok_and(|packet| packet.has_flags(PacketFlag::TRUNCATION)) {
        true => over_tcp(server, question, id, patience),
        false => Some(bytes.to_vec()),
    }
}

/// Asks over TCP: each message has its length in front (RFC 1035 section 4.2.2).
fn over_tcp(server: SocketAddr, question: &[u8], id: u16, patience: Patience) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, patience.left()?).ok()?;
    stream.set_write_timeout(Some(patience.left()?)).ok()?;
    let length = u16::try_from(question.len()).ok()?.to_be_bytes();
    stream.write_all(&[&length, question].concat()).ok()?;
    let end = Instant::now() + patience.left()?;
    let mut length = [0; 2];
    read_by(&mut stream, &mut length, end)?;
    let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
    read_by(&mut stream, &mut bytes, end)?;
    Some(bytes).filter(|bytes| is_to(bytes, id))
}

/// Fills a buffer until then: byte by byte, each in time, an answer would take a day.
fn read_by(stream: &mut TcpStream, mut buffer: &mut [u8], end: Instant) -> Option<()> {
    while !buffer.is_empty() {
        let left = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
        stream.set_read_timeout(Some(left)).ok()?;
        match stream.read(buffer) {
            Ok(0) => return None,
            Ok(length) => buffer = buffer.get_mut(length..)?,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
    Some(())
}
