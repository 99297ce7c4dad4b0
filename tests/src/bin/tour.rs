//! The tour of the demo: drives the real window through the main job and saves a picture of each step.
//!
//! `tour --binary PATH --out DIR [--width N --height N] first-start -- ARGUMENTS...` opens the window as a person does, also of a
//! release build, and makes the first administrator with keys alone.
//! `tour --binary PATH --out DIR --user NAME --search TEXT --patient NAME --value NAME --server PATH --server-config FILE --server-operation PORT
//! main-job -- ARGUMENTS...` walks through the main job, and through an hour without the central server; the password stands on
//! standard input.

use anyhow::{Context, Result, bail};
use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use vigil_tests::central_server::CentralServer;
use vigil_tests::home::Home;
use vigil_tests::hospital::{ADMINISTRATOR, SignIn};
use vigil_tests::seen::Seen;
use vigil_tests::window::{Launch, Window};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut options = HashMap::new();
    let kind = loop {
        let word = arguments.next().context("say `first-start` or `main-job`")?;
        match word.strip_prefix("--") {
            Some(option) => options.insert(option.to_owned(), arguments.next().context("an option has no value")?),
            None => break word,
        };
    };
    let tour = Tour::new(options, arguments.skip_while(|word| word == "--").collect())?;
    match kind.as_str() {
        "first-start" => tour.first_start(),
        "main-job" => tour.main_job().await,
        other => bail!("there is no tour {other}: say `first-start` or `main-job`"),
    }
}

struct Tour {
    options: HashMap<String, String>,
    arguments: Vec<String>,
    out: PathBuf,
    home: Home,
}

impl Tour {
    fn new(options: HashMap<String, String>, arguments: Vec<String>) -> Result<Self> {
        let out = PathBuf::from(options.get("out").context("--out is missing")?);
        fs::create_dir_all(&out)?;
        Ok(Self { options, arguments, out, home: Home::new()? })
    }

    fn launch(&self) -> Result<Launch> {
        let number = |name: &str, usual: u32| self.options.get(name).map_or(Ok(usual), |text| text.parse());
        Ok(Launch {
            binary: PathBuf::from(self.option("binary")?),
            arguments: self.arguments.clone(),
            environment: self.home.environment(),
            log: self.out.join("window.log"),
            size: (number("width", 1280)?, number("height", 800)?),
        })
    }

    fn first_start(&self) -> Result<()> {
        let mut window = Seen::open(&self.launch()?)?;
        window.wait_for_gate()?;
        window.screenshot(&self.out.join("01-first-start.png"))?;
        Self::say("01-first-start")?;
        // The first field has the focus; the others follow in the order of the page.
        let (name, password) = ("M. ADEYEMI", ADMINISTRATOR.password);
        for (number, text) in ["Alder Valley", name, ADMINISTRATOR.username, password, password].iter().enumerate() {
            // Between the two passwords stands the button that shows them.
            for _ in 0..[0, 1, 1, 1, 2].get(number).copied().unwrap_or(1) {
                window.press("Tab")?;
            }
            window.type_text(text)?;
        }
        window.screenshot(&self.out.join("02-filled-in.png"))?;
        Self::say("02-filled-in")?;
        window.press_and_see("Return")?;
        window.screenshot(&self.out.join("03-recovery-key.png"))?;
        Self::say("03-recovery-key")?;
        // To the second button: going on without a key, which is asked for once more.
        for key in ["Tab", "Return", "space", "Tab"] {
            window.press_and_see(key)?;
        }
        window.screenshot(&self.out.join("04-without-a-key.png"))?;
        Self::say("04-without-a-key")?;
        window.press("Return")?;
        window.wait_for_frame()?;
        window.screenshot(&self.out.join("05-home.png"))?;
        Self::say("05-home")?;
        window.close()
    }

    async fn main_job(&self) -> Result<()> {
        let mut password = String::new();
        std::io::stdin().read_line(&mut password)?;
        let who = SignIn { username: self.option("user")?, password: password.trim_end() };
        let patient = self.option("patient")?;
        let (server, config) = (PathBuf::from(self.option("server")?), PathBuf::from(self.option("server-config")?));
        let mut server = CentralServer::of(&server, &config, self.option("server-operation")?.parse()?);
        server.start()?;
        let window = Window::open(&self.launch()?).await?;
        let walked = match self.walk(&window, who, patient).await {
            Ok(()) => self.without_the_server(&window, &mut server, patient).await,
            Err(error) => Err(error),
        };
        if walked.is_err() {
            // What stood on the screen says more than the error, which is the one to tell.
            let _ = window.screenshot(&self.out.join("failed.png"));
        }
        walked?;
        window.close().await
    }

    async fn walk(&self, window: &Window, who: SignIn<'_>, patient: &str) -> Result<()> {
        window.wait_for("heading", "Sign in").await?;
        self.seen(window, "01-sign-in")?;
        window.sign_in(who).await?;
        self.seen(window, "02-home")?;
        window.search_patients(self.option("search")?, patient).await?;
        self.seen(window, "03-search")?;
        window.open_chart(patient).await?;
        anyhow::ensure!(window.open_section("Summary").await?, "the summary of {patient} is empty");
        self.seen(window, "04-chart")?;
        for (picture, section) in [("05-medications", "Meds"), ("06-results", "Results"), ("07-timeline", "Timeline")] {
            anyhow::ensure!(window.open_section(section).await?, "the section {section} is empty");
            self.seen(window, picture)?;
        }
        window.open_plot("Results", self.option("value")?).await?;
        self.seen(window, "08-plot")?;
        window.click("button", "Dark").await?;
        window.wait_for_plot().await?;
        self.seen(window, "09-plot-dark")?;
        window.click("button", "Light").await?;
        window.open_section("Access").await?;
        self.seen(window, "10-access")?;
        window.lock(patient).await?;
        self.seen(window, "11-locked")?;
        window.unlock(who).await?;
        window.wait_for_banner(patient).await?;
        window.wait_for("tab", "Access").await?;
        self.seen(window, "12-unlocked")
    }

    /// What is written while the server is away has its receipt once it is back.
    async fn without_the_server(&self, window: &Window, server: &mut CentralServer, patient: &str) -> Result<()> {
        window.wait_for_words("No entry waits").await?;
        self.seen(window, "13-connected")?;
        server.stop()?;
        window.search_patients(self.option("search")?, patient).await?;
        window.wait_for_words("Offline since").await?;
        self.seen(window, "14-offline")?;
        server.start()?;
        window.wait_for_words("No entry waits").await?;
        self.seen(window, "15-receipt")
    }

    fn option(&self, name: &str) -> Result<&str> {
        self.options.get(name).map(String::as_str).with_context(|| format!("--{name} is missing"))
    }

    fn seen(&self, window: &Window, step: &str) -> Result<()> {
        window.screenshot(&self.out.join(format!("{step}.png")))?;
        Self::say(step)
    }

    fn say(step: &str) -> Result<()> {
        Ok(writeln!(std::io::stdout(), "  seen: {step}")?)
    }
}
