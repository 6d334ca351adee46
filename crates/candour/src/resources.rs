//! `candour resources`: what putting right would take, from a finished inspection.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use candour_inspect::Resources;
use candour_inspect::resources::{
    Amount, Estimate, GradeUsed, Number, Options, RestitutionSum, TestEstimate, Total, estimate,
    part_in_words, price_years,
};
use candour_inspect::staff::Standards;
use candour_law::{Range, Remedies};
use serde::{Deserialize, Serialize};

use crate::args::{ResourcesArgs, Share};
use crate::failure::Failure;
use crate::inspect::rulebook;
use crate::staff::{self, StaffAnswer, Waiting};

/// What of `inspection.json` is needed here.
#[derive(Deserialize)]
struct Inspected {
    council: String,
    as_of: String,
    rulebook_sha256: String,
    resources: Resources,
    #[serde(flatten)]
    waiting: Waiting,
}

/// What is printed and written as JSON.
#[derive(Serialize)]
struct Answer<'a> {
    candour: &'static str,
    council: &'a str,
    as_of: &'a str,
    /// Whether the remedies are those of the rulebook that the inspection used.
    remedies_of_the_inspection: bool,
    estimate: &'a Estimate,
    /// Where diaries, posts or a day were given.
    staff: Option<&'a StaffAnswer>,
}

