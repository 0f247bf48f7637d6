# The sentences of postroom in English. How to add one stands at the head of src/text.rs.
# Verbs, keys of queries, names of actions and what is typed for a status are words of the program, the same in every language.

## Sync: errors

sync-of-account = {" "}of { $account }
sync-no-descriptors = no file descriptors are left: nothing is synced
sync-another = another postroom is syncing this store
hint-sync-another = it brings new mail by itself; nothing needs to be done
hint-folder-and-disk = check that the folder is yours and the disk is not full
hint-again-by-itself = it is tried again by itself
# What went wrong with a mail server: $what is one of the sentences below it.
smtp-test-failed = outgoing mail, port { $port }: { $what }
hint-smtp-test-failed = check host, port and security of the server for outgoing mail: 465 with tls and 587 with starttls are usual
imap-trouble = account { $account }: { $host }:{ $port }: { $what }
imap-unknown-host = the name is not known
imap-refused = the connection was refused
imap-timeout = no answer in time
imap-certificate = its certificate is not trusted: { $why }
imap-tls = TLS failed: { $why }
imap-plain = a connection without TLS is allowed to this machine only
imap-no-starttls = it does not offer STARTTLS
imap-login = it refused the login: { $words }
imap-no = it answered NO: { $words }
imap-bad = it does not understand: { $words }
imap-throttled = it asks us to slow down: { $words }
imap-lost = the connection ended
imap-bye = the connection ended: { $words }
imap-protocol = it sent what can't be read: { $why }
imap-too-much = it sent more than it may: { $why }
imap-too-slow = it is too slow: { $bytes } bytes in { $seconds } seconds, where { $least } bytes a second are the least
imap-no-folder = there is no folder { $folder }
imap-stopped = stopped
# A mail or folder that is set aside, and why.
aside-mail = account { $account }: mail { $uid } in { $folder }{ $from } can't be fetched: { $why }
aside-folder = account { $account }: { $folder } can't be read: { $why }
aside-from = {" "}from { $sender }
aside-with-words = { $why } ({ $words })
aside-refused = the server refuses it
aside-ended = the connection ends each time
aside-too-much = the server sends more than it may
aside-too-slow = the server is too slow
aside-unreadable = what the server sends can't be read
aside-not-sent = the server has it and does not send it
aside-store = the store does not take it
hint-aside-in-list = what could be had of it is in the list; it is tried again by itself, and another mail program may open it
hint-aside-stands-in = a message in its place says so; it is tried again by itself, and another mail program may open it
hint-aside-folder = the other folders are synced, and this one is tried again by itself
folder-lost-mails = { $count ->
    [one] { $account }: { $folder } was remade or restored from a backup on the server: 1 mail that was there before stays here, marked as gone
   *[other] { $account }: { $folder } was remade or restored from a backup on the server: { $count } mails that were there before stay here, marked as gone
}
hint-folder-lost-mails = nothing is lost here; what is needed on the server can be forwarded
# The team's log.
log-trouble = the team's log{ $of }: { $what }
log-not-shown = the server took the team's log mail but does not show it
log-read-only = the mailbox{ $of } lets you read the team's log but not write to it
log-newer = { $count ->
    [one] 1 mail of the team's log{ $of } was written by a newer postroom
   *[other] { $count } mails of the team's log{ $of } were written by a newer postroom
}
log-strays = { $count ->
    [one] 1 mail in the folder of the team's log{ $of } is not postroom's or is spoiled
   *[other] { $count } mails in the folder of the team's log{ $of } are not postroom's or are spoiled
}
log-stranger = { $id } from { $from }
log-delivered = { $count ->
    [one] a mail that was delivered into the folder of the team's log{ $of } carries records; they don't count ({ $which })
   *[other] { $count } mails that were delivered into the folder of the team's log{ $of } carry records; they don't count ({ $which })
}
log-unsigned = { $count ->
    [one] a mail of the team's log{ $of } is not signed with the team's key; its records don't count ({ $which })
   *[other] { $count } mails of the team's log{ $of } are not signed with the team's key; their records don't count ({ $which })
}
log-adds-headers = the server marks as delivered what postroom writes to the team's log{ $of }: who only sends mail there can't be told apart
log-unadopted = most mails of the team's log{ $of } look delivered and are not signed, as after the move of a mailbox: what is new in them does not count
log-folder-gone = the folder { $folder } is gone
log-folder-read-only = the mailbox is read-only: { $words }
log-folder-throttled = the server asks us to slow down: { $words }
log-folder-not-made = the folder { $folder } is not there and can't be made: { $why }
log-folder-full = the mailbox is full: { $words }
log-folder-refused = the server refused: { $words }
hint-assign-again = assign it again to take it over
hint-log-insert = what you do stays on this machine until the mailbox's owner grants the right to insert (ACL `i`)
hint-log-newer = update postroom to see what they say
hint-log-strays = { $count ->
    [one] it is left where it is and not read
   *[other] they are left where they are and not read
}
hint-log-delivered = somebody can send mail into that folder: look at it, delete what is not yours, and stop the server from filing mail there
hint-log-unsigned = whoever wrote it updates postroom, or syncs again; what was written there is pushed again by then
hint-log-adds-headers = name the team's key in the config, `log_key` of the account; `postroom team rotate-key` lists the keys
hint-log-unadopted = `postroom team adopt-log` lists who wrote what in them, and says how it is made to count
config-no-fingerprint = { $given } is no fingerprint of a key
hint-fingerprint = a fingerprint has 32 hex digits; `postroom team rotate-key` lists those of the log's keys
team-nothing-to-adopt = nothing of the team's log of { $account } waits to be adopted
team-adoptable = mails of the team's log of { $account } that don't count hold:
team-adopt-yes = with --yes --up-to { $to } all of it counts, for everybody, and a signed snapshot says so
team-adopt-blind = nothing was taken in: --yes takes in what you looked at, and --up-to says what that was
team-adopt-other = nothing was taken in: what you looked at is not what the folder holds now
hint-team-adopt-look = `postroom team adopt-log` lists who wrote what, and says which --up-to to give with --yes
team-adopt-later = { $count ->
    [one] one mail came later and stays as it is
   *[other] { $count } mails came later and stay as they are
}
team-adopted = { $count ->
    [one] 1 record is taken in, and a signed snapshot says so
   *[other] { $count } records are taken in, and a signed snapshot says so
}
team-keys = the keys of the team's log of { $account }:
log-no-signatures = the log of account { $account } has no signatures: its server says who wrote what
team-no-keys = the team's log of { $account } has no key: the first that is written there makes one
team-rotate-yes = with --yes a new key takes their place: what is signed with them from then on does not count as signed
team-rotated = the key { $fingerprint } takes their place
team-needs-server = the folder of the team's log is needed for this, and --offline keeps from connecting
hint-team-needs-server = run it again without --offline
team-changed = { $account }: other processes set the team's record again and again meanwhile
hint-team-changed = run it again
team-busy = another postroom syncs this store
hint-team-busy = end it, or run this where it does not run
team-which-account = there are several accounts with a server
hint-which-account = name one: --account { $names }
hint-log-missing = it is made again at the next try, from the copies of all clients
hint-log-not-made = make a folder { $folder } with another mail program, or set `log_folder` to one that is there; what you do stays on this machine until then
hint-log-full = make room in the mailbox; what you did is kept, and goes there with the next try
hint-log-refused = what you did is kept and tried again; ask the mailbox's owner if it stays
hint-log-later = what you did is kept and pushed later by itself
# Mail that moves between folders.
moved-mails-stay = the mails that were moved stay in { $folder } too, marked as deleted
hint-moved-mails-stay = this server can't remove single mails; any mail program that empties the folder of deleted mail does it
mails-not-moved = { $count ->
    [one] cannot move a mail from { $source } to { $target }: { $why }
   *[other] cannot move { $count } mails from { $source } to { $target }: { $why }
}
hint-mails-not-moved = the conversation is moved all the same, and its mail follows when the server lets it (rights `te` on the old folder, `i` on the new one); undoing the move calls it off
# Mail that goes out.
outbox-waits = { $count ->
    [one] a mail to { $to } waits: { $why }
   *[other] { $count } mails wait, the first, to { $to }, because: { $why }
}
hint-outbox-waits = it is tried again by itself; the outbox lists what waits, and when
outbox-folder-remade = { $host }: { $folder } was remade or restored and is being read anew
outbox-mailbox-failed = { $host }: { $what }
smtp-untrusted = { $host }: the certificate can't be trusted: { $why }
smtp-plain = { $host } may not be spoken to in clear
smtp-no-starttls = { $host } does not offer STARTTLS
smtp-login-refused = { $host } refuses the login of { $user }: { $words }
hint-smtp-untrusted = check the host name, or name the server's own authority as ca_file
hint-smtp-plain = set security to tls or starttls; plain is for this machine only
hint-smtp-no-starttls = set security to tls, or ask who runs the server
hint-smtp-password = check user and password of this account's smtp
hint-smtp-token = check user and token of this account's smtp
smtp-no-answer = { $host } had the whole mail and did not answer: { $why }
smtp-said = { $host } said { $words }
smtp-no-address = { $address } is no mail address
outbox-somebody-else = somebody else works on this mail
outbox-store = the store can't be written: { $why }
# A refusal of a mail with what it means.
smtp-explained = { $words } ({ $meaning })
smtp-means-send-as = this login may not send as the inbox's address: ask for the right to Send As (or Send on Behalf, and set the identity so)
smtp-means-login = the server wants a login: set user and secret of this account's smtp
smtp-means-no-address = there is no such address: check it
smtp-means-full = the recipient's mailbox is full
smtp-means-too-large = the mail is too large: send fewer or smaller files
smtp-means-domain = the sender's domain does not vouch for this server (SPF, DKIM, DMARC): ask who runs the domain
smtp-means-relay = this server does not send for others: check that host and login belong together
smtp-means-rules = the server's rules forbid it: the words above say which
# Passwords and tokens.
oauth-trouble = account { $account }: { $what }
oauth-no-grant = nobody has logged it in yet
oauth-revoked = its login has expired or was revoked
oauth-revoked-words = its login has expired or was revoked: { $words }
oauth-denied = it was not agreed to
oauth-too-late = nobody agreed in time
oauth-refused = the provider refuses it ({ $code })
oauth-refused-words = the provider refuses it ({ $code }): { $words }
oauth-unreachable = the provider of its logins can't be reached: { $why }
oauth-nonsense = what the provider answers is no answer: { $why }
oauth-no-client-secret = the secret of the client, from client_secret_command: { $why }
oauth-not-kept = its tokens can't be kept or read: { $why }
oauth-not-the-address = that is not the address that the browser was sent to: it begins with http://127.0.0.1 or http://localhost and has `code=` in it
oauth-of-another = that address belongs to another try
oauth-stopped = it was stopped
hint-login = run `postroom login { $account }`; what came meanwhile is fetched then
hint-token-refused = run `postroom login { $account }`; where that helps nothing, the mailbox lets no program in, or the client may not ask for mail
hint-oauth-client = check `client_id`, `client_secret` and `scopes` below account.{ $account }.oauth2, and how the client is registered (`postroom help oauth2`)
hint-oauth-kept = look at the rights of the folder of the store and at its disk, or say `tokens = "file"` or "keyring" below account.{ $account }.oauth2
hint-oauth2 = say `auth = "oauth2"` and add a section `oauth2` to the account (`postroom help oauth2`)
hint-client-id = the client that you registered with the provider (`postroom help oauth2`)
hint-tenant = the id of the tenant or its domain; `organizations`, `consumers` and `common` are those of all
hint-provider = say `provider = "google"` or "microsoft", or name `authorize_url` or `device_url`, and `token_url`
hint-provider-url = an address that begins with https://; http:// goes to this machine only
config-no-oauth2 = { $section } logs in by OAuth2, and nothing says how
config-no-provider = { $section } names no provider
config-open-secret = client_secret stands in a file that others can read
login-page-done = postroom has what it needs. You can close this page.
login-forgotten = Forgotten. The provider goes on listing the program until you take it off there.
login-nothing-kept = Nothing was kept.
login-offline = logging in needs the network
login-renews-not = The provider gave no token that renews itself: you will be asked again once this one ends. `offline_access` may be missing in `scopes`.
login-in-file = a file that only you can read
login-in-keyring = the keyring
login-done = Account { $account } is logged in; its tokens are kept in { $place }.
login-which = several accounts log in by OAuth2
login-no-account = no account logs in by OAuth2
login-by-password = account { $account } does not log in by OAuth2
login-type = Open { $uri } on any device and type: { $code }
login-or-open = Or open: { $uri }
login-opened = A browser was opened on this address:
login-open = Open this address in a browser, on this machine or another one:
login-paste = Where the browser runs elsewhere, it ends on a page that can't be shown: paste its address here.
login-waits = Waiting until somebody has agreed there; Ctrl-C leaves.
login-imap-works = The mail server lets us in.
login-smtp-works = The server of outgoing mail lets us in.
secret-missing = account { $account }: { $why }
secret-not-set = ${ $name } is not set
secret-keyring = the keyring: { $why }
secret-nobody = nobody can be asked for its password here
secret-command-no-start = the password command does not start: { $why }
secret-command-broke = the password command: { $why }
secret-command-slow = the password command took longer than { $seconds } seconds
secret-command-failed = the password command failed ({ $status })
secret-command-not-utf8 = the password command printed no UTF-8
secret-command-nothing = the password command printed nothing
hint-set-variable = set it, or name a password command in the config
hint-run-password-command = run the command by hand to see what it says
hint-unlock-keyring = unlock it, or name a password command in the config; where no session of the desktop runs, as over SSH and in cron, there is no keyring
hint-password-command = name a password command
# What lies in another mailbox.
store-inbox-elsewhere = { $count ->
    [one] the conversation is of the account { $from }, and the inbox { $inbox } belongs to the account { $to }
   *[other] { $count } of the conversations are of the account { $from }, and the inbox { $inbox } belongs to the account { $to }
}
store-merge-elsewhere = { $count ->
    [one] the conversation is of the account { $from }, and the conversation to merge into is of the account { $to }
   *[other] { $count } of the conversations are of the account { $from }, and the conversation to merge into is of the account { $to }
}
# What an erasure takes: what is none is not named, unless there is neither.
erase-what = { $mails ->
    [0] {""}
    [one] one mail
   *[other] { $mails } mails
 }{ $mails ->
    [0] {""}
   *[other] { $records ->
        [0] {""}
       *[other] { " and " }
    }
 }{ $records ->
    [0] { $mails ->
        [0] nothing
       *[other] {""}
    }
    [one] the words of one record
   *[other] the words of { $records } records
 }
erased-here = erased here: { erase-what }
told-erased-already = the words of { $id } are erased already
erased-later = the server and all colleagues follow with the next `postroom sync`
erased-on-server = { $account }: { $count ->
    [one] one erased mail
   *[other] { $count } erased mails
 } removed on the server
erase-planned = { erase-what } would be erased, nothing is changed
erase-not-sure = nothing was erased: { erase-what } would be gone for good
hint-erase-sure = look at them with --dry-run, then say --yes
erase-shared-id = <{ $id }> is borne by { $count ->
    [one] another mail too, which stays
   *[other] { $count } other mails too, which stay
  }: { $which }
erase-writing = what is being written there goes too: { $drafts ->
    [one] one draft
   *[other] { $drafts } drafts
 }, { $notes ->
    [one] one note
   *[other] { $notes } notes
 }, { $held ->
    [one] one mail of the outbox
   *[other] { $held } mails of the outbox
 }
erase-while-sending = { $count ->
    [one] a mail of these conversations is
   *[other] { $count } mails of these conversations are
 } on the way out
hint-erase-while-sending = try again once it is sent and filed
erase-outdated = { $who } on { $host } works with { $by }, which does not know what was erased: the words stay there until it is replaced, and its mails on the team's log name them again
erase-outdated-unknown = { $who } on { $host } works with a program that does not say its version and does not know what was erased: the words stay there until it is replaced
erased-mails-stay = { $count ->
    [one] one erased mail still stands
   *[other] { $count } erased mails still stand
 } on the server of { $account }: { $why }
erased-words-stay = words that were erased still stand in the folder of the team's log of { $account }: { $why }
hint-erased-stays = it is tried again by itself; remove them with another program, or ask whoever runs the server for the rights to delete (t and e)
store-draft-of-erased = the mail that this draft answers was erased: the draft is not kept
hint-draft-of-erased = write a new mail, without what was erased
hint-move-within = move it to another inbox of the same account, or forward the mail to { $address }
hint-merge-within = merge conversations of one account only; a note can point from one to the other
# The types of the config's values.
config-wrong-type = { $key } is to be { $wanted }, not { $given }
config-out-of-bounds = { $key } is to be a whole number from { $least } to { $most }
config-a-text = a text in quotes
config-true-or-false = true or false
config-a-list = a list of texts
config-a-section = a section of its own

## Pieces of sentences

# Words that are there already: what a server said, what an older store kept.
said = { $text }
# Where $count is 0 it is all that match, which are not counted yet.
these = { $count ->
    [0] all that match
    [one] this
   *[other] { conversations }
}
many = { $count ->
    [0] {" "}(all that match)
    [one] {""}
   *[other] {" "}({ conversations })
}
conversations = { $count ->
    [one] { $count } conversation
   *[other] { $count } conversations
}

## Invitations

