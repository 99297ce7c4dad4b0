//! The calls of a user's first sign-in on this workstation. Each names the audit entry that records it.

use vigil_model::DeviceId;
use vigil_model::wire::{
    GroupKeyHolding, KeyDeposit, SignInChallenge, SignInChallengeRequest, SignInProof, SignInResponse,
};

use super::Client;
use super::calls::{JSON, get, post};
use crate::Failure;

impl Client {
    /// How to stretch the password of this name.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn sign_in_challenge(
        &mut self,
        log: DeviceId,
        seq: u64,
        request: &SignInChallengeRequest,
    ) -> Result<SignInChallenge, Failure> {
        self.call(&post("/v1/sign-in/challenge", JSON, request)?.about(log, seq)).await?.json()
    }

    /// Signs in. `None`: no such user, or another password; which of both, nobody says.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn sign_in(
        &mut self,
        log: DeviceId,
        seq: u64,
        proof: &SignInProof,
    ) -> Result<Option<SignInResponse>, Failure> {
        let answer = self.call(&post("/v1/sign-in", JSON, proof)?.about(log, seq)).await?;
        if answer.status == hyper::StatusCode::UNAUTHORIZED { Ok(None) } else { answer.json().map(Some) }
    }

    /// Hands the group keys of a workstation that was set up alone to the server.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn deposit_keys(&mut self, log: DeviceId, seq: u64, deposit: &KeyDeposit) -> Result<(), Failure> {
        self.call(&post("/v1/keys", JSON, deposit)?.about(log, seq)).await?.empty()
    }

    /// Which group keys the server holds.
    ///
    /// # Errors
    /// [`Failure`]
    pub async fn group_keys(&mut self) -> Result<Vec<GroupKeyHolding>, Failure> {
        self.call(&get("/v1/keys")).await?.json()
    }
}
