//! What can be typed after `candour sample`.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

#[derive(ClapArgs)]
pub(crate) struct SampleArgs {
    #[command(subcommand)]
    pub command: SampleCommand,
}

#[derive(Subcommand)]
pub(crate) enum SampleCommand {
    /// 1. Lock the frame: the people that files may be drawn from
    Frame(FrameArgs),
    /// 2. Promise a plan and a seed that nobody can choose, before the seed is known
    Commit(CommitArgs),
    /// Turn a secret, read from standard input, into the number to give to `commit --sealed`
    Seal {
        /// Who keeps the secret, such as council
        name: String,
    },
    /// 3. Draw, with the seed that was promised
    Draw(DrawArgs),
    /// Make the draw again from frame, plan and seed, and compare it byte by byte
    Check(CheckArgs),
    /// Replace a person who was drawn, for a reason that stays on the record
    Replace(ReplaceArgs),
    /// How many files for what certainty
    Size(SizeArgs),
    /// What the files that were read say, draw by draw, and of everybody
    Estimate(EstimateArgs),
    /// How far two auditors agree
    Agreement(AgreementArgs),
}

/// `COLUMN=VALUE`.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub column: String,
    pub value: String,
}

fn filter(text: &str) -> Result<Filter, String> {
    match text.split_once('=') {
        Some((column, value)) if !column.is_empty() && !value.is_empty() => Ok(Filter {
            column: column.to_owned(),
            value: value.to_owned(),
        }),
        _ => Err("give COLUMN=VALUE, such as in_long_term_support=yes".into()),
    }
}

#[derive(ClapArgs)]
pub(crate) struct FrameArgs {
    /// Folder of an inspection
    #[arg(value_name = "INSPECTION_DIR")]
    pub inspection: PathBuf,
    /// Folder for the sample; new or empty
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Keep only people with this in a column of people.csv; several for one column mean any of them
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = filter)]
    pub only: Vec<Filter>,
    /// Add a column with what this test says of each person, to draw or to estimate by; may be given several times
    #[arg(long, value_name = "DUTY/TEST")]
    pub with_test: Vec<String>,
}

#[derive(ClapArgs)]
#[command(group = clap::ArgGroup::new("seed").required(true).args(["source", "sealed"]))]
pub(crate) struct CommitArgs {
    /// Folder of the sample
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Files drawn by chance
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub random: u64,
    /// Columns of the frame by which the random draw is stratified; `none` for a simple random draw
    #[arg(
        long,
        value_name = "COLUMN,...",
        value_delimiter = ',',
        default_value = "support_reason,district"
    )]
    pub strata: Vec<String>,
    /// What becomes of strata too small for a file of their own
    #[arg(long, value_enum, default_value_t = SmallStrata::Together)]
    pub small_strata: SmallStrata,
    /// Files drawn because of their signals
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub targeted: u64,
    /// Column with the number of signals to go by; `none` to take people of --target-where alike
    #[arg(long, value_name = "COLUMN", default_value = "strong_signals")]
    pub target_by: String,
    /// Target only people with this in a column; may be given several times
    #[arg(long, value_name = "COLUMN=VALUE", value_parser = filter)]
    pub target_where: Vec<Filter>,
    /// Whether the most signals come first, or chances are in proportion to them
    #[arg(long, value_enum, default_value_t = TargetRule::Most)]
    pub target_rule: TargetRule,
    /// CSV file with the column person: who allegations are about. All are read, apart from the other draws
    #[arg(long, value_name = "FILE")]
    pub alleged: Option<PathBuf>,
    /// Where the seed will come from in public, such as "Lotto, draw of Saturday 5 December 2026, main numbers"
    #[arg(long, value_name = "TEXT", conflicts_with = "sealed")]
    pub source: Option<String>,
    /// How it will be written
    #[arg(long, value_name = "dice:N|numbers:K:MAX|text", value_parser = form, default_value = "text")]
    pub form: Form,
    /// The SHA-256 that `candour sample seal` gave to somebody who keeps a secret part of the seed; one for each of them
    #[arg(long, value_name = "NAME=SHA256", value_parser = filter)]
    pub sealed: Vec<Filter>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum SmallStrata {
    /// They are put together with their like
    Together,
    /// Each gets a file of its own all the same
    Apart,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum TargetRule {
    Most,
    Proportional,
}

/// How a public seed is written, so that two people who watch write the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// Throws of a die in the order thrown, without spaces: `dice:25`.
    Dice(usize),
    /// So many different numbers up to a highest, rising, each of as many digits as the highest, joined by `-`.
    Numbers(usize, u32),
    /// As the source prints it.
    Text,
}

