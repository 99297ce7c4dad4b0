//! Nobody outside `vigil-policy` makes a permit.
use vigil_model::PurposeOfUse;
use vigil_policy::{Interaction, Permit, Principal, Request};

fn main() {
    let request = Request {
        principal: Principal::Anonymous,
        interaction: Interaction::PatientSearch,
        patient: None,
        restricted: false,
        purpose: PurposeOfUse::Treatment,
    };
    let _ = Permit(request);
}
