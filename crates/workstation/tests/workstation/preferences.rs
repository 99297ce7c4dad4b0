//! How a user likes the screen: theirs alone, and there again at the next sign-in.

use vigil_model::Section;
use vigil_workstation::ErrorCode;
use vigil_workstation::view::{Colours, PreferencesView, SessionView, Stage};

use crate::hospital::Hospital;
use crate::users::on_record;

fn session(hospital: &Hospital) -> SessionView {
    hospital.station.session_read().unwrap()
}

fn large_and_dark() -> PreferencesView {
    PreferencesView {
        colours: Colours::Dark,
        zoom_percent: 150,
        language: "de".to_owned(),
        first_sections: vec![Section::Results, Section::Vitals],
    }
}

#[test]
fn what_a_user_chose_stands_over_lock_and_sign_in_and_is_nobody_elses() {
    let hospital = Hospital::with_patients();
    hospital.sign_in("okafor");
    assert_eq!(session(&hospital).preferences, PreferencesView::default(), "the beginning");
    let told = hospital.station.preferences_update(large_and_dark()).unwrap();
    assert_eq!(told.preferences, large_and_dark(), "the screen is told");
    hospital.station.session_lock().unwrap();
    let locked = session(&hospital);
    assert_eq!((locked.stage, locked.preferences), (Stage::Locked, large_and_dark()), "the lock page is as large");
    hospital.sign_in("admin");
    assert_eq!(session(&hospital).preferences, PreferencesView::default(), "somebody else has their own");
    hospital.sign_in("okafor");
    assert_eq!(session(&hospital).preferences, large_and_dark(), "and the first finds theirs again");
    hospital.sign_in("admin");
    assert!(on_record(&hospital.station, "preference-update"), "the change is on record");
}

#[test]
fn what_no_screen_can_show_changes_nothing() {
    let hospital = Hospital::with_patients();
    let refused = hospital.station.preferences_update(large_and_dark()).err().unwrap();
    assert_eq!(refused.code, ErrorCode::NotSignedIn, "nobody is signed in");
    hospital.sign_in("okafor");
    let wrong = PreferencesView { zoom_percent: 1_000, ..large_and_dark() };
    assert_eq!(
        hospital.station.preferences_update(wrong).err().unwrap().code,
        ErrorCode::Invalid,
        "ten times as large"
    );
    assert_eq!(session(&hospital).preferences, PreferencesView::default(), "nothing was changed");
}
