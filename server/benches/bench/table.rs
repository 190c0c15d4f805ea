//! The table at the end.

/// Rows of a name and its figures.
pub struct Table(Vec<(String, String)>);

impl Table {
    /// Names the machine first: a number without its machine says nothing.
    pub fn new() -> Self {
        let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown processor");
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let profile = if cfg!(debug_assertions) { "dev profile" } else { "optimised" };
        let machine = format!("{}, {cores} cores, {profile}", model.trim_start_matches([' ', '\t', ':']));
        Self(vec![("machine".to_owned(), machine)])
    }

    /// Adds a row, and says it at once: a bench takes a while.
    pub fn row(&mut self, name: &str, figures: &[String]) {
        eprintln!("{name}: {}", figures.join(", "));
        self.0.push((name.to_owned(), figures.join(", ")));
    }

    /// Prints all rows.
    pub fn print(&self) {
        let width = self.0.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        println!();
        for (name, figures) in &self.0 {
            println!("{name:width$}  {figures}");
        }
    }
}

/// The value below which `share` of the sorted times lie.
pub fn percentile(sorted: &[std::time::Duration], share: f64) -> std::time::Duration {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index into a short list"
    )]
    let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().unwrap_or_default()
}
