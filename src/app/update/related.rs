//! What may belong together with the open conversation but was kept apart: gone to, and joined.

use crate::app::picker::{Choice, Picked, Picker};
use crate::app::{App, Effect, Layer};
use crate::model::conversation::Related;
use crate::model::shown::Shown;
use crate::text;

impl App {
    /// Opens the conversation that is related to the message under the cursor, or else to any of the open one; where there are several,
    /// after a choice.
    pub(super) fn open_related(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let Some(data) = &open.data else { return Vec::new() };
        let of_message: Vec<&Related> =
            open.message().map(|message| data.related_to(&message.id).collect()).unwrap_or_default();
        let related = if of_message.is_empty() { data.related.iter().collect() } else { of_message };
        if let [one] = related.as_slice() {
            let row = one.row.clone();
            return self.open_row(&row);
        }
        let choices = related.into_iter().map(|other| offer(other, Picked::Row(Box::new(other.row.clone())))).collect();
        self.push(Layer::Picker(Picker::new(say!("title-related"), choices)))
    }

    /// Joins the conversation that is related to the open one; where there are several, after a choice.
    pub(super) fn open_join_related(&mut self) -> Vec<Effect> {
        let data = self.open.as_ref().and_then(|open| open.data.as_ref());
        let related = data.map(|data| data.related.as_slice()).unwrap_or_default();
        if let [one] = related {
            let other = Shown::from(&one.row);
            return self.join(&other);
        }
        let choices = related.iter().map(|other| offer(other, Picked::Join(Shown::from(&other.row)))).collect();
        self.push(Layer::Picker(Picker::new(say!("title-join-related"), choices)))
    }
}

fn offer(other: &Related, means: Picked) -> Choice {
    let row = &other.row;
    let detail = format!("{} ({})", row.people, text::render(&other.relation.phrase()));
    Choice::new(format!("{} {}", row.short, text::titled(row.title.as_str())), detail, means)
}
