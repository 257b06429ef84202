//! Figures of the release build. `cargo bench` prints them all, `cargo bench -- start parse` some of them.
//!
//! Nothing here fails for being slow: the figures are for people, and depend on the machine. CPU time is what
//! holds on a busy one; ratios come from measurements that took turns.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod answer;
mod companies;
mod list;
mod load;
mod parse;
mod served;
mod start;
mod table;
mod usage;

/// What can be measured, by name.
const ALL: [(&str, fn()); 3] =
    [("start", start::measure), ("parse", parse::measure), ("list", list::measure)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(("--reader", rest)) = arguments.split_first().map(|(first, rest)| (&**first, rest))
    {
        return parse::read(rest);
    }
    // Cargo itself adds options; names have no dashes.
    let wanted: Vec<&String> = arguments.iter().filter(|word| !word.starts_with('-')).collect();
    for (name, measure) in ALL {
        if wanted.is_empty() || wanted.iter().any(|word| *word == name) {
            measure();
        }
    }
}