invite-untitled = an event without a title
invite-somebody = somebody
invite-request = Invitation: { $what }
invite-changed = Changed invitation: { $what }
invite-cancelled = Cancelled: { $what }
invite-accepts = { $who } accepts: { $what }
invite-declines = { $who } declines: { $what }
invite-may-come = { $who } may come: { $what }
invite-delegates = { $who } sends somebody else: { $what }
invite-answers = { $who } answers an invitation: { $what }
invite-proposes = { $who } proposes something else: { $what }
invite-declines-proposal = The proposal was not taken: { $what }
invite-asks-anew = { $who } asks for the newest version: { $what }
invite-adds = More dates: { $what }
invite-task = Task: { $what }
invite-event = Event: { $what }
invite-what-when = { $what } ({ $when })
invite-subject-accepted = Accepted: { $what }
invite-subject-declined = Declined: { $what }
invite-subject-tentative = Tentative: { $what }
invite-instance = Only this date of a series: { $when }
invite-when = When: { $when }
invite-there = There: { $when }
invite-repeats = Repeats: { $how }
invite-where = Where: { $place }
invite-link = Link: { $link }
invite-organizer = Organizer: { $who }
invite-asked = { $count ->
    [one] Invited: 1
   *[other] Invited: { $count }
}
invite-one-asked = { $who }: { $state }
invite-more-asked = { $count ->
    [one] and 1 more
   *[other] and { $count } more
}
invite-comment = Says:
invite-goes-along = Invitation: { $answer }, as { $who }
invite-more = { $count ->
    [one] The calendar holds 1 more event; save the file to see it.
   *[other] The calendar holds { $count } more events; save the file to see them.
}
invite-state-accepted = accepted
invite-state-declined = declined
invite-state-tentative = tentative
invite-state-delegated = sends somebody else
invite-state-thing = a room or thing
invite-state-none = no answer yet
invite-answered = Our answer: { $state }, { $at }
invite-leaving = Our answer: { $state }, still on its way out
invite-later-changed = A newer version of it came later.
invite-later-cancelled = It was cancelled later.
# Times. An author's zone stands in brackets, one's own by its short name.
invite-all-day = { $days }, all day
invite-days = { $first } – { $last }
invite-hours = { $start }–{ $end }
invite-in-zone = { $when } { $zone }
invite-of-zone = { $when } ({ $zone })
invite-any-zone = { $when }, in whichever zone one is
# How something repeats: `every 2 weeks` `on Monday and Friday` `in May` `, 10 times` `, until …`.
invite-hourly = { $n ->
    [one] every hour
   *[other] every { $n } hours
}
invite-daily = { $n ->
    [one] every day
   *[other] every { $n } days
}
invite-weekly = { $n ->
    [one] every week
   *[other] every { $n } weeks
}
invite-monthly = { $n ->
    [one] every month
   *[other] every { $n } months
}
invite-yearly = { $n ->
    [one] every year
   *[other] every { $n } years
}
invite-on = {" "}on { $what }
invite-in = {" "}in { $what }
invite-and = { $first } and { $last }
invite-day = day { $n }
invite-last-day = the last day
invite-day-from-end = day { $n } from the end
invite-first = the first { $day }
invite-second = the second { $day }
invite-third = the third { $day }
invite-fourth = the fourth { $day }
invite-fifth = the fifth { $day }
invite-last = the last { $day }
invite-second-last = the last { $day } but one
invite-times = { $count ->
    [one] , once
   *[other] , { $count } times
}
invite-until = , until { $when }
invite-further = { $count ->
    [one] , and on 1 more date
   *[other] , and on { $count } more dates
}
invite-except = { $count ->
    [one] , except 1 date
   *[other] , except { $count } dates
}
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
weekday-sunday = Sunday
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
# Why an invitation can't be answered.
invite-several = { $count ->
    [one] 1 conversation matches
   *[other] { $count } conversations match, and an invitation is answered alone
}
invite-none = there is no invitation in { $place }
invite-in-conversation = this conversation
invite-in-message = this message
invite-not-here = the mail with the invitation is not here yet
invite-no-question = { $what } asks for no answer: it is to be known, not an invitation
invite-is-answer = { $what } is somebody's answer, not an invitation
invite-was-cancelled = { $what } was cancelled
invite-was-changed = { $what } was changed by a later mail
hint-invite-newest = answer the newest version, which is lower down
invite-no-organizer = { $what } names no organizer by address: there is nobody to answer
invite-unreadable = { $what } stands in a mail that is encoded as a whole: it can't be answered
hint-invite-reply = write a reply instead
invite-other-draft = a draft stands in this conversation
hint-invite-other-draft = send or discard it first
warn-not-invited = { $who } was not invited
warn-organizer = this goes to the organizer { $to }, not to { $from }

## Moments, lengths of time, sizes

day-today = Today
day-yesterday = Yesterday
# Ages stand in columns of four cells.
age-now = now
age-minutes = { $n }m
age-hours = { $n }h
age-hour-minutes = 1h{ $n }
age-days = { $n }d
age-weeks = { $n }w
age-years = { $n }y
span-seconds = { $n } s
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n } days
size-bytes = { $n } B
size-kilobytes = { $n } KB
size-megabytes = { $n } MB

## What was done to conversations
# `did-` stands behind a name, behind `You`, and behind `took back:`; $count is the number of conversations.

act-sentence = { $actor } { $did }
act-you = You { $did }
act-you-of = { $name }: you { $did }
did-took = took { these }
did-assigned = assigned { these } to { $who }
did-unassigned = unassigned { these }
did-opened = opened { these }
did-started = started on { these }
did-waiting = set { these } to waiting
did-closed = closed { these }
did-snoozed = snoozed { these } until { $until }
did-woke = woke { these }
did-tagged = tagged { these } { $add }
did-untagged = took { $remove } off{ many }
did-retagged = tagged { these } { $add } and took { $remove } off
did-tagged-nothing = tagged { these } with nothing
did-noted = noted: { $text }{ many }
did-noted-erased = wrote a note that was erased{ many }
did-edited-note = edited a note: { $text }{ many }
did-changed-note = edited the note{ many }
did-saw-mentions = saw the notes that mention them{ many }
did-replied = replied{ many }
did-replied-then = replied and set { these } to { $status }
did-titled = titled { these } { $text }
did-untitled = took the title away{ many }
did-moved = moved { these } to { $inbox }
did-followed = followed { these }
did-unfollowed = stopped following { these }
did-made-follower = made { $who } a follower{ many }
did-removed-follower = removed the follower { $who }{ many }
did-merged = merged { these } into "{ $subject }"
did-merged-unknown = merged { these } with another conversation
did-merged-into = merged { these } into { $short }
did-split = split { these } off
did-replying = is replying (until { $until }){ many }
did-answer-waits = has an answer waiting since { $since }{ many }
did-stopped-replying = stopped replying{ many }
did-took-something-back = took something back
did-took-back = took back: { $what }
did-took-back-of = took back what { $who } did: { $what }
did-brought-back = brought back: { $what }
did-brought-back-of = brought back what { $who } did: { $what }
did-shared-reply = shared the saved reply { $name }{ many }
did-withdrew-reply = withdrew the saved reply { $name }{ many }
did-kept-history = keeps mail of { $mailbox } from before { $before } closed{ many }
did-set-team = set the team's addresses and members
did-leased = took { these } for { $worker } (until { $until })
did-ran = runs the team's rules on { $host } (until { $until })
did-claimed = began { $what }{ many }
did-erased = erased the words of { $messages ->
    [0] {""}
    [one] one message
   *[other] { $messages } messages
 }{ $messages ->
    [0] {""}
   *[other] { $records ->
        [0] {""}
       *[other] { " and " }
    }
 }{ $records ->
    [0] {""}
    [one] one record
   *[other] { $records } records
 }
did-unknown = did something that a newer postroom knows ({ $kind })

## What would be done to a conversation: behind `alice would`

plan-took = take { these }
plan-assigned = assign { these } to { $who }
plan-unassigned = unassign { these }
plan-opened = open { these }
plan-started = start on { these }
plan-waiting = set { these } to waiting
plan-closed = close { these }
plan-snoozed = snooze { these } until { $until }
plan-woke = wake { these }
plan-tagged = tag { these } { $add }
plan-untagged = take { $remove } off{ many }
plan-retagged = tag { these } { $add } and take { $remove } off
plan-tagged-nothing = tag { these } with nothing
plan-noted = note: { $text }{ many }
plan-edited-note = edit a note: { $text }{ many }
plan-changed-note = edit the note{ many }
plan-saw-mentions = see the notes that mention them
plan-replied = reply
plan-replied-then = reply and set { these } to { $status }
plan-titled = title { these } { $text }
plan-untitled = take the title away{ many }
plan-moved = move { these } to { $inbox }
plan-followed = follow { these }
plan-unfollowed = stop following { these }
plan-made-follower = make { $who } a follower{ many }
plan-removed-follower = remove the follower { $who }{ many }
plan-merged = merge { these } into "{ $subject }"
plan-merged-unknown = merge { these } with another conversation
plan-merged-into = merge { these } into { $short }
plan-split = split { these } off
plan-replying = be replying (until { $until })
plan-answer-waits = have an answer waiting since { $since }
plan-stopped-replying = stop replying
plan-took-back = take back: { $what }
plan-something = something
plan-shared-reply = share the saved reply { $name }
plan-withdrew-reply = withdraw the saved reply { $name }
plan-kept-history = keep mail of { $mailbox } from before { $before } closed
plan-set-team = set the team's addresses and members
plan-leased = take { these } for { $worker } (until { $until })
plan-ran = run the team's rules on { $host } (until { $until })
plan-claimed = begin { $what }
plan-erased = erase the words of { $messages } messages and { $records } records
plan-unknown = do something that a newer postroom knows ({ $kind })

## Taking back

undo-undid = Undid: { $what }
undo-redid = Redid: { $what }
undo-undid-of = { $name }: undone: { $what }
undo-redid-of = { $name }: redone: { $what }
undo-undid-these = Undid: { $what }: { $names }
undo-redid-these = Redid: { $what }: { $names }
undo-past-erasure = An erasure can't be undone, so what you did before it was. { $what }
undo-past-erasure-in = An erasure can't be undone, so what you did before it was. { $what } ({ $subject })
undo-more = and { $count } more
list-comma = { $first }, { $rest }

## Errors

error-whole = { $what } ({ $remedy })
file-place = { $file }:{ $line }:{ $column }
file-row = { $file }:{ $line }
error-within = { $place }: { $what }

## What delivery reports say of a recipient

fate-nobody-named = a recipient that the report does not name
fate-words = { $who } { $words }
fate-status = { $who } { $status }
fate-both = { $who } { $status } { $words }
fate-no-mailbox = no such mailbox
fate-no-server = no such mail server
fate-disabled = the mailbox is disabled
fate-full = the mailbox is full
fate-too-large = the mail is too large
fate-no-answer = the mail server does not answer
fate-too-long = it was tried for too long
fate-forbidden = the server's rules refuse it

## Why a mail of the outbox stands as it does
# The codes are kept in the store: they never change.

outgoing-news = not sent, because meanwhile { $news }
news-wrote = { $who } wrote: { $subject }
news-note = { $who } wrote a note
news-replied = { $who } replied
outgoing-unchecked = could not check whether somebody answered meanwhile: { $why }
outgoing-unrecorded = not sent: this login may only read the team's log of account { $account }, so colleagues would not learn of it and would answer again; ask the mailbox's owner for the right to insert (ACL `i`), or send it anyway
outgoing-ended = postroom ended while this mail was being sent, and it stands neither in Sent nor in the inbox: look whether it arrived, then send it again or drop it
outgoing-found = found in the mailbox
outgoing-no-bytes = the bytes of this mail are gone
outgoing-maybe = { $why }. It may have gone out: look whether it arrived, then send it again or drop it
outgoing-others-have-it = the others have it; not yet taken for { $who }
outgoing-refused = not delivered to { $who }
recipient-refused = { $who }: { $why }
outgoing-gave-up = gave up after { $count } tries: { $why }
outgoing-unfiled = sent; the copy could not be filed yet: { $why }
outgoing-taken-back = taken back
outgoing-bounced = bounced: { $who }
outgoing-delayed = delayed, the server goes on trying: { $who }
# The team reads it as a note: in English, as all that stands on the log.
note-refused = The reply "{ $subject }" was not delivered to { $who }
note-not-sent = Not sent to the customer:
fate-held = held
fate-sending = sending
fate-not-sent = NOT SENT
fate-uncertain = uncertain
fate-bounced = bounced
fate-goes = goes out { $at }
fate-key = { $key } shows what to do
sending-held = not sent yet
sending-now = being sent
sending-unfiled = sent; the copy is being filed
sending-why = { $state }: { $why }

## Mail servers

mailbox-full = { $host }: the mailbox is full: { $words }
hint-make-room = make room there; then it is done by itself
# What happens next: `tries-again` where postroom goes on by itself, the others where a command was run by hand.
tries-again = postroom tries again by itself
then-init = run `postroom init` again
then-again = `again` tries it once more
then-sync-tries = `postroom sync` tries again
then-command = run the command again
hint-then = { $then }
hint-imap-host = check `imap.host` of account { $account }, and whether this machine is online
hint-imap-refused = check `imap.port`, or whether { $host } is down; { $then }
hint-imap-too-many = { $host } lets no more connections in for this login or this machine: end a postroom or a mail program that has some, or ask its administrator to allow more (Dovecot: mail_max_userip_connections); { $then }
hint-imap-certificate = if { $host } has a certificate of your own, name its PEM file in `imap.ca_file` of account { $account }
hint-imap-tls = check `imap.port` and `imap.security` of account { $account }
hint-imap-plain = set `imap.security` of account { $account } to "tls" or "starttls"
hint-imap-no-starttls = set `imap.security` of account { $account } to "tls", mostly with port 993
hint-imap-ca-file = check `imap.ca_file` of account { $account }
hint-imap-login = check `imap.user` ({ $user }) and the password of account { $account }; with two-factor login most providers want an app password or OAuth2
hint-imap-said-no = if it stays, the administrator of { $host } may know more; { $then }
hint-imap-throttled = postroom waits and goes on by itself
hint-imap-no-folder = create { $folder }, or take it out of the config: of `folders` of account { $account }, or of an inbox
hint-imap-called = this server calls it { $called }: write that into the config for { $name }
hint-imap-near = did you mean { $near }? { $otherwise }
hint-not-written = nothing was written, --no-test writes the config all the same
hint-not-written-either = { $remedy }; nothing was written, --no-test writes the config all the same

## What an author should look at before a mail goes out

warn-no-recipient = nobody is to receive this
warn-only-ourselves = this goes to nobody but ourselves: { $who }
warn-no-subject = the subject is empty
warn-no-text = there is no text
warn-silent = there is no word of your own: nothing but quote and signature
warn-too-large = the files have { $mebibytes } MiB together, and no more than { $most } go with one mail: take some off
warn-forward-changed = the forwarded text was changed: it goes as text, without the HTML of the original
warn-forward-unseen = the mail's HTML goes along and says more than the text here: look at it in the conversation
warn-files-left = the mail has { $all } files, and no more than { $most } go along: forward it as a file, with all of them
warn-left-out = the last mail left out { $who }
warn-no-attachment = the text speaks of an attachment, and there is none
warn-many-people = this goes to { $count } people
warn-unfilled = the text still holds { $names }
warn-machine = this answers a machine: perhaps nobody reads it
warn-redirected = the answer goes to { $to }, as the mail asks (Reply-To); it came from { $from }
warn-stranger = { $who } was not in this conversation before
warn-third-party = { $who } wrote here too, and gets no copy
warn-unrecorded = colleagues do not learn of what you send, and answer again: this login may only read the team's log of account { $account }
hint-unrecorded = ask the mailbox's owner for the right to insert (ACL `i`) on the log's folder
warn-quotes = this quotes { $who } to { $to }

## How it is known who wrote a message

wrote-why-sender = written by { $who }, whom From names
wrote-why-form = written by { $who } as the form says: From is our own address, and the mail names somebody else as its author
wrote-why-colleague = written by our colleague { $who } to us alone
wrote-why-ourselves = written from our own address to us alone
wrote-why-filed = ours: it stands among sent mail
wrote-why-recorded = ours: a record says that it was sent
wrote-why-vouched = ours, by another program: our mail server vouches for the domain of From
wrote-why-unproven = claims to be from us, and nothing vouches for that
wrote-why-forged = claims to be from us, and our mail server says that it is not

## Links that hide where they lead

link-no-web = this is no web address but { $scheme }:
link-lies = the text shows { $shown }, but the link goes to { $real }
link-at = what stands before the @ is no host; the link goes to { $real }
link-number = the link goes to a number, { $real }, instead of a name
link-mixes = the host { $written } mixes { $scripts } letters to look like another
link-letters = the host reads { $read } and is written { $written }; check that it is the one you mean

## Mail whose text is not here

body-the-text = The text
body-the-mail = The mail
body-not-here = { $piece } is not here: { $why }.
body-coming = { $piece } is still on the server; it is being fetched.
body-comes-later = { $piece } is still on the server; it is fetched when there is a connection.
files-listed-then = its files are listed then

## Which text of a mail is shown

no-subject = (no subject)

# The mail has a plain text too; $key shows it.
chat-related = related mail { $count }
part-html = HTML, { $key } text
part-html-of = from its HTML; --part plain shows its plain text
part-plain = text, { $key } HTML
part-plain-of = its plain text; its HTML says more
mail-one-text = this mail has one text, not a plain one and HTML
no-part-html = no mail of { $id } has an HTML text
no-part-plain = no mail of { $id } has a plain text
hint-part = leave --part out to read what there is
images-together = { $count ->
    [one] [1 image]
   *[other] [{ $count } images]
}
images-linked = { $count ->
    [one] [1 image] { $links }
   *[other] [{ $count } images] { $links }
}

## Mail that can't be read as it is

mail-unreadable = Some characters of this mail can't be read: it says that they are { $charset }.
mail-unreadable-unnamed = Some characters of this mail can't be read: it does not say which charset it is in.
mail-charset-guessed = This mail does not say rightly which charset it is in; it is read as { $charset }, which is a guess.
mail-signed-smime = This mail is signed (S/MIME); postroom does not check the signature.
mail-signed-pgp = This mail is signed (OpenPGP); postroom does not check the signature.
mail-signed-closed = This mail is signed (S/MIME), and what was signed can't be read; save its attachment and open it with another program.
mail-encrypted-smime = This mail is encrypted (S/MIME): only whoever has the private key can read it, and postroom has none. Save its attachment and decrypt it, or ask the sender to send it unencrypted.
mail-encrypted-pgp = This mail is encrypted (OpenPGP): only whoever has the private key can read it, and postroom has none. Save its attachments and decrypt them, or ask the sender to send it unencrypted.
mail-encrypted-block = This mail is encrypted (OpenPGP): only whoever has the private key can read it, and postroom has none. Copy the block and decrypt it, or ask the sender to send it unencrypted.
mail-compressed-smime = This mail is compressed (S/MIME), which postroom can't unpack; save its attachment and open it with another program.
mail-certificates = This mail holds certificates (S/MIME) and no text.
mail-tnef-closed = Outlook packed this mail into winmail.dat (TNEF), in which there is no text and no file that postroom can read; save it and open it with a TNEF reader.
mail-tnef-damaged = Outlook packed this mail into winmail.dat (TNEF), which is damaged: what could be read of it is shown.

## Why an action can't be carried out just now

cant-act = Can't { $what }: { $why }
not-no-conversation = there is no conversation here
not-none-open = no conversation is open: Enter opens one
not-none-marked = mark two or more conversations with Space, then press it
not-while-marked = something is marked, and that is not joined: Esc clears the marks, M merges what is marked
not-none-related = no conversation is related to this one
not-one-inbox = there is only one inbox
not-log-closed = the log is not open: L opens it
not-no-notes = there are no notes here
not-all-of-it = this is all of it
not-no-invitation = nobody asks for an answer in it
not-no-links = there are no links here
not-no-attachments = there are no attachments here
not-nothing-attached = nothing is attached
not-nobody-left-out = the last mail left out nobody of the earlier ones
not-nothing-below = nothing stands below the text
not-nothing-to-quote = there is nothing to quote
syncing-now = Syncing now
title-links = Open a link

