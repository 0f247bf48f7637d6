//! The colours: looked at while they are chosen, kept until the program ends.

use crate::app::picker::{Choice, Picked, Picker};
use crate::app::{App, Effect, Layer, Severity};
use crate::keymap::Action;

impl App {
    /// Lists the themes, with the cursor on the present one.
    pub(super) fn open_themes(&mut self) -> Vec<Effect> {
        let choices: Vec<Choice> =
            self.around.themes.iter().map(|name| Choice::new(name, "", Picked::Theme(name.clone()))).collect();
        let mut picker = Picker::new(say!("title-themes"), choices);
        picker.at = self.around.themes.iter().position(|name| *name == self.theme).or(picker.at);
        self.push(Layer::Picker(picker))
    }

    /// Keeps a theme until the program ends, and says how it is kept for longer.
    pub(super) fn choose_theme(&mut self, name: &str) {
        self.theme = name.to_owned();
        self.tell(Severity::Info, &say!("theme-now", name = name), &say!("hint-theme-kept", name = name));
    }

    /// Returns the theme that the cursor of a choice is on.
    fn looked_at(&self) -> Option<String> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return None };
        match &picker.chosen()?.means {
            Picked::Theme(name) => Some(name.clone()),
            Picked::Line(line) => {
                let (action, name) = line.split_once(' ')?;
                let named = || self.around.themes.iter().find(|known| *known == name.trim()).cloned();
                (action == Action::Theme.name()).then(named).flatten()
            }
            _ => None,
        }
    }

    /// Has the theme drawn that is looked at, or else the chosen one, where it is not the one that is seen.
    pub(super) fn see_theme(&mut self) -> Option<Effect> {
        let wanted = self.looked_at().unwrap_or_else(|| self.theme.clone());
        if wanted == self.theme_seen {
            return None;
        }
        self.theme_seen.clone_from(&wanted);
        Some(Effect::Theme(wanted))
    }
}
