//! Figures as Prometheus and its kin read them: families of samples, in either of two spellings.

use std::fmt::{Display, Write};

/// How figures are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Prometheus' text format 0.0.4.
    Text,
    /// OpenMetrics 1.0.0, which differs in the heads of counters, in units and in an end mark.
    OpenMetrics,
}

impl Format {
    /// Returns what a reader that sends `accept` wants. Prometheus names both; the text format is
    /// what everything reads.
    pub fn wanted(accept: Option<&str>) -> Self {
        let types = accept.into_iter().flat_map(|accept| accept.split(','));
        let mut essences = types.map(|media| media.split(';').next().unwrap_or_default().trim());
        if essences.any(|essence| essence.eq_ignore_ascii_case("application/openmetrics-text")) {
            Self::OpenMetrics
        } else {
            Self::Text
        }
    }

    /// Returns its content type.
    pub fn media(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// Returns what has to stand after the last sample.
    pub fn end(self) -> &'static str {
        match self {
            Self::Text => "",
            Self::OpenMetrics => "# EOF\n",
        }
    }
}

/// Figures, being written down.
pub(crate) struct Page {
    text: String,
    format: Format,
}

impl Page {
    /// Starts a page.
    pub fn new(format: Format) -> Self {
        Self {
            text: String::new(),
            format,
        }
    }

    /// Begins a family. A counter's name ends in `_total`; a name that ends in a unit says so.
    pub fn head(&mut self, name: &str, kind: &str, about: &str) {
        let family = match self.format {
            Format::OpenMetrics => name.strip_suffix("_total").unwrap_or(name),
            Format::Text => name,
        };
        // Writing into a string cannot fail.
        let _ = writeln!(self.text, "# HELP {family} {about}\n# TYPE {family} {kind}");
        if self.format == Format::OpenMetrics
            && let Some(unit) = unit_of(family)
        {
            let _ = writeln!(self.text, "# UNIT {family} {unit}");
        }
    }

    /// Adds a sample; `labels` are escaped already.
    pub fn value(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = if labels.is_empty() {
            writeln!(self.text, "{name} {value}")
        } else {
            writeln!(self.text, "{name}{{{labels}}} {value}")
        };
    }

    /// Adds a family of one sample.
    pub fn one(&mut self, name: &str, kind: &str, about: &str, value: impl Display) {
        self.head(name, kind, about);
        self.value(name, "", value);
    }

    /// Adds a counter with one label.
    pub fn by(&mut self, name: &str, label: &str, about: &str, values: &[(&str, u64)]) {
        self.head(name, "counter", about);
        for (word, value) in values {
            self.value(name, &format!("{label}=\"{word}\""), value);
        }
    }

    /// Adds one series of a histogram: upper bounds with the counts between them, the last count
    /// being of what is above every bound.
    pub fn histogram(
        &mut self,
        name: &str,
        labels: &str,
        bounds: &[f64],
        counts: &[u64],
        sum: f64,
    ) {
        let comma = if labels.is_empty() { "" } else { "," };
        let mut below = 0;
        let bounds = bounds.iter().map(f64::to_string);
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(counts) {
            below += count;
            let labels = format!("{labels}{comma}le=\"{bound}\"");
            self.value(&format!("{name}_bucket"), &labels, below);
        }
        self.value(&format!("{name}_sum"), labels, sum);
        self.value(&format!("{name}_count"), labels, below);
    }

    /// Returns how long the page is.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Adds what has to stand at the end.
    pub fn end(&mut self) {
        self.text.push_str(self.format.end());
    }

    /// Returns what was written since the last time.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

fn unit_of(family: &str) -> Option<&'static str> {
    const UNITS: [&str; 6] = [
        "bytes_per_second",
        "bytes",
        "seconds",
        "celsius",
        "watts",
        "ratio",
    ];
    UNITS.into_iter().find(|unit| {
        family
            .strip_suffix(unit)
            .is_some_and(|rest| rest.ends_with('_'))
    })
}

/// Adds `name="value"` to `labels`, escaped, with a comma where one is needed. An empty value is
/// the same as none.
pub(crate) fn label(labels: &mut String, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    if !labels.is_empty() {
        labels.push(',');
    }
    labels.push_str(name);
    labels.push_str("=\"");
    for c in value.chars() {
        match c {
            '\\' => labels.push_str("\\\\"),
            '"' => labels.push_str("\\\""),
            '\n' => labels.push_str("\\n"),
            // Text from elsewhere does not steer whoever looks at it.
            c if c.is_control() => labels.push('\u{fffd}'),
            c => labels.push(c),
        }
    }
    labels.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_two_spellings_differ_where_they_have_to() {
        let page = |format: Format| {
            let mut page = Page::new(format);
            page.head("pulse_net_bytes_total", "counter", "Bytes.");
            page.value("pulse_net_bytes_total", "a=\"b\"", 1.5);
            page.end();
            page.take()
        };
        let text = "# HELP pulse_net_bytes_total Bytes.\n# TYPE pulse_net_bytes_total counter\n\
                    pulse_net_bytes_total{a=\"b\"} 1.5\n";
        assert_eq!(page(Format::Text), text);
        let open = "# HELP pulse_net_bytes Bytes.\n# TYPE pulse_net_bytes counter\n\
                    # UNIT pulse_net_bytes bytes\npulse_net_bytes_total{a=\"b\"} 1.5\n# EOF\n";
        assert_eq!(page(Format::OpenMetrics), open);
    }

    #[test]
    fn a_reader_gets_what_it_names() {
        let prometheus =
            "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
        assert_eq!(Format::wanted(Some(prometheus)), Format::OpenMetrics);
        for accept in [None, Some("*/*"), Some("text/plain"), Some("")] {
            assert_eq!(Format::wanted(accept), Format::Text);
        }
    }

    #[test]
    fn label_values_cannot_leave_their_quotes() {
        let mut labels = String::new();
        label(&mut labels, "name", "a\"} 1\nb\\\u{1b}[31m é");
        label(&mut labels, "parent", "");
        label(&mut labels, "type", "vm");
        let expected = "name=\"a\\\"} 1\\nb\\\\\u{fffd}[31m é\",type=\"vm\"";
        assert_eq!(labels, expected);
    }

    #[test]
    fn a_histogram_adds_up() {
        let mut page = Page::new(Format::Text);
        page.histogram("t_seconds", "m=\"x\"", &[0.1, 1.0], &[2, 3, 1], 4.5);
        let expected = "t_seconds_bucket{m=\"x\",le=\"0.1\"} 2\nt_seconds_bucket{m=\"x\",le=\"1\"} 5\n\
            t_seconds_bucket{m=\"x\",le=\"+Inf\"} 6\nt_seconds_sum{m=\"x\"} 4.5\nt_seconds_count{m=\"x\"} 6\n";
        assert_eq!(page.take(), expected);
    }
}
