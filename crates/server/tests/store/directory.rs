//! Changes of the directory, and what becomes of the groups' keys.

use crate::{on_both, support};

on_both!(closing_an_account_replaces_every_key_that_the_user_held);

mod bodies {
    use std::path::Path;

    use vigil_audit::Agent;
    use vigil_model::{DeviceId, Role};
    use vigil_server::clock::Clock;
    use vigil_server::config::Config;
    use vigil_server::directory::{NewUser, add_user, disable, grant};
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
        let mut tx = installation.store.begin().await.unwrap();
        for (number, group) in [1, 2].into_iter().flat_map(|number| groups.map(|group| (number, group))) {
            let (wrapped, made) = (vec![1; 60], 0);
            let key = GroupKey { log: log(number), name: group.into(), version: 1, public: None, wrapped, made };
            key.insert(&mut tx).await.unwrap();
        }
        tx.commit().await.unwrap();

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
}
