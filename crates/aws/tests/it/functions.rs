//! How a Lambda function is invoked, and what its failures become.

use relevo_aws::LambdaFunctions;
use relevo_outbound::{CallError, Invoke as _};

use crate::connector::{Answer, Scripted, clients};

async fn invoke(answer: Answer) -> (Result<String, CallError>, Scripted) {
    let script = Scripted::new([answer]);
    let functions = LambdaFunctions::new(&clients(script.clone()));
    (functions.invoke("pay", r#"{"function":"pay"}"#).await, script)
}

#[tokio::test]
async fn the_event_goes_out_and_the_payload_comes_back() {
    let (answer, script) = invoke(Answer::Http(200, "", br#""paid""#.to_vec())).await;
    assert_eq!(answer.unwrap(), r#""paid""#);
    assert_eq!(script.sent().remove(0).text, r#"{"function":"pay"}"#);
}

#[tokio::test]
async fn failures_are_one_attempt_and_say_nothing_of_the_event() {
    for (answer, wanted) in [
        (Answer::Http(429, "TooManyRequestsException", b"{}".to_vec()), "throttled"),
        (Answer::Http(404, "ResourceNotFoundException", b"{}".to_vec()), "it failed: "),
        (Answer::Http(200, "", vec![b'x'; 30_000]), "its answer is longer than 25600 bytes"),
        (Answer::Broken, "it was not reached: no connection"),
    ] {
        let (answer, script) = invoke(answer).await;
        let said = answer.unwrap_err().to_string();
        assert!(said.starts_with(wanted), "{said}");
        assert_eq!(script.sent().len(), 1);
    }
}
