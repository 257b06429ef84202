//! What a wanted state is held against: who and what there is at this moment.

use std::collections::{BTreeMap, BTreeSet};

use crate::connections::Grantee;
use crate::connector::multilang;
use crate::crm::fields::List;
use crate::mapping::ActorMapping;

use super::state::{Grant, ItemRef};

/// Where a wanted state comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A version of the same thing: its ids are ours.
    Version,
    /// A file, perhaps of another installation: an id means something only together with its name.
    File,
}

/// The keys of the items in the ERP's lists, by list; of those that had to be known. `None`: the connector
/// did not say.
pub type ErpLists = BTreeMap<String, Option<BTreeSet<String>>>;

pub struct World {
    pub source: Source,
    /// The mappings of the connection itself, as they are.
    pub mappings: Vec<ActorMapping>,
    /// Those of all other connections; see [`crate::mapping::matrix::mapped_elsewhere`].
    pub elsewhere: Vec<ActorMapping>,
    /// All users and groups, by name.
    pub people: Vec<(Grantee, String)>,
    /// The items of all lists that may be chosen.
    pub items: Vec<KnownItem>,
    pub erp_lists: ErpLists,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownItem {
    pub id: i64,
    pub list: List,
    /// Multi-language text.
    pub text: String,
}

impl World {
    /// The items of one list, to be found by id or text.
    pub fn index(&self, list: List) -> Index {
        let mut index =
            Index { source: self.source, by_id: BTreeMap::new(), by_text: BTreeMap::new() };
        for item in self.items.iter().filter(|item| item.list == list) {
            let texts = multilang::comparable(&item.text);
            for text in &texts {
                index.by_text.entry(text.clone()).or_default().insert(item.id);
            }
            index.by_id.insert(item.id, texts);
        }
        index
    }

    /// The user or group that is meant. A name that several bear means nobody.
    pub fn grantee(&self, wanted: &Grant) -> Option<Grantee> {
        let who = wanted.who();
        let known = self.people.iter().find(|(other, _)| *other == who);
        let alike: Vec<Grantee> = self
            .people
            .iter()
            .filter(|(other, name)| is_alike(*other, who) && *name == wanted.name.0)
            .map(|(other, _)| *other)
            .collect();
        match self.source {
            Source::Version => known.map(|(who, _)| *who),
            Source::File if alike.contains(&who) => Some(who),
            Source::File if alike.len() == 1 => alike.first().copied(),
            Source::File => None,
        }
    }
}

fn is_alike(one: Grantee, other: Grantee) -> bool {
    matches!(
        (one, other),
        (Grantee::User(_), Grantee::User(_)) | (Grantee::Group(_), Grantee::Group(_))
    )
}

/// The items of one list. With the texts that they have in any language.
pub struct Index {
    source: Source,
    by_id: BTreeMap<i64, BTreeSet<String>>,
    by_text: BTreeMap<String, BTreeSet<i64>>,
}

impl Index {
    /// The item that is meant. A text that several bear means none of them.
    pub fn find(&self, wanted: &ItemRef) -> Option<i64> {
        let same_id = self.by_id.get(&wanted.id);
        if self.source == Source::Version {
            return same_id.map(|_| wanted.id);
        }
        let texts = multilang::comparable(&wanted.text.0);
        if same_id.is_some_and(|known| !known.is_disjoint(&texts)) {
            return Some(wanted.id);
        }
        let alike: BTreeSet<i64> =
            texts.iter().filter_map(|text| self.by_text.get(text)).flatten().copied().collect();
        if alike.len() == 1 { alike.first().copied() } else { None }
    }
}