## Pages: help, notices, log

help-not-now = { $sentence } (not now: { $why })
help-signs = Signs in the list
sign-late = The customer has waited longer than the team lets nine of ten wait.
sign-soon = The customer has waited half as long as that.
sign-snoozed = It is snoozed, for so long still.
sign-nobody-waits = No customer waits for an answer.
sign-marked = It is marked.
sign-new = There is something new in it.
sign-status = Open, in progress, waiting, closed.
sign-mention = A note mentions me, and I have not opened it since.
sign-pending = Something done to it is not on the server yet.
sign-tag = A tag stands behind it.
sign-nobody = Nobody has it.
sign-replying = Somebody else is replying, or a worker has it: whose name stands in front.
cant-open = Can't open: { $why }
not-a-heading = choose one of those below
not-about-one = this notice is about no conversation
not-while-asked = a question stands below: go back to it first
not-below = leave what is open below first

## What came of an operation

hint-undoes = { $key } undoes it
hint-redoes = { $key } redoes it
nothing-to-undo = There is nothing to undo
nothing-to-redo = There is nothing to redo
already-no-match = Nothing was changed: nothing matched
already-several = Nothing was changed: { $count } are so already
already-nobody = Nobody has it already
already-mine = You have it already
already-assigned = { $who } has it already
already-status = It is { $status } already
already-awake = It is awake already
already-snoozed = It sleeps until { $until } already
already-tagged = It has { $add } already
already-untagged = It is without { $remove } already
already-retagged = It has these tags already, and not those
already-titled = The title is as it was: nothing was changed
already-noted = The note is as it was: nothing was changed
already-moved = It is in { $inbox } already
already-followed = It is followed already
already-unfollowed = It is not followed
already-so = Nothing was changed: it is so already
# Why something was not done to one conversation: what JSON calls it never changes.
later-mail = new mail came in since it was shown
gone = the conversation is not here
left-out-gone = It is gone: it was deleted
left-out-news = Not done: new mail came in since it was shown
left-out-several = { $count ->
    [one] { conversations } was left out: new mail came in meanwhile
   *[other] { conversations } were left out: new mail came in meanwhile
}
hint-look-again = look at it, then press the key again
merge-only-this = Can't merge: only one is marked
hint-mark-others = mark the others with Space
split-only-one = Can't split: there is only one message
nothing-to-copy = There is nothing to copy: open the conversation first
copied = Copied { $text }
hint-clipboard = your terminal must allow OSC 52; in tmux `set -g set-clipboard on`
conversation-gone = This conversation is gone: it was merged or deleted
about-one = { $name }: { $what }
# What became of a row that left the list while the cursor was on it.
left-deleted = it is gone
left-merged = merged into { $short }
left-nobody = nobody has it
left-mine = you took it
left-taken = { $who } took it
left-snoozed = it sleeps
left-gone = its mail left the mailbox
left-status = { $status }
left-moved = moved to { $inbox }
left-looked = looked at
left-view = not in this list any more
hint-acts-again = the same key again does it all the same
merge-not-counted = What is marked is still being counted: press the key again
merge-too-many = Can't merge { $count } conversations: { $most } at most, so that each can be looked at
merge-stays = stays: { $title } ({ $count ->
    [one] { $count } message
   *[other] { $count } messages
})
title-merge = Merge { $count } of { $customers } customers, type { $count ->
    [2] both ids
   *[other] all { $count } ids
}:
merge-wanted = Not merged: { $ids } is to be typed, so that nobody sees what another customer wrote by a slip
merge-shows = Answers to one may show the other what was written.
title-compared = Compare { $ids }
compare-facts = { $status } · { $owner } · { $inbox } · { $count ->
    [one] { $count } message · { $at }
   *[other] { $count } messages · { $at }
}
title-marked = { $what }
marked-newer = newer mail
marked-more = { $count ->
    [one] { $count } more
   *[other] { $count } more
}
hint-key-compare = compare them
hint-key-look-through = look through them
title-merge-into = Merge { $count } into
title-split = Split off, with the answers to it
split-message = { $who }, { $at }
these-one = this
taken-by-somebody = Somebody took it first
hint-take-over = press { $key } again to take it over
changes-do-not-stand = { $count } changes that you made do not stand
hint-lists-them = { $key } lists them
hint-opens-it = { $key } and Enter open it
orphaned = { $count ->
    [one] { $count } operation stays on this machine: the config no longer names the account { $accounts }
   *[other] { $count } operations stay on this machine: the config no longer names the account { $accounts }
}
hint-orphaned = put the account back into the config to send them

## Service and runtime: errors

account-read-only = account { $account } can only read mail: it has no SMTP server
account-no-server = account { $account } has no server, so nothing can be sent
hint-add-smtp = add [account.{ $account }.smtp] with its host to the config, { $instead }
hint-give-servers = give [account.{ $account }] an imap and an smtp section, { $instead }
instead-draft-kept = the draft is kept
reply-conversation-gone = the conversation is gone: it was merged or deleted
message-not-here = the message { $message } is not here yet
hint-sync = sync, and try again
no-message-id = no Message-ID could be made
hint-fill-in-or-space-brace = fill it in; where the braces are meant as such, put a space inside: {"{"} name {"}"}
no-inbox = there is no inbox { $inbox }
hint-name-in-config = name it in the config
attached-gone = the file { $file } is gone from the store
hint-attach-again = attach it again
mail-no-recipient = the mail has no recipient
mail-too-many-recipients = { $given } recipients are more than the { $most } that one mail may have
mail-no-agent-address = the agent has no address in the config, so the mail can't name the agent as its sender
mail-no-message-id = the mail has no usable Message-ID
hint-name-recipient = name somebody in To
hint-send-in-parts = send it in parts
hint-correct = correct it
hint-agent-address = give the agent an address in the config, or send as the inbox
hint-inbox-address = check the inbox's address in the config
merge-into-gone = the conversation to merge into is gone
file-no-file = it is no file
file-too-large = it has more than { $mebibytes } MiB
hint-send-link = send a link to it
reply-too-large = { $path } is too large for a saved reply
reply-not-utf8 = { $path } can't be read: it is not UTF-8
reply-unreadable = { $path } can't be read: { $why }
hint-reply-size = a saved reply has at most 1 MiB
hint-save-as-utf8 = save it as UTF-8
terminal-unusable = the terminal can't be used: { $why }
hint-use-terminal = run postroom in a terminal; verbs such as `postroom list` need none
mail-too-large-to-fetch = the mail is too large to be fetched ({ $size }): open it in another mail program
mail-gone-unfetched = the mail is no longer on the server, and was never fetched whole
marks-forgotten = what was marked is not known any more
hint-mark-again = mark it again
take-back-gone = It is not here any more
take-back-already = It is undone already: { $what }
take-back-never = This can't be taken back: { $what }
question-unanswered = a question that nobody answers
question-failed = a mistake in postroom: a question to the store failed
hint-go-on = go on working; the log file tells more
editor-failed = the editor failed
mail-not-queued = the mail was not queued
mail-too-late = too late: the mail is on its way or gone
mail-may-have-arrived = it may have arrived
hint-look-then-send = look whether it did, then send it anyway or drop it
mail-no-conversation = it belongs to no conversation
deed-retried = It is tried again now
deed-sent-anyway = It is sent now
deed-taken-back = Taken back: it is among the drafts
deed-discarded = The draft is discarded; it stays under D, where Enter brings it back
deed-dropped = Not sent, and discarded; it stays under D, where Enter brings it back
deed-noted = It is a note now; the customer does not see it
deed-noted-without = It is a note now. Notes carry no files: { $files } stays in the draft, which is kept

nobody-has-it = nobody has it
somebody-has-it = { $who } has it
you-have-it = you have it
you-have-it-at = you have it, taken at { $worker }
worker-has-it = { $worker } of { $who } is at it
plan-is-status = it is { $status }
plan-is-awake = it is awake
plan-is-snoozed = it is snoozed
plan-has-no-tag = it has none of these tags
plan-has-tags = it has { $tags }
plan-has-notes = { $count ->
    [one] it has { $count } note
   *[other] it has { $count } notes
}
plan-has-title = its title is "{ $title }"
plan-is-in = it is in { $inbox }
plan-has-messages = { $count ->
    [one] it has { $count } message
   *[other] it has { $count } messages
}
plan-anything = it is as it is
plan-cant-hold = a plan can't hold this
plan-expected = { $now }; the plan expected that { $then }
plan-news = new mail came in since the plan was made
plan-applied-undone = it was applied and undone; --again applies it once more
plan-id-taken = its id is that of another operation; --again gives it a new one
plan-line-again = it says the same as line { $line }
plan-id-again = it has the id of line { $line }
plan-line-long = it is too long

## Commands, and what is given to them

command-column = column { $column }: { $what }
command-empty = no action is named
command-open-quote = a quote is not closed
command-no-action = { $word } is no action
command-screen-only = { $action } is for the screen alone
command-missing = { $action } needs its { $param }
command-too-many = { $action } takes no { $word }
command-nobody = somebody has to be named, and nobody is none
team-name-taken = no team can be called { $name }: the word means something else
command-team = { $team } is a team, and an agent is wanted
agent-nobody-called = nobody is called { $agent }
status-unknown = { $word } is no status: use open, in-progress, waiting or closed
tags-none = no tag is named
conversation-id-bad = { $word } is no conversation's id
message-id-bad = { $word } is no Message-ID
operation-id-bad = { $word } is no operation's id
hint-there-are = there are { $names }
hint-new-colleague = { $who }; a new colleague gets a section [agent.{ $agent }] in the config
hint-keys-lists = `postroom keys` lists the actions
hint-close-quote = put " at its end, or \" where the sign itself is meant
hint-write = write { $usage }
hint-log-prints = `postroom log` prints the ids
hint-why-lists = `postroom why ID` lists them
note-empty = the note is empty
note-too-long = the note is over the bound of { $most } characters
title-too-long = the title is over the bound of { $most } characters
name-bad = { $what } { $given } can't be used: { $why }
name-empty = it is empty
too-long = it is too long
name-first = it can't begin with - + @ or #
name-invisible = it holds an invisible character
name-letters = use letters, digits and - _ . / only, with no spaces
moment-unreadable = { $given } is no time: write { $accepted }
moment-ambiguous = { $given } may be { $one } or { $other }: write whole words, or the date with its time
moment-past = { $given } has passed: write a later time, such as { $accepted }
offer-me = yourself
offer-nobody = take it from whoever has it
offer-team = a team
offer-now = wake it
query-column = query, column { $column }: { $what }
query-knows-no = { $key }: knows no { $given }
query-no-span = { $given } is no length of time
query-no-number = { $given } is no number
query-no-day = { $given } is no day
query-no-id = { $given } is no conversation id
query-empty-quotes = there is nothing between the quotes
query-blank-quotes = there is nothing to look for between the quotes
query-open-quote = this quote is not closed
query-not-opened = this parenthesis was never opened
query-not-closed = this parenthesis is not closed
query-too-long = a query holds at most { $most } characters
query-too-deep = parentheses nest at most { $most } deep
query-too-many = a query holds at most { $most } words and values
query-long-word = a word holds at most { $most } characters
query-missing = something to look for is missing here
query-no-value = { $key }: wants a value
query-no-key = there is no { $given } to search by
query-one-value = { $key }: takes one value
query-unknown-agent = no agent or team is called { $name }
query-unknown-agent-not = no agent or team is called { $name }: everything is without it
query-unknown-inbox = no inbox is called { $name }
query-unknown-inbox-not = no inbox is called { $name }: everything is outside it
query-unknown-tag = nothing bears the tag { $name }, and nothing ever did
query-unknown-tag-not = nothing bears the tag { $name }, and nothing ever did: everything is without it
hint-unknown-near = did you mean { $near }? To ask for it all the same, add --allow-unknown
hint-unknown-among = there are { $names }; to ask for it all the same, add --allow-unknown
hint-unknown = to ask for it all the same, add --allow-unknown
hint-query-value = did you mean { $key }:{ $near }?
hint-query-key = did you mean { $near }:? Or { $quotes }
hint-query-quotes = to look for the text itself, put it in quotes: "{ $key }:…"
hint-query-behind = write what to look for behind it, or "{ $key }:" in quotes to look for the text
hint-query-span = write a number and m, h, d, w, mo or y: { $key }:2d
hint-query-number = write { $key }:>10
hint-query-day = write { $key }:2026-01-31, { $key }:today or { $key }:yesterday
hint-query-id = ids are letters and digits, as the list shows them
hint-query-quote = put another " at the end
hint-query-take-away = take it away, or put it in quotes
hint-query-close = put a ) at the end
hint-query-flatten = take some away
hint-query-shorter = make it shorter
hint-query-words = write a word, or put "or", "and", "not" in quotes to look for them
hint-query-twice = write { $key }:… twice, with "or" between
hint-use-one-of = use one of { $names }
keys-none = no key is named
keys-unknown = <{ $key }> is no key
keys-near = <{ $key }> is no key: did you mean <{ $near }>?
prompt-past = that is in the past
prompt-say-when = say when: tomorrow 8:00, mon, 2h, 1 dec
prompt-say-until = say until when: tomorrow 9:00, mon, 2h, 1 dec
note-place-gone = its conversation is not here any more: copy the note, or Escape keeps it
prompt-note-empty = the note is empty: u takes a note back that you wrote just now
prompt-no-tag = name a tag to add, or one to remove with - in front
title-copy-link = Copy a link

## Notices about keys, lines and lists

key-does-nothing = { $key } does nothing here
hint-shows-keys = ? shows the keys
paste-left-out = Text was pasted where none can be typed: it is left out
range-begun = Range begun: move, then v marks it, Esc drops it
note-typed-before = This is what you had typed before
hint-erases = ctrl-u erases it
note-kept = What you typed of the note is kept
hint-takes-up = { $key } takes it up again

## Lists to choose from

title-assign = Assign { $what } to
assign-me = { $me } (me)
assign-team = team: { $members }
assign-nobody-how = take the assignee away
assign-load = { $count } open
assign-has-it = has it
assign-has-some = has { $count } of { $of }
assign-here = here now
assign-heard = { $age } ago
assign-away = away { $age }
part-answered = answered here
part-has-another = has another of theirs
part-noted = noted here
part-follows = follows it
title-status = Set { $what } to
title-move = Move { $what } to
move-to = move to { $inbox }
inbox-of-another = it belongs to the account { $account }, the conversation to { $lies }; forward the mail instead
title-edit-note = Edit a note
title-related = Go to what is related
title-join-related = Join to this conversation
title-attachments = Attachments
title-pipe = Pipe { $what } to
title-piped = | { $command }
pipe-no-command = type the command that is to read the mail, or Esc to leave
pipe-runs = It runs; Esc stops it.
pipe-well = { $count ->
    [one] It read a mail and ended well.
   *[other] It read { $count } mails and ended well.
}
pipe-not-well = { $count ->
    [one] ! It was given a mail: { $why }
   *[other] ! It was given { $count } mails: { $why }
}
pipe-no-program = the shell found no command of that name (status 127)
pipe-no-right = what it names can't be run (status 126)
pipe-nothing = It printed nothing.
pipe-said = It said beside that:
pipe-cut = ! It printed more than is shown: a file takes it all, such as with > out.txt at the end of the command.
pipe-no-mail = there is no mail to give to a command
pipe-too-much = a command gets { $mails } mails and { $size } at most: nothing was run
hint-pipe-fewer = mark fewer; `postroom export` writes any number into a file
pipe-not-here = { $count ->
    [one] a mail is not here in full yet: nothing was run
   *[other] { $count } mails are not here in full yet: nothing was run
}
hint-pipe-not-here = what the server still has is fetched now; try again then
title-attachment = Attachment
files-of-another = files of another mail
mail-still-away = the mail is still on the server
file-open = open
file-open-how = with the command of the config
file-save = save
file-save-how = to a folder or under a name
file-save-all = save all
file-save-all-how = the { $count } files of this message, to a folder
file-pipe = pipe
file-pipe-how = to a command
title-take-off = Take off
title-add-people = Add to Cc
choice-all-people = All { $count } of them
title-saved-replies = Saved reply
title-tag = Tag { $what }
title-search = Search all conversations
title-note = Note on { $what }, for the team alone
title-snooze = Snooze { $what } until
title-title = Title of { $what }
title-log-of-all = Log of all conversations, newest first ({ $zone })
palette-row = { $who }: { $title }
palette-words = words:
palette-last-ones = last ones
move-open = { $count } open
many-title = { $what }?
many-title-which = { $what }? { $which }
many-do = do it to all { $count }
many-do-all = do it to all of them
many-others = { $count ->
    [one] 1 is somebody else's: { $who }
   *[other] { $count } are others': { $who }
}
many-newer = { $count } with mail that came in since
many-unread = { $count } new for me
many-undo = one undo takes it all back
tag-how = space sets, enter does it
tag-used = { $count ->
    [one] used once lately
   *[other] used { $count } times lately
}
tag-key-set = set
tag-on = on it
tag-on-all = on all { $count }
tag-on-some = on { $count } of { $of }
tag-set = + will be on
tag-taken-off = - will be off
tag-off-how = - takes it off
tag-space-takes-off = space takes it off
tag-new = a new tag
pick-of = { $count } of { $of }
pick-assigns = assign
pick-moves = move
pick-puts-in = put in
pick-merges = merge
pick-splits = split
pick-takes = choose
which-others = any other key: nothing happens
which-more = { $count } more
which-not-now = { $words } (not now)
which-moment = { $words }  { $moment }
hint-key-which = what follows
help-find = Help find:
help-where = { $place } · type to find
help-by-name = By name, behind :
help-does-it = do it
help-chooses = choose
help-every-key = every key
help-tasks = tasks
nothing-deleted = nothing is deleted here · { $key } closes
not-done-yet = nothing was done yet
not-snoozed-yet = nothing was snoozed yet
not-another-view = no other view was shown yet
not-looked-over = no mail is being looked over
not-in-the-outbox = it is for the outbox and the drafts
not-writing = no mail is being written
not-typing = nothing is being typed
task-answer = Answer
task-hand-over = Hand over
task-finish = Finish
task-order = Order
task-read = Read
task-go = Go
task-many = Many
task-undo = Undo
task-screen = Screen
task-next-one = next, one before
task-status = status
task-snooze = snooze
task-message = message
task-invitation = invitation
task-copy = copy
task-list-look = rows and columns of the list
task-places = places
task-views = views
no-saved-replies = There are no saved replies
hint-saved-replies = put texts as NAME.md into the folder `replies` beside the config
reply-shared-by = shared by { $who }, { $ago }
reply-own-file = own file
reply-changed = changed
told-reply-origin = { $name }: { $origin }
told-reply-changed = { $name } was changed by { $who }, { $at }:
reply-changed-by = Changed by { $who }, { $at }
reply-new-link = new link: { $target }
reply-lines-same = … { $count } lines are as they were
files-attached = Attached { $names }
hint-takes-off = { $key } takes one off
no-file-begins-so = no file begins so

