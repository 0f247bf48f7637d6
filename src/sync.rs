//! What crosses the wire: fetches mail, pushes operations, sends replies. It commits through the store and reports its state; it never
//! calls the screen.
pub mod local;
