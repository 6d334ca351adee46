//! Expressions: a small and checked part of CEL, read in three values.
//!
//! CEL's `&&` and `||` let one side decide when the other is an error. An
//! unknown fact is simply not bound, so its error is our third value and the
//! two operators are Kleene's. That holds only for the forms let in here:
//! comparisons, `&&`, `||`, `!`, literals and declared names. `has`, `?:` and
//! `in` are not Kleene, and a type error would be swallowed in the same way as
//! an unknown, so both are refused before anything is evaluated.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cel::common::ast::{CallExpr, Expr as Node, IdedExpr, LiteralValue, operators};
use cel::common::types::{CelBool, CelDouble, CelInt, CelString};
use cel::{Context, ExecutionError, Program};
use rustc_hash::FxHashMap;

use crate::occasions::STATES;
use crate::value::as_decimal;
use crate::{FactDef, FactType, Param, Rulebook, Symbol, Test, Value};

/// What is wrong with an expression, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub what: String,
    pub fix: String,
}

impl Fault {
    fn new(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            fix: fix.into(),
        }
    }
}

/// The names that an expression may use.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub facts: &'a BTreeMap<String, FactDef>,
    /// A case test's own numbers, which it may name. Nothing: a test of the
    /// record, which hands its numbers to facts and reads no states.
    pub params: Option<&'a BTreeMap<String, Param>>,
}

/// What a name stands for.
pub(crate) struct Declared {
    pub kind: FactType,
    /// Everything that a text may say; empty for a text that may say anything.
    pub values: Vec<Symbol>,
}

impl<'a> Scope<'a> {
    pub fn of(rulebook: &'a Rulebook, test: &'a Test) -> Self {
        Self {
            facts: &rulebook.facts,
            params: test.is_case().then_some(&test.params),
        }
    }

    pub fn record(facts: &'a BTreeMap<String, FactDef>) -> Self {
        Self {
            facts,
            params: None,
        }
    }

    /// A fact, the state of one, or what it was later on.
    pub fn find(&self, name: &str) -> Option<Declared> {
        if let Some(fact) = self.facts.get(name) {
            return Some(Declared {
                kind: fact.kind,
                values: fact
                    .values
                    .iter()
                    .map(|value| Symbol::intern(value))
                    .collect(),
            });
        }
        self.params?;
        if let Some(base) = name.strip_suffix("_later") {
            return self.find(base);
        }
        let base = name.strip_suffix("_state")?;
        self.facts.contains_key(base).then(|| Declared {
            kind: FactType::Text,
            values: STATES.iter().map(|state| Symbol::of(state)).collect(),
        })
    }

    fn number(&self, name: &str) -> Option<i64> {
        Some(self.params?.get(name)?.value)
    }
}

/// A checked expression.
#[derive(Clone)]
pub(crate) struct Expression {
    root: Arc<IdedExpr>,
    /// The test's own numbers that it names.
    constants: Vec<(String, i64)>,
    /// The facts it reads, in the order in which they are first mentioned.
    pub names: Vec<String>,
}

impl Expression {
    /// Reads and checks an expression that has to come out true or false.
    pub fn new(source: &str, scope: Scope<'_>) -> Result<Self, Vec<Fault>> {
        let root = compiled(source).map_err(|fault| vec![fault])?;
        let mut reader = Reader {
            scope,
            names: Vec::new(),
            constants: Vec::new(),
            faults: Vec::new(),
        };
        let kind = reader.read(&root);
        if let Some(kind) = kind
            && kind != FactType::Bool
        {
            reader.faults.push(Fault::new(
                format!("`{source}` is {}, not true or false", article(kind)),
                "compare it with something, such as `outcome == \"advice\"`",
            ));
        }
        let Reader {
            names,
            constants,
            faults,
            ..
        } = reader;
        if faults.is_empty() {
            Ok(Self {
                root,
                constants,
                names,
            })
        } else {
            Err(faults)
        }
    }

    /// The facts that a text mentions, whatever else is wrong with it.
    pub fn mentions(source: &str, scope: Scope<'_>) -> Vec<String> {
        let Ok(root) = compiled(source) else {
            return Vec::new();
        };
        let mut reader = Reader {
            scope,
            names: Vec::new(),
            constants: Vec::new(),
            faults: Vec::new(),
        };
        reader.read(&root);
        reader.names
    }

    /// True, false or, as `None`, unknown. `values` go with `names`.
    pub fn evaluate(&self, values: &[Value]) -> Result<Option<bool>, String> {
        match self.resolve(&self.root, values)? {
            Some(cel::Value::Bool(answer)) => Ok(Some(answer)),
            Some(_) => Err("it came out as something other than true or false".to_owned()),
            None => Ok(None),
        }
    }