## The status line

the-mailbox = the mailbox
push-read-only = { $of } is read-only
push-offline-since = { $of } offline since { $since }
push-offline = { $of } offline
push-not-synced = the account { $account } is not synced
push-some-wait = { $count } wait, { $why }

keys-dropped = { $count ->
    [one] A key was not taken: what you typed in had just closed
   *[other] { $count } keys were not taken: what you typed in had just closed
}
keys-not-taken = { $count ->
    [one] A key was not taken: what it was meant for did not open
   *[other] { $count } keys were not taken: what they were meant for did not open
}
quit-title = Quit? { $count ->
    [one] A mail is on its way
   *[other] { $count } mails are on their way
}
quit-waits = { $count ->
    [one] Quits as soon as the mail is out
   *[other] Quits as soon as the { $count } mails are out
}
quit-leaves = { $count ->
    [one] Leaves the mail here, as soon as colleagues are told that an answer waits
   *[other] Leaves the { $count } mails here, as soon as colleagues are told that answers wait
}
quit-later = { $count ->
    [one] one goes out { $at }, if a postroom runs then
   *[other] { $count } go out later, the first { $at }, if a postroom runs then
}
quit-key-wait = wait { $span } and quit
quit-key-wait-out = wait and quit
quit-key-at-once = leave at once
quit-key-send = send now
quit-key-leave = leave to the next postroom
quit-key-stay = stay
mail-was-left = { $count ->
    [one] A mail that was left here is due since { $since } and not out
   *[other] { $count } mails that were left here are not out, the first is due since { $since }
}
hint-mail-was-left = it goes out from here as soon as the server takes it, { $key } shows it
hint-nothing-is-sent = nothing is sent while offline, { $key } shows it
hint-needs-postroom = if a postroom runs then: `postroom sync --watch` keeps one
hint-outbox-trouble = { $key } tries now; { $what }
told-mail-was-left = { $count ->
    [one] a mail is due since { $since } and not out
   *[other] { $count } mails are due and not out, the first since { $since }
}
hint-sync-sends = `postroom sync` sends what is due
ask-discard = Discard this draft? y discards it, any other key goes back
ask-drop = Don't send this mail, and discard it? y discards it, any other key goes back
hint-takes-back = { $key } takes it back
hint-key-discard = discard it
hint-key-back = go back
hint-key-read = read
hint-key-fill-in = fill in
leaving-in = Goes to { $who } in { $span }
notice-error = Error:
notice-others = { $count ->
    [one] one more: { $key }
   *[other] { $count } more: { $key }
}
count-not-sent = { $count } not sent
count-came-back = { $count } came back
count-to-push = { $count } to push
count-stay = { $count } stay here
count-to-move = { $count } to move
status-at-many = working on many…
count-to-derive = { $count } to read again
derive-left = ({ $left } left)
sync-current = in sync
sync-connected = connected
sync-by-another = another postroom syncs
sync-by-nobody = nobody syncs now
status-last = looked at { $span } ago
status-never = never looked at
status-again = { $says }; next try { $at }
status-nothing-waits = nothing waits
status-waits = waiting: { $what }
status-mails = { $count ->
    [one] 1 mail to send
   *[other] { $count } mails to send
}
status-moves = { $count ->
    [one] 1 mail to move
   *[other] { $count } mails to move
}
trouble-of = trouble: { $parts }
sync-behind = ({ $lag } behind)
sync-portion = syncing { $done }/{ $of }
sync-portion-left = syncing { $done }/{ $of }, { $left } left
sync-working = syncing
sync-connecting = connecting
sync-offline = offline
sync-again = again { $at }
sync-blocked = sync blocked
part-mail = mail
part-log = log
part-outbox = outbox
part-other = other

## The list

views-for-you = For you
views-the-queue = Queue
views-the-inboxes = Inboxes
loading = Loading…
me = me
nobody = nobody
list-no-match = Nothing for { $what }. { $key } changes the search, { $back } goes back to the view.
list-meant = Nothing for { $what }. Did you mean { $meant } ({ $count })? { $key } looks for that.
short-meant = look for that
view-empty = Nothing in { $view }. { $key } looks everywhere.
title-sorts = Sort by
title-density = Rows of the list
density-auto = one line where the list is wide enough, else two
density-comfortable = two lines, the subject on one of its own
density-compact = one line, however narrow the list is
density-unknown = rows of a list are not { $word }
title-columns = Columns of the list
column-status = the letter of the status
column-tags = the tags
column-snippet = how the newest message begins, in wide lists
column-inbox = the inbox
column-owner = who has it
column-id = the id, in rows of one line
column-shown = shown
column-hidden = hidden
column-fixed = shown, but the same in all of this view
column-unknown = a list has no column { $word }
pick-shows-or-hides = show or hide
sort-is-waiting = who waits longest stands first
sort-is-activity = what happened last stands first
sort-is-created = what was created last stands first
sort-unknown = a list is not sorted by { $word }
sort-waiting-longest = waiting longest
sort-waiting-shortest = waiting shortest
sort-newest = newest first
sort-oldest = oldest first
sort-last-created = last created
sort-first-created = first created
not-in-tray-sorted = the in-tray stands by what its news are about
sort-short-waiting = waiting
sort-short-activity = activity
sort-short-created = created
row-not-sent = not sent
row-bounced = bounced
row-held = held { $span }
row-draft = draft
row-note = note
list-empty = Nothing here. ] shows the next view.
loose-drafts = { $count ->
    [one] { $count } draft to somebody new: { $key } shows it
   *[other] { $count } drafts to somebody new: { $key } shows them
}
loose-mails = { $count ->
    [one] { $count } mail to somebody new: { $key } shows it
   *[other] { $count } mails to somebody new: { $key } shows them
}
marked = { $count } marked
marked-all = all marked
marks-all = all
marks-are = { $count } marked: { $statuses }
marks-are-more = { $count } marked: { $statuses } · { $more } not in sight
marks-oldest = oldest { $age }
marks-status = { $count } { $status }

## The conversation

conversation-none = No conversation
snoozed-until = snoozed until { $until }
row-answer-waits = { $who }'s answer waits, { $since }
has-answer-waiting = { $who } has an answer waiting since { $since }
is-replying = { $who } is replying
is-leased = { $worker } of { $who } is at it until { $until }
is-leased-mine = yours until { $until }, taken at { $worker }
waits = waits { $span }
followed-by = followed by { $names }
earlier = { $count } earlier, { $key } loads them
origin-automatic = (automatic)
origin-report = (delivery report)
origin-loop = (our own, come back)
head-to = to { $to }
head-to-cc = to { $to }, cc { $cc }
wrote-form = as the form says
wrote-colleague = from our colleague { $who }
wrote-ourselves = our own address
wrote-unproven = claims to be from us
doubt-failed = our mail server says that this is not from { $domain }
doubt-named = the name carries an address of somebody else: { $address }
doubt-looks-like = { $domain } is not our { $ours }: it only looks like it
wrote-forged = claims to be from us; our server says it is not
wrote-from = the mail is from { $from }
new-here = new here: { $who }
why-new-here = { $why }; new here: { $who }
context-is = context: our notice to many, { $at }; its own conversation { $short }
context-more = { $count ->
    [one] { $count } more line, { $key } shows it
   *[other] { $count } more lines, { $key } shows them
}
answered = { $count } answered
related-is = related: { $other }
related-other = { $short } { $title }, { $people } ({ $how })
related-names = this names its mail
related-named-by = it names mail of this
related-shares = names the same mail
related-more = and { $count } more
related-opens = { $key } opens it
related-joins = { $key } joins it
related-joins-one = { $key } joins one
head-subject = subject: { $subject }
answers-go-to = answers go to { $who }
shares-id = shares its Message-ID with { $who }
why-shares-id = { $why }; it shares its Message-ID with { $who }
why-known-as = { $why }; it is also known as { $ids }
mail-gone-from-server = gone from the server: this copy is kept here
mail-left = left { $folder }, moved or deleted by another program
mail-left-all = moved or deleted by another program
mail-archived = left { $folder }, archived by another program
mail-in-archive = archived by another program
mail-let-go = { $days ->
    [0] its text was let go when it left the server, and can't be had again
    [one] its text was let go one day after it left the server, and can't be had again
   *[other] its text was let go { $days } days after it left the server, and can't be had again
}
why-and-left = { $why }; { $how }
all-mail-left = closed, because all of its mail has left: { $how }
body-not-yet = The text is not here yet.
more-lines = { $count } more lines
folded-quote = { $count ->
    [one] + { $count } quoted line
   *[other] + { $count } quoted lines
}
folded-signature = { $count ->
    [one] + { $count } line of signature
   *[other] + { $count } lines of signature
}
# Of what is looked for, in what is folded.
folded-hits = { $count ->
    [one] { $count } hit, { $key } shows it
   *[other] { $count } hits, { $key } shows them
}
no-inbound-below = no message of the customer below
no-inbound-above = no message of the customer above
no-note-below = no note below
no-note-above = no note above
not-no-message-in-view = no message is in view
not-nothing-found = nothing was found
not-in-a-conversation = no conversation has the keys
# A message as it came.
source-of = { $who }, { $at }
title-source-headers = Headers: { $name } · { $key } the whole
title-source-raw = As it came: { $name } · { $key } headers
source-cut = … { $shown } of { $size } are shown
source-partial = only its headers are here
source-nothing = it is not here
# In the head of a conversation: the hit and the message that one is at, of how many.
chat-hit = hit { $at }/{ $of }
chat-place = message { $at }/{ $of }
save-all-of-message = Save all { $count } of this message
save-all-of-conversation = Save all { $count } of the conversation
# At the right of a message's head.
chat-new = new
chat-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
note-by = note by { $who }
note-erased = erased by { $who }, { $at }
note-edited = edited
not-on-server = not on the server yet

## Pages

title-reply-changed = { $name } was changed since you last used it
title-notices = Notices
title-notices-stand = { $count ->
    [one] Notices · { $count } stands until its cause is gone
   *[other] Notices · { $count } stand until their cause is gone
}
title-log = Log of { $short }, newest first ({ $zone })
page-place = { $last } of { $of }
page-scrolls = scroll
page-opens = open its conversation
page-undoes = undo this one
page-uses = use it
notices-none = Nothing was told yet.
log-none = Nobody has done anything here yet.
log-with-others = (with { $count } others)
log-undone = (undone)
log-nobody-had-it = (nobody had it)
log-was-first = ({ $who } was first)
log-lost-some = (lost { $lost } of { $of })
log-on-host = on { $host }

## Lines to type in

pick-no-match = Nothing matches.
pick-not-now = not now: { $why }
pick-to-fill-in = to fill in: { $names }
pick-subject = Subject: { $subject }
prompt-sends-then = { $at } · Enter sends then
prompt-snoozes = { $at } · Enter snoozes
prompt-find = find
prompt-find-help = Enter keeps the hits, { $key } at the beginning searches everywhere
prompt-find-none = not in this conversation
prompt-find-earlier = not in what is loaded; { $count } earlier, { $key } loads them
prompt-find-hits = { $count ->
    [one] { $count } hit
   *[other] { $count } hits
}
prompt-find-folded = { $count ->
    [one] { $count } more in what is folded
   *[other] { $count } more in what is folded
}
prompt-search-help = Enter searches everywhere, Tab completes: is:unassigned from:ana tag:vip words
prompt-note-help = Enter saves, \ and Enter begin a new line, @name mentions
prompt-snooze-help = in words: tomorrow 9:00, mon, 2h, 3 days, 1 dec 14:00
prompt-attach-help = paths, several with spaces between; Tab completes; Enter attaches
prompt-later-help = in words: tomorrow 8:00, mon, 2h, 1 dec 14:00
prompt-save-help = Enter saves, nothing is overwritten; Tab completes
prompt-pipe-help = a command that reads the file from its standard input
prompt-pipe-mail-help = a command of the shell that reads the mail as it came, or of several an mbox; what it prints is shown
prompt-title-help = Enter sets it, an empty one returns to the subject
prompt-note = Note (stays in the team):
prompt-edit-note = Edit the note (the old text stays in the log):
prompt-snooze = Snooze until:
prompt-title = Title:
prompt-attach = Attach:
prompt-later = Send:
prompt-save = Save to:
prompt-save-all = Save all to:
prompt-pipe = Pipe to:
screen-too-small = postroom needs 40x8

## Mails that are written and sent

review-news = Something new came in: read it before you send
review-stops = Can't be sent: { $why }
hint-edit = e goes back to editing
hint-same-key = the same key again sends it
leaving-now = Sending to { $who }
leaving-later = Goes to { $who } on { $at }
hint-lists-outbox = { $key } lists the outbox
sent-to = Sent to { $who }
sent-but = Sent, but { $why }
hint-shows-mail = { $key } shows the mail
mails-came-back = { $count ->
    [one] A mail came back: the customer does not have it
   *[other] { $count } mails came back: the customers do not have them
}
your-mail-left = { $title } is closed: another program archived or deleted its mail
your-mails-left = { $count } conversations that you have are closed: another program archived or deleted their mail
hint-gone-found = { $key } is:gone finds it; a new mail opens it again
hint-gone-query = `postroom list is:gone` finds them; a new mail opens one again
told-upgraded = { $count ->
    [one] One conversation stands or belongs together otherwise with this version of postroom, or is kept as it was
   *[other] { $count } conversations stand or belong together otherwise with this version of postroom, or are kept as they were
}
hint-upgraded-found = { $key } is:upgraded lists { $count ->
    [one] it
   *[other] them
}
hint-upgraded-query = `postroom list is:upgraded` lists { $count ->
    [one] it
   *[other] them
}
hint-bounced = { $key } is:bounced finds it, the next reply or status ends it
mails-not-sent = { $count ->
    [one] A mail was not sent
   *[other] { $count } mails were not sent
}
hint-outbox = { $key } shows why and what to do
draft-discarded-already = It is discarded already
hint-enter-back = Enter brings it back
cant-a-draft = Can't { $what } a draft
not-settled = it is { $state }
not-mine = it is somebody else's
not-before-looking = it may have arrived: look, then s sends it again
too-late-to-take-back = It can't be taken back: it is on its way, or gone
hint-shows-outbox = O shows the outbox
draft-of = Your draft of { $at }
draft-instead-of-forward = Your reply of { $at } stands here
draft-instead-of-file = Your forward with its text stands here
draft-instead-of-reply = Your forward of { $at } stands here
draft-instead-of-message = Your draft on another mail stands here
draft-instead-of-recipients = Your reply keeps its recipients
hint-one-draft = send or discard it first
draft-kept-notice = The draft is kept
hint-lists-drafts = { $key } lists your drafts
compose-reply = Reply
compose-reply-all = Reply to all
compose-forward = Forward
compose-new = New mail
compose-as = { $what } as { $who }
compose-to = { $what } { $who }
compose-cc = Cc { $who }
compose-files = Files { $count }
compose-below = –– below: { $what } ({ $keys } shows)
compose-below-short = – – – { $what }
compose-under = { $who } wrote at { $at }, under your draft: “{ $said }”
compose-under-did = { $what } at { $at }, under your draft
compose-under-more = { $newest } (and { $count } more)
compose-stranger = { $who } was never written to from here
new-under-draft = new under your draft
rest-signature = signature
rest-quoted = { $count ->
    [one] { $count } quoted line
   *[other] { $count } quoted lines
}
rest-forwarded = { $count ->
    [one] { $count } line of the forwarded mail
   *[other] { $count } lines of the forwarded mail
}
known-conversations = { $count ->
    [one] { $count } conversation
   *[other] { $count } conversations
}
known-many = over { $count } conversations
known-last = last { $age }
known-colleague = colleague

compose-kept = kept { $at }
compose-kept-short = kept
compose-markdown = · Markdown
sender-on-behalf = { $inbox }, sent by { $agent }
sender-personal = { $agent }, answers to { $inbox }
# The line between headers and text in the file of an external editor.
editor-help = The lines above are the mail's headers; the text begins below the empty line.
compose-from-hint = ‹Space changes›
compose-left-out = the last mail left out { $who } · { $key } adds them
compose-unfilled = { $count } to fill in: { $names } · { $key } goes to the next
compose-other = { $who } is replying here too
# Labels of the headers of a mail stand in a column of seven cells.
label-from = From
label-to = To
label-cc = Cc
label-bcc = Bcc
label-subject = Subject
# At most six cells.
label-subject-short = Subj
label-files = Files
label-format = Format
label-invitation = Answer
review-invitation = { $answer }, as { $who }
review-title = Before sending
review-whom = Send to { $who }?
review-nobody = Send to nobody?
review-then = Then
review-then-waiting = waiting for the customer
review-then-closes = { $key } closes: next { $next }
review-then-stays = { $key } closes and stays here
review-then-list = { $key } closes
review-hidden-lines = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
review-below = + { $what } · { $key } scrolls
review-red = Not sent: { $why } · the same key once more sends it
review-too-soon = Not sent yet: the mail only just came up
collision-title = ! Not sent: { $what } { $age } ago
collision-plain = ! Not sent: something new came in
collision-yours = yours
collision-stopped = stopped before the first byte
collision-not-here = (the text is not here yet)
review-markdown = Markdown: goes out as text and as HTML
review-cant = can't be sent:
title-drafts = Drafts
title-outbox = Outbox
drafts-none = No drafts.
outbox-none = Nothing is on its way out.
# States of the outbox and of drafts stand in a column of eleven cells.
state-held = waiting
state-stopped = stopped
state-sending = sending
state-uncertain = uncertain
state-failed = failed
state-sent = sent
state-filed = done
draft-discarded = discarded
draft-standing = draft
tried = { $count ->
    [one] tried once
   *[other] tried { $count } times
}
by = by { $who }
goes-out-now = goes out now
mail-waits = waits
goes-out-in = goes out in { $span }
goes-out-at = goes out { $at }
outgoing-somebody = somebody was there in the meantime:

## Files and programs

