//! How the list looks: chosen for a view, kept until the program ends. What the config says counts before that.

use crate::app::picker::{Choice, Picked, Picker};
use crate::app::{App, Effect, Layer};
use crate::keymap::Action;
use crate::model::list_look::{Column, Density, ListLook};
use crate::model::view::View;
use crate::text;

impl App {
    /// Returns how the list looks that is shown.
    pub fn list_look(&self) -> ListLook {
        let view = self.shown_view();
        if let Some(chosen) = self.looks.get(&self.name_of_list()) {
            return chosen.clone();
        }
        let own = self.around.look.clone();
        match view {
            Some(View::Own(view)) => ListLook {
                density: view.density.unwrap_or(own.density),
                columns: view.columns.clone().unwrap_or(own.columns),
            },
            _ => own,
        }
    }

    fn name_of_list(&self) -> String {
        self.shown_view().map(View::name).unwrap_or_default()
    }

    /// Tells whether a column says the same in all rows that are shown, so that none is drawn.
    pub fn is_fixed(&self, column: Column) -> bool {
        let view = self.shown_view();
        match column {
            Column::Status => view.is_some_and(View::fixes_status),
            Column::Owner => view.is_some_and(View::fixes_owner),
            Column::Inbox => self.around.inboxes.len() < 2 || view.is_some_and(View::fixes_inbox),
            Column::Tags | Column::Snippet | Column::Id => false,
        }
    }

    /// Lists the densities, with the cursor on the present one.
    pub(super) fn open_densities(&mut self) -> Vec<Effect> {
        let line = |density: Density| Picked::Line(format!("{} {}", Action::Density.name(), density.name()));
        let choice = |density: Density| Choice::new(density.name(), text::render(&density.phrase()), line(density));
        let mut picker = Picker::new(say!("title-density"), Density::ALL.map(choice).to_vec());
        let now = self.list_look().density;
        picker.at = Density::ALL.iter().position(|density| *density == now);
        self.push(Layer::Picker(picker))
    }

    /// Lists the columns, each of which a key shows or hides while the list is in sight.
    pub(super) fn open_columns(&mut self) -> Vec<Effect> {
        let choices = self.columns_to_choose();
        self.push(Layer::Picker(Picker::new(say!("title-columns"), choices)))
    }

    fn columns_to_choose(&self) -> Vec<Choice> {
        let look = self.list_look();
        let choice = |column: Column| {
            let what = text::render(&column.phrase());
            let state = match look.columns.contains(&column) {
                false => say!("column-hidden"),
                true if self.is_fixed(column) => say!("column-fixed"),
                true => say!("column-shown"),
            };
            Choice::new(column.name(), format!("{state} · {what}"), Picked::Column(column))
        };
        Column::ALL.map(choice).to_vec()
    }

    /// Has rows of the list take so many lines.
    pub(super) fn set_density(&mut self, density: Density) -> Vec<Effect> {
        let look = ListLook { density, ..self.list_look() };
        self.choose_look(look)
    }

    /// Shows a column of the list, or hides it; a sheet that offers it stays.
    pub(super) fn turn_column(&mut self, column: Column) -> Vec<Effect> {
        let mut look = self.list_look();
        if !look.columns.remove(&column) {
            look.columns.insert(column);
        }
        let effects = self.choose_look(look);
        let choices = self.columns_to_choose();
        if let Some(Layer::Picker(picker)) = self.layers.last_mut()
            && picker.choices.iter().any(|choice| matches!(choice.means, Picked::Column(_)))
        {
            picker.choices = choices;
        }
        effects
    }

    /// The cursor stays on its conversation, and that in sight.
    fn choose_look(&mut self, look: ListLook) -> Vec<Effect> {
        self.looks.insert(self.name_of_list(), look);
        let screen = self.list_rows();
        self.list.follow(screen);
        self.want_rows()
    }
}
