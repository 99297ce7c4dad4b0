//! Alarms: what somebody has to look at.

use vigil_model::DeviceId;

use super::StoreError;
use super::device::device_id;
use super::sql::{Row, Tx, values};

macro_rules! alarm_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// What an alarm is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum AlarmKind {
            $($(#[$doc])* $name),+
        }

        impl AlarmKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code),+
                }
            }

            pub(crate) fn from_code(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

alarm_kinds! {
    /// A log goes on behind numbers that do not come.
    Gap = "gap",
    /// An entry differs from the one that is held under the same number: the log was forked or rebuilt.
    Conflict = "conflict",
    /// A checkpoint does not fit the entries, or the workstation did not sign it.
    Checkpoint = "checkpoint",
    /// An entry does not open or is none.
    Poison = "poison",
    /// A workstation keeps an entry in quarantine.
    Quarantine = "quarantine",
    /// An entry that came out of turn is not the one that came in turn.
    AlertMismatch = "alert-mismatch",
    /// A body was not sealed.
    Unsealed = "unsealed",
    /// A call named no audit entry.
    AuditIdMissing = "audit-id-missing",
    /// A clock differs.
    Clock = "clock",
    /// A workstation asked for what is another's.
    Foreign = "foreign",
    /// The server's own rows do not verify.
    Tampered = "tampered",
    /// The second witness holds another log.
    Witness = "witness",
    /// An entry that was written in an emergency or is an alert came in.
    Alert = "alert",
}

/// Something that somebody has to look at. It is never removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What it is about.
    pub kind: AlarmKind,
    /// The log.
    pub log: Option<DeviceId>,
    /// The number of the entry.
    pub seq: Option<u64>,
    /// In words, without health information.
    pub note: String,
}

impl Alarm {
    /// Keeps it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn raise(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let sql = "INSERT INTO alarm (at, kind, log, seq, note) VALUES ($1, $2, $3, $4, $5)";
        let log = self.log.map(|log| log.to_string());
        tx.execute("raising an alarm", sql, &values![self.at, self.kind.code(), log, self.seq, self.note.as_str()])
            .await
            .map(drop)
    }

    /// The same, unless one of this kind about the same entry stands already; whether it was raised.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn raise_once(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM alarm WHERE kind = $1 AND log = $2 AND COALESCE(seq, 0) = $3";
        let log = self.log.map(|log| log.to_string()).unwrap_or_default();
        let values = values![self.kind.code(), log, self.seq.unwrap_or_default()];
        if tx.one("looking for an alarm", sql, &values).await?.int(0)? > 0 {
            return Ok(false);
        }
        self.raise(tx).await.map(|()| true)
    }

    /// Keeps it unless one of the same kind and words is kept; whether it was kept now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn raise_unless_noted(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM alarm WHERE kind = $1 AND note = $2";
        if tx.one("looking for an alarm", sql, &values![self.kind.code(), self.note.as_str()]).await?.int(0)? > 0 {
            return Ok(false);
        }
        self.raise(tx).await.map(|()| true)
    }

    /// How many there are of each kind that there is one of.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn counts(tx: &mut Tx) -> Result<Vec<(AlarmKind, u64)>, StoreError> {
        let sql = "SELECT kind, COUNT(*) FROM alarm GROUP BY kind ORDER BY kind";
        let read = |row: &Row| Ok((AlarmKind::from_code(&row.text(0)?).ok_or(NO_KIND)?, row.uint(1)?));
        tx.all("counting the alarms", sql, &[]).await?.iter().map(read).collect()
    }

    /// The newest, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn newest(tx: &mut Tx, count: u32) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT at, kind, log, seq, note FROM alarm ORDER BY key DESC LIMIT $1";
        let read = |row: &Row| {
            Ok(Self {
                at: row.int(0)?,
                kind: AlarmKind::from_code(&row.text(1)?).ok_or(NO_KIND)?,
                log: row.opt_text(2)?.map(|id| device_id(&id)).transpose()?,
                seq: row.opt_int(3)?.and_then(|seq| u64::try_from(seq).ok()),
                note: row.text(4)?,
            })
        };
        tx.all("reading the alarms", sql, &values![count]).await?.iter().map(read).collect()
    }
}

const NO_KIND: StoreError = StoreError::Corrupt("an alarm is of no kind");

#[cfg(test)]
mod tests {
    use vigil_detection::FactKind;

    use super::AlarmKind;

    /// A kind that the rules know under another code would never reach them.
    #[test]
    fn the_rules_know_every_kind_by_its_code_but_that_of_entries_which_they_judge_themselves() {
        let alarms: Vec<&str> =
            AlarmKind::ALL.iter().filter(|kind| **kind != AlarmKind::Alert).map(|kind| kind.code()).collect();
        let facts: Vec<&str> = FactKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(alarms, facts);
    }
}
