//! Changes of the directory, and what becomes of the groups' keys.

use crate::{on_both, support};

on_both!(
    closing_an_account_replaces_every_key_that_the_user_held,
    another_role_takes_the_groups_of_the_former_one_and_brings_its_own
);

mod bodies {
    use std::path::Path;

    use vigil_audit::Agent;
    use vigil_model::wire::DirectoryUser;
    use vigil_model::{DeviceId, Role};
    use vigil_server::clock::Clock;
    use vigil_server::config::Config;
    use vigil_server::directory::{NewUser, add_user, disable, grant, put_team, set_role};
    use vigil_server::installation::Installation;
    use vigil_server::search::{Searcher, search};
    use vigil_server::store::GroupKey;

    use crate::support::On;
    use crate::support::postgres::Cluster;

    async fn installation(on: On) -> (Installation, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let database = match on {
            On::Sqlite => String::new(),
            On::Postgres => format!("[database]\nurl = {:?}\n", Cluster::shared().database()),
        };
        let text = format!("[server]\ndata = {:?}\n{database}", folder.path().join("data"));
        let config = Config::parse(&text, Path::new("test.toml")).unwrap();
        (Installation::open(config, Clock::system()).await.unwrap(), folder)
    }

    fn log(number: u8) -> DeviceId {
        DeviceId::parse(&format!("01900000-0000-7000-8000-0000000000{number:02x}")).unwrap()
    }

    /// How many versions of each group's key there are on a log.
    async fn versions(installation: &Installation, number: u8) -> Vec<(String, u32)> {
        let mut tx = installation.store.read().await.unwrap();
        let mut newest: Vec<(String, u32)> = Vec::new();
        for key in GroupKey::of_log(&mut tx, log(number)).await.unwrap() {
            newest.retain(|(name, _)| *name != key.name);
            newest.push((key.name, key.version));
        }
        newest
    }

    async fn user(installation: &Installation, name: &str) -> DirectoryUser {
        let mut tx = installation.store.read().await.unwrap();
        let users = vigil_server::store::directory::users(&mut tx).await.unwrap();
        users.into_iter().find(|user| user.username == name).unwrap()
    }

    /// Keys of these groups on the logs 1 and 2.
    async fn with_keys(installation: &Installation, groups: &[&str]) {
        let mut tx = installation.store.begin().await.unwrap();
        for (number, group) in [1, 2].into_iter().flat_map(|number| groups.iter().map(move |group| (number, *group))) {
            let (wrapped, made) = (vec![1; 60], 0);
            let key = GroupKey { log: log(number), name: group.into(), version: 1, public: None, wrapped, made };
            key.insert(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    fn told(versions: &[(&str, u32)]) -> Vec<(String, u32)> {
        versions.iter().map(|(name, version)| ((*name).to_owned(), *version)).collect()
    }

    pub(super) async fn closing_an_account_replaces_every_key_that_the_user_held(on: On) {
        let (installation, _folder) = installation(on).await;
        for (name, role) in [("meyer", Role::Physician), ("front", Role::FrontDesk)] {
            let new = NewUser { username: name.into(), display_name: name.into(), role, practitioner: None };
            add_user(&installation, new).await.unwrap();
        }
        grant(&installation, "meyer", "care-group/icu").await.unwrap();
        // Two workstations; a group that the user never held.
        let groups = ["break-glass", "care-group/general", "care-group/icu", "care-group/surgery", "directory"];
        with_keys(&installation, &groups).await;

        disable(&installation, "meyer", true).await.unwrap();
        let after = told(&[
            ("break-glass", 2),
            ("care-group/general", 2),
            ("care-group/icu", 2),
            ("care-group/surgery", 1),
            ("directory", 2),
        ]);
        for number in [1, 2] {
            assert_eq!(versions(&installation, number).await, after, "on log {number}");
        }
        disable(&installation, "meyer", true).await.unwrap();
        disable(&installation, "meyer", false).await.unwrap();
        assert_eq!(versions(&installation, 1).await, after, "neither closing it again nor opening it");

        disable(&installation, "front", true).await.unwrap();
        let after = told(&[
            ("break-glass", 2),
            ("care-group/general", 2),
            ("care-group/icu", 2),
            ("care-group/surgery", 1),
            ("directory", 3),
        ]);
        assert_eq!(
            versions(&installation, 2).await,
            after,
            "demographics are for everybody, and nothing else was held"
        );

        let (keys, now) = (&installation.keyring.keys, installation.now());
        let (agent, log, base) = (Agent::Operator, Some(keys.own_log()), String::new());
        let searcher = Searcher { agent, address: None, request: None, strict: true, log, base };
        let found = search(&installation.store, keys, &searcher, &[], now).await.unwrap().to_string();
        for (group, times) in [("directory", 2), ("break-glass", 1), ("care-group/icu", 1), ("care-group/general", 1)] {
            assert_eq!(found.matches(&format!("group={group} logs=2")).count(), times, "{group} on record");
        }
    }
    pub(super) async fn another_role_takes_the_groups_of_the_former_one_and_brings_its_own(on: On) {
        let (installation, _folder) = installation(on).await;
        let new = NewUser {
            username: "meyer".into(),
            display_name: "Dr M".into(),
            role: Role::Physician,
            practitioner: None,
        };
        add_user(&installation, new).await.unwrap();
        with_keys(&installation, &["break-glass", "care-group/general", "directory"]).await;

        set_role(&installation, "meyer", Role::Pharmacist).await.unwrap();
        let now = user(&installation, "meyer").await;
        assert_eq!((now.care_groups.len(), now.break_glass), (1, false), "no pharmacist breaks the glass by role");
        let after = told(&[("break-glass", 2), ("care-group/general", 1), ("directory", 1)]);
        assert_eq!(versions(&installation, 2).await, after, "what is held no longer is replaced, and nothing else");

        set_role(&installation, "meyer", Role::Billing).await.unwrap();
        assert!(user(&installation, "meyer").await.care_groups.is_empty(), "billing opens no chart");
        set_role(&installation, "meyer", Role::Nurse).await.unwrap();
        let now = user(&installation, "meyer").await;
        assert_eq!((now.care_groups.as_slice(), now.break_glass), (["general".to_owned()].as_slice(), true));
        let after = told(&[("break-glass", 2), ("care-group/general", 2), ("directory", 1)]);
        assert_eq!(versions(&installation, 1).await, after, "to give takes nothing from anybody");

        let refused = put_team(&installation, "Ward 3", Some("Ward 3".into()), &[]).await.unwrap_err().to_string();
        assert!(refused.contains("CareTeam/abc"), "what stands for a team in the charts is a reference: {refused}");
    }
}
