//! Reads `sessionState`. Members nobody knows are ignored; members we know and cannot honour are refused.

use std::collections::BTreeMap;

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use relevo_agents::{
    definition::knowledge::{RetrievalConfiguration, VectorSearchConfiguration},
    model::Role,
    run::Line,
    runtime::{ApiResult, FunctionResult, InputFile, InvocationResult, KnowledgeBaseConfiguration, SessionState},
};
use serde_json::{Value, json};

use crate::input::Members;

const ANY: std::ops::RangeInclusive<u64> = 0..=u64::MAX;

/// The longest `data` of a file, in bytes.
const LONGEST_FILE: usize = 10_485_760;
/// Members of `vectorSearchConfiguration` that would change the answer and have no meaning here.
const NOT_SEARCHED: [&str; 4] =
    ["filter", "implicitFilterConfiguration", "overrideSearchType", "rerankingConfiguration"];

pub(super) fn read(state: &Members<'_>) -> SessionState {
    SessionState {
        files: state.list_of_structures("files", &(0..=5)).iter().filter_map(file).collect(),
        session_attributes: state.texts("sessionAttributes", &ANY, &ANY),
        prompt_session_attributes: state.texts("promptSessionAttributes", &ANY, &ANY),
        invocation_id: state.text("invocationId", &ANY),
        return_control_invocation_results: state
            .list_of_structures("returnControlInvocationResults", &(1..=5))
            .iter()
            .filter_map(result)
            .collect(),
        conversation_history: state
            .structure("conversationHistory")
            .map(|history| history.list_of_structures("messages", &ANY).iter().filter_map(line).collect())
            .unwrap_or_default(),
        knowledge_base_configurations: state
            .list_of_structures("knowledgeBaseConfigurations", &(1..=u64::MAX))
            .iter()
            .filter_map(knowledge_base)
            .collect(),
    }
}

/// `InputFile`: what the customer sent. There is no code interpreter, and nothing of ours is in S3.
fn file(file: &Members<'_>) -> Option<InputFile> {
    let refuse = |name: &str, why: &str| file.faults().constraint(&file.path_of(name), why);
    let name = file.required_text("name", &(1..=u64::MAX));
    let uses = [("CHAT", true), ("CODE_INTERPRETER", false)];
    if file.required_word("useCase", &uses) == Some(false) {
        refuse("useCase", "CODE_INTERPRETER is not supported by Relevo; files of the use case CHAT are");
    }
    let source = file.required_structure("source")?;
    if source.required_word("sourceType", &[("BYTE_CONTENT", false), ("S3", true)])? {
        refuse("source", "Files in S3 are not supported by Relevo; those of the source type BYTE_CONTENT are");
        return None;
    }
    let content = source.required_structure("byteContent")?;
    let media_type = content.required_text("mediaType", &ANY);
    let data = BASE64.decode(content.required_text("data", &(1..=u64::MAX)));
    let Ok(data) = data else {
        refuse("source", "byteContent.data must be base64");
        return None;
    };
    if data.len() > LONGEST_FILE {
        refuse("source", &format!("byteContent.data must have length less than or equal to {LONGEST_FILE}"));
    }
    Some(InputFile { name, media_type, data })
}

/// `Message`: what customer or agent said before.
fn line(message: &Members<'_>) -> Option<Line> {
    let role = message.required_word("role", &[("user", Role::User), ("assistant", Role::Assistant)])?;
    message.require("content");
    let blocks = message.list_of_structures("content", &ANY);
    let texts: Vec<String> = blocks.iter().map(|block| block.required_text("text", &ANY)).collect();
    Some(Line { role, text: texts.join("\n") })
}

fn refuse(members: &Members<'_>, names: &[&str]) {
    for name in names {
        let given = members.value(name).is_some_and(|value| !matches!(value, Value::Array(list) if list.is_empty()));
        if given {
            members.faults().constraint(&members.path_of(name), "This member is not supported by Relevo");
        }
    }
}

