//! How the actors of a long answer are handed over while it is still being read: each counts as many bytes as
//! it holds until whoever took it lets go of it, and there is room for so many bytes and no more. So memory
//! stays flat however many actors there are and however large they are.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::failure::Failure;
use super::types::{Actor, ActorRef};

/// Actors on their way at most, however small.
const AT_ONCE: usize = 400;
/// What a text costs beside its bytes.
const PER_TEXT: usize = 64;

/// What an answer holds in one actor's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    Actor(Actor),
    Unreadable(Unreadable),
}

/// An actor that could not be read; the others of its answer could.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub whose: Whose,
    /// May be blank.
    pub last_modified: String,
    /// Where in the answer, and what is wrong; English.
    pub what: String,
}

impl Unreadable {
    /// The same, with where it stands.
    pub fn at(self, place: &str) -> Self {
        Self { what: format!("{place}: {}", self.what), ..self }
    }
}

/// Which actor could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    Known(ActorRef),
    /// Of a type that is not synchronised.
    Foreign,
    /// It cannot be told apart.
    Unknown,
}

/// Something handed over, with its share of the room.
pub struct Parcel {
    pub given: Given,
    _room: OwnedSemaphorePermit,
}

/// Hands over. Clones share the room.
#[derive(Clone)]
pub struct Giver {
    to: mpsc::Sender<Parcel>,
    room: Arc<Semaphore>,
    size: u32,
}

/// Takes. When it is dropped, giving fails.
pub struct Receiver {
    from: mpsc::Receiver<Parcel>,
    room: Arc<Semaphore>,
}

/// Room for so many bytes. A single actor that is larger than all of it is let through alone.
pub fn channel(bytes: u32) -> (Giver, Receiver) {
    let (to, from) = mpsc::channel(AT_ONCE);
    let room = Arc::new(Semaphore::new(usize::try_from(bytes).unwrap_or(usize::MAX)));
    (Giver { to, room: room.clone(), size: bytes }, Receiver { from, room })
}

impl Giver {
    pub async fn send(&self, actor: Actor) -> Result<(), Failure> {
        self.give(Given::Actor(actor)).await
    }

    /// Waits for room.
    pub async fn give(&self, given: Given) -> Result<(), Failure> {
        let weight = u32::try_from(weight(&given)).unwrap_or(u32::MAX).min(self.size);
        let room = self.room.clone().acquire_many_owned(weight).await;
        let parcel = Parcel { given, _room: room.map_err(|_| nobody_listens())? };
        self.to.send(parcel).await.map_err(|_| nobody_listens())
    }

    /// The same on a thread that may block.
    pub fn give_blocking(&self, given: Given) -> Result<(), Failure> {
        Handle::current().block_on(self.give(given))
    }

    /// Bytes handed over that nobody has let go of yet.
    pub fn held(&self) -> usize {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        size.saturating_sub(self.room.available_permits())
    }
}

fn nobody_listens() -> Failure {
    Failure::BrokenOff { detail: "nobody takes the actors any more".into() }
}

fn weight(given: &Given) -> usize {
    let texts: usize = match given {
        Given::Actor(actor) => {
            let fields = actor.fields.iter().map(|(key, value)| cost(key) + cost(value));
            cost(&actor.key) + cost(&actor.last_modified) + fields.sum::<usize>()
        }
        Given::Unreadable(unreadable) => cost(&unreadable.last_modified) + cost(&unreadable.what),
    };
    size_of::<Parcel>() + texts
}

fn cost(text: &str) -> usize {
    text.len() + PER_TEXT
}

impl Receiver {
    /// Waits for something, and takes up to `limit`. 0: the answer has ended.
    pub async fn recv_many(&mut self, into: &mut Vec<Parcel>, limit: usize) -> usize {
        self.from.recv_many(into, limit).await
    }

    /// The next actor that could be read.
    pub async fn recv(&mut self) -> Option<Actor> {
        loop {
            match self.from.recv().await?.given {
                Given::Actor(actor) => return Some(actor),
                Given::Unreadable(Unreadable { what, .. }) => {
                    tracing::warn!(what, "an actor could not be read");
                }
            }
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.room.close();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::types::{ActorType, FieldValues};

    fn actor(bytes: usize) -> Actor {
        Actor {
            kind: ActorType::Customer,
            key: "C1".into(),
            last_modified: "1".into(),
            fields: FieldValues::from([("NOTE".into(), "x".repeat(bytes))]),
            parent: None,
        }
    }

    #[tokio::test]
    async fn there_is_room_for_so_many_bytes_until_they_are_let_go_of() {
        let (each, mut taken) = channel(100_000);
        let giving = tokio::spawn(async move {
            for _ in 0..10 {
                each.send(actor(30_000)).await.unwrap();
                assert!(each.held() <= 100_000);
            }
        });
        let mut held = Vec::new();
        while held.len() < 3 {
            taken.recv_many(&mut held, 9).await;
        }
        tokio::task::yield_now().await;
        assert!(taken.from.is_empty() && !giving.is_finished(), "the fourth has to wait");
        let mut count = 3;
        held.clear();
        while taken.recv_many(&mut held, 9).await > 0 {
            count += held.len();
            held.clear();
        }
        assert_eq!(count, 10);
        giving.await.unwrap();
    }

    #[tokio::test]
    async fn one_that_is_larger_than_the_room_passes_alone() {
        let (each, mut taken) = channel(1_000);
        let giving = tokio::spawn(async move { each.send(actor(5_000)).await });
        assert_eq!(taken.recv().await, Some(actor(5_000)));
        giving.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn who_waits_for_room_learns_that_nobody_listens() {
        let (each, taken) = channel(1_000);
        each.send(actor(900)).await.unwrap();
        let giving = tokio::spawn(async move { each.send(actor(900)).await });
        tokio::task::yield_now().await;
        drop(taken);
        assert!(matches!(giving.await.unwrap(), Err(Failure::BrokenOff { .. })));
    }
}