pub(crate) fn run(args: &ResourcesArgs) -> Result<ExitCode, Failure> {
    let inspected = read(&args.inspection)?;
    let rulebook = rulebook(args.rulebook.as_deref())?;
    let given;
    let remedies = match &args.remedies {
        Some(path) => {
            given = read_remedies(path, &rulebook)?;
            &given
        }
        None => rulebook.remedies.as_ref().ok_or(Failure::NoRemedies)?,
    };
    let estimate = estimate(&inspected.resources.counted, remedies, &options(args))?;
    let staff = match (args.staff.asked(), &rulebook.staff_time) {
        (true, Some(time)) => {
            let standards = Standards::of_rulebook(remedies, time);
            Some(staff::answer(
                &args.staff,
                &rulebook,
                &standards,
                &inspected.waiting,
            )?)
        }
        (true, None) => return Err(Failure::NoStaffTime),
        (false, _) => None,
    };
    let answer = Answer {
        candour: env!("CARGO_PKG_VERSION"),
        council: &inspected.council,
        as_of: &inspected.as_of,
        remedies_of_the_inspection: args.remedies.is_none()
            && rulebook.sha256 == inspected.rulebook_sha256,
        estimate: &estimate,
        staff: staff.as_ref(),
    };
    if let Some(folder) = &args.out {
        write_files(folder, args.force, &answer)?;
    }
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &answer).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&mut out, &answer)?;
        if let Some(staff) = &staff {
            staff::print(&mut out, &rulebook, &inspected.waiting, staff)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn options(args: &ResourcesArgs) -> Options {
    let mut options = Options {
        local_costs: args.local_cost.iter().cloned().collect(),
        ..Options::default()
    };
    for Share { of, share } in &args.confirmed {
        match of {
            Some(of) => {
                options.confirmed_of.insert(of.clone(), *share);
            }
            None => options.confirmed = Some(*share),
        }
    }
    options
}

fn read(folder: &Path) -> Result<Inspected, Failure> {
    let path = folder.join("inspection.json");
    let text = fs::read_to_string(&path).map_err(|source| {
        if source.kind() == std::io::ErrorKind::NotFound {
            Failure::NoInspection {
                path: folder.to_owned(),
            }
        } else {
            Failure::Case {
                path: path.clone(),
                source,
            }
        }
    })?;
    // The message of the parser may quote what stands in the file.
    serde_json::from_str(&text).map_err(|error| Failure::OldInspection {
        path,
        line: error.line(),
    })
}

fn read_remedies(path: &Path, rulebook: &candour_law::Rulebook) -> Result<Remedies, Failure> {
    let text = fs::read_to_string(path).map_err(|source| Failure::Case {
        path: path.to_owned(),
        source,
    })?;
    Remedies::from_text(&text, rulebook).map_err(|source| Failure::RulebookAt {
        path: path.to_owned(),
        source,
    })
}

/// Writes `resources.json` and `resources.csv`, each whole or not at all.
fn write_files(folder: &Path, force: bool, answer: &Answer<'_>) -> Result<(), Failure> {
    let files = [
        ("resources.json", {
            let mut json = serde_json::to_vec_pretty(answer).map_err(std::io::Error::from)?;
            json.push(b'\n');
            json
        }),
        ("resources.csv", csv(answer.estimate).into_bytes()),
    ];
    let fail = |source| Failure::Write {
        path: folder.to_owned(),
        source,
        advice: "Check that the folder may be written to and that the disk has room.",
    };
    fs::create_dir_all(folder).map_err(fail)?;
    if let Some((name, _)) = files.iter().find(|(name, _)| folder.join(name).exists())
        && !force
    {
        return Err(Failure::FileThere {
            path: folder.join(name),
        });
    }
    for (name, bytes) in &files {
        let aside = folder.join(format!(".{name}.part-{}", std::process::id()));
        fs::write(&aside, bytes).map_err(fail)?;
        fs::rename(&aside, folder.join(name)).map_err(fail)?;
    }
    Ok(())
}

fn csv(estimate: &Estimate) -> String {
    let mut text = String::from(
        "duty,test,strength,signals,people,gone,done_since,shared,to_do,when,hours_low,hours,hours_high,posts_low,posts,posts_high,pounds_low,pounds,pounds_high,pounds_local_low,pounds_local,pounds_local_high,price_year,assumed_share_of_hours,restitution_pounds_low,restitution_pounds,restitution_pounds_high,cannot_tell\n",
    );
    let years = price_years(estimate);
    let range = |r: Range| format!("{},{},{}", r.low, r.central, r.high);
    let mut row = |head: &str,
                   when: &str,
                   amount: Option<&Amount>,
                   money: Option<&RestitutionSum>,
                   why: &str| {
        let numbers = amount.map_or_else(
            || ",".repeat(12),
            |a| {
                format!(
                    "{},{},{},{},{years},{}",
                    range(a.hours),
                    range(a.posts),
                    range(a.pounds),
                    a.pounds_local.map_or_else(|| ",,".to_owned(), range),
                    a.assumed.map_or_else(String::new, |s| s.hours.to_string()),
                )
            },
        );
        let money = money.map_or_else(|| ",,".to_owned(), |m| range(m.pounds));
        text.push_str(&format!("{head},{when},{numbers},{money},\"{why}\"\n"));
    };
    for t in &estimate.tests {
        let head = format!(
            "{},{},{},{},{},{},{},{},{}",
            t.duty,
            t.test,
            t.strength,
            t.signals,
            t.people,
            t.gone,
            t.done_since,
            t.shared,
            t.to_do
        );
        let none = t.none_because.as_deref().unwrap_or_default();
        row(
            &head,
            "once",
            Some(&t.once),
            t.restitution.as_ref(),
            &none.replace('"', "'"),
        );
        let why = t.each_year_cannot_tell.as_deref().unwrap_or_default();
        if t.each_year.is_some() || !why.is_empty() {
            row(&head, "each_year", t.each_year.as_ref(), None, why);
        }
    }
    for (name, total) in [
        ("all", &estimate.total),
        ("without_questions", &estimate.without_questions),
    ] {
        let head = format!("total,{name},,,,,,,");
        row(
            &head,
            "once",
            Some(&total.once),
            Some(&total.restitution),
            "",
        );
        row(&head, "each_year", Some(&total.each_year), None, "");
    }
    text
}

fn print(out: &mut impl Write, answer: &Answer<'_>) -> Result<(), Failure> {
    let e = answer.estimate;
    writeln!(
        out,
        "Council {}, as of {}: what putting right would take",
        answer.council, answer.as_of
    )?;
    writeln!(out, "  {}", basis(e))?;
    writeln!(
        out,
        "  A signal is not a finding: only people who have read the files can say that something has to be put right."
    )?;
    writeln!(
        out,
        "  Numbers in brackets hold the middle {}% of {} answers worked out from drawn numbers (seed {}).",
        e.range_percent,
        thousands(f64::from(e.draws)),
        e.seed
    )?;
    if !answer.remedies_of_the_inspection {
        writeln!(
            out,
            "  The remedies are not those of the inspection’s own rulebook."
        )?;
    }
    writeln!(out)?;
    for sentence in sentences(e) {
        writeln!(out, "  {sentence}")?;
    }
    for t in &e.tests {
        test(out, e, t)?;
    }
    writeln!(
        out,
        "\nAltogether, work that several signals of a person ask for counted once"
    )?;
    total(out, e, &e.total)?;
    writeln!(out, "\nThe same without what is only a question to ask")?;
    total(out, e, &e.without_questions)?;
    prices(out, e)?;
    rests_on(out, e)?;
    Ok(())
}

fn basis(e: &Estimate) -> String {
    let mut text = match e.confirmed {
        None => "If every signal were confirmed.".to_owned(),
        Some(share) => format!(
            "If {} of the signals were confirmed, each independently of the others.",
            percents(share)
        ),
    };
    for of in &e.confirmed_of {
        text.push_str(&format!(
            " Of {} / {}: {}.",
            of.duty,
            of.test,
            percents(of.share)
        ));
    }
    text
}

fn percents(share: Range) -> String {
    let p = |x: f64| format!("{}%", (x * 1000.0).round() / 10.0);
    if share.low < share.high {
        format!(
            "{} ({} to {})",
            p(share.central),
            p(share.low),
            p(share.high)
        )
    } else {
        p(share.central)
    }
}

/// The answer for a director, in sentences.
fn sentences(e: &Estimate) -> Vec<String> {
    let (once, yearly) = (&e.total.once, &e.total.each_year);
    let mut all = Vec::new();
    if once.hours.central > 0.0 {
        all.push(format!(
            "To put right everything that is signalled would take about {} hours once, {} posts for a year, {}, between {} and {}, in {} prices{}.",
            thousands(about(once.hours.central)),
            posts(once.posts.central),
            pounds(about(once.pounds.central)),
            pounds(about(once.pounds.low)),
            pounds(about(once.pounds.high)),
            price_years(e),
            rests(once)
        ));
    } else {
        all.push("Nothing that is signalled asks for work to be caught up on.".to_owned());
    }
    if yearly.hours.central > 0.0 {
        all.push(format!(
            "To keep it right would take about {} hours, {} posts, {} a year, between {} and {}{}.",
            thousands(about(yearly.hours.central)),
            posts(yearly.posts.central),
            pounds(about(yearly.pounds.central)),
            pounds(about(yearly.pounds.low)),
            pounds(about(yearly.pounds.high)),
            rests(yearly)
        ));
    }
    let money = &e.total.restitution;
    if money.falls > 0 {
        all.push(format!(
            "Restitution for falls in support would come to about {}, between {} and {}, at the prices before each fall.",
            pounds(about(money.pounds.central)),
            pounds(about(money.pounds.low)),
            pounds(about(money.pounds.high))
        ));
    }
    all
}

fn rests(amount: &Amount) -> String {
    match amount.assumed {
        Some(assumed) if assumed.hours > 0.0 => {
            format!(
                "; {} of the hours are assumed",
                part_in_words(assumed.hours)
            )
        }
        _ => String::new(),
    }
}

fn test(out: &mut impl Write, e: &Estimate, t: &TestEstimate) -> Result<(), Failure> {
    if t.signals == 0 {
        return Ok(());
    }
    let question = if t.strength == "lead" {
        ", a question to ask"
    } else {
        ""
    };
    writeln!(out, "\n{} / {}{question}", t.duty, t.test)?;
    if let Some(why) = &t.none_because {
        writeln!(
            out,
            "  {}. Nothing is counted, because {why}",
            counted(t.signals, "signal", "signals")
        )?;
        return Ok(());
    }
    writeln!(out, "  {}", t.remedy.as_deref().unwrap_or_default())?;
    writeln!(
        out,
        "  {}, {} = {} with work to do + {} for whom it was done since + {} counted at another signal + {} who died or left",
        counted(t.signals, "signal", "signals"),
        counted(t.people, "person", "people"),
        t.to_do,
        t.done_since,
        t.shared,
        t.gone
    )?;
    amount(out, e, "once", &t.once)?;
    if let Some(yearly) = &t.each_year {
        amount(out, e, "each year", yearly)?;
    }
    if let Some(why) = &t.each_year_cannot_tell {
        writeln!(out, "    each year    {why}")?;
    }
    if let Some(money) = &t.restitution {
        restitution(out, money)?;
    }
    if let Some(what) = &t.leaves_out {
        writeln!(out, "    not counted  {what}")?;
    }
    Ok(())
}

fn total(out: &mut impl Write, e: &Estimate, total: &Total) -> Result<(), Failure> {
    amount(out, e, "once", &total.once)?;
    amount(out, e, "each year", &total.each_year)?;
    restitution(out, &total.restitution)?;
    let r = total.once_with_restitution;
    writeln!(
        out,
        "    once, with restitution: {} ({} to {})",
        pounds(r.central),
        pounds(r.low),
        pounds(r.high)
    )?;
    Ok(())
}

fn amount(out: &mut impl Write, e: &Estimate, when: &str, a: &Amount) -> Result<(), Failure> {
    if a.hours.central == 0.0 {
        writeln!(out, "    {when:<12} nothing")?;
        return Ok(());
    }
    writeln!(
        out,
        "    {when:<12} {} hours ({} to {}), {} posts ({} to {}), {} ({} to {}){}",
        thousands(a.hours.central),
        thousands(a.hours.low),
        thousands(a.hours.high),
        posts(a.posts.central),
        posts(a.posts.low),
        posts(a.posts.high),
        pounds(a.pounds.central),
        pounds(a.pounds.low),
        pounds(a.pounds.high),
        a.assumed.map_or_else(String::new, |s| format!(
            "; assumed: {} of hours, {} of posts, {} of pounds",
            whole_percent(s.hours),
            whole_percent(s.posts),
            whole_percent(s.pounds)
        ))
    )?;
    if let Some(local) = a.pounds_local {
        writeln!(
            out,
            "    {:<12} {} ({} to {}) at the council’s own prices, national where it gave none",
            "",
            pounds(local.central),
            pounds(local.low),
            pounds(local.high)
        )?;
    }
    let pieces: Vec<String> = a
        .pieces
        .iter()
        .map(|(id, n)| {
            let title = e.works.get(id).map_or(id.as_str(), String::as_str);
            format!("{title}: {}", thousands(*n))
        })
        .collect();
    let grades: Vec<String> = a
        .hours_by_grade
        .iter()
        .map(|(id, h)| format!("{id}: {} hours", thousands(h.central)))
        .collect();
    writeln!(
        out,
        "    {:<12} {}. By grade: {}",
        "",
        pieces.join("; "),
        grades.join("; ")
    )?;
    Ok(())
}

fn restitution(out: &mut impl Write, money: &RestitutionSum) -> Result<(), Failure> {
    if money.falls > 0 {
        writeln!(
            out,
            "    restitution  {} ({} to {}): {} of {}, {} a week, {} weeks in all ({} to {})",
            pounds(money.pounds.central),
            pounds(money.pounds.low),
            pounds(money.pounds.high),
            counted(money.falls, "fall", "falls"),
            counted(money.people, "person", "people"),
            pounds(money.weekly_pounds),
            thousands(money.weeks.central),
            thousands(money.weeks.low),
            thousands(money.weeks.high)
        )?;
    }
    for (why, n) in &money.no_sum {
        let why = match why.as_str() {
            "cost_not_recorded" => "costs are not recorded",
            _ => "support before and after cannot be compared",
        };
        writeln!(
            out,
            "    restitution  {}: cannot tell, because {why}",
            counted(*n, "more fall", "more falls")
        )?;
    }
    Ok(())
}

fn prices(out: &mut impl Write, e: &Estimate) -> Result<(), Failure> {
    writeln!(
        out,
        "\nPrices of an hour, national and the council’s own side by side"
    )?;
    for GradeUsed {
        cost,
        price_year,
        used_cost,
        costs,
        local_pounds_an_hour,
    } in &e.grades
    {
        writeln!(
            out,
            "  {} ({}){}",
            cost.title,
            cost.id,
            if cost.used { "" } else { ": not needed here" }
        )?;
        for one in costs {
            let used = if one.id == *used_cost {
                "used"
            } else {
                "not used"
            };
            writeln!(
                out,
                "    national   £{} in {price_year} prices: {} ({used}; {}){}",
                one.pounds_an_hour,
                one.says,
                cost.status,
                assumed(cost)
            )?;
        }
        match local_pounds_an_hour {
            Some(local) => writeln!(out, "    local      £{local}, given with --local-cost")?,
            None => writeln!(
                out,
                "    local      not given: --local-cost {}=POUNDS",
                cost.id
            )?,
        }
        if !cost.source.is_empty() {
            writeln!(out, "    source     {}", cost.source)?;
        }
    }
    let others: BTreeMap<&String, f64> = e
        .total
        .each_year
        .pounds_at_other_costs
        .iter()
        .map(|(id, p)| (id, *p))
        .collect();
    for (id, central) in others {
        writeln!(
            out,
            "  At the price `{id}` each year would cost {} and not {}.",
            pounds(central),
            pounds(e.total.each_year.pounds.central)
        )?;
    }
    writeln!(out, "  No price is moved to another year.")?;
    Ok(())
}

fn rests_on(out: &mut impl Write, e: &Estimate) -> Result<(), Failure> {
    writeln!(out, "\nWhat it rests on (hours of a task, unless said)")?;
    number(out, &e.working_year, &|x| format!("{} hours", thousands(x)))?;
    number(out, &e.share_on_cases, &|x| whole_percent(x))?;
    for task in e.tasks.iter().filter(|t| t.used) {
        number(out, task, &|x| x.to_string())?;
    }
    let r = &e.restitution_assumes;
    if e.total.restitution.falls > 0 {
        writeln!(out, "  Restitution: {}", r.why)?;
        writeln!(
            out,
            "    low      {}\n    central  {}\n    high     {}",
            r.low, r.central, r.high
        )?;
    }
    Ok(())
}

fn number(out: &mut impl Write, n: &Number, say: &dyn Fn(f64) -> String) -> Result<(), Failure> {
    writeln!(
        out,
        "  {}: {} ({} to {}), {}{}",
        n.title,
        say(n.value.central),
        say(n.value.low),
        say(n.value.high),
        n.status,
        assumed(n)
    )?;
    writeln!(
        out,
        "    {}{}{}",
        n.source,
        if n.source.is_empty() { "" } else { ". " },
        n.why
    )?;
    Ok(())
}

fn assumed(n: &Number) -> &'static str {
    if n.is_assumed() {
        ": assumed"
    } else if n.range_is_assumed() {
        "; low and high assumed"
    } else {
        ""
    }
}

fn counted(n: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        thousands(n as f64),
        if n == 1 { one } else { many }
    )
}

fn whole_percent(share: f64) -> String {
    format!("{}%", (share * 1000.0).round() / 10.0)
}

/// To two figures, in a sentence that says about.
fn about(n: f64) -> f64 {
    let n = n.max(0.0);
    let step = 10f64.powf(n.max(1.0).log10().floor() - 1.0).max(1.0);
    (n / step).round() * step
}

/// Two places below one post, one below a hundred.
fn posts(n: f64) -> String {
    if n < 1.0 {
        return format!("{n:.2}");
    }
    if n < 100.0 {
        format!("{n:.1}")
    } else {
        thousands(n)
    }
}

fn pounds(n: f64) -> String {
    format!("£{}", thousands(n))
}

/// `12,345`, to the nearest whole.
fn thousands(n: f64) -> String {
    let digits = (n.abs().round() as u64).to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
