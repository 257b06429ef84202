//! The list of companies under load: it must cost the same however many there are.

use std::path::Path;
use std::time::Duration;

use super::load::{self, Outcome};
use super::served::{Served, get};
use super::table::{median, print};
use super::{companies, usage};

const SIZES: [usize; 2] = [300, 1_000_000];
const VISITORS: usize = 64;
/// Sizes take turns, so that a busy machine does not favour one of them.
const ROUNDS: usize = 5;
const LENGTH: Duration = Duration::from_secs(3);
const PAGES: [&str; 3] = ["first page", "a page in the middle", "first page, packed (gzip)"];

/// A portal with somebody in it.
struct Site {
    portal: Served,
    requests: [Vec<u8>; PAGES.len()],
    outcomes: [Vec<Outcome>; PAGES.len()],
}

#[tokio::main(flavor = "current_thread")]
pub async fn measure() {
    let small = companies::folder(SIZES[0]).await;
    let mut sites = Vec::new();
    for size in SIZES {
        sites.push(open(&small, &companies::folder(size).await).await);
    }
    for _ in 0..ROUNDS {
        for page in 0..PAGES.len() {
            for site in &mut sites {
                let (address, process) = (&site.portal.address, site.portal.process());
                let request = site.requests[page].clone();
                let outcome = load::run(address, process, request, VISITORS, LENGTH).await;
                site.outcomes[page].push(outcome);
            }
        }
    }
    show(&sites);
}

async fn open(small: &Path, folder: &Path) -> Site {
    let middle = companies::in_the_middle(small, folder).await;
    let portal = Served::start(folder);
    portal.first_answer(&get("/sign-in", "", "")).await;
    let cookies = portal.sign_in().await;
    let after = format!("/companies?after={middle}");
    let requests = [
        get("/companies", &cookies, ""),
        get(&after, &cookies, ""),
        get("/companies", &cookies, "Accept-Encoding: gzip\r\n"),
    ];
    let warm = Duration::from_secs(1);
    load::run(&portal.address, portal.process(), requests[0].clone(), VISITORS, warm).await;
    Site { portal, requests, outcomes: Default::default() }
}

fn show(sites: &[Site]) {
    let mut rows = Vec::new();
    for (page, title) in PAGES.iter().enumerate() {
        let of = |site: &Site, figure: fn(&Outcome) -> f64| {
            median(site.outcomes[page].iter().map(figure).collect())
        };
        for (site, size) in sites.iter().zip(SIZES) {
            rows.push(vec![
                format!("{title}, {size} companies"),
                format!("{:.0}", of(site, |o| o.rate)),
                format!("{:.3} ms", of(site, |o| o.cpu)),
                format!("{:.1} ms", of(site, |o| o.median)),
                format!("{:.1} ms", of(site, |o| o.p99)),
            ]);
        }
        let ratio = |figure| of(&sites[1], figure) / of(&sites[0], figure);
        rows.push(vec![
            "  ratio".into(),
            format!("{:.2}", ratio(|o| o.rate)),
            format!("{:.2}", ratio(|o| o.cpu)),
            format!("{:.2}", ratio(|o| o.median)),
            format!("{:.2}", ratio(|o| o.p99)),
        ]);
    }
    let title = format!("The list of companies, 50 rows, {VISITORS} visitors, medians of {ROUNDS}");
    print(&title, &["", "requests/s", "CPU a request", "p50", "p99"], &rows);
    for (site, size) in sites.iter().zip(SIZES) {
        let memory = usage::memory(site.portal.process());
        println!("  memory after this load, {size} companies: {memory:.1} MB");
    }
}
