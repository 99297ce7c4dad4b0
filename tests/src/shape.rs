//! The shape of a value that crosses to the core, as the generated bindings declare it in TypeScript.

use anyhow::{Context, Result, bail};
use std::iter::Peekable;
use std::str::Chars;

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `string`.
    Text,
    /// `number`.
    Number,
    /// `boolean`.
    Boolean,
    /// `null`.
    Null,
    /// One word: `"pdf"`.
    Word(String),
    /// `T[]`.
    List(Box<Shape>),
    /// An object, by the name of its type where it has one.
    Record(String, Vec<Member>),
    /// One of several.
    OneOf(Vec<Shape>),
    /// A type by name.
    Named(String),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// What it may be; `null` is among it where it may be absent.
    pub shape: Shape,
}

/// Parses a type expression: what specta writes for values that go to the core, and no more.
///
/// # Errors
/// What is not understood, and where.
pub fn parse(text: &str) -> Result<Shape> {
    let plain = without_comments(text);
    let mut parser = Parser { rest: plain.chars().peekable() };
    let shape = parser.shape().with_context(|| format!("in the type `{plain}`"))?;
    parser.space();
    match parser.rest.next() {
        None => Ok(shape),
        Some(other) => bail!("`{other}` is not understood in the type `{plain}`"),
    }
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

struct Parser<'t> {
    rest: Peekable<Chars<'t>>,
}

impl Parser<'_> {
    fn space(&mut self) {
        while self.rest.next_if(|c| c.is_whitespace()).is_some() {}
    }

    fn takes(&mut self, wanted: char) -> bool {
        self.space();
        self.rest.next_if_eq(&wanted).is_some()
    }

    fn expect(&mut self, wanted: char) -> Result<()> {
        if self.takes(wanted) { Ok(()) } else { bail!("`{wanted}` is missing before {:?}", self.rest.peek()) }
    }

    fn shape(&mut self) -> Result<Shape> {
        self.takes('|');
        let mut choices = vec![self.one()?];
        while self.takes('|') {
            choices.push(self.one()?);
        }
        Ok(if choices.len() == 1 { choices.remove(0) } else { Shape::OneOf(choices) })
    }

    fn one(&mut self) -> Result<Shape> {
        let mut shape = if self.takes('{') {
            Shape::Record(String::new(), self.members()?)
        } else if self.takes('(') {
            let inner = self.shape()?;
            self.expect(')')?;
            inner
        } else if self.takes('"') {
            let word = self.taken_while(|c| c != '"');
            self.expect('"')?;
            Shape::Word(word)
        } else {
            named(&self.word()?)
        };
        while self.takes('[') {
            self.expect(']')?;
            shape = Shape::List(Box::new(shape));
        }
        Ok(shape)
    }

    fn members(&mut self) -> Result<Vec<Member>> {
        let mut members = Vec::new();
        while !self.takes('}') {
            let name = self.word()?;
            let optional = self.takes('?');
            self.expect(':')?;
            let shape = self.shape()?;
            let shape = if optional { Shape::OneOf(vec![shape, Shape::Null]) } else { shape };
            members.push(Member { name, shape });
            if !self.takes(',') {
                self.takes(';');
            }
        }
        Ok(members)
    }

    fn word(&mut self) -> Result<String> {
        self.space();
        let word = self.taken_while(|c| c.is_alphanumeric() || c == '_');
        if word.is_empty() { bail!("a name is missing before {:?}", self.rest.peek()) } else { Ok(word) }
    }

    fn taken_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while let Some(c) = self.rest.next_if(|c| fits(*c)) {
            taken.push(c);
        }
        taken
    }
}

fn named(name: &str) -> Shape {
    match name {
        "string" => Shape::Text,
        "number" => Shape::Number,
        "boolean" => Shape::Boolean,
        "null" => Shape::Null,
        other => Shape::Named(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_specta_writes_is_understood() {
        let shape = parse(
            "{\n\t/**  Whom; \"who\". */\n\tabout: ReportAbout,\n\tproof?: FactorProof | null,\n\tpaths: string[],\n}",
        );
        let Shape::Record(_, members) = shape.unwrap() else { panic!("an object") };
        let names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["about", "proof", "paths"]);
        assert_eq!(members[2].shape, Shape::List(Box::new(Shape::Text)));
        let choice = parse("/** a */ { kind: \"patient\"; /** b */ patientId: string } | { kind: \"user\" }").unwrap();
        assert!(matches!(choice, Shape::OneOf(choices) if choices.len() == 2));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(parse("{ a: string } & { b: string }").is_err(), "and not taken for something simpler");
        assert!(parse("{ a: string").is_err());
    }
}
