//! What is worth a second look about an access: user and patient have the same family name or the same address, the patient
//! works here or may, the patient is labelled a very important person.
//!
//! A flag accuses nobody: most people with one name are strangers. The address of a user is that of the Practitioner to whom
//! the account is linked: FHIR R4 has there those "that are not role specific (typically home address)". Labels come from the Patient's `meta.security` (HL7 v3 ActCode, `ActInformationSensitivityPolicy`): CEL and VIP
//! are "celebrity information sensitivity", EMP is "employee information sensitivity".

use std::collections::HashMap;

use vigil_model::{PatientId, ResourceId, ResourceType, UserId, fhir};
use vigil_vault::{Tx, UserRecord};

use crate::index::{SearchIndex, words};
use crate::view::{AccessFlag, AccessFlagView};

/// The users of this workstation beside its patients.
pub(crate) struct Flags<'p> {
    index: &'p SearchIndex,
    people: HashMap<UserId, Person>,
    by_family: HashMap<Vec<String>, Vec<UserId>>,
    /// Where users live, as far as it is known.
    addresses: HashMap<UserId, Vec<String>>,
}

/// A user's name, taken apart. Users have one name as a text (`Dr A. OKAFOR`): its words in capitals are the family name,
/// else its last word is.
struct Person {
    display: String,
    family: Vec<String>,
    rest: Vec<String>,
}

impl<'p> Flags<'p> {
    pub(crate) fn new(index: &'p SearchIndex, users: &[UserRecord]) -> Self {
        let people: HashMap<UserId, Person> =
            users.iter().map(|user| (user.id, Person::of(&user.display_name))).collect();
        let mut by_family: HashMap<Vec<String>, Vec<UserId>> = HashMap::new();
        for user in users {
            if let Some(person) = people.get(&user.id).filter(|person| !person.family.is_empty()) {
                by_family.entry(person.family.clone()).or_default().push(user.id);
            }
        }
        Self { index, people, by_family, addresses: HashMap::new() }
    }

    /// The same with the addresses of the users who are linked to a Practitioner.
    pub(crate) fn read(tx: &Tx<'_>, index: &'p SearchIndex, users: &[UserRecord]) -> Self {
        let of = |user: &UserRecord| Some((user.id, addresses(tx, user.practitioner.as_deref()?)?));
        Self { addresses: users.iter().filter_map(of).collect(), ..Self::new(index, users) }
    }

