//! Enrolled workstations, and the one-time tokens that enrol them.

use vigil_model::DeviceId;

use super::StoreError;
use super::sql::{Row, Tx, values};

/// A one-time token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentToken {
    /// Its id.
    pub id: String,
    /// When it was made, in microseconds since 1970.
    pub made: i64,
    /// When it ends.
    pub expires: i64,
    /// The enrolment that it was spent on.
    pub used_by: Option<DeviceId>,
}

/// What became of a one-time token that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spent {
    /// It is spent now.
    Accepted,
    /// It is unknown, has ended or was spent before; whoever shows it is not told which.
    Refused,
}

/// A workstation at its enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDevice {
    /// Its identity in the fleet.
    pub enrolment: DeviceId,
    /// Its log.
    pub log: DeviceId,
    /// The key that signs its checkpoints (C2SP vkey).
    pub verifier_key: String,
    /// What the machine calls itself.
    pub host: String,
    /// The program's version.
    pub version: String,
    /// Now.
    pub enrolled: i64,
}

/// A workstation of the fleet. Times are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its identity in the fleet.
    pub enrolment: DeviceId,
    /// Its log.
    pub log: DeviceId,
    /// The key that signs its checkpoints (C2SP vkey).
    pub verifier_key: String,
    /// What the machine calls itself.
    pub host: String,
    /// The program's version.
    pub version: String,
    /// When it was enrolled.
    pub enrolled: i64,
    /// When it was revoked.
    pub revoked: Option<i64>,
    /// When it was last heard of.
    pub last_contact: Option<i64>,
    /// Seconds that its clock is ahead of the server's.
    pub clock_ahead: Option<i64>,
    /// When its newest certificate ends.
    pub certificate_expires: Option<i64>,
    /// How many entries it said were waiting.
    pub queued: Option<u64>,
    /// Since when the oldest of them waited.
    pub queued_since: Option<i64>,
    /// What it last said of its own posture.
    pub posture: Option<String>,
    /// The unit at which it stands, as it last said.
    pub unit: Option<String>,
}

/// What a workstation says of itself with its calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// How many entries wait on it.
    pub queued: u64,
    /// Since when the oldest of them waits.
    pub queued_since: Option<i64>,
    /// What of its posture is not as it should be.
    pub posture: Option<String>,
    /// The unit at which it stands.
    pub unit: Option<String>,
}

/// A certificate of a workstation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: [u8; 32],
    /// Its serial number, in hex.
    pub serial: String,
    /// When it was issued, in microseconds since 1970.
    pub issued: i64,
    /// When it ends.
    pub expires: i64,
}

const COLUMNS: &str = "d.enrolment, d.log, d.verifier_key, d.host, d.version, d.enrolled, d.revoked, d.last_contact, d.clock_ahead, \
     (SELECT MAX(c.expires) FROM device_certificate c WHERE c.enrolment = d.enrolment), d.queued, d.queued_since, d.posture, d.unit";

impl EnrolmentToken {
    /// Keeps a new token: the hash of its secret alone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&self, tx: &mut Tx, secret_hash: [u8; 32]) -> Result<(), StoreError> {
        let sql = "INSERT INTO enrolment_token (id, secret_hash, made, expires) VALUES ($1, $2, $3, $4)";
        let values = values![self.id.as_str(), secret_hash, self.made, self.expires];
        tx.execute("keeping an enrolment token", sql, &values).await.map(drop)
    }

    /// Spends the token with this secret, once.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn spend(tx: &mut Tx, secret_hash: [u8; 32], by: DeviceId, now: i64) -> Result<Spent, StoreError> {
        let sql = "UPDATE enrolment_token SET used = $1, used_by = $2 \
                   WHERE secret_hash = $3 AND used IS NULL AND expires > $1";
        let values = values![now, by.to_string(), secret_hash];
        let spent = tx.execute("spending an enrolment token", sql, &values).await?;
        Ok(if spent == 1 { Spent::Accepted } else { Spent::Refused })
    }

    /// Every token, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = "SELECT id, made, expires, used_by FROM enrolment_token ORDER BY made DESC, id";
        let read = |row: &Row| {
            let used_by = row.opt_text(3)?.map(|id| device_id(&id)).transpose()?;
            Ok(Self { id: row.text(0)?, made: row.int(1)?, expires: row.int(2)?, used_by })
        };
        tx.all("reading the enrolment tokens", sql, &[]).await?.iter().map(read).collect()
    }
}

