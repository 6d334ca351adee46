//! A rule as nested lists of questions and answers, for people who do not read code.
//!
//! Rules are comparisons joined by `&&`, `||` and `!` over named facts (`candour-law` refuses all else). What
//! cannot be read here is shown as it is written, and as nothing else.

/// A name, literal or sign in a rule, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    /// Without its quotation marks.
    Text,
    Number,
    Sign,
}

const SIGNS: [&str; 11] = ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")"];

/// The parts of a rule; nothing where something in it is not understood.
pub(super) fn tokens(source: &str) -> Option<Vec<Token<'_>>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next()?;
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let run = |fits: fn(char) -> bool| {
            let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
            rest.get(..end)
        };
        let (kind, text, length) = if first.is_ascii_alphabetic() || first == '_' {
            let text = run(|c| c.is_ascii_alphanumeric() || c == '_')?;
            (Kind::Name, text, text.len())
        } else if first.is_ascii_digit() {
            let text = run(|c| c.is_ascii_digit() || c == '.')?;
            (Kind::Number, text, text.len())
        } else if first == '"' || first == '\'' {
            let text = rest.get(1..)?.split(first).next()?;
            if text.contains('\\') || rest.len() < text.len() + 2 {
                return None;
            }
            (Kind::Text, text, text.len() + 2)
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
            (Kind::Sign, rest.get(..sign.len())?, sign.len())
        };
        found.push(Token { kind, text, at });
        at += length;
    }
    Some(found)
}

/// A rule that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule<'a> {
    All(Vec<Rule<'a>>),
    Any(Vec<Rule<'a>>),
    Not(Box<Rule<'a>>),
    Is(Leaf<'a>),
    Always(bool),
}

/// One question and the answer for which the rule asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Leaf<'a> {
    pub name: &'a str,
    pub ask: Ask<'a>,
    pub silence: Silence,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask<'a> {
    Yes(bool),
    Compare(Sign, Term<'a>),
    OneOf(bool, Vec<&'a str>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term<'a> {
    Name(&'a str),
    Text(&'a str),
    Number(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
}

/// What it means that the file does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// Then nothing is known.
    Unknown,
    /// Then it is not so: the file has to say it.
    Fails,
    /// Then it is so: it holds unless the file says it.
    Denied,
    /// Then it is so too.
    Passes,
}

/// Reads a rule and puts it as simply as its meaning allows.
pub(super) fn read(source: &str) -> Option<Rule<'_>> {
    let tokens = tokens(source)?;
    let mut parser = Parser {
        tokens: &tokens,
        at: 0,
        depth: 0,
    };
    let rule = parser.any()?;
    (parser.at == tokens.len()).then(|| rule.simply())
}

struct Parser<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    depth: usize,
}

/// Deeper rules are shown only as they are written.
const DEEPEST: usize = 64;

impl<'a> Parser<'_, 'a> {
    fn sign(&mut self, sign: &str) -> bool {
        let is = self
            .tokens
            .get(self.at)
            .is_some_and(|t| t.kind == Kind::Sign && t.text == sign);
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> Option<Rule<'a>> {
        let mut parts = vec![self.all()?];
        while self.sign("||") {
            parts.push(self.all()?);
        }
        Some(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => Rule::Any(parts.into_iter().chain(last).collect()),
        })
    }

    fn all(&mut self) -> Option<Rule<'a>> {
        let mut parts = vec![self.one()?];
        while self.sign("&&") {
            parts.push(self.one()?);
        }
        Some(match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => Rule::All(parts.into_iter().chain(last).collect()),
        })
    }

    fn one(&mut self) -> Option<Rule<'a>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let rule = if self.sign("!") {
            Rule::Not(Box::new(self.one()?))
        } else if self.sign("(") {
            let inner = self.any()?;
            self.sign(")").then_some(inner)?
        } else {
            self.leaf()?
        };
        self.depth -= 1;
        Some(rule)
    }

    fn leaf(&mut self) -> Option<Rule<'a>> {
        let first = self.term()?;
        let Some(sign) = self.tokens.get(self.at).and_then(Sign::of) else {
            return match first {
                Term::Name("true") => Some(Rule::Always(true)),
                Term::Name("false") => Some(Rule::Always(false)),
                Term::Name(name) => Some(Rule::Is(Leaf::new(name, Ask::Yes(true)))),
                _ => None,
            };
        };
        self.at += 1;
        let second = self.term()?;
        match first {
            Term::Name(name) => Some(Rule::Is(Leaf::new(name, Ask::Compare(sign, second)))),
            _ => None,
        }
    }

    fn term(&mut self) -> Option<Term<'a>> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        match token.kind {
            Kind::Name => Some(Term::Name(token.text)),
            Kind::Text => Some(Term::Text(token.text)),
            Kind::Number => Some(Term::Number(token.text)),
            Kind::Sign => None,
        }
    }
}

