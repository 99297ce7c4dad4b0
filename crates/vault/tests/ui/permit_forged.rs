//! Nobody outside `vigil-policy` makes a permit.
use vigil_model::PurposeOfUse;
use vigil_policy::{Interaction, Permit, Principal, Request};

pub fn forge() -> Permit {
    let request = Request {
        principal: Principal::Anonymous,
        interaction: Interaction::PatientSearch,
        patient: None,
        restricted: false,
        purpose: PurposeOfUse::Treatment,
        facts: vigil_policy::Facts::default(),
    };
    Permit(request) //~ E0423 cannot initialize a tuple struct which contains private fields
}
