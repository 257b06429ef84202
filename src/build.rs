//! Build script: turns the message files into checked code, and lists the migrations.
//!
//! A message that one language lacks, that stands twice, or whose variables differ between languages
//! fails the build.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

/// The languages every message must exist in, English first.
const LANGUAGES: [&str; 2] = ["en", "de"];

type Outcome<T> = Result<T, String>;

fn main() {
    for watched in ["src/build.rs", "src/i18n", "migrations", "static"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    if let Err(reason) =
        write_texts().and_then(|()| write_migrations()).and_then(|()| name_assets())
    {
        eprintln!("error: {reason}");
        process::exit(1);
    }
}

fn write_migrations() -> Outcome<()> {
    let mut code = String::from("&[\n");
    for (name, path) in files_in("migrations", "sql")? {
        let (version, rest) = name.split_once('_').ok_or(format!("{name}: want NNNN_name.sql"))?;
        let version: i64 = version.parse().map_err(|_| format!("{name}: want NNNN_name.sql"))?;
        let _ = writeln!(code, "    ({version}, {rest:?}, include_str!({path:?})),");
    }
    code.push(']');
    save("migrations.rs", &code)
}

/// Gives the static files a version that changes with their content (FNV-1a; nothing secret about it).
fn name_assets() -> Outcome<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for file in all_files(&Path::new(&root).join("static"))? {
        println!("cargo:rerun-if-changed={}", file.display());
        let name =
            file.strip_prefix(&root).map_err(|e| e.to_string())?.to_string_lossy().into_owned();
        let content = fs::read(&file).map_err(|e| format!("{name}: {e}"))?;
        for byte in name.bytes().chain(content) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo:rustc-env=ASSETS_VERSION={hash:016x}");
    Ok(())
}

fn all_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.is_dir() { found.extend(all_files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// One message in one language.
struct Message {
    /// The text, when there is nothing in it to fill in.
    plain: Option<String>,
    variables: BTreeSet<String>,
}

fn write_texts() -> Outcome<()> {
    let mut all = Vec::new();
    let mut sources = Vec::new();
    for language in LANGUAGES {
        let mut messages = BTreeMap::new();
        let mut source = String::new();
        for (name, path) in files_in(&format!("src/i18n/{language}"), "ftl")? {
            let text = fs::read_to_string(&path).map_err(|e| format!("{path}: {e}"))?;
            read_messages(&format!("{language}/{name}"), &text, &mut messages)?;
            source.push_str(&text);
            source.push('\n');
        }
        all.push(messages);
        sources.push(source);
    }
    compare(&all)?;
    save("texts.rs", &texts_code(&all, &sources))
}

fn read_messages(file: &str, text: &str, into: &mut BTreeMap<String, Message>) -> Outcome<()> {
    let resource = fluent_syntax::parser::parse(text)
        .map_err(|(_, errors)| format!("{file}: not a message file: {:?}", errors.first()))?;
    for entry in resource.body {
        let Entry::Message(message) = entry else { continue };
        let id = message.id.name.to_owned();
        let pattern = message.value.ok_or(format!("{file}: {id} has no text"))?;
        let mut variables = BTreeSet::new();
        collect_variables(&pattern, &mut variables);
        let plain = plain_text(&pattern);
        if into.insert(id.clone(), Message { plain, variables }).is_some() {
            return Err(format!("{file}: {id} stands twice"));
        }
    }
    Ok(())
}

fn plain_text(pattern: &Pattern<&str>) -> Option<String> {
    pattern
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value } => Some(*value),
            PatternElement::Placeable { .. } => None,
        })
        .collect()
}

fn collect_variables(pattern: &Pattern<&str>, into: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        collect_from_expression(expression, into);
    }
}

fn collect_from_expression(expression: &Expression<&str>, into: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => collect_from_inline(inline, into),
        Expression::Select { selector, variants } => {
            collect_from_inline(selector, into);
            for variant in variants {
                collect_variables(&variant.value, into);
            }
        }
    }
}

fn collect_from_inline(inline: &InlineExpression<&str>, into: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            into.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => collect_from_expression(expression, into),
        InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| collect_from_inline(argument, into));
        }
        _ => {}
    }
}