/// Fewer throws could be tried out one by one until somebody likes the draw.
const FEWEST_THROWS: usize = 20;

pub(crate) fn form(text: &str) -> Result<Form, String> {
    let parts: Vec<&str> = text.split(':').collect();
    match parts.as_slice() {
        ["text"] => Ok(Form::Text),
        ["dice", n] => match n.parse() {
            Ok(n) if n >= FEWEST_THROWS => Ok(Form::Dice(n)),
            _ => Err(format!(
                "give at least {FEWEST_THROWS} throws, as dice:{FEWEST_THROWS}"
            )),
        },
        ["numbers", k, most] => match (k.parse(), most.parse()) {
            (Ok(k), Ok(most)) if k >= 1 && most as usize >= k => Ok(Form::Numbers(k, most)),
            _ => Err("give how many numbers and the highest, as numbers:6:59".into()),
        },
        _ => Err("give dice:N, numbers:K:MAX or text".into()),
    }
}

impl Form {
    pub(crate) fn name(self) -> String {
        match self {
            Form::Dice(n) => format!("dice:{n}"),
            Form::Numbers(k, most) => format!("numbers:{k}:{most}"),
            Form::Text => "text".into(),
        }
    }

    /// How to write it, in words.
    pub(crate) fn words(self) -> String {
        match self {
            Form::Dice(n) => {
                format!("{n} throws of a die, as thrown, digits 1 to 6 without spaces")
            }
            Form::Numbers(k, most) => {
                let width = most.to_string().len();
                format!(
                    "{k} different numbers from 1 to {most}, rising, each written with {width} digits, joined by -"
                )
            }
            Form::Text => "the text that the source prints, without spaces at either end".into(),
        }
    }

    pub(crate) fn fits(self, seed: &str) -> bool {
        match self {
            Form::Dice(n) => seed.len() == n && seed.bytes().all(|b| (b'1'..=b'6').contains(&b)),
            Form::Numbers(k, most) => {
                let width = most.to_string().len();
                let numbers: Option<Vec<u32>> = seed
                    .split('-')
                    .map(|part| {
                        let plain = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
                        part.parse()
                            .ok()
                            .filter(|n| plain && (1..=most).contains(n))
                    })
                    .collect();
                numbers
                    .is_some_and(|numbers| numbers.len() == k && numbers.is_sorted_by(|a, b| a < b))
            }
            Form::Text => true,
        }
    }
}

#[derive(ClapArgs)]
pub(crate) struct DrawArgs {
    /// Folder of the sample
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The seed as promised; of sealed parts each as NAME=SECRET
    #[arg(long, required = true, value_name = "SEED")]
    pub seed: Vec<String>,
}

