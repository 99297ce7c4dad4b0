//! Room that is kept on the disk. A log that cannot be written stops everything, locking and emergencies among it; so ordinary work stops
//! earlier.

use vigil_policy::{Interaction, Permit, Principal};

use crate::{Vault, VaultError, free_space};

/// What ordinary work leaves: some ten thousand audit entries with what is sealed beside them.
const RESERVE: u64 = 32 << 20;

impl Vault {
    /// Refuses to open or store records when the disk has no more than the reserve left. Sign-in, lock, refusals, emergencies and what the
    /// workstation does by itself go on until the disk is full.
    pub(crate) fn reserve_kept(&self, permit: &Permit) -> Result<(), VaultError> {
        if is_ordinary_work(permit) && free_space::of(&self.dir).is_some_and(|free| free < RESERVE) {
            return Err(VaultError::DiskReserved);
        }
        Ok(())
    }
}

fn is_ordinary_work(permit: &Permit) -> bool {
    let interaction = permit.interaction();
    let of_records = interaction.is_about_a_patient()
        || matches!(
            interaction,
            Interaction::PatientSearch
                | Interaction::PanelSearch
                | Interaction::WardSearch
                | Interaction::AppointmentSearch
                | Interaction::ClaimSearch
                | Interaction::MedicationRequestSearch
                | Interaction::ImportCreate
        );
    let for_emergencies = permit.purpose().overrides()
        || matches!(
            interaction,
            Interaction::EmergencyAccessStart
                | Interaction::EmergencyAccessStop
                | Interaction::EmergencyAccessEscalate
                | Interaction::UnusualAccessStepUp
        );
    of_records && !for_emergencies && matches!(permit.principal(), Principal::User { .. })
}