/// `KnowledgeBaseConfiguration`: how many passages one knowledge base is to give.
fn knowledge_base(member: &Members<'_>) -> Option<KnowledgeBaseConfiguration> {
    let knowledge_base_id = member.required_text("knowledgeBaseId", &(0..=10));
    let search =
        member.required_structure("retrievalConfiguration")?.required_structure("vectorSearchConfiguration")?;
    refuse(&search, &NOT_SEARCHED);
    let number_of_results = search.integer("numberOfResults", &(1..=100));
    let vector_search_configuration = VectorSearchConfiguration { number_of_results };
    let retrieval_configuration = RetrievalConfiguration { vector_search_configuration };
    Some(KnowledgeBaseConfiguration { knowledge_base_id, retrieval_configuration })
}

/// One member of the union `InvocationResultMember`: exactly one of `functionResult` and `apiResult`.
fn result(member: &Members<'_>) -> Option<InvocationResult> {
    if let Some(result) = member.structure("apiResult") {
        if member.value("functionResult").is_some() {
            let rule = "A union must have one member set, and has functionResult and apiResult";
            member.faults().constraint(&member.path_of("apiResult"), rule);
        }
        return Some(InvocationResult::ApiResult(ApiResult {
            action_group: result.required_text("actionGroup", &ANY),
            agent_id: result.text("agentId", &ANY),
            api_path: result.text("apiPath", &ANY),
            http_method: result.text("httpMethod", &ANY),
            http_status_code: result.integer("httpStatusCode", &(0..=599)),
            confirmation_state: word(&result, "confirmationState", ["CONFIRM", "DENY"]),
            response_state: word(&result, "responseState", ["FAILURE", "REPROMPT"]),
            response_body: bodies(&result),
        }));
    }
    let result = member.required_structure("functionResult")?;
    Some(InvocationResult::FunctionResult(FunctionResult {
        action_group: result.required_text("actionGroup", &ANY),
        agent_id: result.text("agentId", &ANY),
        function: result.text("function", &ANY),
        confirmation_state: word(&result, "confirmationState", ["CONFIRM", "DENY"]),
        response_state: word(&result, "responseState", ["FAILURE", "REPROMPT"]),
        response_body: bodies(&result),
    }))
}

/// `responseBody`, by content type.
fn bodies(result: &Members<'_>) -> BTreeMap<String, Value> {
    let bodies = result.structures("responseBody").into_iter();
    bodies.map(|(content_type, body)| (content_type, content(&body))).collect()
}

fn word(members: &Members<'_>, name: &str, words: [&'static str; 2]) -> Option<String> {
    members.word(name, &words.map(|word| (word, word))).map(str::to_owned)
}

