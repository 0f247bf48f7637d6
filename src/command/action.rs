//! The table of actions: everything that a key, a line, a verb, the palette or a mouse click can ask for, with what each takes.

use super::param::{Kind, Param, Params};
use crate::model::phrase::Phrase;
use crate::text;

/// What must be there before an action can act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// A conversation under the cursor, or marked ones.
    Selection,
    /// Just one conversation.
    One,
    /// An open conversation.
    Open,
}

macro_rules! actions {
    ($($variant:ident $name:literal $([$($param:expr),*])? $need:ident $sentence:literal;)*) => {
        /// Something that a person can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $sentence] $variant,)*
        }
        impl Action {
            /// Every action, in the order of help.
            pub const ALL: &'static [Action] = &[$(Action::$variant,)*];

            /// Returns the name used in keymap files and the palette.
            pub fn name(self) -> &'static str {
                match self { $(Action::$variant => $name,)* }
            }

            /// Returns what it does, in one sentence: the catalogue's, by the id `action-NAME`.
            pub fn sentence(self) -> String {
                text::render(&Phrase::new(match self { $(Action::$variant => concat!("action-", $name),)* }))
            }

            /// Returns what its documentation says, which is the catalogue's sentence in English.
            #[cfg(test)]
            pub(crate) fn documented(self) -> &'static str {
                match self { $(Action::$variant => $sentence,)* }
            }

            /// Returns what may stand behind its name in a line.
            pub fn params(self) -> Params {
                match self { $(Action::$variant => { const PARAMS: Params = &[$($($param),*)?]; PARAMS })* }
            }

            /// Returns what must be there before it can act.
            pub fn need(self) -> Need {
                match self { $(Action::$variant => Need::$need,)* }
            }
        }
    };
}

