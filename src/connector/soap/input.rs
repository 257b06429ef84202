//! The bytes of an answer as they arrive, counted.

use std::io::{self, BufRead, Read};

use bytes::{Buf, Bytes};
use tokio::sync::mpsc;

use super::unreadable::{not_understood, too_large};
use crate::connector::failure::Failure;

/// No single tag, comment or piece of text is longer (a value of 1 MiB, and the markup around it).
const MAX_TOKEN: u64 = (1 << 20) + 1024;

/// How many bytes may be read: in all, and per unit (an actor, where the answer is read as a stream).
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    pub total: u64,
    pub unit: u64,
    /// Elements and texts.
    pub nodes: u64,
}

impl Caps {
    /// An answer of which the whole is kept.
    pub const ANSWER: Self = Self { total: 10 << 20, unit: 10 << 20, nodes: 1_000_000 };
    /// An answer of which one actor at a time is kept.
    pub const STREAM: Self = Self { total: 4 << 30, unit: 4 << 20, nodes: u64::MAX };
}

/// Chunks from a channel as one stream of bytes. Reading blocks: use it on a thread that may.
pub struct Input {
    chunk: Bytes,
    more: Option<mpsc::Receiver<Bytes>>,
    has_begun: bool,
    left: Left,
    unit: u64,
    failure: Option<Failure>,
}

struct Left {
    total: u64,
    unit: u64,
    token: u64,
}

impl Input {
    pub fn from_channel(chunks: mpsc::Receiver<Bytes>, caps: Caps) -> Self {
        Self::new(Bytes::new(), Some(chunks), caps)
    }

    pub fn from_bytes(bytes: Bytes, caps: Caps) -> Self {
        Self::new(bytes, None, caps)
    }

    fn new(chunk: Bytes, more: Option<mpsc::Receiver<Bytes>>, caps: Caps) -> Self {
        let left = Left { total: caps.total, unit: caps.unit, token: MAX_TOKEN };
        Self { chunk, more, has_begun: false, left, unit: caps.unit, failure: None }
    }

    pub fn begin_token(&mut self) {
        self.left.token = MAX_TOKEN;
    }

    pub fn begin_unit(&mut self) {
        self.left.unit = self.unit;
    }

    pub fn bytes_left(&self) -> u64 {
        self.left.total
    }

    /// Why reading stopped, when it was not for lack of bytes.
    pub fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    fn refuse(&mut self, failure: Failure) -> io::Error {
        self.failure = Some(failure);
        io::ErrorKind::Other.into()
    }

    /// Waits for enough bytes to tell UTF-8 from what we do not read.
    fn begin(&mut self) -> io::Result<()> {
        self.has_begun = true;
        while self.chunk.len() < 4
            && let Some(next) = self.more.as_mut().and_then(mpsc::Receiver::blocking_recv)
        {
            self.chunk = [&self.chunk[..], &next[..]].concat().into();
        }
        match *self.chunk {
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, b'<', ..] | [b'<', 0, ..] => {
                Err(self.refuse(not_understood("encoding UTF-16 (only UTF-8 is read)")))
            }
            _ => Ok(()),
        }
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if !self.has_begun {
            self.begin()?;
        }
        while self.chunk.is_empty() {
            match self.more.as_mut().and_then(mpsc::Receiver::blocking_recv) {
                Some(next) => self.chunk = next,
                None => return Ok(&[]),
            }
        }
        if self.left.token == 0 {
            return Err(self.refuse(too_large("value over 1 MiB")));
        }
        if self.left.unit == 0 {
            return Err(self.refuse(too_large(format!("over {} MiB", self.unit >> 20))));
        }
        if self.left.total == 0 {
            return Err(self.refuse(too_large("the whole answer")));
        }
        let most = self.left.token.min(self.left.unit).min(self.left.total);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(&self.chunk[..most.min(self.chunk.len())])
    }

    fn consume(&mut self, amount: usize) {
        self.chunk.advance(amount);
        let amount = amount as u64;
        self.left.token = self.left.token.saturating_sub(amount);
        self.left.unit = self.left.unit.saturating_sub(amount);
        self.left.total = self.left.total.saturating_sub(amount);
    }
}

impl Read for Input {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let amount = available.len().min(into.len());
        into[..amount].copy_from_slice(&available[..amount]);
        self.consume(amount);
        Ok(amount)
    }
}
