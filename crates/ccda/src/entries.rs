//! Entries by the templates that they claim, in whatever section they stand; those that claim none by their class and the section.

mod allergy;
mod device;
mod encounter;
mod family;
mod goal;
mod immunization;
mod medication;
mod observation;
mod problem;
mod procedure;
mod report;
mod vital_signs;

use crate::entry::{Context, Found, related, statement};
use crate::section::Kind;
use crate::xml::Element;

/// Templates of C-CDA R2.1, volume 2, all below this arc.
const ARC: &str = "2.16.840.1.113883.10.20.22.4.";

/// Whether `act` follows a template of C-CDA by its last number.
fn is(act: &Element, number: &str) -> bool {
    act.all("templateId").any(|template| template.attribute("root").strip_prefix(ARC) == Some(number))
}

/// Reads one entry of a section.
pub(crate) fn read(entry: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    let Some(act) = statement(entry) else {
        if entry.elements().next().is_some() {
            found.leave("An entry", "it is of a kind that CDA does not have");
        }
        return;
    };
    read_act(act, kind, context, found);
}

fn read_act(act: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    if act.value_of("statusCode", "code") == "nullified" {
        return found.leave(context.called(act), "its sender has withdrawn it");
    }
    match &*act.name {
        "act" => concern(act, kind, context, found),
        "observation" => single(act, kind, context, found),
        "organizer" if is(act, "26") || kind == Kind::Vitals => vital_signs::read(act, context, found),
        "organizer" if is(act, "45") || kind == Kind::Family => family::read(act, context, found),
        "organizer" if is(act, "1") || kind == Kind::Results => report::read(act, context, found),
        "organizer" => {
            // Functional and mental status, devices, care teams: what they hold is read one by one.
            let before = found.entries.len() + found.left.len();
            for inner in act.all("component").filter_map(statement) {
                read_act(inner, kind, context, found);
            }
            if found.entries.len() + found.left.len() == before {
                found.leave(context.called(act), "there is no entry of this kind in a chart here");
            }
        }
        "procedure" => procedure::read(act, kind, context, found),
        "substanceAdministration"
            if is(act, "52") || is(act, "120") || (kind == Kind::Immunizations && !is(act, "16")) =>
        {
            immunization::read(act, context, found);
        }
        "substanceAdministration" => medication::read(act, context, found),
        "encounter" => encounter::read(act, context, found),
        "supply" => device::supply(act, context, found),
        "observationMedia" => found.leave("An image", "it is shown in the document it came in"),
        _ => found.leave(context.called(act), "there is no entry of this kind in a chart here"),
    }
}

/// Acts: concerns that hold what they are about, procedures of the act class, and much that is none of a chart's entries.
fn concern(act: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    if is(act, "30") || (kind == Kind::Allergies && !is(act, "3")) {
        allergy::concern(act, context, found);
    } else if is(act, "3")
        || is(act, "132")
        || is(act, "33")
        || is(act, "34")
        || is(act, "80")
        || kind == Kind::Problems
    {
        problem::concern(act, context, found);
    } else if is(act, "12") || (kind == Kind::Procedures && act.child("code").is_some()) {
        procedure::read(act, kind, context, found);
    } else if related(act).any(|(_, inner)| &*inner.name == "substanceAdministration") {
        // Admission and Discharge Medication (templates 36 and 35): an act around the medicine.
        for (_, inner) in related(act).filter(|(_, inner)| &*inner.name == "substanceAdministration") {
            read_act(inner, kind, context, found);
        }
    } else if is(act, "202") {
        found.leave(context.called(act), "a note; its text is shown beside and stays in the document");
    } else {
        found.leave(context.called(act), "there is no entry of this kind in a chart here; its text is shown beside");
    }
}

fn single(act: &Element, kind: Kind, context: &Context<'_>, found: &mut Found) {
    if is(act, "7") || is(act, "90") || kind == Kind::Allergies {
        allergy::read(act, None, context, found);
    } else if is(act, "4") || kind == Kind::Problems {
        problem::read(act, None, context, found);
    } else if is(act, "13") || (kind == Kind::Procedures && !is(act, "2")) {
        procedure::read(act, kind, context, found);
    } else if is(act, "121") || act.attribute("moodCode") == "GOL" {
        goal::read(act, context, found);
    } else {
        observation::read(act, kind, context, found);
    }
}

/// Whether something is meant and did not happen; then it is named among what is left.
fn is_planned(act: &Element, context: &Context<'_>, found: &mut Found) -> bool {
    let planned = matches!(act.attribute("moodCode"), "INT" | "RQO" | "PRMS" | "PRP" | "ARQ" | "APT" | "GOL");
    if planned {
        found.leave(context.called(act), "it is planned or asked for, and did not happen; orders are made here anew");
    }
    planned
}
