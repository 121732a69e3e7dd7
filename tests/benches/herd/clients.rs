//! Clients that advance calm cases as fast as they are answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use heard_engine::case::command::{Advance, PlainAct, Way};
use heard_engine::id::{ActionName, CaseId, FieldName};
use heard_engine::value::Value;
use heard_server::app::App;

use super::made::request;

/// How many clients ask at the same time.
pub const CLIENTS: usize = 64;
/// Cases that are advanced for a while, each one often: a hot set.
const HOT: usize = 4_096;
/// After so many advances the next cases are the hot set, so that none becomes long.
const HOT_ADVANCES: usize = 400_000;

/// Clients at work.
pub struct Clients {
    begun: Instant,
    is_over: Arc<AtomicBool>,
    tasks: tokio::task::JoinSet<anyhow::Result<Vec<u64>>>,
}

/// What came of them.
pub struct Point {
    done: usize,
    seconds: f64,
    micros: Vec<u64>,
}

impl Clients {
    /// Lets them begin. Across all uses the cases go on where `next` stands.
    pub fn begin(app: &App, cases: &Arc<[CaseId]>, next: &Arc<AtomicUsize>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..CLIENTS {
            let (app, cases) = (app.clone(), Arc::clone(cases));
            let (next, is_over) = (Arc::clone(next), Arc::clone(&is_over));
            tasks.spawn(async move {
                let mut micros = Vec::new();
                while !is_over.load(Ordering::Relaxed) {
                    let case = hot(&cases, next.fetch_add(1, Ordering::Relaxed));
                    let begun = Instant::now();
                    app.act(case, request()?, told_more()?).await?;
                    micros.push(u64::try_from(begun.elapsed().as_micros())?);
                }
                Ok(micros)
            });
        }
        Self {
            begun: Instant::now(),
            is_over,
            tasks,
        }
    }

    /// Ends them and returns what came of it.
    pub async fn end(mut self) -> anyhow::Result<Point> {
        self.is_over.store(true, Ordering::Relaxed);
        let seconds = self.begun.elapsed().as_secs_f64();
        let mut micros = Vec::new();
        while let Some(asked) = self.tasks.join_next().await {
            micros.extend(asked??);
        }
        micros.sort_unstable();
        Ok(Point {
            done: micros.len(),
            seconds,
            micros,
        })
    }

    /// Lets them go on for a while and ends them.
    pub async fn end_after(self, window: Duration) -> anyhow::Result<Point> {
        tokio::time::sleep(window).await;
        self.end().await
    }
}

fn hot(cases: &[CaseId], turn: usize) -> CaseId {
    let sets = cases.len() / HOT;
    let set = turn / HOT_ADVANCES % sets;
    cases[set * HOT + turn % HOT]
}

/// The same advance that `spine` sends.
pub fn told_more() -> anyhow::Result<PlainAct> {
    let answers = [
        ("mood", Value::Choice("worried".into())),
        ("waited", Value::Number(25)),
        ("answered", Value::YesNo(true)),
        ("channel", Value::Text("telephone, third call".into())),
    ];
    let answers = answers
        .into_iter()
        .map(|(field, value)| Ok((FieldName::new(field)?, value)))
        .collect::<anyhow::Result<_>>()?;
    Ok(PlainAct::Advance(Advance {
        answers,
        reason: None,
        way: Way::Action(ActionName::new("told_more")?),
    }))
}

impl Point {
    /// Returns how many advances were answered in a second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.seconds
    }

    /// Returns how much memory the answer times take.
    pub fn bytes(&self) -> f64 {
        size_of_val(self.micros.as_slice()) as f64
    }

    /// Returns the time of answering, in milliseconds, that so many in a hundred stayed within.
    pub fn percentile(&self, percent: usize) -> f64 {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).copied().unwrap_or(0) as f64 / 1_000.0
    }
}
