//! Log-ins of the clients, and the configuration of each connection. Passwords are kept only as hashes.

use sqlx::{Row as _, SqliteConnection};
use subtle::ConstantTimeEq;

use super::{PracticeError, Result};
use crate::connector::types::ConnectionGuid;
use crate::practice::Practice;
use crate::practice::login;
use crate::practice::settings::{Configuration, Options};

/// What a connection may do, once its log-in was found to hold still.
#[derive(Clone, Debug)]
pub struct Session {
    pub client: String,
    pub user: String,
    pub options: Options,
}

/// How a stored connection stands.
#[derive(Debug)]
pub enum Standing {
    Good(Session),
    /// The client's log-in is another one by now.
    LoginRefused,
    Unknown,
}

impl Practice {
    /// Whether the client takes this log-in.
    pub async fn takes_login(&self, configuration: &Configuration) -> Result<bool> {
        Ok(self.login_hash(configuration).await?.is_some())
    }

    /// Keeps a connection's configuration, if the client takes its log-in; tells whether it does.
    pub async fn save_connection(
        &self,
        id: &ConnectionGuid,
        configuration: &Configuration,
    ) -> Result<bool> {
        const SQL: &str = "INSERT INTO connection (id, client, user_name, password_hash, max_hits,
                factor, only_since, is_read_only) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO UPDATE SET client = excluded.client,
                user_name = excluded.user_name, password_hash = excluded.password_hash,
                max_hits = excluded.max_hits, factor = excluded.factor,
                only_since = excluded.only_since, is_read_only = excluded.is_read_only";
        let Some(hash) = self.login_hash(configuration).await? else { return Ok(false) };
        let options = &configuration.options;
        sqlx::query(SQL)
            .bind(id.as_str())
            .bind(&configuration.client)
            .bind(&configuration.user)
            .bind(hash)
            .bind(options.max_hits)
            .bind(options.factor.to_string())
            .bind(options.only_since)
            .bind(options.is_read_only)
            .execute(&self.write)
            .await?;
        Ok(true)
    }

    pub async fn forget_connection(&self, id: &ConnectionGuid) -> Result<()> {
        let query = sqlx::query("DELETE FROM connection WHERE id = $1").bind(id.as_str());
        query.execute(&self.write).await?;
        Ok(())
    }

    pub async fn find_connection(&self, id: &ConnectionGuid) -> Result<Standing> {
        const SQL: &str = "SELECT connection.client, connection.user_name, max_hits, factor,
                only_since, is_read_only, connection.password_hash, login.password_hash AS wanted,
                login.user_name AS wanted_user
            FROM connection JOIN login ON login.client = connection.client WHERE id = $1";
        let query = sqlx::query(SQL).bind(id.as_str());
        let Some(row) = query.fetch_optional(&self.read).await? else {
            return Ok(Standing::Unknown);
        };
        let (hash, wanted): (Vec<u8>, Vec<u8>) =
            (row.try_get("password_hash")?, row.try_get("wanted")?);
        let user: String = row.try_get("user_name")?;
        let wanted_user: String = row.try_get("wanted_user")?;
        if user != wanted_user || !bool::from(hash.ct_eq(&wanted)) {
            return Ok(Standing::LoginRefused);
        }
        let factor: String = row.try_get("factor")?;
        let options = Options {
            max_hits: row.try_get("max_hits")?,
            factor: factor.parse().map_err(|_| PracticeError::BadRow("factor".to_owned()))?,
            only_since: row.try_get("only_since")?,
            is_read_only: row.try_get("is_read_only")?,
        };
        Ok(Standing::Good(Session { client: row.try_get("client")?, user, options }))
    }

    /// The hash of the password, if client, user and password belong together.
    async fn login_hash(&self, configuration: &Configuration) -> Result<Option<Vec<u8>>> {
        const SQL: &str = "SELECT user_name, salt, password_hash FROM login WHERE client = $1";
        let query = sqlx::query(SQL).bind(&configuration.client);
        let Some(row) = query.fetch_optional(&self.read).await? else { return Ok(None) };
        let user: String = row.try_get("user_name")?;
        let wanted: Vec<u8> = row.try_get("password_hash")?;
        let hash = login::hash(configuration.password.clone(), row.try_get("salt")?).await?;
        let is_right = user == configuration.user && bool::from(hash.ct_eq(&wanted));
        Ok(is_right.then_some(hash))
    }
}

/// A client's log-in, made when the file is made.
pub(in crate::practice) async fn insert_login(
    connection: &mut SqliteConnection,
    client: &str,
    user: &str,
    salt: &[u8],
    password_hash: &[u8],
) -> Result<()> {
    const SQL: &str =
        "INSERT INTO login (client, user_name, salt, password_hash) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(SQL).bind(client).bind(user).bind(salt).bind(password_hash);
    query.execute(connection).await?;
    Ok(())
}
