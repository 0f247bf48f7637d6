//! Plain types that every other room speaks in. No I/O, no clock reading outside [`clock`].

#[macro_use]
pub mod phrase;
pub mod piped;

pub mod address;
pub mod addresses;
pub mod agent;
pub mod calendar;
pub mod change;
pub mod clock;
pub mod columns;
pub mod conversation;
pub mod customer;
pub mod description;
pub mod hook;
pub mod host;
pub mod ids;
pub mod invitation;
pub mod keyboard;
pub mod language;
pub mod list_look;
pub mod message;
pub mod nearest;
pub mod news;
pub mod own;
pub mod pace;
pub mod panel;
pub mod presence;
pub mod queue;
pub mod refusal;
pub mod reply;
pub mod screen_order;
pub mod sender_name;
pub mod shared_reply;
pub mod shown;
pub mod stats;
pub mod status;
pub mod stop;
pub mod team;
pub mod template;
pub mod text;
pub mod view;
pub mod warning;
pub mod when;
pub mod workload;
