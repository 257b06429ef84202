//! The configuration file, checked once at start. README documents every line of it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;

/// The file as it is written. Unknown lines are refused, so that a slip does not go unnoticed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the portal listens.
    pub listen: SocketAddr,
    /// `postgres://…`, or the path of an SQLite file.
    pub database: String,
    /// The key that seals secrets; made at the first start.
    pub key_file: PathBuf,
    /// The newest signed row of the history; best kept on another disk.
    pub history_head: PathBuf,
    /// The folder with style sheets, scripts and pictures.
    pub static_folder: PathBuf,
    /// The address people type, when a proxy speaks TLS for the portal.
    pub public_address: Option<String>,
    /// Whose `X-Forwarded-For` is believed: addresses or networks.
    pub trusted_proxies: Vec<String>,
    pub connectors: Connectors,
    /// The practice ERP as `plugin://Gleichlauf.Practice`, where it is wanted.
    pub practice_erp: Option<PracticeErp>,
}

/// Which connector addresses may be called beyond https on port 443 of global addresses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Connectors {
    /// `host:port`, `address:port` or `network/bits:port`.
    pub allowed: Vec<String>,
    /// Nothing but what is listed.
    pub strict: bool,
}

/// The practice ERP inside the portal's own process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PracticeErp {
    /// Its SQLite file; made and filled when missing.
    pub file: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: "gleichlauf.db".to_owned(),
            key_file: PathBuf::from("gleichlauf.key"),
            history_head: PathBuf::from("history.head"),
            static_folder: PathBuf::from("static"),
            public_address: None,
            trusted_proxies: Vec::new(),
            connectors: Connectors::default(),
            practice_erp: None,
        }
    }
}

/// Why a configuration cannot be used. Names the line to mend.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {0} cannot be read: {1}")]
    Unreadable(String, std::io::Error),
    #[error("the configuration file {0}: {1}")]
    Malformed(String, toml::de::Error),
    #[error("public_address: \"{0}\" is no address such as https://portal.example")]
    PublicAddress(String),
    #[error("trusted_proxies: \"{0}\" is no address and no network")]
    Proxy(String),
    #[error(
        "listen = \"{0}\" is reachable from outside over plain http. Put a proxy with TLS in front and set \
         public_address = \"https://…\" and trusted_proxies, or listen on 127.0.0.1"
    )]
    Open(SocketAddr),
    #[error("static_folder: {0} is no folder")]
    NoStatic(String),
}

impl Config {
    /// Reads and checks the file. Relative paths count from the file's own folder.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        Self::from_file_with(path, |_| ())
    }

    /// The same, with some lines set by the caller.
    pub fn from_file_with(
        path: &Path,
        change: impl FnOnce(&mut Self),
    ) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text =
            std::fs::read_to_string(path).map_err(|e| ConfigError::Unreadable(name.clone(), e))?;
        let mut config: Self =
            toml::from_str(&text).map_err(|e| ConfigError::Malformed(name, e))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let practice = config.practice_erp.as_mut().map(|erp| &mut erp.file);
        let files = [&mut config.key_file, &mut config.history_head].into_iter().chain(practice);
        for relative in files {
            *relative = folder.join(&*relative);
        }
        if !config.is_postgres() {
            config.database = folder.join(&config.database).display().to_string();
        }
        // The repository's own folder serves a portal started from there.
        let beside = folder.join(&config.static_folder);
        if beside.is_dir() {
            config.static_folder = beside;
        }
        change(&mut config);
        config.check()?;
        Ok(config)
    }

    /// Finds what would be unsafe or cannot work.
    pub fn check(&self) -> Result<(), ConfigError> {
        let is_proxied = self.is_behind_tls() && !self.trusted_proxies.is_empty();
        if !self.listen.ip().is_loopback() && !is_proxied {
            return Err(ConfigError::Open(self.listen));
        }
        if !self.static_folder.is_dir() {
            return Err(ConfigError::NoStatic(self.static_folder.display().to_string()));
        }
        self.public_origin()?;
        self.proxies().map(|_| ())
    }

    pub fn is_behind_tls(&self) -> bool {
        self.public_address.as_deref().is_some_and(|address| address.starts_with("https://"))
    }

    /// Scheme, host and port people type, as browsers send it along with forms.
    pub fn public_origin(&self) -> Result<Option<String>, ConfigError> {
        let Some(address) = &self.public_address else { return Ok(None) };
        let url = url::Url::parse(address).ok().filter(|url| url.has_host());
        let url = url.ok_or_else(|| ConfigError::PublicAddress(address.clone()))?;
        Ok(Some(url.origin().ascii_serialization()))
    }

    /// The proxies as networks.
    pub fn proxies(&self) -> Result<Vec<IpNet>, ConfigError> {
        let parse = |text: &String| {
            text.parse::<IpNet>()
                .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
                .map_err(|_| ConfigError::Proxy(text.clone()))
        };
        self.trusted_proxies.iter().map(parse).collect()
    }

    fn is_postgres(&self) -> bool {
        self.database.starts_with("postgres://") || self.database.starts_with("postgresql://")
    }
}
