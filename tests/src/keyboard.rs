//! A person without a pointer: keys go to the window, and words and the focus are read from it. There is no way to click from here.

use crate::window::{Launch, Window};
use anyhow::{Context, Result, bail, ensure};
use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::json;

/// More presses than the longest way over a page takes.
const MOST_PRESSES: usize = 150;
/// More parts than a date with its time has.
const MOST_PARTS: usize = 8;

/// The window, as far as keys and eyes reach.
pub struct Keyboard {
    window: Window,
}

/// What has the focus.
#[derive(Deserialize)]
struct Focus {
    /// Whether it is, or points at, what was looked for.
    found: bool,
    /// Its role and its name.
    says: String,
    /// Whether nothing has it.
    lost: bool,
    /// Whether it had it before the last key too.
    stays: bool,
    /// Whether it had it before in this round.
    again: bool,
    /// Why a person would not see it.
    flaws: Vec<String>,
}

impl Keyboard {
    /// Opens the window.
    pub async fn open(launch: &Launch) -> Result<Self> {
        Ok(Self { window: Window::open(launch).await? })
    }

    /// Ends the program.
    pub async fn close(self) -> Result<()> {
        self.window.close().await
    }

    /// Presses one key.
    pub async fn press(&self, key: impl Into<char>) -> Result<()> {
        self.window.chord(&[], key.into()).await
    }

    /// Presses a key with others held down.
    pub async fn chord(&self, held: Key, key: impl Into<char>) -> Result<()> {
        self.window.chord(&[held.into()], key.into()).await
    }

