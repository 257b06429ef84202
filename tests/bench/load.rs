//! Many visitors at once, each on a connection that stays open.

use std::time::{Duration, Instant};

use super::answer::{Connection, status};
use super::usage;

/// What came of it.
pub struct Outcome {
    /// Per second.
    pub rate: f64,
    /// Of the portal, per request, in milliseconds.
    pub cpu: f64,
    /// In milliseconds.
    pub median: f64,
    pub p99: f64,
}

/// Lets this many visitors ask the same over and over, as fast as they are answered.
pub async fn run(
    address: &str,
    process: u32,
    request: Vec<u8>,
    visitors: usize,
    length: Duration,
) -> Outcome {
    let begun = (Instant::now(), usage::cpu(process));
    let end = begun.0 + length;
    let visits =
        (0..visitors).map(|_| tokio::spawn(visit(address.to_owned(), request.clone(), end)));
    let mut times = Vec::new();
    for visit in visits.collect::<Vec<_>>() {
        times.extend(visit.await.unwrap());
    }
    let (taken, cpu) = (begun.0.elapsed(), usage::cpu(process) - begun.1);
    times.sort_unstable();
    let share = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e3;
    Outcome {
        rate: times.len() as f64 / taken.as_secs_f64(),
        cpu: cpu.as_secs_f64() * 1e3 / times.len() as f64,
        median: share(0.5),
        p99: share(0.99),
    }
}

async fn visit(address: String, request: Vec<u8>, end: Instant) -> Vec<Duration> {
    let mut connection = Connection::open(&address).await.unwrap();
    let mut times = Vec::new();
    while Instant::now() < end {
        let begun = Instant::now();
        let answer = connection.ask(&request).await.unwrap();
        assert_eq!(status(answer), "200");
        times.push(begun.elapsed());
    }
    times
}
