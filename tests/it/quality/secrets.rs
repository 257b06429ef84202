//! K1, K2, and the secrets of Z3: a connection's password is nowhere to be found but sealed, and a seal that
//! was moved or altered opens nothing.

use std::fs;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::host::{self, Host};

use super::crawl::crawl;
use super::stage::{SECRET, Stage, Who};
use crate::support::database::{Database, is_postgres};
use crate::support::fake_connector::FakeConnector;
use crate::support::filled::Filled;
use crate::support::people;
use crate::support::portal::{Browser, Page};

/// Unlike anything else, and spelled differently in every encoding.
const MARKED: &str = "Ma7ked-Ünïque<&>\"Łoś\" 4711";

/// The ways a text can be written down.
fn spellings(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let escaped = secret.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;");
    let named = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let form: String = url::form_urlencoded::byte_serialize(bytes).collect();
    let json = serde_json::to_string(secret).unwrap();
    let ascii: String = secret.chars().flat_map(char::escape_default).collect();
    let mut all = vec![
        ("raw", bytes.to_vec()),
        ("hex", hex.clone().into_bytes()),
        ("HEX", hex.to_uppercase().into_bytes()),
        ("URL-encoded", form.replace('+', "%20").into_bytes()),
        ("form-encoded", form.into_bytes()),
        ("in HTML", escaped.replace('"', "&#34;").into_bytes()),
        ("in XML", named.into_bytes()),
        ("in JSON", json.trim_matches('"').as_bytes().to_vec()),
        ("in Debug", ascii.into_bytes()),
        ("bytes in Debug", format!("{bytes:?}").trim_matches(['[', ']']).as_bytes().to_vec()),
        ("UTF-16LE", secret.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16BE", secret.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    // Base64 depends on where in the whole the text stands; the signs at its edges on its neighbours.
    for before in 0..3 {
        let whole = [&b"xx"[..before], bytes].concat();
        for (name, engine) in [("base64", STANDARD), ("base64 for URLs", URL_SAFE)] {
            let text = engine.encode(&whole);
            all.push((name, text.as_bytes()[4 * before.min(1)..text.len() - 4].to_vec()));
        }
    }
    all
}

/// How the secret stands in this, if it does.
fn seen(secret: &str, text: &[u8]) -> Option<&'static str> {
    let holds = |part: &[u8]| text.windows(part.len()).any(|window| window == part);
    spellings(secret).into_iter().find(|(_, part)| holds(part)).map(|(how, _)| how)
}

/// The proof of sight.
#[test]
fn every_spelling_would_be_seen() {
    for (how, part) in spellings(MARKED) {
        let text = [b"before ".as_slice(), &part, b" after"].concat();
        assert!(seen(MARKED, &text).is_some(), "{how}");
    }
    for neighbours in ["", "a", "ab", "abc"] {
        let text = STANDARD.encode(format!("{neighbours}{MARKED}{neighbours}"));
        assert!(seen(MARKED, text.as_bytes()).is_some(), "{neighbours}");
    }
    assert_eq!(seen(MARKED, b"Ma7ked-Unique and other words"), None);
}

/// The real program, logging all it can; ends with the test.
struct Program {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
    database: Database,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    async fn start(connector: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let files = folder.path().join("demo");
        fs::DirBuilder::new().mode(0o700).create(&files).unwrap();
        let database = Database::fresh();
        let line = match is_postgres() {
            true => format!("database = \"{}\"\n", database.settings.database),
            false => String::new(),
        };
        let config = format!("{line}[connectors]\nallowed = [\"{connector}\"]\n");
        fs::write(files.join("gleichlauf.toml"), config).unwrap();
        let (said, log) = (folder.path().join("said"), folder.path().join("log"));
        let child = Command::new(env!("CARGO_BIN_EXE_gleichlauf"))
            .args(["demo", "--listen", "127.0.0.1:0", "--folder"])
            .arg(&files)
            .env("RUST_LOG", "trace")
            .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
            .stdout(fs::File::create(&said).unwrap())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let address = listens(&said).await;
        Self { child, address, folder, database }
    }

    /// Everything it has written, by name.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => folders.push(path),
                    false => found.push((path.clone(), fs::read(&path).unwrap())),
                }
            }
        }
        if is_postgres() {
            let dump = Command::new("pg_dump").arg(&self.database.settings.database).output();
            found.push(("pg_dump".into(), dump.unwrap().stdout));
        }
        for name in ["environ", "cmdline"] {
            let path = PathBuf::from(format!("/proc/{}/{name}", self.child.id()));
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
        found
    }
}

