//! The commands of the program and what each is called with: `src-tauri/commands.txt` says which there are, the generated bindings
//! (`ui/src/api/bindings.ts`) say the rest, so that neither list is kept a second time.

use crate::data;
use crate::shape::{self, Member, Shape};
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashMap;
use std::fs;

/// One command.
#[derive(Clone, Debug)]
pub struct Command {
    /// As it is called: `chart_read`.
    pub name: String,
    /// Its arguments, every type by name resolved.
    pub arguments: Vec<Member>,
}

/// Every command, in the order of `commands.txt`.
///
/// # Errors
/// When the bindings lack one, or say something that is not understood.
pub fn all() -> Result<Vec<Command>> {
    let listed = fs::read_to_string(data::root().join("src-tauri/commands.txt"))?;
    let bindings = fs::read_to_string(data::root().join("ui/src/api/bindings.ts"))?;
    let types = types(&bindings);
    let declared = declared(&bindings)?;
    ensure!(declared.len() == listed.lines().count(), "the bindings and commands.txt name different commands");
    listed
        .lines()
        .map(|name| {
            let parameters = declared.get(name).with_context(|| format!("the bindings lack {name}"))?;
            let arguments = members(parameters, &types).with_context(|| format!("the arguments of {name}"))?;
            Ok(Command { name: name.to_owned(), arguments })
        })
        .collect()
}

/// From the name of a command to the parameters of its function.
fn declared(bindings: &str) -> Result<HashMap<&str, &str>> {
    const CALL: &str = "__TAURI_INVOKE(\"";
    let commands = between(bindings, "export const commands = {", "\n};").context("the bindings list no commands")?;
    let mut found = HashMap::new();
    let mut rest = commands;
    while let Some((before, after)) = rest.split_once(CALL) {
        let (name, behind) = after.split_once('"').context("a call has no name")?;
        // The answer's type stands between, and may hold functions' colons, but no line of its own that begins like this.
        let line = before.rmatch_indices("\n\t").find(|(at, _)| {
            before
                .get(at + 2..)
                .is_some_and(|line| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(": ("))
        });
        let head = line.and_then(|(at, _)| before.get(at..)).with_context(|| format!("{name} has no function"))?;
        let parameters =
            between(head, ": (", ") => typedError").with_context(|| format!("{name} has no parameters"))?;
        found.insert(name, parameters);
        rest = behind;
    }
    Ok(found)
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// From the name of a type to its text.
fn types(bindings: &str) -> HashMap<&str, &str> {
    let mut found = HashMap::new();
    for declaration in bindings.split("\nexport type ").skip(1) {
        let Some((name, text)) = declaration.split_once(" = ") else { continue };
        // A type ends with the first semicolon that is in no bracket and no comment.
        let (mut depth, mut end, mut at) = (0_usize, text.len(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if rest.starts_with("/*") {
                at += rest.find("*/").map_or(rest.len(), |close| close + 2);
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                ';' if depth == 0 => {
                    end = at;
                    break;
                }
                _ => {}
            }
            at += c.len_utf8();
        }
        found.insert(name, text.get(..end).unwrap_or(text));
    }
    found
}

fn members(parameters: &str, types: &HashMap<&str, &str>) -> Result<Vec<Member>> {
    let Shape::Record(_, members) = shape::parse(&format!("{{ {parameters} }}"))? else {
        bail!("`{parameters}` is no list of parameters");
    };
    members.into_iter().map(|member| Ok(Member { shape: resolved(member.shape, types)?, ..member })).collect()
}

fn resolved(shape: Shape, types: &HashMap<&str, &str>) -> Result<Shape> {
    let each = |shapes: Vec<Shape>| shapes.into_iter().map(|one| resolved(one, types)).collect::<Result<Vec<_>>>();
    Ok(match shape {
        Shape::Named(name) => {
            let text = types.get(name.as_str()).with_context(|| format!("there is no type {name}"))?;
            named(resolved(shape::parse(text)?, types)?, &name)
        }
        Shape::List(of) => Shape::List(Box::new(resolved(*of, types)?)),
        Shape::OneOf(choices) => Shape::OneOf(each(choices)?),
        Shape::Record(name, members) => Shape::Record(
            name,
            members
                .into_iter()
                .map(|member| Ok(Member { shape: resolved(member.shape, types)?, ..member }))
                .collect::<Result<_>>()?,
        ),
        plain @ (Shape::Text | Shape::Number | Shape::Boolean | Shape::Null | Shape::Word(_)) => plain,
    })
}

/// An object, or each of several, gets the name of its type.
fn named(shape: Shape, name: &str) -> Shape {
    match shape {
        Shape::Record(old, members) if old.is_empty() => Shape::Record(name.to_owned(), members),
        Shape::OneOf(choices) => Shape::OneOf(choices.into_iter().map(|choice| named(choice, name)).collect()),
        plain @ (Shape::Text
        | Shape::Number
        | Shape::Boolean
        | Shape::Null
        | Shape::Word(_)
        | Shape::List(_)
        | Shape::Record(..)
        | Shape::Named(_)) => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_of_the_program_is_understood() {
        let commands = all().unwrap();
        let find = |name: &str| commands.iter().find(|command| command.name == name).unwrap();
        assert!(find("session_lock").arguments.is_empty());
        let Shape::Record(name, members) = &find("resource_read").arguments[0].shape else { panic!("an object") };
        assert_eq!(name, "ResourceReadRequest");
        assert_eq!(members.len(), 3, "patient, type and id");
        assert_eq!(find("import_choose").arguments[0].shape, Shape::Boolean, "also one that is documented");
    }
}
