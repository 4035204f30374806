//! The page, embedded in the binary.

use axum::{Router, http::header, response::IntoResponse, routing::get};

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

/// No inline script or style, nothing from elsewhere; the websocket of this machine.
const POLICY: &str = "default-src 'self'; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; img-src 'self' data:; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

macro_rules! assets {
    ($($path:literal => $kind:ident $file:literal),+ $(,)?) => {
        /// Every file of the page: path, content type, content.
        const ASSETS: &[(&str, &str, &str)] = &[
            $(($path, $kind, include_str!(concat!("../../../../web/", $file)))),+
        ];
    };
}

assets! {
    "/" => HTML "index.html",
    "/api.js" => JS "api.js",
    "/attributes.js" => JS "attributes.js",
    "/changes.js" => JS "changes.js",
    "/chat.js" => JS "chat.js",
    "/composer.js" => JS "composer.js",
    "/confirm.js" => JS "confirm.js",
    "/conversation.js" => JS "conversation.js",
    "/desk.js" => JS "desk.js",
    "/dom.js" => JS "dom.js",
    "/favicon.svg" => SVG "favicon.svg",
    "/format.js" => JS "format.js",
    "/i18n.js" => JS "i18n.js",
    "/inspector.js" => JS "inspector.js",
    "/main.js" => JS "main.js",
    "/participant.js" => JS "participant.js",
    "/remember.js" => JS "remember.js",
    "/socket.js" => JS "socket.js",
    "/style.css" => CSS "style.css",
    "/texts.js" => JS "texts.js",
    "/trace-words.js" => JS "trace-words.js",
    "/transcript.js" => JS "transcript.js",
}

/// One route a file.
pub(super) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    ASSETS.iter().fold(Router::new(), |router, &(path, kind, content)| {
        router.route(
            path,
            get(async move || {
                (
                    [
                        (header::CONTENT_TYPE, kind),
                        (header::CACHE_CONTROL, "no-cache"),
                        (header::CONTENT_SECURITY_POLICY, POLICY),
                        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
                        (header::REFERRER_POLICY, "no-referrer"),
                    ],
                    content,
                )
                    .into_response()
            }),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_page_is_embedded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web");
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let served = ["html", "css", "js", "svg"].iter().any(|kind| name.ends_with(&format!(".{kind}")));
            let path = if name == "index.html" { "/".to_owned() } else { format!("/{name}") };
            assert!(!served || ASSETS.iter().any(|(known, ..)| *known == path), "{name} is not served");
        }
    }
}
