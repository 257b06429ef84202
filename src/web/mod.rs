//! All HTTP: the route table, the guard that enforces it, pages, forms, and one folder per screen.

pub mod agents;
pub mod assets;
pub mod back;
pub mod captions;
pub mod conflict;
pub mod device;
pub mod erp;
pub mod error;
pub mod failure;
pub mod form;
pub mod found;
pub mod gates;
pub mod guard;
pub mod headers;
pub mod health;
pub mod history_filter;
pub mod history_places;
pub mod history_values;
pub mod history_words;
pub mod inputs;
pub mod intervals;
pub mod kept_form;
pub mod menu;
pub mod names;
pub mod new_password;
pub mod next_run;
pub mod offer;
pub mod offer_words;
pub mod once;
pub mod order;
pub mod page;
pub mod questions;
pub mod reading;
pub mod reconfigure;
pub mod records;
pub mod refusals;
pub mod routes;
pub mod scope;
pub mod screens;
pub mod session;
pub mod values;
pub mod version_words;
pub mod versioned;
pub mod visit;

use std::sync::Arc;

use actix_web::web::{self, PathConfig, QueryConfig, ServiceConfig};

use crate::clock::Clock;
use crate::connector::registry::Registry;
use crate::licence::{Status, Verifier};
use crate::store::error::StoreError;
use crate::store::{Store, licence};
use crate::sync::Engine;
use crate::users::hasher::Hasher;
use error::WebError;
use ipnet::IpNet;
use refusals::Refusals;

/// What every handler can reach.
#[derive(Clone)]
pub struct Portal {
    pub store: Store,
    pub registry: Registry,
    pub engine: Engine,
    pub hasher: Hasher,
    pub licences: Arc<Verifier>,
    pub refusals: Arc<Refusals>,
    pub settings: WebSettings,
}

/// Settings of the HTTP side.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Visitors come over TLS (through a proxy), so HSTS may be sent.
    pub is_behind_tls: bool,
    /// `https://host`, where the portal is seen from outside when it is not by its own host.
    pub public_origin: Option<String>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The folder with style sheets, scripts and pictures.
    pub static_folder: std::path::PathBuf,
}

impl Portal {
    pub fn clock(&self) -> &Clock {
        self.store.clock()
    }

    /// How the portal stands with its licence at this moment.
    pub async fn licence_status(&self) -> Result<Status, StoreError> {
        let installed = licence::find_licence(&self.store).await?;
        let file = installed.as_ref().map(|installed| installed.file.as_str());
        Ok(self.licences.status(file, self.clock().now()))
    }
}

/// Registers every route, and the answer for what is no route.
pub fn configure(config: &mut ServiceConfig, portal: &Portal) {
    config.app_data(web::Data::new(portal.clone()));
    config.app_data(PathConfig::default().error_handler(|_, _| WebError::NotFound.into()));
    config.app_data(QueryConfig::default().error_handler(|_, _| WebError::BadQuery.into()));
    config.service(assets::service(&portal.settings.static_folder));
    routes::register(config);
    config.default_service(web::route().to(error::not_found));
}
