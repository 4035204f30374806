//! `Retrieve`: the request that goes out, what of an answer is a passage, and its failures.

use relevo_agents::knowledge::{Location, Retrieval, RetrievalError, RetrievedReference, Retriever, Uri};
use relevo_aws::BedrockKnowledge;
use serde_json::{Value, json};

use crate::connector::{Answer, Scripted, clients};

async fn asked(script: &Scripted) -> Result<Vec<RetrievedReference>, RetrievalError> {
    let retrieval =
        Retrieval { knowledge_base_id: "KB12345678".into(), query: "mi secreto".into(), number_of_results: 3 };
    BedrockKnowledge::new(&clients(script.clone())).retrieve(retrieval).await
}

fn results(results: &Value) -> Answer {
    Answer::json(200, "", &json!({"retrievalResults": results}))
}

#[tokio::test]
async fn passages_come_as_references() {
    let script = Scripted::new([results(&json!([
        {"content": {"type": "TEXT", "text": "Within 30 days."}, "score": 0.61, "documentId": "new",
         "location": {"type": "S3", "s3Location": {"uri": "s3://b/returns.md"}},
         "metadata": {"x-amz-bedrock-kb-source-uri": "s3://b/returns.md", "a-page": 2.0}},
        {"content": {"type": "ROW", "text": "", "row": [
            {"columnName": "Plan", "columnValue": "Pro", "type": "STRING"}, {"columnName": "Price", "columnValue": "20"}]},
         "location": {"type": "SQL", "sqlLocation": {"query": "SELECT 1"}}},
        {"content": {"type": "IMAGE", "text": "", "byteContent": "data:"}},
        {"content": {"text": "Older answers name no type."}, "location": {"type": "ONEDRIVE", "oneDriveLocation": {"url": "u"}}},
    ]))]);
    let found = asked(&script).await.unwrap();
    let texts: Vec<&str> = found.iter().map(RetrievedReference::text).collect();
    assert_eq!(texts, ["Within 30 days.", "Plan: Pro\nPrice: 20", "Older answers name no type."]);
    assert_eq!(found[0].location, Some(Location::S3 { s3_location: Uri { uri: "s3://b/returns.md".into() } }));
    assert_eq!(json!(found[0].metadata), json!({"a-page": 2.0, "x-amz-bedrock-kb-source-uri": "s3://b/returns.md"}));
    assert_eq!(found[1].location.as_ref().unwrap().text(), "SELECT 1");
    assert_eq!(found[2].location, None);
    let [sent] = <[_; 1]>::try_from(script.sent()).unwrap();
    assert_eq!(sent.path, "/knowledgebases/KB12345678/retrieve");
    let search = json!({"vectorSearchConfiguration": {"numberOfResults": 3}});
    assert_eq!(
        sent.body,
        json!({"retrievalQuery": {"type": "TEXT", "text": "mi secreto"}, "retrievalConfiguration": search})
    );
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_asked_again() {
    let throttled = || Answer::json(429, "ThrottlingException", &json!({"message": "mi secreto"}));
    let found = || results(&json!([{"content": {"type": "TEXT", "text": "t"}}]));
    assert_eq!(asked(&Scripted::new([throttled(), Answer::Broken, found()])).await.unwrap().len(), 1);
    let error = asked(&Scripted::new([throttled(), throttled(), throttled(), found()])).await.unwrap_err();
    assert_eq!(error, RetrievalError::Failed("ThrottlingException (429)".into()), "without what was said");
}

#[tokio::test(start_paused = true)]
async fn failures_are_told_apart() {
    let table = [
        (Answer::json(404, "ResourceNotFoundException", &json!({})), RetrievalError::Unknown("KB12345678".into())),
        (
            Answer::json(403, "AccessDeniedException", &json!({})),
            RetrievalError::Failed("AccessDeniedException (403)".into()),
        ),
        (
            Answer::json(400, "ValidationException", &json!({})),
            RetrievalError::Failed("ValidationException (400)".into()),
        ),
    ];
    for (answer, wanted) in table {
        assert_eq!(asked(&Scripted::new([answer])).await, Err(wanted));
    }
    let silence = Scripted::new([Answer::Silence, Answer::Silence, Answer::Silence]);
    assert_eq!(asked(&silence).await, Err(RetrievalError::TimedOut));
}
