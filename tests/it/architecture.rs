//! Who may use whom, and what must not be there at all.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules in reading order: each may use those before it, and no other.
const ORDER: &[&str] = &[
    "clock",
    "i18n",
    "connector",
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
    "licence",
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