actions! {
    Down "down" Nothing "Move down by one.";
    Up "up" Nothing "Move up by one.";
    PageDown "page-down" Nothing "Move down by half a screen.";
    PageUp "page-up" Nothing "Move up by half a screen.";
    Top "top" Nothing "Move to the first.";
    Bottom "bottom" Nothing "Move to the last.";
    Open "open" Nothing "Open what the cursor is on.";
    Back "back" Nothing "Go one step out: close what is open, clear marks.";
    NextPane "next-pane" Nothing "Go to the next pane.";
    PreviousPane "previous-pane" Nothing "Go to the previous pane.";
    Customer "customer" One "Show who the customer is and what else there is of them, or put that away.";
    NextMessage "next-message" Open "Go to the next message of the conversation.";
    PreviousMessage "previous-message" Open "Go to the previous message of the conversation.";
    NextInbound "next-inbound" Open "Go to the next message of the customer.";
    PreviousInbound "previous-inbound" Open "Go to the previous message of the customer.";
    NextNote "next-note" Open "Go to the next note of the conversation.";
    PreviousNote "previous-note" Open "Go to the previous note of the conversation.";
    NextConversation "next-conversation" Open "Open the next conversation of the list.";
    PreviousConversation "previous-conversation" Open "Open the previous conversation of the list.";
    Unfold "unfold" Open "Show or hide quoted text and signatures.";
    TextOrHtml "text-or-html" Open "Show a message by its HTML instead of its plain text, or back.";
    Headers "headers" Open "Show the headers of a message, and the whole of it as it came.";
    Find "find" Open "Find words in the conversation.";
    NextHit "next-hit" Open "Go to the next hit of what is looked for.";
    PreviousHit "previous-hit" Open "Go to the previous hit of what is looked for.";
    EndFind "end-find" Open "Show no hits any more.";
    Earlier "earlier" Open "Load earlier messages of the conversation.";
    Related "related" Open "Go to what is related to the message under the cursor, but was kept apart.";
    View "view" [Param::must("view", Kind::View)] Nothing "Show a view by its name.";
    SaveView "save-view" [Param::must("name", Kind::Name)] Nothing "Keep the search that is shown as a view of my own.";
    Sort "sort" [Param::must("by", Kind::Sort)] Nothing "Choose by what the list is sorted; the same once more turns it round.";
    Density "density" [Param::must("rows", Kind::Density)] Nothing "Choose how many lines a row of the list takes.";
    Columns "columns" [Param::must("column", Kind::Column)] Nothing "Show or hide columns of the list.";
    NextView "next-view" Nothing "Show the next view.";
    PreviousView "previous-view" Nothing "Show the previous view.";
    View1 "view-1" Nothing "Show the first view.";
    View2 "view-2" Nothing "Show the second view.";
    View3 "view-3" Nothing "Show the third view.";
    View4 "view-4" Nothing "Show the fourth view.";
    View5 "view-5" Nothing "Show the fifth view.";
    View6 "view-6" Nothing "Show the sixth view.";
    View7 "view-7" Nothing "Show the seventh view.";
    View8 "view-8" Nothing "Show the eighth view.";
    View9 "view-9" Nothing "Show the ninth view.";
    LastView "last-view" Nothing "Go back to the view before this one.";
    Search "search" [Param::may("query", Kind::Query)] Nothing "Search all conversations.";
    TakeNext "take-next" Nothing "Take the longest waiting conversation that may be mine, and go on to the next when it is done.";
    GiveBack "give-back" Nothing "Give back what the queue gave me, with a reason or without, and take the next.";
    Mark "mark" One "Mark or unmark this conversation and go to the next.";
    MarkRange "mark-range" One "Begin a range of marks here, or end it.";
    MarkAll "mark-all" Nothing "Mark every conversation that the list matches, on all pages.";
    Status "status" [Param::must("status", Kind::Status)] Selection "Set the status.";
    StatusOpen "status-open" Selection "Set the status to open.";
    StatusInProgress "status-in-progress" Selection "Set the status to in progress.";
    StatusWaiting "status-waiting" Selection "Set the status to waiting for the customer.";
    StatusClosed "status-closed" Selection "Set the status to closed.";
    Close "close" Selection "Close.";
    Assign "assign" [Param::must("agent", Kind::Assignee)] Selection "Assign to somebody.";
    AssignMe "assign-me" Selection "Take it: assign to me.";
    Unassign "unassign" Selection "Assign to nobody.";
    Tag "tag" [Param::must("tags", Kind::Tags)] Selection "Add and remove tags.";
    Note "note" [Param::must("text", Kind::Text)] Selection "Write an internal note.";
    EditNote "edit-note" [Param::must("note", Kind::Note), Param::must("text", Kind::Text)] Open "Give a note of the conversation a new text; the old one stays in the log.";
    Snooze "snooze" [Param::must("until", Kind::Moment)] Selection "Snooze until a time, given in words.";
    SnoozeTomorrow "snooze-tomorrow" Selection "Snooze until tomorrow morning.";
    SnoozeMonday "snooze-monday" Selection "Snooze until Monday morning.";
    SnoozeWeek "snooze-week" Selection "Snooze for a week.";
    SnoozeHours "snooze-hours" Selection "Snooze for three hours.";
    SnoozeEvening "snooze-evening" Selection "Snooze until the evening.";
    SnoozeLast "snooze-last" Selection "Snooze by the words of the last time.";
    Wake "wake" Selection "End the snooze now.";
    Reply "reply" [Param::may("saved-reply", Kind::Reply)] One "Reply to the sender.";
    ReplyAll "reply-all" One "Reply to all.";
    SavedReply "saved-reply" One "Reply to the sender with a saved reply.";
    AcceptInvitation "accept-invitation" One "Accept an invitation, after a look.";
    DeclineInvitation "decline-invitation" One "Decline an invitation, after a look.";
    TentativeInvitation "tentative-invitation" One "Answer an invitation with maybe, after a look.";
    Forward "forward" One "Forward, with the files and the header of the message.";
    ForwardFile "forward-file" One "Forward the message as a file, as it came.";
    NewConversation "new-conversation" Nothing "Write to somebody new.";
    Move "move" [Param::must("inbox", Kind::Inbox)] Selection "Move to another inbox.";
    Merge "merge" [Param::must("into", Kind::Conversation)] Selection "Merge the marked conversations with each other.";
    JoinRelated "join-related" Open "Join a related conversation to this one.";
    Split "split" [Param::must("message", Kind::Message)] Open "Make a conversation of its own of the message under the cursor and its answers.";
    Title "title" [Param::may("title", Kind::Title)] One "Give the conversation a title of the team's own.";
    Follow "follow" [Param::may("agent", Kind::Agent)] Selection "Follow, or stop following.";
    Unfollow "unfollow" [Param::may("agent", Kind::Agent)] Selection "Stop following.";
    Seen "seen" Selection "Count it as looked at, and the notes that mention me as seen.";
    Unread "unread" Selection "Mark it as unread.";
    Again "again" Selection "Do the last thing once more, to this.";
    Log "log" One "Show who did what to this conversation, and when.";
    CopyId "copy-id" One "Copy the conversation's id.";
    CopyAddress "copy-address" One "Copy the customer's address.";
    CopyLink "copy-link" Open "Copy a link of the conversation.";
    CopyTitle "copy-title" One "Copy the title.";
    OpenLink "open-link" Open "Open a link of the conversation.";
    Attachments "attachments" Open "List the attachments of the conversation.";
    Pipe "pipe" [Param::must("command", Kind::Text)] Selection "Give the message, or all of what is marked, to a command and show what it prints.";
    Delete "delete" Nothing "Say that nothing is deleted here, and how to close.";
    Outbox "outbox" Nothing "Show the mails on their way out, and what became of them.";
    Drafts "drafts" Nothing "Show my drafts, discarded ones too.";
    LogOfAll "log-of-all" Nothing "Show who did what to any conversation, and when.";
    Undo "undo" Nothing "Undo the last thing I did; take back a mail that is about to be sent.";
    Redo "redo" Nothing "Redo what I undid.";
    TakeBack "take-back" Nothing "Undo what the log's cursor is on, whoever did it.";
    Messages "messages" Nothing "Show notices and errors, also past ones.";
    Palette "palette" Nothing "Find an action by name.";
    Help "help" Nothing "Show the keys that work here.";
    SyncNow "sync-now" Nothing "Fetch and push now.";
    Theme "theme" [Param::must("theme", Kind::Theme)] Nothing "Change the colours, with a look at each first.";
    Redraw "redraw" Nothing "Draw the screen anew.";
    Suspend "suspend" Nothing "Put postroom in the background of the shell.";
    Quit "quit" Nothing "Close what is open; quit from the list.";
    Accept "accept" Nothing "Take what was typed or chosen.";
    Cancel "cancel" Nothing "Leave the line and change nothing.";
    NextChoice "next-choice" Nothing "Go to the next choice.";
    PreviousChoice "previous-choice" Nothing "Go to the previous choice.";
    Complete "complete" Nothing "Complete the word.";
    CursorLeft "cursor-left" Nothing "Move the text cursor left.";
    CursorRight "cursor-right" Nothing "Move the text cursor right.";
    WordLeft "word-left" Nothing "Move to the beginning of the word before the cursor.";
    WordRight "word-right" Nothing "Move to the end of the word behind the cursor.";
    LineStart "line-start" Nothing "Move to the beginning of the line.";
    LineEnd "line-end" Nothing "Move to the end of the line.";
    EraseBack "erase-back" Nothing "Erase the character before the cursor.";
    EraseForward "erase-forward" Nothing "Erase the character under the cursor.";
    EraseWord "erase-word" Nothing "Erase the word before the cursor.";
    EraseLine "erase-line" Nothing "Erase the line.";
    NewLine "new-line" Nothing "Begin a new line.";
    EraseToEnd "erase-to-end" Nothing "Erase to the end of the line.";
    UndoTyping "undo-typing" Nothing "Undo what was typed.";
    RedoTyping "redo-typing" Nothing "Redo what was typed.";
    NextField "next-field" Nothing "Go to the next field of the mail.";
    PreviousField "previous-field" Nothing "Go to the previous field of the mail.";
    LeaveText "leave-text" Nothing "Leave the text for the keys of the mail, which need no Ctrl; there, go back to the text.";
    GoText "text" Nothing "Go back to the text of the mail.";
    FieldTo "field-to" Nothing "Change whom the mail goes to.";
    FieldCc "field-cc" Nothing "Change who gets a copy.";
    FieldBcc "field-bcc" Nothing "Change who gets a copy that the others don't see.";
    FieldSubject "field-subject" Nothing "Change the subject of the mail.";
    UnfoldRest "unfold-rest" Nothing "Show or hide the signature and the quote below the text.";
    Review "review" Nothing "Look the mail over and send it.";
    Editor "editor" Nothing "Write in the editor of $VISUAL or $EDITOR.";
    SavedReplies "saved-replies" Nothing "Put in a saved reply.";
    Attach "attach" Nothing "Attach files, by path.";
    Detach "detach" Nothing "Take an attached file off.";
    AddPeople "add-people" Nothing "Add people of earlier mails whom the last one left out.";
    Quoting "quoting" Nothing "Quote what is answered, or don't.";
    Markdown "markdown" Nothing "Send the text as Markdown, with HTML beside it, or as plain text.";
    KeepDraft "keep-draft" Nothing "Keep the draft and leave.";
    DiscardDraft "discard-draft" Nothing "Discard the draft, after a question.";
    Send "send" Nothing "Send, and set the status to waiting.";
    SendClose "send-close" Nothing "Send and close.";
    SendKeep "send-keep" Nothing "Send and keep the status.";
    SendLater "send-later" Nothing "Send later, at a time given in words.";
    SendAnyway "send-anyway" Nothing "Send it whatever is new.";
    ToNote "to-note" Nothing "Make a note of it instead of a mail.";
    Retry "retry" Nothing "Try to send it again now.";
    Edit "edit" Nothing "Take it back and go on writing.";
    CancelMail "cancel-mail" Nothing "Take it back into the drafts.";
}

