//! The first sign-in of a user.

use hyper::Response;
use serde_json::json;
use vigil_model::wire::{Bytes, KeyDeposit, SignInChallengeRequest, SignInProof};

use super::drip::Drip;
use super::{good, plain};

pub(super) fn answer(method: &str, path: &str, body: &[u8]) -> Response<Drip> {
    match (method, path) {
        ("POST", "/v1/sign-in/challenge") => {
            let _: SignInChallengeRequest = serde_json::from_slice(body).unwrap();
            good(&json!({ "salt": Bytes(vec![1; 16]), "memory": 65_536, "passes": 3, "lanes": 1 }))
        }
        ("POST", "/v1/sign-in") => {
            let proof: SignInProof = serde_json::from_slice(body).unwrap();
            if proof.proof.0 != [1; 32] {
                return plain(401, Vec::new());
            }
            good(&json!({ "user": "01900000-0000-7000-8000-0000000000aa", "password_due": false, "keys": [] }))
        }
        ("POST", "/v1/keys") => {
            let _: KeyDeposit = serde_json::from_slice(body).unwrap();
            plain(204, Vec::new())
        }
        _ => good(&json!([{ "group": "directory", "version": 2 }])),
    }
}