impl Device {
    /// Keeps a workstation that enrols, and its first certificate. An earlier enrolment of the same log is revoked. The log has to be
    /// there: [`super::Log::enrol`].
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(tx: &mut Tx, new: &NewDevice, certificate: &DeviceCertificate) -> Result<(), StoreError> {
        const DOING: &str = "keeping a workstation";
        let revoke = "UPDATE device SET revoked = $1 WHERE log = $2 AND revoked IS NULL";
        tx.execute(DOING, revoke, &values![new.enrolled, new.log.to_string()]).await?;
        let sql = "INSERT INTO device (enrolment, log, verifier_key, host, version, enrolled, last_contact) \
                   VALUES ($1, $2, $3, $4, $5, $6, $6)";
        let values = values![
            new.enrolment.to_string(),
            new.log.to_string(),
            new.verifier_key.as_str(),
            new.host.as_str(),
            new.version.as_str(),
            new.enrolled,
        ];
        tx.execute(DOING, sql, &values).await?;
        Self::insert_certificate(tx, new.enrolment, certificate).await
    }

    /// Keeps a further certificate of a workstation. The one before holds until it ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert_certificate(
        tx: &mut Tx,
        enrolment: DeviceId,
        certificate: &DeviceCertificate,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO device_certificate (fingerprint, enrolment, serial, issued, expires) \
                   VALUES ($1, $2, $3, $4, $5)";
        let DeviceCertificate { fingerprint, serial, issued, expires } = certificate;
        let values = values![*fingerprint, enrolment.to_string(), serial.as_str(), *issued, *expires];
        tx.execute("keeping a certificate", sql, &values).await.map(drop)
    }

    /// The workstation that this certificate was issued to and may call with: neither revoked nor ended.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_certificate(tx: &mut Tx, fingerprint: [u8; 32], now: i64) -> Result<Option<Self>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM device d JOIN device_certificate k ON k.enrolment = d.enrolment \
             WHERE k.fingerprint = $1 AND d.revoked IS NULL AND k.expires > $2"
        );
        let values = values![fingerprint, now];
        tx.optional("looking for a workstation", sqlx::AssertSqlSafe(sql), &values)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// The enrolment with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn find(tx: &mut Tx, enrolment: DeviceId) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM device d WHERE d.enrolment = $1");
        let values = values![enrolment.to_string()];
        tx.optional("looking for a workstation", sqlx::AssertSqlSafe(sql), &values)
            .await?
            .as_ref()
            .map(read)
            .transpose()
    }

    /// Every enrolment, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn all(tx: &mut Tx) -> Result<Vec<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM device d ORDER BY d.enrolled DESC, d.enrolment");
        tx.all("reading the workstations", sqlx::AssertSqlSafe(sql), &[]).await?.iter().map(read).collect()
    }

    /// Enrolments that were revoked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoked(tx: &mut Tx) -> Result<Vec<DeviceId>, StoreError> {
        let sql = "SELECT enrolment FROM device WHERE revoked IS NOT NULL ORDER BY enrolment";
        let rows = tx.all("reading the workstations", sql, &[]).await?;
        rows.iter().map(|row| device_id(&row.text(0)?)).collect()
    }

    /// Revokes an enrolment; whether it was one that was not revoked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke(tx: &mut Tx, enrolment: DeviceId, now: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE device SET revoked = $1 WHERE enrolment = $2 AND revoked IS NULL";
        Ok(tx.execute("revoking a workstation", sql, &values![now, enrolment.to_string()]).await? == 1)
    }

    /// Notes that it was heard of.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn heard(tx: &mut Tx, enrolment: DeviceId, now: i64, clock_ahead: Option<i64>) -> Result<(), StoreError> {
        let sql = "UPDATE device SET last_contact = $1, clock_ahead = COALESCE($2, clock_ahead) WHERE enrolment = $3";
        let values = values![now, clock_ahead, enrolment.to_string()];
        tx.execute("noting a contact", sql, &values).await.map(drop)
    }

    /// Notes what it said of itself.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn said(tx: &mut Tx, enrolment: DeviceId, said: &Said) -> Result<(), StoreError> {
        let sql = "UPDATE device SET queued = $1, queued_since = $2, posture = COALESCE($3, posture), unit = $4 WHERE enrolment = $5";
        let (posture, unit) = (said.posture.as_deref(), said.unit.as_deref());
        let values = values![said.queued, said.queued_since, posture, unit, enrolment.to_string()];
        tx.execute("noting what a workstation says", sql, &values).await.map(drop)
    }
}

fn read(row: &Row) -> Result<Device, StoreError> {
    let count = |value: i64| u64::try_from(value).map_err(|_| StoreError::Corrupt("a queue is shorter than nothing"));
    Ok(Device {
        enrolment: device_id(&row.text(0)?)?,
        log: device_id(&row.text(1)?)?,
        verifier_key: row.text(2)?,
        host: row.text(3)?,
        version: row.text(4)?,
        enrolled: row.int(5)?,
        revoked: row.opt_int(6)?,
        last_contact: row.opt_int(7)?,
        clock_ahead: row.opt_int(8)?,
        certificate_expires: row.opt_int(9)?,
        queued: row.opt_int(10)?.map(count).transpose()?,
        queued_since: row.opt_int(11)?,
        posture: row.opt_text(12)?,
        unit: row.opt_text(13)?,
    })
}

pub(super) fn device_id(text: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(text).map_err(|_| StoreError::Corrupt("the id of a workstation or log is none"))
}