    /// The flags of what `user` did about `patient`, in a fixed order. Nobody is flagged for a patient who is not in the
    /// directory.
    pub(crate) fn of(&self, user: Option<UserId>, patient: &PatientId) -> Vec<AccessFlagView> {
        let Some(entry) = self.index.get(patient) else { return Vec::new() };
        let person = &entry.demographics;
        let family: Vec<String> = words(&person.family).collect();
        let user = user.and_then(|id| self.people.get(&id).map(|person| (id, person)));
        let same = user.is_some_and(|(_, user)| {
            let other = |name: &String| holds(&words(name).collect::<Vec<_>>(), &user.family);
            holds(&family, &user.family) || holds(&user.family, &family) || person.other_names.iter().any(other)
        });
        let lives = |(id, _): &(UserId, &Person)| self.addresses.get(id);
        let together = user
            .as_ref()
            .and_then(lives)
            .is_some_and(|of_user| of_user.iter().any(|address| person.addresses.contains(address)));
        let co_worker = self.co_worker(user.map(|(id, _)| id), &family, &person.given);
        [
            same.then(|| flag(AccessFlag::SameName, "the user and the patient have the same family name".to_owned())),
            together.then(|| {
                let meaning = "the patient's address is that of the Practitioner to whom the user is linked";
                flag(AccessFlag::SameAddress, meaning.to_owned())
            }),
            match co_worker {
                _ if person.employee => {
                    let meaning = "the record is labelled as that of an employee (HL7 v3 ActCode EMP)";
                    Some(flag(AccessFlag::CoWorker, meaning.to_owned()))
                }
                found => found.map(|meaning| flag(AccessFlag::CoWorker, meaning)),
            },
            person.vip.then(|| {
                let meaning = "the record is labelled as that of a very important person (HL7 v3 ActCode CEL, VIP)";
                flag(AccessFlag::Vip, meaning.to_owned())
            }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether the patient may be a user of this workstation, as far as names tell.
    fn co_worker(&self, looking: Option<UserId>, family: &[String], given: &str) -> Option<String> {
        let first = words(given).next()?;
        let named = self.by_family.get(family)?;
        let candidates = named.iter().filter_map(|id| self.people.get(id).map(|person| (*id, person)));
        let (id, person, initial) = candidates
            .filter_map(|(id, person)| person.given(&first).map(|initial| (id, person, initial)))
            .min_by_key(|(id, _, initial)| (Some(*id) != looking, *initial))?;
        let alike = if initial { "family name and initial" } else { "name" };
        Some(if Some(id) == looking {
            format!("may be the user's own record: the same {alike}")
        } else {
            format!("may be a co-worker: {}, a user here, has the same {alike}", person.display)
        })
    }
}

impl Person {
    fn of(display: &str) -> Self {
        let parts: Vec<&str> = display.split_whitespace().collect();
        let in_capitals = |part: &&str| {
            part.chars().filter(|c| c.is_alphabetic()).count() > 1 && !part.chars().any(char::is_lowercase)
        };
        let mut family: Vec<&str> = parts.iter().copied().filter(|part| in_capitals(part)).collect();
        if family.is_empty() {
            family.extend(parts.last());
        }
        let rest = parts.iter().copied().filter(|part| !family.contains(part));
        Self {
            display: display.to_owned(),
            rest: rest.flat_map(words).collect(),
            family: family.iter().copied().flat_map(words).collect(),
        }
    }

    /// Whether a given name may be this user's; true for an initial only.
    fn given(&self, first: &str) -> Option<bool> {
        if self.rest.iter().any(|word| word == first) {
            return Some(false);
        }
        let is_initial = |word: &String| word.chars().count() == 1 && first.starts_with(word.as_str());
        self.rest.iter().any(is_initial).then_some(true)
    }
}

/// The addresses of a Practitioner who is stored here; what does not open is not known.
fn addresses(tx: &Tx<'_>, practitioner: &str) -> Option<Vec<String>> {
    let (kind, id) = practitioner.split_once('/')?;
    let stored = tx.shared_resource(&ResourceType::parse(kind).ok()?, &ResourceId::parse(id).ok()?).ok()??;
    let json: serde_json::Value = serde_json::from_str(&stored.json.ok()?).ok()?;
    Some(fhir::address::keys(&json))
}

/// Whether every word of `part` is one of `whole`.
fn holds(whole: &[String], part: &[String]) -> bool {
    !part.is_empty() && part.iter().all(|word| whole.contains(word))
}

const fn flag(kind: AccessFlag, meaning: String) -> AccessFlagView {
    AccessFlagView { kind, meaning }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use vigil_model::{Demographics, Role};

    use super::*;

    #[test]
    fn the_same_family_name_is_flagged_however_it_is_written() {
        for (user, family, expected) in [
            ("Dr A. OKAFOR", "Okafor", true),
            ("Dr A. OKAFOR", "Okafor-Lund", true),
            ("M. Lindqvist", "Lindqvist", true),
            ("Dr É. BRÛLÉ", "Brule", true),
            ("Prof J. VAN DYK", "van Berg", false),
            ("Dr A. OKAFOR", "Okoro", false),
            ("Dr A. OKAFOR", "", false),
        ] {
            let kinds = kinds(&[user], &[("p1", family, "Zed")], 0, "p1");
            assert_eq!(kinds.contains(&AccessFlag::SameName), expected, "{user} looking at {family:?}");
        }
    }

    #[test]
    fn a_former_name_counts() {
        let mut patient = person("Lund", "Zed");
        patient.other_names.push("Zed Okafor".to_owned());
        let index = SearchIndex::build(vec![(pid("p1"), Some(patient))]);
        let users = [user(0, "Dr A. OKAFOR")];
        let found = Flags::new(&index, &users).of(Some(users[0].id), &pid("p1"));
        assert_eq!(found.first().map(|flag| flag.kind), Some(AccessFlag::SameName), "the maiden name");
    }

    #[test]
    fn the_same_address_is_flagged_for_the_user_who_lives_there() {
        let mut patient = person("Lund", "Zed");
        patient.addresses.push("12milllane|ls14ap".to_owned());
        let index = SearchIndex::build(vec![(pid("p1"), Some(patient))]);
        let users = [user(0, "Dr A. OKAFOR"), user(1, "Mia LINDQVIST")];
        let mut flags = Flags::new(&index, &users);
        flags.addresses.insert(users[0].id, vec!["12milllane|ls14ap".to_owned()]);
        let kinds =
            |user: &UserRecord| flags.of(Some(user.id), &pid("p1")).iter().map(|flag| flag.kind).collect::<Vec<_>>();
        assert_eq!(kinds(&users[0]), [AccessFlag::SameAddress]);
        assert!(kinds(&users[1]).is_empty(), "not for another one");
    }

    #[test]
    fn a_co_worker_has_the_name_of_a_user_and_the_flag_says_how_much_it_knows() {
        let users = ["Dr A. OKAFOR", "Mia LINDQVIST"];
        let meaning = |looking: usize, family: &str, given: &str| {
            let patients = [("p1", family, given)];
            let found = flags(&users, &patients, looking, "p1");
            found.into_iter().find(|flag| flag.kind == AccessFlag::CoWorker).map(|flag| flag.meaning)
        };
        let initial = meaning(1, "Okafor", "Ada").unwrap();
        assert_eq!(initial, "may be a co-worker: Dr A. OKAFOR, a user here, has the same family name and initial");
        let whole = meaning(0, "Lindqvist", "Mia Anna").unwrap();
        assert_eq!(whole, "may be a co-worker: Mia LINDQVIST, a user here, has the same name");
        let own = meaning(0, "Okafor", "Ada").unwrap();
        assert_eq!(own, "may be the user's own record: the same family name and initial");
        assert_eq!(meaning(0, "Okafor", "Ben"), None, "another given name is another person");
        assert_eq!(meaning(0, "Okafor", ""), None, "a family name alone is a namesake");
    }

    #[test]
    fn labels_flag_whoever_looks() {
        let mut labelled = person("Star", "Max");
        (labelled.vip, labelled.employee) = (true, true);
        let index = SearchIndex::build(vec![(pid("p1"), Some(labelled))]);
        let found = Flags::new(&index, &[]).of(None, &pid("p1"));
        let kinds: Vec<_> = found.iter().map(|flag| flag.kind).collect();
        assert_eq!(kinds, [AccessFlag::CoWorker, AccessFlag::Vip], "also without a user");
        assert!(found[0].meaning.contains("EMP"), "the label says more than names do: {}", found[0].meaning);
    }

    fn kinds(users: &[&str], patients: &[(&str, &str, &str)], looking: usize, patient: &str) -> Vec<AccessFlag> {
        flags(users, patients, looking, patient).into_iter().map(|flag| flag.kind).collect()
    }

    fn flags(users: &[&str], patients: &[(&str, &str, &str)], looking: usize, at: &str) -> Vec<AccessFlagView> {
        let rows = patients.iter().map(|(id, family, given)| (pid(id), Some(person(family, given)))).collect();
        let index = SearchIndex::build(rows);
        let users: Vec<UserRecord> = (0..).zip(users).map(|(number, name)| user(number, name)).collect();
        Flags::new(&index, &users).of(users.get(looking).map(|user| user.id), &pid(at))
    }

    fn person(family: &str, given: &str) -> Demographics {
        let mut person = Demographics::default();
        family.clone_into(&mut person.family);
        given.clone_into(&mut person.given);
        person
    }

    fn user(number: u128, display: &str) -> UserRecord {
        UserRecord {
            id: UserId::from_uuid(uuid::Uuid::from_u128(number)),
            username: String::new(),
            display_name: display.to_owned(),
            role: Role::Nurse,
            disabled: false,
            created_at: DateTime::<Utc>::default(),
            last_sign_in: None,
            practitioner: None,
            emergency_account: false,
        }
    }

    fn pid(id: &str) -> PatientId {
        PatientId::parse(id).unwrap()
    }
}
