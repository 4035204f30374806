//! Who this machine's contact centre is: the instance, queue and account that the flow's own ARNs name, so that a flow
//! runs here with the ARNs it is deployed with.

use relevo_connect::flow::Flow;

const REGION: &str = "us-east-1";
const ACCOUNT: &str = "123456789012";
const INSTANCE: &str = "00000000-0000-4000-8000-000000000001";
const QUEUE: &str = "00000000-0000-4000-8000-000000000010";
const FLOW: &str = "00000000-0000-4000-8000-000000000020";

/// Names of an instance and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    /// The region.
    pub region: String,
    /// 12 digits.
    pub account_id: String,
    /// The instance.
    pub instance_id: String,
    /// Its queue.
    pub queue_id: String,
    /// Its flow.
    pub flow_id: String,
}

impl Identity {
    /// Reads it off the first queue ARN of the flow; a flow without one gets names of its own.
    pub(super) fn of(flow: &Flow) -> Self {
        flow.queues().find_map(Self::of_queue_arn).unwrap_or_else(|| Self {
            region: REGION.into(),
            account_id: ACCOUNT.into(),
            instance_id: INSTANCE.into(),
            queue_id: flow.queues().next().filter(|id| !id.contains(['$', ':'])).unwrap_or(QUEUE).to_owned(),
            flow_id: FLOW.into(),
        })
    }

    /// `arn:aws:connect:{region}:{account}:instance/{id}/queue/{id}`.
    fn of_queue_arn(arn: &str) -> Option<Self> {
        let mut parts = arn.splitn(6, ':');
        let (Some("arn"), Some(_), Some("connect")) = (parts.next(), parts.next(), parts.next()) else { return None };
        let (region, account_id, resource) = (parts.next()?, parts.next()?, parts.next()?);
        let (instance_id, queue_id) = resource.strip_prefix("instance/")?.split_once("/queue/")?;
        let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        [region, account_id, instance_id, queue_id].into_iter().all(plain).then(|| Self {
            region: region.into(),
            account_id: account_id.into(),
            instance_id: instance_id.into(),
            queue_id: queue_id.into(),
            flow_id: FLOW.into(),
        })
    }

    /// The instance's ARN.
    pub(super) fn instance_arn(&self) -> String {
        format!("arn:aws:connect:{}:{}:instance/{}", self.region, self.account_id, self.instance_id)
    }

    /// The queue's ARN.
    pub(super) fn queue_arn(&self) -> String {
        format!("{}/queue/{}", self.instance_arn(), self.queue_id)
    }

    /// The ARN of the topic that contacts are streamed to.
    pub(super) fn topic_arn(&self) -> String {
        format!("arn:aws:sns:{}:{}:relevo", self.region, self.account_id)
    }

    /// The ARN of the table of sessions that the bot's functions have.
    pub(super) fn table_arn(&self, name: &str) -> String {
        format!("arn:aws:dynamodb:{}:{}:table/{name}", self.region, self.account_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_queue_arn_names_the_instance() {
        let arn = "arn:aws:connect:eu-west-2:210987654321:instance/aaaa-1/queue/bbbb-2";
        let identity = Identity::of_queue_arn(arn).unwrap();
        assert_eq!(identity.queue_arn(), arn);
        assert_eq!(identity.topic_arn(), "arn:aws:sns:eu-west-2:210987654321:relevo");
    }

    #[test]
    fn placeholders_and_other_arns_name_nothing() {
        for text in ["$.External.queue", "${QueueArn}", "arn:aws:connect:r:1:instance/x", "arn:aws:sns:r:1:t", "", "b2"]
        {
            assert_eq!(Identity::of_queue_arn(text), None, "{text}");
        }
    }
}
