//! What the answers of the operations hold.

use super::data::{ActorMembers, read_dictionary, read_field, read_strings};
use super::envelope::{Member, Payload};
use super::xml::{At, Xml, not_understood};
use crate::connector::failure::Failure;
use crate::connector::handover::{Given, Giver, Unreadable};
use crate::connector::types::{Actor, ActorType, FieldInfo, Found, ListItem};

/// Nothing but the status.
pub struct Nothing;

impl Payload for Nothing {
    type Value = ();

    fn member(&mut self, _: &mut Xml) -> Result<Member, Failure> {
        Ok(Member::NotMine)
    }

    fn finish(self) -> Result<(), Failure> {
        Ok(())
    }
}

/// `Items`: texts.
#[derive(Default)]
pub struct Strings(Vec<String>);

impl Payload for Strings {
    type Value = Vec<String>;

    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure> {
        if xml.name() != "Items" {
            return Ok(Member::NotMine);
        }
        self.0 = read_strings(xml).at("Items")?;
        Ok(Member::Read)
    }

    fn finish(self) -> Result<Vec<String>, Failure> {
        Ok(self.0)
    }
}

/// `FieldMetaDataObjects`, in rank order; connectors that rank everything alike mean their own order.
#[derive(Default)]
pub struct Fields(Vec<FieldInfo>);

impl Payload for Fields {
    type Value = Vec<FieldInfo>;

    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure> {
        if xml.name() != "FieldMetaDataObjects" {
            return Ok(Member::NotMine);
        }
        while let Some(tag) = xml.child()? {
            if !tag.is_data || tag.is_nil || xml.name() != "FieldMetadataInfoWS" {
                xml.skip()?;
                continue;
            }
            let place = self.0.len() + 1;
            self.0.push(read_field(xml).at(format_args!("field {place}"))?);
        }
        Ok(Member::Read)
    }

    fn finish(mut self) -> Result<Vec<FieldInfo>, Failure> {
        self.0.sort_by_key(|field| field.rank);
        Ok(self.0)
    }
}

/// `ListItems`: a dictionary of key and text.
#[derive(Default)]
pub struct Items(Vec<ListItem>);

impl Payload for Items {
    type Value = Vec<ListItem>;

    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure> {
        if xml.name() != "ListItems" {
            return Ok(Member::NotMine);
        }
        let items = &mut self.0;
        read_dictionary(xml, |key, text| {
            let key = key.ok_or_else(|| not_understood("Key: missing"))?;
            items.push(ListItem { key, text });
            Ok(())
        })
        .at("ListItems")?;
        Ok(Member::Read)
    }

    fn finish(self) -> Result<Vec<ListItem>, Failure> {
        Ok(self.0)
    }
}

/// `Actor`: the one that was made.
pub struct OneActor {
    asked: ActorType,
    actor: Option<Actor>,
}

impl OneActor {
    pub fn new(asked: ActorType) -> Self {
        Self { asked, actor: None }
    }
}

impl Payload for OneActor {
    type Value = Actor;

    /// A refusal comes with an actor that is null, or empty.
    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure> {
        if xml.name() != "Actor" {
            return Ok(Member::NotMine);
        }
        self.actor = ActorMembers::read(xml).at("Actor")?.existing(self.asked).ok();
        Ok(Member::Read)
    }

    fn finish(self) -> Result<Actor, Failure> {
        self.actor.ok_or_else(|| not_understood("Actor: missing, or without ErpKey"))
    }
}

/// `Actors`, one by one.
pub struct Actors<T> {
    asked: ActorType,
    taker: T,
    count: u64,
}

/// Who takes the actors of an answer.
pub trait Taker: Send + 'static {
    type Value: Send + 'static;

    /// Whether it wants more.
    fn take(&mut self, given: Given) -> Result<bool, Failure>;

    fn finish(self) -> Result<Self::Value, Failure>;
}

impl<T: Taker> Actors<T> {
    pub fn new(asked: ActorType, taker: T) -> Self {
        Self { asked, taker, count: 0 }
    }
}

impl<T: Taker> Payload for Actors<T> {
    type Value = T::Value;

    fn member(&mut self, xml: &mut Xml) -> Result<Member, Failure> {
        if xml.name() != "Actors" {
            return Ok(Member::NotMine);
        }
        xml.begin_unit();
        while let Some(tag) = xml.child()? {
            // Some connectors send null in place of an actor they cannot show.
            if !tag.is_data || tag.is_nil || xml.name() != "ErpActorWS" {
                xml.skip()?;
                continue;
            }
            self.count += 1;
            let place = format!("actor {}", self.count);
            let actor = ActorMembers::read(xml).at(&place)?.of_answer(self.asked);
            let given = actor.map_or_else(|bad| Given::Unreadable(bad.at(&place)), Given::Actor);
            if !self.taker.take(given)? {
                return Ok(Member::Enough);
            }
            xml.begin_unit();
        }
        Ok(Member::Read)
    }

    fn finish(self) -> Result<T::Value, Failure> {
        self.taker.finish()
    }
}

/// Keeps them all. One that cannot be read hides no other: it is as good as left out, unless there is nothing
/// else in the answer.
#[derive(Default)]
pub struct All {
    actors: Vec<Actor>,
    unreadable: Option<Unreadable>,
}

impl Taker for All {
    type Value = Vec<Actor>;

    fn take(&mut self, given: Given) -> Result<bool, Failure> {
        match given {
            Given::Actor(actor) => self.actors.push(actor),
            Given::Unreadable(unreadable) => note(&mut self.unreadable, unreadable),
        }
        Ok(true)
    }

    fn finish(self) -> Result<Vec<Actor>, Failure> {
        refuse_if_alone(self.actors.is_empty(), self.unreadable)?;
        Ok(self.actors)
    }
}

fn note(slot: &mut Option<Unreadable>, unreadable: Unreadable) {
    tracing::warn!(what = unreadable.what, "an actor could not be read");
    slot.get_or_insert(unreadable);
}

fn refuse_if_alone(is_alone: bool, unreadable: Option<Unreadable>) -> Result<(), Failure> {
    match unreadable {
        Some(unreadable) if is_alone => Err(not_understood(unreadable.what)),
        _ => Ok(()),
    }
}

/// Keeps as many as asked for, and finds out whether there are more.
pub struct UpTo {
    limit: usize,
    found: Found,
    unreadable: Option<Unreadable>,
}

impl UpTo {
    pub fn new(limit: usize) -> Self {
        Self { limit, found: Found::default(), unreadable: None }
    }
}

impl Taker for UpTo {
    type Value = Found;

    fn take(&mut self, given: Given) -> Result<bool, Failure> {
        let actor = match given {
            Given::Actor(actor) => actor,
            Given::Unreadable(unreadable) => {
                note(&mut self.unreadable, unreadable);
                return Ok(true);
            }
        };
        self.found.more = self.found.actors.len() == self.limit;
        if !self.found.more {
            self.found.actors.push(actor);
        }
        Ok(!self.found.more)
    }

    fn finish(self) -> Result<Found, Failure> {
        refuse_if_alone(self.found.actors.is_empty(), self.unreadable)?;
        Ok(self.found)
    }
}

/// Hands each over as soon as it is read.
pub struct HandOver(pub Giver);

impl Taker for HandOver {
    type Value = ();

    fn take(&mut self, given: Given) -> Result<bool, Failure> {
        self.0.give_blocking(given).map(|()| true)
    }

    fn finish(self) -> Result<(), Failure> {
        Ok(())
    }
}
