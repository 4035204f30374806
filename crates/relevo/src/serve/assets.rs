//! The page, embedded in the binary. A debug build reads the files of `web/` as they are on disk, so that whoever works on the page
//! only reloads it.

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{Embed, EmbeddedFile};

use super::slim::{Kind, slim};

/// No inline script or style, nothing from elsewhere; the websocket of this machine.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; img-src 'self' data:; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

#[derive(Embed)]
#[folder = "../../web"]
struct Assets;

/// The page, and every file of it that is of a kind that pages are made of.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let router = Router::new().route("/", get(async |headers: HeaderMap| serve("index.html", &headers)));
    Assets::iter().filter(|path| kind(path).is_some()).fold(router, |router, path| {
        router.route(
            &format!("/{path}"),
            get(async |uri: Uri, headers: HeaderMap| serve(uri.path().trim_start_matches('/'), &headers)),
        )
    })
}

fn serve(path: &str, request: &HeaderMap) -> Response {
    let (Some(kind), Some(EmbeddedFile { data, metadata, .. })) = (kind(path), Assets::get(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // The start of the digest: enough to tell two versions of a file apart.
    let start = metadata.sha256_hash().first_chunk().copied().map(u128::from_be_bytes).unwrap_or_default();
    let tag = format!("\"{start:032x}\"");
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, "no-cache".into()),
        (header::ETAG, tag.clone()),
        (header::CONTENT_SECURITY_POLICY, POLICY.into()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".into()),
        (header::REFERRER_POLICY, "no-referrer".into()),
    ];
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let slimmed = match kind.split(';').next() {
        Some("text/javascript") => Some(Kind::Module),
        Some("text/css") => Some(Kind::Style),
        Some("text/html") => Some(Kind::Page),
        _ => None,
    };
    match (slimmed, std::str::from_utf8(&data)) {
        (Some(kind), Ok(text)) => (headers, slim(text, kind)).into_response(),
        _ => (headers, data).into_response(),
    }
}

fn kind(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return None,
    })
}