file-unreadable = { $file }: can't be read: { $why }
file-saved = Saved as { $path }
files-saved = Saved { $count } files in { $folder }
file-opened = Opened { $path }
file-piped = Piped to { $command }
file-being-fetched = The attachment is still on the server; it is being fetched
file-not-saved = { $name } can't be saved in { $folder }: { $why }
export-there = { $path } is there already
hint-export-there = give another --to, or --overwrite to replace what is there
export-of-other = { $path } is left by an interrupted export of something else
hint-export-of-other = give the command of that again, another --to, or --overwrite to begin anew
export-busy = another export writes to { $path }
hint-export-busy = wait for it, or give another --to
export-unwritable = { $path } can't be written: { $why }
backup-wants-name = { $path } is no name for a backup
backup-there = { $path } is a backup already
hint-backup-there = give another path, or --overwrite to put a new one in its place
backup-other-there = { $path } is there already, and is no backup
hint-backup-path = give a path at which nothing is: postroom backup ~/backups/postroom
backup-live-there = { $path } is a store that somebody works with, put back from a backup
backup-busy = another backup is being written to { $path }
hint-backup-busy = wait for it, or give another path
backup-too-large = { $path } is larger than 16 MB
hint-backup-too-large = move it away: it is no config, saved reply, keymap or theme
backup-none = { $path } holds no backup: { $why }
hint-backup-none = name the folder that `postroom backup` wrote
backup-newer = { $path } was written by a newer program, { $by }
backup-lacks = { $path } can't be read: { $why }
backup-changed = { $path } is not as it was written: it is damaged, or somebody worked with it
backup-outside = { $path } stands in the list, and lies outside
backup-unsound = { $path }: { $why }
hint-backup-anew = keep it till there is another: postroom backup PATH
hint-another-name = nothing is overwritten: give another name
hint-room = is there room, and may you write there?
hint-owner-and-mode = check the file's owner and mode
hint-opener = the file is saved as { $path }; set `opener` in the config
program-not-started = { $program } can't be started: { $why }
program-not-run = { $program }: { $why }
command-unreadable = the command can't be read: { $command }
hint-command-words = a quote in it has no end, or it is empty; what needs a shell is written as: sh -c '…'
# What goes on: watch, log --follow.
cursor-unknown = this store does not know the cursor { $cursor } for this: it is of another store, query or agent, or too old
hint-begin-anew = begin anew without --after
hint-remove-state = remove { $path } to begin anew
state-file = { $path } can't be used for the cursor: { $why }
hint-state-file = name a file that you may write, in a folder that is there
since-unreadable = { $given } is no moment
hint-since = write 2h, 3d, 2026-11-29 or 2026-11-29T14:00:00Z
watch-aside = { $tries ->
    [one] { $command } failed for { $what }, and it is set aside: { $why }
   *[other] { $command } failed { $tries } times for { $what }, and it is set aside: { $why }
}
watch-asides = { $count ->
    [one] 1 event is set aside, for which { $command } failed
   *[other] { $count } events are set aside, for which { $command } failed
}
watch-exec-runs = another process runs { $command } for this query
hint-watch-exec-runs = it goes on where it is; end it first, or name another query or command line
hint-watch-retry = the same command line with --retry runs it once more for each
# Hooks.
config-no-program = the password command names no program
hint-password-program = write a line of the shell, or a list of words that begins with the program
config-hook-name = { $name } can't be the name of a hook
hint-hook-name = it is made of letters, digits, - and _, at most 64 of them
config-no-hook-event = there is no event { $name }
hint-hook-events = write on = ["new"], or several of { $events }
config-hook-run = [{ $section }] does not say what to run
hint-hook-run = write run = ["/path/to/program", "word"]; what needs a shell is written as run = ["sh", "-c", "…"]
hook-failed = the hook { $hook } failed ({ $event }: { $title }): { $why }
hint-hook-failed = it is not run again for that; mend it, and the next time that it ends well this is over
hook-interrupted = postroom ended while it ran
hook-fails = { $count ->
    [one] hook { $hook }: failed for 1 event, last { $at }: { $why }
   *[other] hook { $hook }: failed for { $count } events, last { $at }: { $why }
}
hooks-left-out = { $count ->
    [one] 1 event was left out, because too many wait for hooks
   *[other] { $count } events were left out, because too many wait for hooks
}
hint-hooks-left-out = a thousand wait for each hook at most
# How another program ended.
program-status = it ended with status { $status }
program-signal = it ended by signal { $signal }
program-signal-named = it ended by signal { $signal } ({ $name })
program-slow = it took longer than { $seconds } seconds and was ended
program-stopped = it was ended
program-no-start = it can't be started: { $why }
program-broke = it can't be watched: { $why }
program-with-words = { $why }: { $words }
command-ended-with = { $command } ended with { $how }
editor-not-utf8 = what the editor left is not UTF-8: byte { $byte } of line { $line } can't be read
hint-editor-utf8 = nothing of it was taken, the draft is as it was; the text stands in { $path }: save it as UTF-8 and read it in again
editor-unreadable = { $path } can't be read back: { $why }
hint-written-stands = what was written stands in { $path }; the draft is as it was
hint-built-in-editor = the draft is as it was; go on in the built-in editor
hint-did-you-mean = did you mean { $near }?

## The config, the keymap, the theme

config-no-home = there is no home folder to keep the config and the store in
hint-set-home = set HOME, or name them with --config and --store
config-anothers = { $path } belongs to another user (number { $uid }): nothing was read from it, because programs that are run stand in it or below it
config-others-write = { $path }: everybody may write this, and programs that are run stand in it or below it
config-group-writes = { $path }: the group { $gid } may write this, and programs that are run stand in it or below it
hint-config-own = look what stands in { $config }, then copy it into a folder of your own and name it with --config
hint-config-chmod = look what stands in it, then chmod go-w { $path }
config-neither = the config was neither read nor refused
config-log-nowhere = account { $account }: with a folder of another mailbox as its inbox the team's log needs a place there too
hint-log-folder = add `log_folder`, such as log_folder = "shared/support/Postroom"; `postroom init` finds the name
config-missing = there is no config yet at { $file }
hint-init-or-demo = run `postroom init` to make one, or `postroom demo` to look around first
config-not-utf8 = { $file }:1:1: it is not text in UTF-8
hint-utf8 = save the file as UTF-8
agent-bad = --agent or POSTROOM_AGENT: { $why }
agent-unknown = --agent or POSTROOM_AGENT: nobody is called { $agent }
hint-agents = the config has { $names }; a new colleague gets a section [agent.{ $agent }]
config-query-unknown = [{ $section }] { $key }: { $what }
hint-builtin-keymap = the built-in keymap is used
keymap-no-part = [{ $name }] is no part of a keymap
hint-keymap-parts = use list, conversation, find, customer, views, global, page, input, compose, mail, review, collision or outbox
keymap-no-name = { $keys } must name an action in quotes
keymap-column = column { $column } of { $line }
hint-actions = `?` lists them, `noop` unbinds a key
keymap-bound = { $keys } is bound to { $to } already ({ $other })
keymap-prefix = { $keys } begins { $of }, which is bound too ({ $other })
keymap-beyond = { $keys } can't be reached: { $of } is bound by itself ({ $other })
keymap-typed = { $keys } can't be bound in [{ $context }]: it is typed there
keymap-unreached = { $keys } never gets to { $action }: the list and the conversation have that key for something else
keymap-missing = there is no keymap { $name }
hint-keymaps = use { $names }, or write keymaps/{ $name }.toml beside the config
hint-other-key = the first of them counts; take another key for one of them
hint-key-with-control = take a key with Control or Alt, or one that has a name
hint-bind-there = bind { $keys } in [list] or [conversation]
hint-rest-counts = the rest of the file counts
title-views = Views
title-themes = Colours
view-kept = Kept as the view { $name }
hint-view-kept = in { $file }; { $key } shows it by its name
theme-now = { $name } until you leave
hint-theme-kept = theme = "{ $name }" in the config keeps it
prompt-save-view = View:
prompt-save-view-help = a name for this search: letters, digits, - and _
not-no-search = no search is shown
yours = Yours
tags-heading = Tags
view-not-kept = the view { $name } could not be kept in { $file }: { $why }
views-not-kept = this postroom has no file to keep views in
hint-check-rights-of-folder = check the rights of the folder
views-file-head = Views that were saved on the screen, written as in the config; yours to change.
no-view = there is no view { $name }
no-saved-reply = there is no saved reply { $name }
hint-views-lists = postroom views lists them
view-name-bad = { $name } is no name for a view
hint-view-name = use letters, digits, - and _, at most 40 of them
view-name-taken = there is a view { $name } already
hint-other-name = take another name
view-key-taken = the key { $key } shows another view of yours
hint-other-key-of-view = give one of them another digit
hint-view-key = use a digit from "1" to "9"
hint-view-query = say what it finds, such as 'tag:vip is:open'
theme-inherits-itself = { $name }.toml: the theme inherits itself
hint-take-inherits-out-dark = take `inherits` out; dark is used beneath it
theme-missing = there is no theme { $name }
hint-theme-used = { $name } is used
theme-too-deep = { $file }: too many themes inherit each other
hint-take-inherits-out = take an `inherits` out
hint-builtin-dark = the built-in dark is used
theme-no-role = { $name } is no role
theme-no-colour = { $given } is no colour
hint-colour = use a name such as red or light-blue, a number 0-255, or #rrggbb

## What was done here and does not stand

refusal = { $short } { $title }: you { $did }, but { $why }
stands-taken-first = { $who } took it first, { $ago } ago
stands-nobody = it came too late, nobody has it
stands-taken-back = { $who } took it back
stands-then = then { $who } { $did }
stands-customer = the customer wrote meanwhile: it is { $status }
stands-our-mail = a mail of ours went out meanwhile: it is { $status }

## Why an entry of the time line has no effect

void-was-first = { $who } was first
void-nobody-had-it = nobody had it
void-undone-by = undone by { $who }
void-undone = undone

## The store

store-file = { $path }: { $why }
store-newer = { $path } was made by a newer postroom (store version { $found }, this one reads up to { $known })
store-damaged = { $path } is damaged or is no postroom store: { $why }
store-full = the disk is full: nothing was changed
store-was-open = others on this machine could read or change the store in { $path }; now only you can
store-disk = { $path } can't be read or written: nothing was changed ({ $why })
store-too-long = the { $what } is too long: nothing was changed
store-stopped = stopped before it was done: what was done is kept, and the next try goes on from there
store-busy = another postroom has been writing to the store for over ten seconds
store-failed = store: { $why }
hint-own-store = a store is one user's: give each user of this machine a store of their own (--store, POSTROOM_STORE) and set it up with `postroom init` on the same mailbox, where the team's log brings them together
hint-own-folder = check that the folder exists and is yours
hint-update = update postroom, or name another store with --store
hint-move-store-away = keep the file, move it away and run `postroom sync`: mail and the team's log come back from the server, drafts and what was not sent yet are in the file alone
hint-disk-full = is the disk full, or may it not be written? make room and try again
hint-free-space = free some space and try again; postroom goes on by itself
hint-shorter = make it shorter, or several of it
hint-run-again = run it again
hint-end-the-other = end the other one, or try again
hint-store-stays = try again; if it stays, keep the file, move it away and run `postroom sync`: drafts and what was not sent yet are in the file alone

## The team: where a config and the record on the log say different things

derive-bar = who is of the team has changed
derive-done = { $count ->
    [one] who is of the team has changed: { $count } message was looked at again
   *[other] who is of the team has changed: { $count } messages were looked at again
}
derive-stopped = stopped: not every message has been looked at again since the team changed; the next sync goes on from here
team-no-account = no inbox of the config is of the account { $account }
team-inbox-not-in-record = the config's inbox { $inbox } ({ $address }) is not in the team's record
team-inbox-not-in-config = the team's record has the inbox { $inbox } ({ $address }), which the config lacks
team-inbox-name = { $address } is called { $inbox } in the config and { $record } in the team's record
team-inbox-address = the inbox { $inbox } has the address { $config } in the config and { $record } in the team's record, which counts
team-inbox-aliases = the inbox { $inbox } has other aliases in the team's record, which counts: only in the config { $config }, only in the record { $record }
team-agent-not-in-record = the config's agent { $agent } is not in the team's record
team-agent-not-in-config = the team's record has the agent { $agent }, whom the config lacks
team-agent-name = { $agent } is called { $config } in the config and { $record } in the team's record, which counts
team-which-inbox = there are several inboxes, or none
hint-team-which-inbox = write INBOX=ADDRESS; there are: { $names }
team-record-has-no = the team's record has no { $name }
hint-team-add-agent = add --colleague { $agent }, or --colleague { $agent }=ADDRESS
team-address-twice = { $address } stands at two inboxes, or twice at one
hint-team-address-twice = give each inbox addresses of its own
team-too-long = the team's record is longer than other clients take it
team-unsigned = { $account }: not everybody signs what they write yet: { $authors }
hint-team-unsigned = their unsigned work would count for nobody; let them upgrade postroom and write something, or add --force
team-no-edit = what is to be changed is not named
hint-team-no-edit = add --from-config, --inbox, --alias, --colleague, --team, --authserv or --signed
team-edit-bad = { $given } does not say what it is to be
hint-team-edit = write { $flag } { $form }; with nothing behind the = it is taken out
team-needs-account = with several accounts { $flag } needs --account
team-row-set = { $account }, set by { $who } on { $at }
team-row-waits = { $account }, set by { $who } on { $at }, not on the server yet
team-row-none = { $account }: the log says nothing of the team
team-row-inbox = inbox
team-row-agent = agent
team-row-team = team
team-row-authserv = authserv
team-row-signed = signed
team-row-differs = differs
team-aliases = also { $aliases }
team-signed-yes = yes: unsigned records don't count
team-signed-off = no: unsigned records count, too
team-signed-no = no: { $signing } of { $authors } authors of the last 30 days sign
team-hint-none = `postroom team set --from-config` writes what the config says
team-hint-differs = the record counts: change the config, or `postroom team set --from-config` changes the record
team-hint-signed = all authors sign: `postroom team set --signed true` lets nothing else count
team-hint-unsigned = `postroom team set --signed true` is offered when all do; not yet: { $authors }
told-team-set = { $account }: the team's record is written
told-team-new-inbox = { $account }: { $inbox } is a new inbox
told-team-would = { $account }: the team's record would be this
told-team-already = { $account }: the team's record says so already
told-team-written = { $account }: the log said nothing of the team, so the team's record is written from the config
told-team-later = { $account }: the log could not be read now; `postroom team set --from-config` writes the team's record
told-team-differs = { $account }: config and team's record differ: { $differences }
told-team-agrees = { $account }: the config says nothing against the team's record now
told-team-unseen = { $account }: { $last } set the team's record without having read what { $before } set just before: what { $last } set counts, and what { $before } set may be lost
hint-team-unseen = look at `postroom team show`, and set again what is missing
team-team-not-in-record = the config's team { $team } is not in the team's record, which counts
team-team-not-in-config = the team's record has the team { $team }, which the config lacks
team-members = the team { $team } has other members in the team's record, which counts: only in the config { $config }, only in the record { $record }
team-authserv = the authserv-id is { $config } in the config and { $record } in the team's record, which counts
team-agent-address = the config's address of { $agent }, { $config }, is not in the team's record

## The config file, key by key

config-mistakes = the config has { $count } mistakes{ $lines }
config-key-missing = { $key } is missing
config-cant-be = { $key } can't be { $given }
config-knows-no = the config knows no { $name }
config-section-knows-no = [{ $section }] knows no { $name }
config-no-password = [{ $section }] does not say where the password comes from
config-no-inbox = no inbox is named
config-who-are-you = who you are is not known
config-no-account = there is no account { $account }
config-no-account-at-all = there is no account
config-older = { $key } is read as it was, and is written otherwise by now
hint-older-local = write `kind = "local"` in its place
config-two-kinds = account { $account } is local and of another kind
hint-keep-kind = keep kind, and leave out local
config-team-later = account { $account } is of the kind team, which needs a later version of postroom
hint-team-later = use kind = "imap" with the team's mailbox; team servers come with a later version
config-open-password = a password stands in a file that others can read
hint-who-are-you = write handle = "alice" under [me], or set POSTROOM_AGENT
hint-accounts = accounts are: { $names }
hint-chmod-600 = run chmod 600 on the file, or use password_command
hint-password-ways = add password_command, password_env, password_keyring or password_prompt = true
hint-it-knows = it knows { $names }
hint-toml = see https://toml.io for how TOML is written
hint-use = use { $words }
template-language = { $what }: { $hint }
language-unknown = { $given } is no language that postroom writes
hint-languages = it writes { $names }
hint-timezone = name it as "Europe/Berlin" or "UTC"
hint-customers-address = write the address that customers write to
hint-server-name = write the server's name, such as host = "imap.example.com"
config-plain-elsewhere = security = "plain" would send the password to { $host } in clear
config-several-passwords = [{ $section }] names several passwords
hint-keep-one = keep one of them
config-team-is-agent = { $team } is an agent, and teams share the agents' names
config-team-empty = the team { $team } has no members
hint-team-other-name = give the team another name
hint-team-members = name the handles of its members, such as { $team } = ["alice", "bob"]
hint-agent-section = add a section [agent.{ $agent }]
authserv-bad = { $given } is no authserv-id
hint-authserv = write the first word of the Authentication-Results that your own server puts on mail, such as mx.example.com
sender-name-empty = it names nobody
sender-name-unknown = { $given } is none of { $known }
config-sender-name = { $given } is no name of mail: { $why }
hint-sender-name-braces = write a name with {"{"}agent{"}"} or {"{"}inbox{"}"} in it, such as "{"{"}agent{"}"} at {"{"}inbox{"}"}"
hint-add-inbox = add a section [inbox.support] with its address
hint-add-account = add a section [account.main]
hint-address = write it as name@example.com
hint-use-tls = use "tls" or "starttls"; "plain" is for localhost only
hint-login-name = write the login name

## Other programs

link-not-opened = only web and mail links are opened
hint-copy-link = copy it with y l
no-opener = no opener is set
hint-set-opener = set `opener` in the config
hint-set-opener-or-copy = set `opener` in the config, or copy the link with y l
no-editor = no editor is set
hint-set-editor = set $VISUAL or $EDITOR, or `editor` under [ui] in the config

## Verbs: errors
# What was given stands in quotes that code puts round it. Numbers that are typed again (ids, places, bounds) are texts, not counts.

