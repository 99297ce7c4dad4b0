//! An SMS goes to every telephone by a call of its own: who has it is not sent it again because another could not be reached.

use std::future::Future;

use futures_util::future::join_all;
use uuid::Uuid;

use crate::memo::Memo;
use crate::settings::Telephone;
use crate::{Delivered, DeliveryError, Notice};

/// Sends a notice to every telephone that does not have it yet, all at once.
pub(super) async fn to_each<'t, F>(
    telephones: &'t [Telephone],
    memo: &Memo,
    notice: &Notice,
    send: impl Fn(&'t Telephone) -> F,
) -> Result<Delivered, DeliveryError>
where
    F: Future<Output = Result<Option<String>, DeliveryError>>,
{
    let open = telephones.iter().filter(|telephone| !memo.has(notice.id, telephone.as_str()));
    let sent = join_all(open.map(|telephone| {
        let sending = send(telephone);
        async move { (telephone, sending.await) }
    }))
    .await;
    let (mut receipts, mut failed) = (Vec::new(), Vec::new());
    for (telephone, outcome) in sent {
        match outcome {
            Ok(receipt) => {
                memo.note(notice.id, telephone.as_str());
                receipts.extend(receipt);
            }
            Err(error) => failed.push(error),
        }
    }
    match together(failed, telephones.len()) {
        None => Ok(Delivered { receipt: (!receipts.is_empty()).then(|| receipts.join(" ")) }),
        Some(error) => Err(error),
    }
}

/// Several failures as one: it is tried again as long as one of them may heal.
fn together(failed: Vec<DeliveryError>, of: usize) -> Option<DeliveryError> {
    let (count, transient) = (failed.len(), failed.iter().any(|error| error.transient));
    let retry_after = failed.iter().filter_map(|error| error.retry_after).max();
    let first = failed.into_iter().find(|error| error.transient == transient)?;
    let what = if of == 1 { first.what } else { format!("{} ({count} of {of} telephones)", first.what) };
    Some(DeliveryError { transient, retry_after, what })
}

/// What a gateway can know the repeat of an SMS to one telephone by (UUID version 5 of the notice and the number).
pub(super) fn key(notice: &Notice, telephone: &Telephone) -> Uuid {
    Uuid::new_v5(&notice.id, telephone.as_str().as_bytes())
}