    pub fn root(&self) -> &IdedExpr {
        &self.root
    }

    /// Evaluates one node with these values bound; `None` is unknown. Any
    /// error other than an unbound fact of ours is a fault.
    fn resolve(&self, node: &IdedExpr, values: &[Value]) -> Result<Option<cel::Value>, String> {
        resolve(node, &self.names, &self.constants, values)
    }
}

fn resolve(
    node: &IdedExpr,
    names: &[String],
    constants: &[(String, i64)],
    values: &[Value],
) -> Result<Option<cel::Value>, String> {
    let mut context = Context::empty();
    for (name, number) in constants {
        context.add_variable_as_val(name.as_str(), Box::new(CelInt::from(*number)));
    }
    for (name, value) in names.iter().zip(values) {
        match *value {
            Value::Unknown(_) => {}
            Value::Bool(value) => {
                context.add_variable_as_val(name.as_str(), Box::new(CelBool::from(value)))
            }
            Value::Int(value) => {
                context.add_variable_as_val(name.as_str(), Box::new(CelInt::from(value)))
            }
            Value::Number(hundredths) => context.add_variable_as_val(
                name.as_str(),
                Box::new(CelDouble::from(as_decimal(hundredths))),
            ),
            Value::Text(text) => {
                context.add_variable_as_val(name.as_str(), Box::new(CelString::from(text.as_str())))
            }
        }
    }
    match cel::Value::resolve(node, &context) {
        Ok(value) => Ok(Some(value)),
        Err(ExecutionError::UndeclaredReference(name)) => {
            let unbound = names
                .iter()
                .zip(values)
                .any(|(known, value)| *known == *name && !value.is_known());
            if unbound {
                Ok(None)
            } else {
                Err(format!(
                    "`{name}` is neither a fact nor an operator that is allowed"
                ))
            }
        }
        Err(error) => Err(error.to_string()),
    }
}

/// Compiled once for each distinct text, however many tests share it.
fn compiled(source: &str) -> Result<Arc<IdedExpr>, Fault> {
    static SEEN: OnceLock<Mutex<FxHashMap<String, Arc<IdedExpr>>>> = OnceLock::new();
    let seen = SEEN.get_or_init(Mutex::default);
    if let Some(found) = seen
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .get(source)
    {
        return Ok(Arc::clone(found));
    }
    if source.trim().is_empty() {
        return Err(Fault::new(
            "the expression is empty",
            "write it, or take its key out",
        ));
    }
    let root = match crate::quick::parse(source) {
        Some(root) => root,
        None => whole(source)?,
    };
    let root = Arc::new(root);
    seen.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(source.to_owned(), Arc::clone(&root));
    Ok(root)
}

/// Read by CEL's own parser, which says what is wrong.
fn whole(source: &str) -> Result<IdedExpr, Fault> {
    let program = Program::compile(source).map_err(|errors| {
        let first = errors.errors.first().map_or("", |error| error.msg.as_str());
        // The parser's list of everything it would have taken helps nobody.
        let (first, _) = first.split_once(" expecting").unwrap_or((first, ""));
        let first = first
            .trim_start_matches("Syntax error: ")
            .replace("'<EOF>'", "the end");
        Fault::new(
            format!("`{source}` cannot be read ({first})"),
            "write comparisons joined by `&&`, `||` and `!`",
        )
    })?;
    Ok(program.expression().clone())
}