impl Sign {
    fn of(token: &Token<'_>) -> Option<Sign> {
        if token.kind != Kind::Sign {
            return None;
        }
        match token.text {
            "==" => Some(Sign::Equal),
            "!=" => Some(Sign::Unequal),
            "<" => Some(Sign::Less),
            "<=" => Some(Sign::LessOrEqual),
            ">" => Some(Sign::More),
            ">=" => Some(Sign::MoreOrEqual),
            _ => None,
        }
    }

    fn turned(self) -> Sign {
        match self {
            Sign::Equal => Sign::Unequal,
            Sign::Unequal => Sign::Equal,
            Sign::Less => Sign::MoreOrEqual,
            Sign::MoreOrEqual => Sign::Less,
            Sign::More => Sign::LessOrEqual,
            Sign::LessOrEqual => Sign::More,
        }
    }
}

impl<'a> Leaf<'a> {
    fn new(name: &'a str, ask: Ask<'a>) -> Leaf<'a> {
        Leaf {
            name,
            ask,
            silence: Silence::Unknown,
        }
    }

    /// The fact whose state is asked for, where it is that state.
    fn state(&self, state: &str) -> Option<&'a str> {
        match self.ask {
            Ask::Compare(Sign::Equal, Term::Text(text)) if text == state => {
                base_of_state(self.name)
            }
            _ => None,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        let second = match self.ask {
            Ask::Compare(_, Term::Name(name)) => Some(name),
            _ => None,
        };
        std::iter::once(self.name).chain(second)
    }

    fn turned(mut self) -> Rule<'a> {
        match self.silence {
            Silence::Unknown => {
                self.ask = match self.ask {
                    Ask::Yes(yes) => Ask::Yes(!yes),
                    Ask::Compare(sign, term) => Ask::Compare(sign.turned(), term),
                    Ask::OneOf(yes, all) => Ask::OneOf(!yes, all),
                };
            }
            Silence::Fails => self.silence = Silence::Denied,
            Silence::Denied => self.silence = Silence::Fails,
            Silence::Passes => return Rule::Not(Box::new(Rule::Is(self))),
        }
        Rule::Is(self)
    }
}

/// `x` for `x_state`, `x_later` for `x_state_later`: the fact whose state a name stands for.
fn base_of_state(name: &str) -> Option<&str> {
    // What was said later is left as it stands: its name would have to be put together anew.
    name.strip_suffix("_state")
}

impl<'a> Rule<'a> {
    fn simply(self) -> Rule<'a> {
        match self {
            Rule::All(parts) => {
                let mut flat = Vec::new();
                for part in parts {
                    match part.simply() {
                        Rule::All(inner) => flat.extend(inner),
                        other => flat.push(other),
                    }
                }
                one_of(recorded(flat), Rule::All)
            }
            Rule::Any(parts) => {
                let mut flat = Vec::new();
                for part in parts {
                    match part.simply() {
                        Rule::Any(inner) => flat.extend(inner),
                        other => flat.push(other),
                    }
                }
                one_of(or_silent(choices(flat)), Rule::Any)
            }
            Rule::Not(inner) => match inner.simply() {
                Rule::Is(leaf) => leaf.turned(),
                Rule::Not(twice) => *twice,
                Rule::Always(is) => Rule::Always(!is),
                other => Rule::Not(Box::new(other)),
            },
            other => other,
        }
    }
}

fn one_of<'a>(mut parts: Vec<Rule<'a>>, whole: fn(Vec<Rule<'a>>) -> Rule<'a>) -> Rule<'a> {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => whole(parts.into_iter().chain(last).collect()),
    }
}