stdin-unreadable = stdin can't be read: { $why }
hint-add = add { $flag }
no-mail-address = { $given } is no mail address
address-no-at = { $given } is no mail address: it has no @; write name@example.com
address-second-at = { $given } is no mail address: a second @ stands at character { $at }; put a comma between two addresses
address-space = { $given } is no mail address: a space stands at character { $at }; take it out, or put a comma between two addresses
address-letter = { $given } is no mail address: { $letter } can't stand at character { $at }; write name@example.com
address-invisible = { $given } is no mail address: something that can't be seen stands at character { $at }; type the address anew
address-no-name = { $given } is no mail address: nothing stands before the @; write name@example.com
address-no-server = { $given } is no mail address: no server stands behind the @; write name@example.com
address-too-long = { $given } is no mail address: it is longer than 320 bytes; look it up again
address-in-field = { $field }: { $what }
hint-write-address = write name@example.com
mail-no-end = nothing says what is to become of the mail
hint-mail-end = add --send, --draft or --dry-run
mails-over-max = { $count } conversations match, and --max allows { $max }
hint-add-max = look at them with --dry-run, then add --max { $max }
stdin-twice = stdin can be only one thing
hint-by-name = give the text or the file by name
stdin-no-name = the file from stdin has no name
hint-attach-name = add --attach-name report.pdf
mail-silent = the mail says nothing
forward-being-fetched = the mail to forward is still on the server
hint-forward-again = it is being fetched: try again in a moment
no-such-file-along = no file { $name } goes along
hint-files-along = those are: { $files }
without-of-several = --without names files of one mail, and { $count } conversations match
hint-say-something = write something above the quote, or attach what it is about
hint-adds-them = { $flags } adds them
hint-mail-text = give it a text with --body, --body-file or --saved
file-not-attached = { $file } can't be attached: { $why }
body-unreadable = { $file } can't be read as the text: { $why }
body-not-utf8 = { $file } can't be read as the text: it is not UTF-8, at byte { $byte } of line { $line }
hint-to-utf8 = turn it into UTF-8 (iconv -t UTF-8), or attach it
body-too-long = { $file } is too long for a mail
hint-attach-it = attach it
new-to-nobody = nobody is named to write to
forward-to-nobody = nobody is named to forward it to
only-ourselves-to-answer = { $short }: nobody to answer: only we ourselves wrote it
reply-not-looked-at = the team changed the saved reply { $name } since it was last used here
hint-accept-changed = read the difference above, then add --accept-changed
no-such-reply = no saved reply is called { $name }
hint-first-reply = there is none yet: put files NAME.md into { $folder }, or run `postroom replies pull`
set-without-value = --set { $pair }: write NAME=VALUE
reply-not-shared = the team does not have { $name }
reply-too-long = { $name } is longer than the { $bound } characters that can be shared
reply-not-written = { $name } can't be written: { $why }
hint-replies-folder = look at the folder of saved replies
no-such-draft = there is no draft { $id }
hint-draft-list = `postroom draft list` names them
draft-is-discarded = draft { $id } is discarded
hint-draft-restore = `postroom draft restore { $id }` brings it back
outbox-no-mail = there is no mail { $id } in the outbox
hint-outbox-lists = `postroom outbox` lists what there is
no-conversation-named = no conversation is named
hint-name-conversations = name ids, or a query such as 'status:open tag:billing'; 'is:any' means every conversation
no-such-conversation = there is no conversation { $word }
hint-search-in-full = to search for the word, write the query in full: postroom list '{ $word }'
begins-several-ids = { $word } begins several ids
hint-may-be = it may be { $ids }
# $mark shows the query with a sign under the place.
query-wrong = { $why }{ $mark }
messages-there = { $id } has messages 1 to { $last }
message-of-several = --message names a message of one conversation, and { $count } match
split-which = which message of { $target } is to be split off?
hint-split-which = name it with --message 1 to { $last }, or by its Message-ID: `postroom why { $id }` lists them
split-first = the first message of a conversation can't be split off: all its answers would follow it
triage-nothing = nothing is to be done
hint-triage-flags = add --assign, --add-tag, --remove-tag, --status, --note, --snooze, --title or --move
note-unreadable = stdin can't be read as the note: { $why }
note-of-several = a note of one conversation is edited, and { $count } are named
note-missing = there is no note { $number } in { $id }
note-missing-mine = there is no note of yours in { $id }
hint-which-note = { $count ->
    [0] it has no notes
    [one] it has one note: --edit=1
   *[other] name one with --edit=1 to --edit={ $last }, in the order of `postroom show`
}
plan-unreadable = the plan { $path } can't be read: { $why }
plan-line-wrong = { $file }:{ $line }: { $why }
plan-no-line = no line of a plan: { $why }
plan-other-schema = it is of schema { $schema }, type { $kind }
plan-too-long = the plan { $path } is too long
hint-plan-parts = apply it in parts
hint-plan = nothing was done; a plan is what `triage … --dry-run --json` prints
attachment-missing = there is no attachment { $number }
hint-attachments-there = the conversation has { $count }
attachment-not-here = attachment { $number } is not here yet
no-opener-set = no command to open files is configured
hint-opener-under-ui = set opener under [ui]
command-failed = { $command } failed
command-not-run = { $command } can't be run: { $why }
mail-too-large = a mail of { $size } is too large to be fetched
hint-other-program = open it in another mail program
a-mail-gone-unfetched = a mail is no longer on the server, and was never fetched whole
texts-still-away = { $count ->
    [one] the text of { $count } mail is still on the server
   *[other] the text of { $count } mails is still on the server
}
hint-sync-then-again = run `postroom sync`, and try again
hint-without-offline = run the command again without --offline, or `postroom sync`
hint-other-fetches = another postroom on this machine is fetching it: try again in a while
other-not-brought = the other postroom has not brought it to the server yet
server-files-sent = account { $account }: the server files what it sends by itself, so mail stands twice in the folder of sent mail
hint-server-files-learned = postroom leaves it to the server from now on; the second copies that are there can be deleted
hint-server-files-set = the config says otherwise: set server_files_sent = true in [account.{ $account }], or leave it out
drafts-not-copied = drafts are not copied to the server: { $why }
hint-drafts-kept = they are kept here, and the next sync tries again
no-waker = no connection can be prepared: { $why }
no-thread = no thread can be started: { $why }
flags-missing = missing, and there is no terminal to ask on: { $flags }
terminal-unreadable = the terminal can't be read: { $why }
questions-left = the questions were left without an answer; nothing was written
# The set-up: what it says and asks. Enter takes what stands in brackets.
init-begins = This sets up an account: it asks for an address and what can't be found out by it, logs in to the servers, and writes the config.
    The name server is asked which servers the address has, then the domain's web server, which hears the address and may send us on (--no-lookup asks nobody).
    Enter takes what stands in brackets. Ctrl-C leaves: what was answered is kept, without passwords, and proposed the next time.
