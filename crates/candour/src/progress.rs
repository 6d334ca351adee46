//! Progress of anything that takes over a second: a bar on a terminal, plain lines otherwise.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Nothing is shown before this.
const PATIENCE: Duration = Duration::from_secs(1);
/// Time between plain lines.
const INTERVAL: Duration = Duration::from_secs(5);

/// One piece of work, measured in some unit up to a total.
pub(crate) struct Progress {
    what: String,
    total: u64,
    done: AtomicU64,
    state: Mutex<State>,
    quiet: bool,
}

struct State {
    started: Instant,
    last_line: Option<Instant>,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(what: &str, total: u64, quiet: bool) -> Progress {
        Progress {
            what: what.to_owned(),
            total: total.max(1),
            done: AtomicU64::new(0),
            state: Mutex::new(State {
                started: Instant::now(),
                last_line: None,
                bar: None,
            }),
            quiet,
        }
    }

    /// So much more is done.
    pub(crate) fn add(&self, more: u64) {
        let done = self.done.fetch_add(more, Ordering::Relaxed) + more;
        self.show(done);
    }

    /// So much is done in all.
    pub(crate) fn set(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.show(done);
    }

    fn show(&self, done: u64) {
        if self.quiet {
            return;
        }
        let Ok(mut state) = self.state.try_lock() else {
            return;
        };
        if state.started.elapsed() < PATIENCE {
            return;
        }
        if std::io::stderr().is_terminal() {
            let bar = state.bar.get_or_insert_with(|| {
                let bar = ProgressBar::new(self.total);
                if let Ok(style) =
                    ProgressStyle::with_template("{msg} {bar:30} {percent}%, {eta} left")
                {
                    bar.set_style(style);
                }
                bar.set_message(self.what.clone());
                bar
            });
            bar.set_position(done.min(self.total));
        } else if state
            .last_line
            .is_none_or(|last| last.elapsed() >= INTERVAL)
        {
            state.last_line = Some(Instant::now());
            eprintln!(
                "{}: {}%",
                self.what,
                (done.min(self.total) * 100) / self.total
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(state) = self.state.get_mut()
            && let Some(bar) = state.bar.take()
        {
            bar.finish_and_clear();
        }
    }
}
