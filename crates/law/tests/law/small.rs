//! A small rulebook made in memory, for one test at a time.

use std::sync::LazyLock;

use candour_law::{
    Duty, Evaluator, FactDef, FactType, Outcome, Rulebook, RulebookError, Symbol, Test, Value,
};

/// Facts `a` to `j`, true or false; `n`, a whole number; `t`, a text.
pub fn rulebook() -> &'static Rulebook {
    static MADE: LazyLock<Rulebook> = LazyLock::new(make);
    &MADE
}

fn make() -> Rulebook {
    let mut rulebook = Rulebook::built_in().unwrap();
    rulebook.facts.clear();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] {
        declare(&mut rulebook, name, FactType::Bool, &[]);
    }
    declare(&mut rulebook, "n", FactType::Int, &[]);
    declare(
        &mut rulebook,
        "t",
        FactType::Text,
        &["red", "green", "blue"],
    );
    rulebook
}

fn declare(rulebook: &mut Rulebook, name: &str, kind: FactType, values: &[&str]) {
    let fact = FactDef {
        id: name.to_owned(),
        kind,
        values: values.iter().map(|&value| value.to_owned()).collect(),
        otherwise: None,
        words: Default::default(),
        unit: String::new(),
        aliases: Vec::new(),
        derived_from: None,
        how: None,
        question: String::new(),
        look_for: String::new(),
        in_return: String::new(),
    };
    rulebook.facts.insert(name.to_owned(), fact);
}

/// A test written as in a duty file, but for what every test has.
pub fn test(body: &str) -> Test {
    toml::from_str(&format!(
        "id = \"test\"\ntitle = \"A test\"\noccasion = \"fall\"\nforce = \"statute\"\nstrength = \"strong\"\n{body}"
    ))
    .unwrap()
}

pub fn duty(rulebook: &Rulebook) -> &Duty {
    rulebook.duties.first().unwrap()
}

pub fn evaluator(body: &str) -> Result<Evaluator, RulebookError> {
    let rulebook = rulebook();
    Evaluator::new(rulebook, duty(rulebook), &test(body))
}

/// Evaluates with these facts; the others are unknown for a reason named after
/// them.
pub fn ask(evaluator: &mut Evaluator, bound: &[(&str, Value)]) -> Option<Outcome> {
    let values: Vec<Value> = evaluator
        .facts()
        .iter()
        .map(|fact| {
            bound.iter().find(|(name, _)| name == fact).map_or_else(
                || Value::Unknown(Symbol::intern(&format!("no_{fact}"))),
                |(_, value)| *value,
            )
        })
        .collect();
    evaluator.evaluate(&values).unwrap().cloned()
}
