//! The dashboard's weight: the scripts a browser must have before it paints, compressed.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Compressed bytes of every script the page names in its head; nothing when it was never built.
///
/// # Errors
/// When the page names a script that is not there.
pub fn script_bytes(dist: &Path) -> Result<Option<u64>> {
    let Ok(page) = fs::read_to_string(dist.join("index.html")) else {
        return Ok(None);
    };
    let mut sum = 0;
    for script in scripts(&page) {
        let path = dist.join(script.trim_start_matches('/'));
        let text = fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&text)?;
        sum += gzip.finish()?.len() as u64;
    }
    Ok(Some(sum))
}

/// Values of `src` and `href` that name scripts.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    let values = page
        .split(['"', '\''])
        .filter(|value| value.ends_with(".js"));
    values.filter(|value| !value.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_preloads_count_and_styles_do_not() {
        let page = r#"<script type="module" src="/assets/a.js"></script>
            <link rel="modulepreload" href="/assets/b.js"><link rel="stylesheet" href="/assets/c.css">"#;
        assert_eq!(
            scripts(page).collect::<Vec<_>>(),
            ["/assets/a.js", "/assets/b.js"]
        );
    }
}
