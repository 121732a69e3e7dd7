//! The page `/metrics`, for Prometheus and whoever reads like it.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use http::{HeaderValue, StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

/// The media type of the page.
const MEDIA_TYPE: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// Adds the page to what is served on this port.
pub(super) fn route(router: Router, registry: Arc<Registry>) -> Router {
    router.route(
        "/metrics",
        get(move || {
            let registry = Arc::clone(&registry);
            async move {
                let mut text = String::new();
                // Writing to a `String` fails only where a metric cannot be encoded.
                encode(&mut text, &registry)
                    .map(|()| ([(header::CONTENT_TYPE, MEDIA_TYPE)], text))
                    .map_err(|_| (StatusCode::INTERNAL_SERVER_ERROR, "a metric cannot be written\n"))
            }
        }),
    )
}
