//! The command line: what can be started and asked for.

mod audit;

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::demo;
use crate::host::{self, Host};
use crate::licence::{self, Licence as LicenceText, TrustedKeys, Verifier};
use crate::practice::{self, Practice};
use crate::store::cipher as store;
use crate::store::codes;
use crate::web::routes;

#[derive(Parser)]
#[command(version, about, long_about = None)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the portal with sample data, a practice ERP and three log-ins
    Demo {
        /// Where the portal listens; the practice ERP takes the two ports after it
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Where the demo keeps its files; made anew when missing
        #[arg(long)]
        folder: Option<PathBuf>,
        /// Forget what an earlier demo left behind
        #[arg(long)]
        fresh: bool,
    },
    /// Start the portal
    Serve {
        /// The configuration file; README describes its lines
        #[arg(long)]
        config: PathBuf,
    },
    /// Serve the practice ERP's connector over SOAP, for anybody's client
    ConnectorHost {
        #[arg(long, default_value = "127.0.0.1:8081")]
        listen: SocketAddr,
        /// The practice ERP's file; made and filled when missing
        #[arg(long, default_value = "practice-erp.db")]
        file: PathBuf,
    },
    /// List every address of the portal and who may use it
    Routes {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Work with the history
    Audit {
        #[command(subcommand)]
        command: audit::Audit,
    },
    /// Issue and check licence files
    Licence {
        #[command(subcommand)]
        command: Licence,
    },
}

#[derive(Subcommand)]
enum Licence {
    /// Make a key pair: the private key goes to a file, the public one is printed
    Key { private_key: PathBuf },
    /// Issue a licence file, printed
    Issue {
        #[arg(long)]
        private_key: PathBuf,
        #[arg(long)]
        customer: String,
        #[arg(long)]
        seats: i64,
        /// Last day, as 2027-12-31
        #[arg(long)]
        until: jiff::civil::Date,
    },
    /// Check a licence file against a public key, or against the keys built in
    Verify {
        file: PathBuf,
        #[arg(long)]
        public_key: Option<String>,
    },
}

/// Runs the command line; the exit code says how it went.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime
        .context("the runtime cannot start")
        .and_then(|runtime| runtime.block_on(carry_out(arguments.command)));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gleichlauf: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn start_log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,actix_server=warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

async fn carry_out(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo { listen, folder, fresh } => demo::run(listen, folder, fresh).await?,
        Command::Serve { config } => serve(&config).await?,
        Command::ConnectorHost { listen, file } => connector_host(listen, &file).await?,
        Command::Routes { json } => list_routes(json)?,
        Command::Audit { command } => return audit::carry_out(command).await,
        Command::Licence { command } => return licence_command(command),
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(path: &Path) -> anyhow::Result<()> {
    let config = Config::from_file(path)?;
    let listener = TcpListener::bind(config.listen)
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    let clock = Clock::machine();
    let plugins = app::plugins(&config, &clock).await?;
    let app = app::open(&config, clock, TrustedKeys::built_in()?, plugins).await?;
    if let Some(code) = codes::issue_first_code(&app.portal.store).await? {
        println!("No user exists yet. Open /code and enter this one-time code within 30 minutes:");
        println!("  {}", *code.reveal());
    }
    println!("Gleichlauf listens on http://{}", config.listen);
    app.run(listener).await
}

async fn connector_host(listen: SocketAddr, file: &Path) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let practice = Practice::open(file, Clock::machine()).await?;
    println!("http://{}{}", listener.local_addr()?, host::PATH);
    let host = Host::new(vec![(practice::CONNECTOR_NAME.to_owned(), practice.connector())]);
    host::serve(listener, host)?.await?;
    Ok(())
}

fn list_routes(json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(&routes::as_json())?);
        return Ok(());
    }
    for route in routes::TABLE.iter() {
        println!("{:6} {:60} {:?}", route.method.as_str(), route.path, route.rule);
    }
    Ok(())
}

fn licence_command(command: Licence) -> anyhow::Result<ExitCode> {
    match command {
        Licence::Key { private_key } => {
            let pair = licence::key_pair()?;
            store::write_private(&private_key, &pair.private_pem)
                .with_context(|| private_key.display().to_string())?;
            println!("{}", pair.public);
        }
        Licence::Issue { private_key, customer, seats, until } => {
            let pem = std::fs::read_to_string(&private_key)
                .with_context(|| private_key.display().to_string())?;
            let text = LicenceText {
                customer,
                edition: "Development Tools".to_owned(),
                seats,
                issued: licence::today(Clock::machine().now()),
                expires: until,
                is_demo: false,
            };
            print!("{}", licence::issue(&pem, &text)?);
        }
        Licence::Verify { file, public_key } => {
            let text =
                std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let trusted =
                public_key.map_or_else(TrustedKeys::built_in, |key| TrustedKeys::only(&key))?;
            let status = Verifier::new(trusted).status(Some(&text), Clock::machine().now());
            println!("{status:?}");
            return Ok(ExitCode::from(u8::from(status.valid().is_none())));
        }
    }
    Ok(ExitCode::SUCCESS)
}
