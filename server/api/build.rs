//! Builds again when the dashboard was: embedded files are part of the source.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