/// `x_state == "given" && x` is one question: does the file say that x?
fn recorded(mut parts: Vec<Rule<'_>>) -> Vec<Rule<'_>> {
    let given: Vec<&str> = parts
        .iter()
        .filter_map(|part| match part {
            Rule::Is(leaf) => leaf.state("given"),
            _ => None,
        })
        .collect();
    let mut covered: Vec<&str> = Vec::new();
    for part in &mut parts {
        if let Rule::Is(leaf) = part
            && leaf.silence == Silence::Unknown
            && leaf.names().all(|name| given.contains(&name))
        {
            leaf.silence = Silence::Fails;
            covered.extend(leaf.names());
        }
    }
    parts.retain(|part| match part {
        Rule::Is(leaf) => !leaf
            .state("given")
            .is_some_and(|base| covered.contains(&base)),
        _ => true,
    });
    parts
}

/// `x == "a" || x == "b"` is one question: is x one of these?
fn choices(parts: Vec<Rule<'_>>) -> Vec<Rule<'_>> {
    let mut kept: Vec<Rule<'_>> = Vec::new();
    for part in parts {
        let choice = match &part {
            Rule::Is(Leaf {
                name,
                ask: Ask::Compare(Sign::Equal, Term::Text(text)),
                silence: Silence::Unknown,
            }) => Some((*name, *text)),
            _ => None,
        };
        let Some((name, text)) = choice else {
            kept.push(part);
            continue;
        };
        let earlier = kept.iter_mut().find_map(|rule| match rule {
            Rule::Is(leaf)
                if leaf.name == name
                    && leaf.silence == Silence::Unknown
                    && matches!(
                        leaf.ask,
                        Ask::OneOf(true, _) | Ask::Compare(Sign::Equal, Term::Text(_))
                    ) =>
            {
                Some(&mut leaf.ask)
            }
            _ => None,
        });
        match earlier {
            Some(Ask::OneOf(_, all)) => all.push(text),
            Some(ask) => {
                if let Ask::Compare(_, Term::Text(first)) = *ask {
                    *ask = Ask::OneOf(true, vec![first, text]);
                }
            }
            None => kept.push(part),
        }
    }
    kept
}

/// `x_state == "absent" || x` is one question: x, or is the file silent?
fn or_silent(mut parts: Vec<Rule<'_>>) -> Vec<Rule<'_>> {
    let [Rule::Is(first), Rule::Is(second)] = parts.as_mut_slice() else {
        return parts;
    };
    let (silent, other) = if first.state("absent").is_some() {
        (first.state("absent"), second)
    } else {
        (second.state("absent"), first)
    };
    if other.silence == Silence::Unknown && other.names().all(|name| Some(name) == silent) {
        other.silence = Silence::Passes;
        return vec![Rule::Is(other.clone())];
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf<'a>(name: &'a str, ask: Ask<'a>, silence: Silence) -> Rule<'a> {
        Rule::Is(Leaf { name, ask, silence })
    }

    #[test]
    fn a_fact_that_has_to_be_given_is_one_question() {
        assert_eq!(
            read(r#"(x_state == "given" && x) || !(y_state == "given" && !y)"#),
            Some(Rule::Any(vec![
                leaf("x", Ask::Yes(true), Silence::Fails),
                leaf("y", Ask::Yes(false), Silence::Denied),
            ]))
        );
        // Half of what is compared may be unknown: the state stays a question of its own.
        assert_eq!(
            read(r#"x_state == "given" && x < z"#),
            Some(Rule::All(vec![
                leaf(
                    "x_state",
                    Ask::Compare(Sign::Equal, Term::Text("given")),
                    Silence::Unknown
                ),
                leaf(
                    "x",
                    Ask::Compare(Sign::Less, Term::Name("z")),
                    Silence::Unknown
                ),
            ]))
        );
    }

    #[test]
    fn choices_and_silence_are_told_apart_from_what_is_known() {
        assert_eq!(
            read(r#"x_state == "absent" || !(x == "a" || x == "b")"#),
            Some(leaf(
                "x",
                Ask::OneOf(false, vec!["a", "b"]),
                Silence::Passes
            ))
        );
        assert_eq!(
            read(r#"!(x != "a")"#),
            Some(leaf(
                "x",
                Ask::Compare(Sign::Equal, Term::Text("a")),
                Silence::Unknown
            ))
        );
        assert_eq!(
            read("!(months > 6.0)"),
            Some(leaf(
                "months",
                Ask::Compare(Sign::LessOrEqual, Term::Number("6.0")),
                Silence::Unknown
            ))
        );
    }

    #[test]
    fn what_is_not_understood_is_not_guessed() {
        for odd in [
            "a ? b : c",
            "has(a)",
            "a &&",
            "(a",
            "a b",
            r#""open"#,
            r#"x == "\"""#,
            "1 < x",
        ] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!(read(&format!("{}a", "!".repeat(100))), None);
    }

    #[test]
    fn every_rule_of_the_rulebook_can_be_put_as_questions() -> Result<(), Box<dyn std::error::Error>>
    {
        let rulebook = candour_law::Rulebook::built_in()?;
        for test in rulebook.duties.iter().flat_map(|duty| &duty.tests) {
            for (place, source) in test.expressions() {
                assert!(read(source).is_some(), "{} {place}: {source}", test.id);
            }
        }
        Ok(())
    }
}
