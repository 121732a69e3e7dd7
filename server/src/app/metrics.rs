//! What the operator can watch, as `OpenMetrics` text.
//!
//! Invariant: no label ever holds an id, a name or anything a customer wrote.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use heard_engine::case::event::DeadlineFired;
use heard_engine::time::Timestamp;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::store::Store;

/// The label of counted refusals and failures.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct CodeLabel {
    /// The stable code.
    pub code: &'static str,
}

/// The label of what fired.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct KindLabel {
    /// `clock`, `promise`, `due`, `survey` or `follow_up`.
    pub kind: &'static str,
}

/// Everything that is measured.
pub struct Metrics {
    registry: Registry,
    store: Arc<dyn Store>,
    /// Commands that wait to be taken into a batch.
    pub queue_depth: Gauge,
    /// Commands written in one batch.
    pub batch_size: Histogram,
    /// Seconds a batch takes to be written and synced.
    pub sync_seconds: Histogram,
    /// Commands accepted and written.
    pub accepted: Counter,
    /// Requests not done, by code.
    pub not_done: Family<CodeLabel, Counter>,
    /// Firings that wait to be taken into a batch.
    pub timers_waiting: Gauge,
    /// Firings in one batch, those that go before a command left out.
    pub batch_timers: Histogram,
    /// Deadlines that fired, by kind.
    pub fired: Family<KindLabel, Counter>,
    /// Seconds from when a mark could fire to the recording of its firing.
    pub lateness_seconds: Histogram,
    /// Firings that failed and are tried again later.
    pub not_fired: Counter,
    /// 1 while time is held.
    pub time_held: Gauge,
    wal_bytes: Gauge,
    position: Gauge,
}

impl Metrics {
    /// Makes the metrics of one application.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        let mut registry = Registry::with_prefix("heard");
        let metrics = Self {
            queue_depth: Gauge::default(),
            batch_size: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            sync_seconds: Histogram::new(exponential_buckets(0.000_1, 2.0, 16)),
            accepted: Counter::default(),
            not_done: Family::default(),
            timers_waiting: Gauge::default(),
            batch_timers: Histogram::new(exponential_buckets(1.0, 2.0, 10)),
            fired: Family::default(),
            lateness_seconds: Histogram::new(exponential_buckets(0.001, 4.0, 16)),
            not_fired: Counter::default(),
            time_held: Gauge::default(),
            wal_bytes: Gauge::default(),
            position: Gauge::default(),
            registry: Registry::default(),
            store,
        };
        registry.register(
            "committer_queue_depth",
            "Commands that wait to be taken into a batch",
            metrics.queue_depth.clone(),
        );
        registry.register(
            "committer_batch_commands",
            "Commands written in one batch",
            metrics.batch_size.clone(),
        );
        registry.register_with_unit(
            "committer_sync",
            "Time a batch takes to be written and synced",
            Unit::Seconds,
            metrics.sync_seconds.clone(),
        );
        registry.register(
            "commands_accepted",
            "Commands accepted and written",
            metrics.accepted.clone(),
        );
        registry.register(
            "requests_not_done",
            "Requests refused, malformed or failed, by stable code",
            metrics.not_done.clone(),
        );
        metrics.register_time(&mut registry);
        registry.register_with_unit(
            "store_wal",
            "Size of the write-ahead log",
            Unit::Bytes,
            metrics.wal_bytes.clone(),
        );
        registry.register(
            "store_position",
            "Newest position",
            metrics.position.clone(),
        );
        Self {
            registry,
            ..metrics
        }
    }

    /// Counts a mark that fired, and how late it was recorded. A mark that had passed when its
    /// deadline began could not fire before that.
    pub(super) fn fired(&self, fired: &DeadlineFired, recorded_at: Timestamp) {
        let kind = fired.deadline.kind().as_str();
        self.fired.get_or_create(&KindLabel { kind }).inc();
        let could = fired.effective_at.micros();
        let late = recorded_at.micros().saturating_sub(could);
        let late = Duration::from_micros(late.max(0).unsigned_abs());
        self.lateness_seconds.observe(late.as_secs_f64());
    }

    fn register_time(&self, registry: &mut Registry) {
        registry.register(
            "timekeeper_queue_depth",
            "Firings that wait to be taken into a batch",
            self.timers_waiting.clone(),
        );
        registry.register(
            "timekeeper_batch_firings",
            "Firings of the timekeeper in one batch",
            self.batch_timers.clone(),
        );
        registry.register(
            "deadlines_fired",
            "Deadlines that fired, by kind",
            self.fired.clone(),
        );
        registry.register_with_unit(
            "deadlines_lateness",
            "Time from when a mark could fire to the recording of its firing",
            Unit::Seconds,
            self.lateness_seconds.clone(),
        );
        registry.register(
            "deadlines_not_fired",
            "Firings that failed and are tried again later",
            self.not_fired.clone(),
        );
        registry.register(
            "time_held",
            "1 while deadlines wait for the operator to accept the clock",
            self.time_held.clone(),
        );
    }

    /// Returns everything as `OpenMetrics` text.
    #[must_use]
    pub fn render(&self) -> String {
        let gauges = self.store.gauges();
        self.wal_bytes
            .set(i64::try_from(gauges.wal_bytes).unwrap_or(i64::MAX));
        self.position
            .set(i64::try_from(gauges.position.0).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a `String` cannot fail; a metric that could not be encoded is left out.
        if prometheus_client::encoding::text::encode(&mut text, &self.registry).is_err() {
            text.push_str("# some metrics could not be written\n");
        }
        text
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