/// Walks an expression, refusing every form that is not ours and finding the
/// type of each part.
struct Reader<'a> {
    scope: Scope<'a>,
    names: Vec<String>,
    constants: Vec<(String, i64)>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, what: impl Into<String>, fix: impl Into<String>) -> Option<FactType> {
        self.faults.push(Fault::new(what, fix));
        None
    }

    /// The type of a part, or nothing where a fault has been told.
    fn read(&mut self, node: &IdedExpr) -> Option<FactType> {
        const ALLOWED: &str = "use only comparisons, `&&`, `||`, `!`, facts and literals; work anything else out in a fact";
        match &node.expr {
            Node::Ident(name) => self.name(name),
            Node::Literal(literal) => match literal {
                LiteralValue::Boolean(_) => Some(FactType::Bool),
                LiteralValue::Int(number) if self.bare(*number.inner() == 0) => self.bare_number(),
                LiteralValue::Int(_) => Some(FactType::Int),
                LiteralValue::Double(number) if self.scope.params.is_some() => {
                    if self.bare(*number.inner() == 0.0) {
                        self.bare_number()
                    } else {
                        Some(FactType::Number)
                    }
                }
                LiteralValue::String(_) => Some(FactType::Text),
                LiteralValue::Double(_) | LiteralValue::UInt(_) => self.fault(
                    "a number that is not a plain whole number",
                    "facts hold whole numbers; write it as one",
                ),
                LiteralValue::Bytes(_) | LiteralValue::Null => self.fault(
                    "a literal that no fact can equal",
                    "use true, false, a whole number or a text in quotes",
                ),
            },
            Node::Call(call) => self.call(call),
            Node::Select(select) if select.test => self.fault(
                "`has(..)` is used, which does not treat unknown as unknown",
                ALLOWED,
            ),
            Node::Select(select) => self.fault(
                format!("`.{}` asks for a part of a fact", select.field),
                ALLOWED,
            ),
            Node::List(_) => self.fault("a list is used", ALLOWED),
            Node::Map(_) => self.fault("a map is used", ALLOWED),
            Node::Struct(_) => self.fault("a structure is used", ALLOWED),
            Node::Comprehension(_) => self.fault("a loop is used", ALLOWED),
            Node::Unspecified => self.fault("the expression is empty", ALLOWED),
        }
    }

    /// Whether a number stands in a case test without a name. Almost no number
    /// is in the Act, so each needs an owner.
    fn bare(&self, nought: bool) -> bool {
        self.scope.params.is_some() && !nought
    }

    fn bare_number(&mut self) -> Option<FactType> {
        self.fault(
            "a number stands without a name",
            "put it in `params` with its owner and why, and write its name here",
        )
    }

    fn name(&mut self, name: &str) -> Option<FactType> {
        let Some(fact) = self.scope.find(name) else {
            if let Some(number) = self.scope.number(name) {
                if !self.constants.iter().any(|(known, _)| known == name) {
                    self.constants.push((name.to_owned(), number));
                }
                return Some(FactType::Int);
            }
            let fix = match nearest(name, self.scope.facts.keys()) {
                Some(near) => {
                    format!("perhaps `{near}` was meant; otherwise declare it in facts.toml")
                }
                None => "declare it in facts.toml".to_owned(),
            };
            return self.fault(format!("`{name}` is not a declared fact"), fix);
        };
        if fact.kind == FactType::Date {
            return self.fault(
                format!("`{name}` is a day"),
                "rules read no days; read a fact that is worked out from it",
            );
        }
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        Some(fact.kind)
    }

    fn call(&mut self, call: &CallExpr) -> Option<FactType> {
        if call.target.is_some() {
            return self.fault(
                format!("`.{}(..)` is called", call.func_name),
                "no function can be called; work it out in a fact",
            );
        }
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, [one]) => {
                self.needs_bool("!", one);
                Some(FactType::Bool)
            }
            (operators::LOGICAL_AND, [left, right]) => {
                self.needs_bool("&&", left);
                self.needs_bool("&&", right);
                Some(FactType::Bool)
            }
            (operators::LOGICAL_OR, [left, right]) => {
                self.needs_bool("||", left);
                self.needs_bool("||", right);
                Some(FactType::Bool)
            }
            (operators::EQUALS, [left, right]) => self.compare("==", left, right),
            (operators::NOT_EQUALS, [left, right]) => self.compare("!=", left, right),
            (operators::LESS, [left, right]) => self.order("<", left, right),
            (operators::LESS_EQUALS, [left, right]) => self.order("<=", left, right),
            (operators::GREATER, [left, right]) => self.order(">", left, right),
            (operators::GREATER_EQUALS, [left, right]) => self.order(">=", left, right),
            (operators::CONDITIONAL, _) => self.fault(
                "`?:` is used, which does not treat unknown as unknown",
                "write it with `&&`, `||` and `!`",
            ),
            (operators::IN, _) => self.fault(
                "`in` is used, which does not treat unknown as unknown",
                "write the comparisons out, joined by `||`",
            ),
            (
                operators::ADD
                | operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
                | operators::NEGATE,
                _,
            ) => self.fault(
                "arithmetic is used",
                "all arithmetic of days and money happens in facts; give the fact a parameter",
            ),
            (operators::INDEX | operators::OPT_INDEX | operators::OPT_SELECT, _) => self.fault(
                "a part of a fact is asked for",
                "facts are true or false, whole numbers or texts",
            ),
            (name, _) => self.fault(
                format!("`{name}(..)` is called"),
                "no function can be called; work it out in a fact",
            ),
        }
    }

    fn needs_bool(&mut self, operator: &str, node: &IdedExpr) {
        if let Some(kind) = self.read(node)
            && kind != FactType::Bool
        {
            self.fault(
                format!("`{operator}` is given {}", article(kind)),
                format!(
                    "`{operator}` takes only what is true or false; compare it with something first"
                ),
            );
        }
    }

    fn compare(&mut self, operator: &str, left: &IdedExpr, right: &IdedExpr) -> Option<FactType> {
        if is_bool_literal(left) || is_bool_literal(right) {
            // `s == true` is false when `s` is text: it hides a mistake.
            return self.fault(
                format!("something is compared with true or false by `{operator}`"),
                "write the fact alone, or `!` before it",
            );
        }
        let (a, b) = (self.read(left)?, self.read(right)?);
        if a != b && !(numeric(a) && numeric(b)) {
            return self.fault(
                format!("`{operator}` compares {} with {}", article(a), article(b)),
                "compare like with like",
            );
        }
        self.literal_of(left, right);
        self.literal_of(right, left);
        Some(FactType::Bool)
    }

    fn order(&mut self, operator: &str, left: &IdedExpr, right: &IdedExpr) -> Option<FactType> {
        let (a, b) = (self.read(left)?, self.read(right)?);
        if !numeric(a) || !numeric(b) {
            let odd = if numeric(a) { b } else { a };
            return self.fault(
                format!("`{operator}` is given {}", article(odd)),
                if self.scope.params.is_some() {
                    format!("`{operator}` compares numbers only")
                } else {
                    format!("`{operator}` compares whole numbers only")
                },
            );
        }
        Some(FactType::Bool)
    }

    /// A text that a text fact is compared with must be one it can hold.
    fn literal_of(&mut self, fact: &IdedExpr, literal: &IdedExpr) {
        let (Node::Ident(name), Node::Literal(LiteralValue::String(text))) =
            (&fact.expr, &literal.expr)
        else {
            return;
        };
        let Some(declared) = self.scope.find(name) else {
            return;
        };
        let text = text.inner();
        if declared.values.is_empty() && self.scope.params.is_some() {
            return;
        }
        let values: Vec<String> = declared.values.iter().map(ToString::to_string).collect();
        if !values.iter().any(|value| value == text) {
            let fix = match nearest(text, values.iter()) {
                Some(near) => format!(
                    "perhaps `{near}` was meant; it can be: {}",
                    values.join(", ")
                ),
                None => format!("it can be: {}", values.join(", ")),
            };
            self.fault(format!("`{name}` can never be `{text}`"), fix);
        }
    }
}

