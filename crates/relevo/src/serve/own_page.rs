//! What only this server's own page may ask. The operator may let other origins chat (`--allow-origin`), and every page of this
//! machine may use the AWS wire; the desk and the inspector show whole conversations, and are for nobody but the page itself.

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, HOST, ORIGIN, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::Next,
    response::{IntoResponse as _, Response},
};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Refuses pages of other origins, those of other ports of this machine included. Programs that are no browser are let in.
pub(super) async fn only(request: Request, next: Next) -> Response {
    if is_stranger(request.headers()) {
        return (StatusCode::FORBIDDEN, "Only the page of this server may ask this.").into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether it is a page, and this server's own.
pub(super) fn is_own(headers: &HeaderMap) -> bool {
    headers.contains_key(ORIGIN) && !is_stranger(headers)
}

/// A browser says where a request comes from, by `Origin` or, where it sends none, by `Sec-Fetch-Site`; no script can change either.
fn is_stranger(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let elsewhere = text(&FETCH_SITE).is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let foreign = text(&ORIGIN).is_some_and(|origin| {
        let own = origin.strip_prefix("http://").filter(|own| !own.is_empty());
        !own.is_some_and(|own| text(&HOST).is_some_and(|host| own.eq_ignore_ascii_case(host)))
    });
    elsewhere || foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_page_and_programs_are_let_in() {
        for (headers, stranger) in [
            (&[][..], false),
            (&[("host", "127.0.0.1:8080")], false),
            (
                &[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")],
                false,
            ),
            (&[("host", "localhost:8080"), ("sec-fetch-site", "none")], false),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:3000")], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "http://localhost:8080")], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "https://127.0.0.1:8080")], true),
            (&[("host", "127.0.0.1:8080"), ("origin", "null")], true),
            (&[("origin", "http://")], true),
            (&[("host", "127.0.0.1:8080"), ("sec-fetch-site", "same-site")], true),
            (&[("host", "127.0.0.1:8080"), ("sec-fetch-site", "cross-site")], true),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
            }
            assert_eq!(is_stranger(&map), stranger, "{headers:?}");
        }
    }
}
