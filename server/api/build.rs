//! Builds again when the dashboard was: embedded files are part of the source.

fn main() {
    #[expect(
        clippy::print_stdout,
        reason = "this is how a build script speaks to cargo"
    )]
    {
        println!("cargo::rerun-if-changed=../../web/dist");
    }
}
