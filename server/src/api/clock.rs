//! `ClockService`: tells the time of the server, moves that of a test system.
//!
//! Invariant: a clock on its way gets there, also when whoever moved it is gone.

use heard_proto::v1;
use heard_proto::v1::clock_service_server::ClockService;
use tonic::{Request, Response, Status};

use super::convert::{read, request};
use super::status::{self, bad_request};
use crate::app::{App, ClockState, DUE_COUNTED_MAX, Error};

/// The service, over the application.
#[derive(Debug, Clone)]
pub(super) struct ClockApi {
    app: App,
}

impl ClockApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }

    async fn clock(&self) -> Result<Option<v1::ServerClock>, Status> {
        let state = self.app.clock_state().await.map_err(status::of)?;
        Ok(Some(clock(&state)))
    }
}

#[tonic::async_trait]
impl ClockService for ClockApi {
    async fn get_clock(
        &self,
        _: Request<v1::GetClockRequest>,
    ) -> Result<Response<v1::GetClockResponse>, Status> {
        let clock = self.clock().await?;
        Ok(Response::new(v1::GetClockResponse { clock }))
    }

    async fn set_clock(
        &self,
        message: Request<v1::SetClockRequest>,
    ) -> Result<Response<v1::SetClockResponse>, Status> {
        let to = request::clock_time(message.into_inner()).map_err(bad_request)?;
        let app = self.app.clone();
        let moving = tokio::spawn(async move { app.set_clock(to).await });
        let moved = moving.await.unwrap_or_else(|error| {
            Err(Error::Bug {
                what: format!("the clock was not moved: {error}"),
            })
        });
        let fired = moved.map_err(status::of)?;
        Ok(Response::new(v1::SetClockResponse {
            clock: self.clock().await?,
            fired_count: fired.fired,
            failed_count: fired.failed,
        }))
    }

    async fn accept_clock(
        &self,
        _: Request<v1::AcceptClockRequest>,
    ) -> Result<Response<v1::AcceptClockResponse>, Status> {
        let was_held = self.app.accept_clock().await.map_err(status::of)?;
        let was_held_reason = was_held.map(|held| held.to_string());
        Ok(Response::new(v1::AcceptClockResponse {
            clock: self.clock().await?,
            was_held_reason,
        }))
    }
}

fn clock(state: &ClockState) -> v1::ServerClock {
    v1::ServerClock {
        now_time: Some(read::time(state.now)),
        r#virtual: state.is_virtual,
        held_reason: state.held.map(|held| held.to_string()),
        next_due_time: state.next_due.map(read::time),
        due_count: state.due as u64,
        due_count_max: DUE_COUNTED_MAX as u64,
    }
}
