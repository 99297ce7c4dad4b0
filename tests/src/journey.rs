//! The steps of the main job, as a clinician does them. The roles and names are those that the pages show.

use crate::hospital::SignIn;
use crate::window::Window;
use anyhow::{Result, bail};
use fantoccini::key::Key;
use serde_json::json;

/// Every tab of a physician's chart, as they read.
pub const SECTIONS: [&str; 21] = [
    "Summary",
    "Timeline",
    "Problems",
    "Allergies",
    "Meds",
    "Vitals",
    "Results",
    "Imms",
    "Encounters",
    "Procedures",
    "Documents",
    "Care plans",
    "Team",
    "Family",
    "Social",
    "Devices",
    "Flags",
    "Coverage",
    "Amendments",
    "Other",
    "Access",
];

impl Window {
    /// Types the name and the password, and waits for the frame around the pages.
    pub async fn sign_in(&self, who: SignIn<'_>) -> Result<()> {
        self.wait_for("heading", "Sign in").await?;
        self.fill("User name", who.username).await?;
        self.fill("Password", who.password).await?;
        self.click("button", "Sign in").await?;
        self.wait_for("button", "Lock").await?;
        Ok(())
    }

    /// Searches on the page Patients and waits for a row whose name holds `found`.
    pub async fn search_patients(&self, text: &str, found: &str) -> Result<()> {
        self.click("button", "Patients").await?;
        self.fill("Find a patient", text).await?;
        self.wait_for("table", "Matching patients").await?;
        self.wait_for("button", &format!("Open the chart of {found}")).await?;
        Ok(())
    }

    /// Opens the chart of the row whose name begins with `name`, and waits for the banner to say so.
    pub async fn open_chart(&self, name: &str) -> Result<()> {
        self.click("button", &format!("Open the chart of {name}")).await?;
        self.wait_for_banner(name).await
    }

    /// Waits for the patient banner with this name.
    pub async fn wait_for_banner(&self, name: &str) -> Result<()> {
        // The page may draw the banner anew between the look and the reading, and draws it before its words have come.
        let wanted = name.to_lowercase();
        let named = async |window: &Self| {
            let Some(banner) = window.find("region", "Patient").await? else { return Ok(None) };
            let words = banner.text().await.unwrap_or_default();
            Ok(words.to_lowercase().contains(&wanted).then_some(()))
        };
        self.wait_until(&format!("the banner of {name}"), named).await
    }

    /// Opens a section and waits until it shows rows or says that it is empty; returns whether it had rows.
    pub async fn open_section(&self, section: &str) -> Result<bool> {
        self.click("tab", section).await?;
        self.wait_for_section(section).await
    }

    /// Waits until a section shows rows or says that it is empty; returns whether it has rows.
    pub async fn wait_for_section(&self, section: &str) -> Result<bool> {
        self.wait_until(&format!("the section {section}, drawn"), async |window: &Self| {
            let state = window.client.execute(SECTION, vec![json!(section)]).await?;
            match state.as_str() {
                Some("rows") => Ok(Some(Ok(true))),
                Some("empty") => Ok(Some(Ok(false))),
                Some("failed") => {
                    Ok(Some(Err(anyhow::anyhow!("the section {section} says that it could not be read"))))
                }
                _ => Ok(None),
            }
        })
        .await?
    }

    /// Opens the plot of one vital sign and waits until something is drawn on its canvas.
    pub async fn open_plot(&self, section: &str, value: &str) -> Result<()> {
        self.open_section(section).await?;
        self.click("row", value).await?;
        self.wait_for_plot().await
    }

    /// Waits for a plot with ink on it: an empty canvas is no plot.
    pub async fn wait_for_plot(&self) -> Result<()> {
        self.wait_for("slider", "Plot of").await?;
        self.wait_until("a plot with ink on it", async |window: &Self| {
            let ink = window.client.execute(INK, vec![]).await?.as_u64().unwrap_or_default();
            Ok((ink > 500).then_some(()))
        })
        .await
    }

    /// Locks by Ctrl+L and makes sure that nothing of the patient is left in the page or in the window's title.
    pub async fn lock(&self, patient: &str) -> Result<()> {
        self.chord(&[Key::Control.into()], 'l').await?;
        self.wait_for_lock(patient).await
    }

    /// Waits for the lock page and makes sure that nothing of the patient is left in the page or in the window's title.
    pub async fn wait_for_lock(&self, patient: &str) -> Result<()> {
        self.wait_for("heading", "Locked").await?;
        let source = self.client.source().await?.to_lowercase();
        let title = self.client.title().await?.to_lowercase();
        for name in patient.to_lowercase().split([',', ' ']).filter(|name| name.len() > 2) {
            if source.contains(name) || title.contains(name) {
                bail!("the locked page still holds a part of the patient's name");
            }
        }
        Ok(())
    }

    /// Unlocks with the password of the user who is signed in.
    pub async fn unlock(&self, who: SignIn<'_>) -> Result<()> {
        self.fill("Password", who.password).await?;
        self.click("button", "Unlock").await?;
        self.wait_for("button", "Lock").await?;
        Ok(())
    }
}

/// What the open section shows: `rows`, `empty`, `failed`, or nothing yet.
const SECTION: &str = r"
const tab = [...document.querySelectorAll('[role=tab]')].find((one) => one.getAttribute('aria-selected') === 'true');
if (!tab || !(tab.textContent ?? '').trim().startsWith(arguments[0])) return 'another';
const panel = document.querySelector('[role=tabpanel]');
if (!panel) return 'none';
if (panel.querySelector('[role=alert] button')) return 'failed';
if (panel.querySelector('[aria-busy=true]')) return 'busy';
if (/Nothing (recorded|readable) in|Nichts (erfasst|Lesbares)/.test(panel.innerText)) return 'empty';
if (panel.querySelector('[role=row] [role=gridcell], [role=row] [role=rowheader], tbody tr, li, dd')) return 'rows';
// The allergies say one of four states in words where there are no rows.
return panel.querySelector('[data-state]') ? 'empty' : 'none';
";

/// How many pixels of the plot's canvas are not transparent.
const INK: &str = r"
const canvas = document.querySelector('[role=slider] canvas');
if (!canvas || !canvas.width) return 0;
const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
let ink = 0;
for (let at = 3; at < pixels.length; at += 4) if (pixels[at] > 0) ink += 1;
return ink;
";
