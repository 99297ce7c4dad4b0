//! Two servers of two owners over the network, one the witness of the other.

use vigil_audit::CosignatureVerifier;
use vigil_server::store::{Alarm, AlarmKind, Log};
use vigil_server::witness::Submitted;

use crate::running::{Running, installation};

/// A server, and another that it is witnessed by.
async fn two() -> (Running, Running) {
    let (mut first, first_folder) = installation("").await;
    let servers = format!("[witness]\nservers = [{:?}]\n", first.keyring.keys.witness_key());
    let (second, second_folder) = installation(&servers).await;
    let second = Running::of(second, second_folder).await;
    first.config.witness = Some(witness(&first_folder, &second));
    (Running::of(first, first_folder).await, second)
}

fn witness(folder: &tempfile::TempDir, second: &Running) -> vigil_server::config::FurtherWitness {
    let anchor = folder.path().join("witness.pem");
    std::fs::write(&anchor, vigil_server::ca::pem(&second.anchor())).unwrap();
    vigil_server::config::FurtherWitness {
        url: format!("https://localhost:{}/add-checkpoint", second.addresses[1].port()),
        key: second.installation().keyring.keys.witness_key(),
        anchor,
    }
}

async fn log(running: &Running, id: vigil_model::DeviceId) -> Log {
    Log::find(&mut running.installation().store.read().await.unwrap(), id).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_grown_is_cosigned_by_the_other_server() {
    let (first, second) = two().await;
    let (mut station, https) = first.enrol(1).await;
    let witness = CosignatureVerifier::new(&second.installation().keyring.keys.witness_key()).unwrap();
    for size in [5, 12] {
        let count = usize::try_from(size - station.len()).unwrap();
        first.bring(&mut station, &https, count).await;
        let done = first.server.be_witnessed().await.unwrap().unwrap();
        assert_eq!((done.contradicted, done.failed), (0, 0), "{done:?}");
        let log = log(&first, station.log).await;
        assert_eq!(log.witnessed_size, size);
        assert!(witness.open(log.checkpoint.unwrap().as_bytes()).is_ok(), "with its cosignature");
    }
    second.stop().await;
    first.bring(&mut station, &https, 1).await;
    let done = first.server.be_witnessed().await.unwrap().unwrap();
    assert!(done.failed >= 1 && done.contradicted == 0, "no answer is no contradiction: {done:?}");
    assert_eq!(log(&first, station.log).await.witnessed_size, 12, "what was cosigned stays");
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_shows_its_logs_by_itself() {
    let (first, second) = two().await;
    let own = first.installation().keyring.keys.own_log();
    // Its first entry is its start.
    while log(&first, own).await.witnessed_size == 0 {
        tokio::task::yield_now().await;
    }
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_another_server_has_rewritten_is_an_alarm() {
    let (first, second) = two().await;
    let (mut station, https) = first.enrol(1).await;
    first.bring(&mut station, &https, 5).await;
    first.server.be_witnessed().await.unwrap();
    // What the owner of the first server could write there; the witness remembers.
    let origin = format!("vigil/{}", station.log);
    let mut tx = second.installation().store.begin().await.unwrap();
    match &mut tx {
        vigil_server::store::Tx::Sqlite(tx) => {
            let sql = "UPDATE witnessed_log SET root = zeroblob(32) WHERE origin = ?";
            sqlx::query(sql).bind(&origin).execute(&mut **tx).await.unwrap();
        }
        vigil_server::store::Tx::Postgres(_) => unreachable!("the embedded one"),
    }
    tx.commit().await.unwrap();
    first.bring(&mut station, &https, 1).await;
    let done = first.server.be_witnessed().await.unwrap().unwrap();
    assert_eq!(done.contradicted, 1, "{done:?}");
    let alarms = Alarm::newest(&mut first.installation().store.read().await.unwrap(), 9).await.unwrap();
    assert!(alarms.iter().any(|alarm| alarm.kind == AlarmKind::Witness && alarm.log == Some(station.log)));
    first.stop().await;
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_cosigns_for_no_server_that_it_does_not_know_and_no_other_form() {
    let (first, second) = two().await;
    let (mut station, https) = second.enrol(1).await;
    second.bring(&mut station, &https, 1).await;
    let note = log(&second, station.log).await.checkpoint.unwrap();
    let text = [("content-type", "text/plain")];
    let ask = async |running: &Running, body: String| {
        let answer = running.stranger().post("/add-checkpoint", &text, body).await;
        (answer.status, answer.header("content-type").to_owned())
    };
    let plain = "text/plain; charset=utf-8".to_owned();
    assert_eq!(ask(&second, format!("old 0\n\n{note}")).await, (403, plain.clone()), "its own is not another's");
    assert_eq!(ask(&first, format!("old 0\n\n{note}")).await, (403, plain.clone()), "it knows nobody");
    assert_eq!(ask(&second, "what".to_owned()).await, (400, plain), "no request");
    assert_eq!(ask(&second, "x".repeat(65 * 1024)).await.0, 413, "too long");
    assert_eq!(first.server.be_witnessed().await.unwrap().map(|done| done.contradicted), Some(0));
    assert_eq!(second.server.be_witnessed().await.unwrap(), None::<Submitted>, "it has no witness");
    first.stop().await;
    second.stop().await;
}
