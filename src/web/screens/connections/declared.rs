//! What a connector asks to be told about a connection, with the lists to choose from.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};

use crate::connector::client::ErpClient;
use crate::connector::failure::Failure;
use crate::connector::types::{FieldInfo, FieldType, ListItem, Settings};
use crate::i18n::Texts;
use crate::mapping::display;

#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Declared {
    /// In rank order, no key twice.
    pub fields: Vec<FieldInfo>,
    /// Items by list; a list the connector would not give is missing.
    pub lists: BTreeMap<String, Vec<ListItem>>,
    /// What the defaults came to when the connector was asked, encoded, by field key.
    #[serde(default)]
    pub defaults: BTreeMap<String, String>,
}

impl Declared {
    /// Fields as they were declared once, without asking anybody.
    pub fn remembered(fields: &[FieldInfo]) -> Self {
        Self { fields: fields.to_vec(), ..Self::default() }
    }

    /// Asks the connector. A list it does not have costs only that list.
    pub async fn ask(client: &ErpClient) -> Result<Self, Failure> {
        let mut seen = BTreeSet::new();
        let fields = client.connector().config_fields().await?.value;
        let mut fields: Vec<_> = fields.into_iter().map(FieldInfo::without_secret).collect();
        fields.retain(|field| field.kind == FieldType::Label || seen.insert(field.key.clone()));
        let names: BTreeSet<&String> =
            fields.iter().filter(|field| field.kind == FieldType::List).map(|f| &f.list).collect();
        let asked = names.into_iter().map(|name| async move {
            match client.list(name).await {
                Ok(reply) => Some((name.clone(), reply.value)),
                Err(failure) => {
                    tracing::warn!("the list {name} of a configuration field: {failure}");
                    None
                }
            }
        });
        let lists = join_all(asked).await.into_iter().flatten().collect();
        Ok(Self { fields, lists, defaults: BTreeMap::new() })
    }

    /// Those that have a value.
    pub fn inputs(&self) -> impl Iterator<Item = &FieldInfo> {
        self.fields.iter().filter(|field| field.kind != FieldType::Label)
    }

    /// What is stored for a field; what is not stored yet is its default. A secret is no value of a field that
    /// is no password any more.
    pub fn value<'a>(&'a self, field: &FieldInfo, stored: &'a Settings) -> &'a str {
        let default = || self.defaults.get(&field.key).map(String::as_str);
        let is_secret = stored.secrets().any(|(key, _)| key == field.key);
        let fits = is_secret == (field.kind == FieldType::Password);
        let stored = stored.get(&field.key).filter(|_| fits);
        stored.or_else(default).unwrap_or_default()
    }

    /// A value as people read it.
    pub fn display(&self, field: &FieldInfo, raw: &str, texts: Texts) -> String {
        let items = self.lists.get(&field.list).into_iter().flatten();
        let items = items.map(|item| (item.key.clone(), item.text.clone())).collect();
        display::display(field, raw, &items, texts)
    }
}
