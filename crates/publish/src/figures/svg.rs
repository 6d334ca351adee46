//! The few shapes that the pictures are made of.

use std::fmt;

use crate::html::Html;

/// Pictures are this wide in their own units: about the CSS pixels that a telephone has for them, so that
/// there the text is as large as it says. The style sheet makes it smaller as pictures grow.
pub(super) const WIDTH: f64 = 320.0;
/// How wide a letter is at most, about, in the text of a narrow picture.
pub(super) const LETTER: f64 = 8.8;
/// From one line of text in a picture to the next.
pub(super) const LINE: f64 = 17.0;

/// A coordinate: one decimal, and none where there is none.
#[derive(Clone, Copy)]
pub(super) struct At(pub f64);

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // No number that is none may reach a picture.
        let tenths = if self.0.is_finite() {
            (self.0 * 10.0).round() as i64
        } else {
            0
        };
        match (tenths / 10, (tenths % 10).abs()) {
            (whole, 0) => write!(f, "{whole}"),
            (0, part) if tenths < 0 => write!(f, "-.{part}"),
            (0, part) => write!(f, ".{part}"),
            (whole, part) => write!(f, "{whole}.{part}"),
        }
    }
}

/// Where a text stands to its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// So that a text of so many letters stays inside the picture.
    pub fn inside(x: f64, letters: usize) -> Anchor {
        let half = letters as f64 * LETTER / 2.0;
        if x < half {
            Anchor::Start
        } else if x > WIDTH - half {
            Anchor::End
        } else {
            Anchor::Middle
        }
    }
}

pub(super) fn text(
    h: &mut Html,
    class: &'static str,
    (x, y): (f64, f64),
    anchor: Anchor,
    says: &str,
) {
    h.lit("<text");
    if !class.is_empty() {
        h.lit(" class=\"").lit(class).lit("\"");
    }
    h.lit(" x=\"").num(At(x)).lit("\" y=\"").num(At(y));
    h.lit(match anchor {
        Anchor::Start => "\">",
        Anchor::Middle => "\" text-anchor=\"middle\">",
        Anchor::End => "\" text-anchor=\"end\">",
    });
    h.text(says).lit("</text>");
}

pub(super) fn path(h: &mut Html, class: &'static str, d: &str) {
    if !d.is_empty() {
        h.lit("<path class=\"")
            .lit(class)
            .lit("\" d=\"")
            .text(d)
            .lit("\"/>");
    }
}

pub(super) fn rect(
    h: &mut Html,
    class: &'static str,
    (x, y): (f64, f64),
    (width, height): (f64, f64),
) {
    h.lit("<rect class=\"").lit(class);
    h.lit("\" x=\"").num(At(x)).lit("\" y=\"").num(At(y));
    h.lit("\" width=\"").num(At(width.max(0.0)));
    h.lit("\" height=\"").num(At(height.max(0.0))).lit("\"/>");
}

/// A path through points, broken where one is missing.
pub(super) fn broken_line(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut d = String::new();
    let mut begun = false;
    for point in points {
        match point {
            Some((x, y)) => {
                d.push_str(&format!(
                    "{}{} {}",
                    if begun { 'L' } else { 'M' },
                    At(x),
                    At(y)
                ));
                begun = true;
            }
            None => begun = false,
        }
    }
    d
}

/// Dots of one size, whatever the size of the picture: lines of no length with round ends.
pub(super) fn dots(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    points
        .into_iter()
        .map(|(x, y)| format!("M{} {}h0", At(x), At(y)))
        .collect()
}

/// A mark that is told by its shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Shape {
    Diamond,
    Up,
    Down,
    Square,
    Ring,
}

impl Shape {
    /// Its outline about a point.
    pub fn path(self, (x, y): (f64, f64)) -> String {
        let (x, y) = (At(x), At(y));
        match self {
            Shape::Diamond => format!("M{x} {y}m0-7.5l7.5 7.5l-7.5 7.5l-7.5-7.5z"),
            Shape::Up => format!("M{x} {y}m0-7.5l7.5 13h-15z"),
            Shape::Down => format!("M{x} {y}m0 7.5l7.5-13h-15z"),
            Shape::Square => format!("M{x} {y}m-5.5-5.5h11v11h-11z"),
            Shape::Ring => format!("M{x} {y}m-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z"),
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Shape::Ring => "mark ring",
            _ => "mark",
        }
    }
}

