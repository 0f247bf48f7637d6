//! The side panels of the config: `[panel.NAME]`.

use super::hooks::{is_name, run};
use super::reader::Section;
use crate::model::panel::{PANELS_MAX, Panel};
use crate::model::text::{SafeText, in_quotes};
use crate::query;

/// The most characters of a title: a pane is 32 columns wide, and the age stands beside it.
const TITLE_MAX: usize = 24;

/// Reads all panels, in the order of the file.
pub(super) fn panels(root: &Section<'_, '_>) -> Vec<Panel> {
    let mut panels = Vec::new();
    for (name, section) in root.sections("panel") {
        if !is_name(&name) {
            section.complain("", phrase!("config-panel-name", name = in_quotes(&name)), phrase!("hint-hook-name"));
        }
        if panels.len() >= PANELS_MAX {
            section.complain("", phrase!("config-panels-many", most = PANELS_MAX), phrase!("hint-panels-many"));
        }
        let run = run(&section);
        let title = section.text("title").map(|title| SafeText::line_max(&title, TITLE_MAX));
        let when = section.text("when").unwrap_or_default();
        if let Err(error) = query::parse(&when) {
            section.complain("when", error.phrase(), error.hint.clone().unwrap_or("".into()));
        }
        let seconds = |key, bounds, default: u32| {
            section.number(key, bounds).and_then(|n| u32::try_from(n).ok()).unwrap_or(default)
        };
        let (timeout, keep) = (seconds("timeout", 1..=60, 5), seconds("keep", 0..=86_400, 300));
        let claims = section.yes("claims").unwrap_or(false);
        section.finish();
        let title = title.filter(|title| !title.is_empty()).unwrap_or_else(|| SafeText::line_max(&name, TITLE_MAX));
        panels.push(Panel { name, title, run, when, timeout, keep, claims });
    }
    panels
}
