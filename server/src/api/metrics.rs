//! The page `/metrics`, for Prometheus and whoever reads like it.

use axum::Router;
use axum::routing::get;
use http::{HeaderValue, header};

use crate::app::App;

/// The media type of the page.
const MEDIA_TYPE: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Adds the page to what is served on this port.
pub(super) fn route(router: Router, app: App) -> Router {
    let page = move || {
        let app = app.clone();
        async move { ([(header::CONTENT_TYPE, MEDIA_TYPE)], app.metrics().render()) }
    };
    router.route("/metrics", get(page))
}