/// `ContentBody`: its text. Images are for models that see; none of ours is asked to.
fn content(body: &Members<'_>) -> Value {
    if body.value("images").is_some() {
        body.faults().constraint(&body.path_of("images"), "Images are not supported by Relevo");
    }
    match body.text("body", &ANY) {
        Some(text) => json!({ "body": text }),
        None => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Kind, input::Faults};

    fn state(value: &Value) -> Result<SessionState, Kind> {
        let faults = Faults::default();
        let state = read(&Members::of(value.as_object().unwrap(), &faults));
        faults.check().map(|()| state).map_err(|error| error.kind)
    }

    #[test]
    fn results_are_read_and_unknown_members_ignored() {
        let read = state(&json!({
            "sessionAttributes": {"language": "es", "gone": null},
            "invocationId": "i",
            "newMember": [1],
            "files": [],
            "returnControlInvocationResults": [{"functionResult": {
                "actionGroup": "Escalation", "agentId": "A", "function": "escalate", "confirmationState": "CONFIRM",
                "responseBody": {"TEXT": {"body": "done", "newMember": 1}},
            }}],
        }));
        let read = read.unwrap();
        assert_eq!(read.session_attributes, [("language".to_owned(), "es".to_owned())].into());
        let [InvocationResult::FunctionResult(result)] = read.return_control_invocation_results.as_slice() else {
            panic!("one result")
        };
        assert_eq!((result.action_group.as_str(), result.agent_id.as_deref()), ("Escalation", Some("A")));
        assert_eq!(result.confirmation_state.as_deref(), Some("CONFIRM"));
        assert_eq!(result.response_body.get("TEXT"), Some(&json!({"body": "done"})));
    }

    #[test]
    fn numbers_of_results_are_read() {
        let search = json!({"vectorSearchConfiguration": {"numberOfResults": 7}});
        let base = json!({"knowledgeBaseId": "KB12345678", "retrievalConfiguration": search});
        let read = state(&json!({"knowledgeBaseConfigurations": [base]})).unwrap().knowledge_base_configurations;
        let [KnowledgeBaseConfiguration { knowledge_base_id, retrieval_configuration }] = read.as_slice() else {
            panic!("one configuration")
        };
        let number = retrieval_configuration.vector_search_configuration.number_of_results;
        assert_eq!((knowledge_base_id.as_str(), number), ("KB12345678", Some(7)));
    }

    #[test]
    fn what_cannot_be_honoured_is_refused() {
        let result = |member: Value| json!({"returnControlInvocationResults": [member]});
        let base = |retrieval: Value| {
            let base = json!({"knowledgeBaseId": "KB", "retrievalConfiguration": retrieval});
            json!({"knowledgeBaseConfigurations": [base]})
        };
        let search = |search: Value| base(json!({"vectorSearchConfiguration": search}));
        let file = |usage: &str, source: Value| json!({"name": "a.csv", "useCase": usage, "source": source});
        let bytes =
            |data: &str| json!({"sourceType": "BYTE_CONTENT", "byteContent": {"data": data, "mediaType": "text/csv"}});
        let one = state(&json!({"files": [file("CHAT", bytes("YQ=="))]})).unwrap().files;
        assert_eq!(one, [InputFile { name: "a.csv".into(), media_type: "text/csv".into(), data: b"a".to_vec() }]);
        let table = [
            (json!({"files": [{}]}), Kind::InvalidParameter),
            (json!({"files": [file("CODE_INTERPRETER", bytes("YQ=="))]}), Kind::InvalidParameter),
            (json!({"files": [file("CHAT", bytes("no base64"))]}), Kind::InvalidParameter),
            (json!({"files": [file("CHAT", bytes(""))]}), Kind::InvalidParameter),
            (
                json!({"files": [file("CHAT", json!({"sourceType": "S3", "s3Location": {"uri": "s3://b/k"}}))]}),
                Kind::InvalidParameter,
            ),
            (json!({"files": vec![file("CHAT", bytes("YQ==")); 6]}), Kind::InvalidParameter),
            (json!({"conversationHistory": {"messages": [{"role": "system", "content": []}]}}), Kind::InvalidParameter),
            (json!({"conversationHistory": {"messages": [{"role": "user"}]}}), Kind::InvalidParameter),
            (json!({"knowledgeBaseConfigurations": 5}), Kind::Serialization),
            (json!({"knowledgeBaseConfigurations": []}), Kind::InvalidParameter),
            (base(json!({})), Kind::InvalidParameter),
            (search(json!({"numberOfResults": 101})), Kind::InvalidParameter),
            (search(json!({"overrideSearchType": "HYBRID"})), Kind::InvalidParameter),
            (result(json!({})), Kind::InvalidParameter),
            (result(json!({"apiResult": {}})), Kind::InvalidParameter),
            (
                result(json!({"functionResult": {"actionGroup": "a"}, "apiResult": {"actionGroup": "a"}})),
                Kind::InvalidParameter,
            ),
            (result(json!({"apiResult": {"actionGroup": "a", "httpStatusCode": "200"}})), Kind::Serialization),
            (result(json!({"apiResult": {"actionGroup": "a", "responseState": "OK"}})), Kind::InvalidParameter),
            (result(json!({"functionResult": {"actionGroup": 5}})), Kind::Serialization),
            (result(json!("functionResult")), Kind::Serialization),
            (json!({"returnControlInvocationResults": {}}), Kind::Serialization),
            (json!({"promptSessionAttributes": {"a": true}}), Kind::Serialization),
        ];
        for (value, kind) in table {
            assert_eq!(state(&value).err(), Some(kind), "{value}");
        }
    }
}