/// What stands before a line of the key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Glyph {
    /// A line, by its class.
    Line(&'static str),
    /// A line with a dot on it.
    Dotted,
    Dot,
    Shape(Shape),
    /// An area, by its class.
    Area(&'static str),
    /// The line that says "one to four".
    Few,
    /// An upright line across a bar.
    Tick,
    /// An interval with its middle, by the shape of it.
    Interval(Shape),
    /// A letter on a line.
    Letter(char, &'static str),
}

pub(super) fn glyph(h: &mut Html, glyph: Glyph) {
    const MIDDLE: (f64, f64) = (16.0, 9.0);
    h.lit("<svg class=\"plot glyph\" aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 32 18\" width=\"32\" height=\"18\">");
    match glyph {
        Glyph::Line(class) => path(h, class, "M1 9h30"),
        Glyph::Dotted => {
            path(h, "l-data", "M1 9h30");
            path(h, "d-data", "M16 9h0");
        }
        Glyph::Dot => path(h, "d-data", "M16 9h0"),
        Glyph::Shape(shape) => path(h, shape.class(), &shape.path(MIDDLE)),
        Glyph::Area(class) => rect(h, class, (2.0, 2.0), (28.0, 14.0)),
        Glyph::Few => path(h, "few", "M12 3h8M16 3v12M12 15h8"),
        Glyph::Tick => path(h, "tick", "M16 1v16"),
        Glyph::Interval(shape) => {
            path(h, "l-interval", "M1 9h30");
            path(h, shape.class(), &shape.path(MIDDLE));
        }
        Glyph::Letter(letter, class) => {
            path(h, class, "M0 9h32");
            badge(h, letter, MIDDLE);
        }
    }
    h.lit("</svg>");
}

/// A letter in a circle.
pub(super) fn badge(h: &mut Html, letter: char, (x, y): (f64, f64)) {
    h.lit("<g class=\"badge\">");
    path(
        h,
        "disc",
        &format!("M{} {}m-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0z", At(x), At(y)),
    );
    text(
        h,
        "",
        (x, y + 4.6),
        Anchor::Middle,
        letter.encode_utf8(&mut [0; 4]),
    );
    h.lit("</g>");
}

/// Lines of text below a point, parted by the height of their letters, whatever that is: pictures grow
/// and their letters do not. `from` is how many lines lie between.
pub(super) fn below(
    h: &mut Html,
    class: &'static str,
    (x, y): (f64, f64),
    anchor: Anchor,
    from: usize,
    lines: &[impl AsRef<str>],
) {
    for (place, line) in lines.iter().enumerate() {
        h.lit("<text");
        if !class.is_empty() {
            h.lit(" class=\"").lit(class).lit("\"");
        }
        h.lit(" x=\"").num(At(x)).lit("\" y=\"").num(At(y + 5.0));
        let down = 0.9 + 1.05 * (from + place) as f64;
        h.lit("\" dy=\"").num(At(down)).lit(match anchor {
            Anchor::Start => "em\">",
            Anchor::Middle => "em\" text-anchor=\"middle\">",
            Anchor::End => "em\" text-anchor=\"end\">",
        });
        h.text(line.as_ref()).lit("</text>");
    }
}

/// The name of an axis in as many lines as it takes, of much the same length.
pub(super) fn axis_name(says: &str) -> Vec<String> {
    const LETTERS: usize = 34;
    let lines = wrap(says, LETTERS).len().max(1);
    wrap(says, (says.chars().count() / lines + 5).min(LETTERS))
}

/// Lines of at most so many letters, broken between words.
pub(super) fn wrap(says: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in says.split_whitespace() {
        let word = shorten(word, letters);
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= letters => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The first letters of a label, where it is too long for the picture; all of it is in the table.
pub(super) fn shorten(label: &str, letters: usize) -> String {
    if label.chars().count() <= letters {
        return label.to_owned();
    }
    let mut short: String = label.chars().take(letters.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_always_numbers() {
        let says = |v: f64| At(v).to_string();
        assert_eq!(
            [says(12.04), says(0.5), says(-0.25), says(-3.26)],
            ["12", ".5", "-.3", "-3.3"]
        );
        assert_eq!([says(f64::NAN), says(f64::INFINITY)], ["0", "0"]);
    }

    #[test]
    fn a_line_breaks_where_a_point_is_missing() {
        let line = broken_line([Some((0.0, 1.0)), Some((1.0, 2.0)), None, Some((3.0, 4.0))]);
        assert_eq!(line, "M0 1L1 2M3 4");
    }

    #[test]
    fn text_wraps_between_words() {
        let says = "Support that was left, of what there was";
        assert_eq!(
            wrap(says, 24),
            ["Support that was left,", "of what there was"]
        );
        assert_eq!(wrap("incomprehensibilities", 8), ["incompr…"]);
        assert!(wrap("", 8).is_empty());
    }

    #[test]
    fn long_labels_are_shortened_by_letters_not_bytes() {
        assert_eq!(shorten("Ynys Môn", 8), "Ynys Môn");
        assert_eq!(shorten("Ynys Môn", 7), "Ynys M…");
    }
}
