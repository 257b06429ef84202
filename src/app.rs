//! Puts the portal together: store, connectors, web, engine.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as WebApp, HttpServer};

use crate::clock::Clock;
use crate::config::Config;
use crate::connector::Connector;
use crate::connector::policy::AddressPolicy;
use crate::connector::registry::Registry;
use crate::licence::{TrustedKeys, Verifier};
use crate::store::{self, Store};
use crate::users::hasher::Hasher;
use crate::web::{self, Portal, WebSettings, guard, headers, session};

/// Connectors built into this program, by the name in `plugin://name`.
pub type Plugins = BTreeMap<String, Arc<dyn Connector>>;

/// A portal that is ready to serve.
pub struct App {
    pub portal: Portal,
}

/// Opens the database and everything else the portal stands on.
pub async fn open(
    config: &Config,
    clock: Clock,
    trusted: TrustedKeys,
    plugins: Plugins,
) -> anyhow::Result<App> {
    let settings = store::Settings {
        database: config.database.clone(),
        key_file: config.key_file.clone(),
        head_file: config.history_head.clone(),
    };
    let policy = AddressPolicy {
        listed: config
            .connectors
            .allowed
            .iter()
            .map(|line| line.parse())
            .collect::<Result<_, _>>()?,
        strict: config.connectors.strict,
        own_listeners: vec![config.listen],
    };
    let portal = Portal {
        store: Store::open(&settings, clock).await?,
        registry: Registry::new(policy, plugins),
        hasher: Hasher::new()?,
        licences: Arc::new(Verifier::new(trusted)),
        settings: WebSettings {
            is_behind_tls: config.is_behind_tls(),
            trusted_proxies: config.proxies()?,
            static_folder: config.static_folder.clone(),
        },
    };
    Ok(App { portal })
}

impl App {
    /// The web server on a socket that listens already. It stops gracefully on SIGTERM and SIGINT.
    pub fn server(&self, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
        let portal = self.portal.clone();
        let server = HttpServer::new(move || {
            WebApp::new()
                .configure(|config| web::configure(config, &portal))
                .wrap(from_fn(guard::guard))
                .wrap(session::middleware(&portal.store))
                .wrap(Compress::default())
                .wrap(headers::all(portal.settings.is_behind_tls))
        });
        let server = server
            .workers(workers)
            .shutdown_timeout(10)
            .client_request_timeout(Duration::from_secs(10))
            .listen(listener)?;
        Ok(server.run())
    }
}