fn numeric(kind: FactType) -> bool {
    matches!(kind, FactType::Int | FactType::Number)
}

fn is_bool_literal(node: &IdedExpr) -> bool {
    matches!(&node.expr, Node::Literal(LiteralValue::Boolean(_)))
}

fn article(kind: FactType) -> &'static str {
    match kind {
        FactType::Bool => "a true or false",
        FactType::Int => "a whole number",
        FactType::Number => "a number",
        FactType::Date => "a day",
        FactType::Text => "a text",
    }
}

/// The known name most like a mistyped one, if any is close.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    known
        .map(|candidate| (distance(name, candidate), candidate.as_str()))
        .filter(|(far, _)| *far <= 1 + name.len() / 5)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance over characters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(i + 1);
        let mut last = i + 1;
        for ((cb, &diagonal), &above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(ca != *cb);
            last = replaced.min(above + 1).min(last + 1);
            next.push(last);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// Stands for a text that no rule mentions.
pub(crate) const OTHER: &str = "another";

/// Enough values of a fact to see everything that these expressions can make
/// of it: each literal it is compared with, one more, and the numbers beside.
pub(crate) fn samples<'a>(
    fact: &str,
    kind: FactType,
    values: &[Symbol],
    expressions: impl Iterator<Item = &'a Expression>,
) -> Vec<Value> {
    match kind {
        FactType::Bool => vec![Value::Bool(true), Value::Bool(false)],
        FactType::Text => {
            let mut texts = Vec::new();
            for expression in expressions {
                visit(expression.root(), &mut |node| {
                    if let Some(LiteralValue::String(text)) = compared_with(node, fact) {
                        let text = Symbol::intern(text.inner());
                        if !texts.contains(&text) {
                            texts.push(text);
                        }
                    }
                });
            }
            let other = if values.is_empty() {
                Some(Symbol::of(OTHER))
            } else {
                values.iter().find(|value| !texts.contains(value)).copied()
            };
            texts.extend(other);
            texts.into_iter().map(Value::Text).collect()
        }
        FactType::Int => {
            let mut numbers = vec![0];
            for expression in expressions {
                let around = expression.numbers_beside(fact).into_iter();
                numbers.extend(around.flat_map(|number| {
                    [number.saturating_sub(1), number, number.saturating_add(1)]
                }));
            }
            numbers.sort_unstable();
            numbers.dedup();
            numbers.into_iter().map(Value::Int).collect()
        }
        FactType::Number => {
            let mut numbers = vec![0];
            for expression in expressions {
                let around = expression.numbers_beside(fact).into_iter();
                numbers.extend(around.flat_map(|number| {
                    let hundredths = number.saturating_mul(100);
                    [
                        hundredths.saturating_sub(1),
                        hundredths,
                        hundredths.saturating_add(1),
                    ]
                }));
            }
            numbers.sort_unstable();
            numbers.dedup();
            numbers.into_iter().map(Value::Number).collect()
        }
        FactType::Date => Vec::new(),
    }
}