init-kept = What you answered the last time for { $address } is proposed again, if it is that address.
config-link-broken = { $path } is a link that leads to nothing: { $why }
hint-config-link = make the file that it leads to, or take the link { $path } away
init-again = Not so: { $why }.
init-provider = This is { $title }: its servers are known.
init-folder = { $folder } ({ $role })
init-folder-mails = { $count ->
    [one] { $folder } ({ $role }, 1 mail)
   *[other] { $folder } ({ $role }, { $count } mails)
}
init-folder-log = { $folder } (the team's log; made when it is missing)
init-folder-missing = { $folder } is not there
init-folder-called = { $folder } is not there: this server calls it { $called }
init-shared-with-you = Others share these folders with you. Where the team's mail is in one of them, name it: nothing else of your mail is read then.
init-shares = The team will share all mail in { $folder }, and in { $log } every note, assignment and status; whoever reads these folders sees that.
init-shares-with = Beside you these read { $folder }: { $readers }
init-shares-unknown = The server does not tell who else reads them: whoever has the login of this mailbox does.
init-log-read-only = Note: you may read the team's log and not write to it: what you do here stays here. Ask whoever runs the mailbox for the right i.
init-mail-read-only = Note: you may read this mail and not mark it; the team's work goes on all the same.
init-no-team-folder = there is no folder { $folder }
hint-init-folder = name the team's folder with --inbox-folder
init-not-agreed = nothing is shared, and nothing was written
hint-init-kept = what was answered is kept: `postroom init` proposes it again
init-mail-subject = It works
init-mail-body = This mail was sent by `postroom init`, to see that mail goes out.
init-mail-failed = the mail did not go out, the config is written all the same: { $why }
init-mail-sent = a mail to { $address } is on its way
init-then-login = now run `postroom login { $account }`: somebody has to agree once
init-check-account = { $account }: the login works; these folders are used:
init-check-no-sending = mail is only read: no server for outgoing mail is named
init-check-fine = everything that { $path } says of servers works
init-check-failed = { $count ->
    [one] 1 account does not work
   *[other] { $count } accounts do not work
}
ask-write-over = { $path } is there already. Write over it?
ask-address = The address that customers write to
ask-fits = IMAP { $imap }, SMTP { $smtp }: is that right
ask-imap-host = IMAP server
ask-smtp-host = SMTP server, or none where no mail is to be sent
ask-port = Port
ask-security = Security: tls, starttls, or plain (to this machine only)
ask-user = Login name
ask-login = Log in by password (an app password, where the provider has these) or oauth2
ask-client-id = Client id, as you registered it with the provider (`postroom help oauth2`)
ask-client-secret = Client secret; Enter where there is none
ask-password-from = Password from: command, environment, keyring, prompt (each time), or file (of mode 0600)
ask-password-command = The command that prints it
ask-password-variable = The environment variable
ask-password = Password of { $user }
ask-inbox-folder = The folder that the team's mail comes into
ask-log-folder = The folder of the team's log
ask-sent = The folder of sent mail
ask-me = Your handle in the team
ask-name = Your name, as customers see it
ask-inbox = The inbox's name
ask-aliases = Further addresses of this inbox; Enter for none
ask-more = The address of another inbox on this account; Enter for none
ask-agrees = Go on
ask-test-mail = Send a mail to { $address } now, to see that it goes out
ask-mend = What is told anew, or is it tried again, or left: { $offered } [{ $proposed }]:{" "}
answer-host = { $given } is no name of a server
answer-port = { $given } is no port: a number from 1 to 65535
answer-security = { $given } is none of tls, starttls and plain
answer-login = { $given } is neither password nor oauth2
answer-tokens-only = { $title } lets nobody in by password
answer-yes-no = { $given } is neither yes nor no
answer-nothing = nothing was answered
answer-name = { $given } can't stand in front of an address
answer-variable = { $given } is no name of a variable
answer-provider = { $given } is none of { $known }
answer-inbox-twice = there is an inbox { $given } already
answer-mend = { $given } is none of { $offered }
answer-no-file = there is no file { $path }
first-none = There is no config yet.
first-which = init sets up an account, demo opens a sample inbox [init]:{" "}
first-again = init or demo.
# What password a provider takes, and where one is made.
provider-gmail = A password of its own for this program, an app password, is made at myaccount.google.com/apppasswords (2-Step Verification has to be on); or log in by oauth2. A mailbox that is delegated to you is read with a login of its own: agree as that mailbox.
provider-outlook = It lets programs in by oauth2 alone. For a shared mailbox give its address as login name, and agree in the browser as yourself: you need Full Access and Send As to it.
provider-fastmail = It takes an app password: Settings, Privacy & Security, Manage app passwords; for mail (IMAP/SMTP).
provider-icloud = It takes an app-specific password: account.apple.com, Sign-In and Security, App-Specific Passwords.
provider-yahoo = It takes an app password: Account Security, Generate app password.
provider-zoho = With two-factor login it takes an application-specific password: accounts.zoho.com, Security, App Passwords. IMAP has to be switched on in the settings of the mail. For a domain of your own on a paid plan the servers are imappro.zoho.com and smtppro.zoho.com.
provider-mailbox-org = It takes the account's password, or with two-factor login an app password: Settings, Security, Application Passwords.
provider-yandex = It takes an app password: id.yandex.com, Security, App passwords; IMAP has to be switched on in the settings of the mail.
provider-imap-on = IMAP may have to be switched on in the settings of { $title }.
config-there-already = { $path } is there already
hint-force = edit it, or write over it with --force
hint-other-config = name another file with --config
password-unreadable = the password can't be read from stdin: { $why }
password-not-on-stdin = no password came in on stdin
password-no-place = { $given } is no place for a password: command, environment, keyring, prompt or file
password-not-given = no password was given
keyring-refused = the keyring did not take the password: { $why }
hint-other-password = use --password-command, --password-stdin (a file of mode 0600) or --password-env; over SSH there is no keyring
hint-writable-folder = name a folder that you may write to
folder-no-sample = { $folder } holds something else than the sample
hint-empty-folder = name an empty folder with --store
demo-config = the demo comes with a config of its own, so that its inboxes and agents are those of the sample: { $file } is not read
hint-demo-config = leave out --config; to try settings on the sample, run `postroom demo --store DIR --no-screen`, edit DIR/config.toml, then run `postroom --store DIR --config DIR/config.toml`
screen-no-terminal = the screen wants a terminal on stdin and stdout
hint-use-verb = use a verb, such as `postroom list`; `postroom --help` names them
screen-dumb-terminal = this terminal can't show the screen: TERM is not set, or `dumb`
hint-set-term = set TERM to what your terminal is, such as xterm, or use a verb: `postroom list`
variable-unreadable = { $name } can't be read
hint-for-tests = { $name } is for tests and wants { $wants }
wants-moment = a moment such as 2026-11-22T09:00:00Z
wants-number = a whole number
no-topic = there is neither a topic nor a verb { $name }
hint-topics = `postroom help` lists them

## What each action does
# Behind `action-` stands its name, as src/command/action.rs has it.

action-down = Move down by one.
action-up = Move up by one.
action-page-down = Move down by half a screen.
action-page-up = Move up by half a screen.
action-top = Move to the first.
action-bottom = Move to the last.
action-open = Open what the cursor is on.
action-back = Go one step out: close what is open, clear marks.
action-next-pane = Go to the next pane.
action-previous-pane = Go to the previous pane.
action-customer = Show who the customer is and what else there is of them, or put that away.
action-next-message = Go to the next message of the conversation.
action-previous-message = Go to the previous message of the conversation.
action-next-inbound = Go to the next message of the customer.
action-previous-inbound = Go to the previous message of the customer.
action-next-note = Go to the next note of the conversation.
action-previous-note = Go to the previous note of the conversation.
action-next-conversation = Open the next conversation of the list.
action-previous-conversation = Open the previous conversation of the list.
action-unfold = Show or hide quoted text and signatures.
action-text-or-html = Show a message by its HTML instead of its plain text, or back.
action-headers = Show the headers of a message, and the whole of it as it came.
action-find = Find words in the conversation.
action-next-hit = Go to the next hit of what is looked for.
action-previous-hit = Go to the previous hit of what is looked for.
action-end-find = Show no hits any more.
action-earlier = Load earlier messages of the conversation.
action-view = Show a view by its name.
action-save-view = Keep the search that is shown as a view of my own.
action-next-view = Show the next view.
action-previous-view = Show the previous view.
action-view-1 = Show the first view.
action-view-2 = Show the second view.
action-view-3 = Show the third view.
action-view-4 = Show the fourth view.
action-view-5 = Show the fifth view.
action-view-6 = Show the sixth view.
action-view-7 = Show the seventh view.
action-view-8 = Show the eighth view.
action-view-9 = Show the ninth view.
action-take-next = Take the longest waiting conversation that may be mine, and go on to the next when it is done.
action-give-back = Give back what the queue gave me, with a reason or without, and take the next.
action-search = Search all conversations.
action-last-view = Go back to the view before this one.
action-mark = Mark or unmark this conversation and go to the next.
action-mark-range = Begin a range of marks here, or end it.
action-mark-all = Mark every conversation that the list matches, on all pages.
action-status = Set the status.
action-status-open = Set the status to open.
action-status-in-progress = Set the status to in progress.
action-status-waiting = Set the status to waiting for the customer.
action-status-closed = Set the status to closed.
action-close = Close.
action-assign = Assign to somebody.
action-assign-me = Take it: assign to me.
action-unassign = Assign to nobody.
action-tag = Add and remove tags.
action-note = Write an internal note.
action-edit-note = Give a note of the conversation a new text; the old one stays in the log.
action-snooze = Snooze until a time, given in words.
action-wake = End the snooze now.
action-snooze-tomorrow = Snooze until tomorrow morning.
action-snooze-monday = Snooze until Monday morning.
action-snooze-week = Snooze for a week.
action-snooze-hours = Snooze for three hours.
action-snooze-evening = Snooze until the evening.
action-snooze-last = Snooze by the words of the last time.
action-reply = Reply to the sender.
action-reply-all = Reply to all.
action-saved-reply = Reply to the sender with a saved reply.
action-accept-invitation = Accept an invitation, after a look.
action-decline-invitation = Decline an invitation, after a look.
action-tentative-invitation = Answer an invitation with maybe, after a look.
action-forward = Forward, with the files and the header of the message.
action-forward-file = Forward the message as a file, as it came.
action-new-conversation = Write to somebody new.
action-move = Move to another inbox.
action-merge = Merge the marked conversations with each other.
action-related = Go to what is related to the message under the cursor, but was kept apart.
action-join-related = Join a related conversation to this one.
action-split = Make a conversation of its own of the message under the cursor and its answers.
action-title = Give the conversation a title of the team's own.
action-follow = Follow, or stop following.
action-unfollow = Stop following.
action-seen = Count it as looked at, and the notes that mention me as seen.
action-unread = Mark it as unread.
action-log = Show who did what to this conversation, and when.
action-again = Do the last thing once more, to this.
action-copy-id = Copy the conversation's id.
action-copy-address = Copy the customer's address.
action-copy-link = Copy a link of the conversation.
action-copy-title = Copy the title.
action-delete = Say that nothing is deleted here, and how to close.
action-open-link = Open a link of the conversation.
action-attachments = List the attachments of the conversation.
action-pipe = Give the message, or all of what is marked, to a command and show what it prints.
action-outbox = Show the mails on their way out, and what became of them.
action-drafts = Show my drafts, discarded ones too.
action-log-of-all = Show who did what to any conversation, and when.
action-undo = Undo the last thing I did; take back a mail that is about to be sent.
action-redo = Redo what I undid.
action-take-back = Undo what the log's cursor is on, whoever did it.
action-messages = Show notices and errors, also past ones.
action-palette = Find an action by name.
action-help = Show the keys that work here.
action-sync-now = Fetch and push now.
action-density = Choose how many lines a row of the list takes.
action-columns = Show or hide columns of the list.
action-sort = Choose by what the list is sorted; the same once more turns it round.
action-theme = Change the colours, with a look at each first.
action-redraw = Draw the screen anew.
action-suspend = Put postroom in the background of the shell.
action-quit = Close what is open; quit from the list.
action-accept = Take what was typed or chosen.
action-cancel = Leave the line and change nothing.
action-next-choice = Go to the next choice.
action-previous-choice = Go to the previous choice.
action-complete = Complete the word.
action-cursor-left = Move the text cursor left.
action-cursor-right = Move the text cursor right.
action-word-left = Move to the beginning of the word before the cursor.
action-word-right = Move to the end of the word behind the cursor.
action-line-start = Move to the beginning of the line.
action-line-end = Move to the end of the line.
action-erase-back = Erase the character before the cursor.
action-erase-forward = Erase the character under the cursor.
action-erase-word = Erase the word before the cursor.
action-erase-line = Erase the line.
action-new-line = Begin a new line.
action-erase-to-end = Erase to the end of the line.
action-undo-typing = Undo what was typed.
action-redo-typing = Redo what was typed.
action-next-field = Go to the next field of the mail.
action-previous-field = Go to the previous field of the mail.
action-leave-text = Leave the text for the keys of the mail, which need no Ctrl; there, go back to the text.
action-text = Go back to the text of the mail.
action-field-to = Change whom the mail goes to.
action-field-cc = Change who gets a copy.
action-field-bcc = Change who gets a copy that the others don't see.
action-field-subject = Change the subject of the mail.
action-unfold-rest = Show or hide the signature and the quote below the text.
action-review = Look the mail over and send it.
action-editor = Write in the editor of $VISUAL or $EDITOR.
action-saved-replies = Put in a saved reply.
action-attach = Attach files, by path.
action-detach = Take an attached file off.
action-add-people = Add people of earlier mails whom the last one left out.
action-quoting = Quote what is answered, or don't.
action-markdown = Send the text as Markdown, with HTML beside it, or as plain text.
action-keep-draft = Keep the draft and leave.
action-discard-draft = Discard the draft, after a question.
action-send = Send, and set the status to waiting.
action-send-close = Send and close.
action-send-keep = Send and keep the status.
action-send-later = Send later, at a time given in words.
action-send-anyway = Send it whatever is new.
action-to-note = Make a note of it instead of a mail.
action-retry = Try to send it again now.
action-edit = Take it back and go on writing.
action-cancel-mail = Take it back into the drafts.

## A few words for an action, where its name is too long for a line of hints

short-status-open = open
short-status-in-progress = in progress
short-status-waiting = waiting
short-status-closed = closed
short-snooze-tomorrow = tomorrow
short-snooze-monday = monday
short-snooze-week = in a week
short-snooze-hours = in 3 hours
short-snooze-evening = evening
short-snooze-last = as last time
short-last-view = back
short-saved-reply = saved reply
short-assign-me = take
short-new-conversation = new mail
short-accept-invitation = accept
short-decline-invitation = decline
short-tentative-invitation = maybe
short-copy-id = id
short-copy-address = address
short-copy-link = link
short-copy-title = title
short-send-close = send & close
short-send-keep = send, keep status
short-discard-draft = discard
short-cancel-mail = to drafts
short-keep-draft = out
short-review = send…
short-leave-text = keys
short-text = text
short-subject = subject
short-unfold-rest = all of it
short-saved-replies = saved reply
short-attach = file
short-detach = take off
short-back-to-text = back to the text
short-open-stopped = both answers
short-go-on-writing = go on writing
short-send-too = send it too
short-make-note = make it a note
short-leave-it = leave it
short-text-or-html = text/HTML
short-next-hit = next hit
short-previous-hit = hit before
short-end-find = end
short-unfold = quotes
short-next-inbound = customer
short-next-message = message
short-undo-typing = undo
short-erase-line = empty
short-new-line = new line
short-next-choice = next
short-previous-choice = previous

## Headings over the keys of a place

keys-global = Everywhere
keys-list = In the list
keys-conversation = In a conversation
keys-find = In an open conversation, while hits stand
keys-customer = Beside a conversation: its customer
keys-views = In the views
keys-page = In help, log and notices
keys-input = In a line of text
keys-compose = While writing a mail
keys-mail = While a mail is written, after Esc
keys-collision = Where a mail was stopped
keys-outbox = In the outbox and the drafts

## Names of views

view-in-tray = In-tray
in-tray-empty = { $count ->
    [0] Nothing for you.
    [one] Nothing for you. 1 conversation is nobody's: { $key } shows it.
   *[other] Nothing for you. { $count } conversations are nobody's: { $key } shows them.
}
section-mentions = Mentions
section-answers = Answers
section-given = Given to me
section-trouble = Trouble
news-mention = { $who }: { $words }
news-given = by { $who }: { $title }
news-lost = { $who } was first: { $title }
news-lost-somebody = somebody else has it: { $title }
news-bounced = came back: { $title }
news-not-sent = not sent: { $title }
new-since-look = new since you looked
event-assigned = given to you
event-mention = a mention
event-answer = an answer
event-bounce = mail that came back
event-lost = a lost claim
event-new = new mail
told-assigned = { $who } gave you { $short }: { $title }
told-mention = { $who } mentions you in { $short }: { $title }
told-answer = { $people } answered in { $short }: { $title }
told-bounce = A mail of { $short } came back: { $title }
told-lost = Somebody was first with { $short }: { $title }
told-new = { $people } wrote { $short }: { $title }
news-several = { $count } news: { $events }
window-title = postroom
window-title-new = ● { $count } · postroom
notifier-failed = the command of [notify] failed: { $why }
notifier-behind = { $count } events wait for the command of [notify] to end: this one is not told
notifier-no-thread = the command of [notify] could not be started: the system gives no thread
hint-notifier-failed = mend it, or take "command" out of [notify]
config-notify-command = [notify] tells by a command and names none
hint-notify-command = write command = ["/path/to/program", "word"]; it reads a line of JSON
config-notify-quiet = quiet = { $value } is no span of a day
hint-notify-quiet = write quiet = "20:00-07:00"
config-notify-word = { $word } is nothing that { $key } can be
hint-notify-word = write one or several of { $words }
count-new = { $count } new
short-mention-seen = seen
marked-looked-at = { $count ->
    [one] marked as looked at
   *[other] marked { $count } as looked at
}
marked-unread = { $count ->
    [0] nobody outside wrote in it: there is nothing to mark as unread
    [one] marked as unread
   *[other] marked { $count } as unread
}
view-mine = Mine
view-unassigned = Unassigned
view-open = Open
view-in-progress = In progress
view-waiting = Waiting
view-closed = Closed
view-snoozed = Snoozed
view-mentions = Mentions
view-followed = Followed
view-drafts = Drafts
view-outbox = Outbox
view-all = All

## Statuses, as they are read: typed and kept they are words of the program

status-open = open
status-in-progress = in progress
status-waiting = waiting
status-closed = closed

## What each form of the search language finds

finds-words = conversations with both words, anywhere in mail, notes, names and attachment names
finds-phrase = the words side by side
finds-prefix = words that begin so
finds-or = one or the other; stronger than it is the space between words
finds-not = the opposite; also `not tag:spam`
finds-group = parentheses group
finds-status = open, in-progress, waiting or closed
finds-assignee = who has it, an agent or a team; also `me` and `none`
finds-tag = one of the tags
finds-inbox = the inbox
finds-from = an author by address, `@example.com` by domain, `eve` by part of the name or address
finds-to = a recipient, likewise
finds-with = author or recipient, likewise
finds-subject = words of the subject
finds-body = words of the text
finds-note = words of the team's notes
finds-attachment = words of the names of attached files
finds-is = also active, unassigned, snoozed, mentioned, followed, any; `is:unread`: something came that I have not looked at; `is:in-tray`: it stands in my in-tray; `is:bounced`: a mail of ours came back; `is:gone`: another program archived or deleted all of its mail; `is:upgraded`: a newer postroom groups it otherwise, or would have
finds-has = also note, draft, outbox, tag
finds-older = nothing happened for so long: m, h, d, w, mo, y
finds-newer = something happened within that time
finds-before = nothing happened from that day on; also `today`, `yesterday`
finds-after = something happened on that day or later
finds-on = the last thing happened on that day
finds-waiting = the customer has waited longer than that
finds-messages = so many messages
finds-id = a conversation by its id

## Faults of saved replies
# What stands in braces is handed over with them.

template-no-key = { $key } is no key of a saved reply: use name, subject, tags, language, inboxes or fill
template-no-text = the reply has no text
template-no-variable = { $name } is no known variable; give it a value with --set, a fallback, { $fallback }, or name it in `fill` where whoever writes fills it in
template-fill-unused = { $name } is to be filled in and does not stand in the text
template-near-variable = { $name } is no known variable (did you mean { $near }?); give it a value with --set, or a fallback: { $fallback }
template-single-brace = a single brace: write {"{{"} or {"}}"} for a brace, or close the variable

## What verbs tell beside their data

told-hint = hint: { $what }
told-note = note: { $what }
told-nothing-matched = nothing matched
hint-meant = did you mean { $meant }? It finds { $count ->
    [one] 1 conversation
   *[other] { $count } conversations
}
config-not-json = the config can't be written as JSON: { $why }
told-once-queued = { $id }: mail { $number } was written under this key before, and is { $state }
told-once-sent = { $id }: the mail of this key went out before
told-next-lost = { $what } went to somebody faster: { $why }
told-given-back = { $count ->
    [one] 1 conversation is given back
   *[other] { $count } conversations are given back
}
told-no-lease = no worker of yours has { $id }: nothing to give back
told-nothing-changed = nothing was changed
ask-many = { $count } conversations are to be changed. Go on?
over-max = { $count ->
    [one] 1 conversation is meant, more than --max { $max }: nothing was done
   *[other] { $count } conversations are meant, more than --max { $max }: nothing was done
}
hint-over-max = look at them with `list`; --max { $count } allows it
not-as-expected = { $count ->
    [0] no conversation is meant, not { $expected } as --expect says: nothing was done
    [one] 1 conversation is meant, not { $expected } as --expect says: nothing was done
   *[other] { $count } conversations are meant, not { $expected } as --expect says: nothing was done
}
hint-not-as-expected = look with `list` what is otherwise than you thought
lease-bad = { $given } is no length of a lease
hint-lease = write 10m, 2h or 1d: at most a day
release-what = what is to be given back?
hint-release = name ids, or with --worker the worker whose conversations they are
output-unwritable = the output can't be written: { $why }
blank-argument = an argument is empty: nothing was done
hint-blank-argument = a variable of the script may be unset; 'is:any' means every conversation
stdin-no-id = line { $line } of stdin is no id: { $word }
hint-stdin-no-id = stdin takes ids, as `list --format ids` prints them; a query stands among the arguments
ids-beside-stdin = beside - stands a query, and { $words } is read as an id
hint-ids-beside-stdin = put ids on stdin too, and a word to search for in quotes: '"{ $words }"'
bare-id = { $word } may be the conversation "{ $title }" or a word to search for: nothing was done
hint-bare-id = write id:{ $word } for the conversation, '"{ $word }"' in quotes for the word
told-so-already = nothing to change: it is so already
told-left-out = { $what } is left out: { $why }; { $hint }
hint-later-mail = look at it, then say it again
hint-gone = it was deleted
told-not-yours = { $what } is not yours: { $why }
told-not-carried-out = not carried out: { $what } of { $of }: { $why }
told-plan-empty = the plan is empty
told-applied-already = { $count ->
    [one] { $count } operation was applied already
   *[other] { $count } operations were applied already
}
## Fields and expressions

shape-of-json = --fields and --jq are of JSON
hint-shape-of-json = leave --format out, or say --format json
field-unknown = there is no field { $field }
jq-expected = { $what } is expected
jq-undefined = there is no { $what } { $name }
jq-wrong = the expression of --jq is wrong in column { $column }: { $why }{ $mark }
jq-failed = the expression of --jq failed: { $why }
hint-jq = quote it for the shell: --jq '.title'

## Batches

command-line-wrong = { $why }
stdin-taken = a line of a batch reads nothing from stdin
hint-stdin-taken = write ids, a query or the text in the line
told-batch-empty = there is no line to carry out
batch-unreadable = { $path } can't be read: { $why }
batch-too-long = { $path } is too long
hint-batch-parts = carry it out in parts
batch-line-long = the line is too long
batch-no-json = no JSON of a line: { $why }
hint-batch-json-braces = {"{"}"verb":"tag","args":["vip"],"targets":["x6c0"]{"}"}
batch-open-quote = a quote is not closed
hint-batch-open-quote-braces = close it; a text of several lines is written as JSON: {"{"}"verb":"note","args":["…\n…"],"targets":["x6c0"]{"}"}
batch-help = a line of a batch is no place for help
batch-no-verb = there is no verb
batch-not-this = `{ $verb }` is not for a batch
hint-batch-verbs = a line can be: { $verbs }
batch-global = options of every verb, such as --json and --wait, are not for one line
hint-batch-global = write them behind `batch`
batch-atomic-undo = a batch that is all or nothing is one command: there is nothing of its own to take back or bring back
hint-batch-atomic-undo = leave the line out, or leave --atomic out
batch-line = line { $line }
batch-line-failed = failed: { $what }
batch-held-back = not done, since another line failed
batch-left-out = left out { $what }: { $why }
batch-nothing-done = nothing was changed; these lines failed: { $lines }
batch-failed = { $count ->
    [one] 1 of { $all } lines failed: { $lines }
   *[other] { $count } of { $all } lines failed: { $lines }
}
batch-done = { $count ->
    [one] 1 line carried out
   *[other] { $count } lines carried out
}
batch-ended = { $count ->
    [one] after 1 line, which stays
   *[other] after { $count } lines, which stay
}
told-planned = { $count ->
    [one] { $count } operation planned, nothing is changed
   *[other] { $count } operations planned, nothing is changed
}
plan-would = { $who } would { $what }
plan-would-now = { $what } (now { $now })
told-outbox-keeps = kept in the outbox: it goes out with the next sync
told-outbox-empty = the outbox is empty
told-another-sends = another postroom syncs this store and sends it
told-another-syncs = another postroom is syncing this store already: it brings new mail by itself; --wait waits until it has
told-another-syncs-long = another postroom syncs this store and has not looked at everything for two minutes
told-sync-offline = --offline: nothing was connected; what is to go to a server waits
watch-begins = { $count ->
    [0] keeping the accounts without a server, until Ctrl-C or SIGTERM
    [one] keeping 1 account in sync, until Ctrl-C or SIGTERM
   *[other] keeping { $count } accounts in sync, until Ctrl-C or SIGTERM
}
watch-stands-by = another postroom syncs this store: this one takes over when it ends
watch-status = { $well } of { $all } accounts connected
told-mail-stands = mail { $id }: { $state } · to { $to }
told-mail-stands-why = mail { $id }: { $state }: { $why } · to { $to }
told-mail-due = mail { $id } goes out { $at } · to { $to }
hint-send-anyway = `postroom outbox send-anyway { $id }` sends it, `cancel` makes it a draft again
told-sent = { $count } sent
told-may-have-arrived = mail { $id } may have arrived: look, then `postroom outbox send-anyway { $id }` or `cancel { $id }`
told-settled = mail { $id } is { $state }: there is nothing to try again
told-too-late = mail { $id } is { $state }: it can't be taken back
told-queued-already = the same reply is in the outbox already, as mail { $id }: it is not queued again
told-mails-not-sent = { $count ->
    [one] this mail is neither kept nor sent
   *[other] { $count } mails in all, none is kept or sent
}
told-nothing-is-sent = nothing is sent
told-draft-kept = draft { $id } is kept
told-draft-displaced = the draft that stood there is discarded · `postroom draft restore { $id }` brings it back
told-draft-discarded = draft { $id } is discarded · `postroom draft restore { $id }` brings it back
told-draft-discarded-already = draft { $id } is discarded already
told-no-drafts = there are no drafts
told-no-discarded-drafts = there are no discarded drafts
told-do-not-stand = { $count ->
    [one] { $count } change that you made does not stand:
   *[other] { $count } changes that you made do not stand:
}
told-more = and { $count } more
told-work-is-kept = what was done is kept and goes to the server with the next sync
told-no-operation = there is no operation { $id } here
told-undone-already = it is undone already: { $what }
told-nothing-to-sync = no account has a server: there is nothing to sync
told-sync-stopped = stopped: what was fetched stays, and the next sync goes on from here
told-folder = { $fetched } fetched, { $new } new, { $gone } gone
told-log = the team's log: { $read } read, { $pushed } pushed
told-new-messages = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
told-moved = { $count ->
    [one] { $count } mail moved on the server
   *[other] { $count } mails moved on the server
}
told-fetching = { $count ->
    [one] fetching { $count } mail …
   *[other] fetching { $count } mails …
}
told-sample-ready = the sample inbox is ready: postroom --store { $path } list
told-sample-removed = the sample inbox was made and, with no terminal to show it on, removed: use --store DIR to keep it
told-config-written = { $path } is written; `postroom sync` fetches the mail
told-config-fine = { $path } is fine: { $accounts }, { $inboxes }, { $agents }
told-looking-up = looking for the mail servers of { $domain } …
told-logging-in = logging in to { $server } as { $user } …
told-login-works = the login works; these folders will be used:
told-no-replies = no saved replies: put files NAME.md into { $path }
told-replies-same = nothing to change: the team has them as they are here
told-withdrawn = withdrawn: { $name }
told-shared-fault = { $name }: { $fault }
told-shared = shared: { $name }
told-reply-of-another = { $name } is left out: its text says that it is another's
told-reply-differs = { $path } holds something else than the team's { $name }: --force writes over it
told-written = written: { $path }
# Numbers of things, to be put into sentences.
mails-of = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}
operations-of = { $count ->
    [one] { $count } operation
   *[other] { $count } operations
}
accounts-of = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
inboxes-of = { $count ->
    [one] { $count } inbox
   *[other] { $count } inboxes
}
agents-of = { $count ->
    [one] { $count } agent
   *[other] { $count } agents
}
replies-of = { $count ->
    [one] { $count } saved reply
   *[other] { $count } saved replies
}
faults-of = { $count ->
    [one] { $count } fault
   *[other] { $count } faults
}
quoted-lines-of = { $count ->
    [one] { $count } quoted line; --full shows it
   *[other] { $count } quoted lines; --full shows them
}
signature-lines-of = { $count ->
    [one] signature of { $count } line; --full shows it
   *[other] signature of { $count } lines; --full shows them
}

## Import

