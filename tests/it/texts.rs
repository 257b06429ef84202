//! Every message is used somewhere. (That each exists in every language, the build script sees to.)

use std::fs;
use std::path::Path;

fn all_text(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_text(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// Messages chosen by a name put together at run time.
const BUILT_AT_RUN_TIME: &[&str] = &["crm-", "action-", "subject-", "detail-", "task-", "value-"];

#[test]
fn without_database_no_message_is_unused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    all_text(&root.join("src"), &mut code);
    all_text(&root.join("templates"), &mut code);
    let mut unused = Vec::new();
    for entry in fs::read_dir(root.join("src/i18n/en")).unwrap() {
        let path = entry.unwrap().path();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let Some((id, _)) = line.split_once(" =") else { continue };
            let is_message = !id.is_empty()
                && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !is_message || BUILT_AT_RUN_TIME.iter().any(|start| id.starts_with(start)) {
                continue;
            }
            let method = id.replace('-', "_");
            let constant = method.to_uppercase();
            let is_used = code.contains(&format!("{method}("))
                || code.contains(&format!("Key::{constant}"))
                || code.contains(&format!("\"{id}\""));
            if !is_used {
                unused.push(id.to_owned());
            }
        }
    }
    assert!(unused.is_empty(), "{unused:#?}");
}
