//! Servers and databases that are killed while workstations send: nothing is lost, nothing is there twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, block_in_place};
use vigil_server::clock::Clock;
use vigil_server::config::Config;
use vigil_server::installation::Installation;
use vigil_sync::client::Boxed;
use vigil_sync::{Dial, Direct, Handle, Link};

use crate::process::Process;
use crate::running::token;
use crate::station::{Station, Time};
use crate::support::postgres::Cluster;

/// How often the server is killed where nobody says (`VIGIL_TORTURE_SERVER_KILLS`); `cargo xtask torture` does it 200 times.
const KILLS: u64 = 20;
const LIMITS: &str = "[limits]\ndevice_calls_per_minute = 100_000\naddress_calls_per_minute = 100_000";

/// A workstation that always has something to send: with every batch that it hands out it writes more.
struct Busy {
    station: Arc<Station>,
    handle: Arc<Handle>,
    writing: JoinHandle<()>,
}

impl Busy {
    fn begin(station: Station, chance: u64) -> Self {
        let station = Arc::new(station);
        station.outbox.write(10);
        let handle = Arc::new(station.run());
        let (outbox, writer) = (Arc::clone(&station), Arc::clone(&handle));
        let writing = tokio::spawn(async move {
            let mut batches = outbox.outbox.batches();
            for turn in chance.. {
                batches.changed().await.unwrap();
                outbox.outbox.write(usize::try_from(mixed(turn) % 30).unwrap() + 1);
                if turn.is_multiple_of(5) {
                    outbox.outbox.write_urgent();
                }
                writer.wake_urgent();
            }
        });
        Self { station, handle, writing }
    }

    fn handed_out(&self) -> u64 {
        *self.station.outbox.batches().borrow()
    }

    /// Nothing that the server confirmed is gone, and nothing stands against what it holds.
    fn judge(&self) {
        let state = self.handle.state().borrow().clone();
        assert_eq!(state.lost, None, "what a receipt covers stays");
        assert!(!matches!(state.link, Link::Conflict(_)), "{:?}", state.link);
        assert_eq!(self.station.outbox.forged(), 0, "every receipt fits the log");
    }

    /// Waits until the server has it all, after the writing: the log and how many entries it has.
    async fn end(mut self) -> String {
        let _ = (&mut self.writing).await;
        self.handle.retry();
        self.station.settle(&self.handle).await;
        self.judge();
        format!("{}  {} entries  intact", self.station.identity().log, self.station.outbox.station().len())
    }
}

/// Numbers that look like chance (splitmix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb)
}

/// Waits until so many batches more were handed out by all of them together.
async fn batches(all: &[Busy], more: u64) {
    let count = || all.iter().map(Busy::handed_out).sum::<u64>();
    let wanted = count() + more;
    let mut changes: Vec<_> = all.iter().map(|busy| busy.station.outbox.batches()).collect();
    while count() < wanted {
        let any = changes.iter_mut().map(|one| Box::pin(one.changed()));
        futures_util::future::select_all(any).await.0.unwrap();
    }
}

/// Ends the load, and holds what `vigil-server audit verify` says against what was written.
async fn verify(server: &Process, all: Vec<Busy>) {
    all.iter().for_each(|busy| busy.writing.abort());
    let mut expected = Vec::new();
    for busy in all {
        expected.push(busy.end().await);
    }
    let verified = block_in_place(|| server.run(&["audit", "verify"]));
    assert!(verified.success && !verified.out.contains("NOT INTACT"), "{}{}", verified.out, verified.err);
    for line in expected {
        assert!(verified.out.lines().any(|said| said == line), "{line}: {}", verified.out);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_at_any_moment_loses_nothing_that_it_confirmed() {
    let kills = std::env::var("VIGIL_TORTURE_SERVER_KILLS").map_or(KILLS, |kills| kills.parse().unwrap());
    let server = Process::new(LIMITS);
    assert!(server.start(), "{}", server.said());
    let mut all = Vec::new();
    for number in 1..=4 {
        let token = block_in_place(|| server.token());
        let station = Station::enrol(number, &token, &Time::default()).await.unwrap();
        all.push(Busy::begin(station, u64::from(number) * 1_000));
    }
    for kill in 0..kills {
        // In the middle of the load, some time after some batch began its way.
        batches(&all, mixed(kill) % 8 + 1).await;
        tokio::time::sleep(Duration::from_micros(mixed(kill + 1_000_000) % 6_000)).await;
        block_in_place(|| server.kill());
        assert!(block_in_place(|| server.start()), "after kill {kill}: {}", server.said());
        all.iter().for_each(|busy| {
            busy.judge();
            busy.handle.retry();
        });
    }
    verify(&server, all).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_share_fifty_workstations_while_the_database_and_one_of_them_are_killed() {
    let cluster = Arc::new(Cluster::start());
    let database = format!("{LIMITS}\n[database]\nurl = {:?}", cluster.database());
    let first = Process::new(&database);
    assert!(first.start(), "{}", first.said());
    let key = first.folder().join("data/master.key");
    let second = Process::new(&format!("{database}\n[custody]\nfile = {key:?}"));
    assert!(second.start(), "{}", second.said());

    let config = Config::load(Some(&first.configuration()), []).unwrap();
    let installation = Installation::open(config, Clock::system()).await.unwrap();
    let either = Arc::new(Either { ports: [first.ports[0], second.ports[0]], turn: AtomicUsize::new(0) });
    let mut stations = Vec::new();
    for number in 1..=50 {
        let token = token(&installation, first.ports).await;
        let enrolled = Station::enrol(number, &token, &Time::default()).await;
        let mut station = enrolled.unwrap_or_else(|error| panic!("{error}: {}", first.said()));
        station.dial = either.clone();
        stations.push(station);
    }
    let all: Vec<_> = (0..).zip(stations).map(|(turn, station)| Busy::begin(station, turn * 1_000)).collect();
    batches(&all, 100).await;
    for server in [&first, &second] {
        assert!(batches_taken(server.ports[2]).await > 10, "both work");
    }
    block_in_place(|| {
        cluster.crash();
        cluster.run();
    });
    batches(&all, 50).await;
    block_in_place(|| second.kill());
    batches(&all, 50).await;
    assert!(block_in_place(|| second.start()), "{}", second.said());
    batches(&all, 50).await;
    all.iter().for_each(Busy::judge);
    installation.store.close().await;
    verify(&first, all).await;
}

/// Leads to one server and then to the other, as a balancer does.
struct Either {
    ports: [u16; 2],
    turn: AtomicUsize,
}

impl Dial for Either {
    fn dial<'a>(&'a self, host: &'a str, _port: u16) -> Boxed<'a> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        Direct.dial(host, self.ports[turn % 2])
    }
}

/// How many batches a server has answered, as its metrics say.
async fn batches_taken(port: u16) -> u64 {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    let count = said.lines().find_map(|line| line.strip_prefix("vigil_batches_total "));
    count.map_or(0, |count| count.parse().unwrap())
}
