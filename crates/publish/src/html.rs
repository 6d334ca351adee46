//! A small writer of HTML. Markup can only be a literal of ours; everything else is escaped.

/// A page being written.
#[derive(Default)]
pub(crate) struct Html(String);

impl Html {
    pub fn with_capacity(bytes: usize) -> Html {
        Html(String::with_capacity(bytes))
    }

    /// Markup of our own.
    pub fn lit(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Text from anywhere; safe between tags and inside a quoted attribute.
    pub fn text(&mut self, text: &str) -> &mut Html {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                // A browser would read these as ends of lines or not at all.
                '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}' => self.0.push('\u{fffd}'),
                _ => self.0.push(c),
            }
        }
        self
    }

    /// A number or anything else that prints itself.
    pub fn num(&mut self, value: impl std::fmt::Display) -> &mut Html {
        self.text(&value.to_string())
    }

    /// Paragraphs parted by empty lines, as rulebook texts are.
    pub fn paragraphs(&mut self, text: &str) -> &mut Html {
        for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
            self.lit("<p>").text(paragraph).lit("</p>\n");
        }
        self
    }

    /// What was written apart.
    pub fn append(&mut self, part: Html) -> &mut Html {
        self.0.push_str(&part.0);
        self
    }

    pub fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_what_a_page_would_read_as_markup() {
        let mut h = Html::default();
        h.lit("<p title=\"")
            .text("a \"b\" & 'c'")
            .lit("\">")
            .text("<script>x</script>\u{1}")
            .lit("</p>");
        assert_eq!(
            h.finish(),
            "<p title=\"a &quot;b&quot; &amp; &#39;c&#39;\">&lt;script&gt;x&lt;/script&gt;\u{fffd}</p>"
        );
    }

    #[test]
    fn empty_lines_part_paragraphs() {
        let mut h = Html::default();
        h.paragraphs("one\ntwo\n\n\nthree\n");
        assert_eq!(h.finish(), "<p>one\ntwo</p>\n<p>three</p>\n");
    }

    proptest! {
        #[test]
        fn no_text_makes_markup(text in ".*") {
            let mut h = Html::default();
            h.text(&text);
            let out = h.finish();
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
            for part in out.split('&').skip(1) {
                prop_assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|e| part.starts_with(e)));
            }
        }
    }
}
