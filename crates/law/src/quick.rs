//! Reads the plain expressions that rules are written in, many times faster
//! than CEL's own parser, whose generality we refuse anyway. Whatever is not
//! plain is left to that parser, so nothing is read that CEL would not read
//! the same way; a test holds the two against each other.

use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, operators};
use cel::common::types::{CelBool, CelDouble, CelInt, CelString};

/// The expression, or nothing where it is not plain.
pub(crate) fn parse(source: &str) -> Option<IdedExpr> {
    let mut reader = Reader {
        rest: source,
        id: 0,
        depth: 0,
    };
    let node = reader.any()?;
    reader.space();
    reader.rest.is_empty().then_some(node)
}

/// Deeper than any rule; what is deeper is left to CEL, which has its own limit.
const DEEPEST: usize = 32;

/// Words that mean something to CEL, or may one day.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "false",
    "for",
    "function",
    "if",
    "import",
    "in",
    "let",
    "loop",
    "namespace",
    "null",
    "package",
    "return",
    "true",
    "var",
    "void",
    "while",
];

const RELATIONS: &[(&str, &str)] = &[
    ("==", operators::EQUALS),
    ("!=", operators::NOT_EQUALS),
    ("<=", operators::LESS_EQUALS),
    (">=", operators::GREATER_EQUALS),
    ("<", operators::LESS),
    (">", operators::GREATER),
];

