//! The demo: portal, practice ERP and sample data in one process, with three log-ins.

pub mod crm;
mod people;

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use actix_web::{App as WebApp, HttpServer};
use anyhow::Context as _;

use crate::app::{self, App, Plugins};
use crate::clock::Clock;
use crate::config::Config;
use crate::history::Actor;
use crate::host::{self, Host};
use crate::licence::TrustedKeys;
use crate::practice::{self, CONNECTOR_NAME, Practice};
use crate::store::{connectors, users};

/// The practice ERP's name in the list of Sync Connectors.
const CONNECTOR_TITLE: &str = "Practice ERP";

/// Runs the demo until it is stopped.
pub async fn run(listen: SocketAddr, folder: Option<PathBuf>, fresh: bool) -> anyhow::Result<()> {
    let folder = folder.map_or_else(default_folder, Ok)?;
    if fresh && folder.join("gleichlauf.toml").exists() {
        fs::remove_dir_all(&folder).with_context(|| folder.display().to_string())?;
    }
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
    let [portal, connector, page] = three_ports(listen)?;
    let practice = Practice::open(&folder.join("practice-erp.db"), Clock::machine()).await?;
    let host = Host::new(vec![(CONNECTOR_NAME.to_owned(), practice.connector())]);
    let plugins = Plugins::from([(CONNECTOR_NAME.to_owned(), practice.connector())]);
    let connector_address = format!("http://{}{}", connector.local_addr()?, host::PATH);
    let page_address = page.local_addr()?;
    tokio::spawn(host::serve(connector, host)?);
    let assets = static_folder().join("practice");
    let server = HttpServer::new(move || {
        WebApp::new().configure(|config| practice::web::configure(config, &practice, &assets))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(page)?.run());

    let app = open_portal(&folder, portal.local_addr()?, &connector_address, plugins).await?;
    println!("Gleichlauf       http://{}", portal.local_addr()?);
    println!("Practice ERP     http://{page_address}   (its own users' page)");
    println!(
        "Its connector    {connector_address}   (or plugin://{CONNECTOR_NAME}, without the wire)"
    );
    println!();
    println!("Log in as        password");
    for person in people::ALL {
        println!("  {:14} {:20} {}", person.login, person.password, person.what);
    }
    println!();
    println!(
        "ERP connection to try: client 01, user sync, password practice (client 02: sync2, practice2)"
    );
    println!("Files: {}", folder.display());
    app.run(portal).await
}

async fn open_portal(
    folder: &Path,
    listen: SocketAddr,
    connector: &str,
    plugins: Plugins,
) -> anyhow::Result<App> {
    let file = folder.join("gleichlauf.toml");
    if !file.exists() {
        fs::write(&file, CONFIG)?;
    }
    let config = Config::from_file_with(&file, |config| {
        config.listen = listen;
        config.static_folder = static_folder();
        config.connectors.allowed.push(own_port(connector));
    })?;
    let keys = people::licence_keys(folder)?;
    let trusted = TrustedKeys::only(&keys.public)?.with_demo();
    let app = app::open(&config, Clock::machine(), trusted, plugins).await?;
    let store = &app.portal.store;
    if users::is_empty(store).await? {
        crm::fill(store).await?;
        people::fill(store, &app.portal.hasher, &keys.private_pem).await?;
    }
    register_connector(&app, connector).await?;
    Ok(app)
}

/// The practice ERP's connector stands ready; its port may differ from one start to the next.
async fn register_connector(app: &App, address: &str) -> anyhow::Result<()> {
    let store = &app.portal.store;
    let known = connectors::list_with_deleted(store).await?;
    let mut tx = store.begin().await?;
    match known.iter().find(|known| known.name == CONNECTOR_TITLE) {
        None => {
            connectors::insert(&mut tx, &Actor::system(), CONNECTOR_TITLE, address).await?;
        }
        Some(known) if known.address != address => {
            connectors::update(
                &mut tx,
                &Actor::system(),
                (known.id, known.version),
                &known.name,
                address,
            )
            .await?;
        }
        Some(_) => return Ok(()),
    }
    Ok(tx.commit().await?)
}

/// The demo lists its own connector and the two addresses a .NET connector is tried at.
const CONFIG: &str = "\
# The demo's configuration. Connectors on this machine or in private networks must be listed here.
[connectors]
allowed = [\"127.0.0.1:18100\", \"127.0.0.1:18200\"]
";

fn own_port(address: &str) -> String {
    address.trim_start_matches("http://").split('/').next().unwrap_or_default().to_owned()
}

/// Three sockets: the wanted one and the two after it; any free ones when the wanted port is 0.
fn three_ports(listen: SocketAddr) -> anyhow::Result<[TcpListener; 3]> {
    let bind = |offset: u16| {
        let mut address = listen;
        if listen.port() != 0 {
            address.set_port(listen.port() + offset);
        }
        TcpListener::bind(address)
            .with_context(|| format!("cannot listen on {address}; choose another with --listen"))
    };
    Ok([bind(0)?, bind(1)?, bind(2)?])
}

fn default_folder() -> anyhow::Result<PathBuf> {
    let home = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share")))
        .context("no home folder; say where with --folder")?;
    Ok(home.join("gleichlauf-demo"))
}

/// `cargo run` names the repository; an installed portal has the folder beside it.
fn static_folder() -> PathBuf {
    let repository =
        std::env::var_os("CARGO_MANIFEST_DIR").map(|root| PathBuf::from(root).join("static"));
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("static")));
    [repository, beside]
        .into_iter()
        .flatten()
        .find(|folder| folder.is_dir())
        .unwrap_or_else(|| PathBuf::from("static"))
}