/// Puts sample values, and the lack of them, to every part of an expression on
/// its own. A type error deep inside would be swallowed by `&&` or `||`; this
/// brings it out even where reading alone would have let it by.
pub(crate) fn probe(expression: &Expression, scope: Scope<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let names = &expression.names;
    let mut choices: Vec<Vec<Value>> = Vec::new();
    for name in names {
        let Some(fact) = scope.find(name) else {
            continue;
        };
        let mut samples = samples(name, fact.kind, &fact.values, std::iter::once(expression));
        samples.push(Value::unknown("not_recorded"));
        choices.push(samples);
    }
    for values in one_at_a_time(&choices) {
        visit(expression.root(), &mut |node| {
            if let Err(what) = expression.resolve(node, &values) {
                let fault = Fault::new(
                    format!("a part of it cannot be worked out: {what}"),
                    "use only comparisons of like with like, `&&`, `||`, `!`, facts and literals",
                );
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        });
    }
    faults
}

/// Every fact through each of its values, against the first and against the
/// last value of the others.
fn one_at_a_time(choices: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let firsts: Vec<Value> = choices
        .iter()
        .filter_map(|all| all.first().copied())
        .collect();
    let lasts: Vec<Value> = choices
        .iter()
        .filter_map(|all| all.last().copied())
        .collect();
    let mut rows = vec![firsts.clone(), lasts.clone()];
    for base in [firsts, lasts] {
        for (at, all) in choices.iter().enumerate() {
            for value in all {
                let mut row = base.clone();
                if let Some(slot) = row.get_mut(at) {
                    *slot = *value;
                }
                rows.push(row);
            }
        }
    }
    rows
}

impl Expression {
    /// The whole numbers that a fact is compared with, named or not.
    fn numbers_beside(&self, fact: &str) -> Vec<i64> {
        let mut found = Vec::new();
        visit(self.root(), &mut |node| {
            let Some((left, right)) = sides(node) else {
                return;
            };
            for (one, other) in [(left, right), (right, left)] {
                if !matches!(&one.expr, Node::Ident(name) if name == fact) {
                    continue;
                }
                match &other.expr {
                    Node::Literal(LiteralValue::Int(number)) => found.push(*number.inner()),
                    Node::Ident(name) => found.extend(
                        self.constants
                            .iter()
                            .filter(|(known, _)| known == name)
                            .map(|(_, number)| *number),
                    ),
                    _ => {}
                }
            }
        });
        found
    }
}

fn sides(node: &IdedExpr) -> Option<(&IdedExpr, &IdedExpr)> {
    match &node.expr {
        Node::Call(call) => match call.args.as_slice() {
            [left, right] => Some((left, right)),
            _ => None,
        },
        _ => None,
    }
}

fn compared_with<'a>(node: &'a IdedExpr, fact: &str) -> Option<&'a LiteralValue> {
    let (left, right) = sides(node)?;
    match (&left.expr, &right.expr) {
        (Node::Ident(name), Node::Literal(literal))
        | (Node::Literal(literal), Node::Ident(name))
            if name == fact =>
        {
            Some(literal)
        }
        _ => None,
    }
}

/// Calls `f` on a node and every node below it.
pub(crate) fn visit<'a>(node: &'a IdedExpr, f: &mut impl FnMut(&'a IdedExpr)) {
    f(node);
    if let Node::Call(call) = &node.expr {
        for arg in &call.args {
            visit(arg, f);
        }
    }
}
