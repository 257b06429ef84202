//! No file uses, by whatever way round, one that uses it. A folder's `mod.rs` stands for the folder: that the
//! files inside use it is no use of another file, and that it declares them is none either.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, files};

/// Where a file stands: `crate::store::crm` is `["store", "crm"]`.
type Place = Vec<String>;
type Uses = BTreeMap<Place, BTreeSet<Place>>;

fn place_of(file: &str) -> Place {
    let mut place: Place = file.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if place.last().is_some_and(|name| name == "mod") {
        place.pop();
    }
    place
}

/// Which of these files, named from `src` on, uses which.
fn uses(files: &[(String, String)]) -> Uses {
    let places: BTreeSet<Place> = files.iter().map(|(file, _)| place_of(file)).collect();
    let of_file = |(file, text): &(String, String)| {
        let place = place_of(file);
        let mut used = BTreeSet::new();
        for path in paths(text) {
            let path = absolute(&path, &place, &places);
            let longest = (1..=path.len()).rev().map(|length| path[..length].to_vec());
            used.extend(longest.into_iter().find(|path| places.contains(path)));
        }
        used.retain(|other| !place.starts_with(other));
        (place, used)
    };
    files.iter().map(of_file).collect()
}

/// Every path of a file that may lead to another one.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut rest = String::new();
    let mut imported = String::new();
    for line in code(text).lines() {
        let start = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(super) ");
        if !imported.is_empty() || start.starts_with("use ") {
            imported.push_str(start);
            if line.trim_end().ends_with(';') {
                let tree = imported.trim_start_matches("use ").trim_end_matches(';');
                found.extend(branches(tree));
                imported.clear();
            }
        } else {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    let is_of_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let words = rest.split(|c| !is_of_path(c)).filter(|word| word.contains("::"));
    found.extend(words.map(|word| word.split("::").map(str::to_owned).collect()));
    found
}

/// `a::{b, c::{d, e}}` is three paths.
fn branches(tree: &str) -> Vec<Vec<String>> {
    let segments = |path: &str| {
        let path = path.split(" as ").next().unwrap();
        path.split("::")
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect()
    };
    let Some((start, inside)) = tree.split_once('{') else { return vec![segments(tree)] };
    let inside = &inside[..inside.rfind('}').unwrap()];
    let (mut depth, mut parts) = (0, vec![String::new()]);
    for c in inside.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match (c, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(c),
        }
    }
    let parts = parts.iter().filter(|part| !part.trim().is_empty());
    parts.flat_map(|part| branches(&format!("{start}{}", part.trim()))).collect()
}

/// The path from the crate's root on; empty for one that leads elsewhere.
fn absolute(path: &[String], place: &Place, places: &BTreeSet<Place>) -> Place {
    let (mut base, mut rest) = (place.clone(), path);
    match path[0].as_str() {
        "crate" => return path[1..].to_vec(),
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        // A folder's own files are named without more ado.
        child if !places.contains(&[&place[..], &[child.to_owned()]].concat()) => {
            return Vec::new();
        }
        _ => {}
    }
    base.extend_from_slice(rest);
    base
}

/// Everything a file uses, directly or by way of others.
fn reached<'u>(uses: &'u Uses, from: &Place) -> BTreeSet<&'u Place> {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec![&uses[from]]);
    while let Some(next) = waiting.pop() {
        waiting.extend(next.iter().filter(|other| seen.insert(*other)).map(|other| &uses[other]));
    }
    seen
}

/// Files that use each other by some way round, each circle once.
fn circles(uses: &Uses) -> BTreeSet<BTreeSet<String>> {
    let all: BTreeMap<&Place, BTreeSet<&Place>> =
        uses.keys().map(|place| (place, reached(uses, place))).collect();
    let in_circle = |place: &Place| {
        let others = all[place].iter().filter(|other| all[*other].contains(place));
        others.map(|other| other.join("/")).collect::<BTreeSet<String>>()
    };
    uses.keys().map(in_circle).filter(|circle| !circle.is_empty()).collect()
}

#[test]
fn without_database_files_do_not_use_each_other_in_circles() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src/");
    let named = files("src", "rs").into_iter().filter_map(|(path, text)| {
        let file = path.to_str().unwrap().strip_prefix(source).unwrap().to_owned();
        (!["lib.rs", "main.rs", "build.rs"].contains(&file.as_str())).then_some((file, text))
    });
    let found = circles(&uses(&named.collect::<Vec<_>>()));
    assert!(found.is_empty(), "{found:#?}");
}

/// The proof of sight.
#[test]
fn without_database_a_circle_would_be_seen() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let house = |of_b: &str| {
        let files = [
            file("a/mod.rs", "mod b;\nmod c;\npub use b::B;\nfn f() { c::go(); }"),
            file("a/b.rs", of_b),
            file("a/c.rs", "use super::{B, b::{One, Two}};\n// crate::d"),
            file("d.rs", "use crate::a::{\n    c::go,\n    B,\n};"),
        ];
        circles(&uses(&files))
    };
    let circle = |names: &[&str]| BTreeSet::from([names.iter().map(|n| (*n).to_owned()).collect()]);
    assert_eq!(house("use super::f;\nuse std::fmt;"), BTreeSet::new());
    assert_eq!(house("use super::c;"), circle(&["a/b", "a/c"]));
    assert_eq!(house("fn f() { crate::d::go(); }"), circle(&["a", "a/b", "a/c", "d"]));
}
