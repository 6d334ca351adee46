//! Problems found in returns, counted by check and column, with the first rows as examples.

use candour_record::RowRef;

use crate::checks::CHECKS;
use crate::columns::Column;

/// Rows kept as examples of one kind of problem.
const EXAMPLES: usize = 5;
/// Columns, and one place for problems of no single column.
const PLACES: usize = Column::COUNT + 1;

/// One kind of problem.
#[derive(Clone, Debug)]
pub struct Problem {
    pub column: Option<Column>,
    /// Number of the check: 49 is CLD-049.
    pub check: u8,
    pub rows: u64,
    pub examples: Vec<RowRef>,
}

/// All problems of one or more returns.
#[derive(Clone)]
pub struct Quality {
    problems: Vec<(u64, Vec<RowRef>)>,
}

impl Default for Quality {
    fn default() -> Quality {
        Quality {
            problems: vec![(0, Vec::new()); CHECKS.len() * PLACES],
        }
    }
}

impl Quality {
    pub(crate) fn hit(&mut self, check: u8, column: Option<Column>, row: RowRef) {
        self.hits(check, column, 1, Some(row));
    }

    pub(crate) fn hits(
        &mut self,
        check: u8,
        column: Option<Column>,
        rows: u64,
        example: Option<RowRef>,
    ) {
        let place = column.map_or(Column::COUNT, |c| c as usize);
        let slot = usize::from(check).wrapping_sub(1) * PLACES + place;
        if let Some((count, examples)) = self.problems.get_mut(slot) {
            *count += rows;
            if examples.len() < EXAMPLES {
                examples.extend(example);
            }
        }
    }

    /// How often a check failed in a column so far.
    pub(crate) fn count(&self, check: u8, column: Column) -> u64 {
        let slot = usize::from(check).wrapping_sub(1) * PLACES + column as usize;
        self.problems.get(slot).map_or(0, |(rows, _)| *rows)
    }

    /// Takes in another file's problems.
    pub(crate) fn add(&mut self, other: &Quality) {
        for ((count, examples), (more, rows)) in self.problems.iter_mut().zip(&other.problems) {
            *count += more;
            let room = EXAMPLES.saturating_sub(examples.len());
            examples.extend(rows.iter().take(room).copied());
        }
    }

    /// Every kind of problem that was met, by check, then column.
    pub fn problems(&self) -> impl Iterator<Item = Problem> + '_ {
        self.problems
            .iter()
            .enumerate()
            .filter(|(_, (rows, _))| *rows > 0)
            .map(|(slot, (rows, examples))| Problem {
                column: Column::ALL.get(slot % PLACES).copied(),
                check: (slot / PLACES + 1) as u8,
                rows: *rows,
                examples: examples.clone(),
            })
    }
}
