//! Who may use whom, and what must not be there at all.

mod circles;

use std::fs;
use std::path::{Path, PathBuf};

/// Modules in reading order: each may use those before it, and no other.
const ORDER: &[&str] = &[
    "clock",
    "i18n",
    "connector",
    "conformance",
    "host",
    "sample",
    "practice",
    "crm",
    "connections",
    "links",
    "mapping",
    "runs",
    "users",
    "history",
    "versions",
    "licence",
    "gates",
    "store",
    "sync",
    "web",
    "config",
    "app",
    "demo",
    "cli",
];

/// Arrows that the order alone would allow, and that are wrong all the same.
const FORBIDDEN: &[(&str, &str)] = &[
    ("practice", "host"),
    ("crm", "connector"),
    ("crm", "practice"),
    ("connections", "practice"),
    ("mapping", "practice"),
    ("store", "practice"),
    ("store", "host"),
    ("sync", "practice"),
    ("sync", "host"),
    ("web", "practice"),
    ("web", "host"),
    ("web", "sample"),
    ("users", "connector"),
];

/// Libraries and where they may be named.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("sqlx", &["store", "practice"]),
    ("actix_web", &["web", "host", "practice", "app", "cli", "demo"]),
    ("actix_session", &["web"]),
    ("actix_files", &["web", "practice"]),
    ("askama", &["web", "practice"]),
    ("reqwest", &["connector"]),
    ("quick_xml", &["connector", "host"]),
    ("argon2", &["users", "practice"]),
    ("fluent_bundle", &["i18n"]),
];

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, extension: &str, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|e| e == extension) {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found = Vec::new();
    walk(&root, extension, &mut found);
    assert!(!found.is_empty(), "no .{extension} under {folder}");
    found
}

/// The top-level module a source file belongs to.
fn module_of(path: &Path) -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let first = path.strip_prefix(src).unwrap().iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Code without comments and without the tests at a file's foot.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn place(module: &str) -> usize {
    ORDER
        .iter()
        .position(|m| *m == module)
        .unwrap_or_else(|| panic!("{module} has no place in the order"))
}

