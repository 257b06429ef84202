//! How fast answers of connectors are read, and in how much memory: `GetActorsByTimestamp` with actors of
//! twelve fields, as .NET writes them. Each measurement is a process of its own.

mod answer;
mod connector;

use std::process::Command;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::handover::{self, Given};
use gleichlauf::connector::operation::Operation;
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};
use gleichlauf::connector::soap::envelope::{Answered, read_answer};
use gleichlauf::connector::soap::input::{Caps, Input};
use gleichlauf::connector::soap::payload::{Actors, Taker};
use gleichlauf::connector::soap::xml::Xml;
use gleichlauf::connector::types::{Actor, ActorType, ConnectionGuid};
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

use super::table::{median, print};
use super::usage;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
const WAYS: [(&str, &str); 3] = [
    ("tokens", "tokens only (quick-xml's NsReader)"),
    ("reader", "our reader"),
    ("call", "the whole call over HTTP"),
];

/// One process's figures: actors per second of CPU and of time, peak memory in MB.
type Figures = [f64; 3];

pub fn measure() {
    let address = connector::serve();
    let mut rows = Vec::new();
    for size in SIZES {
        let rounds = if size > 100_000 { 3 } else { 7 };
        let mut found: [Vec<Figures>; WAYS.len()] = Default::default();
        for _ in 0..rounds {
            for (way, found) in WAYS.iter().zip(&mut found) {
                found.push(one(way.0, size, &address));
            }
        }
        let of = |way: usize, figure: usize| median(found[way].iter().map(|f| f[figure]).collect());
        for (way, (_, title)) in WAYS.iter().enumerate() {
            rows.push(vec![
                format!("{size} actors: {title}"),
                format!("{:.0}", of(way, 0)),
                format!("{:.2}", of(0, 0) / of(way, 0)),
                format!("{:.0}", of(way, 1)),
                format!("{:.1} MB", of(way, 2)),
            ]);
        }
    }
    let title = format!("Reading actors of {} bytes", answer::Answer::new().actor_length());
    print(&title, &["", "actors per CPU s", "× tokens", "actors/s", "peak memory"], &rows);
}

fn one(way: &str, size: usize, address: &str) -> Figures {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let done = command.args(["--reader", way, &size.to_string(), address]).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    let figures: Vec<f64> = text.split_whitespace().map(|f| f.parse().unwrap()).collect();
    figures.try_into().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&done.stderr)))
}

/// What such a process does.
pub fn read(arguments: &[String]) {
    let [way, size, address] = arguments else { panic!("{arguments:?}") };
    let size: usize = size.parse().unwrap();
    let begun = std::time::Instant::now();
    let cpu = match way.as_str() {
        "tokens" => tokens(size),
        "reader" => reader(size),
        _ => call(size, address),
    };
    let per = |seconds: f64| size as f64 / seconds;
    let taken = per(begun.elapsed().as_secs_f64());
    println!("{} {taken} {}", per(cpu.as_secs_f64()), usage::own_peak());
}

fn tokens(size: usize) -> std::time::Duration {
    let input = Input::from_channel(answer::stream(size), Caps::STREAM);
    let mut reader = NsReader::from_reader(input);
    reader.config_mut().expand_empty_elements = true;
    let (mut token, mut actors) = (Vec::new(), 0);
    loop {
        token.clear();
        reader.get_mut().begin_token();
        reader.get_mut().begin_unit();
        match reader.read_event_into(&mut token).unwrap() {
            Event::Start(start) => {
                let (_, name) = reader.resolver().resolve_element(start.name());
                actors += usize::from(name.as_ref() == "ErpActorWS");
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(actors, size);
    usage::own_thread()
}

fn is_whole(actor: &Actor) -> bool {
    actor.fields.len() == answer::FIELDS
}

/// Looks at every actor and keeps none.
struct Counted(usize);

impl Taker for Counted {
    type Value = usize;

    fn take(&mut self, given: Given) -> Result<bool, Failure> {
        self.0 += usize::from(matches!(&given, Given::Actor(actor) if is_whole(actor)));
        Ok(true)
    }

    fn finish(self) -> Result<usize, Failure> {
        Ok(self.0)
    }
}

fn reader(size: usize) -> std::time::Duration {
    let mut xml = Xml::new(Input::from_channel(answer::stream(size), Caps::STREAM), u64::MAX);
    let payload = Actors::new(ActorType::Customer, Counted(0));
    let read = read_answer(&mut xml, Operation::GetActorsByTimestamp, None, payload).unwrap();
    let Answered::Reply { reply, .. } = read else { panic!("another form") };
    assert_eq!(reply.unwrap().value, size);
    usage::own_thread()
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn call(size: usize, address: &str) -> std::time::Duration {
    let host = address.trim_start_matches("http://").split('/').next().unwrap();
    let policy = AddressPolicy { listed: vec![host.parse().unwrap()], ..AddressPolicy::default() };
    let registry = Registry::new(policy, Default::default());
    let connector = registry.connect(address, Patience::Background).unwrap();
    let (each, mut taken) = handover::channel(1 << 20);
    let guid = ConnectionGuid::zero();
    let since = size.to_string();
    let counting = tokio::spawn(async move {
        let mut count = 0;
        while let Some(actor) = taken.recv().await {
            count += usize::from(is_whole(&actor));
        }
        count
    });
    connector.actors_since(&guid, ActorType::Customer, &since, &[], each).await.unwrap();
    assert_eq!(counting.await.unwrap(), size);
    usage::cpu(std::process::id())
}