    /// Types a text where the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.window.type_text(text).await
    }

    /// Types a text in place of what stands in the field that has the focus.
    pub async fn type_over(&self, text: &str) -> Result<()> {
        self.chord(Key::Control, 'a').await?;
        self.type_text(text).await
    }

    /// Presses Tab until what has this role and name has the focus.
    pub async fn tab_to(&self, role: &str, name: &str) -> Result<()> {
        self.go(&[], Key::Tab, role, name).await
    }

    /// Presses Shift+Tab until what has this role and name has the focus.
    pub async fn back_to(&self, role: &str, name: &str) -> Result<()> {
        self.go(&[Key::Shift], Key::Tab, role, name).await
    }

    /// Presses an arrow, or another key that steps, until what has this role and name has the focus or is what the focus points at.
    pub async fn step_to(&self, key: impl Into<char>, role: &str, name: &str) -> Result<()> {
        self.go(&[], key, role, name).await
    }

    /// Goes to a button by Tab and presses it.
    pub async fn push(&self, name: &str) -> Result<()> {
        self.tab_to("button", name).await?;
        self.press(Key::Enter).await
    }

    /// Goes to a field by Tab and types into it.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        self.tab_to("field", label).await?;
        self.type_over(text).await
    }

    /// Waits for these words.
    pub async fn reads(&self, words: &str) -> Result<()> {
        self.window.wait_for_words(words).await
    }

    /// Waits for what has this role and name.
    pub async fn sees(&self, role: &str, name: &str) -> Result<()> {
        self.window.wait_for(role, name).await.map(drop)
    }

    /// Whether there is what has this role and name.
    pub async fn has(&self, role: &str, name: &str) -> Result<bool> {
        Ok(self.window.find(role, name).await?.is_some())
    }

    /// Waits until the focus is on what has this role and name, without a key: the program has put it there.
    pub async fn is_at(&self, role: &str, name: &str) -> Result<()> {
        let at = self
            .window
            .wait_until(&format!("the focus on the {role} `{name}`"), async |_: &Window| {
                Ok(self.focus(role, name).await?.found.then_some(()))
            })
            .await;
        match at {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("the focus is on {}", self.focus(role, name).await?.says))),
        }
    }

    /// Waits for the banner of this patient.
    pub async fn sees_banner(&self, name: &str) -> Result<()> {
        self.window.wait_for_banner(name).await
    }

    /// Waits until this section of the chart is drawn.
    pub async fn opened(&self, section: &str) -> Result<()> {
        self.window.wait_for_section(section).await.map(drop)
    }

    /// Waits for the lock page, on which nothing of the patient may be left.
    pub async fn sees_lock(&self, patient: &str) -> Result<()> {
        self.window.wait_for_lock(patient).await
    }

    /// What stands in the field that has the focus.
    pub async fn typed(&self) -> Result<String> {
        let value = self.window.client.execute("return document.activeElement.value ?? ''", vec![]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// A script that only reads, for what no other look tells.
    pub async fn measure(&self, script: &str) -> Result<serde_json::Value> {
        Ok(self.window.client.execute(script, vec![]).await?)
    }

    /// Searches in the top line, from anywhere in the frame, and chooses what this is part of.
    pub async fn choose(&self, text: &str, option: &str) -> Result<()> {
        self.chord(Key::Control, 'k').await?;
        self.is_at("field", "Search patients").await?;
        self.type_text(text).await?;
        self.window
            .wait_until("an answer to what was typed", async |window: &Window| {
                const ANSWERED: &str = "return document.querySelector('#palette-list[aria-busy=false]') !== null";
                Ok((window.client.execute(ANSWERED, vec![]).await? == true).then_some(()))
            })
            .await?;
        self.step_to(Key::Down, "option", option).await?;
        self.press(Key::Enter).await
    }

    /// Runs a command of the palette.
    pub async fn command(&self, name: &str) -> Result<()> {
        self.choose(name, name).await
    }

    /// Axe in dark and light, chosen by the palette, and a picture of each; what axe finds is added to `findings`.
    pub async fn look(&self, name: &str, findings: &mut Vec<String>) -> Result<()> {
        for (colours, scheme) in [("Dark", "dark"), ("Light", "light")] {
            self.command(&format!("{colours} colours")).await?;
            let drawn = format!("return document.documentElement.dataset.mantineColorScheme === '{scheme}'");
            self.window
                .wait_until(&format!("the {scheme} colours"), async |window: &Window| {
                    Ok((window.client.execute(&drawn, vec![]).await? == true).then_some(()))
                })
                .await?;
            self.window.picture(&format!("{name}-{scheme}"))?;
            findings.extend(self.axe(&format!("{name}, {scheme}")).await?);
        }
        Ok(())
    }

    /// A picture of the window for people.
    pub fn picture(&self, name: &str) -> Result<()> {
        self.window.picture(name)
    }

    /// What axe finds on this page as it is.
    pub async fn axe(&self, page: &str) -> Result<Vec<String>> {
        Ok(self.window.axe().await?.into_iter().map(|finding| format!("{page}: {finding}")).collect())
    }

    /// What of the page is not seen whole as it is.
    pub async fn cut_off(&self, page: &str) -> Result<Vec<String>> {
        Ok(self.window.cut_off().await?.into_iter().map(|finding| format!("{page}: {finding}")).collect())
    }

    /// Waits until the page is so wide for its own elements: less when everything is larger.
    pub async fn is_wide(&self, pixels: u64) -> Result<()> {
        const WIDTH: &str = "return window.innerWidth";
        let wide = self
            .window
            .wait_until(&format!("a page of {pixels} pixels"), async |window: &Window| {
                // The window system may take a pixel for itself.
                let now = window.client.execute(WIDTH, vec![]).await?.as_u64();
                Ok(now.is_some_and(|now| now.abs_diff(pixels) < 2).then_some(()))
            })
            .await;
        match wide {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("the page has {}", self.measure(WIDTH).await?))),
        }
    }

    /// Goes by Tab over everything on the page, until it comes round, and back by Shift+Tab. Nothing holds the focus, every stop is in sight
    /// and marked, and all that a pointer could press is among the stops.
    pub async fn round(&self, page: &str) -> Result<()> {
        let forth = self.circle(page, &[]).await?;
        let back = self.circle(page, &[Key::Shift]).await?;
        ensure!(
            forth == back,
            "{page}: Tab passes {forth} stops and Shift+Tab {back}, so that something holds the focus one way"
        );
        Ok(())
    }

    async fn circle(&self, page: &str, held: &[Key]) -> Result<usize> {
        self.measure("window.vigilPassed = new Set(); return true").await?;
        let mut stops = Vec::new();
        let mut flaws = Vec::new();
        let mut stays = 0;
        let came_to;
        loop {
            ensure!(stops.len() < MOST_PRESSES, "{page}: no end of stops: {}", stops.join(", "));
            // A question with one button keeps the focus there.
            if stays >= MOST_PARTS && stops.len() == 1 {
                came_to = "the only one".to_owned();
                break;
            }
            ensure!(stays < MOST_PARTS, "{page}: the focus does not leave the last of: {}", stops.join(", "));
            self.tab(held, Key::Tab.into()).await?;
            let focus = self.focus("", "").await?;
            flaws.extend(focus.flaws);
            if focus.again {
                came_to = focus.says;
                break;
            }
            stays = if focus.stays { stays + 1 } else { 0 };
            // Behind the last one is the window itself.
            if !focus.lost && (!focus.stays || stops.is_empty()) {
                stops.push(focus.says);
            }
        }
        let missed = self.window.client.execute(PASSED, vec![]).await?;
        let missed: Vec<String> = serde_json::from_value(missed).context("the page did not say what was missed")?;
        flaws.extend(missed.into_iter().map(|one| format!("no Tab comes to {one}")));
        if !flaws.is_empty() {
            bail!("{page}:\n{}\nThe stops were:\n{}\nand {came_to} again", flaws.join("\n"), stops.join("\n"));
        }
        Ok(stops.len())
    }

    async fn go(&self, held: &[Key], key: impl Into<char>, role: &str, name: &str) -> Result<()> {
        let key = key.into();
        // Words come before what they stand on can be reached: it has to be there.
        self.window.wait_for(role, name).await?;
        let mut passed = Vec::new();
        while passed.len() < MOST_PRESSES {
            let focus = self.focus(role, name).await?;
            ensure!(focus.flaws.is_empty(), "on the way to the {role} `{name}`: {}", focus.flaws.join(", "));
            if focus.found {
                return Ok(());
            }
            passed.push(focus.says);
            self.tab(held, key).await?;
        }
        bail!("{MOST_PRESSES} keys did not come to the {role} `{name}`, only to:\n{}", passed.join("\n"))
    }

    async fn tab(&self, held: &[Key], key: char) -> Result<()> {
        self.window.chord(&held.iter().map(|key| (*key).into()).collect::<Vec<char>>(), key).await
    }

    async fn focus(&self, role: &str, name: &str) -> Result<Focus> {
        let focus = self.window.client.execute(FOCUS, vec![json!(role), json!(name)]).await?;
        serde_json::from_value(focus).context("the page did not say what has the focus")
    }
}

const FOCUS: &str = concat!(include_str!("names.js"), include_str!("focus.js"));
const PASSED: &str = concat!(include_str!("names.js"), include_str!("passed.js"));