#[test]
fn without_database_arrows_point_one_way() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let module = module_of(&path);
        if ["lib", "main", "build"].contains(&module.as_str()) {
            continue;
        }
        for used in code(&text).split("crate::").skip(1) {
            let used: String =
                used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used == module || !ORDER.contains(&used.as_str()) {
                continue;
            }
            let is_forbidden = FORBIDDEN.contains(&(module.as_str(), used.as_str()));
            if place(&used) > place(&module) || is_forbidden {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_database_libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for (path, text) in files("src", "rs") {
        let module = module_of(&path);
        for (library, homes) in LIBRARIES {
            let code = code(&text);
            let is_named =
                code.contains(&format!("{library}::")) || code.contains(&format!("use {library}"));
            if is_named && module != "build" && !homes.contains(&module.as_str()) {
                wrong.push(format!("{} names {library}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_database_screens_do_not_import_each_other() {
    let mut wrong = Vec::new();
    for (path, text) in files("src/web/screens", "rs") {
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        for used in code(&text).split("screens::").skip(1) {
            let used: String =
                used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if used != folder && folder != "screens" {
                wrong.push(format!("{} uses screens::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_database_pages_hold_no_inline_script_or_style_and_no_htmx() {
    let mut wrong = Vec::new();
    let scripts = files("static", "js");
    for (path, text) in files("templates", "html").into_iter().chain(scripts) {
        let text = text.to_lowercase();
        let inline_script = text.split("<script").skip(1).any(|rest| {
            let tag = rest.split('>').next().unwrap();
            !tag.contains("src=")
        });
        let has_handler =
            [" onclick=", " onchange=", " onsubmit=", " oninput=", " onload=", "javascript:"]
                .iter()
                .any(|handler| text.contains(handler));
        if inline_script || has_handler || text.contains("<style") || text.contains(" style=\"") {
            wrong.push(format!("{}: inline", path.display()));
        }
        if text.contains("htmx") || text.contains("hx-") {
            wrong.push(format!("{}: htmx", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_database_nothing_else_lies_at_the_top() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "LICENSE",
        "src",
        "templates",
        "static",
        "migrations",
        "tests",
    ];
    let listed = std::process::Command::new("git")
        .args(["ls-tree", "--name-only", "HEAD"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let other: Vec<_> =
        listed.lines().filter(|n| !n.starts_with('.') && !allowed.contains(n)).collect();
    assert!(other.is_empty(), "{other:?}");
}

/// Handlers that take a form without checking it: no person fills it in.
const UNCHECKED: &[(&str, &str)] = &[
    ("preferences", "buttons of the frame, which is on every page and has no form to show again"),
    ("seats", "only says which page to come back to"),
    ("activations", "only says which page to come back to"),
    ("deactivations", "only says which page to come back to"),
    ("version_undos", "only says which page to come back to"),
    ("field_refreshes", "holds the mark of what was looked at, which fits or does not"),
];

/// A handler's name and its parameters, as they are written.
fn handlers(text: &str) -> Vec<(String, String)> {
    let starts = text.split("pub async fn ").skip(1);
    let read = |rest: &str| {
        let (name, rest) = rest.split_once('(')?;
        let (parameters, _) = rest.split_once(") -> ")?;
        Some((name.to_owned(), parameters.split_whitespace().collect::<Vec<_>>().join(" ")))
    };
    starts.filter_map(read).collect()
}

/// What a changing address takes is a struct that validator checks; the names of its fields may still be
/// known only at run time. Pairs as they come are for whoever draws the form once more.
#[test]
fn without_database_every_form_is_checked_by_validator() {
    let code_of = |folder: &str| -> String {
        let all = files(&format!("src/web/screens/{folder}"), "rs");
        let shared = files("src/web", "rs").into_iter();
        let shared = shared.filter(|(path, _)| path.parent().unwrap().ends_with("src/web"));
        all.into_iter().chain(shared).map(|(_, text)| code(&text)).collect()
    };
    let table: String = files("src/web/routes", "rs").iter().map(|(_, text)| code(text)).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for handler in table.split("post().to(s::").skip(1) {
        let (screen, rest) = handler.split_once("::").unwrap();
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let text = code_of(screen);
        let found = handlers(&text).into_iter().find(|(handler, _)| *handler == name);
        let (_, parameters) = found.unwrap_or_else(|| panic!("no {screen}::{name}"));
        seen += 1;
        let forms: Vec<&str> =
            parameters.split("Form<").skip(1).map(|rest| rest.split('>').next().unwrap()).collect();
        if forms.is_empty() && parameters.contains("Pairs") {
            wrong.push(format!("{screen}::{name} takes bare pairs"));
        }
        for form in forms {
            let declared = text.split(&format!("struct {form} {{")).next().unwrap();
            assert!(declared.len() < text.len(), "{screen}: no struct {form}");
            let derives = declared.rsplit("#[derive(").next().unwrap();
            let is_checked = derives.split(')').next().unwrap().contains("Validate");
            if !is_checked && !UNCHECKED.iter().any(|(other, _)| *other == screen) {
                wrong.push(format!("{screen}::{name}: {form} is not checked"));
            }
        }
    }
    assert!(seen > 40, "{seen} handlers");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Screens that are a step of another and tested with it: the file, and what in it shows
/// that it does.
const TESTED_ELSEWHERE: &[(&str, &str, &str)] = &[
    ("connection_checks", "web/connections.rs", "/checks"),
    ("connection_deletions", "web/connections.rs", "/delete"),
    ("connection_restorations", "web/connections.rs", "/restorations"),
    ("connector_deletions", "web/connectors.rs", "/delete"),
    ("connector_restorations", "web/connectors.rs", "/restorations"),
    ("crm_field_deletions", "web/crm_fields.rs", "/delete"),
    ("crm_field_restorations", "web/crm_fields.rs", "/restore"),
    ("deactivations", "web/connections.rs", "/deactivations"),
    ("errors", "quality/headers.rs", "404"),
    ("group_deletions", "web/users.rs", "/delete"),
    ("groups", "web/users.rs", "/groups"),
    ("home", "web/account.rs", "\"/\""),
    ("own_passwords", "web/account.rs", "/account/password"),
    ("own_sessions", "web/account.rs", "people_end_their_own_sessions"),
    ("preferences", "web/account.rs", "/preferences"),
    ("resync_stops", "web/resyncs.rs", "/stop"),
    ("seats", "web/licence.rs", "/seat"),
    ("sign_out", "web/sign_in.rs", "/sign-out"),
    ("user_codes", "web/users.rs", "/codes"),
    ("user_locks", "web/users.rs", "/disable"),
    ("user_sessions", "web/users.rs", "/sessions/delete"),
    ("version_comparisons", "web/versions.rs", "/versions/compare"),
];

#[test]
fn without_database_every_screen_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut wrong = Vec::new();
    for entry in fs::read_dir(root.join("src/web/screens")).unwrap() {
        let path = entry.unwrap().path();
        let screen = path.file_name().unwrap().to_str().unwrap().to_owned();
        if !path.is_dir() {
            continue;
        }
        let own = root.join(format!("tests/it/web/{screen}.rs")).is_file();
        match TESTED_ELSEWHERE.iter().find(|(name, ..)| *name == screen) {
            None if own => {}
            None => wrong.push(format!("{screen}: no tests/it/web/{screen}.rs")),
            Some(_) if own => wrong.push(format!("{screen}: is no exception any more")),
            Some((_, file, address)) => {
                let text = fs::read_to_string(root.join("tests/it").join(file)).unwrap();
                if !text.contains(address) {
                    wrong.push(format!("{screen}: {file} lacks {address}"));
                }
            }
        }
    }
    let screens = TESTED_ELSEWHERE.iter().map(|(screen, ..)| screen);
    for gone in screens.filter(|screen| !root.join("src/web/screens").join(screen).is_dir()) {
        wrong.push(format!("{gone}: no such screen"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
