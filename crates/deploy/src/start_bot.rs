//! Which of the functions that a flow calls is the bot's start.

/// Which of a flow's functions is the bot's start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartBot {
    /// The flow calls one function only: that is it, whatever its name.
    Only,
    /// The flow calls several: the one with `start-bot` (or `startbot`, `start_bot`) in its name.
    Named,
}

impl StartBot {
    /// Reads it off the functions that the flows call.
    pub fn among<'a>(functions: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names: Vec<&str> = functions.into_iter().map(function_name).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > 1 { Self::Named } else { Self::Only }
    }

    /// Whether this function, by its name or its ARN, is it.
    pub fn is(self, arn: &str) -> bool {
        let plain: String = function_name(arn).chars().filter(char::is_ascii_alphanumeric).collect();
        self == Self::Only || plain.to_ascii_lowercase().contains("startbot")
    }
}

/// A function's name: of `arn:aws:lambda:region:account:function:name[:qualifier]`, or the name itself.
pub fn function_name(arn: &str) -> &str {
    match arn.split(":function:").nth(1) {
        Some(rest) => rest.split(':').next().unwrap_or(rest),
        None => arn,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bots_start_is_found_in_flows_of_others() {
        let arn = |name: &str| format!("arn:aws:lambda:eu-west-1:210987654321:function:{name}");
        let one = StartBot::among([arn("whatever").as_str(), &arn("whatever:live")]);
        assert_eq!(one, StartBot::Only);
        assert!(one.is(&arn("whatever")));
        let several = StartBot::among([arn("crm-lookup").as_str(), &arn("Stack-StartBot8A7-x:1")]);
        assert!(several.is(&arn("Stack-StartBot8A7-x:1")));
        assert!(several.is("start_bot"));
        assert!(!several.is(&arn("crm-lookup")));
    }
}
