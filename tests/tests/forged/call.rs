//! Calls commands from within the page, around everything that the page itself would do.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use vigil_tests::hospital::SignIn;
use vigil_tests::window::Window;

/// A call: the command and its arguments. `{"$huge": n}` is a text of n characters there, `{"$deep": n}` a list in a list, n times.
pub(crate) type Call = (String, Value);

/// What came back.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It was done; the value as JSON.
    Done(String),
    /// It was refused, with a code and a sentence.
    Refused { code: String, message: String },
    /// It was refused before the core, by words alone.
    Unread(String),
}

impl Answer {
    /// The code of a refusal; empty when it has none, or was none.
    pub(crate) fn code(&self) -> &str {
        if let Self::Refused { code, .. } = self { code } else { "" }
    }

    /// Everything that came back.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Done(text) | Self::Unread(text) => text,
            Self::Refused { message, .. } => message,
        }
    }
}

/// Makes the calls, one after the other.
///
/// # Errors
/// When one has no answer within a minute, or its answer is neither a value nor an error of the program.
pub(crate) async fn call(window: &Window, calls: &[Call]) -> Result<Vec<Answer>> {
    let answers = window.client.execute_async(SCRIPT, vec![json!(calls)]).await.context("the page did not answer")?;
    let Value::Array(answers) = answers else { bail!("the page answered {answers}") };
    answers.iter().zip(calls).map(|(answer, (command, _))| read(answer).with_context(|| command.clone())).collect()
}

/// One call that has to succeed.
pub(crate) async fn must(window: &Window, command: &str, arguments: Value) -> Result<Value> {
    match call(window, &[(command.to_owned(), arguments)]).await?.pop() {
        Some(Answer::Done(text)) => Ok(serde_json::from_str(&text)?),
        other => bail!("{command} had to succeed: {other:?}"),
    }
}

/// Signs in, whoever was signed in before.
pub(crate) async fn sign_in(window: &Window, who: SignIn<'_>) -> Result<()> {
    must(window, "session_create", json!({ "request": { "username": who.username, "password": who.password } }))
        .await?;
    window.wait_for("button", "Lock").await.map(drop)
}

fn read(answer: &Value) -> Result<Answer> {
    if let Some(done) = answer.get("done") {
        return Ok(Answer::Done(done.to_string()));
    }
    let error = answer.get("error").context("no answer at all")?;
    let word = |name: &str| error.get(name).and_then(Value::as_str).map(str::to_owned);
    match (error.as_str(), word("code"), word("message")) {
        (Some(words), ..) => Ok(Answer::Unread(words.to_owned())),
        (None, Some(code), Some(message)) if code != "hung" => Ok(Answer::Refused { code, message }),
        _ => bail!("neither a value nor an error of the program: {error}"),
    }
}

const SCRIPT: &str = r"
const done = arguments[arguments.length - 1];
const made = (value) => {
  if (Array.isArray(value)) return value.map(made);
  if (value === null || typeof value !== 'object') return value;
  if ('$huge' in value) return 'x'.repeat(value.$huge);
  if ('$deep' in value) {
    let nested = [];
    for (let level = 0; level < value.$deep; level += 1) nested = [nested];
    return nested;
  }
  // Also `__proto__` has to become a member of its own.
  const object = Object.create(null);
  for (const [name, one] of Object.entries(value)) {
    Object.defineProperty(object, name, { value: made(one), enumerable: true });
  }
  return object;
};
const within = (answer) =>
  Promise.race([answer, new Promise((_, refuse) => setTimeout(() => refuse({ code: 'hung', message: '' }), 60000))]);
(async () => {
  const answers = [];
  for (const [command, values] of arguments[0]) {
    try {
      const answer = await within(window.__TAURI_INTERNALS__.invoke(command, made(values)));
      answers.push({ done: answer === undefined ? null : answer });
    } catch (error) {
      answers.push({ error: error instanceof Error ? { thrown: String(error) } : error });
    }
  }
  done(answers);
})();
";
