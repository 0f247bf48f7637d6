//! Shows how mails are read (`read_mail FILE…`), or measures it (`read_mail --bench MBOX`).

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Instant;

use postroom::mime;
use postroom::model::message::Block;

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|arg| arg == "--bench") {
        args.drain(..1);
        args.iter().for_each(|path| bench(path));
        return;
    }
    for path in args {
        match std::fs::read(&path) {
            Ok(raw) if path.ends_with(".html") => show(&[b"Content-Type: text/html\n\n", &raw[..]].concat()),
            Ok(raw) => show(&raw),
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
}

fn show(raw: &[u8]) {
    let parsed = mime::parse(raw);
    println!("{:#?}", parsed.envelope);
    for block in &parsed.readable.blocks {
        let mark = match block {
            Block::Text(_) => ' ',
            Block::Quote(_) => 'Q',
            Block::Signature(_) => 'S',
        };
        for line in block.lines() {
            println!("{mark}| {line}");
        }
    }
    for link in &parsed.readable.links {
        println!("[{}] {}  {}", link.number, link.target, link.warning.as_ref().map_or("", |warning| warning.as_str()));
    }
    for attachment in &parsed.readable.attachments {
        println!("+ {} {} {} inline={}", attachment.name, attachment.media, attachment.size, attachment.inline);
    }
    for warning in &parsed.readable.warnings {
        println!("! {warning}");
    }
}

fn bench(path: &str) {
    let Ok(bytes) = std::fs::read(path) else {
        eprintln!("{path} can't be read");
        return;
    };
    let mut starts: Vec<usize> = vec![0];
    starts.extend(bytes.windows(7).enumerate().filter(|(_, window)| *window == b"\n\nFrom ").map(|(at, _)| at + 2));
    starts.push(bytes.len());
    let mails: Vec<&[u8]> = starts.windows(2).filter_map(|pair| bytes.get(*pair.first()?..*pair.last()?)).collect();
    let begin = Instant::now();
    let texts: usize = mails.iter().map(|raw| mime::parse(raw).search_text.len()).sum();
    let whole = begin.elapsed();
    let begin = Instant::now();
    let names: usize = mails.iter().map(|raw| mime::envelope(raw).subject.len()).sum();
    let heads = begin.elapsed();
    let count = u32::try_from(mails.len().max(1)).unwrap_or(u32::MAX);
    println!(
        "{path}: {count} mails, {} bytes each; parse {:?} a mail ({:.0} MB/s), envelope {:?} a mail ({texts} {names})",
        bytes.len() / mails.len().max(1),
        whole / count,
        bytes.len() as f64 / 1e6 / whole.as_secs_f64(),
        heads / count
    );
}
