//! What a stack's resources would be called, were they there: stand-ins for the names and ARNs that AWS gives.

use serde_json::Value;

/// Who stands in for the account. The same as the local contact centre's, for flows that name nobody.
pub(super) const REGION: &str = "us-east-1";
pub(super) const ACCOUNT: &str = "123456789012";
const INSTANCE: &str = "00000000-0000-4000-8000-000000000001";
const QUEUE: &str = "00000000-0000-4000-8000-000000000010";
const FLOW: &str = "00000000-0000-4000-8000-000000000020";
const STACK: &str = "relevo";

/// `AWS::…`, which every template may refer to.
pub(super) fn pseudo(name: &str) -> Option<Value> {
    Some(Value::String(match name {
        "AWS::Region" => REGION.into(),
        "AWS::AccountId" => ACCOUNT.into(),
        "AWS::Partition" => "aws".into(),
        "AWS::URLSuffix" => "amazonaws.com".into(),
        "AWS::StackName" => STACK.into(),
        "AWS::StackId" => format!("arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/{FLOW}"),
        "AWS::NotificationARNs" => return Some(Value::Array(Vec::new())),
        _ => return None,
    }))
}

/// What a parameter without a value stands for, where its name says that it is a place of the contact centre.
pub(super) fn parameter(name: &str) -> Option<String> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let arn = plain.ends_with("arn");
    let instance = format!("arn:aws:connect:{REGION}:{ACCOUNT}:instance/{INSTANCE}");
    match plain
        .trim_start_matches("amazon")
        .trim_start_matches("connect")
        .trim_end_matches("arn")
        .trim_end_matches("id")
    {
        "instance" => Some(if arn { instance } else { INSTANCE.into() }),
        "queue" | "agentqueue" | "basicqueue" | "standardqueue" => {
            Some(if arn { format!("{instance}/queue/{QUEUE}") } else { QUEUE.into() })
        }
        _ => None,
    }
}

/// What `Ref` gives for a resource. `named`: the name that its properties give it.
pub(super) fn reference(kind: &str, id: &str, named: Option<&str>) -> String {
    match kind {
        "AWS::SNS::Topic" | "AWS::Connect::ContactFlow" | "AWS::Connect::Queue" | "AWS::Connect::Instance" => {
            arn(kind, id, named)
        }
        "AWS::SQS::Queue" => format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{}", name(id, named)),
        _ => name(id, named),
    }
}

/// What `Fn::GetAtt` gives for a resource's attribute.
pub(super) fn attribute(kind: &str, id: &str, attribute: &str, named: Option<&str>) -> String {
    match attribute {
        text if text.ends_with("Arn") => arn(kind, id, named),
        text if text.ends_with("Name") => name(id, named),
        "Id" if kind == "AWS::Connect::Instance" => INSTANCE.into(),
        // Ids of Bedrock's agents and the like: ten capitals, which says nothing but is one.
        text if text.ends_with("Id") => {
            let capitals = id.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
            capitals.chain(std::iter::repeat('X')).take(10).collect()
        }
        other => format!("{}-{other}", name(id, named)),
    }
}

fn name(id: &str, named: Option<&str>) -> String {
    named.map_or_else(|| format!("{STACK}-{id}"), str::to_owned)
}

fn arn(kind: &str, id: &str, named: Option<&str>) -> String {
    let name = name(id, named);
    let of = |service: &str, resource: &str| format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}");
    match kind {
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => of("lambda", &format!("function:{name}")),
        "AWS::SNS::Topic" => of("sns", &name),
        "AWS::SQS::Queue" => of("sqs", &name),
        "AWS::DynamoDB::Table" => of("dynamodb", &format!("table/{name}")),
        "AWS::Connect::Instance" => of("connect", &format!("instance/{INSTANCE}")),
        "AWS::Connect::Queue" => of("connect", &format!("instance/{INSTANCE}/queue/{QUEUE}")),
        "AWS::Connect::ContactFlow" => of("connect", &format!("instance/{INSTANCE}/contact-flow/{FLOW}")),
        "AWS::Logs::LogGroup" => of("logs", &format!("log-group:{name}:*")),
        "AWS::IAM::Role" => format!("arn:aws:iam::{ACCOUNT}:role/{name}"),
        other => {
            let service = other.split("::").nth(1).unwrap_or(other).to_ascii_lowercase();
            of(&service, &name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_the_contact_centre_are_known_by_their_parameters_names() {
        for name in ["instanceId", "ConnectInstanceId", "AmazonConnectInstanceId", "InstanceID"] {
            assert_eq!(parameter(name).as_deref(), Some(INSTANCE), "{name}");
        }
        for name in ["InstanceArn", "ConnectInstanceArn", "queue_arn", "ConnectQueueArn"] {
            assert!(parameter(name).is_some_and(|it| it.starts_with("arn:aws:connect:")), "{name}");
        }
        for name in ["AgentId", "InstanceType", "QueueName", "alarmEmail"] {
            assert_eq!(parameter(name), None, "{name}");
        }
    }
}
