//! Seed, keys, screen: the whole program on a screen in memory, through the loop that also runs in production.

mod bulk;
mod keys;
mod operations;
mod seed;
mod shots;
