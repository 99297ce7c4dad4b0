//! Finds things on the page as a person names them: by role and name.

use crate::data;
use crate::window::Window;
use anyhow::{Context, Result, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::fs;
use std::time::{Duration, Instant};

/// How long a page may take to show what it is asked for.
pub const PATIENCE: Duration = Duration::from_secs(20);

impl Window {
    /// All words on the page, as they are shown.
    pub async fn words(&self) -> Result<String> {
        let words = self.client.execute("return document.body ? document.body.innerText : ''", vec![]).await?;
        Ok(words.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until these words are on the page.
    pub async fn wait_for_words(&self, words: &str) -> Result<()> {
        self.wait_until(&format!("the words `{words}`"), async |window: &Self| {
            Ok(window.words().await?.to_lowercase().contains(&words.to_lowercase()).then_some(()))
        })
        .await
    }

    /// Waits until these words are gone from the page.
    pub async fn wait_without_words(&self, words: &str) -> Result<()> {
        self.wait_until(&format!("a page without `{words}`"), async |window: &Self| {
            Ok((!window.words().await?.to_lowercase().contains(&words.to_lowercase())).then_some(()))
        })
        .await
    }

    /// The visible thing with this ARIA role (or `field`, any labelled input) and accessible name; an equal name wins over one
    /// that contains it.
    pub async fn find(&self, role: &str, name: &str) -> Result<Option<Element>> {
        let found = self.client.execute(FIND, vec![json!(role), json!(name)]).await?;
        if found.is_null() { Ok(None) } else { self.element(&found).map(Some) }
    }

    /// The same, once it is there.
    pub async fn wait_for(&self, role: &str, name: &str) -> Result<Element> {
        self.wait_until(&format!("the {role} `{name}`"), async |window: &Self| window.find(role, name).await).await
    }

    /// Presses a button, a link, a tab ... with the pointer, brought into sight where it is not.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        // The page may draw the thing anew between the look and the click.
        self.wait_until(&format!("the {role} `{name}`, to click on it"), async |window: &Self| {
            let Some(found) = window.find(role, name).await? else { return Ok(None) };
            window.client.execute(INTO_SIGHT, vec![serde_json::to_value(&found)?]).await?;
            found.click().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Types into the field with this label, in place of what stands there.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        // The page may be loaded anew between the look and the click, as at the end of a session.
        let what = format!("the field `{label}`, to type into it");
        let field = self
            .wait_until(&what, async |window: &Self| {
                let Some(found) = window.find("field", label).await? else { return Ok(None) };
                found.click().await?;
                Ok(Some(found))
            })
            .await?;
        self.chord(&[Key::Control.into()], 'a').await?;
        field.send_keys(text).await.with_context(|| format!("could not type into `{label}`"))
    }

    /// Presses one key with others held down.
    pub async fn chord(&self, held: &[char], key: char) -> Result<()> {
        let mut keys = KeyActions::new("keyboard".to_owned());
        for value in held {
            keys = keys.then(KeyAction::Down { value: *value });
        }
        keys = keys.then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        for value in held.iter().rev() {
            keys = keys.then(KeyAction::Up { value: *value });
        }
        self.client.perform_actions(keys).await?;
        Ok(())
    }

    /// Axe in light and dark, and a picture of each for people; what axe finds is added to `findings`.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn look(&self, name: &str, findings: &mut Vec<String>) -> Result<()> {
        for colours in ["Dark", "Light"] {
            self.click("button", colours).await?;
            self.picture(&format!("{name}-{}", colours.to_lowercase()))?;
            findings.extend(self.axe().await?.into_iter().map(|finding| format!("{name}, {colours}: {finding}")));
        }
        Ok(())
    }

    /// Calls a command from within the page, around everything that the page would do; the code of the refusal, or empty.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn forged(&self, command: &str, request: Value) -> Result<String> {
        const SCRIPT: &str = "const done = arguments[arguments.length - 1];
            window.__TAURI_INTERNALS__.invoke(arguments[0], { request: arguments[1] })
                .then(() => done(''), (error) => done(error.code ?? String(error)));";
        let answer = self.client.execute_async(SCRIPT, vec![json!(command), request]).await?;
        Ok(answer.as_str().unwrap_or("no answer").to_owned())
    }

    /// Presses keys one after the other, as hands do; how many.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn press(&self, keys: &[char]) -> Result<usize> {
        for key in keys {
            self.chord(&[], *key).await?;
        }
        Ok(keys.len())
    }

    /// Types a text, key by key.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.press(&text.chars().collect::<Vec<_>>()).await.map(drop)
    }

    /// What axe-core finds on this page against WCAG 2.2 A and AA; one line for each rule that fails.
    pub async fn axe(&self) -> Result<Vec<String>> {
        let source = data::root().join("ui/node_modules/axe-core/axe.min.js");
        let source = fs::read_to_string(&source)
            .with_context(|| format!("{} is absent: run `npm ci` in ui", source.display()))?;
        self.client.execute(&source, vec![]).await.context("axe did not load")?;
        let answer = self.client.execute_async(AXE, vec![]).await.context("axe did not run")?;
        let Some(failures) = answer.as_array() else { bail!("axe failed: {answer}") };
        Ok(failures.iter().map(|failure| failure.as_str().unwrap_or_default().to_owned()).collect())
    }

    /// What of the page a person does not see whole: what stands beyond the window, and words that are cut off.
    ///
    /// # Errors
    /// When the window does not answer.
    pub async fn cut_off(&self) -> Result<Vec<String>> {
        let found = self.client.execute(CUT, vec![]).await?;
        serde_json::from_value(found).context("the page did not say what is cut off")
    }

    /// Asks again and again until the answer is there.
    pub async fn wait_until<T>(&self, what: &str, ask: impl AsyncFn(&Self) -> Result<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            // A page that is being replaced refuses questions for a moment.
            let answer = ask(self).await;
            match answer {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) | Err(_) if started.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Ok(None) => {
                    let words = self.words().await.unwrap_or_default();
                    bail!("{what} did not appear in {} s; the page says:\n{words}", PATIENCE.as_secs());
                }
                Err(error) => return Err(error.context(format!("while waiting for {what}"))),
            }
        }
    }

    fn element(&self, element: &Value) -> Result<Element> {
        const W3C_ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
        let id = element.get(W3C_ELEMENT).and_then(Value::as_str).context("the driver returned no element")?;
        Ok(Element::from_element_id(self.client.clone(), id.to_owned().into()))
    }
}

/// The driver scrolls no list within the page.
const INTO_SIGHT: &str = "arguments[0].scrollIntoView({ block: 'nearest' });";

const FIND: &str = concat!(include_str!("names.js"), include_str!("find.js"));

const CUT: &str = concat!(include_str!("names.js"), include_str!("cut.js"));

const AXE: &str = r"
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(
  (result) => done(result.violations.map((v) =>
    `${v.id} (${v.impact}): ${v.help}: ` + v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')} ${n.failureSummary ?? ''}`).join(' | '))),
  (error) => done(String(error)),
);
";