#[derive(ClapArgs)]
pub(crate) struct CheckArgs {
    /// Folder of the sample
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Make the frame again from this inspection too
    #[arg(long, value_name = "INSPECTION_DIR")]
    pub inspection: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct ReplaceArgs {
    /// Folder of the sample
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Who is replaced, as in drawn.csv
    pub person: String,
    /// Why
    #[arg(long, value_enum)]
    pub reason: Reason,
    /// The reason in a few words, for `other`. It is printed: name nobody
    #[arg(long, value_name = "TEXT", required_if_eq("reason", "other"))]
    pub note: Option<String>,
    /// In this draw only, when the person is in several
    #[arg(long, value_enum)]
    pub draw: Option<DrawName>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Reason {
    /// The person says no
    SaidNo,
    /// Reading the file would put somebody at risk
    Safeguarding,
    /// The council cannot find the file
    FileMissing,
    /// Anything else, in words (--note)
    Other,
}

impl Reason {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reason::SaidNo => "said-no",
            Reason::Safeguarding => "safeguarding",
            Reason::FileMissing => "file-missing",
            Reason::Other => "other",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum DrawName {
    Random,
    Targeted,
    Alleged,
}

#[derive(ClapArgs)]
pub(crate) struct SizeArgs {
    /// Numbers of files to tell about
    #[arg(long, value_name = "N,...", value_delimiter = ',', default_value = "6,12,30,50,60,100",
          value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub files: Vec<u64>,
    /// People in the frame; without it, a council of any size
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub people: Option<u64>,
    /// Margins to reach, in points
    #[arg(long, value_name = "POINTS,...", value_delimiter = ',', default_value = "5,10",
          value_parser = share)]
    pub points: Vec<f64>,
    /// Faults to find, in percent of cases
    #[arg(long, value_name = "PERCENT,...", value_delimiter = ',', default_value = "5,10",
          value_parser = share)]
    pub fault: Vec<f64>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A percentage as a share.
fn share(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(n) if n > 0.0 && n < 100.0 => Ok(n / 100.0),
        _ => Err("give a number above 0 and below 100".into()),
    }
}

#[derive(ClapArgs)]
pub(crate) struct EstimateArgs {
    /// Folder of the sample
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// What the auditors found: CSV with the columns person, draw, outcome (yes, no, not recorded)
    #[arg(value_name = "AUDITED.csv")]
    pub audited: PathBuf,
    /// What `yes` says, for the sentences
    #[arg(long, value_name = "TEXT", default_value = "the fault was found")]
    pub says: String,
    /// Use the signals of this test as the first phase; without it, strong and lead signals of every test
    #[arg(long, value_name = "DUTY/TEST")]
    pub test: Option<String>,
    /// The inspection with that test's verdicts, when the frame was locked without --with-test
    #[arg(long, value_name = "INSPECTION_DIR", requires = "test")]
    pub inspection: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct AgreementArgs {
    /// CSV with the columns case, question, first, second
    #[arg(value_name = "FILE.csv")]
    pub file: PathBuf,
    /// Whether answers are grades 1 to 4; without it, questions answered in nothing else are
    #[arg(long, value_enum, default_value_t = Scale::Auto)]
    pub scale: Scale,
    /// Answers that could be given; without it, those that were given
    #[arg(long, value_name = "ANSWER,...", value_delimiter = ',')]
    pub categories: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Scale {
    Auto,
    /// Answers without an order: yes, part, no, nr, na
    Nominal,
    /// Grades 1 to 4
    Grades,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_written_in_one_way_only() {
        let lotto = form("numbers:6:59").unwrap();
        assert!(lotto.fits("03-11-17-28-40-52"));
        for wrong in [
            "3-11-17-28-40-52",
            "11-03-17-28-40-52",
            "03-11-17-28-40-60",
            "03-11-17-28-40",
            "03-03-17-28-40-52",
            "03 11 17 28 40 52",
            "+3-11-17-28-40-52",
            "",
        ] {
            assert!(!lotto.fits(wrong), "{wrong}");
        }
        let dice = form("dice:20").unwrap();
        assert!(dice.fits("12345612345612345612"));
        for wrong in [
            "1234561234561234561",
            "12345612345612345617",
            "1234561234561234561 ",
        ] {
            assert!(!dice.fits(wrong), "{wrong}");
        }
        for wrong in [
            "dice:6",
            "dice",
            "numbers:6",
            "numbers:7:6",
            "lotto",
            "numbers:0:9",
        ] {
            assert!(form(wrong).is_err(), "{wrong}");
        }
        for right in ["dice:25", "numbers:6:59", "text"] {
            assert_eq!(form(right).unwrap().name(), right);
        }
    }
}