struct Reader<'a> {
    rest: &'a str,
    id: u64,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn any(&mut self) -> Option<IdedExpr> {
        self.chain("||", operators::LOGICAL_OR, |reader| {
            reader.chain("&&", operators::LOGICAL_AND, Self::relation)
        })
    }

    fn chain(
        &mut self,
        sign: &str,
        name: &str,
        part: impl Fn(&mut Self) -> Option<IdedExpr>,
    ) -> Option<IdedExpr> {
        let mut left = part(self)?;
        while self.take(sign) {
            let right = part(self)?;
            left = self.call(name, vec![left, right]);
        }
        Some(left)
    }

    fn relation(&mut self) -> Option<IdedExpr> {
        let left = self.unary()?;
        let Some(name) = self.relation_sign() else {
            return Some(left);
        };
        let right = self.unary()?;
        // `a < b < c` is no plain expression.
        if self.relation_sign().is_some() {
            return None;
        }
        Some(self.call(name, vec![left, right]))
    }

    fn relation_sign(&mut self) -> Option<&'static str> {
        RELATIONS
            .iter()
            .find(|(sign, _)| self.take(sign))
            .map(|(_, name)| *name)
    }

    fn unary(&mut self) -> Option<IdedExpr> {
        self.space();
        if self.rest.starts_with("!=") || !self.take("!") {
            return self.primary();
        }
        self.space();
        // CEL drops pairs of `!`.
        if self.rest.starts_with('!') {
            return None;
        }
        let inner = self.primary()?;
        Some(self.call(operators::LOGICAL_NOT, vec![inner]))
    }

    fn primary(&mut self) -> Option<IdedExpr> {
        self.space();
        let first = self.rest.chars().next()?;
        match first {
            '(' => {
                self.depth += 1;
                if self.depth > DEEPEST || !self.take("(") {
                    return None;
                }
                let inner = self.any()?;
                self.depth -= 1;
                self.take(")").then_some(inner)
            }
            '"' | '\'' => self.text(first),
            '0'..='9' => self.number(),
            'a'..='z' | 'A'..='Z' | '_' => self.name(),
            _ => None,
        }
    }

    fn text(&mut self, quote: char) -> Option<IdedExpr> {
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        // Escapes, line ends and the triple quotes that begin as an empty text
        // are CEL's business.
        let tripled = text.is_empty() && rest.starts_with(quote);
        if tripled || text.contains(['\\', '\n', '\r']) {
            return None;
        }
        self.rest = rest;
        let literal = LiteralValue::String(CelString::from(text.to_owned()));
        Some(self.node(Expr::Literal(literal)))
    }

    fn number(&mut self) -> Option<IdedExpr> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
        let digits =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let literal = match word.split_once('.') {
            Some((whole, part)) if digits(whole) && digits(part) => {
                LiteralValue::Double(CelDouble::from(word.parse::<f64>().ok()?))
            }
            None if digits(word) => LiteralValue::Int(CelInt::from(word.parse::<i64>().ok()?)),
            _ => return None,
        };
        Some(self.node(Expr::Literal(literal)))
    }

    fn name(&mut self) -> Option<IdedExpr> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || c == '_');
        self.space();
        // A call, a part of something, or a marked text such as r"..".
        if self.rest.starts_with(['(', '.', '[', '{', '"', '\'', '?']) {
            return None;
        }
        let expr = match word {
            "true" => Expr::Literal(LiteralValue::Boolean(CelBool::from(true))),
            "false" => Expr::Literal(LiteralValue::Boolean(CelBool::from(false))),
            _ if RESERVED.contains(&word) => return None,
            _ => Expr::Ident(word.to_owned()),
        };
        Some(self.node(expr))
    }

    fn word(&mut self, of: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !of(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn take(&mut self, sign: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn call(&mut self, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
        self.node(Expr::Call(CallExpr {
            func_name: name.to_owned(),
            target: None,
            args,
        }))
    }

    fn node(&mut self, expr: Expr) -> IdedExpr {
        self.id += 1;
        IdedExpr { id: self.id, expr }
    }
}

#[cfg(test)]
mod tests {
    use cel::Program;
    use cel::common::ast::{Expr, IdedExpr, operators};
    use proptest::prelude::*;

    use super::parse;
    use crate::Rulebook;

    /// An expression without ids, and with no mark of how `&&` and `||` are
    /// grouped, which changes nothing.
    fn shape(node: &IdedExpr) -> String {
        match &node.expr {
            Expr::Call(call)
                if matches!(
                    call.func_name.as_str(),
                    operators::LOGICAL_AND | operators::LOGICAL_OR
                ) =>
            {
                let mut parts = Vec::new();
                flat(node, &call.func_name, &mut parts);
                format!("({} {})", call.func_name, parts.join(" "))
            }
            Expr::Call(call) => {
                let args: Vec<_> = call.args.iter().map(shape).collect();
                format!("({} {})", call.func_name, args.join(" "))
            }
            other => format!("{other:?}"),
        }
    }

    fn flat(node: &IdedExpr, name: &str, parts: &mut Vec<String>) {
        match &node.expr {
            Expr::Call(call) if call.func_name == name => {
                for arg in &call.args {
                    flat(arg, name, parts);
                }
            }
            _ => parts.push(shape(node)),
        }
    }

    fn same(source: &str) {
        let Some(quick) = parse(source) else { return };
        let cel = Program::compile(source).unwrap_or_else(|_| panic!("CEL refuses `{source}`"));
        assert_eq!(shape(&quick), shape(cel.expression()), "{source}");
    }

    #[test]
    fn every_rule_is_plain_and_read_as_cel_reads_it() {
        let rulebook = Rulebook::built_in().unwrap();
        for test in rulebook.duties.iter().flat_map(|duty| &duty.tests) {
            for (_, source) in test.expressions() {
                assert!(parse(source).is_some(), "{source}");
                same(source);
            }
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_cel() {
        for source in [
            "",
            "a &&",
            "a b",
            "!!a",
            "-1",
            "a < b < c",
            "has(a)",
            "a.b",
            "a[0]",
            "[a]",
            "{a: b}",
            "a ? b : c",
            "a in b",
            "null",
            "1u",
            "0x1",
            "1e3",
            "r'x'",
            "'a\\'b'",
            "a + b",
            "(a",
            "a)",
            "'a",
            "''''''",
            "for",
            ".5",
            "5.",
            "a =! b",
            "a = b",
            "a & b",
        ] {
            assert!(parse(source).is_none(), "{source}");
        }
    }

    fn expression() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("a".to_owned()),
            Just("done_state".to_owned()),
            Just("true".to_owned()),
            Just("3".to_owned()),
            Just("2.50".to_owned()),
            Just("'x y'".to_owned()),
            Just("\"it's\"".to_owned()),
        ];
        leaf.prop_recursive(5, 32, 2, |inner| {
            let sign = prop_oneof![
                Just("&&"),
                Just("||"),
                Just("=="),
                Just("!="),
                Just("<"),
                Just(">=")
            ];
            prop_oneof![
                inner.clone().prop_map(|one| format!("!{one}")),
                inner.clone().prop_map(|one| format!("( {one})")),
                (inner.clone(), sign, inner).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn of_any_expression(source in expression()) {
            same(&source);
        }
    }
}
