//! An answer of any length, made of the same thousand actors over and over, and never whole in memory.

use bytes::Bytes;
use tokio::sync::mpsc;

/// Fields of an actor.
pub const FIELDS: usize = 12;
const BLOCK: usize = 1_000;
const CHUNK: usize = 64 << 10;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope \
    xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><WSGetActorsByTimestampResponse \
    xmlns=\"http://www.superoffice.net/EIS/Connector/1.0\"><WSGetActorsByTimestampResult \
    xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><ErrorCode i:nil=\"true\" /><IsOk>true</IsOk>\
    <State>Ok</State><TechExplanation i:nil=\"true\" /><UserExplanation i:nil=\"true\" /><Actors>";
const TAIL: &str = "</Actors></WSGetActorsByTimestampResult></WSGetActorsByTimestampResponse></s:Body></s:Envelope>";

const VALUES: [(&str, &str); FIELDS] = [
    ("Name", "Straßenbau Größer & Söhne GmbH"),
    ("Number", "1000234"),
    ("Street", "Hinter den Höfen 17"),
    ("ZipCode", "80331"),
    ("City", "München"),
    ("Country", "DE"),
    ("Phone", "+49 89 5550 0142"),
    ("Email", "einkauf@groesser.example"),
    ("CustomerGroup", "A"),
    ("Balance", "[F:1234.5]"),
    ("Since", "[DT:2019-03-04]"),
    ("Employees", "[I:120]"),
];

/// The parts of an answer.
pub struct Answer {
    block: Bytes,
}

impl Answer {
    pub fn new() -> Self {
        Self { block: (0..BLOCK).map(actor).collect::<String>().into() }
    }

    /// Of one actor, in bytes.
    pub fn actor_length(&self) -> usize {
        self.block.len() / BLOCK
    }

    /// An answer of this many actors, in thousands, piece by piece.
    pub fn chunks(&self, actors: usize) -> impl Iterator<Item = Bytes> + '_ {
        assert_eq!(actors % BLOCK, 0);
        let pieces = (0..self.block.len()).step_by(CHUNK);
        let piece = |at: usize| self.block.slice(at..(at + CHUNK).min(self.block.len()));
        let blocks = (0..actors / BLOCK).flat_map(move |_| pieces.clone().map(piece));
        let ends = [HEAD, TAIL].map(|end| Bytes::from_static(end.as_bytes()));
        let [head, tail] = ends;
        std::iter::once(head).chain(blocks).chain([tail])
    }
}

fn actor(number: usize) -> String {
    let field = |(key, value): &(&str, &str)| {
        let value = value.replace('&', "&amp;");
        format!(
            "<d7p1:KeyValueOfstringstring><d7p1:Key>{key}</d7p1:Key><d7p1:Value>{value}</d7p1:Value>\
             </d7p1:KeyValueOfstringstring>"
        )
    };
    let fields: String = VALUES.iter().map(field).collect();
    format!(
        "<ErpActorWS><ActorType>Customer</ActorType><ErpKey>C{number:06}</ErpKey><FieldValues \
         xmlns:d7p1=\"http://schemas.microsoft.com/2003/10/Serialization/Arrays\">{fields}</FieldValues>\
         <LastModified>2026-01-01T08:00:00.{number:07}</LastModified><ParentActorType i:nil=\"true\" />\
         <ParentErpKey i:nil=\"true\" /></ErpActorWS>"
    )
}

/// Such an answer as it would arrive, made by a thread of its own.
pub fn stream(actors: usize) -> mpsc::Receiver<Bytes> {
    let (send, receive) = mpsc::channel(4);
    std::thread::spawn(move || {
        for chunk in Answer::new().chunks(actors) {
            if send.blocking_send(chunk).is_err() {
                return;
            }
        }
    });
    receive
}