async fn listens(said: &Path) -> String {
    for _ in 0..1_200 {
        let text = fs::read_to_string(said).unwrap();
        if let Some(line) = text.lines().find(|line| line.starts_with("Gleichlauf "))
            && text.contains("Files: ")
        {
            return line.split_whitespace().last().unwrap().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it does not listen: {}", fs::read_to_string(said).unwrap());
}

/// Stored, used, refused with an echo, resent after it was forgotten, exported: then looked for everywhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_stored_password_is_found_nowhere() {
    let fake = FakeConnector::new(2);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap().to_string();
    let served = Host::new(vec![("Fake".to_owned(), fake.clone() as Arc<dyn Connector>)]);
    tokio::spawn(host::serve(listener, served).unwrap());
    let program = Program::start(&place).await;
    let mut admin = Browser::at(&program.address);
    people::sign_in_as(&mut admin, "admin", "sunny-harbour-1").await;
    let mut pages = Vec::new();
    let address = format!("http://{place}{}", host::PATH);
    let id = define(&mut admin, &fake, &address, &mut pages).await;
    use_it(&mut admin, &fake, &id, &mut pages).await;
    let mut auditor = Browser::at(&program.address);
    people::sign_in_as(&mut auditor, "auditor", "sunny-harbour-3").await;
    let starts = ["/sync", "/history", "/history.csv", "/history.jsonl", "/sync-log", "/account"];
    let mut starts = starts.map(str::to_owned).to_vec();
    let ends = [
        "",
        "/edit",
        "/checks",
        "/mappings",
        "/defaults",
        "/activations",
        "/delete",
        "/versions",
        "/versions/1",
        "/versions/compare?a=1&b=now",
        "/versions/1/restorations",
        "/configuration.json",
        "/imports",
    ];
    starts.extend(ends.map(|end| format!("/connections/{id}{end}")));
    for browser in [&mut admin, &mut auditor] {
        pages.extend(crawl(browser, &starts).await.pages);
    }
    assert!(fake.received().iter().any(|sent| sent.contains(MARKED)), "it was never used");
    assert!(pages.len() > 60, "{}", pages.len());
    let mut leaks = Vec::new();
    for (address, page) in &pages {
        let headers = format!("{:?}", page.headers);
        for text in [page.text.as_bytes(), headers.as_bytes()] {
            leaks.extend(seen(MARKED, text).map(|how| format!("{address}: {how}")));
        }
    }
    let files = program.files();
    let log = files.iter().find(|(path, _)| path.ends_with("log")).unwrap();
    let log_text = String::from_utf8_lossy(&log.1);
    assert!(log_text.contains("TRACE") && log_text.len() > 50_000, "nothing is logged");
    for (path, text) in &files {
        leaks.extend(seen(MARKED, text).map(|how| format!("{}: {how}", path.display())));
    }
    assert!(leaks.is_empty(), "{leaks:#?}");
}

/// A connection with the marked password, through its form; gives its id.
async fn define(
    admin: &mut Browser,
    fake: &FakeConnector,
    address: &str,
    pages: &mut Vec<(String, Page)>,
) -> String {
    admin.get("/connectors/new").await;
    let added = admin.post("/connectors", &[("name", "Fake"), ("address", address)]).await;
    assert_eq!(added.status, 303, "{}", added.text);
    let new = admin.get("/connections/new").await;
    let options = new.all("select[name=connector] option");
    let at = options.iter().position(|text| text == "Fake").unwrap();
    let connector = new.attributes("select[name=connector] option", "value").remove(at);
    let page = admin.get(&format!("/connections/new?connector={connector}")).await;
    let filled = Filled::read(&page)
        .set("name", "Marked")
        .set("c-Server", "erp.example")
        .set("c-Password", MARKED)
        .set("c-Company", "01");
    let typed = filled.send(admin, "/connections", "fields").await;
    let tested = filled.send(admin, "/connections", "test").await;
    assert_eq!(tested.status, 200, "{}", tested.text);
    fake.fail("SaveConnection", echo());
    let refused = Filled::read(&tested).send(admin, "/connections", "save").await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let done = Filled::read(&refused).send(admin, "/connections", "save").await;
    assert_eq!(done.status, 303, "{}", done.text);
    let id = done.location.rsplit('=').next().unwrap().to_owned();
    let named = [("typed", typed), ("tested", tested), ("refused", refused)];
    pages.extend(named.map(|(name, page)| (name.to_owned(), page)));
    id
}

/// A connector that repeats the password in its refusal.
fn echo() -> Failure {
    Failure::refused(format!("login {MARKED} refused"), format!("at {MARKED}"))
}

/// Tests it, has it refused with an echo of the password, and lets the engine run after the connector has
/// forgotten it.
async fn use_it(
    admin: &mut Browser,
    fake: &FakeConnector,
    id: &str,
    pages: &mut Vec<(String, Page)>,
) {
    let place = format!("/connections/{id}");
    fake.fail("TestConnection", echo());
    admin.get("/sync").await;
    pages.push(("checked".to_owned(), admin.post(&format!("{place}/checks"), &[]).await));
    let version = admin.get(&format!("{place}/mappings")).await.value_of("version");
    let edit = [
        ("version", version.as_str()),
        ("is_active", "1"),
        ("crm:Name", "name"),
        ("to-erp:Name", "1"),
        ("to-crm:Name", "1"),
    ];
    let page = admin.post(&format!("{place}/mappings/Customer"), &edit).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let page = admin.post(&format!("{place}/activations"), &[]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    fake.forget();
    fake.calls();
    admin.get("/sync").await;
    for _ in 0..2 {
        let page = admin.post(&format!("{place}/syncs"), &[]).await;
        assert_eq!(page.status, 303, "{}", page.text);
        for _ in 0..200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let asked = fake.calls().into_iter().any(|(call, _)| call == "GetActorsByTimestamp");
            if asked {
                break;
            }
        }
        fake.fail("GetActorsByTimestamp", echo());
    }
    pages.push(("after the run".to_owned(), admin.get(&format!("/sync?connection={id}")).await));
}

/// Whatever page each of them sees: no password, hash, code, key or foreign session in it (Z3).
#[tokio::test(flavor = "multi_thread")]
async fn no_page_holds_a_secret() {
    let mut stage = Stage::set().await;
    let key = fs::read_to_string(&stage.portal.database.settings.key_file).unwrap();
    let sessions = stage.portal.database.ask("SELECT id_hash FROM session");
    for who in [Who::Ada, Who::Eva, Who::Ida, Who::Guest] {
        let mut starts = ["/companies", "/sync", "/history", "/history.csv", "/account", "/users"]
            .map(str::to_owned)
            .to_vec();
        for id in [stage.north, stage.south, stage.spare] {
            let ends = ["", "/edit", "/checks", "/versions", "/configuration.json"];
            starts.extend(ends.map(|end| format!("/connections/{id}{end}")));
        }
        let found = crawl(stage.browser(who), &starts).await;
        for (address, page) in &found.pages {
            assert_eq!(seen(SECRET, page.text.as_bytes()), None, "{who:?} {address}");
            assert!(!page.text.contains("$argon2"), "{who:?} {address}");
            assert!(!page.text.contains(key.trim()), "{who:?} {address}");
            assert!(!sessions.iter().any(|hash| page.text.contains(hash)), "{who:?} {address}");
            for input in page.attributes("input[type=password]", "value") {
                assert_eq!(input, "", "{who:?} {address}");
            }
        }
    }
}

/// The sealed passwords, by connection, in hex.
fn sealed(database: &Database) -> Vec<(String, String)> {
    let hex = if is_postgres() { "encode(sealed, 'hex')" } else { "lower(hex(sealed))" };
    let sql = format!(
        "SELECT connection_id, {hex} FROM connection_setting WHERE sealed IS NOT NULL ORDER BY 1"
    );
    let rows = database.ask(&sql);
    let pair = |row: &String| row.split_once('|').map(|(a, b)| (a.to_owned(), b.to_owned()));
    rows.iter().filter_map(pair).collect()
}

fn put(database: &Database, connection: i64, key: &str, hex: &str) {
    let value = if is_postgres() { format!("'\\x{hex}'") } else { format!("X'{hex}'") };
    let sql = format!(
        "UPDATE connection_setting SET sealed = {value} \
         WHERE connection_id = {connection} AND field_key = '{key}'"
    );
    assert!(database.sql(&sql), "{sql}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seal_that_was_moved_or_altered_opens_nothing_and_is_noted() {
    let mut stage = Stage::set().await;
    let (north, spare) = (stage.north, stage.spare);
    let all = sealed(&stage.portal.database);
    assert_eq!(all.len(), 3);
    // Three times the same password: neither nonce nor text repeats.
    for from in [2, 50] {
        let parts: std::collections::BTreeSet<&str> =
            all.iter().map(|(_, hex)| &hex[from..from + 48]).collect();
        assert_eq!(parts.len(), 3);
    }
    let of = |id: i64| all.iter().find(|(c, _)| *c == id.to_string()).unwrap().1.clone();
    let (own, other) = (of(spare), of(north));
    let flip = |at: usize| {
        let sign = if &own[at..=at] == "0" { "1" } else { "0" };
        format!("{}{sign}{}", &own[..at], &own[at + 1..])
    };
    let broken = [
        ("moved from another connection", other),
        ("another version", flip(1)),
        ("another nonce", flip(10)),
        ("altered", flip(60)),
        ("another tag", flip(own.len() - 1)),
        ("cut", own[..own.len() - 2].to_owned()),
        ("emptied", String::new()),
    ];
    let path = format!("/connections/{spare}/checks");
    let sent = stage.north_erp.received().len();
    for (how, hex) in &broken {
        put(&stage.portal.database, spare, "Password", hex);
        let seq = stage.portal.database.actions_after(0).1;
        let page = stage.browser(Who::Ada).post(&path, &[]).await;
        assert_eq!(page.status, 500, "{how}: {}", page.text);
        assert_eq!(stage.portal.database.actions_after(seq).0, ["seal-broken"], "{how}");
        // What else the connection has can still be looked at.
        let shown = stage.browser(Who::Ada).get(&format!("/connections/{spare}")).await;
        assert_eq!(shown.status, 200, "{how}");
    }
    // Into another column of the same connection.
    put(&stage.portal.database, spare, "Server", &own);
    assert_eq!(stage.browser(Who::Ada).post(&path, &[]).await.status, 500);
    assert_eq!(stage.north_erp.received().len(), sent, "nothing went to the ERP");
    // The proof of sight: back in its place it opens.
    put(&stage.portal.database, spare, "Password", &own);
    assert!(
        stage
            .portal
            .database
            .sql("UPDATE connection_setting SET sealed = NULL WHERE field_key = 'Server'")
    );
    let page = stage.browser(Who::Ada).post(&path, &[]).await;
    assert_eq!(page.status, 303, "{}", page.text);
}
