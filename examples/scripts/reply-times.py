#!/usr/bin/env python3
"""Prints how fast a team answered: by inbox and by agent, with medians and nine tenths.

    postroom list 'is:any after:2026-11-01' --json --stats | reply-times.py
    postroom list 'is:any inbox:support'    --json --stats | reply-times.py --csv > support.csv

A first reply counts from the customer's first mail, a wait from the first mail that nobody had answered. Every line says how many there
were: a median of three is no figure.
"""

import argparse
import csv
import json
import statistics
import sys
from collections import defaultdict
from datetime import datetime


def seconds_between(begin, end):
    """Returns the seconds from one RFC 3339 moment to another."""
    moment = [datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (begin, end)]
    return (moment[1] - moment[0]).total_seconds()


def span(seconds):
    """Writes a time as people say it."""
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def figures(times):
    """Returns the count, the median and nine tenths of some times; nothing where there are none."""
    if not times:
        return [0, None, None]
    ordered = sorted(times)
    return [len(ordered), statistics.median(ordered), ordered[max(0, -(-9 * len(ordered) // 10) - 1)]]


def gather(lines):
    """Reads conversations, and returns the times of first replies and of waits by inbox, and what each agent did."""
    inboxes = defaultdict(lambda: {"conversations": 0, "closed": 0, "first reply": [], "wait": []})
    agents = defaultdict(lambda: {"replies": 0, "closed": 0})
    for line in lines:
        conversation = json.loads(line)
        if conversation.get("type") != "conversation":
            continue
        stats = conversation["stats"]
        inbox = inboxes[conversation["inbox"]]
        inbox["conversations"] += 1
        inbox["closed"] += conversation["status"] == "closed"
        if stats["first_reply"] and stats["waits"]:
            inbox["first reply"].append(seconds_between(stats["waits"][0]["from"], stats["first_reply"]))
        inbox["wait"] += [wait["seconds"] for wait in stats["waits"] if wait["end"] == "replied"]
        for reply in stats["replies"]:
            agents[reply["actor"] or "(another program)"]["replies"] += 1
        for closing in stats["closed"]:
            agents[closing["actor"] or "(nobody)"]["closed"] += 1
    return inboxes, agents


def main():
    """Prints two tables, or one CSV file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--csv", action="store_true", help="seconds, for a spreadsheet")
    args = parser.parse_args()
    inboxes, agents = gather(sys.stdin)
    rows = [
        [name, what, *figures(inbox[what])] for name, inbox in sorted(inboxes.items()) for what in ("first reply", "wait")
    ]
    if args.csv:
        out = csv.writer(sys.stdout)
        out.writerow(["inbox", "time", "n", "median_s", "p90_s"])
        out.writerows(rows)
        return
    print(f"{'inbox':<14} {'time':<12} {'n':>6} {'median':>9} {'p90':>9}")
    for name, what, n, median, most in rows:
        median, most = ("-" if time is None else span(time) for time in (median, most))
        print(f"{name:<14} {what:<12} {n:>6} {median:>9} {most:>9}")
    print(f"\n{'agent':<20} {'replies':>8} {'closed':>8}")
    for name, agent in sorted(agents.items()):
        print(f"{name:<20} {agent['replies']:>8} {agent['closed']:>8}")


if __name__ == "__main__":
    main()
