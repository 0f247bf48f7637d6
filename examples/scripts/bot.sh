#!/bin/sh
# A bot that answers: takes the longest waiting, asks a program for an answer, and sends it, until nothing is left. Any number of them may
# run side by side, each with a name of its own; no two get the same conversation.
#
#     bot.sh bot-1 inbox:billing ./answer
#
# The program gets the conversation as JSON and prints the answer. Where it prints none, fails, or its answer can't be sent, the conversation
# goes back with a note, for people.
set -u
worker=${1:?usage: bot.sh WORKER QUERY PROGRAM} query=${2:?} program=${3:?}
answer=$(mktemp)
trap 'rm -f "$answer"; postroom next --release --worker "$worker" --ok-if-empty >/dev/null 2>&1' EXIT
trap 'exit 130' INT TERM

# Gives a conversation back to people, with a note that says why. It comes no more, so nothing is tried for ever.
hand_over() {
    postroom tag for-people "$id" && postroom note "$1" "$id" && postroom assign nobody "$id"
}

while id=$(postroom next "($query) -tag:for-people" --worker "$worker" --format ids --allow-unknown); do
    if ! { postroom show "$id" --json | "$program" >"$answer" && [ -s "$answer" ]; }; then
        hand_over "The bot has no answer." || exit
    # The key makes a second answer impossible where the bot is killed between sending and asking for the next.
    elif ! postroom reply "$id" --body-file "$answer" --send --once "bot-${id#*@}"; then
        hand_over "The bot's answer could not be sent." || exit
    fi
done
code=$?
# 1 is: nothing is left.
[ "$code" -eq 1 ] || exit "$code"
