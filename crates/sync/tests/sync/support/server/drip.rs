//! A body that comes whole, or byte by byte with time between.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

pub(crate) struct Drip {
    left: Bytes,
    slow: Option<Duration>,
    unsaid: bool,
    claim: u64,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Drip {
    pub(crate) fn whole(left: Bytes) -> Self {
        Self { left, slow: None, unsaid: false, claim: 0, pause: None }
    }

    /// Byte by byte, with so much time before each.
    pub(crate) fn slow(self, pause: Duration) -> Self {
        Self { slow: Some(pause), ..self }
    }

    /// It claims to be so much longer.
    pub(crate) fn claiming(self, claim: u64) -> Self {
        Self { claim, ..self }
    }

    /// Nobody says before how long it is.
    pub(crate) fn unsaid(self) -> Self {
        Self { unsaid: true, ..self }
    }
}

impl Body for Drip {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let Some(slow) = self.slow else {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.left)))));
        };
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(slow)));
        std::task::ready!(pause.as_mut().poll(cx));
        self.pause = None;
        let byte = self.left.split_to(1);
        Poll::Ready(Some(Ok(Frame::data(byte))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        if self.unsaid {
            return SizeHint::default();
        }
        SizeHint::with_exact(u64::try_from(self.left.len()).unwrap() + self.claim)
    }
}
