#!/usr/bin/env python3
"""Copies a mailbox with all its folders, the team's log among them, to another server: order, flags and times of arrival stay.

    OLD_PASSWORD=… NEW_PASSWORD=… copy-mailbox.py imaps://support%40example.com@old.example.com imaps://support%40example.com@new.example.com

What is there already is passed over, so it may be called again: once beforehand, while everybody works, and once after the last client has
left. `postroom help backup` has the whole procedure. `--ca-file FILE` names a certificate for both.
"""

import argparse
import base64
import hashlib
import imaplib
import os
import re
import ssl
import sys
import urllib.parse

# So many headers are asked for together.
PORTION = 500
# So many bytes may stand in one line of a server's answer.
imaplib._MAXLINE = 10_000_000
LIST_LINE = re.compile(rb'^\((?P<flags>[^)]*)\) (?:"(?P<delimiter>(?:\\.|[^"])*)"|NIL) (?P<name>.*)$')
# Flags that a client may not set.
NOT_OURS = {b"\\recent"}


def log_in(url, password, context):
    """Opens a connection to what an URL names."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "imaps":
        server = imaplib.IMAP4_SSL(parts.hostname, parts.port or 993, ssl_context=context)
    else:
        server = imaplib.IMAP4(parts.hostname, parts.port or 143)
        if parts.hostname not in ("localhost", "127.0.0.1"):
            server.starttls(context)
    server.login(urllib.parse.unquote(parts.username or ""), password)
    return server


def done(answer, what):
    """Returns the data of an answer, or ends with what the server said."""
    status, data = answer
    if status != "OK":
        said = b" ".join(part for part in data if isinstance(part, bytes)).decode(errors="replace")
        sys.exit(f"copy-mailbox: {what}: {said}")
    return data


def folders(server):
    """Yields the folders that hold mail, by their names as IMAP encodes them, and the sign between their levels."""
    for line in done(server.list(), "LIST"):
        name = None
        if isinstance(line, tuple):
            line, name = line
        found = LIST_LINE.match(line or b"")
        if found and b"\\noselect" not in found["flags"].lower():
            if name is None:
                name = unquoted(found["name"].strip())
            yield name, unescaped(found["delimiter"] or b"/")


def unescaped(text):
    """Takes the backslashes away that stand before quotes and backslashes in a quoted string."""
    return re.sub(rb"\\(.)", rb"\1", text)


def unquoted(text):
    """Reads a name that may be a quoted string."""
    return unescaped(text[1:-1]) if len(text) > 1 and text[:1] == text[-1:] == b'"' else text


def readable(name):
    """Decodes the modified UTF-7 of a folder's name (RFC 3501 section 5.1.3)."""

    def decoded(found):
        letters = found[1].replace(b",", b"/")
        return base64.b64decode(letters + b"=" * (-len(letters) % 4)).decode("utf-16-be").encode() or b"&"

    try:
        return re.sub(rb"&([^-]*)-", decoded, name).decode()
    except ValueError:
        return name.decode(errors="replace")


def quoted(name):
    """Writes a folder's name as IMAP wants it, its modified UTF-7 as it came."""
    return b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def select(server, name, readonly):
    """Opens a folder and returns how many mails it has."""
    return int(done(server.select(quoted(name).decode("ascii"), readonly), f"SELECT {readable(name)}")[0])


def key_of(header):
    """What tells a mail from others: a hash of its header, which no server changes."""
    return hashlib.sha256(header.replace(b"\r\n", b"\n").strip()).digest()


def keys(server):
    """Returns (UID, key) of each mail in the open folder, in the order of their UIDs."""
    uids = b" ".join(part for part in done(server.uid("SEARCH", "ALL"), "SEARCH") if part).split()
    found = []
    for begin in range(0, len(uids), PORTION):
        asked = b",".join(uids[begin : begin + PORTION]).decode("ascii")
        for part in done(server.uid("FETCH", asked, "(UID BODY.PEEK[HEADER])"), "FETCH"):
            if isinstance(part, tuple):
                uid = re.search(rb"UID (\d+)", part[0])
                if uid:
                    found.append((int(uid[1]), key_of(part[1])))
    return sorted(found)


def copy_one(source, target, uid, name):
    """Copies one mail."""
    parts = done(source.uid("FETCH", str(uid), "(FLAGS INTERNALDATE BODY.PEEK[])"), f"FETCH {uid}")
    whole = next((part for part in parts if isinstance(part, tuple)), None)
    if whole is None:
        # Somebody moved it away meanwhile; it is met where it went.
        return 0
    about = b" ".join([whole[0]] + [part for part in parts if isinstance(part, bytes)])
    flags = re.search(rb"FLAGS \(([^)]*)\)", about)
    flags = [flag for flag in (flags[1].split() if flags else []) if flag.lower() not in NOT_OURS]
    date = re.search(rb'INTERNALDATE ("[^"]*")', about)
    flags_text = "(" + b" ".join(flags).decode("ascii", "replace") + ")"
    date_text = date[1].decode("ascii") if date else None
    done(target.append(quoted(name).decode("ascii"), flags_text, date_text, whole[1]), f"APPEND to {readable(name)}")
    return 1


def main():
    """Copies folder by folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--ca-file")
    args = parser.parse_args()
    context = ssl.create_default_context(cafile=args.ca_file)
    source = log_in(args.old, os.environ["OLD_PASSWORD"], context)
    target = log_in(args.new, os.environ["NEW_PASSWORD"], context)
    there = dict(folders(target))
    delimiters = set(there.values()) or {b"/"}
    for name, delimiter in folders(source):
        new_name = name.replace(delimiter, sorted(delimiters)[0])
        if new_name not in there and new_name.upper() != b"INBOX":
            done(target.create(quoted(new_name).decode("ascii")), f"CREATE {readable(new_name)}")
            target.subscribe(quoted(new_name).decode("ascii"))
        has = {key for _, key in keys(target)} if select(target, new_name, True) else set()
        wanted = keys(source) if select(source, name, True) else []
        copied = sum(copy_one(source, target, uid, new_name) for uid, key in wanted if key not in has)
        print(f"{readable(name)}: {copied} copied, {len(wanted) - copied} there already")
    source.logout()
    target.logout()


if __name__ == "__main__":
    main()
