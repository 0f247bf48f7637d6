//! A question that long work asks itself: is it to end now?

use std::fmt;
use std::sync::Arc;

/// Tells long work that it is to end: the program quits, or a signal came. Cheap to clone; every clone answers alike.
#[derive(Clone, Default)]
pub struct Stop(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Stop {
    /// Lets work go on to its end.
    pub fn never() -> Self {
        Self(None)
    }

    /// Ends work once `asked` says so. It is asked often, so it must cost nothing.
    pub fn when(asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(asked)))
    }

    /// Tells whether to end now.
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| asked())
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.is_asked()).finish()
    }
}
