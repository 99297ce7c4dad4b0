//! A workstation that writes without end: batch after batch, sealed, with a checkpoint over each.

use vigil_audit::{EntrySealer, Frontier};
use vigil_model::wire::Batch;
use vigil_server::intake::Sender;

use crate::support::Server;
use crate::support::workstation::{Workstation, context};

/// Entries of a batch: the most that one holds.
pub(crate) const BATCH: usize = vigil_model::wire::BATCH_ENTRIES;

pub(crate) struct Writing {
    station: Workstation,
    sealer: EntrySealer,
    frontier: Frontier,
    pub(crate) sender: Sender,
}

impl Writing {
    pub(crate) async fn enrolled(server: &Server, number: u8) -> Self {
        let (station, sender) = server.enrol(number).await;
        Self { sealer: station.sealer(), station, frontier: Frontier::default(), sender }
    }

    /// The next batch.
    pub(crate) fn next(&mut self) -> Batch {
        let from = self.station.len() + 1;
        self.station.write(BATCH);
        let to = self.station.len();
        let entries = (from..=to).map(|seq| self.station.sealed(&self.sealer, seq)).collect();
        for (event, _) in self.station.entries.iter_mut().skip(usize::try_from(from).unwrap() - 1) {
            // The numbers stay, the words are not needed any more.
            self.frontier.append(&std::mem::take(event)).unwrap();
        }
        let note = self.station.signer().sign(to, self.frontier.root().unwrap()).unwrap();
        Batch { from, contexts: vec![context(&self.sealer)], entries, checkpoint: String::from_utf8(note).unwrap() }
    }
}
