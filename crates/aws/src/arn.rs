//! Amazon Resource Names, as far as the environment's variables hold them.

/// `arn:partition:service:region:account:resource`, borrowed from its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: &'a str,
    /// `sns`, `connect`, `bedrock`, …
    pub service: &'a str,
    /// May be empty.
    pub region: &'a str,
    /// Twelve digits, or empty.
    pub account: &'a str,
    /// All the rest, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Reads an ARN; none when the text is something else.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        if next()? != "arn" {
            return None;
        }
        let arn = Self { partition: next()?, service: next()?, region: next()?, account: next()?, resource: next()? };
        let whole = !(arn.partition.is_empty() || arn.service.is_empty() || arn.resource.is_empty());
        (whole && !text.contains(char::is_whitespace)).then_some(arn)
    }

    /// What follows the last slash of the resource: `instance/ID` → `ID`, `agent-alias/AGENT/ALIAS` → `ALIAS`.
    pub fn last_id(&self) -> &'a str {
        self.resource.rsplit('/').next().unwrap_or(self.resource)
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn arns_are_read() {
        let topic = Arn::parse("arn:aws:sns:us-east-1:123456789012:chat-topic").unwrap();
        assert_eq!((topic.service, topic.region, topic.account), ("sns", "us-east-1", "123456789012"));
        assert_eq!((topic.resource, topic.last_id()), ("chat-topic", "chat-topic"));
        let alias = Arn::parse("arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:agent-alias/AAAA/BBBB").unwrap();
        assert_eq!((alias.partition, alias.last_id()), ("aws-us-gov", "BBBB"));
        let function = Arn::parse("arn:aws:lambda:eu-west-1:123456789012:function:orders:live").unwrap();
        assert_eq!(function.resource, "function:orders:live");
    }

    #[test]
    fn other_texts_are_not() {
        for text in
            ["", "arn", "arn:aws:sns", "arn:aws:sns:us-east-1:1:", "urn:aws:sns:us-east-1:1:x", "arn:aws:sns:r:1:a b"]
        {
            assert_eq!(Arn::parse(text), None, "{text:?}");
        }
    }
}