impl Action {
    /// Reads a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }

    /// Returns the number of the view that a `view-N` action shows, from 0.
    pub fn view_number(self) -> Option<usize> {
        const VIEWS: [Action; 9] = [
            Action::View1,
            Action::View2,
            Action::View3,
            Action::View4,
            Action::View5,
            Action::View6,
            Action::View7,
            Action::View8,
            Action::View9,
        ];
        VIEWS.iter().position(|action| *action == self)
    }

    /// Returns the few words that hint lines show.
    pub fn short(self) -> String {
        match self {
            Action::StatusOpen => say!("short-status-open"),
            Action::StatusInProgress => say!("short-status-in-progress"),
            Action::StatusWaiting => say!("short-status-waiting"),
            Action::StatusClosed => say!("short-status-closed"),
            Action::SnoozeTomorrow => say!("short-snooze-tomorrow"),
            Action::SnoozeMonday => say!("short-snooze-monday"),
            Action::SnoozeWeek => say!("short-snooze-week"),
            Action::SnoozeHours => say!("short-snooze-hours"),
            Action::SnoozeEvening => say!("short-snooze-evening"),
            Action::SnoozeLast => say!("short-snooze-last"),
            Action::LastView => say!("short-last-view"),
            Action::AcceptInvitation => say!("short-accept-invitation"),
            Action::DeclineInvitation => say!("short-decline-invitation"),
            Action::TentativeInvitation => say!("short-tentative-invitation"),
            Action::CopyId => say!("short-copy-id"),
            Action::CopyAddress => say!("short-copy-address"),
            Action::CopyLink => say!("short-copy-link"),
            Action::CopyTitle => say!("short-copy-title"),
            Action::SendClose => say!("short-send-close"),
            Action::SendKeep => say!("short-send-keep"),
            Action::DiscardDraft => say!("short-discard-draft"),
            Action::CancelMail => say!("short-cancel-mail"),
            Action::KeepDraft => say!("short-keep-draft"),
            Action::Review => say!("short-review"),
            Action::LeaveText => say!("short-leave-text"),
            Action::GoText => say!("short-text"),
            Action::FieldTo => say!("label-to"),
            Action::FieldCc => say!("label-cc"),
            Action::FieldBcc => say!("label-bcc"),
            Action::FieldSubject => say!("short-subject"),
            Action::UnfoldRest => say!("short-unfold-rest"),
            Action::SavedReplies => say!("short-saved-replies"),
            Action::Attach => say!("short-attach"),
            Action::Detach => say!("short-detach"),
            Action::TextOrHtml => say!("short-text-or-html"),
            Action::NextHit => say!("short-next-hit"),
            Action::PreviousHit => say!("short-previous-hit"),
            Action::EndFind => say!("short-end-find"),
            Action::Unfold => say!("short-unfold"),
            Action::NextInbound => say!("short-next-inbound"),
            Action::NextMessage => say!("short-next-message"),
            Action::UndoTyping => say!("short-undo-typing"),
            Action::EraseLine => say!("short-erase-line"),
            Action::NewLine => say!("short-new-line"),
            Action::SavedReply => say!("short-saved-reply"),
            Action::AssignMe => say!("short-assign-me"),
            Action::NewConversation => say!("short-new-conversation"),
            Action::NextChoice => say!("short-next-choice"),
            Action::PreviousChoice => say!("short-previous-choice"),
            other => other.name().replace('-', " "),
        }
    }
}
