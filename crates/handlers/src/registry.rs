//! Finds the handler of a function and calls it in its time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use relevo_bot::{
    handlers::{Handler, answer, event, idempotency_key},
    ports::{FunctionInput, Handlers},
};
use relevo_outbound::{CallError, Http, Invoke, Request, Tokens};
use tokio::time::{Instant, timeout};

/// The handlers of a bot definition (`conversation.handlers`).
pub struct Registry {
    handlers: BTreeMap<String, Handler>,
    tokens: Tokens,
    lambda: Option<Arc<dyn Invoke>>,
    http: Http,
}

impl Registry {
    /// The handlers, by `function` or `actionGroup.function`. `lambda` calls those that are Lambda functions; `variable`
    /// reads an environment variable, for the tokens that [`relevo_bot::handlers::HttpHandler::bearer_from`] names.
    pub fn new(
        handlers: BTreeMap<String, Handler>,
        lambda: Option<Arc<dyn Invoke>>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let named = handlers.values().filter_map(|handler| match handler {
            Handler::Http(it) => it.bearer_from.as_deref(),
            Handler::Lambda(_) => None,
        });
        let tokens = Tokens::read(named, variable);
        Self { handlers, tokens, lambda, http: Http::default() }
    }

    /// The handler of an input: the one of its own action group before the one of its name.
    fn find(&self, input: &FunctionInput) -> Option<&Handler> {
        let full = format!("{}.{}", input.action_group, input.function);
        self.handlers.get(&full).or_else(|| self.handlers.get(&input.function))
    }

    async fn run(&self, handler: &Handler, key: &str, event: String) -> Result<String, CallError> {
        match handler {
            Handler::Lambda(it) => match &self.lambda {
                Some(lambda) => lambda.invoke(&it.function, &event).await,
                None => Err(CallError::NotConfigured("no Lambda API here: AWS_ENDPOINT_URL_LAMBDA is not set".into())),
            },
            Handler::Http(it) => {
                let request = Request {
                    method: "POST",
                    url: &it.url,
                    headers: Vec::new(),
                    bearer: self.tokens.of(it.bearer_from.as_deref())?,
                    idempotency_key: key,
                    body: Some(("application/json", event)),
                };
                let answer = self.http.send(request).await?;
                match answer.status {
                    200..=299 => Ok(answer.body),
                    status => Err(CallError::Failed(format!("status {status}"))),
                }
            }
        }
    }
}

#[async_trait]
impl Handlers for Registry {
    async fn call(&self, contact_id: &str, turn_id: &str, input: &FunctionInput) -> Option<Result<String, String>> {
        let handler = self.find(input)?;
        let key = idempotency_key(contact_id, turn_id, input);
        let begin = Instant::now();
        let time = Duration::from_millis(handler.timeout_ms());
        let done = timeout(time, self.run(handler, &key, event(contact_id, turn_id, input).to_string())).await;
        let duration_ms = begin.elapsed().as_millis();
        let function = input.function.as_str();
        Some(match done {
            Ok(Ok(body)) => {
                tracing::info!(contact_id, turn_id, function, duration_ms, "function");
                answer(&body)
            }
            Ok(Err(error)) => {
                tracing::warn!(contact_id, turn_id, function, duration_ms, %error, "the function gave no result");
                Err(match error {
                    CallError::TooLong(_) => "The function's answer is too long.".into(),
                    _ => "The function failed.".into(),
                })
            }
            Err(_) => {
                tracing::warn!(contact_id, turn_id, function, duration_ms, "the function took too long");
                Err("The function took too long.".into())
            }
        })
    }
}