import-packed = { $path } is compressed
hint-import-packed = unpack it on the way: zcat { $path } | postroom import -
import-no-mbox = { $path } is no mbox and no mail
hint-import-forms = an mbox, a Maildir, a folder of .eml files or one mail can be imported
import-too-large = larger than any mail that is taken
import-no-header = no mail begins here
import-no-file = it is no regular file
import-unread = it can't be read: { $why }
import-not-there = mails can't be put there
import-address-set = --address is for a first import without a config, and { $file } is there
hint-import-address-set = leave it out: the addresses are those of the config's inboxes
import-offline = an import onto a server needs the server
hint-import-offline = leave --offline out, or count with --dry-run
import-not-begun = nothing was imported
import-wants-account = the account that the mails are to go to is not named
hint-import-account = give it: --to ACCOUNT or --to ACCOUNT/FOLDER; there are { $names }
import-progress = { $done } mails, { $percent } %
import-progress-open = { $done } mails
import-done = { $count ->
    [one] imported 1 mail into { $to }
   *[other] imported { $count } mails into { $to }
}
import-would = { $count ->
    [one] 1 mail would be imported into { $to }
   *[other] { $count } mails would be imported into { $to }
}
import-there = { $count ->
    [one] 1 mail was there already
   *[other] { $count } mails were there already
}
import-left-out = { $count ->
    [one] 1 mail is left out: a draft, thrown away, erased, or of the team's log
   *[other] { $count } mails are left out: drafts, thrown away, erased, or of the team's log
}
import-folder-left-out = { $path } is left out; name it itself to import it
import-damaged = { $count } mails are not imported in all
import-damaged-one = { $place } is not imported: { $why }
import-stopped = stopped; the same command goes on
import-was-stopped = it was stopped
import-goes-on = what was imported stays; the same command goes on
import-all-refused = the server refuses { $count } mails one after another, the last one so: { $why }
hint-import-all-refused = see to that (is there room in the mailbox?), and give the same command again: it passes over what is there and goes on
import-log-read-only = { $account } takes nothing on the team's log, where it must stand that the mails are dealt with
hint-import-another = end the screen or the `sync --watch` of this store, and give the command again
import-no-folder = { $folder } of { $account } is no folder that is synced
hint-import-folder = it is one of { $names }; others are named under folders of [account.{ $account }] first
import-no-sent = { $account } has no folder for sent mail
hint-import-no-sent = leave --sent out, or name a folder: --to ACCOUNT/FOLDER
import-set-up = { $path } is written: an account without a server; postroom --store { $dir } opens it
import-wants-address = there is no config yet that says whose mail it is
hint-import-try = to look at an archive without a server: postroom import { $path } --store DIR; for a mailbox: postroom init
hint-import-likely = most of it came to { $address }; if that is you: postroom import { $path } --store { $dir } --address { $address }
hint-import-address = name the address that it came to: postroom import { $path } --store { $dir } --address ADDRESS

## Schema

no-schema = there is neither a type nor a verb { $name } that prints JSON
hint-schema = postroom help json lists them

## Backup

backup-made = backed up to { $path }: { $what }
backup-is-sound = { $path } is as it was written on { $at }: { $what }
backup-holds = { $conversations ->
    [one] 1 conversation
   *[other] { $conversations } conversations
 }, { $drafts ->
    [one] 1 draft
   *[other] { $drafts } drafts
 }, { $outbox ->
    [one] 1 mail that is not filed yet
   *[other] { $outbox } mails that are not filed yet
 }
backup-is-faulty = it is no backup to rely on

## Export

export-wants-folder = files are made of it, and stdout is none
hint-export-to = give the folder: --to DIR
export-rows-of-csv = --rows is of --format csv alone
export-progress = { $done } of { $all } conversations
export-done = { $count ->
    [one] exported 1 conversation to { $to }
   *[other] exported { $count } conversations to { $to }
}
export-before = { $count ->
    [one] 1 conversation was there from before
   *[other] { $count } conversations were there from before
}
export-away = { $count ->
    [one] the text of 1 mail is not in it: it is still on the server
   *[other] the texts of { $count } mails are not in it: they are still on the server
}
hint-export-away = run `postroom sync`, then export again with --overwrite
export-too-large = { $count ->
    [one] the text of 1 mail is not in it: it is too large to be fetched
   *[other] the texts of { $count } mails are not in it: they are too large to be fetched
}
export-gone = { $count ->
    [one] the text of 1 mail is not in it: it left the server before it was fetched
   *[other] the texts of { $count } mails are not in it: they left the server before they were fetched
}
export-let-go = { $count ->
    [one] the text of 1 mail is not in it: it was let go after the mail had left the server
   *[other] the texts of { $count } mails are not in it: they were let go after the mails had left the server
}
export-damaged = { $count ->
    [one] 1 mail or conversation can't be read in the store and is not in it
   *[other] { $count } mails or conversations can't be read in the store and are not in it
}
export-damaged-one = { $what }: { $why }
# Words of a page to read.
export-conversation = Conversation
export-inbox = Inbox
export-people = From
export-status = Status
export-assignee = Assigned to
export-tags = Tags
export-snoozed = Snoozed until
export-followers = Followed by
export-mail = { $who }, { $at }
export-note = Note by { $who }, { $at }
export-to = To
export-cc = Cc
export-subject = Subject
export-file = File
export-no-text = the text is not here yet
# The customer beside the conversation, and the panels of the config.
config-panel-name = { $name } can't be the name of a panel
config-panels-many = there can be { $most } panels at most
hint-panels-many = take one out, or let one program print what two did
customer-mails = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}
customer-since = mail from { $first } to { $last }
customer-others = also here: { $names }
customer-claims-this = { $short } is theirs as a form says
customer-more = { $count ->
    [one] and { $count } further conversation
   *[other] and { $count } further conversations
}
customer-part = there are more than the newest 300 that were looked at; a search for from: finds all
customer-note-of = { $short }, note by { $who } · { $at }
customer-claimed-told = only a form says that it is this person, so nothing older of theirs is shown: anybody can fill a form in
hint-customer-claimed = where you know better, name the address: postroom customer ADDRESS
not-beside = the customer has the keys; go back first
not-on-theirs = the cursor is on no conversation
customer-title = Customer
customer-none = nobody from outside takes part
customer-first = first mail { $day }
customer-last = newest { $day }
customer-inboxes = in { $names }
customer-claimed = as the form says: anybody can fill a form in, so no older mail of this person is shown
customer-other = { $count ->
    [one] 1 other conversation
   *[other] { $count } other conversations
}
customer-many-others = More than 300 others
customer-no-others = No other conversation
customer-claim = by a form
customer-notes = Notes there
customer-note = { $who } in { $short }, { $age }
customer-lines-below = { $count ->
    [one] … 1 line more
   *[other] … { $count } lines more
}
panel-asking = …
panel-just = just now
panel-ago = { $span } ago
panel-nothing = nothing
panel-cut = … there was more
panel-slow = no answer in { $seconds } s
panel-stopped = not asked
panel-again = enter asks again
hint-key-ask-again = ask again

prompt-give-back = Why back:
prompt-give-back-help = a reason for the note; without one it is passed over
not-in-hand = nothing of the queue is in hand
not-while-taking = the next conversation is still being taken
other-in-hand = what this reason was for is no longer in hand
queue-in-hand = it is in hand
hint-queue-in-hand = { $close } closes it, { $back } gives it back
queue-taken = yours until { $until }
hint-queue-taken = { $back } gives it back
queue-given-back = given back
queue-then = { $first } · { $then }
queue-not-given-back = dealt with, it stays yours
queue-over = { $count ->
    [0] The queue is left
    [one] The queue is left, 1 done today
   *[other] The queue is left, { $count } done today
}
queue-over-given-back = { $count ->
    [0] given back, the queue is left
    [one] given back, the queue is left, 1 done today
   *[other] given back, the queue is left, { $count } done today
}
queue-lost = { $why }
hint-queue-lost = { $take } takes the next
queue-empty = Nothing to take.
queue-empty-longest = Nothing to take. { $name } waits longest, { $span }: { $who }
queue-passed-left = { $count ->
    [one] 1 that you gave back is left
   *[other] { $count } that you gave back are left
}
hint-queue-never-began = { $search } searches all, { $take } looks again
short-leave-queue = leave the queue
hint-queue-empty = { $take } looks again, { $back } leaves the queue
queue-head = Queue { $count } waiting
queue-until = yours until { $until }
queue-dealt-with = dealt with
queue-went = { $why }
queue-done = done today { $count }
queue-why-waits = why this one: waits longest of those you may take, { $span }
queue-why-quiet = why this one: nobody waits longer, and it is nobody's

present-writes = { $who } writes…
present-looks = { $who } looks

mouse-row-moved = { $name } moved under the mouse just now: click again

leaving-at = Goes to { $who } at { $at }
linear-begin = postroom.
linear-list = { $view }, { $count ->
    [one] 1 conversation
   *[other] { $count } conversations
}.
linear-view = { $view }, { $count }.
linear-new = new
linear-marked = marked
linear-messages = { $count ->
    [one] 1 message
   *[other] { $count } messages
}.
linear-choice = { $choice }. { $n } of { $of }.
linear-writing = To { $to }. { $quoted ->
    [0] Nothing is quoted.
    [one] 1 line is quoted.
   *[other] { $quoted } lines are quoted.
    } Type the text; { $key } looks it over before it is sent.
linear-nothing-typed = nothing is typed
linear-field-from = From
linear-field-to = To
linear-field-cc = Cc
linear-field-bcc = Bcc
linear-field-subject = Subject

## How fast it goes

store-migrates = bringing the store to this version, step { $done } of { $all }
store-indexes = making the search index anew: { $done } of { $all } mails
store-tidies = looking through the store for what an older version left …
told-syncing = { $account }: reading the team's log, and looking for what is new …
told-bringing = bringing it to the log of { $accounts } …
told-sending = { $account }: sending …
told-waits = waiting for the other postroom that syncs this store …
told-changing = { $count ->
    [one] changing 1 conversation …
   *[other] changing { $count } conversations …
}
backup-copies = copying the store, { $size } …
backup-sums = summing up what was copied: { $done } of { $total }
backup-examines = examining the copy of the store, { $size } …
erase-scrubs = writing the store anew, without what was erased …
batch-progress = { $done } of { $all } lines
progress-rate = { $rate }/s
progress-left = { $left } left

## Completions

completions-unwritable = { $path }: can't be written: { $why }
completions-foreign = { $path } is there, and is none of postroom's
hint-completions-foreign = look what it is; move it away, then run this again
told-completions-bash = A new shell completes postroom, where the package bash-completion is installed.
told-completions-zsh = Put `{ $row }` in front of `compinit` in ~/.zshrc, unless it is there; a new shell completes postroom then.
told-completions-fish = A new shell completes postroom.

## A colleague

team-seen = { $span } ago
team-never-seen = never heard of
team-version-unsaid = of before 0.2.0
team-invite-alone = no account of this config has a server that a colleague could share
invite-about = What { $agent } has to run to work on this mailbox. No password is in it.
invite-config-there = is there already: nothing was written
invite-config-about = Each account asks for its password: name a command in the place of `password_prompt`, such as password_command = ["pass", "show", "mail"].
invite-ca-file = The servers of { $account } have a certificate of an authority of their own: ask for its file, and name it as `ca_file` beside `host`.
told-invite-client-secret = the secret of the client of { $account } is not in it: hand it over another way; it belongs below account.{ $account }.oauth2 as client_secret or client_secret_command
told-invite-ca-file = the `ca_file` of { $account } is a file of this machine and was left out: give it along
told-invite-set = mail from { $agent } counts as ours once the log says so: `postroom team set --colleague { $agent }=ADDRESS`

## What a doctor finds

doctor-program-version = postroom { $version } on { $system }
doctor-config-fine = { $path }: { $accounts }, { $inboxes }, { $agents }
doctor-looks-at-store = looking at the store in { $path } …
doctor-looks-at-servers = looking at the servers of { $account } …
doctor-level-ok = ok
doctor-level-warning = warning
doctor-level-fault = fault
warnings-of = { $count ->
    [one] 1 warning
   *[other] { $count } warnings
}
told-doctor = { $faults }, { $warnings }
# The store.
doctor-store-none = there is none in { $path } yet: it is made with the first command that needs it
doctor-store-sound = { $path }: sound, { $size }
doctor-store-older = { $path }: sound, { $size }, of an older version: it is brought up to date when it is opened
doctor-store-busy = { $path } is being written to: look again when that is over
doctor-rights-open = others on this machine may enter { $path }
hint-doctor-chmod = run `chmod { $mode } { $path }`; opening the store does it too
doctor-rights-unwritable = { $path } can't be written
doctor-rights-fine = nobody else may enter { $path }
doctor-disk = the disk of the store has { $size } left
# The log of an account, and when it was synced.
doctor-log-no-key = no key of the team's log is known here yet: the first client that writes makes it
doctor-log-keys = { $count ->
    [one] signed, with 1 key
   *[other] signed, with { $count } keys
}
doctor-log-read-only = what you do can't be put on the team's log: it stays on this machine
hint-doctor-log-rights = ask the mailbox's owner for the rights `lrswite` on the log's folder (Dovecot: `doveadm acl set`)
doctor-log-waits = { $count ->
    [one] 1 operation waits for the team's log
   *[other] { $count } operations wait for the team's log
}
hint-doctor-sync = run `postroom sync { $account }`
doctor-sync-never = not synced yet
doctor-sync-last = synced { $span } ago
doctor-sync-old = not synced for { $span }
doctor-sync-runs = a postroom is syncing this store now
doctor-outbox-fine = no mail is stuck
doctor-outbox-stuck = { $count ->
    [one] 1 mail waits for you to decide, or was refused
   *[other] { $count } mails wait for you to decide, or were refused
}
hint-doctor-outbox = run `postroom outbox`
# Programs.
doctor-editor-none = no editor is named (`ui.editor`, VISUAL, EDITOR): the built-in one is used
doctor-program = `{ $key }` is { $program }: it is there
doctor-program-missing = `{ $key }` is { $program }: there is no such program
hint-doctor-program = install it, or name another one in `{ $key }` of the config
doctor-notify-off = nobody is told of news: `[notify]` names no event
doctor-notify-on = { $count ->
    [one] 1 event is told
   *[other] { $count } events are told
}
# Servers.
doctor-offline = the servers were not looked at (--offline)
doctor-by-tls = TLS
doctor-by-starttls = STARTTLS
doctor-in-clear = in clear, on this machine
doctor-imap-fine = { $host }:{ $port } for reading: { $security }, logged in
doctor-smtp-fine = { $host }:{ $port } for sending: logged in
doctor-smtp-size = { $host }:{ $port } for sending: logged in, takes mails up to { $size }
doctor-smtp-small = it takes small mails only
doctor-smtp-none = no server for sending is named: this account only reads
hint-doctor-smtp = check `smtp.host` and `smtp.port` of account { $account }, or whether the server is down
doctor-abilities = has { $names }
doctor-abilities-none = has nothing beyond plain IMAP
doctor-without = without { $name }: { $what }
doctor-without-idle = new mail is asked for now and then, and comes later
doctor-without-uidplus = single mails can't be removed: mail that moves stays in its old folder, marked as deleted, and erasing leaves it there
doctor-without-move = mail moves by being copied, then removed
doctor-without-condstore = what other programs marked is found by reading the flags of all mails
doctor-without-qresync = what other programs removed is found by listing all mails
doctor-without-special-use = the folders of sent and archived mail are found by their names
doctor-without-namespace = where folders are made is tried out
doctor-without-list-status = folders are asked for one by one
doctor-without-notify = folders beside the inbox are asked for in turn
doctor-without-acl = what you may not do shows when it is refused
doctor-without-8bitmime = attached mails with letters outside ASCII can't be sent as they are
doctor-without-smtputf8 = mail can't go to addresses with letters outside ASCII before the @
hint-doctor-ability = the server's administrator may be able to switch it on
doctor-folder = { $count ->
    [one] { $folder } ({ $role }): 1 mail
   *[other] { $folder } ({ $role }): { $count } mails
}
doctor-folder-rights = { $count ->
    [one] { $folder } ({ $role }): 1 mail, rights { $rights }
   *[other] { $folder } ({ $role }): { $count } mails, rights { $rights }
}
doctor-folder-closed = { $folder } can't be opened: { $what }
doctor-folder-lacks = { $folder } ({ $role }): of your rights ({ $rights }) are missing: { $lacks }
hint-doctor-rights = ask the mailbox's owner for the rights `{ $rights }` on that folder (RFC 4314; Dovecot: `doveadm acl set`)
doctor-sent-none = no folder of sent mail is known
hint-doctor-sent = name it as `sent` of account { $account } in the config
doctor-log-none = { $folder } is not there yet: the first client that writes makes it
doctor-log = { $count ->
    [one] { $folder }: 1 mail
   *[other] { $folder }: { $count } mails
}
doctor-log-rights = { $count ->
    [one] { $folder }: 1 mail, rights { $rights }
   *[other] { $folder }: { $count } mails, rights { $rights }
}
doctor-log-lacks = { $folder }: of your rights ({ $rights }) are missing: { $lacks }; colleagues don't see what you do
doctor-log-untidy = { $folder }: with your rights ({ $rights }) old mails of the log are left to others to tidy away
# Clocks.
doctor-clock-fine = as the server's
doctor-clock-unknown = the server does not say what time it has
doctor-clock-ahead = this machine's clock is { $span } ahead of the server's
doctor-clock-behind = this machine's clock is { $span } behind the server's
hint-doctor-clock = set this machine's clock: `timedatectl set-ntp true`
# The terminal.
doctor-term = { $term }: { $colours }
doctor-term-dumb = TERM names no terminal that a screen can be drawn on
doctor-colours-all = all colours
doctor-colours-256 = 256 colours; with COLORTERM=truecolor all
doctor-colours-few = 16 colours
doctor-colours-off = no colours, by NO_COLOR
doctor-utf8 = letters of UTF-8
doctor-no-utf8 = the locale has no UTF-8: signs of ASCII are drawn, and other letters may look wrong
hint-doctor-utf8 = set LANG=C.UTF-8, or another locale with UTF-8
doctor-bidi-ours = right-to-left text is laid out by postroom
doctor-bidi-words = right-to-left text is laid out by postroom, the letters of each word by the terminal
doctor-bidi-terminal = right-to-left text is laid out by the terminal
doctor-tmux = in tmux: copying wants `set -s set-clipboard on`, notifications `set -g allow-passthrough on`
doctor-ssh = over SSH: few bytes are written for each key
doctor-no-terminal = no terminal here: its size and widths were not asked for
doctor-size = { $columns } columns, { $rows } rows
doctor-size-small = { $columns } columns, { $rows } rows: some of the screen has no room
hint-doctor-size = make the window at least 80 columns wide and 24 rows high
doctor-signs = our signs are drawn in one column each
doctor-signs-wide = our signs are drawn too wide: those of ASCII stand in their place
