//! The table, in Markdown.

use std::time::Duration;

/// Lines of the table.
#[derive(Default)]
pub(crate) struct Report(Vec<String>);

impl Report {
    /// A figure beside its floor.
    pub(crate) fn ratio(&mut self, what: &str, floor: &str, ours: &[Duration], floors: &[Duration], goal: &str) {
        let mut ratios: Vec<f64> = ours.iter().zip(floors).map(|(a, b)| a.as_secs_f64() / b.as_secs_f64()).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        let ratio = ratios[ratios.len() / 2];
        self.0.push(format!(
            "| {what} | {} | {floor}: {} | {ratio:.2}x time ({:.2}x speed) | {goal} |",
            show(super::median(ours)),
            show(super::median(floors)),
            1.0 / ratio,
        ));
    }

    /// A figure without a floor.
    pub(crate) fn duration(&mut self, what: &str, ours: &[Duration], goal: &str) {
        self.0.push(format!("| {what} | {} | | | {goal} |", show(super::median(ours))));
    }

    /// A number.
    pub(crate) fn note(&mut self, what: &str, value: f64, goal: &str) {
        self.0.push(format!("| {what} | {value:.0} | | | {goal} |"));
    }

    /// Prints it, unless nothing was measured.
    pub(crate) fn print(&self) {
        if self.0.is_empty() {
            return;
        }
        println!("| what | median | floor in the same run | ratio (median of pairs) | goal |\n|---|---|---|---|---|");
        for line in &self.0 {
            println!("{line}");
        }
    }
}

fn show(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 10.0 {
        format!("{micros:.2} us")
    } else if micros < 1_000.0 {
        format!("{micros:.0} us")
    } else if micros < 1_000_000.0 {
        format!("{:.2} ms", micros / 1e3)
    } else {
        format!("{:.2} s", micros / 1e6)
    }
}
