//! How fast the portal is there, how much memory it takes while nobody comes, how large it is.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::companies;
use super::served::{Served, get};
use super::table::{median, print};
use super::usage;

const STARTS: usize = 15;
const IDLE: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
pub async fn measure() {
    let folder = companies::folder(300).await;
    let (mut times, mut cpu) = (Vec::new(), Vec::new());
    let page = get("/sign-in", "", "Connection: close\r\n");
    for _ in 0..STARTS {
        let begun = Instant::now();
        let portal = Served::start(&folder);
        portal.first_answer(&page).await;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        cpu.push(usage::cpu(portal.process()).as_secs_f64() * 1e3);
    }
    let portal = Served::start(&folder);
    portal.first_answer(&page).await;
    sleep(IDLE).await;
    let idle = usage::memory(portal.process());
    let begun = usage::cpu(portal.process());
    sleep(IDLE).await;
    let used = (usage::cpu(portal.process()) - begun).as_secs_f64() * 1e3 / IDLE.as_secs_f64();
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_gleichlauf")).unwrap().len();
    let best = times.iter().copied().fold(f64::INFINITY, f64::min);
    print(
        "The program: 300 companies on SQLite",
        &["", "measured", "goal", "at most"],
        &[
            row("start to first page, median of 15", median(times), "ms", (40, 100)),
            row("  the fastest of them", best, "ms", (40, 100)),
            row("  CPU", median(cpu), "ms", (40, 100)),
            row("memory after 10 s idle (PSS)", idle, "MB", (12, 20)),
            row("binary", size as f64 / 1e6, "MB", (15, 25)),
            vec!["CPU while idle, per second".into(), format!("{used:.2} ms")],
        ],
    );
}

fn row(what: &str, value: f64, unit: &str, (goal, limit): (u32, u32)) -> Vec<String> {
    vec![
        what.into(),
        format!("{value:.1} {unit}"),
        format!("{goal} {unit}"),
        format!("{limit} {unit}"),
    ]
}