fn compare(all: &[BTreeMap<String, Message>]) -> Outcome<()> {
    let mut problems = Vec::new();
    let ids: BTreeSet<&String> = all.iter().flat_map(BTreeMap::keys).collect();
    for id in ids {
        let found: Vec<Option<&Message>> = all.iter().map(|messages| messages.get(id)).collect();
        for (language, message) in LANGUAGES.iter().zip(&found) {
            match (message, found[0]) {
                (None, _) => problems.push(format!("{id} is missing in {language}")),
                (Some(this), Some(first)) if this.variables != first.variables => {
                    problems.push(format!("{id} has other variables in {language}"));
                }
                _ => {}
            }
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(format!("messages:\n  {}", problems.join("\n  ")))
    }
}

fn texts_code(all: &[BTreeMap<String, Message>], sources: &[String]) -> String {
    let mut keys = String::from("impl Key {\n");
    let mut methods = String::from("impl Texts {\n");
    let mut ids = String::from("const IDS: &[&str] = &[\n");
    for (number, (id, message)) in all[0].iter().enumerate() {
        let name = id.replace('-', "_");
        let upper = name.to_uppercase();
        let _ = writeln!(keys, "    pub const {upper}: Key = Key({number});");
        let _ = writeln!(ids, "    {id:?},");
        if message.variables.is_empty() {
            let _ = writeln!(
                methods,
                "    pub fn {name}(self) -> &'static str {{ self.plain(Key::{upper}) }}"
            );
        } else {
            let is_named = message.variables.len() > 1;
            let parameters: String =
                message.variables.iter().map(|v| parameter(v, is_named)).collect();
            let arguments: Vec<String> =
                message.variables.iter().map(|v| argument(v, is_named)).collect();
            let _ = writeln!(
                methods,
                "    pub fn {name}(self{parameters}) -> String {{ self.filled(Key::{upper}, &[{}]) }}",
                arguments.join(", ")
            );
        }
    }
    let mut code = format!("{keys}}}\n{methods}}}\n{ids}];\n{}", named_code(&all[0]));
    let _ = writeln!(code, "const VARIABLES: &[&[&str]] = &[");
    for message in all[0].values() {
        let _ = writeln!(code, "    &{:?},", message.variables.iter().collect::<Vec<_>>());
    }
    let _ = writeln!(code, "];");
    let _ = writeln!(code, "const PLAIN: &[&[Option<&str>]] = &[");
    for messages in all {
        let texts: Vec<String> = messages.values().map(|m| format!("{:?}", m.plain)).collect();
        let _ = writeln!(code, "    &[{}],", texts.join(", "));
    }
    let _ = writeln!(code, "];\nconst SOURCES: &[&str] = &{sources:?};");
    code
}

/// Where a message has several variables, each is handed over by its name, so that none takes another's place.
fn parameter(variable: &str, is_named: bool) -> String {
    let name = rust_name(variable);
    match is_named {
        true => format!(", {name}: named::{}", type_name(variable)),
        false => format!(", {name}: impl Into<Argument>"),
    }
}

fn argument(variable: &str, is_named: bool) -> String {
    let inner = if is_named { ".0" } else { ".into()" };
    format!("({variable:?}, {}{inner})", rust_name(variable))
}

fn named_code(messages: &BTreeMap<String, Message>) -> String {
    let several = messages.values().filter(|message| message.variables.len() > 1);
    let names: BTreeSet<&String> = several.flat_map(|message| &message.variables).collect();
    let mut code = String::from("pub mod named {\nuse super::Argument;\n");
    for variable in names {
        let (function, kind) = (rust_name(variable), type_name(variable));
        let _ = writeln!(
            code,
            "pub struct {kind}(pub(super) Argument);\n\
             pub fn {function}(value: impl Into<Argument>) -> {kind} {{ {kind}(value.into()) }}"
        );
    }
    code + "}\n"
}

/// `who-else` becomes `WhoElse`.
fn type_name(variable: &str) -> String {
    let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
    variable.split(['-', '_']).map(capitalised).collect()
}

/// A variable's name as a Rust parameter.
fn rust_name(variable: &str) -> String {
    let name = variable.replace('-', "_");
    if name == "type" { "kind".to_owned() } else { name }
}

/// Files with this extension, by name, with their absolute paths.
fn files_in(folder: &str, extension: &str) -> Outcome<Vec<(String, String)>> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?;
    let folder = Path::new(&root).join(folder);
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))? {
        let path = entry.map_err(|e| e.to_string())?.path();
        if path.extension().is_some_and(|e| e == extension) {
            let name =
                path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            found.push((name, path.to_string_lossy().into_owned()));
        }
    }
    found.sort();
    Ok(found)
}

fn save(name: &str, code: &str) -> Outcome<()> {
    let folder = env::var("OUT_DIR").map_err(|e| e.to_string())?;
    fs::write(Path::new(&folder).join(name), code).map_err(|e| format!("{name}: {e}"))
}
