//! The errors of `model` in words: what says only a phrase there is said here, so that `{error}` and `?` take it as any other error.

use std::fmt;

use crate::model::ids::BadName;
use crate::model::language::UnknownLanguage;
use crate::model::when::WhenError;

macro_rules! in_words {
    ($($error:ty),*) => {
        $(impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&super::render(&self.phrase()))
            }
        }

        impl std::error::Error for $error {})*
    };
}

in_words!(BadName, UnknownLanguage, WhenError);
