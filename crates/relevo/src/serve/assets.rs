//! The page, embedded in the binary. A debug build reads the files of `web/` as they are on disk, so that whoever works on the page
//! only reloads it.

use std::borrow::Cow;

use axum::{
    Router,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{Embed, EmbeddedFile};

use super::{
    slim::{Kind, slim},
    styles,
};

/// No inline script or style, nothing from elsewhere; the websocket of this machine.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; img-src 'self' data:; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// The file of the page itself.
const PAGE: &str = "index.html";

#[derive(Embed)]
#[folder = "../../web"]
struct Assets;

/// The page, and every file of it that is of a kind that pages are made of.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let router = Router::new().route("/", get(async |headers: HeaderMap| serve(PAGE, &headers)));
    let names = Assets::iter().chain([styles::TOGETHER.into()]);
    names.filter(|path| kind(path).is_some()).fold(router, |router, path| {
        router.route(
            &format!("/{path}"),
            get(async |uri: Uri, headers: HeaderMap| serve(uri.path().trim_start_matches('/'), &headers)),
        )
    })
}

fn serve(path: &str, request: &HeaderMap) -> Response {
    let (Some(kind), Some(Asset { content, digest })) = (kind(path), asset(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = format!("\"{digest:032x}\"");
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
    match (slimmed, std::str::from_utf8(&content)) {
        (Some(Kind::Page), Ok(text)) => (headers, slim(&styles::together(text), Kind::Page)).into_response(),
        (Some(kind), Ok(text)) => (headers, slim(text, kind)).into_response(),
        _ => (headers, content).into_response(),
    }
}

/// What is sent under a name, and the start of its digest: enough to tell two versions of it apart.
#[derive(Default)]
struct Asset {
    content: Cow<'static, [u8]>,
    digest: u128,
}

fn asset(path: &str) -> Option<Asset> {
    if path == styles::TOGETHER {
        return style();
    }
    let EmbeddedFile { data, metadata, .. } = Assets::get(path)?;
    let digest = metadata.sha256_hash().first_chunk().copied().map(u128::from_be_bytes).unwrap_or_default();
    Some(Asset { content: data, digest })
}

/// The style sheets of the page as one.
fn style() -> Option<Asset> {
    let page = asset(PAGE)?;
    let mut style = Asset::default();
    for name in styles::named(std::str::from_utf8(&page.content).ok()?) {
        let sheet = asset(name)?;
        style.content.to_mut().extend_from_slice(&sheet.content);
        // Turned, so that their order counts too.
        style.digest = style.digest.rotate_left(1) ^ sheet.digest;
    }
    Some(style)
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

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str, known: &str) -> (StatusCode, String, String) {
        let request = axum::http::Request::get(path).header(header::IF_NONE_MATCH, known).body(Body::empty()).unwrap();
        let answer = routes::<()>().oneshot(request).await.unwrap();
        let (status, tag) = (answer.status(), answer.headers()[header::ETAG].to_str().unwrap().to_owned());
        let text = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, tag, String::from_utf8(text.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_page_has_one_style_sheet_of_all() {
        let (_, _, page) = get("/", "").await;
        assert_eq!(styles::named(&page).collect::<Vec<_>>(), [styles::TOGETHER]);
        let (status, tag, style) = get("/page.css", "").await;
        assert_eq!(status, StatusCode::OK);
        let source = Assets::get(PAGE).unwrap().data;
        let mut sheets = String::new();
        for name in styles::named(std::str::from_utf8(&source).unwrap()) {
            sheets += &get(&format!("/{name}"), "").await.2;
        }
        assert_eq!(style, sheets);
        assert!(!style.contains("url(") && !style.contains("@import"), "a path would begin elsewhere");
        assert_eq!(get("/page.css", &tag).await.0, StatusCode::NOT_MODIFIED);
    }
}
