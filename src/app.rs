//! Puts the portal together: store, connectors, web, engine.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as WebApp, HttpServer};
use anyhow::Context as _;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::clock::Clock;
use crate::config::Config;
use crate::connector::Connector;
use crate::connector::policy::AddressPolicy;
use crate::connector::registry::Registry;
use crate::licence::{TrustedKeys, Verifier};
use crate::practice::{self, Practice};
use crate::store::{self, Store, jobs, sent_forms, sessions};
use crate::sync::Engine;
use crate::sync::failpoint::Failpoints;
use crate::users::hasher::Hasher;
use crate::web::{self, Portal, WebSettings, guard, headers, session};

/// Connectors built into this program, by the name in `plugin://name`.
pub type Plugins = BTreeMap<String, Arc<dyn Connector>>;

/// The connectors that the configuration asks for. A new one is added here: its section of the file, its name.
pub async fn plugins(config: &Config, clock: &Clock) -> anyhow::Result<Plugins> {
    let mut plugins = Plugins::new();
    if let Some(erp) = &config.practice_erp {
        let practice = Practice::open(&erp.file, clock.clone())
            .await
            .with_context(|| format!("practice_erp: {}", erp.file.display()))?;
        plugins.insert(practice::CONNECTOR_NAME.to_owned(), practice.connector());
    }
    Ok(plugins)
}

/// In which language a list item's text stands for it in a text field of the other side.
const LIST_LANGUAGE: &str = "en";

/// A portal that is ready to serve.
pub struct App {
    pub portal: Portal,
}

/// Opens the database alone.
pub async fn open_store(config: &Config, clock: Clock) -> anyhow::Result<Store> {
    let settings = store::Settings {
        database: config.database.clone(),
        key_file: config.key_file.clone(),
        head_file: config.history_head.clone(),
    };
    Ok(Store::open(&settings, clock).await?)
}

/// Opens the database and everything else the portal stands on.
pub async fn open(
    config: &Config,
    clock: Clock,
    trusted: TrustedKeys,
    plugins: Plugins,
) -> anyhow::Result<App> {
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
    let store = open_store(config, clock).await?;
    let registry = Registry::new(policy, plugins);
    let failpoints = Failpoints::from_environment().map_err(anyhow::Error::msg)?;
    let engine = Engine::start(store.clone(), registry.clone(), failpoints, LIST_LANGUAGE).await?;
    let portal = Portal {
        store,
        registry,
        engine,
        hasher: Hasher::new()?,
        licences: Arc::new(Verifier::new(trusted)),
        refusals: Arc::default(),
        settings: WebSettings {
            is_behind_tls: config.is_behind_tls(),
            public_origin: config.public_origin()?,
            trusted_proxies: config.proxies()?,
            static_folder: config.static_folder.clone(),
        },
    };
    Ok(App { portal })
}

impl App {
    /// The web server on a socket that listens already. It stops gracefully on SIGTERM and SIGINT.
    pub fn server(&self, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
        tokio::spawn(keep_house(self.portal.store.clone()));
        let portal = self.portal.clone();
        let server = HttpServer::new(move || {
            WebApp::new()
                .configure(|config| web::configure(config, &portal))
                .wrap(from_fn(guard::guard))
                .wrap(session::middleware(&portal.store))
                .wrap(from_fn(guard::around_sessions))
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

    /// Serves and synchronises until the process is told to stop; the engine then ends what it is at.
    pub async fn run(&self, listener: TcpListener) -> anyhow::Result<()> {
        let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let (stop, stopped) = watch::channel(false);
        let engine = self.portal.engine.clone();
        let working = tokio::spawn(async move { engine.work(stopped).await });
        self.server(listener, workers)?.await?;
        stop.send_replace(true);
        working.await?;
        Ok(())
    }
}

/// Forgets what has run out, as long as the program runs: sessions every minute, the answers of forms and
/// runs that were over long ago every hour.
async fn keep_house(store: Store) {
    let mut minutes = tokio::time::interval(Duration::from_secs(60));
    minutes.set_missed_tick_behavior(MissedTickBehavior::Delay);
    for minute in 0_u64.. {
        minutes.tick().await;
        let mut forgotten = sessions::purge_sessions(&store).await;
        if minute % 60 == 0 && forgotten.is_ok() {
            forgotten = sent_forms::purge_sent_forms(&store).await;
        }
        if minute % 60 == 0 && forgotten.is_ok() {
            forgotten = jobs::purge(&store).await;
        }
        if let Err(error) = forgotten {
            tracing::warn!("what has run out could not be forgotten: {error}");
        }
    }
}
