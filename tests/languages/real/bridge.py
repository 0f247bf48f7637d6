#!/usr/bin/env python3
"""Runs inside a real terminal and hands it over: what comes by a socket is shown, what the terminal types goes back.

    bridge.py SOCKET
"""
import json
import os
import select
import socket
import struct
import sys
import termios
import tty


def main():
    link = socket.socket(socket.AF_UNIX)
    link.connect(sys.argv[1])
    tty.setraw(0)
    rows, columns = termios.tcgetwinsize(0) if hasattr(termios, "tcgetwinsize") else window()
    hello = json.dumps({"pid": os.getpid(), "rows": rows, "columns": columns, "environment": dict(os.environ)})
    link.sendall(hello.encode() + b"\n")
    while True:
        ready, _, _ = select.select([0, link], [], [])
        if link in ready:
            data = link.recv(65536)
            if not data:
                return
            while data:
                data = data[os.write(1, data):]
        if 0 in ready:
            data = os.read(0, 65536)
            if not data:
                return
            link.sendall(data)


def window():
    import fcntl
    return struct.unpack("HHHH", fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8))[:2]


if __name__ == "__main__":
    main()
