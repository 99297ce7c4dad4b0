//! NEWS2 against the charts of the Royal College of Physicians, both sides of every edge.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use vigil_clinical::news2::{Consciousness, Observations, Parameter, Refused, Response, Scale, parts, score};

fn well() -> Observations {
    Observations {
        respiration: Some(16.0),
        saturation: Some(97.0),
        scale: Scale::One,
        oxygen: Some(false),
        systolic: Some(120.0),
        pulse: Some(70.0),
        consciousness: Some(Consciousness::Alert),
        temperature: Some(37.0),
    }
}

fn points_of(parameter: Parameter, change: impl Fn(&mut Observations)) -> Option<u8> {
    let mut observed = well();
    change(&mut observed);
    parts(&observed).into_iter().find(|part| part.parameter == parameter)?.points
}

/// Chart 1 of the Royal College of Physicians: both sides of every edge.
#[test]
fn every_band_begins_and_ends_where_the_chart_says() {
    let respiration = |value| points_of(Parameter::Respiration, |one| one.respiration = Some(value));
    for (value, points) in
        [(0.0, 3), (8.0, 3), (9.0, 1), (11.0, 1), (12.0, 0), (20.0, 0), (21.0, 2), (24.0, 2), (25.0, 3), (60.0, 3)]
    {
        assert_eq!(respiration(value), Some(points), "respiration {value}");
    }
    let saturation = |value| points_of(Parameter::Saturation, |one| one.saturation = Some(value));
    for (value, points) in [(70.0, 3), (91.0, 3), (92.0, 2), (93.0, 2), (94.0, 1), (95.0, 1), (96.0, 0), (100.0, 0)] {
        assert_eq!(saturation(value), Some(points), "saturation {value} on scale 1");
    }
    let systolic = |value| points_of(Parameter::Systolic, |one| one.systolic = Some(value));
    for (value, points) in [
        (50.0, 3),
        (90.0, 3),
        (91.0, 2),
        (100.0, 2),
        (101.0, 1),
        (110.0, 1),
        (111.0, 0),
        (219.0, 0),
        (220.0, 3),
        (260.0, 3),
    ] {
        assert_eq!(systolic(value), Some(points), "systolic {value}");
    }
    let pulse = |value| points_of(Parameter::Pulse, |one| one.pulse = Some(value));
    for (value, points) in [
        (30.0, 3),
        (40.0, 3),
        (41.0, 1),
        (50.0, 1),
        (51.0, 0),
        (90.0, 0),
        (91.0, 1),
        (110.0, 1),
        (111.0, 2),
        (130.0, 2),
        (131.0, 3),
    ] {
        assert_eq!(pulse(value), Some(points), "pulse {value}");
    }
    let temperature = |value| points_of(Parameter::Temperature, |one| one.temperature = Some(value));
    for (value, points) in [
        (33.0, 3),
        (35.0, 3),
        (35.1, 1),
        (36.0, 1),
        (36.1, 0),
        (38.0, 0),
        (38.1, 1),
        (39.0, 1),
        (39.1, 2),
        (41.0, 2),
        (38.04, 0),
        (38.05, 1),
    ] {
        assert_eq!(temperature(value), Some(points), "temperature {value}");
    }
    assert_eq!(points_of(Parameter::AirOrOxygen, |one| one.oxygen = Some(true)), Some(2), "oxygen");
    for level in [Consciousness::Confusion, Consciousness::Voice, Consciousness::Pain, Consciousness::Unresponsive] {
        assert_eq!(points_of(Parameter::Consciousness, |one| one.consciousness = Some(level)), Some(3), "{level:?}");
    }
}

/// Table 1 at thorax.bmj.com/highwire/markup/192780 and Chart 1.
#[test]
fn the_second_scale_is_the_one_for_a_range_of_88_to_92() {
    let on = |oxygen, value| {
        points_of(Parameter::Saturation, |one| {
            (one.scale, one.oxygen, one.saturation) = (Scale::Two, oxygen, Some(value));
        })
    };
    for (value, air, oxygen) in [
        (83.0, 3, 3),
        (84.0, 2, 2),
        (85.0, 2, 2),
        (86.0, 1, 1),
        (87.0, 1, 1),
        (88.0, 0, 0),
        (92.0, 0, 0),
        (93.0, 0, 1),
        (94.0, 0, 1),
        (95.0, 0, 2),
        (96.0, 0, 2),
        (97.0, 0, 3),
        (100.0, 0, 3),
    ] {
        assert_eq!((on(Some(false), value), on(Some(true), value)), (Some(air), Some(oxygen)), "{value} on scale 2");
    }
    assert_eq!(on(None, 95.0), None, "without knowing about oxygen there is no point on scale 2");
}

/// Chart 4 of the Royal College of Physicians.
#[test]
fn the_response_follows_the_total_and_a_single_three() {
    let respond = |change: &dyn Fn(&mut Observations)| {
        let mut observed = well();
        change(&mut observed);
        let score = score(&observed).unwrap();
        (score.total, score.response)
    };
    assert_eq!(respond(&|_| ()), (0, Response::Routine), "everything in the middle");
    assert_eq!(respond(&|one| one.pulse = Some(91.0)), (1, Response::Assess), "one point");
    assert_eq!(
        respond(&|one| (one.oxygen, one.temperature, one.pulse) = (Some(true), Some(38.5), Some(100.0))),
        (4, Response::Assess),
        "four, none of them three"
    );
    assert_eq!(respond(&|one| one.respiration = Some(25.0)), (3, Response::Review), "three in one parameter");
    assert_eq!(
        respond(&|one| (one.respiration, one.pulse) = (Some(25.0), Some(111.0))),
        (5, Response::Urgent),
        "five are urgent whatever they are made of"
    );
    assert_eq!(
        respond(&|one| (one.respiration, one.consciousness) = (Some(25.0), Some(Consciousness::Confusion))),
        (6, Response::Urgent),
        "six"
    );
    assert_eq!(
        respond(&|one| (one.respiration, one.systolic, one.temperature) = (Some(25.0), Some(85.0), Some(38.1))),
        (7, Response::Emergency),
        "seven"
    );
    let worst = Observations {
        respiration: Some(4.0),
        saturation: Some(80.0),
        scale: Scale::One,
        oxygen: Some(true),
        systolic: Some(60.0),
        pulse: Some(30.0),
        consciousness: Some(Consciousness::Unresponsive),
        temperature: Some(33.0),
    };
    assert_eq!(score(&worst).unwrap().total, 20, "the most that the chart has (rcpjournals.org/highwire/markup/14242)");
}

#[test]
fn a_score_with_a_part_missing_is_refused_and_says_which() {
    let mut observed = well();
    (observed.oxygen, observed.consciousness) = (None, None);
    assert_eq!(
        score(&observed),
        Err(Refused { missing: vec![Parameter::AirOrOxygen, Parameter::Consciousness], impossible: Vec::new() }),
        "neither air nor alert is taken for granted"
    );
    let mut observed = well();
    observed.saturation = Some(101.0);
    observed.pulse = Some(f64::NAN);
    assert_eq!(
        score(&observed),
        Err(Refused { missing: Vec::new(), impossible: vec![Parameter::Saturation, Parameter::Pulse] }),
        "what cannot be is not scored"
    );
    assert_eq!(parts(&observed).iter().filter(|part| part.points.is_some()).count(), 5, "the others have their points");
}

#[test]
fn the_score_names_its_source() {
    assert!(score(&well()).unwrap().source.publisher.contains("Royal College of Physicians"), "as they ask for");
}
