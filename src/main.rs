//! The command line.

fn main() -> std::process::ExitCode {
    gleichlauf::cli::run()
}
